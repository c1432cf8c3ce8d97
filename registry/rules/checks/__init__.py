"""R-01–R-95 as far as they concern a card: one pure function a rule, run in order."""

from importlib import import_module
from typing import Final

from registry.rules.card import Card
from registry.rules.checks.registry import Check, Rule, checks, rules
from registry.rules.context import CheckContext
from registry.rules.findings import Finding

for _topic in ("household", "identity", "filled", "members", "income", "doubts"):
    import_module(f"{__name__}.{_topic}")

CHECKS: Final[tuple[Check, ...]] = checks()
"""Every check, in the order in which a card is read."""

RULES: Final[dict[str, Rule]] = {entered.number: entered for entered in reversed(rules())}
"""The catalogue by number, for pages that explain a rule; a number entered twice keeps its first title."""


def check_card(card: Card, *, ctx: CheckContext) -> list[Finding]:
    """Return everything wrong with a card, errors first, else in the order of the rules.

    Nothing is stopped at the first error: the clerk sees all of it at once.
    """
    findings = [finding for check in CHECKS for finding in check(card, ctx)]
    findings.sort(key=lambda finding: finding.level)
    return findings
