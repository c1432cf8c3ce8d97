"""What has to be done with money by when; each module's rules are known once it is loaded."""

from funds.clocks import passing, stranded

__all__ = ["passing", "stranded"]
