"""The lists of the register that can be taken out, with their columns: found by `fupin.sheets` as it starts."""

from registry.resources import households, labourers, matching, reidentification, villages

__all__ = ["households", "labourers", "matching", "reidentification", "villages"]
