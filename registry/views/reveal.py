"""Whole ID numbers, telephones and accounts: opened for a reason, shown once, kept by nothing (security.md row 23)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.errors import NotPossible
from fupin.accounts.services.access import open_for
from registry.models import HouseholdYear, Member, MemberYear
from registry.views import card_page


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed value of a card: whose, what, how it is shown to everybody, and where it lies."""

    whose: str
    member_no: str
    """His number; empty for what is the household's."""
    label: str
    masked: str
    row: UUID
    whole: str = ""


def kept_on(card: HouseholdYear) -> Iterator[Kept]:
    """Yield the sealed values of a card, the household's first."""
    head = card.head_name or "本户"
    for label, masked, row in (
        ("联系电话", card.phone_masked, card.phone_sealed),
        ("银行账号", card.bank_account_masked, card.bank_account_sealed),
    ):
        if row is not None:
            yield Kept(head, "", label, masked, row)
    for member_year in (
        MemberYear.objects.filter(household_year=card).select_related("member").order_by("seat")
    ):
        member = member_year.member
        for label, masked, row in (
            ("证件号码", member.id_no_masked, member.id_no_sealed),
            ("残疾证号", member_year.disability_no_masked, member_year.disability_no_sealed),
            ("联系电话", member_year.phone_masked, member_year.phone_sealed),
        ):
            if row is not None:
                yield Kept(member.name, member.member_no, label, masked, row)


def _is_asked_for(one: Kept, request: HttpRequest) -> bool:
    """Tell whether the address names the person; by number, since addresses stand in logs and histories of browsers."""
    return bool(one.member_no) and one.member_no == request.GET.get("member")


@door("registry.reveal", audit="household.reveal", proof=True)
@never_cache
@require_http_methods(["GET", "POST"])
def household_reveal(request: HttpRequest, household_no: str, year: int) -> HttpResponse:
    """Ask what is wanted and why; open exactly that, and show it on the answer alone."""
    user = actor(request)
    card = get_object_or_404(
        HouseholdYear.objects.visible_to(user).select_related("household"),
        household__household_no=household_no,
        year=year,
    )
    return answer_for(
        request,
        list(kept_on(card)),
        Asking(
            division=card.division_id,
            object_key=f"{household_no}/{year}",
            heading=f"{card.head_name or '未填户主'} 户",
            fact=f"{household_no[:12]} {household_no[12:]} · {year} 年度",
            back=reverse("household_card", args=[household_no, year]),
            back_label="返回户卡",
        ),
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose numbers are asked for: where they lie, what the record calls them, and the page around the question."""

    division: int
    object_key: str
    heading: str
    fact: str
    back: str
    back_label: str


def answer_for(request: HttpRequest, kept: Sequence[Kept], asking: Asking) -> HttpResponse:
    """Show the question, or open what was ticked for the reason given; the record is kept before anything is opened."""
    user = actor(request)
    asked = set(request.POST.getlist("row"))
    chosen = [one for one in kept if str(one.row) in asked]
    reason, wrong, opened = request.POST.get("reason", "").strip(), "", []
    if request.method == "POST":
        if not chosen:
            wrong = "请勾选要查看的号码"
        else:
            try:
                values = open_for(
                    user,
                    sealed=[one.row for one in chosen],
                    object_key=asking.object_key,
                    purpose="查看完整号码",
                    reason=reason,
                )
                note(division=asking.division)
                opened = [replace(one, whole=values.get(one.row, "")) for one in chosen]
            except NotPossible as refused:
                wrong = str(refused)
    context = {
        "asking": asking,
        "kept": [(one, str(one.row) in asked or _is_asked_for(one, request)) for one in kept],
        "opened": opened,
        "reason": reason,
        "wrong": wrong,
        "trail": card_page.trail(asking.division),
    }
    answer = render(request, "registry/reveal.html", context, status=422 if wrong else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@door("registry.reveal")
@require_GET
def member_reveal(request: HttpRequest, member_no: str) -> HttpResponse:
    """Lead to the question about one person's numbers, on his latest card."""
    member = get_object_or_404(
        Member.objects.visible_to(actor(request)).select_related("household"), member_no=member_no
    )
    row = get_object_or_404(member.years.order_by("-year")[:1])
    url = reverse("household_reveal", args=[member.household.household_no, row.year])
    return redirect(f"{url}?{urlencode({'member': member_no})}")


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/<int:year>/reveal/", household_reveal, name="household_reveal"),
    path("members/<str:member_no>/reveal/", member_reveal, name="member_reveal"),
]
