"""A saved question's rows, and a sample's households, as workbooks."""

from decimal import Decimal
from functools import partial

from django.utils import timezone

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Cell, Column, SheetResource, columns
from registry.forms.audit import BetweenForm, QuestionForm
from registry.forms.filters import in_division
from registry.models import Sample, SampledHousehold
from registry.reports.audit import QUESTIONS, Asked
from registry.reports.audit.changes import Between, Turn, Whole, households, told
from registry.reports.audit.questions import Subject, is_local
from registry.reports.audit.samples import with_results
from registry.reports.audit.subjects import resource_of, shaped
from registry.resources.asking import scope_of, year_of


def _money(value: Decimal) -> Cell:
    return round(value, 2)


@sheet_kind("audit", "审计查询", permission="registry.audit")
def audit(asked: Request) -> Selection:
    """Return the rows of the question that `question` names, with its parameters."""
    question = QUESTIONS.get(asked.query.get("question", ""))
    if question is None:
        raise NotAsked("没有这个查询")
    year, scope = year_of(asked), scope_of(asked)
    if question.local and not is_local(scope.pk):
        raise NotAsked("这个查询要两两比较，请先选择县或更小的区划")
    form = QuestionForm(asked.query, question=question)
    if not form.is_valid():
        raise NotAsked("查询的参数有误，请回到列表改正")
    rows = question.rows(Asked(asked.actor, year, timezone.localdate(), form.values()))
    if asked.query.get("division"):
        rows = in_division(rows, str(scope.pk))
    values = [(param.label, f"{form.cleaned_data[param.name]}{param.unit}") for param in question.params]
    return Selection(
        title=f"{question.name}（{scope.name}，{year} 年度）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=[("查询", question.name), ("定义", question.definition), *values],
        tables=(Table(question.name[:31], resource_of(question)),),
        rows=shaped(question, rows),
        about_people=question.subject in {Subject.CARD, Subject.PERSON},
    )


@columns(
    {
        "household_no": Column("户编号", "household_no"),
        "head": Column("户主", "row__head_name"),
        "village": Column("村", "row__division__name"),
        "township": Column("乡镇", "row__division__parent__name"),
        "standing_then": Column("前日状态", "then__standing"),
        "standing_now": Column("后日状态", "now__standing"),
        "persons_then": Column("前日人口", "then__persons", said=int, decimals=0, summed=True),
        "persons_now": Column("后日人口", "now__persons", said=int, decimals=0, summed=True),
        "income_then": Column("前日人均纯收入", "then__income", said=_money, decimals=2),
        "income_now": Column("后日人均纯收入", "now__income", said=_money, decimals=2),
        "fields": Column("改动", "said"),
    }
)
class ChangedResource(SheetResource):
    """两日之间: a household as it stood when the one day was over and when the other was."""


@sheet_kind("audit_changes", "两日之间的变动", permission="registry.audit")
def changes(asked: Request) -> Selection:
    """Return the households that entered, left or changed between two days, as `turn` says."""
    turn = asked.query.get("turn", Turn.ENTERED)
    if turn not in Turn.values:
        raise NotAsked("没有这种变动")
    year, scope = year_of(asked), scope_of(asked)
    form = BetweenForm(asked.query, today=timezone.localdate())
    if not form.is_valid():
        raise NotAsked("两个日期有误，请回到页面改正")
    given = form.cleaned_data
    between = Between(asked.actor, scope.pk, year, given["since"], given["until"], Whole(given["whole"]))
    return Selection(
        title=f"{between.whole.label}{Turn(turn).label}（{scope.name}，{between.since} 至 {between.until}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=[
            ("比较", between.whole.label),
            ("变动", Turn(turn).label),
            ("自", f"{between.since} 日终"),
            ("至", f"{between.until} 日终"),
        ],
        tables=(Table(Turn(turn).label, ChangedResource()),),
        rows=households(between, Turn(turn)),
        read=partial(told, between),
    )


def _yes_no(value: bool) -> str:
    return "是" if value else "否"


@columns(
    {
        "seat": Column("序号", "seat", said=int, decimals=0),
        "stratum": Column("层", "stratum"),
        "household_no": Column("户编号", "household__household_no"),
        "village": Column("村", "division__name"),
        "township": Column("乡镇", "division__parent__name"),
        "card_version": Column("抽样时户卡版本", "card_version", said=int, decimals=0),
        "checked": Column("已复核", "checked", said=_yes_no),
        "disagrees": Column("有不一致", "disagrees", said=_yes_no),
    }
)
class SampleResource(SheetResource):
    """样本户: a household of a sample."""


@sheet_kind("sample", "抽样", permission="registry.audit")
def sample(asked: Request) -> Selection:
    """Return the households of the sample that `sample` names."""
    number = asked.query.get("sample", "")
    found = Sample.objects.visible_to(asked.actor).select_related("division")
    drawn = found.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if drawn is None:
        raise NotAsked("没有这次抽样")
    rows = with_results(SampledHousehold.objects.visible_to(asked.actor).filter(sample=drawn))
    return Selection(
        title=f"抽样 {drawn}（{drawn.division.name}）",
        division=drawn.division_id,
        scope=drawn.division.path_name,
        year=drawn.year,
        filters=[
            ("种子", drawn.seed),
            ("分层", drawn.get_stratum_display()),
            ("总体", f"{drawn.frame} 户"),
            ("用途", drawn.purpose),
        ],
        tables=(Table("样本户", SampleResource()),),
        rows=rows.select_related("household", "division__parent").order_by("seat", "pk"),
    )
