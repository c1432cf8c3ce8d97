"""Budgets of each level against the year before, with what the article makes of them (F-03, policy-trace 4.2, 4.3)."""

from dataclasses import dataclass
from decimal import Decimal

from funds.codes.document import BudgetKind, DivisionList
from funds.models import AnnualBudget, ListedDivision
from funds.rules.growth import (
    Alarm,
    Budget,
    growth_points,
    level_alarm,
    pace_alarm,
    ratio_points,
    share_alarm,
    well_off_alarm,
    working_alarm,
)
from funds.rules.points import Band
from funds.rules.pool import percent_of
from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A budget of the year, against the year before."""

    row: AnnualBudget
    budget: Budget
    share: Decimal | None
    """Its part of general spending in per cent."""
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The province against the centre: growth, ratio and points of the 2008 table."""

    central: Budget
    province: Budget
    alarm: Alarm | None
    points: Band
    ratio: Decimal
    ratio_points: Band


def lines(user: User, year: int) -> list[BudgetLine]:
    """Return the budgets of a year that the user may see, each against the year before."""
    seen = AnnualBudget.objects.visible_to(user).select_related("division").order_by("division_id", "kind")
    before = {(row.division_id, row.kind): row for row in seen.filter(year=year - 1)}
    well_off = set(
        ListedDivision.objects.visible_to(user)
        .filter(listed_as=DivisionList.WELL_OFF, since__year__lte=year)
        .exclude(until__year__lt=year)
        .values_list("division_id", flat=True)
    )
    return [
        _line(row, before.get((row.division_id, row.kind)), row.division_id in well_off)
        for row in seen.filter(year=year)
    ]


def _line(row: AnnualBudget, earlier: AnnualBudget | None, well_off: bool) -> BudgetLine:
    budget = Budget(row.amount_yuan, earlier.amount_yuan if earlier else None)
    alarms: list[Alarm | None] = []
    if row.kind == BudgetKind.WORKING:
        alarms.append(working_alarm(budget))
    else:
        alarms.append(well_off_alarm(budget) if well_off else level_alarm(budget))
    spending = Budget(
        row.general_expenditure_yuan or Decimal(0), earlier.general_expenditure_yuan if earlier else None
    )
    if row.kind in {BudgetKind.CITY, BudgetKind.COUNTY}:
        alarms.append(share_alarm(budget, spending, well_off=well_off))
    share = percent_of(budget.now, spending.now) if spending.now else None
    return BudgetLine(row, budget, share, tuple(one for one in alarms if one))


def comparison(found: list[BudgetLine]) -> Comparison | None:
    """Return the province against the centre, where both budgets of the year are entered."""
    by_kind = {one.row.kind: one.budget for one in found if one.row.division_id == PROVINCE_CODE}
    central, province = by_kind.get(BudgetKind.CENTRAL_TO_PROVINCE), by_kind.get(BudgetKind.PROVINCE)
    if central is None or province is None:
        return None
    return Comparison(
        central=central,
        province=province,
        alarm=pace_alarm(province, central),
        points=growth_points(province),
        ratio=percent_of(province.now, central.now),
        ratio_points=ratio_points(province.now, central.now),
    )
