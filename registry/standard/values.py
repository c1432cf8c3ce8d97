"""Text ⇄ value for every field of the standard: what a person types, what a workbook or a department sends.

Every way in goes through `parse`, so that a value means the same wherever it was written down. Whether the
value may stand on a card is for the checks to say; here it is only read.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from fupin.lib import bankcard, idnumber, orgcode, phone
from fupin.lib.money import parse_decimal
from fupin.lib.plaintext import plain, tight
from registry.standard.fields import DECIMALS, Field
from registry.standard.lists import code_of, shown

Value = str | int | bool | Decimal | date | tuple[str, ...] | None

_LOST_DIGITS: Final = 10**15
"""Whole numbers from here on lose their last digits in a spreadsheet's floating point."""

_DATE: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", re.ASCII)
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR: Final = re.compile(r"(\d{4})年?度?", re.ASCII)
_BETWEEN_CODES: Final = re.compile(r"[、,，;；\n]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_MIDDLE_DOTS: Final = str.maketrans("•・．‧∙", "·····")

_YES: Final = frozenset({"是", "1", "有", "true", "yes", "y", "√"})
_NO: Final = frozenset({"否", "0", "无", "false", "no", "n", "×"})

_NUMBERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "id_no": idnumber.normal,
        "disability_no": idnumber.normal,
        "phone": phone.normal,
        "head_phone": phone.normal,
        "bank_account": bankcard.normal,
        "coop_code": orgcode.normal,
        "village_code": tight,
        "household_no": tight,
        "member_no": tight,
    }
)
"""Strings that are numbers, each with how it is stored."""

_PERSONS: Final = frozenset({"name", "head", "team_leader", "lead", "secretary", "filler"})


class Unreadable(ValueError):
    """The text means no value of the field; `message` names the field and says how to write it."""

    rule: Final = "R-20"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def parse(field: Field, raw: object) -> Value:
    """Return the value that `raw` means, None for an empty cell; raise Unreadable.

    `raw` is text, or what JSON or a spreadsheet makes of it (number, bool, date, list of codes). A masked
    number is kept as it is: sent back, it means unchanged.
    """
    if field.kind == "enums":
        return _codes(field, raw)
    if raw is None or (isinstance(raw, str) and not raw[:1].isalnum() and not plain(raw)):
        return None
    return _READERS[field.kind](field, raw)


def present(field: Field, value: object) -> str:
    """Return the value as text that `parse` reads back: `01 因病`, 是/否, ISO dates, plain numbers."""
    if value is None or value == () or value == []:
        return ""
    match value:
        case bool():
            return "是" if value else "否"
        case date():
            return value.isoformat()
        case Decimal():
            return _decimal_text(value, field)
        case tuple() | list():
            return "、".join(shown(str(field.codes), str(code)) for code in value)
    if field.kind == "enum" and value != "":
        return shown(str(field.codes), str(value))
    return str(value)


def empty(field: Field) -> Value:
    """Return the value that stands for 未采集: no codes for a set, None for anything else."""
    return () if field.kind == "enums" else None


def _decimal_text(value: Decimal, field: Field) -> str:
    places = DECIMALS.get(field.kind, 2)
    fixed = round(value, places)
    return f"{fixed if fixed == value else value:f}"


def _text(raw: object) -> str:
    """Return what a cell shows: whole floating point numbers without their `.0`."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)


def _string(field: Field, raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Unreadable(f"{field.label}应为文字")
    if isinstance(raw, float) and abs(raw) >= _LOST_DIGITS:
        raise Unreadable(f"{field.label}被表格软件当成数字，末几位已丢失，请把单元格设为文本后重填")
    text = unicodedata.normalize("NFC", _text(raw))
    if normal := _NUMBERS.get(field.name):
        return normal(text)
    if text.isalnum():  # no spaces, no dots: nothing to make plain
        return text
    text = _SPACES.sub(" ", text).strip()
    if field.name in _PERSONS:
        text = text.translate(_MIDDLE_DOTS)
        if not text.isascii():
            text = text.replace(" ", "")
    return text


def _whole(field: Field, raw: object) -> int:
    number = _number(field, raw, like="3")
    if number != number.to_integral_value():
        raise Unreadable(f"{field.label}应为整数，如3")
    return int(number)


def _decimal(field: Field, raw: object) -> Decimal:
    number = _number(field, raw, like="12.5")
    places = DECIMALS[field.kind]
    fixed = round(number, places)
    return fixed if fixed == number else number


def _number(field: Field, raw: object, *, like: str) -> Decimal:
    wrong = Unreadable(f"{field.label}应为数字，如{like}")
    if isinstance(raw, bool):
        raise wrong
    try:
        if isinstance(raw, int):
            number = Decimal(raw)
        elif isinstance(raw, float):
            number = Decimal(repr(raw))  # a float's shortest digits
        else:
            number = parse_decimal(_without_unit(_plain_number(raw), field))
    except (ValueError, ArithmeticError):
        raise wrong from None
    if not number.is_finite() or abs(number) >= _LOST_DIGITS:
        raise wrong
    return number


def _plain_number(raw: object) -> str:
    """Return a number's digits, never an exponent."""
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    return str(raw)


def _without_unit(text: str, field: Field) -> str:
    return tight(text).removesuffix(field.unit) if field.unit else text


def _date(field: Field, raw: object) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = tight(_text(raw)).removesuffix("00:00:00").removesuffix("T")
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if found is None:
        raise Unreadable(f"{field.label}应为日期，如2014-04-29")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Unreadable(f"{field.label}没有这一天，请按2014-04-29的样式填写") from None


def _year(field: Field, raw: object) -> int:
    found = None if isinstance(raw, bool) else _YEAR.fullmatch(tight(_text(raw)))
    if found is None:
        raise Unreadable(f"{field.label}应为四位年份，如2014")
    return int(found[1])


def _yes_or_no(field: Field, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = tight(_text(raw)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable(f"{field.label}应填是或否")


def _code(field: Field, raw: object) -> str:
    text = plain(_text(raw))
    code = None if isinstance(raw, bool) else code_of(str(field.codes), text)
    if code is None:
        raise Unreadable(f"{field.label}的值“{text[:20]}”不在码表内，请填代码或名称")
    return code


def _codes(field: Field, raw: object) -> tuple[str, ...]:
    """Return a set of codes in the order given, each once; a whole text that is one name is not cut apart."""
    if raw is None:
        return ()
    parts: Iterable[Any]
    if isinstance(raw, list | tuple):
        parts = raw
    elif (single := code_of(str(field.codes), plain(_text(raw)))) is not None:
        return (single,)
    else:
        parts = _BETWEEN_CODES.split(_text(raw))
    written = [part for part in parts if part is not None and plain(_text(part))]
    return tuple(dict.fromkeys(_code(field, part) for part in written))


def _no_value(field: Field, _raw: object) -> Value:
    raise Unreadable(f"{field.label}是附件，请在户卡的附件栏上传")


_READERS: Final[Mapping[str, Callable[[Field, object], Value]]] = MappingProxyType(
    {
        "str": _string,
        "int": _whole,
        "money": _decimal,
        "wan": _decimal,
        "mu": _decimal,
        "km": _decimal,
        "m2": _decimal,
        "degree": _decimal,
        "date": _date,
        "year": _year,
        "bool": _yes_or_no,
        "enum": _code,
        "file": _no_value,
    }
)
