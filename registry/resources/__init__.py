"""The lists of the register that can be taken out, with their columns: found by `fupin.sheets` as it starts."""

from registry.resources import households, labourers, matching, reidentification, villages

__all__ = ["households", "labourers", "matching", "reidentification", "villages"]
__all__ = ["households", "labourers", "matching", "villages"]
from registry.resources import cases, households, labourers, village_identification, villages

__all__ = ["cases", "households", "labourers", "village_identification", "villages"]
