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


def page_of(
    rows: "QuerySet[Any] | Sequence[Any]", asked: str | None, size: str | None = None, *, late: bool = False
) -> Page[Any]:
    """Return the asked page of ``rows``, the nearest one where it does not exist; sizes are 20, 50 or 100.

    ``late`` finds the page's keys first and reads what is joined to them afterwards: for lists whose rows join tables that lie in the scope
    as well. The planner takes each table's scope for another narrowing, expects a handful of rows, and then joins a county row by row.
    """
    wanted = int(size) if size and size.isdigit() and int(size) in SIZES else SIZES[0]
    if late and isinstance(rows, QuerySet):
        keys = rows.select_related(None).prefetch_related(None).values_list("pk", flat=True)
        page = page_of(keys, asked, size)
        shown = {row.pk: row for row in rows.order_by().filter(pk__in=list(page.object_list))}
        page.object_list = [shown[key] for key in page.object_list if key in shown]
        return page
    paginator = CappedPaginator(rows, wanted)
    try:
        return paginator.page(asked or 1)
    except PageNotAnInteger:
        return paginator.page(1)
    except EmptyPage:
        return paginator.page(paginator.num_pages if str(asked).isdigit() and int(str(asked)) > 1 else 1)
