"""Plans for villages, households and labourers (policy §2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import HelpRefused
from registry.models import AssistPerson, AssistPlan, Household, Member
from registry.models.help import HelpLevel
from registry.services.help.refusing import needed, spoken


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan says: goal, measure, money, time and person, all of which the policy asks for."""

    year: int
    kind: str
    goal: str
    amount: Decimal | None
    due_on: date
    person: AssistPerson
    cause: str = ""
    project_no: str = ""
    scale: str = ""
    income_gain: Decimal | None = None


def make_plan(
    *,
    actor: User,
    village: int,
    facts: PlanFacts,
    household: Household | None = None,
    member: Member | None = None,
) -> AssistPlan:
    """Plan help for a village, one of its households, or a labourer of that household.

    Raise HelpRefused where money is not stated (0 where none is needed), the day lies before the plan's year, or the household is
    not on the register; Refused.
    """
    require(actor, "registry.change_help", at=village)
    if facts.amount is None:
        raise HelpRefused("请填写计划资金，不需资金的填 0")
    if facts.due_on.year < facts.year:
        raise HelpRefused("时限不应早于计划年度")
    level = HelpLevel.LABOURER if member else HelpLevel.HOUSEHOLD if household else HelpLevel.VILLAGE
    with spoken():
        plan = AssistPlan.objects.create(
            division_id=village,
            level=level,
            household=household,
            member=member,
            year=facts.year,
            cause=facts.cause,
            kind=facts.kind,
            goal=needed(facts.goal, "目标"),
            project_no=facts.project_no.strip(),
            scale=facts.scale.strip(),
            amount=facts.amount,
            income_gain=facts.income_gain,
            due_on=facts.due_on,
            person=facts.person,
            entered_by=actor,
        )
    note(object_key=household.household_no if household else str(village), division=village)
    return plan


def withdraw_plan(*, actor: User, plan: AssistPlan, on: date, reason: str) -> AssistPlan:
    """Give a plan up, for a reason; raise HelpRefused where it already is; Refused."""
    require(actor, "registry.change_help", at=plan.division_id)
    with spoken():
        plan = AssistPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if plan.withdrawn_on is not None:
            raise HelpRefused("该计划已撤销")
        plan.withdrawn_on = on
        plan.withdrawn_because = needed(reason, "撤销原因")
        plan.save(update_fields=["withdrawn_on", "withdrawn_because"])
    note(object_key=f"assist_plan/{plan.pk}", division=plan.division_id, reason=reason)
    return plan
