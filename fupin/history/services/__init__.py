"""What is done with the history: sealed, checked."""
