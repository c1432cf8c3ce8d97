"""What the register has to have done by when; each module's rules are known once it is loaded."""

from registry.clocks import help as help_clocks, matching, moving, reidentification

__all__ = ["help_clocks", "matching", "moving", "reidentification"]
