"""Other departments' lists: taken in, matched, and what is decided of the hits (procedures §4.2, §5)."""
