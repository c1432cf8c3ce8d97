"""What a check finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["E", "W"]

ERROR: Final = "E"
WARNING: Final = "W"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a card.

    `rule` is its number in the data standard (`R-02`), or `F-nn` for a warning that stands in a field table
    without a number. Level E refuses the card, W asks for a reason. `field` is the path to the value:
    `cause_main`, `income.wage_income`, `members[2].id_no`. `message` names the field and says how to mend it.
    """

    rule: str
    level: Level
    field: str
    message: str


def error(rule: str, field: str, message: str) -> Finding:
    """Return a finding that refuses the card."""
    return Finding(rule, "E", field, message)


def warning(rule: str, field: str, message: str) -> Finding:
    """Return a finding that a reason can answer."""
    return Finding(rule, "W", field, message)


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that refuse the card."""
    return [finding for finding in findings if finding.level == ERROR]


def warnings_in(findings: Iterable[Finding]) -> list[Finding]:
    """Keep the findings that a reason can answer."""
    return [finding for finding in findings if finding.level == WARNING]
