"""Workbooks of the register: read into cards, checked as cards are, compared, written in bulk, taken back."""
