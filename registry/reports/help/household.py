"""Help of one household as its card shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fupin.accounts.models import User
from registry.codes import Cause
from registry.models import AssistPair, AssistPlan, Household, HouseholdYear, MeasureRecipient
from registry.reports.help.waiting import recipients
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.effects import has_reached
from registry.rules.help.suggestions import suggested


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A measure with the cause that it answers, in words."""

    code: str
    kind: str
    cause: str
    planned: bool


@dataclass(frozen=True, slots=True)
class HelpFacts:
    """Who answers, what is planned for the year, what was done, and what is missing."""

    pair: AssistPair | None
    plans: Sequence[AssistPlan]
    received: Sequence[MeasureRecipient]
    suggestions: Sequence[Suggestion]
    missing: Sequence[str]
    not_reached: int


def suggestions_for(card: HouseholdYear, plans: Sequence[AssistPlan]) -> list[Suggestion]:
    """Return the measures that answer the causes on a card, and which of them are planned."""
    planned = {plan.kind for plan in plans}
    causes = [card.cause_main, *card.cause_other]
    return [
        Suggestion(kind.value, kind.label, Cause(cause).label, kind in planned)
        for kind, cause in suggested([one for one in causes if one], poor_type=card.poor_type)
    ]


def help_of(user: User, household: Household, year: int) -> HelpFacts:
    """Return the help of a household in a year, with what is missing while it is on the register."""
    pair = (
        AssistPair.objects.filter(household=household, end_date__isnull=True)
        .select_related("person__organ")
        .first()
    )
    plans = list(
        AssistPlan.objects.filter(household=household, year=year, withdrawn_on__isnull=True)
        .select_related("person", "member")
        .order_by("pk")
    )
    received = list(
        recipients(user)
        .filter(household=household)
        .select_related("measure__person", "member")
        .prefetch_related("effects")
        .order_by("-measure__on", "-pk")
    )
    card = HouseholdYear.objects.filter(household=household, year=year).first()
    missing = []
    if household.status in ON_REGISTER:
        if pair is None:
            missing.append("没有帮扶责任人")
        if not any(plan.member_id is None for plan in plans):
            missing.append(f"没有 {year} 年度帮扶计划")
        if not any(_of_year(one.measure.on, year) for one in received):
            missing.append(f"{year} 年没有措施")
    return HelpFacts(
        pair=pair,
        plans=plans,
        received=received,
        suggestions=suggestions_for(card, plans) if card else (),
        missing=missing,
        not_reached=sum(not has_reached(one.amount, getattr(one, "delivered", None)) for one in received),
    )


def _of_year(day: date, year: int) -> bool:
    return day.year == year
