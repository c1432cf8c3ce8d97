"""Help of a village: causes and suggestions, plans, measures, its team, leader and roster."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.models import Division
from registry.forms.help.acts import PlanForm, VillageMeasureForm
from registry.models import AssistMeasure, AssistPlan, LeaderVillage
from registry.reports.help.teams import postings, roster, team_rows
from registry.reports.help.village import causes_of, village_plans
from registry.reports.years import entry_year
from registry.services.help.measures import For, MeasureFacts, put_down_measure
from registry.services.help.plans import PlanFacts, make_plan
from registry.views import card_page
from registry.views.help.showing import Table, act, listing, money, on, prose, text, today, whole


def _village(user: User, code: int) -> Division:
    if user.post is None:
        raise Http404
    villages = Division.objects.within(user.post.division_id).administrative_villages()
    return get_object_or_404(villages, pk=code)


@door("registry.view_help")
@require_GET
def help_village(request: HttpRequest, code: int) -> HttpResponse:
    """Show all help of a village."""
    user = actor(request)
    village = _village(user, code)
    year = entry_year()
    measures = (
        AssistMeasure.objects.visible_to(user)
        .filter(division_id=code, withdrawn_on__isnull=True)
        .select_related("person")
        .order_by("-on", "-pk")[:50]
    )
    enters = may(user, "registry.change_help")
    acts = [("村表", reverse("village_table", args=[code, year]))]
    if enters:
        acts += [
            ("＋ 村计划", reverse("help_village_plan", args=[code])),
            ("＋ 措施", reverse("help_village_measure", args=[code])),
        ]
    plans = [
        [
            text(f"{one.kind} {one.get_kind_display()}"),
            prose(one.goal),
            money(one.amount),
            on(one.due_on),
            text(one.person.name),
            text("撤销", reverse("help_withdraw_plan", args=[one.pk]) if enters else ""),
        ]
        for one in village_plans(user, code, year)
    ]
    causes = [
        [text(one.cause), whole(one.households), whole(one.persons), prose(one.measures)]
        for one in causes_of(user, code, year)
    ]
    done = [
        [
            on(one.on),
            text(f"{one.kind} {one.get_kind_display()}", reverse("help_measure_page", args=[one.pk])),
            prose(one.content),
            money(one.amount),
            text(one.person.name),
        ]
        for one in measures
    ]
    return listing(
        request,
        title=f"{village.name} · 帮扶",
        fact=f"{year} 年度",
        trail=card_page.trail(code),
        acts=acts,
        tables=[
            Table("致贫原因与建议措施", ("主要原因", "户数", "人数", "建议措施"), causes, "没有在册户"),
            Table(
                "村帮扶计划",
                ("措施", "目标", "计划资金 元", "时限", "责任人", ""),
                plans,
                "还没有村计划",
                "逐村、逐户、逐劳动力都应有计划。",
            ),
            Table("最近的措施", ("日期", "种类", "内容", "金额 元", "责任人"), done, "还没有措施"),
            _team(user, code),
            _leaders(user, code),
            _roster(user, code),
        ],
    )


def _team(user: User, code: int) -> Table:
    found = list(postings(user).filter(division_id=code).order_by("since", "pk"))
    rows = [
        [
            text(one.posting.team.name, reverse("help_team", args=[one.posting.team_id])),
            text(one.posting.team.organ.name),
            on(one.posting.since),
            on(one.stays_until),
            text(one.leader.person.name if one.leader else ""),
            on(one.last_log),
        ]
        for one in team_rows(found, today())
    ]
    heads = ("工作队", "派出单位", "进驻", "五年期满", "队长", "最近日志")
    return Table("驻村工作队", heads, rows, "还没有工作队")


def _leaders(user: User, code: int) -> Table:
    found = LeaderVillage.objects.visible_to(user).filter(division_id=code).select_related("person__organ")
    rows = [
        [
            text(one.person.name, reverse("lead_village", args=[one.pk])),
            text(one.person.organ.name),
            on(one.since),
            money(one.base_income),
            on(one.done_on),
        ]
        for one in found.order_by("-since", "pk")
    ]
    heads = ("包村领导", "单位", "起", "基年人均纯收入 元", "完成")
    return Table("领导包村", heads, rows, "没有包村领导")


def _roster(user: User, code: int) -> Table:
    found = roster(user).filter(division_id=code).order_by("-since", "pk")
    rows = [
        [
            text(one.person.name, reverse("help_roster_entry", args=[one.pk])),
            text(one.get_kind_display()),
            on(one.since),
            on(one.until),
            whole(getattr(one, "days_lived", 0)),
            whole(getattr(one, "days_logged", 0)),
        ]
        for one in found
    ]
    return Table("驻村名册", ("姓名", "类别", "起", "止", "住村天数", "有日志天数"), rows, "名册为空")


@door("registry.change_help", audit="help.plan")
@require_http_methods(["GET", "POST"])
def help_village_plan(request: HttpRequest, code: int) -> HttpResponse:
    """Plan help for a village."""
    user = actor(request)
    village = _village(user, code)
    year = entry_year()
    advice = "；".join(
        f"{one.cause} {one.households} 户：{one.measures}"
        for one in causes_of(user, code, year)
        if one.measures
    )
    return act(
        request,
        PlanForm(request.POST or None, place=code),
        lambda said: make_plan(actor=user, village=code, facts=PlanFacts(year=year, **said)),
        title=f"{village.name} · {year} 年度村帮扶计划",
        back=reverse("help_village", args=[code]),
        said="已列入村帮扶计划",
        hint=advice,
        division=code,
    )


@door("registry.change_help", audit="help.measure")
@require_http_methods(["GET", "POST"])
def help_village_measure(request: HttpRequest, code: int) -> HttpResponse:
    """Put down a measure of a village with the households that it is for."""
    user = actor(request)
    village = _village(user, code)
    plans = AssistPlan.objects.filter(division_id=code, withdrawn_on__isnull=True, household__isnull=True)
    form = VillageMeasureForm(
        request.POST or None, place=code, plans=plans.order_by("-year", "pk"), initial={"on": today()}
    )

    def do(said: dict[str, Any]) -> object:
        until = said.pop("runs_until")
        recipients = [For(household, None, amount, until) for household, amount in said.pop("recipients")]
        return put_down_measure(
            actor=user, village=code, facts=MeasureFacts(**said), recipients=recipients, today=today()
        )

    return act(
        request,
        form,
        do,
        title=f"{village.name} · 帮扶措施",
        back=reverse("help_village", args=[code]),
        said="已登记措施",
        hint="领导包村增收和工作队帮扶项目须写明受益户，到户到人。",
        division=code,
    )


urlpatterns: list[URLPattern] = [
    path("villages/<int:code>/help/", help_village, name="help_village"),
    path("villages/<int:code>/help/plan/", help_village_plan, name="help_village_plan"),
    path("villages/<int:code>/help/measure/", help_village_measure, name="help_village_measure"),
]
