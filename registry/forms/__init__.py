"""Forms as the paper has them, driven by the data standard."""
