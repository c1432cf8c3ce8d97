"""The rules of money (funds.md F-01 to F-17) as pure functions."""
