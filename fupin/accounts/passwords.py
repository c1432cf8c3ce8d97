"""What a password must be (GB/T 22239 8.1.4.1a, security.md row 1): long, mixed, not guessable, not one of the last five."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from fupin.accounts.models import PasswordRecord, User
from fupin.lib.pinyin import name_keys, place_keys

LENGTH = 12
CLASSES = 3
FORMER = 5
UNGUESSABLE = 6
"""So many characters must be left of a password once everything guessable is taken out of it."""

_CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
_LOOKALIKES = str.maketrans("@4301!5$7", "aaeoiisst")
_YEAR = re.compile(r"(19|20)\d\d([01]\d([0-3]\d)?)?")
_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
)
_REPEATED = re.compile(r"(.)\1{2,}")
_REPEATED_PART = re.compile(r"(.{2,6}?)\1{2,}")


class EnoughCharacters:
    """At least twelve characters; no upper limit below Django's own, and nothing is cut off."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password is too short."""
        if len(password) < LENGTH:
            raise ValidationError(f"口令至少 {LENGTH} 位，现有 {len(password)} 位", code="password_too_short")

    def get_help_text(self) -> str:
        """Return the rule for people."""
        return f"口令至少 {LENGTH} 位"


class ThreeOfFourClasses:
    """Three of: lower case, upper case, digits, others."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when fewer than three kinds of characters occur."""
        if sum(bool(kind.search(password)) for kind in _CLASSES) < CLASSES:
            raise ValidationError(
                "口令须含大写字母、小写字母、数字、符号四类中的三类", code="password_too_plain"
            )

    def get_help_text(self) -> str:
        """Return the rule for people."""
        return "大写字母、小写字母、数字、符号四类中至少三类"


class NotCommon:
    """Not put together from common words, pinyin, names of divisions, keyboard runs, repetitions and years."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when too little of the password can't be guessed."""
        if unguessable(password) < UNGUESSABLE:
            raise ValidationError(
                "口令由常见词、拼音、地名、年份或键盘顺序拼成，容易被猜中", code="password_guessable"
            )

    def get_help_text(self) -> str:
        """Return the rule for people."""
        return "不用常见词、拼音、地名、年份和键盘顺序拼成"


class NotAboutOneself:
    """Not the user's own name, in any of its spellings, nor his unit's."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password has something of the user in it."""
        if user is None:
            return
        said = {password.lower(), password.lower().translate(_LOOKALIKES)}
        name, unit = name_keys(user.full_name or ""), place_keys(user.unit or "")
        own = {user.username.lower(), user.full_name.lower(), name.full, unit.full}
        if any(word in text for word in own if len(word) >= 3 for text in said):
            raise ValidationError("口令不能含用户名、姓名或单位名称", code="password_about_oneself")

    def get_help_text(self) -> str:
        """Return the rule for people."""
        return "不含用户名、姓名和单位名称"


class NotUsedBefore:
    """Neither the present password nor one of the last five."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when the password was used before."""
        if user is None or user.pk is None:
            return
        former = PasswordRecord.objects.filter(user=user).order_by("-replaced_at", "-id")[:FORMER]
        hashes = [user.password, *(record.password for record in former)]
        if any(kept and check_password(password, kept) for kept in hashes):
            raise ValidationError(f"口令不能与现在的或最近 {FORMER} 次的相同", code="password_used_before")

    def get_help_text(self) -> str:
        """Return the rule for people."""
        return f"不与最近 {FORMER} 次的口令相同"


def unguessable(password: str) -> int:
    """Return how many characters are left once what a guesser would try is taken out, in the way that leaves fewest."""
    plain = password.lower()
    repeated, known = (_REPEATED_PART, _REPEATED), (_words(), _YEAR)
    orders = ((*known, *repeated, _runs()), (*repeated, *known, _runs()))
    return min(
        len(_without(order, text)) for order in orders for text in (plain, plain.translate(_LOOKALIKES))
    )


def _without(patterns: Iterable[re.Pattern[str]], text: str) -> str:
    """The text with what the patterns match taken out, one after the other."""
    for pattern in patterns:
        text = pattern.sub("", text)
    return text


@cache
def _words() -> re.Pattern[str]:
    """The listed words, the longest first."""
    lines = (Path(__file__).parent / "data" / "guessable_words.txt").read_text(encoding="utf-8").split("\n")
    words = sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _runs() -> re.Pattern[str]:
    """Three or more neighbours along a row, either way."""
    runs = {
        row[start:stop]
        for row in _ROWS
        for start in range(len(row))
        for stop in range(start + 3, len(row) + 1)
    }
    runs |= {run[::-1] for run in runs}
    return re.compile("|".join(map(re.escape, sorted(runs, key=len, reverse=True))))


def remember(user: User) -> None:
    """Keep the hash of the password that is about to be replaced, and only the last five of them."""
    if not user.has_usable_password():
        return
    PasswordRecord.objects.create(user=user, password=user.password)
    kept: Any = PasswordRecord.objects.filter(user=user).order_by("-replaced_at", "-id").values("pk")[:FORMER]
    PasswordRecord.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
