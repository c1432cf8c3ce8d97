"""What waits: effects not confirmed, help that has not arrived, and what those who left still have to come (policy §2, §3)."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from fupin.accounts.models import User
from registry.codes import HouseholdStatus
from registry.models import AssistEffect, AssistMeasure, MeasureDelivery, MeasureRecipient
from registry.rules.help.after_exit import POLICIES
from registry.rules.help.effects import TO_PEOPLE, latest_on_waiting, reached

CONFIRMED = AssistEffect.objects.filter(recipient_id=OuterRef("pk"), confirmed_on__isnull=False)


def all_recipients(user: User) -> "QuerySet[MeasureRecipient]":
    """Return the recipients of measures, withdrawn ones too, with what was delivered (`delivered`, None for nothing)."""
    came = (
        MeasureDelivery.objects.filter(recipient_id=OuterRef("pk"))
        .order_by()
        .values("recipient_id")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    rows: QuerySet[MeasureRecipient] = MeasureRecipient.objects.visible_to(user)
    return rows.annotate(delivered=Subquery(came))


def recipients(user: User) -> "QuerySet[MeasureRecipient]":
    """Return the recipients of measures that stand."""
    return all_recipients(user).filter(measure__withdrawn_on__isnull=True)


def waiting_for_effect(user: User, today: date) -> "QuerySet[MeasureRecipient]":
    """Return the recipients whose measure is more than twelve months old and has no confirmed effect."""
    rows = recipients(user).filter(measure__on__lte=latest_on_waiting(today))
    return rows.filter(~Exists(CONFIRMED))


def not_reached(user: User) -> "QuerySet[MeasureRecipient]":
    """Return the recipients whom help has not reached, or not all of it: they stand as 未到户 and count as done nowhere."""
    return recipients(user).filter(~reached(), stop="")


def naming_nobody(user: User) -> "QuerySet[AssistMeasure]":
    """Return the leaders' and teams' measures that name no household at all: 未到户 as a whole."""
    rows = AssistMeasure.objects.visible_to(user).filter(kind__in=TO_PEOPLE, withdrawn_on__isnull=True)
    return rows.filter(~Exists(MeasureRecipient.objects.filter(measure_id=OuterRef("pk"))))


def stops_on() -> Any:
    """Return the first day without policy of a household that left, as an expression; twin of `rules.help.after_exit.stops_on`."""
    left = F("household__exited_on")
    one_day = Value(timedelta(days=1), output_field=DurationField())
    next_day = ExpressionWrapper(left + one_day, output_field=DateField())
    kept = [
        When(
            household__exited_on__gte=rule.since,
            household__exited_on__lt=rule.until,
            then=Value(rule.until + timedelta(days=1), output_field=DateField()),
        )
        if rule.keeps and rule.until
        else When(household__exited_on__gte=rule.since, then=next_day)
        for rule in sorted(POLICIES, key=lambda one: one.since, reverse=True)
    ]
    return Case(*kept, default=next_day, output_field=DateField())


def to_stop(user: User, today: date) -> "QuerySet[MeasureRecipient]":
    """Return what is still running or unpaid for households that have left: each to be stopped or ended by contract.

    Running is what has an end that lies on or after the first day without policy; unpaid is what has not wholly arrived.
    """
    rows = recipients(user).annotate(stops_on=stops_on())
    ended = Q(household__status__in=(HouseholdStatus.REMOVED, HouseholdStatus.CLOSED)) | Q(
        household__status=HouseholdStatus.EXITED, stops_on__lte=today
    )
    running = Q(runs_until__gte=Coalesce(F("stops_on"), Value(today))) & Q(runs_until__gte=today)
    return rows.filter(ended, stop="").filter(running | ~reached())
