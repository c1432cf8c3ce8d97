"""What every printed sheet says of itself: number, year, version, day and person, check code, QR code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fupin.prints.checkcode import Sheet, check_code, grouped, scan_text
from fupin.prints.qr import encode, svg_path


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who prints on which day, under which key, and whether the data are invented (演示数据)."""

    printed_on: date
    printed_by: str
    demo: bool
    key: bytes

    def of_file(self) -> dict[str, Any]:
        """Return what is the same for all sheets of a file."""
        return {"printed_on": self.printed_on.isoformat(), "printed_by": self.printed_by, "demo": self.demo}

    def of_sheet(self, sheet: Sheet, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what one sheet says of itself; `record` is what the check code vouches for."""
        code = check_code(record, sheet=sheet, key=self.key)
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
