"""Pages of long lists: counting stops where it no longer helps anybody."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED: Final = 10_000
SIZES: Final = (20, 50, 100)


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """A paginator that counts to 10,000 and then says «10,000 以上».

    Nobody turns to page 501, and a full count would read every row.
    """

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        if isinstance(rows, QuerySet):
            return int(rows.order_by()[: MOST_COUNTED + 1].count())
        return len(rows)

    @property
    def count(self) -> int:
        """The rows that can be paged to."""
        return min(self._counted, MOST_COUNTED)

    @property
    def is_capped(self) -> bool:
        """Tell whether there are more rows than were counted."""
        return self._counted > MOST_COUNTED

    @property
    def said(self) -> str:
        """The count in words."""
        return f"{MOST_COUNTED:,} 以上" if self.is_capped else f"{self.count:,}"


def is_capped(page: Page[Any]) -> bool:
    """Tell whether there are more rows than were counted."""
    return isinstance(page.paginator, CappedPaginator) and page.paginator.is_capped


def page_of(rows: "QuerySet[Any] | Sequence[Any]", asked: str | None, size: str | None = None) -> Page[Any]:
    """Return the asked page of ``rows``, the nearest one where it does not exist; sizes are 20, 50 or 100."""
    wanted = int(size) if size and size.isdigit() and int(size) in SIZES else SIZES[0]
    paginator = CappedPaginator(rows, wanted)
    try:
        return paginator.page(asked or 1)
    except PageNotAnInteger:
        return paginator.page(1)
    except EmptyPage:
        return paginator.page(paginator.num_pages if str(asked).isdigit() and int(str(asked)) > 1 else 1)
