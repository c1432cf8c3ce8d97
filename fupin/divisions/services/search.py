"""Find a division by what a clerk types: pinyin initials, pinyin, a name or the beginning of a code."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Length

from fupin.accounts.models import User
from fupin.divisions.codes import Level
from fupin.divisions.models import Division, DivisionQuerySet

LIMIT = 20
_CODE = re.compile(r"\d{1,12}", re.ASCII)
_PINYIN = re.compile(r"[a-z0-9]+", re.ASCII)


class Found(NamedTuple):
    """A division that fits; ``path`` names what lies above it, without the province."""

    code: int
    name: str
    path: str
    level: Level


def search(
    user: User | AnonymousUser, q: str, *, on: date, level: Level | None = None, limit: int = LIMIT
) -> list[Found]:
    """Return the divisions of the user's post that exist ``on`` a day and fit ``q``, the best first.

    Exact initials or an exact name come first, then what begins with it (shorter names first), then what
    contains it; among equals the higher level, then the code. Spaces count for nothing, full-width letters
    as ordinary ones.
    """
    typed = "".join(unicodedata.normalize("NFKC", q).lower().split())
    if not typed or isinstance(user, AnonymousUser) or user.post is None:
        return []
    divisions = Division.objects.within(user.post.division_id).valid_on(on)
    if level is not None:
        divisions = divisions.filter(level=level)
    ranked = _by_code(divisions, typed) if _CODE.fullmatch(typed) else _ranked(divisions, _rules(typed))
    return [
        Found(
            division.code,
            division.name,
            division.path_name.removesuffix(division.name),
            Level(division.level),
        )
        for division in ranked[:limit]
    ]


def _by_code(divisions: DivisionQuerySet, digits: str) -> DivisionQuerySet:
    span = 10 ** (12 - len(digits))
    low = int(digits) * span
    return divisions.filter(code__gte=low, code__lt=low + span).order_by("code")


def _rules(typed: str) -> Sequence[Q]:
    """Return what fits, the best first."""
    if _PINYIN.fullmatch(typed):
        return (
            Q(initials=typed),
            Q(pinyin=typed),
            Q(initials__startswith=typed),
            Q(pinyin__startswith=typed),
        )
    return (
        Q(name=typed),
        Q(name__startswith=typed),
        Q(path_name__endswith=typed),
        Q(name__contains=typed),
        Q(path_name__contains=typed),
    )


def _ranked(divisions: DivisionQuerySet, rules: Sequence[Q]) -> DivisionQuerySet:
    fits = Q()
    for rule in rules:
        fits |= rule
    rank = Case(
        *(When(rule, then=Value(place)) for place, rule in enumerate(rules)),
        default=Value(len(rules)),
        output_field=IntegerField(),
    )
    return divisions.filter(fits).annotate(rank=rank).order_by("rank", Length("name"), "level", "code")
