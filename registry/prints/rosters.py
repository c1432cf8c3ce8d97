"""村表: the village's facts and its roster, page by page with its sums."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from fupin.prints.checkcode import Sheet
from fupin.prints.typesetter import Manuscript
from registry.prints.figures import CENT, divided, percentage
from registry.prints.imprint import Imprint
from registry.prints.records import TEMPLATES, Record, place
from registry.prints.redaction import redacted
from registry.rules.poverty import above_line

FIRST_PAGE: Final = 9
LATER_PAGE: Final = 28
SIGNED: Final = 6
"""Rows of the roster on its first page and on a later one; how many fewer where the signatures follow."""

TAKEN_ALONG: Final = 3
"""Households that go with the signatures where these would stand on a page alone."""

POOR_TYPES: Final = {"01": "一般", "02": "低保贫困", "03": "低保", "04": "五保"}


def village_sheet(record: Record) -> Sheet:
    """Return which sheet a village's record makes."""
    return Sheet("village", record["village_code"], record["year"], record["version"])


def village_tables(records: Sequence[Record], imprint: Imprint) -> Manuscript:
    """Return the manuscript of 村表, one table a record, which has its households as `roster`."""
    villages = []
    for record in records:
        rows = [roster_row(row, line=record["poverty_line"]) for row in record["roster"]]
        total = tally(record["roster"])
        facts = redacted({name: value for name, value in record.items() if name != "roster"})
        poverty = record["poor_pop"], record["rural_pop"] or record["population"]
        villages.append(
            {
                "pending": 0,
                **facts,
                **place(record),
                "poverty_rate": percentage(*poverty),
                "enrolled_rate": percentage(record["enrolled_children"], record["school_age_children"]),
                "arable_pc": divided(record["arable_area"], record["population"]),
                "pages": _pages(record["roster"], rows),
                "agrees": (total["households"], total["people"])
                == (record["poor_households"], record["poor_pop"]),
                "sheet": imprint.of_sheet(village_sheet(record), record),
            }
        )
    return Manuscript(TEMPLATES / "village_table.typ", {**imprint.of_file(records), "villages": villages})


def roster_row(row: Record, *, line: Decimal | None) -> dict[str, Any]:
    """Return a household as a line of a roster, with whether its income exceeds the line."""
    net = row["net_income"]
    above = net is not None and line is not None and above_line(net, row["member_count"], line)
    return {**redacted(row), "above_line": above}


def tally(rows: Iterable[Record]) -> dict[str, Any]:
    """Return households, people, labour, net income, net income a head and kinds (CL02) of some rows."""
    rows = list(rows)
    people = sum(row["member_count"] for row in rows)
    net = sum((row["net_income"] or Decimal() for row in rows), Decimal())
    kinds = dict.fromkeys(POOR_TYPES, 0)
    for row in rows:
        if row["poor_type"]:
            kinds[row["poor_type"][:2]] += 1
    return {
        "households": len(rows),
        "people": people,
        "labor": sum(row["labor_count"] for row in rows),
        "net": net.quantize(CENT),
        "net_pc": divided(net, people),
        "kind_counts": list(kinds.values()),
        "kinds": "　".join(f"{POOR_TYPES[code]} {count}" for code, count in kinds.items()),
    }


def page_lengths(count: int) -> list[int]:
    """Return how many households stand on each page, so that the signatures never stand on one alone."""
    lengths = [min(count, FIRST_PAGE)]
    while sum(lengths) < count:
        lengths.append(min(count - sum(lengths), LATER_PAGE))
    room = (FIRST_PAGE if len(lengths) == 1 else LATER_PAGE) - SIGNED
    if lengths[-1] > room:
        lengths[-1:] = [lengths[-1] - TAKEN_ALONG, TAKEN_ALONG]
    return lengths


def _pages(records: Sequence[Record], rows: Sequence[Record]) -> list[dict[str, Any]]:
    pages, start = [], 0
    for length in page_lengths(len(rows)):
        end = start + length
        pages.append(
            {
                "from": start,
                "rows": rows[start:end],
                "page": tally(records[start:end]),
                "running": tally(records[:end]),
            }
        )
        start = end
    return pages
