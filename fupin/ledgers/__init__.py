"""Accounts, entries and their postings: double entries that know neither money nor land."""
