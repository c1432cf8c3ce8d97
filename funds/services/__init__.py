"""What is done with money: each act with its permission, its refusals in words, its entry in the books, and its note for the log."""
