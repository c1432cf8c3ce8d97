"""Poor labourers: the list with what it comes to, and the card of a year."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused, may
from fupin.divisions.models import Division
from fupin.history.looking import ASKED_BY, day_of, past_days
from fupin.lib.paging import CappedPaginator, page_of
from registry.codes import Sex
from registry.errors import CardRefused, FieldConflict, StaleCard
from registry.forms.labour_force_filters import LabourForceFilter
from registry.forms.labourer import LabourerForms
from registry.models import LabourerYear, MemberYear
from registry.reports.assembly import member_card
from registry.reports.labourers import read_labourer
from registry.reports.years import closed_years, entry_year, years_on_file
from registry.rules.findings import Finding, error
from registry.rules.labourer import IN_WORK, WITHOUT_WORK, LabourerCard, check_labourer
from registry.rules.people import age, is_away_youth, is_female, is_labourer, is_stable
from registry.services.drafts import discard_draft
from registry.services.labourers import save_labourer_card
from registry.views import card_page
from registry.views.drafts import draft_of


@door("registry.view_labourer")
@require_GET
@past_days
def labourer_list(request: HttpRequest) -> HttpResponse:
    """List the labourers of a year, those still without a card too. HTMX gets the table alone."""
    user = actor(request)
    years = years_on_file()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else entry_year()
    rows = MemberYear.objects.visible_to(user).filter(year=year, is_labourer=True)
    asking = LabourForceFilter(request.GET, rows)
    shown = asking.qs.select_related("member__household", "division__parent", "labourer_card")
    order = shown.query.order_by if request.GET.get("order") else ("member__division_id", "member__member_no")
    page = page_of(shown.order_by(*order, "pk"), request.GET.get("page"), request.GET.get("size"), late=True)
    division = request.GET.get("division") or str(user.post.division_id if user.post else "")
    capped = isinstance(page.paginator, CappedPaginator) and page.paginator.is_capped
    context = {
        "filter": asking,
        "kept": ("year", ASKED_BY),
        "page": page,
        "rows": [(row, _age(row), getattr(row, "labourer_card", None)) for row in page.object_list],
        "year": year,
        "years": [(one, _of_year(request, one)) for one in years],
        "sums": None if capped else sums_of(asking.qs),
        "trail": card_page.trail(int(division), page="labourer_list") if division.isdigit() else [],
        "division_label": Division.objects.name_of(request.GET.get("division", "")),
    }
    template = "registry/_labourer_rows.html" if request.htmx else "registry/labourer_list.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _age(row: MemberYear) -> int | None:
    return row.year - row.member.birth_date.year if row.member.birth_date else None


def _of_year(request: HttpRequest, year: int) -> str:
    """The same question about another year."""
    asked: dict[str, list[str]] = {name: values for name, values in request.GET.lists() if name != "page"}
    return f"?{urlencode(asked | {'year': [str(year)]}, doseq=True)}"


def sums_of(rows: "QuerySet[MemberYear]") -> dict[str, int]:
    """Return how many there are, how many women, at work, without work, and without a card."""
    sums: dict[str, int] = rows.order_by().aggregate(
        persons=Count("pk"),
        women=Count("pk", filter=Q(member__sex=Sex.FEMALE)),
        employed=Count("pk", filter=Q(labourer_card__emp_status__in=IN_WORK)),
        idle=Count("pk", filter=Q(labourer_card__emp_status__in=WITHOUT_WORK)),
        missing=Count("pk", filter=Q(labourer_card__isnull=True)),
    )
    return sums


@dataclass
class LabourerPage:
    """One showing of a labourer's card."""

    user: User
    row: MemberYear
    stored: LabourerYear | None
    forms: LabourerForms
    findings: Sequence[Finding] = field(default=())
    conflicts: Sequence[FieldConflict] = field(default=())
    past: bool = False
    """A day that is over is looked at."""

    @property
    def draft_id(self) -> uuid.UUID:
        """The draft of this person, labourer and year."""
        return uuid.uuid5(
            uuid.NAMESPACE_URL, f"{self.user.pk}/labourer/{self.row.member.member_no}/{self.row.year}"
        )

    def respond(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(request, "registry/labourer_card.html", self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """Return all that the template reads."""
        row, year = self.row, self.row.year
        member = member_card(row.member, row)
        card = self.forms.read() if self.forms.data is not None else self.forms.card
        self.forms.show(self.findings)
        closed = closed_years()
        return {
            "row": row,
            "member": row.member,
            "household": row.household_year.household,
            "card_year": row.household_year,
            "stored": self.stored,
            "year": year,
            "age": age(member, year),
            "forms": self.forms,
            "sections": self.forms.sections(),
            "lines": self.forms.lines(),
            "conflicts": self.conflicts,
            "editable": not self.past and editable(self.user, row),
            "closed": year in closed,
            "is_labourer": is_labourer(member, year),
            "derived": [
                ("妇女劳动力", is_female(member)),
                ("稳定就业", is_stable(card.longest_stay, year)),
                ("外出青壮年", is_away_youth(member, year)),
            ],
            "trail": [
                *card_page.trail(row.division_id, page="labourer_list"),
                {"label": row.member.name, "url": ""},
            ],
            "tabs": [
                {
                    "label": f"{one} 已关账" if one in closed else str(one),
                    "url": reverse("labourer_card", args=[row.member.member_no, one]),
                    "current": one == year,
                }
                for one in row.member.years.order_by("year").values_list("year", flat=True)
            ],
            "draft_url": reverse("draft_save", args=[self.draft_id]),
            "may_correct": self.stored is not None
            and not self.past
            and year in closed
            and may(self.user, "registry.correct_card"),
            "may_print": self.stored is not None and not self.past and may(self.user, "registry.print_card"),
            "others": MemberYear.objects.filter(household_year=row.household_year, is_labourer=True)
            .exclude(pk=row.pk)
            .select_related("member")
            .order_by("seat"),
        }


def editable(user: User, row: MemberYear) -> bool:
    """Tell whether the user may change the card."""
    return row.year not in closed_years() and may(user, "registry.change_labourer")


@door("registry.view_labourer", audit="labourer.change")
@require_http_methods(["GET", "POST"])
@past_days
def labourer_card(request: HttpRequest, member_no: str, year: int) -> HttpResponse:
    """Show a labourer's card of a year; save it when its year is open and the post may change it."""
    user = actor(request)
    row = get_object_or_404(
        MemberYear.objects.visible_to(user).select_related("member", "household_year__household"),
        member__member_no=member_no,
        year=year,
    )
    stored = LabourerYear.objects.select_related("updated_by", "member").filter(member_year=row).first()
    if stored is None and not row.is_labourer:
        get_object_or_404(LabourerYear.objects.none())
    card = _card_of(row, stored)
    if request.method == "POST":
        return _save(request, LabourerPage(user, row, stored, LabourerForms(card=card, data=request.POST)))
    past = day_of(request) is not None
    data = draft_of(user, request.GET["draft"]) if request.GET.get("draft") and not past else None
    forms = LabourerForms(card=card, data=data, disabled=past or not editable(user, row))
    return LabourerPage(user, row, stored, forms, past=past).respond(request)


def _card_of(row: MemberYear, stored: LabourerYear | None) -> LabourerCard:
    """The stored card, or an empty one that begins with the person's courses and certificates of earlier years."""
    if stored is not None:
        return read_labourer(stored)
    earlier = (
        LabourerYear.objects.select_related("member").filter(member=row.member).order_by("-year").first()
    )
    if earlier is None:
        return LabourerCard(year=row.year, member_no=row.member.member_no)
    before = read_labourer(earlier)
    return LabourerCard(
        year=row.year,
        member_no=row.member.member_no,
        hukou=before.hukou,
        trainings=before.trainings,
        certificates=before.certificates,
    )


def _save(request: HttpRequest, page: LabourerPage) -> HttpResponse:
    """Save what was typed, or show it again with everything that is wrong with it."""
    row, user = page.row, page.user
    if not editable(user, row):
        raise Refused(
            f"{row.year} 年度已关账，请用更正单"
            if row.year in closed_years()
            else "您的岗位只能查看劳动力卡",
            permission="registry.change_labourer",
        )
    readable = page.forms.is_readable()
    card = page.forms.read()
    today = timezone.localdate()
    if not readable:
        page.findings = check_labourer(card, member_card(row.member, row), today=today)
        return page.respond(request, status=422)
    version = request.POST.get("version", "")
    try:
        save_labourer_card(
            actor=user,
            member=row.member,
            card=card,
            base_version=int(version) if version.isdigit() else None,
            on=today,
        )
    except CardRefused as refused:
        page.findings = [error(one.rule, one.field, one.message) for one in refused.findings]
        return page.respond(request, status=422)
    except StaleCard as stale:
        page.conflicts = stale.conflicts
        page.stored = LabourerYear.objects.select_related("updated_by").get(member_year=row)
        return page.respond(request, status=409)
    discard_draft(actor=user, draft_id=page.draft_id)
    messages.success(request, f"已保存：{row.member.name} {row.year} 年度劳动力卡")
    return HttpResponseRedirect(reverse("labourer_card", args=[row.member.member_no, row.year]))


urlpatterns: list[URLPattern] = [
    path("labourers/", labourer_list, name="labourer_list"),
    path("labourers/<str:member_no>/<int:year>/", labourer_card, name="labourer_card"),
]
