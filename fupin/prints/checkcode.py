"""The check code of a printed sheet: proves that paper and record agree.

Policy §3 wants 户有卡、村有表、镇有册、县有网; all four come from one source, and the code shows it.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code read aloud or copied by hand comes back right."""

LENGTH: Final = 12
"""Characters of a code: 60 bits."""

KINDS: Final[Mapping[str, int]] = {
    "village": 12,
    "township": 12,
    "household": 16,
    "labourer": 18,
    "notice": 10,
}
"""Kinds of sheets by the digits of the number they carry: code of village or township, of household, member, notice."""

_MISREAD: Final = str.maketrans("ILO", "110", "- \t\u3000")
_SCAN: Final = re.compile(r"(\d{12}|\d{16}|\d{18})/(\d{4})/(\d{1,3})/([0-9A-Z-]{12,14})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which sheet of paper: its kind, the number it carries, the year it speaks of, the record's version."""

    kind: str
    number: str
    year: int
    version: int

    def __post_init__(self) -> None:
        if KINDS.get(self.kind) != len(self.number):
            raise ValueError(f"a {self.kind} sheet does not carry the number {self.number!r}")


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return the one text of a record: JSON, keys sorted, what JSON has no word for as `plain` writes it."""
    return json.dumps(
        record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain
    ).encode()


def plain(value: Any) -> str | list[Any]:
    """Return amounts with their decimals, ISO dates, sets in order, files by their SHA-256."""
    match value:
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case bytes():
            return "sha256:" + sha256(value).hexdigest()
        case frozenset() | set():
            return sorted(value)
        case _:
            raise TypeError(f"{type(value).__name__} cannot be printed")


def check_code(record: Mapping[str, Any], *, sheet: Sheet, key: bytes) -> str:
    """Return the sheet's code, in base 32.

    It is the first 60 bits of HMAC-SHA-256 over kind, number, year, version and record.
    """
    head = f"{sheet.kind}\0{sheet.number}\0{sheet.year}\0{sheet.version}\0".encode()
    bits = int.from_bytes(hmac.digest(key, head + canonical(record), "sha256")[:8]) >> 4
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def verify(code: str, record: Mapping[str, Any], *, sheet: Sheet, key: bytes) -> bool:
    """Tell whether the code, as printed or as somebody typed it, belongs to the record."""
    return hmac.compare_digest(normalised(code).encode(), check_code(record, sheet=sheet, key=key).encode())


def normalised(code: str) -> str:
    """Return a typed code without grouping, in capitals, misread letters put right (I, L → 1, O → 0)."""
    return code.upper().translate(_MISREAD)


def grouped(code: str) -> str:
    """Return the code as printed, e.g. `EV9H-D9X2-XJ88`."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def scan_text(sheet: Sheet, code: str) -> str:
    """Return what the sheet's QR code says, which a hand scanner types into the search field."""
    return f"{sheet.number}/{sheet.year}/{sheet.version}/{code}"


def parse_scan(text: str) -> tuple[Sheet, str] | None:
    """Return the sheet and the code that a scanner typed; None where the text is no such line."""
    found = _SCAN.fullmatch(text.strip().upper())
    if found is None:
        return None
    number, year, version, code = found.groups()
    kind = next(kind for kind, digits in KINDS.items() if digits == len(number))
    if kind == "village" and number.endswith("000"):
        kind = "township"
    return Sheet(kind, number, int(year), int(version)), normalised(code)
