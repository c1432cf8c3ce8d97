"""Policy about projects as pure functions."""
