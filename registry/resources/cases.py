"""Cases with their steps, and a village's ranked list with the quota's line, as their pages show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from django.db.models import Prefetch

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.sheets.kinds import NotAsked, Part, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from registry.codes import HouseholdStatus
from registry.forms.cases import STATES, CaseFilter
from registry.models import Case, CaseStep, HouseholdYear, Round
from registry.reports.cases import LABELS, cases_asked, status_label
from registry.reports.quotas import RankedRow, ranking
from registry.resources.asking import scope_of
from registry.rules.procedure import Track


def _day(value: date) -> date:
    return value


@columns(
    {
        "number": Column("档案号", "number"),
        "track": Column("事项", "track", said=lambda value: Track(value).label),
        "round": Column("轮次", "round"),
        "household_no": Column("户编号", "household__household_no"),
        "village_code": Column("村代码", "division_id"),
        "village": Column("村", "division__name"),
        "township": Column("乡镇", "division__parent__name"),
        "persons": Column("计入规模人数", "persons", said=int, decimals=0, summed=True),
        "status": Column("现状", "status", said=status_label),
        "opened_on": Column("立档日期", "opened_on", said=_day),
        "closed_on": Column("结档日期", "closed_on", said=_day),
    }
)
class CaseResource(SheetResource):
    """档案: a case, where it stands and what it counts."""


@columns(
    {
        "number": Column("档案号", "case__number"),
        "place": Column("序号", "number", said=int, decimals=0),
        "label": Column("步骤", "label"),
        "source": Column("由", "source", said=status_label),
        "target": Column("至", "target", said=status_label),
        "on": Column("日期", "on", said=_day),
        "actor": Column("经办人", "actor__full_name"),
        "role": Column("岗位", "role", said=lambda value: Role(value).label),
        "representatives": Column("应到代表", "representatives", said=int, decimals=0),
        "attending": Column("实到", "attending", said=int, decimals=0),
        "in_favour": Column("同意", "in_favour", said=int, decimals=0),
        "card_version": Column("户卡版本", "card_version", said=int, decimals=0),
        "opinion": Column("意见", "opinion"),
    }
)
class StepResource(SheetResource):
    """步骤, a row each."""


@sheet_kind("cases", "识别档案", permission="registry.view_case")
def cases(asked: Request) -> Selection:
    """Return the cases as their list shows them, with every step that was taken."""
    scope, state = scope_of(asked), asked.query.get("state", "")
    state = state if state in STATES else "open"
    filtered = CaseFilter(asked.query, cases_asked(asked.actor, state))
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    steps = CaseStep.objects.select_related("actor", "case").order_by("case_id", "number")
    return Selection(
        title=f"识别档案（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=None,
        filters=[("范围", STATES[state]), *in_words(filtered.form)],
        tables=(Table("档案", CaseResource()), Table("步骤", StepResource())),
        rows=filtered.qs.select_related("household", "division__parent", "round")
        .prefetch_related(Prefetch("steps", queryset=steps))
        .order_by("division_id", "number"),
        parts=_steps,
        about_people=False,
    )


@dataclass(frozen=True, slots=True)
class LabelledStep:
    """A step with what it is called."""

    step: CaseStep

    @property
    def label(self) -> str:
        """Return the step in words."""
        return LABELS.get((self.step.name, self.step.source), self.step.name)

    def __getattr__(self, name: str) -> object:
        return getattr(self.step, name)


def _steps(case: Case) -> Iterable[Part]:
    return (Part(1, [LabelledStep(step) for step in case.steps.all()]),)


@dataclass(frozen=True, slots=True)
class Listed:
    """An applicant in his place; who was voted down stands behind with none."""

    number: int | None
    head: str
    household_no: str
    persons: int
    net_income: Decimal | None
    per_head: Decimal | None
    running: int | None
    standing: str
    why: str
    status: str


_COLUMNS: Final = {
    "number": Column("名次", "number", said=int, decimals=0),
    "head": Column("户主", "head"),
    "household_no": Column("户编号", "household_no"),
    "persons": Column("人口", "persons", said=int, decimals=0, summed=True),
    "net_income": Column("家庭纯收入", "net_income", said=Decimal, decimals=2, summed=True),
    "per_head": Column("人均纯收入", "per_head", said=Decimal, decimals=2),
    "running": Column("累计人口", "running", said=int, decimals=0),
    "standing": Column("结果", "standing"),
    "why": Column("原因", "why"),
    "status": Column("现状", "status"),
}


@columns(_COLUMNS)
class RankingResource(SheetResource):
    """排序: the applicants of a village from the poorest."""


@sheet_kind("ranking", "村申请户排序", permission="registry.view_case")
def ranked_list(asked: Request) -> Selection:
    """Return a village's ranked list in a round: where the line falls, who is left out and why."""
    village = scope_of(asked)
    number = asked.query.get("round", "")
    in_round = Round.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if in_round is None or not village.code % 1000:
        raise NotAsked("请在一个村的排序页上导出")
    found = ranking(asked.actor, in_round, village.pk)
    quota = (
        []
        if found.quota is None
        else [("本村规模", f"{found.quota} 人"), ("其中在册", f"{found.standing} 人")]
    )
    line = [] if found.line is None else [(f"{in_round.income_year} 年国家标准", f"{found.line} 元")]
    return Selection(
        title=f"{in_round}申请户排序（{village.name}）",
        division=village.pk,
        scope=village.path_name or village.name,
        year=in_round.year,
        filters=[("轮次", str(in_round)), *quota, *line],
        tables=(Table("排序", RankingResource()),),
        rows=Case.objects.visible_to(asked.actor)
        .within(village.pk)
        .filter(round=in_round, track=Track.ENTRY)
        .select_related("household")
        .order_by("number"),
        read=partial(_in_their_places, actor=asked.actor, in_round=in_round, village=village.pk),
        persons="人口",
        counts={"列入户数": lambda row: row.standing == "列入"},
    )


def _in_their_places(rows: Iterable[Case], *, actor: User, in_round: Round, village: int) -> Iterator[Listed]:
    """Yield the applicants by their places, then those voted down and those without a card."""
    found = ranking(actor, in_round, village)
    placed = {row.case.pk for row in found.rows}
    yield from map(_listed, found.rows)
    others = [case for case in rows if case.pk not in placed]
    heads = dict(
        HouseholdYear.objects.filter(
            household_id__in=[case.household_id for case in others], year=in_round.income_year
        ).values_list("household_id", "head_name")
    )
    for case in others:
        down = case.status == HouseholdStatus.DELIBERATION_FAILED
        yield Listed(
            None, heads.get(case.household_id or 0, ""), case.household.household_no if case.household else "",
            case.persons, None, None, None, "未列", "评议未通过" if down else "没有户卡", status_label(case.status),
        )  # fmt: skip


def _listed(row: RankedRow) -> Listed:
    household = row.case.household
    return Listed(
        row.place.number,
        row.card.head_name,
        household.household_no if household else "",
        row.card.member_count,
        row.card.net_income,
        row.card.net_income_pc,
        row.place.running,
        row.place.standing.value,
        row.place.hint,
        row.status,
    )
