"""Money of the demonstration, marked as such."""
