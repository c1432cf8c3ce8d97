"""Households that stand on one list or another, put there in one go; for tests of re-identification."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fupin.accounts.models import User
from registry.models import Household, HouseholdYear, MemberYear
from tests.registry.factories import VILLAGE, card, saved
from tests.registry.standing import put

LINE = Decimal(2736)
"""The line of 2013, by whose incomes the year 2014 goes; the households of these tests are three."""
INCOME_YEAR = 2013
YEAR = 2014


@dataclass(frozen=True)
class Facts:
    """What decides of a household; the first two members may be uninsured, the third is a pupil of ten."""

    status: str = "N"
    net_income: Decimal | None = LINE * 3 + 1
    danger_level: str = "2"
    water_safe: bool | None = True
    drops_out: bool = False
    insured: bool | None = True
    exit_year: int | None = None
    id_standard: str = "1"


def household(actor: User, facts: Facts, *, village: int = VILLAGE, year: int = INCOME_YEAR) -> Household:
    """Return a household as the facts say; works in the actor's scope."""
    done = saved(actor, card(year=year, village_code=str(village)))
    income = facts.net_income
    lines = [{"kind": "wage_income", "item": "务工", "amount": str(income)}] if income is not None else []
    zero = dict.fromkeys(
        (
            "business_income", "property_income", "tr_family_planning", "tr_dibao", "tr_wubao", "tr_pension",
            "tr_eco", "tr_other", "business_expense",
        ),
        Decimal(0),
    )  # fmt: skip
    values: dict[str, Any] = {**zero, "wage_income": income, "income_lines": lines}
    HouseholdYear.objects.filter(pk=done.household_year.pk).update(
        **values,
        danger_level=facts.danger_level,
        water_safe=facts.water_safe,
        id_standard=facts.id_standard,
    )
    members = MemberYear.objects.filter(household_year=done.household_year)
    members.filter(seat__lte=2).update(in_ncms=facts.insured)
    if facts.drops_out:
        members.filter(seat=3).update(student="01")
    if facts.status != "D":
        more: dict[str, Any] = {}
        if facts.exit_year is not None:
            more["exit_year"] = facts.exit_year
        if facts.status == "O":
            more["exited_on"] = f"{facts.exit_year or 2013}-12-20"
            more.setdefault("exit_year", 2013)
        put(done.household, facts.status, **more)
    return done.household


BELOW, ON_LINE = LINE * 3 - Decimal("0.01"), LINE * 3

MAY_LEAVE = Facts()
NEWLY_BELOW = Facts("D", BELOW)
FALLEN_BACK = Facts("O", BELOW, exit_year=2013)
STAYS = Facts("N", BELOW)
