"""公民身份号码 (GB 11643-1999), disability certificate numbers, temporary numbers (data standard §1.1)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from stdnum import numdb
from stdnum.cn import ric

from fupin.lib.plaintext import tight

DEMO_AREAS: Final = range(149901, 150000)
"""Address codes that GB/T 2260 never gave: numbers under them are nobody's. Demo and test data use them."""

_EIGHTEEN: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_FIFTEEN: Final = re.compile(r"\d{15}", re.ASCII)
_TEMPORARY: Final = re.compile(r"LS\d{16}", re.ASCII)
_DISABILITY_TAIL: Final = re.compile(r"[1-7][1-4](?:B\d)?", re.ASCII)


class Flaw(StrEnum):
    """What is wrong with a number; the value says how to mend it."""

    OLD = "是15位旧号，需升级为18位"
    LENGTH = "应为18位"
    CHARACTERS = "前17位应为数字，末位应为数字或X"
    DATE = "中的出生日期不存在或晚于今天"
    CHECK_DIGIT = "校验码不对，请逐位核对"


@dataclass(frozen=True, slots=True)
class Holder:
    """What an ID number tells of its holder. `sex` is GB/T 2261.1: 1 male, 2 female."""

    birth_date: date
    sex: str
    area: str


def normal(text: str) -> str:
    """Return the number as it is stored: plain digits, no spaces, a final x as X."""
    return tight(text).upper()


def check_digit(first17: str) -> str:
    """Return the eighteenth character to seventeen digits (ISO 7064 MOD 11-2)."""
    return str(ric.calc_check_digit(first17 + "0"))


def flaw(number: str, *, today: date) -> Flaw | None:
    """Return the first thing wrong with an ID number of eighteen characters, None if it is right.

    The address code is not looked at: it is the one of the day of issue, perhaps long withdrawn.
    """
    if _FIFTEEN.fullmatch(number):
        return Flaw.OLD
    if len(number) != 18:
        return Flaw.LENGTH
    if not _EIGHTEEN.fullmatch(number):
        return Flaw.CHARACTERS
    holder = read(number)
    if holder is None or holder.birth_date > today:
        return Flaw.DATE
    if number[-1] != check_digit(number[:17]):
        return Flaw.CHECK_DIGIT
    return None


@lru_cache(maxsize=4096)
def read(number: str) -> Holder | None:
    """Return what the first eighteen characters tell of the holder, None where they hold no date.

    The check digit is not looked at: `flaw` does that.
    """
    if not _EIGHTEEN.fullmatch(number[:18]):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return Holder(born, "1" if int(number[16]) % 2 else "2", number[:6])


@lru_cache(maxsize=4096)
def area_known(area: str) -> bool:
    """Tell whether GB/T 2260 ever held the six-digit address code; demo codes count as known."""
    if int(area) in DEMO_AREAS:
        return True
    return any("county" in properties for _, properties in numdb.get("cn/loc").info(area))


def upgraded(fifteen: str) -> str:
    """Return the eighteen-digit form of an old number; raise ValueError if it is not one."""
    if not _FIFTEEN.fullmatch(fifteen):
        raise ValueError("not a number of fifteen digits")
    first17 = f"{fifteen[:6]}19{fifteen[6:]}"
    return first17 + check_digit(first17)


def compose(area: str, born: date, sequence: int) -> str:
    """Return the number of an address code, a birth date and a sequence 0–999 (odd for men)."""
    if not 0 <= sequence <= 999:
        raise ValueError("sequence must be 0–999")
    first17 = f"{area}{born:%Y%m%d}{sequence:03}"
    return first17 + check_digit(first17)


def person_key(number: str) -> str:
    """Return what tells a person apart: the first eighteen characters, the same on both certificates."""
    return number[:18]


def temporary(village_code: str | int, serial: int) -> str:
    """Return the number for somebody without papers: LS, the village's twelve digits, four of a serial."""
    if not 1 <= serial <= 9999:
        raise ValueError("serial must be 1–9999")
    number = f"LS{village_code}{serial:04}"
    if not is_temporary(number):
        raise ValueError("village code must have twelve digits")
    return number


def is_temporary(number: str) -> bool:
    """Tell whether the number is a temporary one."""
    return _TEMPORARY.fullmatch(number) is not None


def disability_well_formed(number: str) -> bool:
    """Tell whether a kind 1–7 and a grade 1–4 follow the ID number, then B and a digit if it was reissued."""
    return len(number) in {20, 22} and bool(_DISABILITY_TAIL.fullmatch(number[18:]))
