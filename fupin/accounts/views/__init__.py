"""Pages of signing in and of administering users and posts."""
