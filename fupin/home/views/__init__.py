"""Pages at the top of the house."""
