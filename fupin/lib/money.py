"""Money and other decimal numbers: read as people write them, rounded as accounts are."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from fupin.lib.plaintext import tight

FEN: Final = Decimal("0.01")
YUAN_PER_WAN: Final = Decimal(10_000)

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


def parse_decimal(text: str) -> Decimal:
    """Return the number that the text writes (`1,234.5`, `１２３４．５`, ` 1 234 `); else raise ValueError.

    Commas must part thousands, so that `12,34` is refused rather than guessed at; exponents, `NaN` and a
    currency's sign are refused too.
    """
    cleaned = tight(text).replace("，", ",")
    if not _NUMBER.fullmatch(cleaned):
        raise ValueError("not a number")
    return Decimal(cleaned.replace(",", ""))


def to_fen(amount: Decimal) -> Decimal:
    """Return the amount in yuan rounded half up to two places."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def whole_fen(amount: Decimal) -> int:
    """Return an amount in yuan as a whole number of fen; raise ValueError if it has more than two places."""
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise ValueError("more than two decimal places")
    return int(fen)


def wan_to_yuan(wan: Decimal) -> Decimal:
    """Return 万元 as yuan, exactly."""
    return wan * YUAN_PER_WAN


def yuan_to_wan(yuan: Decimal) -> Decimal:
    """Return yuan as 万元, exactly; round only to show it."""
    return yuan / YUAN_PER_WAN


def grouped(amount: Decimal, *, places: int = 2) -> str:
    """Return the number as it is printed: `1,234.50`."""
    return f"{amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
