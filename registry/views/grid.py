"""A village's yearly update on one screen: households × the year's income and living conditions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused, may
from fupin.divisions.models import Division
from fupin.lib.paging import CappedPaginator
from fupin.policy.standards import NoStandard, poverty_line
from registry.forms import grid as sheet
from registry.forms.grid import Row
from registry.models import Household, HouseholdYear
from registry.models.household import LIVE
from registry.reports.cards import read_cards
from registry.reports.years import closed_years, years_on_file
from registry.services.drafts import discard_draft
from registry.services.grid import changed, save_grid
from registry.views import card_page
from registry.views.drafts import draft_of

ROWS: Final = 120
"""Households on one screen; larger villages are paged, or taken by natural village."""


@dataclass
class Grid:
    """One showing of a village's year."""

    user: User
    village: Division
    year: int
    natural_village: str = ""
    page_no: str = "1"
    data: QueryDict | None = None
    rows: Sequence[Row] = field(default=())
    page: "Page[Any] | None" = None

    @property
    def editable(self) -> bool:
        """Tell whether the user may type here."""
        return self.year not in closed_years() and may(self.user, "registry.change_household")

    @property
    def draft_id(self) -> uuid.UUID:
        """The draft of this person, village and year."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.user.pk}/grid/{self.village.pk}/{self.year}")

    def load(self) -> None:
        """Read the households of the page: this year's cards, or last year's where none was begun."""
        self.page = CappedPaginator(self._households(), ROWS).get_page(self.page_no)
        years = (
            HouseholdYear.objects.within(self.village.pk)
            .filter(
                household__in=[one.pk for one in self.page.object_list], year__in=(self.year, self.year - 1)
            )
            .select_related("household")
        )
        facts = {(row.household.household_no, row.year): row for row in years}
        cards = {(card.household_no, card.year): card for card in read_cards(years.order_by("pk"))}
        rows = []
        for household in self.page.object_list:
            number = household.household_no
            now, last = facts.get((number, self.year)), facts.get((number, self.year - 1))
            shown = now or last
            if shown is None:
                continue
            rows.append(
                Row(
                    card=cards[number, shown.year],
                    before=cards.get((number, self.year - 1)),
                    version=now.version if now else None,
                    head=shown.head_name,
                    data=self.data,
                )
            )
        self.rows = rows

    def _households(self) -> "QuerySet[Household]":
        """The households with a card of the year, and those still standing that had one the year before."""
        cards = HouseholdYear.objects.filter(household=OuterRef("pk"))
        if self.natural_village:
            cards = cards.filter(natural_village=self.natural_village)
        now, last = Exists(cards.filter(year=self.year)), Exists(cards.filter(year=self.year - 1))
        begun = Exists(HouseholdYear.objects.filter(household=OuterRef("pk"), year=self.year))
        carried = Q(last, ~Q(begun), status__in=LIVE) if self.editable else Q(pk__in=[])
        return (
            Household.objects.visible_to(self.user)
            .within(self.village.pk)
            .filter(Q(now) | carried)
            .order_by("household_no")
        )

    @property
    def address(self) -> str:
        """The grid as it is shown, without the draft."""
        asked = {"nv": self.natural_village, "page": self.page_no if self.page_no != "1" else ""}
        query = urlencode({name: value for name, value in asked.items() if value})
        url = reverse("village_grid", args=[self.village.pk, self.year])
        return f"{url}?{query}" if query else url

    def respond(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(request, "registry/village_grid.html", self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """Return all that the template reads."""
        rows = self.rows
        try:
            line: Decimal | None = poverty_line(self.year).amount
        except NoStandard:
            line = None
        years = years_on_file()
        return {
            "village": self.village,
            "year": self.year,
            "last_year": self.year - 1,
            "rows": rows,
            "page": self.page,
            "groups_before": sheet.GROUPS[: sheet.BEFORE_SUMS],
            "groups_after": sheet.GROUPS[sheet.BEFORE_SUMS :],
            "options": sheet.options(),
            "line": line,
            "closed": self.year in closed_years(),
            "editable": self.editable,
            "trail": [*card_page.trail(self.village.pk), {"label": f"{self.year} 年度更新", "url": ""}],
            "years": [(one, reverse("village_grid", args=[self.village.pk, one])) for one in years],
            "natural_villages": natural_villages_of(self.village, self.year),
            "natural_village": self.natural_village,
            "persons": sum(row.card.member_count for row in rows),
            "begun": sum(row.version is not None for row in rows),
            "saved": [row for row in rows if row.is_saved],
            "wrong": [row for row in rows if row.is_wrong],
            "doubts": sum(bool(cell.doubt) for row in rows for cell in row.cells),
            "errors": sum(bool(cell.error) for row in rows for cell in row.cells)
            + sum(bool(row.elsewhere) for row in rows),
            "address": self.address,
            "draft_id": self.draft_id,
            "draft_url": reverse("draft_save", args=[self.draft_id]),
            "may_print": may(self.user, "registry.print_card"),
        }


def natural_villages_of(village: Division, year: int) -> list[tuple[str, int]]:
    """Return the natural villages of a village's cards of a year, or of the year before, with how many each has."""
    cards = HouseholdYear.objects.within(village.pk).exclude(natural_village="")
    for asked in (year, year - 1):
        counted = cards.filter(year=asked).values_list("natural_village").annotate(Count("pk"))
        if found := list(counted.order_by("natural_village")):
            return found
    return []


@door("registry.view_village", audit="village.grid")
@require_http_methods(["GET", "POST"])
def village_grid(request: HttpRequest, code: int, year: int) -> HttpResponse:
    """Show a village's year; save the rows that were changed, the good ones at once."""
    user = actor(request)
    if user.post is None:
        raise Refused("您现在没有在任的岗位")
    villages = Division.objects.within(user.post.division_id).administrative_villages()
    grid = Grid(
        user,
        get_object_or_404(villages, pk=code),
        year,
        natural_village=request.GET.get("nv", "")[:50],
        page_no=request.GET.get("page", "1")[:4],
    )
    if request.method == "POST":
        return _save(request, grid)
    if draft := request.GET.get("draft"):
        grid.data = draft_of(user, draft)
    grid.load()
    for row in grid.rows:
        if row.data is not None:
            row.read()
    return grid.respond(request)


def _save(request: HttpRequest, grid: Grid) -> HttpResponse:
    """Save what was changed; what could not be saved is shown again as it was typed, with the reason at its cell."""
    if not grid.editable:
        raise Refused(
            f"{grid.year} 年度已关账，请逐户用更正单" if grid.year in closed_years() else "您的岗位只能查看",
            permission="registry.change_household",
        )
    grid.data = request.POST
    grid.load()
    posted = set(sheet.typed_rows(request.POST))
    rows = [row for row in grid.rows if row.number in posted]
    for row in rows:
        version = request.POST.get(f"{row.number}-version", "")
        row.version = int(version) if version.isdigit() else None
    changes = [(row, change) for row in rows if (change := row.read()) is not None]
    results = save_grid(
        actor=grid.user,
        village=grid.village.pk,
        year=grid.year,
        rows=[change for _, change in changes],
        on=timezone.localdate(),
    )
    for (row, change), result in zip(changes, results, strict=True):
        row.take(result)
        if result.saved:
            row.card = changed(row.card, change.values)
    wrong = [row for row in rows if row.is_wrong]
    saved = sum(result.saved for result in results)
    if not wrong:
        discard_draft(actor=grid.user, draft_id=grid.draft_id)
        messages.success(request, f"已保存 {saved} 户" if saved else "没有改动")
        return HttpResponseRedirect(grid.address)
    grid.rows = [_fresh(row) for row in grid.rows]
    return grid.respond(request, status=422)


def _fresh(row: Row) -> Row:
    """A row that was saved goes on from its new version."""
    if row.is_saved and row.result is not None:
        row.version = row.result.version
    return row


urlpatterns: list[URLPattern] = [
    path("villages/<int:code>/<int:year>/grid/", village_grid, name="village_grid"),
]
