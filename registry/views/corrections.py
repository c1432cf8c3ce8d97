"""Correction slips: a card of a closed year put right, asked for by one person and decided by another (procedures §7)."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.errors import CardRefused, RegistryError, StaleCard
from registry.forms.card import CardForms
from registry.models import CorrectionSlip, FormDraft, Household, HouseholdYear, SlipStatus
from registry.reports.cards import read_card
from registry.reports.differences import Difference
from registry.reports.years import closed_years
from registry.rules.findings import error
from registry.services.corrections import changes_asked, decide_correction, propose_correction
from registry.services.drafts import discard_draft
from registry.views import card_page
from registry.views.cards import Page
from registry.views.drafts import draft_of


@dataclass
class SlipPage(Page):
    """The card of a closed year as it should have been."""

    reason: str = ""
    evidence: str = ""
    refusal: str = ""
    changes: list[Difference] = field(default_factory=list)

    @property
    def editable(self) -> bool:
        """Tell whether the user may ask for a correction."""
        return may(self.user, "registry.correct_card")

    @property
    def draft_id(self) -> uuid.UUID:
        """The draft of this person's slip for this card."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.user.pk}/correction/{self.subject}")

    def _draft(self) -> FormDraft | None:
        if self.data is not None:
            return None
        return FormDraft.objects.filter(pk=self.draft_id, author=self.user).defer("payload").first()

    def respond(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(request, "registry/correction_new.html", self.context(), status=status)

    def context(self) -> dict[str, Any]:
        """Return what the template reads besides the card."""
        found = super().context()
        if self.household is not None:
            found["form_url"] = reverse("correction_new", args=[self.household.household_no, self.year])
        return {
            **found,
            "acts": [],
            "tabs": [],
            "attachment_add_url": "",
            "reason": self.reason,
            "evidence": self.evidence,
            "refusal": self.refusal,
            "changes": self.changes,
        }


@door("registry.correct_card", audit="correction.propose")
@require_http_methods(["GET", "POST"])
def correction_new(request: HttpRequest, household_no: str, year: int) -> HttpResponse:
    """Fill in what a closed year's card should say; see what changes, then send it off to be decided."""
    user = actor(request)
    household = get_object_or_404(Household.objects.visible_to(user), household_no=household_no)
    card_year = get_object_or_404(
        HouseholdYear.objects.select_related("household"), household=household, year=year
    )
    if year not in closed_years():
        messages.info(request, f"{year} 年度未关账，可直接修改户卡")
        return redirect("household_card", household_no=household_no, year=year)
    waiting = CorrectionSlip.objects.filter(household_year=card_year, status=SlipStatus.PROPOSED).first()
    if waiting is not None:
        messages.info(request, "该户卡已有一张待审核的更正单，审核后才能再填")
        return redirect("correction_decide", pk=waiting.pk)
    page = SlipPage(
        user,
        year,
        household=household,
        card_year=card_year,
        stored=read_card(card_year),
        village_code=str(card_year.division_id),
    )
    if request.method == "POST":
        return _propose(request, page, card_year)
    if draft := request.GET.get("draft"):
        page.data = draft_of(user, draft)
        page.reason, page.evidence = page.data.get("slip-reason", ""), page.data.get("slip-evidence", "")
    return page.respond(request)


def _propose(request: HttpRequest, page: SlipPage, card_year: HouseholdYear) -> HttpResponse:
    """List what would change; on the second step send the slip."""
    page.data = request.POST
    page.reason = request.POST.get("slip-reason", "").strip()
    page.evidence = request.POST.get("slip-evidence", "").strip()
    forms = CardForms(year=page.year, data=page.data, card=page.stored)
    readable = forms.is_readable()
    assert page.household is not None  # noqa: S101  (the view found it)
    card = forms.read(
        year=page.year, village_code=page.village_code, household_no=page.household.household_no
    )
    if not readable:
        return page.respond(request, status=422)
    version = request.POST.get("version", "")
    today = timezone.localdate()
    try:
        page.changes = changes_asked(actor=page.user, household_year=card_year, card=card, on=today)
        if not page.reason:
            page.refusal = "请填写更正理由"
        elif not page.changes:
            page.refusal = "与现卡相同，没有更正事项"
        elif request.POST.get("confirmed") == "1":
            slip = propose_correction(
                actor=page.user,
                household_year=card_year,
                card=card,
                base_version=int(version) if version.isdigit() else 0,
                reason=page.reason,
                evidence=page.evidence,
                on=today,
            )
            discard_draft(actor=page.user, draft_id=page.draft_id)
            messages.success(request, "更正单已提交，由县扶贫办另一人审核")
            return redirect("correction_decide", pk=slip.pk)
    except CardRefused as refused:
        page.findings = [error(one.rule, one.field, one.message) for one in refused.findings]
    except StaleCard:
        page.refusal = "此卡在您填单期间已被更正，请重新打开再填"
    except RegistryError as refused:
        page.refusal = str(refused)
    wrong = bool(page.findings or page.refusal)
    if wrong:
        page.changes = []
    return page.respond(request, status=422 if wrong else 200)


@door("registry.view_household")
@require_GET
def correction_list(request: HttpRequest) -> HttpResponse:
    """List the slips: those that wait, one's own, all."""
    user = actor(request)
    status = request.GET.get("status", "")
    mine = request.GET.get("mine") == "1"
    slips = asked_for(user, status, mine=mine)
    page = page_of(slips, request.GET.get("page"))
    waiting = CorrectionSlip.objects.visible_to(user).filter(status=SlipStatus.PROPOSED).count()
    tabs = [
        (
            f"待审核 {waiting}",
            f"?status={SlipStatus.PROPOSED.value}",
            status == SlipStatus.PROPOSED and not mine,
        ),
        ("我填的", "?mine=1", mine),
        ("已更正", f"?status={SlipStatus.APPLIED.value}", status == SlipStatus.APPLIED and not mine),
        ("已退回", f"?status={SlipStatus.REJECTED.value}", status == SlipStatus.REJECTED and not mine),
        ("全部", "?", not status and not mine),
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/correction_list.html", context)


def asked_for(user: User, status: str, *, mine: bool) -> "QuerySet[CorrectionSlip]":
    """Return the slips of one's division by status and maker, those that wait the oldest first."""
    slips = CorrectionSlip.objects.visible_to(user).select_related(
        "household_year__household",
        "village_year__village",
        "labourer_year__member",
        "division",
        "made_by",
        "decided_by",
    )
    if status in SlipStatus.values:
        slips = slips.filter(status=status)
    if mine:
        slips = slips.filter(made_by=user)
    return (
        slips.order_by("made_at", "pk")
        if status == SlipStatus.PROPOSED
        else slips.order_by("-made_at", "-pk")
    )


@door("registry.view_household", audit="correction.decide")
@require_http_methods(["GET", "POST"])
def correction_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a slip, old beside new; approve it or send it back, if one may and did not make it."""
    user = actor(request)
    slip = get_object_or_404(
        CorrectionSlip.objects.visible_to(user).select_related(
            "household_year__household",
            "village_year",
            "labourer_year__member",
            "division",
            "made_by",
            "decided_by",
        ),
        pk=pk,
    )
    refusal = ""
    if request.method == "POST":
        approve = request.POST.get("decision") == "approve"
        try:
            decide_correction(
                actor=user,
                slip=slip,
                approve=approve,
                decision_note=request.POST.get("note", ""),
                on=timezone.localdate(),
            )
        except CardRefused as refused:
            refusal = f"更正后的{slip.what}不合规则，不能生效：{refused}"
        except RegistryError as refused:
            refusal = str(refused)
        else:
            messages.success(request, "已更正，原值留在历史里" if approve else "已退回填单人")
            return redirect("correction_decide", pk=pk)
    holds = may(user, "registry.approve_correction")
    context = {
        "slip": slip,
        "card": slip.household_year,
        "table": slip.village_year,
        "labourer": slip.labourer_year,
        "version_now": slip.about.version,
        "may_decide": holds and slip.made_by_id != user.pk and slip.status == SlipStatus.PROPOSED,
        "own": holds and slip.made_by_id == user.pk and slip.status == SlipStatus.PROPOSED,
        "refusal": refusal,
        "note": request.POST.get("note", ""),
        "trail": card_page.trail(slip.division_id),
    }
    return render(request, "registry/correction_decide.html", context, status=422 if refusal else 200)


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/<int:year>/correct/", correction_new, name="correction_new"),
    path("corrections/", correction_list, name="correction_list"),
    path("corrections/<int:pk>/", correction_decide, name="correction_decide"),
]
