"""The lists of projects that can be taken out: found by `fupin.sheets` as it starts."""

from projects.resources import pool

__all__ = ["pool"]
