"""Those who help: organs, people, and a person's own page with what waits for him."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.lib.paging import page_of
from registry.forms.help.staffing import OrganForm, PersonForm
from registry.models import AssistPair, AssistPerson, HouseholdYear
from registry.reports.help.leading import organs_without_village
from registry.reports.help.teams import organs_that_sent_nobody
from registry.reports.help.waiting import not_reached, waiting_for_effect
from registry.reports.years import entry_year
from registry.rules.help.effects import effect_due
from registry.services.help.people import add_organ, register_person
from registry.views.help.showing import Table, act, chip, listing, on, tabs_of, text, today
from registry.views.reveal import Asking, Kept, answer_for

MOST_SHOWN: Final = 200
"""Measures shown on a person's page; the oldest first, and the lists show the rest."""
_ORGANS: Final = (("unsent", "没有派出的单位"), ("unchosen", "主要负责同志未包村的省直单位"))


def _division(user: User) -> int:
    if user.post is None:
        raise Http404
    return user.post.division_id


@door("registry.view_help")
@require_GET
def help_people(request: HttpRequest) -> HttpResponse:
    """List the people who may serve here."""
    user = actor(request)
    people = AssistPerson.objects.visible_to(user).select_related("organ", "division")
    page = page_of(people.order_by("division_id", "name", "pk"), request.GET.get("page"))
    rows = [
        [
            text(one.name, reverse("help_person", args=[one.pk])),
            text(one.organ.name),
            text(one.position),
            text(one.get_education_display()),
            text(one.specialty),
            text(one.phone_masked),
            text(one.division.name),
        ]
        for one in page.object_list
    ]
    acts = []
    if may(user, "registry.assign_help"):
        acts = [("＋ 帮扶责任人", reverse("help_person_new")), ("＋ 单位", reverse("help_organ_new"))]
    heads = ("姓名", "单位", "职务", "学历", "技术特长", "电话", "服务区划")
    return listing(
        request,
        title="帮扶责任人",
        acts=[*acts, ("单位名录", reverse("help_organs"))],
        exports="help_pairs",
        tables=[Table("", heads, rows, "还没有帮扶责任人", "先登记单位，再登记人员。", page)],
    )


@door("registry.view_help")
@require_GET
def help_organs(request: HttpRequest) -> HttpResponse:
    """List the organs that sent nobody, and those whose head has no village."""
    user = actor(request)
    chosen = request.GET.get("list", "unsent")
    chosen = chosen if chosen in dict(_ORGANS) else "unsent"
    found = organs_without_village(user) if chosen == "unchosen" else organs_that_sent_nobody(user, today())
    page = page_of(
        found.select_related("division").order_by("division_id", "name", "pk"), request.GET.get("page")
    )
    rows = [
        [text(one.name), text(one.code), text(one.get_affiliation_display()), text(one.division.name)]
        for one in page.object_list
    ]
    acts = [("＋ 单位", reverse("help_organ_new"))] if may(user, "registry.assign_help") else []
    return listing(
        request,
        title="单位名录",
        acts=acts,
        tabs=tabs_of(request, "list", _ORGANS, chosen),
        note="只列名录中应派出的各级党政群机关和事业单位。",
        tables=[Table("", ("单位", "代码", "隶属", "所在"), rows, "没有", page=page)],
    )


@door("registry.assign_help", audit="help.organ")
@require_http_methods(["GET", "POST"])
def help_organ_new(request: HttpRequest) -> HttpResponse:
    """Put an organ on the list."""
    user = actor(request)
    division = _division(user)
    return act(
        request,
        OrganForm(request.POST or None),
        lambda said: add_organ(actor=user, division=division, **said),
        title="登记单位",
        back=reverse("help_organs"),
        said="单位已列入名录",
    )


@door("registry.assign_help", audit="help.person")
@require_http_methods(["GET", "POST"])
def help_person_new(request: HttpRequest) -> HttpResponse:
    """Put down an official who helps; he may serve anywhere in the division of whoever puts him down."""
    user = actor(request)
    division = _division(user)

    def do(said: dict[str, Any]) -> AssistPerson:
        return register_person(actor=user, division=division, user=said.pop("username"), on=today(), **said)

    return act(
        request,
        PersonForm(request.POST or None, user=user),
        do,
        title="登记帮扶责任人",
        back=reverse("help_people"),
        said="已登记帮扶责任人",
        hint="身份号码加密保存，页面只显示前 6 位；不得同时是在册贫困人口。",
    )


def _opens(user: User, person: AssistPerson) -> list[tuple[str, str]]:
    """The way to the person's whole numbers, for whom they are to be opened."""
    mine = user.post is not None and contains(user.post.division_id, person.division_id)
    if not (mine and may(user, "registry.reveal")):
        return []
    return [("查看完整号码", reverse("help_person_reveal", args=[person.pk]))]


@door("registry.view_help")
@require_GET
def help_mine(request: HttpRequest) -> HttpResponse:
    """Lead somebody who helps to his own page; whoever is nobody's helper to the list of them."""
    user = actor(request)
    mine = AssistPerson.objects.visible_to(user).filter(user=user).first()
    return redirect("help_person", pk=mine.pk) if mine else redirect("help_people")


@door("registry.view_help")
@require_GET
def help_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's households, which of his measures wait for their effect, and what has not arrived."""
    user = actor(request)
    person = get_object_or_404(AssistPerson.objects.visible_to(user).select_related("organ"), pk=pk)
    day, year = today(), entry_year()
    pairs = (
        AssistPair.objects.visible_to(user)
        .filter(person=person, end_date__isnull=True)
        .select_related("household", "division")
        .order_by("household__household_no", "pk")
    )
    heads = dict(
        HouseholdYear.objects.filter(
            household__in=[one.household_id for one in pairs], year=year
        ).values_list("household_id", "head_name")
    )
    households = [
        [
            text(one.household.household_no, reverse("help_household", args=[one.household.household_no])),
            text(heads.get(one.household_id, "")),
            text(one.division.name),
            on(one.start_date),
            chip(one.household.get_status_display(), "quiet"),
        ]
        for one in pairs
    ]
    waiting = (
        waiting_for_effect(user, day)
        .filter(measure__person=person)
        .select_related("measure", "household")
        .order_by("measure__on", "pk")[:MOST_SHOWN]
    )
    late = (
        not_reached(user)
        .filter(measure__person=person)
        .select_related("measure", "household")
        .order_by("measure__on", "pk")[:MOST_SHOWN]
    )
    columns = ("措施日期", "措施", "户编号", "成效期限")
    return listing(
        request,
        title=person.name,
        fact=f"{person.organ.name} {person.position} {person.id_no_masked}",
        trail=[{"label": "帮扶责任人", "url": reverse("help_people")}],
        acts=_opens(user, person),
        tables=[
            Table("满一年没有成效的措施", columns, [_late(one) for one in waiting], "没有等待成效的措施"),
            Table("未到户的措施", columns, [_late(one) for one in late], "都已到户"),
            Table("负责的户", ("户编号", "户主", "村", "自", "状态"), households, "没有负责的户"),
        ],
    )


@door("registry.reveal", audit="help.reveal", proof=True)
@never_cache
@require_http_methods(["GET", "POST"])
def help_person_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which of an official's numbers is wanted and why; those of whom a higher office keeps are that office's to open."""
    user = actor(request)
    people = AssistPerson.objects.within(_division(user)).select_related("organ")
    person = get_object_or_404(people, pk=pk)
    kept = [
        Kept(person.name, "", label, masked, row)
        for label, masked, row in (
            ("身份号码", person.id_no_masked, person.id_no_sealed),
            ("电话", person.phone_masked, person.phone_sealed),
        )
        if row is not None
    ]
    return answer_for(
        request,
        kept,
        Asking(
            division=person.division_id,
            object_key=f"assist_person/{pk}",
            heading=person.name,
            fact=f"{person.organ.name} {person.position}",
            back=reverse("help_person", args=[pk]),
            back_label="返回责任人",
        ),
    )


def _late(one: Any) -> list[Any]:
    return [
        on(one.measure.on),
        text(one.measure.content, reverse("help_recipient", args=[one.pk])),
        text(one.household.household_no, reverse("help_household", args=[one.household.household_no])),
        on(effect_due(one.measure.on)),
    ]


urlpatterns: list[URLPattern] = [
    path("help/mine/", help_mine, name="help_mine"),
    path("help/organs/", help_organs, name="help_organs"),
    path("help/organs/new/", help_organ_new, name="help_organ_new"),
    path("help/people/", help_people, name="help_people"),
    path("help/people/new/", help_person_new, name="help_person_new"),
    path("help/people/<int:pk>/", help_person, name="help_person"),
    path("help/people/<int:pk>/reveal/", help_person_reveal, name="help_person_reveal"),
]
