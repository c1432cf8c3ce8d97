"""The sheet that hangs in the village: its record, its check code, its PDF. The page and the paper show the same record."""

import hmac
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from fupin.notices.kinds import Sums
from fupin.notices.models import NoticeLine
from fupin.notices.models.draft import NoticeText
from fupin.notices.rules import Column, ReasonGroup, Row
from fupin.prints.checkcode import Sheet, check_code, grouped
from fupin.prints.typesetter import Manuscript

_TEMPLATE: Final = Path(__file__).with_name("notice.typ")
_RIGHT: Final = frozenset({Column.PERSONS, Column.AMOUNT})


def sums_of(rows: Iterable[Row], columns: Iterable[str]) -> Sums:
    """Return what the rows add up to, in the columns that are shown."""
    rows, shown = list(rows), set(columns)
    return Sums(
        len(rows),
        sum(row.persons or 0 for row in rows) if Column.PERSONS in shown else None,
        sum((row.amount or Decimal(0) for row in rows), Decimal("0.00")) if Column.AMOUNT in shown else None,
    )


def stored(row: Row) -> dict[str, Any]:
    """Return a row as a draft keeps it."""
    return asdict(row) | {"amount": None if row.amount is None else f"{row.amount:.2f}"}


def restored(kept: dict[str, Any]) -> Row:
    """Return the row that a draft has kept."""
    return Row(**kept | {"amount": None if kept["amount"] is None else Decimal(kept["amount"])})


def as_row(line: NoticeLine) -> Row:
    """Return the row that a posted line was made from."""
    return Row(
        line.name,
        line.subject_key,
        line.village,
        line.natural_village,
        line.persons,
        line.kind,
        line.reason,
        line.amount,
    )


def cells(row: Row, headings: Iterable[list[str]]) -> list[str]:
    """Return what a row shows under each head; nothing but what the heads name."""
    return [_cell(row, Column(column)) for column, _label in headings]


def _cell(row: Row, column: Column) -> str:
    value = getattr(row, column.value)
    if value is None:
        return "—"
    match column:
        case Column.AMOUNT:
            return f"{value:,.2f}"
        case Column.REASON:
            return str(ReasonGroup(value).label) if value else "—"
        case _:
            return str(value) or "—"


def foot(sums: Sums, headings: Iterable[list[str]], unit: str) -> list[str]:
    """Return the line under the list: how many rows, persons, yuan."""
    said = {
        Column.NAME: f"{sums.rows} {unit}",
        Column.PERSONS: "" if sums.persons is None else str(sums.persons),
        Column.AMOUNT: "" if sums.amount is None else f"{sums.amount:,.2f}",
    }
    return [said.get(Column(column), "") for column, _label in headings]


def record_of(notice: NoticeText, rows: Iterable[Row]) -> dict[str, Any]:
    """Return all that page and paper show of a notice: what the check code vouches for."""
    rows = list(rows)
    columns = [column for column, _label in notice.headings]
    return {
        "number": notice.number,
        "place": notice.division.path_name,
        "title": notice.title.removeprefix(notice.division.path_name),
        "doc_no": notice.doc_no,
        "text": notice.text,
        "heads": [label for _column, label in notice.headings],
        "right": [Column(column) in _RIGHT for column in columns],
        "rows": [cells(row, notice.headings) for row in rows],
        "foot": foot(sums_of(rows, columns), notice.headings, notice.unit),
        "issuer": notice.issuer,
        "posted_on": notice.posted_on.isoformat(),
        "objectable": notice.objectable,
        "contact": f"{notice.contact_office}{f'，电话 {notice.contact_phone}' if notice.contact_phone else ''}",
    }


def code_of(notice: NoticeText, record: dict[str, Any]) -> str:
    """Return the check code of a notice's record."""
    key = hmac.digest(settings.VAULT_INDEX_KEY, b"check codes of notices", "sha256")
    return check_code(record, sheet=Sheet("notice", notice.number, notice.year, 1), key=key)


def printed(notice: NoticeText, rows: Iterable[Row]) -> bytes:
    """Return the sheet as a PDF for A4 upright; the same notice always gives the same bytes."""
    record = record_of(notice, rows)
    code = grouped(code_of(notice, record))
    data = {**record, "code": code, "printed_on": record["posted_on"], "demo": settings.DEMO}
    return Manuscript(_TEMPLATE, data).typeset()
