"""Who has none: households without somebody answerable, without plan or measure; labourers and villages likewise (policy §2, §20)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, TextChoices

from fupin.accounts.models import User
from registry.models import (
    AssistPair,
    AssistPlan,
    HouseholdYear,
    MeasureRecipient,
    MemberYear,
    TeamPosting,
    Village,
)
from registry.models.help import HelpLevel
from registry.reports.help.leading import ON_REGISTER as VILLAGES_ON_REGISTER
from registry.rules.help.after_exit import ON_REGISTER


class Gap(TextChoices):
    """What is missing."""

    PERSON = "person", "没有责任人的户"
    PLAN = "plan", "没有计划的户"
    MEASURE = "measure", "本年没有措施的户"
    LABOURER = "labourer", "没有计划的劳动力"
    VILLAGE_PLAN = "village_plan", "没有计划的村"
    TEAM = "team", "没有工作队的村"


def _households(user: User, year: int) -> "QuerySet[Any]":
    """The cards of a year of the households that are on the register."""
    return HouseholdYear.objects.visible_to(user).filter(year=year, household__status__in=ON_REGISTER)


def _without_person(user: User, year: int) -> "QuerySet[Any]":
    running = AssistPair.objects.filter(household_id=OuterRef("household_id"), end_date__isnull=True)
    return _households(user, year).filter(~Exists(running))


def _without_plan(user: User, year: int) -> "QuerySet[Any]":
    plans = AssistPlan.objects.filter(
        household_id=OuterRef("household_id"),
        level=HelpLevel.HOUSEHOLD,
        year=year,
        withdrawn_on__isnull=True,
    )
    return _households(user, year).filter(~Exists(plans))


def _without_measure(user: User, year: int) -> "QuerySet[Any]":
    measures = MeasureRecipient.objects.filter(
        household_id=OuterRef("household_id"),
        measure__on__year=year,
        measure__withdrawn_on__isnull=True,
    )
    return _households(user, year).filter(~Exists(measures))


def _labourers(user: User, year: int) -> "QuerySet[Any]":
    plans = AssistPlan.objects.filter(
        member_id=OuterRef("member_id"), level=HelpLevel.LABOURER, year=year, withdrawn_on__isnull=True
    )
    rows = MemberYear.objects.visible_to(user).filter(
        year=year, is_labourer=True, household_year__household__status__in=ON_REGISTER
    )
    return rows.filter(~Exists(plans))


def _villages(user: User) -> "QuerySet[Any]":
    return Village.objects.visible_to(user).filter(status__in=VILLAGES_ON_REGISTER)


def _without_village_plan(user: User, year: int) -> "QuerySet[Any]":
    plans = AssistPlan.objects.filter(
        division_id=OuterRef("division_id"), level=HelpLevel.VILLAGE, year=year, withdrawn_on__isnull=True
    )
    return _villages(user).filter(~Exists(plans))


def _without_team(user: User, _year: int) -> "QuerySet[Any]":
    return _villages(user).filter(~Exists(TeamPosting.objects.filter(division_id=OuterRef("division_id"))))


GAPS: Final[Mapping[Gap, Callable[[User, int], "QuerySet[Any]"]]] = {
    Gap.PERSON: _without_person,
    Gap.PLAN: _without_plan,
    Gap.MEASURE: _without_measure,
    Gap.LABOURER: _labourers,
    Gap.VILLAGE_PLAN: _without_village_plan,
    Gap.TEAM: _without_team,
}


def missing(gap: Gap, user: User, year: int) -> "QuerySet[Any]":
    """Return the rows that lack what the gap names: cards, members' years or villages, as the user may see them."""
    return GAPS[gap](user, year)
