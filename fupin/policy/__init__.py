"""The policy as plain Python: its documents and articles, who cites them, and its figures by year."""
