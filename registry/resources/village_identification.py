"""一高一低一无 as its page shows it."""

from decimal import Decimal

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from registry.codes import VillageStatus
from registry.forms.village_identification_filters import CandidateFilter, MeasuresForm
from registry.reports.village_identification import candidates
from registry.resources.asking import scope_of, year_of


def _fulfils(value: bool) -> str:
    return "符合" if value else "不符合"


@columns(
    {
        "code": Column("村代码", "division_id", said=str),
        "township": Column("乡镇", "division__parent__name"),
        "village": Column("村", "division__name"),
        "poor": Column("贫困人口", "poor", said=int, decimals=0, summed=True),
        "rural_pop": Column("乡村人口", "rural_pop", said=int, decimals=0, summed=True),
        "high": Column("一高", "high", said=_fulfils),
        "income": Column("农民人均纯收入", "net_income_pc", said=Decimal, decimals=2),
        "low": Column("一低", "low", said=_fulfils),
        "collective": Column("集体经济收入（万元）", "collective_income", said=Decimal, decimals=4),
        "without": Column("一无", "without", said=_fulfils),
        "status": Column("现状", "village__status", said=lambda value: VillageStatus(value).label),
    }
)
class CandidateResource(SheetResource):
    """村: the three figures of a village's year and whether they fulfil the conditions."""


@sheet_kind("village_identification", "一高一低一无", permission="registry.view_village")
def village_identification(asked: Request) -> Selection:
    """Return the villages of a year as the page shows them, held to the same figures of the province."""
    year, scope = year_of(asked), scope_of(asked)
    own = MeasuresForm(asked.query, year=year)
    against = own.measures()
    if against is None:
        raise NotAsked(f"请先填 {year} 年全省的贫困发生率和农民人均纯收入")
    filtered = CandidateFilter(asked.query, candidates(asked.actor, against))
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    return Selection(
        title=f"{year} 年度一高一低一无（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=[
            *in_words(filtered.form),
            ("全省贫困发生率", f"{against.rate}%"),
            ("全省农民人均纯收入", f"{against.income} 元"),
        ],
        tables=(Table("村", CandidateResource()),),
        rows=filtered.qs,
        about_people=False,
        counts={"三条都符合": lambda row: row.high and row.low and row.without},
    )
