"""What the data standard says of one field, as data.

Forms, checks, workbooks, API and prints are all driven by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal[
    "str", "int", "money", "wan", "mu", "km", "m2", "date", "year", "bool", "enum", "enums", "degree", "file"
]
"""enum: one code; enums: a set of codes; degree: longitude or latitude in degrees; file: an attachment."""

Need = Literal["Y", "C", "N", "D"]
"""Y must be given; C must be given where a rule asks; N may be empty; D is derived and never typed."""

Bound = int | Decimal


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the data standard.

    `digits` is the length of a string, the (digits, decimals) of a number being fixed by `kind`. `low` and
    `high` are what the column 校验 says as an error, not as a warning. `attached` marks what is asked for
    only when the household applies (D→A), `defaulted` what the system fills in when nobody does,
    `may_come` a date that may lie ahead. `rule` is
    the number that an empty value breaks, `range_rule` the one that a value out of range breaks.
    """

    name: str
    label: str
    kind: Kind
    need: Need
    codes: str | None = None
    unit: str = ""
    nat_code: str = ""
    digits: int | None = None
    note: str = ""
    low: Bound | None = None
    high: Bound | None = None
    rule: str = "R-20"
    range_rule: str = "R-20"
    attached: bool = False
    defaulted: bool = False
    may_come: bool = False

    @property
    def numeric(self) -> bool:
        """Tell whether the value is a number that can be added up."""
        return self.kind in DECIMALS

    @property
    def decimals(self) -> int:
        """Return the digits after the point that the kind keeps."""
        return DECIMALS[self.kind]


DECIMALS: Final[Mapping[str, int]] = MappingProxyType(
    {"int": 0, "money": 2, "wan": 4, "mu": 2, "km": 2, "m2": 2, "degree": 6}
)
"""Digits after the point by kind."""

MAX_DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {"money": 12, "wan": 14, "mu": 10, "km": 8, "m2": 8, "degree": 9}
)
"""All digits by kind: decimal(12,2), decimal(14,4), decimal(10,2), decimal(8,2)."""

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {"money": "元", "wan": "万元", "mu": "亩", "km": "公里", "m2": "平方米"}
)


def table(*fields: Field) -> tuple[Field, ...]:
    """Return the fields with the unit of their kind, and refuse a name that stands twice."""
    names = [field.name for field in fields]
    if len(names) != len(set(names)):
        raise ValueError(f"field named twice: {sorted({n for n in names if names.count(n) > 1})}")
    return tuple(replace(field, unit=field.unit or UNITS.get(field.kind, "")) for field in fields)


def by_name(fields: Iterable[Field]) -> Mapping[str, Field]:
    """Return the fields of a table by English name."""
    return MappingProxyType({field.name: field for field in fields})
