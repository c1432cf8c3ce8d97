"""What a saved question is: its name, what it asks in words, where that comes from, its parameters, and the one query behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet, TextChoices

from fupin.accounts.models import User
from fupin.divisions.codes import Level, level_of
from fupin.policy.standards import NoStandard, poverty_line


class Subject(TextChoices):
    """What a row of the answer is."""

    CARD = "card", "户"
    PERSON = "person", "人"
    HIT = "hit", "条"
    LINK = "link", "次"
    MEASURE = "measure", "项"
    RECIPIENT = "recipient", "项"


class Group(TextChoices):
    """What kind of wrong the question looks for."""

    TARGETS = "targets", "对象不准"
    EXITS = "exits", "退出不实"
    HELP = "help", "帮扶不实"


@dataclass(frozen=True, slots=True)
class Param:
    """A number that the question leaves to whoever asks."""

    name: str
    label: str
    default: int
    low: int
    high: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that only this question has: its heading and the attribute that its query annotates."""

    heading: str
    attribute: str
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, of which year, on which day, with which parameters."""

    user: User
    year: int
    on: date
    values: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        """Return a parameter."""
        return self.values[name]

    @property
    def line(self) -> Decimal | None:
        """The national poverty line of the year, None where there is none."""
        try:
            return poverty_line(self.year).amount
        except NoStandard:
            return None


Rows = Callable[[Asked], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question."""

    code: str
    name: str
    definition: str
    basis: str
    group: Group
    subject: Subject
    rows: Rows
    params: Sequence[Param] = ()
    extras: Sequence[Extra] = ()
    local: bool = False
    """Whether it compares everybody with everybody, and so is asked of a county or less."""

    def defaults(self) -> dict[str, int]:
        """Return the parameters as they stand when nobody says otherwise."""
        return {param.name: param.default for param in self.params}


QUESTIONS: Final[dict[str, Question]] = {}


def is_local(division: int) -> bool:
    """Tell whether a division is a county or lies within one."""
    return level_of(division) >= Level.COUNTY


def question(
    code: str,
    name: str,
    *,
    definition: str,
    basis: str,
    group: Group,
    subject: Subject = Subject.CARD,
    params: Sequence[Param] = (),
    extras: Sequence[Extra] = (),
    local: bool = False,
) -> Callable[[Rows], Rows]:
    """Register a query as a saved question; it returns the rows within the asker's division, in any order."""

    def register(rows: Rows) -> Rows:
        if code in QUESTIONS:
            raise ValueError(f"two questions are called {code}")
        QUESTIONS[code] = Question(code, name, definition, basis, group, subject, rows, params, extras, local)
        return rows

    return register
