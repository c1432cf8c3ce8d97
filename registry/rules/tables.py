"""Rows of a table held against the standard's fields: filled in, in the code list, in range (R-20)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from fupin.lib.plaintext import holds_control
from registry.rules.findings import Finding, error
from registry.standard.fields import DECIMALS, MAX_DIGITS, Field
from registry.standard.lists import codes_of

WRONG_VALUE: Final = "R-20"

_REPEATED: Final = frozenset({"enum", "bool", "int", "year", "money", "wan", "mu", "km", "m2", "degree"})
"""Kinds of fields whose values come again and again and are right on every day."""

_REMEMBERED: Final = 4096

Trouble = Callable[[Any, date], "tuple[str, str] | None"]
"""(value, today) → (rule, what is wrong with it), None if nothing is."""


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    label: str
    required: bool
    rule: str
    trouble: Trouble
    fine: "dict[Any, type] | None"
    """Values that were found right, with their types (1 is not 是); None where what is right depends on the day, or seldom comes twice."""


class TableCheck:
    """The checks that the field tables themselves imply for one table, made once and run on many rows."""

    def __init__(self, fields: Iterable[Field]) -> None:
        entered = [field for field in fields if field.need != "D" and field.kind != "file"]
        self._columns: Final = tuple(
            _Column(
                field.name,
                field.label,
                field.need == "Y" and not field.attached and not field.defaulted,
                field.rule,
                _trouble_of(field),
                {} if field.kind in _REPEATED else None,
            )
            for field in entered
        )
        self._values_of: Final = attrgetter(*(field.name for field in entered))

    def of_row(self, row: object, today: date, *, prefix: str = "", who: str = "") -> Iterator[Finding]:
        """Yield what is wrong with an object that has the fields as attributes."""
        return self._check(self._values_of(row), today, prefix, who)

    def of_mapping(
        self, row: Mapping[str, object], today: date, *, prefix: str = "", who: str = ""
    ) -> Iterator[Finding]:
        """Yield what is wrong with a mapping from names to values; a missing name is an empty value."""
        return self._check([row.get(column.name) for column in self._columns], today, prefix, who)

    def _check(self, values: Iterable[Any], today: date, prefix: str, who: str) -> Iterator[Finding]:
        for column, value in zip(self._columns, values, strict=True):
            fine = column.fine
            if not value and is_empty(value):
                if column.required:
                    text = f"{who}{column.label}未填，请补填"
                    yield error(column.rule, prefix + column.name, text)
            elif fine is not None and fine.get(value) is value.__class__:
                continue
            elif found := column.trouble(value, today):
                rule, wrong = found
                yield error(rule, prefix + column.name, f"{who}{column.label}{wrong}")
            elif fine is not None and len(fine) < _REMEMBERED:
                fine[value] = value.__class__


def is_empty(value: object) -> bool:
    """Tell whether a value is 未采集: None, no text, an empty set. Zero and 否 are values."""
    return value is None or (not value and isinstance(value, (str, tuple, list)))


def _trouble_of(field: Field) -> Trouble:
    match field.kind:
        case "enum":
            return _one_code(str(field.codes))
        case "enums":
            return _codes(str(field.codes))
        case "str":
            return _text(field.digits or 1000)
        case "bool":
            return _yes_or_no
        case "date":
            return _any_day if field.may_come else _past_day
        case "year":
            return _year(field)
        case "int":
            return _whole(field)
        case _:
            return _decimal(field)


def _one_code(code_list: str) -> Trouble:
    known = frozenset(codes_of(code_list))

    def trouble(value: object, _today: date) -> tuple[str, str] | None:
        if value in known:
            return None
        return WRONG_VALUE, f"的值“{value}”不在码表内，请从码表中选"

    return trouble


def _codes(code_list: str) -> Trouble:
    known = frozenset(codes_of(code_list))

    def trouble(values: Iterable[str], _today: date) -> tuple[str, str] | None:
        strange = [value for value in values if value not in known]
        if strange:
            return WRONG_VALUE, f"的值“{strange[0]}”不在码表内，请从码表中选"
        return None

    return trouble


def _text(longest: int) -> Trouble:
    def trouble(value: object, _today: date) -> tuple[str, str] | None:
        if not isinstance(value, str):
            return WRONG_VALUE, "应为文字"
        if len(value) > longest:
            return WRONG_VALUE, f"超过{longest}字，请缩短"
        if not value.isprintable() and holds_control(value):
            return WRONG_VALUE, "含有无法显示的字符，请重新填写"
        return None

    return trouble


def _yes_or_no(value: object, _today: date) -> tuple[str, str] | None:
    return None if isinstance(value, bool) else (WRONG_VALUE, "应填是或否")


def _any_day(value: object, _today: date) -> tuple[str, str] | None:
    return None if isinstance(value, date) else (WRONG_VALUE, "应为日期，如2013-12-31")


def _past_day(value: object, today: date) -> tuple[str, str] | None:
    if not isinstance(value, date):
        return WRONG_VALUE, "应为日期，如2013-12-31"
    return (WRONG_VALUE, "晚于今天，请核对") if value > today else None


def _year(field: Field) -> Trouble:
    low, high = field.low or 1949, field.high or 2100

    def trouble(value: Any, _today: date) -> tuple[str, str] | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return field.range_rule, "应为四位年份"
        if value < low:
            return field.range_rule, f"不能早于{low}年"
        return (field.range_rule, f"不能晚于{high}年") if value > high else None

    return trouble


def _whole(field: Field) -> Trouble:
    low, high = field.low or 0, field.high if field.high is not None else 2_147_483_647

    def trouble(value: Any, _today: date) -> tuple[str, str] | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return WRONG_VALUE, "应为整数"
        if value < low:
            return field.range_rule, f"不能小于{low}{field.unit}"
        return (field.range_rule, f"不能大于{high}{field.unit}") if value > high else None

    return trouble


def _decimal(field: Field) -> Trouble:
    places = DECIMALS[field.kind]
    step = Decimal(1).scaleb(-places)
    low = Decimal(str(field.low or 0))
    ceiling = Decimal(10) ** (MAX_DIGITS[field.kind] - places)
    high = Decimal(str(field.high)) if field.high is not None else ceiling - step

    def trouble(value: Any, _today: date) -> tuple[str, str] | None:
        if not isinstance(value, Decimal) or not value.is_finite():
            return WRONG_VALUE, "应为数字"
        if value < low:
            return field.range_rule, f"不能小于{low}{field.unit}"
        if value > high:
            return field.range_rule, f"不能大于{high}{field.unit}"
        return (WRONG_VALUE, f"最多{places}位小数") if value % step else None

    return trouble
