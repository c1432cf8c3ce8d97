"""Poor households of a year with their members: sheets 户 and 成员, as the workbook of households has them."""

from decimal import Decimal
from typing import Final

from fupin.policy.standards import NoStandard, poverty_line
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from registry.forms.filters import HouseholdFilter
from registry.models import HouseholdYear, MemberYear
from registry.resources.asking import scope_of, year_of
from registry.resources.columns import standard_columns
from registry.rules.poverty import is_below_line
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME
from registry.standard.member import MEMBER

_STANDING: Final = ("first_identified_year", "exit_year", "relapse_year", "relapse_cause")
_SUMMED_AREAS: Final = (
    "arable_area",
    "irrigated_area",
    "forest_area",
    "returned_forest_area",
    "fruit_area",
    "pasture_area",
    "water_area",
    "house_area",
)


@columns(
    standard_columns(
        HOUSEHOLD_YEAR,
        attributes={
            "household_no": "household__household_no",
            "village_code": "division_id",
            "phone": "phone_masked",
            "bank_account": "bank_account_masked",
            **{name: f"household__{name}" for name in _STANDING},
        },
        summed=("member_count",),
    ),
    standard_columns(
        INCOME,
        summed=[field.name for field in INCOME if field.kind == "money" and field.name != "net_income_pc"],
    ),
    standard_columns(CONDITION, summed=_SUMMED_AREAS),
)
class HouseholdResource(SheetResource):
    """户: a household's year, §3.1–§3.3 of the standard."""


@columns(
    {"household_no": Column("户编号", "household_year__household__household_no")},
    standard_columns(
        MEMBER,
        attributes={
            **{
                name: f"member__{name}"
                for name in ("member_no", "name", "sex", "birth_date", "id_type", "ethnic")
            },
            "id_no": "member__id_no_masked",
            "disability_no": "disability_no_masked",
            "phone": "phone_masked",
        },
    ),
)
class MemberResource(SheetResource):
    """成员: a person's year, §4 of the standard."""


@sheet_kind("households", "贫困户", permission="registry.view_household")
def households(asked: Request) -> Selection:
    """Return the cards of a year as the list of households shows them, with their members."""
    year, scope = year_of(asked), scope_of(asked)
    cards = HouseholdYear.objects.visible_to(asked.actor).filter(year=year)
    filtered = HouseholdFilter(asked.query, cards, year=year)
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    order = filtered.qs.query.order_by if asked.query.get("order") else ("division_id", "household_id")
    rows = filtered.qs.order_by(*order, "pk")
    members = MemberYear.objects.visible_to(asked.actor).filter(
        household_year__in=filtered.qs.order_by().values("pk")
    )
    line = _line(year)
    return Selection(
        title=f"{year} 年度贫困户（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=in_words(filtered.form),
        tables=(
            Table("户", HouseholdResource(), rows),
            Table(
                "成员",
                MemberResource(),
                members.order_by("division_id", "household_year__household_id", "seat", "pk"),
            ),
        ),
        rows=rows,
        persons="家庭人口数",
        persons_column="member_count",
        questions={"低于线户数": is_below_line(line)} if line is not None else {},
        ratios={"各户合计人均纯收入": ("家庭纯收入", "家庭人口数")},
    )


def _line(year: int) -> Decimal | None:
    try:
        return poverty_line(year).amount
    except NoStandard:
        return None
