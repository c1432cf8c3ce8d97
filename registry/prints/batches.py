"""Many cards at once: one manuscript a file, so that memory grows with the file and not with the batch."""

from collections.abc import Iterator, Sequence

from fupin.prints.typesetter import SHEETS_A_FILE, Manuscript
from registry.models import HouseholdYear
from registry.prints.household import household_card_records
from registry.prints.imprint import Imprint
from registry.prints.records import household_cards


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
            yield household_cards(household_card_records(rows), imprint)
