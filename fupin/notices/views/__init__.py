"""The public pages, and those of the offices."""
