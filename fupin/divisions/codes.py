"""12-digit division codes as numbers: a level is how many digits are cut, a scope is a half-open range.

Source: GB/T 2260 and the statistical 12-digit code (data-standard §1.2): 2 province + 2 city + 2 county + 3 township + 3 village.
The same range is cut by the SQL function ``division_hi``; a property test holds the two together.
"""

from collections.abc import Iterator

from django.db import models

PROVINCE_CODE = 140000000000

_SPANS = (10**10, 10**8, 10**6, 10**3, 1)


class Level(models.IntegerChoices):
    """The five levels of a division code, from above."""

    PROVINCE = 1, "省"
    CITY = 2, "市"
    COUNTY = 3, "县"
    TOWNSHIP = 4, "乡镇"
    VILLAGE = 5, "村"


def level_of(code: int) -> Level:
    """Return the level of a 12-digit code by its trailing zeros; raise ValueError when it is not a division code."""
    if not 10**11 <= code < 10**12:
        raise ValueError(f"not a 12-digit division code: {code}")
    for level, span in zip(Level, _SPANS, strict=True):
        if code % span == 0:
            return level
    raise AssertionError("unreachable: every number is a multiple of 1")


def code_range(code: int) -> tuple[int, int]:
    """Return the half-open range [lo, hi) of the codes at and below ``code``."""
    return code, code + _SPANS[level_of(code) - 1]


def cut(code: int, level: Level) -> int:
    """Return the code of the division of ``level`` in which ``code`` lies."""
    return code - code % _SPANS[level - 1]


def contains(code: int, other: int) -> bool:
    """Return whether ``other`` is ``code`` or lies below it."""
    low, high = code_range(code)
    return low <= other < high


def lineage(code: int) -> Iterator[int]:
    """Yield the codes from the province down to ``code`` itself."""
    for level in Level:
        if level > level_of(code):
            return
        yield cut(code, level)


def is_administrative_village(code: int) -> bool:
    """Return whether a household may be registered there: the last three digits are 200–399 or 400–599 (data-standard §1.2, §3.1)."""
    return 200 <= code % 1000 <= 599
