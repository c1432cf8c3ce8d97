"""What every printed sheet says of itself: number, year, version, day and person, check code, QR code."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from fupin.prints.checkcode import Sheet, check_code, grouped, scan_text
from fupin.prints.qr import encode, svg_path


def check_key() -> bytes:
    """Return the key of check codes: derived, so that a code on paper tells nothing about the blind index.

    It outlives a new SECRET_KEY, for paper is kept longer than sessions are.
    """
    return hmac.digest(settings.VAULT_INDEX_KEY, b"check codes of printed sheets", "sha256")


def vouched(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the check code vouches for: all that the record holds, but for how it came about.

    A card printed in a batch goes without its changes, and has the same code.
    """
    return {name: value for name, value in record.items() if name != "changes"}


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who prints on which day, under which key, and whether the data are invented (演示数据)."""

    printed_on: date
    printed_by: str
    demo: bool
    key: bytes

    def of_file(self, records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Return what is the same for all sheets of a file; one invented record marks the whole file."""
        demo = self.demo or any(record.get("is_demo") for record in records)
        return {"printed_on": self.printed_on.isoformat(), "printed_by": self.printed_by, "demo": demo}

    def of_sheet(self, sheet: Sheet, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what one sheet says of itself."""
        code = check_code(vouched(record), sheet=sheet, key=self.key)
        text = scan_text(sheet, code)
        rows = encode(text)
        number = sheet.number
        return {
            "number": number,
            "shown": f"{number[:12]} {number[12:16]} {number[16:]}".strip(),
            "year": sheet.year,
            "version": sheet.version,
            "code": grouped(code),
            "qr": {"text": text, "size": len(rows), "path": svg_path(rows)},
        }
