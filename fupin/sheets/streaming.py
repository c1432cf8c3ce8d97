"""A table's rows straight from PostgreSQL: `COPY` writes the lines, and no row becomes an object.

The columns are those of the resource, in SQL (`fupin.sheets.shapes`). Beside them each line carries marks that never reach the file:
whether some text might be taken for a formula, and which of the counted questions the row answers with yes.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connections
from django.db.models import Case, F, Func, Model, Q, QuerySet, TextField, Value, When

from fupin.sheets.cells import csv_line, is_active
from fupin.sheets.resources import Column

BATCH: Final = 2000
"""Lines that are digested, added up and written together."""

_YES: Final = b"1"
# Where a text begins with none of these, it is looked at again (`is_active`), so they need not be all that are harmless.
_HARMLESS: Final = " AND ".join(
    f"ascii(%(expressions)s) NOT BETWEEN {low} AND {high}"
    for low, high in ((19968, 40959), (48, 57), (65, 90), (97, 122), (42, 42))
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: their lines as the file of CSV has them, and their cells as text."""

    lines: bytes
    cells: Sequence[Sequence[str]]


Take = Callable[[Batch, int], None]
"""Is given a batch, and how many rows there have been with it."""


def column_at(model: type[Model], path: str) -> Any:
    """Return the model's field that a path (`household__household_no`) leads to."""
    found: Any = None
    for part in path.split("__"):
        found = model._meta.get_field(part)
        model = found.related_model or model
    return found


def copy_statement(
    rows: "QuerySet[Any]", columns: Sequence[Column], counts: Sequence[Q] = ()
) -> tuple[str, list[Any]]:
    """Return the statement that copies the columns of rows, with the marks behind them."""
    shown: dict[str, Any] = {}
    free = []
    for place, column in enumerate(columns):
        field = column_at(rows.model, column.attribute)
        shown[f"cell_{place}"] = column.shape.in_sql(column.attribute, field)
        if column.shape.is_free(field):
            free.append(column.attribute)
    marks: dict[str, Any] = {"mark_formula": _Suspect(*(F(path) for path in free), output_field=TextField())}
    for place, question in enumerate(counts):
        marks[f"mark_{place}"] = Case(When(question, then=Value("1")), output_field=TextField())
    asked = rows.select_related(None).prefetch_related(None).annotate(**shown, **marks)
    asked = asked.values_list(*shown, *marks)
    sql, params = asked.query.sql_with_params()
    return f"COPY ({sql}) TO STDOUT (FORMAT csv)", list(params)


class _Suspect(Func):
    """'1' where one of some texts begins unlike any name or address; nothing else."""

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(one)[0] for one in self.source_expressions]
        asked = " OR ".join(f"({part} <> '' AND {_HARMLESS % {'expressions': part}})" for part in parts)
        return f"CASE WHEN {asked or 'false'} THEN '1' END", []


def copy_rows(
    rows: "QuerySet[Any]", columns: Sequence[Column], take: Take, *, counts: Mapping[str, Q], using: str
) -> "Copied":
    """Copy the rows to whoever takes them, batch by batch; return what they came to."""
    statement, params = copy_statement(rows, columns, list(counts.values()))
    copied = Copied(rows.model, columns, take, list(counts))
    with connections[using].cursor() as cursor:
        whole = cursor.mogrify(statement, params) if params else statement
        cursor.copy_expert(whole, copied)
    copied.end()
    return copied


class Copied:
    """Takes the lines of a COPY one by one, and keeps count: rows, sums, digest, yes to the questions."""

    def __init__(
        self, model: type[Model], columns: Sequence[Column], take: Take, counts: Sequence[str]
    ) -> None:
        self.rows = 0
        self.counts = dict.fromkeys(counts, 0)
        self.sums = {column.heading: Decimal(0) for column in columns if column.summed}
        self._summed = [(place, column.heading) for place, column in enumerate(columns) if column.summed]
        self._free = [
            place
            for place, column in enumerate(columns)
            if column.shape.is_free(column_at(model, column.attribute))
        ]
        self._marks = 1 + len(counts)
        self._take = take
        self._digest = hashlib.sha256()
        self._waiting: list[bytes] = []

    @property
    def sha256(self) -> str:
        """The digest of the lines."""
        return self._digest.hexdigest()

    def write(self, line: bytes) -> None:
        """Take one line, as COPY gives it."""
        self._waiting.append(line)
        if len(self._waiting) >= BATCH:
            self._pass_on()

    def end(self) -> None:
        """Pass on what still waits."""
        if self._waiting:
            self._pass_on()

    def _pass_on(self) -> None:
        lines, names = [], list(self.counts)
        for waiting in self._waiting:
            line, suspect, *answers = waiting[:-1].rsplit(b",", self._marks)
            lines.append(self._guarded(line) if suspect else line)
            if answers:
                for name, answer in zip(names, answers, strict=True):
                    self.counts[name] += answer == _YES
        lines.append(b"")
        whole = b"\r\n".join(lines)
        cells = [
            row[: -self._marks]
            for row in csv.reader(io.StringIO(b"".join(self._waiting).decode(), newline=""))
        ]
        self.rows += len(cells)
        self._digest.update(whole)
        for place, heading in self._summed:
            self.sums[heading] += sum((Decimal(row[place]) for row in cells if row[place]), Decimal(0))
        self._waiting = []
        self._take(Batch(whole, cells), self.rows)

    def _guarded(self, line: bytes) -> bytes:
        """Return a line whose texts no spreadsheet carries out."""
        (cells,) = csv.reader(io.StringIO(line.decode(), newline=""))
        for place in self._free:
            if is_active(cells[place]):
                cells[place] = f"'{cells[place]}"
        return csv_line(cells, guarded=True).removesuffix("\r\n").encode()
