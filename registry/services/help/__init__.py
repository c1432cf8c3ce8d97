"""What is done for the poor and by whom: each act with its permission, its refusals in words, and its note for the log."""
