"""Reads that cross concepts: cards as plain data, their history, figures of villages."""
