"""The check rules in order, each a pure function from card and context to findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from registry.rules.card import Card
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, Level

Check = Callable[[Card, CheckContext], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue (data standard §7): number, level, what it refuses, and its check."""

    number: str
    level: Level
    title: str
    check: Check


_RULES: Final[list[Rule]] = []


def rule(number: str, level: Level, title: str) -> Callable[[Check], Check]:
    """Enter a check into the catalogue under its number; one check may carry several numbers."""

    def enter(check: Check) -> Check:
        _RULES.append(Rule(number, level, title, check))
        return check

    return enter


def rules() -> tuple[Rule, ...]:
    """Return the catalogue in the order of its numbers, R before F."""
    return tuple(sorted(_RULES, key=lambda r: (r.number[0] != "R", r.number)))


def checks() -> tuple[Check, ...]:
    """Return each check once, in the order in which modules entered them."""
    return tuple(dict.fromkeys(entered.check for entered in _RULES))
