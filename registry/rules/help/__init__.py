"""What the policy says of help: what suits which cause, how long whoever helps stays, when help counts, and when it ends."""
