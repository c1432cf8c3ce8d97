"""Poor villages: the list with what their cards come to, and the table of a year."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused, may
from fupin.divisions.codes import Level, level_of
from fupin.divisions.models import Division
from fupin.history.looking import ASKED_BY, day_of, past_days
from fupin.lib.paging import page_of
from registry.errors import CardRefused, FieldConflict, StaleCard
from registry.forms.card import confirmed
from registry.forms.village import NaturalVillageForm, VillageForm
from registry.forms.village_filters import VillageFilter, villages_of
from registry.models import HouseholdYear, NaturalVillage, VillageYear
from registry.reports.villages import poor_counts, read_table, sums_by_village, sums_of_all
from registry.reports.years import closed_years, entry_year, years_on_file
from registry.rules.findings import Finding, error, warnings_in
from registry.rules.village import poverty_rate
from registry.services.drafts import discard_draft
from registry.services.village_tables import add_natural_village, check_table, save_village_table
from registry.standard.fields import by_name
from registry.standard.village import VILLAGE_YEAR
from registry.views import card_page
from registry.views.drafts import draft_of

_FIELDS: Final = by_name(VILLAGE_YEAR)
DERIVED: Final = tuple(one.name for one in VILLAGE_YEAR if one.need == "D" and one.name != "name")


def village_of(user: User, code: int) -> Division:
    """Return an administrative village within the user's post, else 404."""
    if user.post is None:
        raise Refused("您现在没有在任的岗位")
    return get_object_or_404(
        Division.objects.within(user.post.division_id).administrative_villages(), pk=code
    )


@door("registry.view_village")
@require_GET
@past_days
def village_list(request: HttpRequest) -> HttpResponse:
    """List the villages with cards or a table of the year, with what their cards come to."""
    user = actor(request)
    if user.post is None:
        raise Refused("您现在没有在任的岗位")
    years = years_on_file()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else entry_year()
    asking = VillageFilter(request.GET, villages_of(user, year), year=year)
    page = page_of(asking.qs, request.GET.get("page"), request.GET.get("size") or "50")
    codes = [village.pk for village in page.object_list]
    cards = HouseholdYear.objects.visible_to(user)
    sums = sums_by_village(cards, codes, year)
    tables = {
        table.division_id: table
        for table in VillageYear.objects.filter(division__in=codes, year=year).select_related("village")
    }
    division = request.GET.get("division", "")
    here = int(division) if len(division) == 12 and division.isdigit() else user.post.division_id
    context = {
        "filter": asking,
        "kept": ("year", ASKED_BY),
        "page": page,
        "rows": [(village, sums.get(village.pk), tables.get(village.pk)) for village in page.object_list],
        "year": year,
        "years": [(one, _of_year(request, one)) for one in years],
        "sums": sums_of_all(cards.within(here), year)
        if _countable(here) and not _narrowed(request)
        else None,
        "trail": card_page.trail(here, page="village_list"),
        "division_label": Division.objects.filter(pk=here).values_list("path_name", flat=True).first()
        if division
        else "",
        "may_change": may(user, "registry.change_village") and year not in closed_years(),
    }
    template = "registry/_village_rows.html" if request.htmx else "registry/village_list.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _countable(code: int) -> bool:
    """Tell whether all cards below a division may be added up while somebody waits: a county and what lies below."""
    return level_of(code) >= Level.COUNTY


def _narrowed(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in ("q", "table", "attr", "status"))


def _of_year(request: HttpRequest, year: int) -> str:
    """The same question about another year."""
    asked: dict[str, list[str]] = {name: values for name, values in request.GET.lists() if name != "page"}
    return f"?{urlencode(asked | {'year': [str(year)]}, doseq=True)}"


@dataclass
class TablePage:
    """One showing of a village's table."""

    user: User
    village: Division
    year: int
    table: VillageYear | None
    form: VillageForm
    findings: Sequence[Finding] = field(default=())
    conflicts: Sequence[FieldConflict] = field(default=())
    past: bool = False
    """A day that is over is looked at."""

    @property
    def editable(self) -> bool:
        """Tell whether the user may type on the table."""
        return not self.past and editable(self.user, self.year)

    def respond(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(request, "registry/village_table.html", self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """Return all that the template reads."""
        remarks = self.table.remarks if self.table else []
        answered = {(one["rule"], one["field"]): one["reason"] for one in remarks if one["reason"]}
        findings = list(self.findings) or [
            Finding(one["rule"], "W", one["field"], one["message"]) for one in remarks
        ]
        self.form.show(findings, frozenset(answered))
        cards = HouseholdYear.objects.within(self.village.pk).filter(year=self.year)
        counts = poor_counts(cards, self.year)
        rural = self.form["rural_pop"].value()
        draft_id = draft_id_of(self.user, self.village, self.year)
        years = years_on_file()
        return {
            "village": self.village,
            "table": self.table,
            "year": self.year,
            "editable": self.editable,
            "closed": self.year in closed_years(),
            "form": self.form,
            "sections": self.form.sections(),
            "lines": self.form.lines(),
            "doubt_lines": self.form.doubt_lines(),
            "conflicts": self.form.conflict_rows(self.conflicts),
            "derived": [(_FIELDS[name].label, counts[name], _FIELDS[name].unit) for name in DERIVED],
            "rate": poverty_rate(counts["poor_pop"], int(rural) if str(rural or "").isdigit() else None),
            "drafts": cards.filter(household__status="D").count(),
            "findings": [(one, answered.get((one.rule, one.field), "")) for one in findings],
            "trail": [
                *card_page.trail(self.village.pk, page="village_list"),
                {"label": f"{self.year} 年度村表", "url": ""},
            ],
            "tabs": [
                {
                    "label": f"{one} 已关账" if one in closed_years() else str(one),
                    "url": reverse("village_table", args=[self.village.pk, one]),
                    "current": one == self.year,
                }
                for one in sorted(years)
            ],
            "draft_id": draft_id,
            "draft_url": reverse("draft_save", args=[draft_id]),
            "may_correct": self.table is not None
            and not self.past
            and self.year in closed_years()
            and may(self.user, "registry.correct_card"),
            "may_print": self.table is not None and not self.past and may(self.user, "registry.print_card"),
        }


def editable(user: User, year: int) -> bool:
    """Tell whether the user may change tables of a year."""
    return year not in closed_years() and may(user, "registry.change_village")


def draft_id_of(user: User, village: Division, year: int) -> uuid.UUID:
    """Return the id under which one's draft of a table is kept."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{user.pk}/village/{village.pk}/{year}")


@door("registry.view_village", audit="village.change")
@require_http_methods(["GET", "POST"])
@past_days
def village_table(request: HttpRequest, code: int, year: int) -> HttpResponse:
    """Show a village's table of a year; save it when its year is open and the post may change it."""
    user = actor(request)
    village = village_of(user, code)
    table = (
        VillageYear.objects.visible_to(user)
        .select_related("village", "updated_by")
        .filter(division_id=code, year=year)
        .first()
    )
    if request.method == "POST":
        return _save(request, user, village, year, table)
    past = day_of(request) is not None
    locked = past or not editable(user, year)
    if (draft := request.GET.get("draft")) and not past:
        form = VillageForm(draft_of(user, draft), disabled=locked)
        form.is_valid()
    else:
        form = VillageForm(disabled=locked, initial=initial_of(village, year, table))
    return TablePage(user, village, year, table, form, past=past).respond(request)


def initial_of(village: Division, year: int, table: VillageYear | None) -> Mapping[str, Any]:
    """Return what the form begins with: the table, or last year's with what has to be asked anew left empty."""
    if table is not None:
        return read_table(table)
    before = (
        VillageYear.objects.select_related("village").filter(division_id=village.pk, year=year - 1).first()
    )
    return {**read_table(before), "head_phone": None} if before else {}


def _save(
    request: HttpRequest, user: User, village: Division, year: int, table: VillageYear | None
) -> HttpResponse:
    """Save what was typed, or show it again with everything that is wrong with it."""
    if not editable(user, year):
        raise Refused(
            f"{year} 年度已关账，请用更正单" if year in closed_years() else "您的岗位只能查看村表",
            permission="registry.change_village",
        )
    form = VillageForm(request.POST)
    page = TablePage(user, village, year, table, form)
    readable = form.is_valid()
    values = {name: form.cleaned_data.get(name) for name in form.fields}
    if not readable:
        page.findings = check_table(division=village, year=year, values=values, on=timezone.localdate())
        return page.respond(request, status=422)
    version = request.POST.get("version", "")
    try:
        save_village_table(
            actor=user,
            division=village,
            year=year,
            values=values,
            base_version=int(version) if version.isdigit() else None,
            confirmed=confirmed(request.POST.dict()),
            on=timezone.localdate(),
        )
    except CardRefused as refused:
        found = check_table(division=village, year=year, values=values, on=timezone.localdate())
        page.findings = [
            *(error(one.rule, one.field, one.message) for one in refused.findings),
            *warnings_in(found),
        ]
        return page.respond(request, status=422)
    except StaleCard as stale:
        page.conflicts = stale.conflicts
        page.table = VillageYear.objects.select_related("village", "updated_by").get(
            division=village, year=year
        )
        return page.respond(request, status=409)
    discard_draft(actor=user, draft_id=draft_id_of(user, village, year))
    messages.success(request, f"已保存：{village.name} {year} 年度村表")
    return HttpResponseRedirect(f"{reverse('village_table', args=[village.pk, year])}?saved=1")


@door("registry.view_village", audit="village.add_natural_village")
@require_http_methods(["GET", "POST"])
def natural_village_list(request: HttpRequest, code: int) -> HttpResponse:
    """List the natural villages of a village with their households of the year; add one."""
    user = actor(request)
    village = village_of(user, code)
    may_add = may(user, "registry.change_village")
    form = NaturalVillageForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            added = add_natural_village(actor=user, division=village, name=form.cleaned_data["name"])
        except CardRefused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"已添加：{added.name}")
            return redirect("natural_village_list", code=code)
    year = entry_year()
    counts = households_by_name(village, year)
    names = NaturalVillage.objects.visible_to(user).filter(division=village).order_by("name")
    context = {
        "village": village,
        "year": year,
        "rows": [(one, *counts.get(one.name, (0, 0))) for one in names],
        "form": form,
        "may_add": may_add,
        "trail": [*card_page.trail(code, page="village_list"), {"label": "自然村", "url": ""}],
    }
    return render(request, "registry/natural_village_list.html", context, status=422 if form.errors else 200)


def households_by_name(village: Division, year: int) -> dict[str, tuple[int, int]]:
    """Return households and persons of a year by natural village."""
    cards = HouseholdYear.objects.within(village.pk).filter(year=year).values_list("natural_village")
    rows = cards.annotate(Count("pk"), Sum("member_count")).order_by()
    return {name: (households, persons or 0) for name, households, persons in rows}


urlpatterns: list[URLPattern] = [
    path("villages/", village_list, name="village_list"),
    path("villages/<int:code>/<int:year>/", village_table, name="village_table"),
    path("villages/<int:code>/natural-villages/", natural_village_list, name="natural_village_list"),
]
