"""Lists of help to take out: pairs, plans, measures with what became of them, what is to stop, who has none, the logs."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from fupin.deadlines.rules import day_of
from fupin.divisions.models import Division
from fupin.sheets.kinds import Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from registry.codes import Cause, HouseholdStatus, Labor, MeasureKind, VillageStatus
from registry.forms.filters import in_division
from registry.models import AssistPair, AssistPlan, HouseholdYear, MemberYear, WorkLog
from registry.models.help import HelpLevel, LogKind, RosterKind, Stop
from registry.reports.help.gaps import Gap, missing
from registry.reports.help.waiting import not_reached, recipients, to_stop, waiting_for_effect
from registry.resources.asking import scope_of, year_of
from registry.rules.help.effects import effect_due

PERMISSION: Final = "registry.view_help"
LISTS: Final = {"effect": "满一年没有成效", "reach": "未到户"}


def _named(choices: Any) -> Any:
    """Return how a code is shown: with its name."""
    labels = dict(choices.choices)
    return lambda code: f"{code} {labels.get(code, '')}".strip()


def _words(choices: Any) -> Any:
    """Return how a choice without an official code is shown: by its name."""
    labels = dict(choices.choices)
    return lambda value: labels.get(value, value)


def _day(value: date) -> date:
    return value


def _yuan(value: Decimal) -> Decimal:
    return round(Decimal(value), 2)


def _place(division: str = "division") -> dict[str, Column]:
    return {
        "village_code": Column("村代码", f"{division}_id"),
        "village": Column("村", f"{division}__name"),
        "township": Column("乡镇", f"{division}__parent__name"),
    }


def _person(path: str = "person", label: str = "帮扶责任人") -> dict[str, Column]:
    return {
        "person": Column(label, f"{path}__name"),
        "organ": Column("单位", f"{path}__organ__name"),
        "position": Column("职务", f"{path}__position"),
    }


@columns(
    _place(),
    {"household_no": Column("户编号", "household__household_no")},
    _person(),
    {
        "start_date": Column("起", "start_date", said=_day),
        "end_date": Column("止", "end_date", said=_day),
        "household_left": Column("因退出结束", "household_left", said=lambda left: "是" if left else "否"),
        "reason": Column("更换原因", "reason"),
    },
)
class PairResource(SheetResource):
    """结对: who answers for whom, since when, until when."""


@columns(
    {"level": Column("层次", "level", said=_words(HelpLevel))},
    _place(),
    {
        "household_no": Column("户编号", "household__household_no"),
        "member_no": Column("人编号", "member__member_no"),
        "year": Column("年度", "year"),
        "cause": Column("针对原因", "cause", said=_named(Cause)),
        "kind": Column("措施种类", "kind", said=_named(MeasureKind)),
        "goal": Column("目标", "goal"),
        "scale": Column("规模", "scale"),
        "amount": Column("计划资金", "amount", said=_yuan, decimals=2, summed=True),
        "income_gain": Column("计划增收", "income_gain", said=_yuan, decimals=2, summed=True),
        "due_on": Column("时限", "due_on", said=_day),
    },
    _person(label="责任人"),
    {
        "withdrawn_on": Column("撤销日期", "withdrawn_on", said=_day),
        "withdrawn_because": Column("撤销原因", "withdrawn_because"),
    },
)
class PlanResource(SheetResource):
    """帮扶计划: of villages, households and labourers."""


@columns(
    _place(),
    {
        "on": Column("日期", "measure__on", said=_day),
        "kind": Column("种类", "measure__kind", said=_named(MeasureKind)),
        "content": Column("内容", "measure__content"),
        "money_source": Column("资金来源", "measure__money_source"),
        "household_no": Column("户编号", "household__household_no"),
        "member_no": Column("人编号", "member__member_no"),
        "amount": Column("应到户金额", "amount", said=_yuan, decimals=2, summed=True),
        "delivered": Column("已到户金额", "delivered", said=_yuan, decimals=2, summed=True),
        "runs_until": Column("享受止期", "runs_until", said=_day),
        "effect_due_on": Column("成效期限", "measure__on", said=effect_due),
    },
    _person("measure__person", "责任人"),
    {
        "stop": Column("停止方式", "stop", said=_words(Stop)),
        "stopped_on": Column("停止日期", "stopped_on", said=_day),
        "stopped_because": Column("停止理由", "stopped_because"),
    },
)
class RecipientResource(SheetResource):
    """受益户: what a measure is to bring whom, and how far it has."""


@columns(
    _place(),
    {
        "household_no": Column("户编号", "household__household_no"),
        "head_name": Column("户主", "head_name"),
        "status": Column("状态", "household__status", said=_named(HouseholdStatus)),
        "cause_main": Column("主要致贫原因", "cause_main", said=_named(Cause)),
        "plan_exit_year": Column("计划脱贫年度", "plan_exit_year"),
        "member_count": Column("人口", "member_count", said=int, decimals=0, summed=True),
    },
)
class HouseholdGapResource(SheetResource):
    """缺口中的户."""


@columns(
    _place(),
    {
        "member_no": Column("人编号", "member__member_no"),
        "name": Column("姓名", "member__name"),
        "household_no": Column("户编号", "household_year__household__household_no"),
        "head_name": Column("户主", "household_year__head_name"),
        "labor": Column("劳动能力", "labor", said=_named(Labor)),
    },
)
class LabourerGapResource(SheetResource):
    """缺口中的劳动力."""


@columns(_place(), {"status": Column("状态", "status", said=_named(VillageStatus))})
class VillageGapResource(SheetResource):
    """缺口中的村."""


@columns(
    _place(),
    {
        "on": Column("日期", "on", said=_day),
        "person": Column("姓名", "entry__person__name"),
        "organ": Column("单位", "entry__person__organ__name"),
        "as_what": Column("类别", "entry__kind", said=_words(RosterKind)),
        "team": Column("工作队", "entry__team__name"),
        "kind": Column("事项", "kind", said=_words(LogKind)),
        "household_no": Column("服务的户", "household__household_no"),
        "project_no": Column("服务的项目", "project_no"),
        "content": Column("工作内容", "content"),
    },
)
class LogResource(SheetResource):
    """工作日志."""


def _selected(
    asked: Request,
    title: str,
    found: "QuerySet[Any]",
    sheet: str,
    resource: SheetResource,
    *,
    related: Sequence[str],
    filters: Sequence[tuple[str, str]] = (),
    about_people: bool = True,
) -> Selection:
    """Return a list cut to the division that was asked for."""
    scope: Division = scope_of(asked)
    text = asked.query.get("division", "").strip()
    rows = in_division(found, text) if text else found
    return Selection(
        title=f"{title}（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year_of(asked),
        filters=filters,
        tables=(Table(sheet, resource),),
        rows=rows.select_related("division__parent", *related),
        about_people=about_people,
    )


@sheet_kind("help_pairs", "结对帮扶", permission=PERMISSION)
def pairs(asked: Request) -> Selection:
    """Return who answers for whom, those who did before too."""
    found = AssistPair.objects.visible_to(asked.actor).order_by(
        "division_id", "household_id", "start_date", "pk"
    )
    return _selected(asked, "结对帮扶", found, "结对", PairResource(), related=("household", "person__organ"))


@sheet_kind("help_plans", "帮扶计划", permission=PERMISSION)
def plans(asked: Request) -> Selection:
    """Return the plans of a year on all three levels."""
    year = year_of(asked)
    found = AssistPlan.objects.visible_to(asked.actor).filter(year=year)
    return _selected(
        asked,
        f"{year} 年度帮扶计划",
        found.order_by("division_id", "level", "household_id", "pk"),
        "计划",
        PlanResource(),
        related=("household", "member", "person__organ"),
    )


@sheet_kind("help_measures", "帮扶措施", permission=PERMISSION)
def measures(asked: Request) -> Selection:
    """Return the recipients of a year's measures, or one of the lists of what waits."""
    year, chosen = year_of(asked), asked.query.get("list", "")
    if chosen == "effect":
        found, title = waiting_for_effect(asked.actor, day_of(timezone.now())), "满一年没有成效的措施"
    elif chosen == "reach":
        found, title = not_reached(asked.actor), "未到户的措施"
    else:
        found, title = recipients(asked.actor).filter(measure__on__year=year), f"{year} 年帮扶措施"
    return _received(asked, title, found, [("清单", LISTS[chosen])] if chosen in LISTS else [])


@sheet_kind("help_stops", "应停清单", permission=PERMISSION)
def stops(asked: Request) -> Selection:
    """Return what is still to come for households that have left."""
    return _received(asked, "应停清单", to_stop(asked.actor, day_of(timezone.now())), [])


def _received(
    asked: Request, title: str, found: "QuerySet[Any]", filters: Sequence[tuple[str, str]]
) -> Selection:
    return _selected(
        asked,
        title,
        found.order_by("division_id", "measure__on", "pk"),
        "受益户",
        RecipientResource(),
        related=("measure__person__organ", "household", "member"),
        filters=filters,
    )


@sheet_kind("help_gaps", "帮扶缺口", permission=PERMISSION)
def gaps(asked: Request) -> Selection:
    """Return whom help has left out, as the page's tab shows them."""
    year, text = year_of(asked), asked.query.get("gap", "")
    gap = Gap(text) if text in Gap.values else Gap.PERSON
    found = missing(gap, asked.actor, year)
    resource: SheetResource = VillageGapResource()
    related: tuple[str, ...] = ()
    order: tuple[str, ...] = ("division_id", "pk")
    if found.model is HouseholdYear:
        resource, related, order = (
            HouseholdGapResource(),
            ("household",),
            ("division_id", "household_id", "pk"),
        )
    elif found.model is MemberYear:
        resource = LabourerGapResource()
        related, order = ("member", "household_year__household"), ("division_id", "member_id", "pk")
    return _selected(
        asked,
        f"{year} 年度{gap.label}",
        found.order_by(*order),
        "缺口",
        resource,
        related=related,
        filters=[("缺口", str(gap.label))],
        about_people=bool(related),
    )


@sheet_kind("help_logs", "工作日志", permission=PERMISSION)
def logs(asked: Request) -> Selection:
    """Return the days of work logged in the villages, of one kind of roster where the page shows one."""
    kind = asked.query.get("kind", "")
    found = WorkLog.objects.visible_to(asked.actor)
    filters = []
    if kind in RosterKind.values:
        found, filters = found.filter(entry__kind=kind), [("类别", str(RosterKind(kind).label))]
    return _selected(
        asked,
        "工作日志",
        found.order_by("division_id", "-on", "pk"),
        "日志",
        LogResource(),
        related=("entry__person__organ", "entry__team", "household"),
        filters=filters,
    )


__all__ = ["gaps", "logs", "measures", "pairs", "plans", "stops"]
