"""Who answers for a household: paired, replaced without a gap, ended when the household has left (policy §20)."""

from datetime import date

from django.db import connection

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import HelpRefused
from registry.models import AssistPair, AssistPerson, Household, Visit
from registry.rules.help.after_exit import ON_REGISTER
from registry.services.help.refusing import clocks_changed, needed, not_future, spoken


def _settle() -> None:
    """Have the database look for gaps now, while they can still be told to whoever made them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS pair_has_successor IMMEDIATE")
        cursor.execute("SET CONSTRAINTS pair_has_successor DEFERRED")


def pair(
    *, actor: User, household: Household, person: AssistPerson, on: date, reason: str = ""
) -> AssistPair:
    """Let a person answer for a household from a day on; whoever did before ends on the same day, for `reason`.

    Raise HelpRefused for a household that is not on the register, a day that lies before the former began, or no reason where there
    is a former; Refused.
    """
    require(actor, "registry.assign_help", at=household.division_id)
    with spoken():
        household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
        if household.status not in ON_REGISTER:
            raise HelpRefused("该户不在册，不能结对")
        former = AssistPair.objects.filter(household=household, end_date__isnull=True).first()
        if former is not None:
            if former.person_id == person.pk:
                raise HelpRefused(f"{person.name}已是该户的帮扶责任人")
            former.end_date = on
            former.reason = needed(reason, "更换原因")
            former.save(update_fields=["end_date", "reason"])
        made = AssistPair.objects.create(
            division_id=household.division_id,
            household=household,
            person=person,
            start_date=on,
            entered_by=actor,
        )
        _settle()
    clocks_changed("pair")
    note(object_key=household.household_no, division=household.division_id, reason=reason or None)
    return made


def end_pair(*, actor: User, household: Household, on: date, reason: str) -> AssistPair:
    """End the pair of a household that has left the register; raise HelpRefused where it is on it or has no pair; Refused."""
    require(actor, "registry.assign_help", at=household.division_id)
    with spoken():
        running = (
            AssistPair.objects.select_for_update(of=("self",))
            .filter(household=household, end_date__isnull=True)
            .first()
        )
        if running is None:
            raise HelpRefused("该户没有在任的帮扶责任人")
        running.end_date = on
        running.household_left = True
        running.reason = needed(reason, "结束原因")
        running.save(update_fields=["end_date", "household_left", "reason"])
        _settle()
    clocks_changed("pair")
    note(object_key=household.household_no, division=household.division_id, reason=reason)
    return running


def log_visit(
    *, actor: User, household: Household, person: AssistPerson, on: date, content: str, today: date
) -> Visit:
    """Put down that whoever answers for a household was there; raise HelpRefused on a day on which he did not answer; Refused."""
    require(actor, "registry.change_help", at=household.division_id)
    not_future(on, today, "走访日期")
    with spoken():
        visit = Visit.objects.create(
            division_id=household.division_id,
            household=household,
            person=person,
            on=on,
            content=needed(content, "走访内容"),
            entered_by=actor,
        )
    note(object_key=household.household_no, division=household.division_id)
    return visit
