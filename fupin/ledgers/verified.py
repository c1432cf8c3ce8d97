"""What `manage.py verify` asks of the books: every balance recomputed from its postings, every entry added up again."""

from collections.abc import Iterator

from fupin.history.services.checking import Difference, check
from fupin.ledgers import reports


@check("books")
def books_agree() -> Iterator[Difference]:
    """Yield accounts, entries and reversals that do not follow from their postings."""
    for found in reports.differences():
        yield Difference("books", found.table, found.row, None, found.said)
