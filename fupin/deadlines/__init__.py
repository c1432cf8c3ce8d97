"""Deadlines: one clock for everything that the policy wants done by a day, and whoever must do it reminded in time."""
