"""镇册: the households of a township on the register, village by village, with contents, sums and make-up."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from fupin.divisions.models import Division
from fupin.prints.checkcode import Sheet, verify
from fupin.prints.typesetter import Manuscript
from registry.models import HouseholdYear, PrintedSheet, Village
from registry.prints.figures import percentage
from registry.prints.imprint import Imprint, check_key, vouched
from registry.prints.reading import line_of, path, place_names
from registry.prints.records import TEMPLATES, Record
from registry.prints.rosters import roster_row, tally
from registry.prints.village import roster_record
from registry.reports.on_register import on_register
from registry.standard.lists import shown

PAGE_ROWS: Final = 26
"""Households on a page of the register, with three lines of sums."""


def township_register_record(township: Division, year: int) -> dict[str, Any]:
    """Return the record of a township's register of a year, four queries however many households stand in it.

    It has no version of its own: `versioned` gives it one by what was printed before.
    """
    cards = (
        HouseholdYear.objects.within(township.pk)
        .filter(on_register(year), year=year)
        .select_related("household")
        .defer("income_lines", "remarks")
        .order_by("division_id", "household__household_no")
    )
    kept = Village.objects.within(township.pk)
    attributes = dict(kept.values_list("division_id", "village_attr"))
    # A village on file without a household stands in the contents, with noughts.
    villages: dict[int, list[dict[str, Any]]] = {code: [] for code in sorted(attributes)}
    for code, group in groupby(cards, key=lambda card: card.division_id):
        villages[code] = [roster_record(card) for card in group]
    names = place_names([township.pk, *villages])
    return {
        "township_code": str(township.pk),
        "divisions": path(township.pk, names),
        "year": year,
        "is_demo": any(kept.values_list("is_demo", flat=True)),
        "poverty_line": line_of(year),
        "villages": [
            {
                "village_code": str(code),
                "name": names[code],
                "village_attr": shown("CL25", attr) if (attr := attributes.get(code)) else None,
                "roster": roster,
            }
            for code, roster in sorted(villages.items())
        ],
    }


def versioned(record: Record) -> dict[str, Any]:
    """Return the record with its version: that of the last print where its check code still agrees, else the next."""
    last = (
        PrintedSheet.objects.filter(kind="township", number=record["township_code"], year=record["year"])
        .order_by("-pk")
        .first()
    )
    if last is None:
        return {**record, "version": 1}
    same = {**record, "version": last.version}
    agrees = verify(last.code, vouched(same), sheet=township_sheet(same), key=check_key())
    return same if agrees else {**record, "version": last.version + 1}


def township_sheet(record: Record) -> Sheet:
    """Return which sheet a township's record makes."""
    return Sheet("township", record["township_code"], record["year"], record["version"])


def township_registers(record: Record, imprint: Imprint) -> Manuscript:
    """Return the manuscript of 镇册."""
    everybody = [row for village in record["villages"] for row in village["roster"]]
    begun: list[Record] = []
    villages = []
    for village in record["villages"]:
        villages.append(_village(village, begun, len(everybody), line=record["poverty_line"]))
        begun += village["roster"]
    sheet = imprint.of_sheet(township_sheet(record), record)
    register = {
        "name": record["divisions"][-1],
        "place_path": " ".join(record["divisions"]),
        "place": " ".join(record["divisions"][1:3]),
        "year": record["year"],
        "poverty_line": record["poverty_line"],
        "villages": villages,
        "total": tally(everybody),
        "make_up": {
            "causes": _made_up(everybody, lambda row: row["cause_main"]),
            "kinds": _made_up(everybody, lambda row: row["poor_type"]),
            "statuses": _made_up(everybody, lambda row: row["status"]),
            "exits": _made_up(everybody, lambda row: row["plan_exit_year"]),
        },
        "sheet": sheet,
    }
    file = imprint.of_file([record])
    return Manuscript(TEMPLATES / "township_register.typ", {**file, "register": register})


def _village(village: Record, begun: Sequence[Record], all_of_them: int, *, line: Any) -> dict[str, Any]:
    """Return a village with its pages, each with its own sums, the village's so far and the township's so far."""
    rows = village["roster"]
    pages = []
    for start in range(0, len(rows), PAGE_ROWS):
        part = rows[start : start + PAGE_ROWS]
        so_far = rows[: start + len(part)]
        pages.append(
            {
                "from": len(begun) + start,
                "rows": [roster_row(row, line=line) for row in part],
                "page": tally(part),
                "running": tally(so_far),
                "together": tally([*begun, *so_far]),
                "ends": len(so_far) == len(rows),
                "ends_all": len(begun) + len(so_far) == all_of_them,
            }
        )
    return {
        "village_code": village["village_code"],
        "name": village["name"],
        "village_attr": village["village_attr"],
        "total": tally(rows),
        "together": tally([*begun, *rows]),
        "from": len(begun) + 1,
        "pages": pages,
    }


def _made_up(rows: Iterable[Record], by: Callable[[Record], Any]) -> list[dict[str, Any]]:
    """Return households and people by one attribute, with the share of households in per cent."""
    households, people = Counter[str](), Counter[str]()
    for row in rows:
        name = str(by(row) or "")
        households[name] += 1
        people[name] += row["member_count"]
    whole = households.total()
    return [
        {
            "name": name or None,
            "households": households[name],
            "people": people[name],
            "share": percentage(households[name], whole),
            "part": f"{households[name] / whole:.4f}",
        }
        for name in sorted(households)
    ]
