"""The only columns that a public list may have, and what may stand in each (security.md row 26)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import models

from fupin.notices.rules.identifying import leaks


class Column(models.TextChoices):
    """A column that a kind of notice may choose; there are no others."""

    NAME = "name", "户主"
    VILLAGE = "village", "村"
    NATURAL_VILLAGE = "natural_village", "自然村"
    PERSONS = "persons", "人口"
    KIND = "kind", "属性"
    REASON = "reason", "主要原因"
    AMOUNT = "amount", "金额（元）"


WHITELIST: Final = frozenset(Column)


class ReasonGroup(models.TextChoices):
    """Reasons in broad groups. Illness and disability have none of their own: they are 其他, so that nobody's health is posted."""

    CAPITAL = "CAPITAL", "缺资金"
    SKILL = "SKILL", "缺技术"
    LABOUR = "LABOUR", "缺劳力"
    LAND = "LAND", "缺土地"
    WATER = "WATER", "缺水"
    TRANSPORT = "TRANSPORT", "交通条件落后"
    SCHOOLING = "SCHOOLING", "因学"
    DISASTER = "DISASTER", "因灾"
    MOTIVATION = "MOTIVATION", "自身发展动力不足"
    INCOME = "INCOME", "收入稳定超过标准"
    OTHER = "OTHER", "其他"


_GROUP_OF_CAUSE: Final = {
    "01": ReasonGroup.OTHER,
    "02": ReasonGroup.OTHER,
    "03": ReasonGroup.SCHOOLING,
    "04": ReasonGroup.DISASTER,
    "05": ReasonGroup.LAND,
    "06": ReasonGroup.WATER,
    "07": ReasonGroup.SKILL,
    "08": ReasonGroup.LABOUR,
    "09": ReasonGroup.CAPITAL,
    "10": ReasonGroup.TRANSPORT,
    "11": ReasonGroup.MOTIVATION,
    "12": ReasonGroup.OTHER,
}


def reason_group(cause: str) -> ReasonGroup:
    """Return the group in which a cause of CL03 is made public: 因病 and 因残, like whatever is unknown, as 其他."""
    return _GROUP_OF_CAUSE.get(cause, ReasonGroup.OTHER)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, as the app draws it up. ``subject_key`` says to the app which of its rows it is, and is never shown."""

    name: str
    subject_key: str = ""
    village: str = ""
    natural_village: str = ""
    persons: int | None = None
    kind: str = ""
    reason: str = ""
    amount: Decimal | None = None


LONGEST: Final = {Column.NAME: 40, Column.VILLAGE: 60, Column.NATURAL_VILLAGE: 30, Column.KIND: 20}
_WORDS: Final = re.compile(r"[^\W\d_][\w·（）()、\- ]*")
"""A name, a village, a kind: begins with a letter or a character, and is no sentence."""


def flaws(row: Row, columns: Collection[Column]) -> Iterator[str]:
    """Yield what keeps a row from being made public: columns that its kind does not show, free text, numbers of a person."""
    for column in Column:
        value = getattr(row, column.value)
        if value in ("", None):
            continue
        if column not in columns:
            yield f"“{column.label}”不在此类公示的公开范围内"
        elif column in LONGEST:
            yield from _flaws_of_words(column, value)
        elif column is Column.REASON and value not in ReasonGroup.values:
            yield "原因只能按大类公开"
        elif column is Column.PERSONS and not 0 <= value <= 100_000:
            yield "人口不对"
    if not row.name.strip():
        yield f"“{Column.NAME.label}”没有填"


def _flaws_of_words(column: Column, value: str) -> Iterator[str]:
    if leaks(value):
        yield f"“{column.label}”中有证件号、账号或电话"
    elif len(value) > LONGEST[column] or not _WORDS.fullmatch(value):
        yield f"“{column.label}”只能是名称，不能是说明文字"
