"""Notices of cases: who is on the list, on which day it will hang; the draft is printed and posted among the notices."""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.divisions.codes import contains
from fupin.notices.models import Notice
from registry.codes import HouseholdStatus as H, VillageStatus as V
from registry.errors import StepRefused
from registry.models import Case, Round
from registry.reports.cases import status_label
from registry.reports.quotas import ranking
from registry.rules.procedure import Track
from registry.rules.quota import Standing
from registry.services.listing import draw_up_list, not_announced
from registry.views import card_page

LEADS_TO: Final = {
    H.DELIBERATED.value: H.FIRST_NOTICE.value,
    H.TOWNSHIP_PASSED.value: H.SECOND_NOTICE.value,
    H.REGISTERED.value: H.REGISTERED.value,
    H.EXIT_ACCEPTED.value: H.EXIT_NOTICE.value,
    H.EXITED.value: H.EXITED.value,
    V.TOWNSHIP_PASSED.value: V.TOWNSHIP_NOTICE.value,
    V.EXIT_PROPOSED.value: V.EXIT_NOTICE.value,
}
"""The state of whose notice a case's list is drawn up; of a decision, its announcement."""


class ListForm(forms.Form):
    """The day on which the list will hang."""

    on = forms.DateField(
        label="张贴日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="稿面日期，公示期从次日起算",
    )

    def __init__(self, data: QueryDict | None, *, today: date) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, initial={"on": today})


@door("notices.draw_up", audit="notices.draw_up")
@require_http_methods(["GET", "POST"])
def round_notice(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Draw up the list of a village's cases at a status, those that the quota's line leaves out unticked."""
    user = actor(request)
    in_round = get_object_or_404(Round, pk=pk)
    if user.post is None or not contains(user.post.division_id, code):
        raise Http404
    status = request.POST.get("status", "") or request.GET.get("status", "")
    cases = list(
        Case.objects.visible_to(user)
        .within(code)
        .filter(round=in_round, track=Track.ENTRY, status=status)
        .select_related("household", "round", "division")
        .order_by("number")
    )
    if status not in LEADS_TO or not cases:
        messages.info(request, "没有可列入公示的户")
        return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
    if status == H.REGISTERED:
        cases = not_announced(cases) or cases
    places = {row.case.pk: row for row in ranking(user, in_round, code).rows}
    listed = {
        case.number
        for case in cases
        if case.pk in places and places[case.pk].place.standing == Standing.LISTED
    }
    back = f"{reverse('round_page', args=[pk])}?division={code}"
    return _page(request, user, cases, places, listed if status == H.DELIBERATED else None, back)


@door("notices.draw_up", audit="notices.draw_up")
@require_http_methods(["GET", "POST"])
def case_notice(request: HttpRequest, number: str) -> HttpResponse:
    """Draw up the notice of one case."""
    user = actor(request)
    case = get_object_or_404(
        Case.objects.visible_to(user).select_related("household", "village", "round", "division"),
        number=number,
    )
    if case.status not in LEADS_TO:
        messages.info(request, f"档案现为“{status_label(case.status)}”，没有要公示的")
        return redirect("case_page", number=number)
    return _page(request, user, [case], {}, None, reverse("case_page", args=[number]))


def _page(
    request: HttpRequest,
    user: User,
    cases: list[Case],
    places: dict[int, Any],
    preferred: set[str] | None,
    back: str,
) -> HttpResponse:
    """The list with its day; drawn up it leads to the draft."""
    chosen = (
        set(request.POST.getlist("case"))
        if request.method == "POST"
        else preferred
        if preferred is not None
        else {case.number for case in cases}
    )
    form = ListForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    target = LEADS_TO[cases[0].status]
    if request.method == "POST" and form.is_valid():
        try:
            draft = draw_up_list(
                actor=user,
                cases=[case for case in cases if case.number in chosen],
                state=target,
                on=form.cleaned_data["on"],
            )
        except StepRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已拟公示稿：请打印张贴，回传照片后再办下一步")
            return redirect("notice_draft", number=draft.number)
    context = {
        "cases": [(case, places.get(case.pk), case.number in chosen) for case in cases],
        "form": form,
        "status": cases[0].status,
        "target": status_label(target),
        "back": back,
        "trail": card_page.trail(cases[0].division_id, page="case_list"),
    }
    return render(request, "registry/case_notice.html", context, status=422 if form.errors else 200)


def papers_of(notice: Notice | None) -> dict[str, Any]:
    """Return what a posted notice fills in of the step that rests on it."""
    if notice is None:
        return {}
    return {
        "on": notice.posted_on,
        "paper-NOTICE": f"公示 {notice.number}",
        "paper-POSTED": f"{notice.place}，{notice.posted_on} 照片",
    }


urlpatterns: list[URLPattern] = [
    path("rounds/<int:pk>/villages/<int:code>/notice/", round_notice, name="round_notice"),
    path("cases/<str:number>/notice/", case_notice, name="case_notice"),
]
