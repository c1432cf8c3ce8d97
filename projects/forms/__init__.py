"""What is asked about projects."""
