"""Kinds of notices. The apps contribute theirs in `<app>/notices.py`; this room knows none by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models

from fupin.notices.rules import WHITELIST, Column, Period

if TYPE_CHECKING:
    from fupin.accounts.models import User
    from fupin.notices.models import Objection


class Group(models.TextChoices):
    """Under which heading the public finds a notice."""

    IDENTIFICATION = "IDENTIFICATION", "识别"
    EXIT = "EXIT", "退出"
    PROJECT = "PROJECT", "资金项目"
    BENEFICIARY = "BENEFICIARY", "受益户"


@dataclass(frozen=True, slots=True)
class Sums:
    """What a list adds up to; None where the kind has no such column."""

    rows: int
    persons: int | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the paragraph above the list is written from."""

    place: str
    year: int
    sums: Sums
    period: Period
    subjects: tuple[str, ...] = ()
    """What its rows are to the app (`subject_key`), in their order."""


Write = Callable[[Drawing], str]
OnObjection = Callable[["Objection", "User"], None]


def _nothing(objection: Objection, actor: User) -> None:
    """Do nothing: the app has nothing of its own to suspend."""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: what it shows, for how long, and what an objection to one of its rows does in the app."""

    code: str
    title: str
    group: Group
    columns: tuple[Column, ...]
    days: str
    """The key of its days in fupin.policy.standards."""
    write: Write
    name_label: str
    """What the name is of: 户主, 姓名."""
    unit: str
    """What a row counts as: 户, 人, 村, 项."""
    objectable: bool
    """公示 asks for objections; 公告 tells what has been decided."""
    on_objection: OnObjection
    on_settled: OnObjection

    @property
    def headings(self) -> list[list[str]]:
        """The columns with their heads, as they are kept with a notice."""
        return [
            [column.value, self.name_label if column is Column.NAME else column.label]
            for column in self.columns
        ]


KINDS: dict[str, NoticeKind] = {}


def notice_kind(
    code: str,
    title: str,
    columns: Sequence[Column],
    *,
    group: Group,
    days: str,
    name_label: str = "户主",
    unit: str = "户",
    objectable: bool = True,
    on_objection: OnObjection = _nothing,
    on_settled: OnObjection = _nothing,
) -> Callable[[Write], Write]:
    """Register a kind; the decorated function writes the paragraph above its list.

    ``on_objection(objection, actor)`` runs when an objection is accepted (procedures §4.2: P1/P2/XP → S), ``on_settled`` when it has
    been settled, ``objection.upheld`` saying how; both in the transaction and scope of whoever does it, and what they raise undoes
    it. From the filing on, even before it is accepted, ``notices_passed`` keeps the row from going on.
    """
    if code in KINDS:
        raise ValueError(f"two kinds of notices are called {code}")
    if not set(columns) <= WHITELIST or Column.NAME not in columns:
        raise ValueError(f"{code} shows columns that are not on the whitelist, or no name")

    def register(write: Write) -> Write:
        KINDS[code] = NoticeKind(
            code,
            title,
            group,
            tuple(columns),
            days,
            write,
            name_label,
            unit,
            objectable,
            on_objection,
            on_settled,
        )
        return write

    return register
