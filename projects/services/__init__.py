"""Acts on projects."""
