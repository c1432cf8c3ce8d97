"""The card of a household: entered, opened, corrected as long as its year is open, checked as one types."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused, may
from fupin.divisions.codes import contains, is_administrative_village
from fupin.divisions.models import Division
from fupin.history.looking import day_of, past_days
from fupin.lib import idnumber
from registry.errors import CardRefused, FieldConflict, StaleCard
from registry.forms.card import CardForms, chosen, confirmed
from registry.models import FormDraft, Household, HouseholdYear
from registry.reports.cards import read_card
from registry.reports.carrying import carried_over
from registry.reports.years import closed_years, entry_year
from registry.rules.card import Card
from registry.rules.findings import Finding, error, warnings_in
from registry.services.cards import check, save_card
from registry.services.drafts import discard_draft
from registry.services.holders import holders_of
from registry.services.mapping import index_of
from registry.views import card_page
from registry.views.card_panels import panels_of
from registry.views.drafts import draft_of


@dataclass
class Page:
    """One showing of a card: whose, of which year, as stored or as typed, and what is to be said about it."""

    user: User
    year: int
    household: Household | None = None
    card_year: HouseholdYear | None = None
    stored: Card | None = None
    data: QueryDict | None = None
    village_code: str = ""
    findings: list[Finding] = field(default_factory=list)
    conflicts: list[FieldConflict] = field(default_factory=list)
    entry_key: uuid.UUID | None = None
    saved: bool = False
    closed: bool = False
    past: bool = False
    """A day that is over is looked at."""

    @property
    def editable(self) -> bool:
        """Tell whether the user may type on the card."""
        needed = "registry.change_household" if self.household else "registry.enter_household"
        if self.closed or self.past:
            return False
        return may(self.user, needed) and (self.household is None or self.household.is_live)

    @property
    def subject(self) -> str:
        """What a draft of this form is a draft of."""
        return f"{self.household.household_no}/{self.year}" if self.household else ""

    def respond(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(request, "registry/household_card.html", self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """Return all that the template reads."""
        forms = CardForms(year=self.year, data=self.data, card=self.stored, disabled=not self.editable)
        forms.is_readable() if self.data is not None else None
        remarks = self.card_year.remarks if self.card_year else []
        reasons = {(one["rule"], one["field"]): one["reason"] for one in remarks if one["reason"]}
        findings = self.findings or [
            Finding(one["rule"], "W", one["field"], one["message"]) for one in remarks
        ]
        forms.show(findings, answered=reasons)
        card = self._card(forms)
        division = (
            int(self.village_code) if self.village_code.isdigit() and len(self.village_code) == 12 else None
        )
        village = Division.objects.filter(pk=division).first() if division else None
        return {
            "household": self.household,
            "card_year": self.card_year,
            "year": self.year,
            "version": self.card_year.version if self.card_year else "",
            "head_name": (self.stored.head_name if self.stored else "") or "未填户主",
            "entry_key": self.entry_key,
            "editable": self.editable,
            "past": self.past,
            "form_url": reverse("household_card", args=[self.household.household_no, self.year])
            if self.household
            else reverse("household_new"),
            "draft_id": self.draft_id,
            "draft_url": reverse("draft_save", args=[self.draft_id]),
            "draft": self._draft(),
            "subject": self.subject,
            "saved": self.saved,
            "choices": forms.choices(self.conflicts),
            "lines": forms.lines(),
            "doubt_lines": forms.doubt_lines(),
            "trail": card_page.trail(division),
            "village_field": self.household is None,
            "village_code": self.village_code,
            "village_label": village.path_name if village else "",
            "village_error": next((one.message for one in self.findings if one.field == "village_code"), ""),
            "basic_cells": card_page.cells(forms, forms.basic, card_page.BASIC_ORDER),
            "condition_cells": card_page.cells(forms, forms.condition, (), "condition"),
            "relocation_cells": card_page.cells(forms, forms.relocation, (("new_address", 2),), "relocation"),
            "relocation_open": card.relocation is not None or any(bound.errors for bound in forms.relocation),
            "income_lines": card_page.money_lines(forms, card),
            "lines_typed": forms.lines_typed,
            "empty_line": forms.empty_line,
            "members": forms.members,
            "empty_member": forms.empty_member,
            "member_count": card.member_count,
            "rail": card_page.rail_of(
                card, forms, findings, reasons, card_page.year_before(self.household, self.year)
            ),
            **(self._of_household(self.household) if self.household else {}),
        }

    def _card(self, forms: CardForms) -> Card:
        if self.data is None and self.stored is not None:
            return self.stored
        return forms.read(
            year=self.year,
            village_code=self.village_code or None,
            household_no=self.household.household_no if self.household else None,
        )

    def _of_household(self, household: Household) -> dict[str, Any]:
        number = household.household_no
        return {
            "status_kind": card_page.status_kind(household),
            "tabs": card_page.year_tabs(
                household, self.year, closed_years(), entry_year(), may_start=self.editable
            ),
            "acts": card_page.acts_of(self.user, household, self.year, closed=self.closed)
            if not self.past
            else [],
            "attachments": household.attachments.filter(year=self.year, withdrawn_at__isnull=True)
            .select_related("uploaded_by")
            .order_by("kind", "pk"),
            "attachment_add_url": reverse("attachment_add", args=[number, self.year])
            if self.editable
            else "",
            "last_year": self.year - 1,
            "panels": panels_of(self.user, household, self.year),
        }

    @property
    def draft_id(self) -> uuid.UUID:
        """The draft that the form is kept in: a new card's entry key, or the one of this person and card."""
        if self.household is None:
            return self.entry_key or uuid.uuid4()
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.user.pk}/{self.subject}")

    def _draft(self) -> FormDraft | None:
        """The author's own draft of this card that is newer than the card, unless it is being shown."""
        if not self.editable or self.data is not None or self.household is None:
            return None
        mine: QuerySet[FormDraft] = FormDraft.objects.filter(
            author=self.user, form="card", subject=self.subject
        )
        if self.card_year is not None:
            mine = mine.filter(saved_at__gt=self.card_year.updated_at)
        return mine.order_by("-saved_at").first()


@door("registry.enter_household", audit="household.enter")
@require_http_methods(["GET", "POST"])
def household_new(request: HttpRequest) -> HttpResponse:
    """Enter a new card; the same entry key sent twice makes one household."""
    user = actor(request)
    year = entry_year()
    if request.method == "POST":
        page = Page(user, year, village_code=request.POST.get("village_code", "").strip())
        page.entry_key = _key(request.POST.get("entry_key"))
        return _save(request, page, household=None, base_version=None)
    page = Page(
        user, year, entry_key=uuid.uuid4(), village_code=_village_given(user, request.GET.get("village", ""))
    )
    if draft := request.GET.get("draft"):
        page.entry_key = _key(draft)
        page.data = draft_of(user, draft)
        page.village_code = page.data.get("village_code", "")
    return page.respond(request)


@door("registry.view_household", audit="household.change")
@require_http_methods(["GET", "POST"])
@past_days
def household_card(request: HttpRequest, household_no: str, year: int) -> HttpResponse:
    """Show a card of a year; save it when its year is open and the post may change it."""
    user = actor(request)
    household = get_object_or_404(Household.objects.visible_to(user), household_no=household_no)
    card_year = (
        HouseholdYear.objects.select_related("household").filter(household=household, year=year).first()
    )
    stored = read_card(card_year) if card_year else carried_over(household, year)
    if stored is None or (card_year is None and (day_of(request) or year > entry_year())):
        raise Http404
    page = Page(
        user,
        year,
        household=household,
        card_year=card_year,
        stored=stored,
        village_code=str(household.division_id),
        closed=year in closed_years(),
        saved=request.GET.get("saved") == "1",
        past=day_of(request) is not None,
    )
    if request.method == "POST":
        if not page.editable:
            raise Refused(
                f"{year} 年度已关账，请用更正单" if page.closed else "您的岗位只能查看此卡",
                permission="registry.change_household",
            )
        version = request.POST.get("version", "")
        return _save(
            request, page, household=household, base_version=int(version) if version.isdigit() else None
        )
    if (draft := request.GET.get("draft")) and not page.past:
        page.data = draft_of(user, draft)
    return page.respond(request)


def _save(
    request: HttpRequest, page: Page, *, household: Household | None, base_version: int | None
) -> HttpResponse:
    """Save what was typed, or show it again with everything that is wrong with it: nothing typed is lost."""
    page.data = chosen(request.POST)
    forms = CardForms(year=page.year, data=page.data, card=page.stored)
    unreadable = not forms.is_readable()
    card = forms.read(
        year=page.year,
        village_code=page.village_code or None,
        household_no=household.household_no if household else None,
    )
    wrong_village = village_refusal(page.user, page.village_code) if household is None else ""
    if unreadable or wrong_village:
        page.findings = _findings(page.user, household, card)
        if wrong_village:
            others = [finding for finding in page.findings if finding.field != "village_code"]
            page.findings = [error("R-20", "village_code", wrong_village), *others]
        return page.respond(request, status=422)
    try:
        saved = save_card(
            actor=page.user,
            household=household,
            card=card,
            base_version=base_version,
            entry_key=page.entry_key or uuid.uuid4(),
            confirmed=confirmed(page.data.dict()),
            on=timezone.localdate(),
        )
    except CardRefused as refused:  # IdNumberTaken is one
        page.findings = [error(one.rule, one.field, one.message) for one in refused.findings]
        page.findings += warnings_in(_findings(page.user, household, card))
        return page.respond(request, status=422)
    except StaleCard as stale:
        page.conflicts = list(stale.conflicts)
        page.card_year = HouseholdYear.objects.select_related("household").get(
            household=household, year=page.year
        )
        return page.respond(request, status=409)
    return _after(request, page, saved.household, page.year)


def _after(request: HttpRequest, page: Page, household: Household, year: int) -> HttpResponse:
    """Go on after saving: to the card, or to the next empty one in the same village."""
    draft_id = page.draft_id
    discard_draft(actor=page.user, draft_id=draft_id)
    messages.success(request, f"已保存：{household.household_no}，{year} 年度")
    if request.POST.get("then") == "next" and may(page.user, "registry.enter_household"):
        return redirect(f"{reverse('household_new')}?village={household.division_id}&saved=1")
    return HttpResponseRedirect(f"{reverse('household_card', args=[household.household_no, year])}?saved=1")


def _findings(user: User, household: Household | None, card: Card) -> list[Finding]:
    """Everything wrong with a card as typed; nothing is stored."""
    return check(actor=user, household=household, card=card, on=timezone.localdate())[1]


def _typed_reasons(data: QueryDict) -> dict[tuple[str, str], str]:
    """The reasons standing in the form, by rule and field."""
    return {
        (rule, path): why
        for key, why in confirmed(data.dict()).items()
        for rule, _, path in [key.partition(" ")]
    }


def _key(text: str | None) -> uuid.UUID:
    """A UUID that a form or an address carries; anything else is no page of ours."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise Http404 from None


def village_refusal(user: User, code: str) -> str:
    """Return why no card of this user may stand in the village, or nothing."""
    if not code:
        return "请选择户所在的行政村：输入拼音首字母、名称或 12 位代码"
    if not (code.isdigit() and len(code) == 12) or not Division.objects.filter(pk=int(code)).exists():
        return f"没有代码为 {code} 的村，请从列表中选择"
    if user.post is None or not contains(user.post.division_id, int(code)):
        return "此村不在您的岗位所属区划之内"
    if not is_administrative_village(int(code)):
        return "此处不是行政村，不能建户卡：请选村委会（代码后三位 200–599）"
    return ""


def _village_given(user: User, asked: str) -> str:
    """The village that the next card starts with: the one asked for, or the only one that the post covers."""
    if asked and not village_refusal(user, asked):
        return asked
    if user.post is not None and is_administrative_village(user.post.division_id):
        return str(user.post.division_id)
    return ""


@door("registry.change_household", quiet=True)
@require_POST
def card_check(request: HttpRequest) -> HttpResponse:
    """Return the rail for what stands in the form: sums, distance to the line, findings. Nothing is stored."""
    user = actor(request)
    household = None
    stored = None
    year = _year(request)
    if number := request.POST.get("household_no"):
        household = get_object_or_404(Household.objects.visible_to(user), household_no=number)
        card_year = (
            HouseholdYear.objects.select_related("household").filter(household=household, year=year).first()
        )
        stored = read_card(card_year) if card_year else None
    village = request.POST.get("village_code", "") or (str(household.division_id) if household else "")
    forms = CardForms(year=year, data=request.POST, card=stored)
    card = forms.read(year=year, village_code=village or None, household_no=number or None)
    findings = _findings(user, household, card)
    forms.show(findings)
    rail = card_page.rail_of(
        card, forms, findings, _typed_reasons(request.POST), card_page.year_before(household, year)
    )
    return render(request, "registry/_card_rail.html", {"rail": rail, "year": year})


@door("registry.change_household", audit="household.lookup")
@require_POST
def id_lookup(request: HttpRequest) -> HttpResponse:
    """Tell whether an ID number stands on another card of the year (R-04): outside one's scope only the county."""
    user = actor(request)
    year = _year(request)
    number = idnumber.normal(request.POST.get("id_no", ""))
    village = request.POST.get("village_code", "")
    holders = holders_of(
        [index_of("id_no", number)],
        year=year,
        village=int(village) if village.isdigit() else user.post.division_id if user.post else 0,
        besides=request.POST.get("household_no") or None,
    )
    return render(request, "registry/_id_lookup.html", {"holders": holders.values(), "year": year})


def _year(request: HttpRequest) -> int:
    """The year that the form is about."""
    asked = request.POST.get("year", "")
    return int(asked) if asked.isdigit() else entry_year()


urlpatterns = [
    path("households/new/", household_new, name="household_new"),
    path("households/check/", card_check, name="card_check"),
    path("households/id-lookup/", id_lookup, name="id_lookup"),
    path("households/<str:household_no>/<int:year>/", household_card, name="household_card"),
]
