"""What a notice may hold, how long it stands, and by when an objection has to be dealt with."""

from fupin.notices.rules.columns import WHITELIST, Column, ReasonGroup, Row
from fupin.notices.rules.identifying import Leak, leaks
from fupin.notices.rules.period import Period, period

__all__ = ["WHITELIST", "Column", "Leak", "Period", "ReasonGroup", "Row", "leaks", "period"]
