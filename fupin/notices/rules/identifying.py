"""去标识: find the numbers of a person in any text that is to be made public.

Written as people write them to get past a filter: full-width or circled digits, Chinese numerals, invisible characters, spaces,
hyphens or dots between the digits.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from fupin.lib import bankcard, idnumber
from fupin.lib.plaintext import plain


class LeakKind(StrEnum):
    """What was found."""

    ID_NO = "证件号码"
    ACCOUNT = "银行账号"
    PHONE = "电话号码"


@dataclass(frozen=True, slots=True)
class Leak:
    """A number that must not be made public. The number itself is not kept: what refuses it must not repeat it."""

    kind: LeakKind

    def __str__(self) -> str:
        return self.kind.value


_NUMERALS: Final = str.maketrans("〇零○一二三四五六七八九幺", "0001234567891")
_GAP: Final = r"[\s\-‐-―−_·.・*~～]*"
_RUN: Final = re.compile(rf"\d(?:{_GAP}[\dXx])*", re.ASCII)
_DATE: Final = re.compile(r"(?<![\d-])(?:19|20)\d\d-\d\d-\d\d(?![\d-])", re.ASCII)
"""Days of a notice: two of them side by side are no account."""
_MOBILE: Final = re.compile(r"(?=1[3-9]\d{9})", re.ASCII)
_LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}[\s\-—)]{0,3}\d{7,8}(?!\d)", re.ASCII)
LANDLINE: Final = re.compile(r"0\d{2,3}-\d{7,8}|1\d{4}", re.ASCII)
"""An office's own telephone: a landline, or a public hotline of five digits."""


def leaks(text: str) -> list[Leak]:
    """Return the kinds of a person's numbers that a text holds, each once; empty where it may be made public."""
    readable = plain(unicodedata.normalize("NFKC", text).translate(_NUMERALS))
    return [Leak(kind) for kind in LeakKind if kind in set(_found(readable))]


def _found(text: str) -> Iterator[LeakKind]:
    for digits in _runs(text):
        if _holds_id_no(digits):
            yield LeakKind.ID_NO
    undated = _DATE.sub("日", text)
    for digits in _runs(undated):
        if _holds_account(digits):
            yield LeakKind.ACCOUNT
        if _MOBILE.search(digits):
            yield LeakKind.PHONE
    if _LANDLINE.search(undated):
        yield LeakKind.PHONE


def _runs(text: str) -> Iterator[str]:
    """Yield each run of digits without what stands between them; an X may be its last character."""
    for found in _RUN.finditer(text):
        yield "".join(character for character in found[0].upper() if character.isdigit() or character == "X")


def _windows(digits: str, width: int) -> Iterator[str]:
    return (digits[at : at + width] for at in range(len(digits) - width + 1))


def _holds_id_no(digits: str) -> bool:
    """Tell whether 18 characters in a row are an ID number by date and check digit, or 15 an old one by area and date."""
    whole = any(idnumber.flaw(part, today=date.max) is None for part in _windows(digits, 18))
    return whole or any(_is_old(part) for part in _windows(digits, 15))


def _is_old(part: str) -> bool:
    if "X" in part or not idnumber.area_known(part[:6]):
        return False
    return idnumber.read(idnumber.upgraded(part)) is not None


def _holds_account(digits: str) -> bool:
    return any(bankcard.looks_like_card(part) for width in range(16, 20) for part in _windows(digits, width))
