"""Measures what docs/performance.md promises; `make bench SCALE=small|county|province` runs it."""
