"""Acts on users, posts, tokens and sealed values."""
