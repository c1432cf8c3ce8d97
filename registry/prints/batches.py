"""Many cards at once: one manuscript a file, so that memory grows with the file and not with the batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fupin.prints.typesetter import SHEETS_A_FILE, Manuscript
from registry.models import HouseholdYear
from registry.prints.household import household_card_records
from registry.prints.imprint import Imprint
from registry.prints.records import TEMPLATES, household_cards


def household_manuscripts(
    ids: Sequence[int], imprint: Imprint, *, sheets: int = SHEETS_A_FILE
) -> Iterator[Manuscript]:
    """Yield the manuscripts of the cards (HouseholdYear) named, in their order, for `typesetter.typeset_batch`.

    Cards are read file by file; what has gone since the ids were taken, or lies out of scope, is left out.
    """
    cards = HouseholdYear.objects.select_related("household")
    for start in range(0, len(ids), sheets):
        part = ids[start : start + sheets]
        found = cards.in_bulk(part)
        rows = [found[pk] for pk in part if pk in found]
        if rows:
            manuscript = household_cards(household_card_records(rows), imprint)
            yield replace(manuscript, data={**manuscript.data, "bookmarked": True})


INDEX_ROWS: Final = 44
"""Lines on a page of the contents."""


def index_pages(sheets: int) -> int:
    """Return how many pages the contents of so many cards take."""
    return -(-sheets // INDEX_ROWS)


def household_index(
    cards: Sequence[Mapping[str, Any]],
    first_pages: Sequence[int],
    imprint: Imprint,
    *,
    title: str,
    place_path: str,
) -> Manuscript:
    """Return the contents of a file of cards, as `household_manuscripts` gave them; `first_pages` count the contents too."""
    lines = [
        {
            "at": at,
            "shown": card["sheet"]["shown"],
            "head_name": card["head_name"],
            "place": card["place"],
            "member_count": card["member_count"],
            "version": card["sheet"]["version"],
            "code": card["sheet"]["code"],
            "page": page,
        }
        for at, (card, page) in enumerate(zip(cards, first_pages, strict=True), 1)
    ]
    index = {
        "title": title,
        "place_path": place_path,
        "sheets": len(lines),
        "pages": [lines[start : start + INDEX_ROWS] for start in range(0, len(lines), INDEX_ROWS)],
    }
    return Manuscript(TEMPLATES / "index.typ", {**imprint.of_file(cards), "index": index})
