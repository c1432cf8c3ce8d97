"""What waits and what is to stop, as queries and as rules: one answer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal

import pytest

from fupin.accounts.models import User
from registry.models import MeasureRecipient
from registry.reports.help.waiting import not_reached, to_stop, waiting_for_effect
from registry.rules.help.after_exit import stops_on
from registry.rules.help.effects import has_reached, waits_for_effect
from registry.services.help.measures import For, MeasureFacts, deliver, put_down_measure
from tests.registry.factories import VILLAGE
from tests.registry.helping import helper, left, registered

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]
FAR = date(2030, 12, 31)


def received(
    actor: User, on: date, *, amount: Decimal | None = None, runs_until: date | None = None
) -> MeasureRecipient:
    household = registered(actor)
    measure = put_down_measure(
        actor=actor,
        village=VILLAGE,
        facts=MeasureFacts(on, "04", "贴息", helper(actor)),
        recipients=[For(household, None, amount, runs_until)],
        today=on,
    )
    return measure.recipients.get()


@pytest.mark.parametrize(
    "exited_on",
    [date(2015, 12, 31), date(2016, 4, 27), date(2016, 4, 28), date(2020, 12, 31), date(2021, 5, 1)],
)
def test_the_stop_list_begins_on_the_day_without_policy(bo: User, in_scope: Scope, exited_on: date) -> None:
    with in_scope(bo):
        recipient = received(bo, date(2014, 8, 1), runs_until=FAR)
        left(recipient.household, exited_on)
        first = stops_on(exited_on)
        assert not to_stop(bo, first - timedelta(days=1)).exists()
        assert to_stop(bo, first).get() == recipient


def test_what_is_paid_and_over_is_not_stopped(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        recipient = received(bo, date(2014, 8, 1), amount=Decimal(300), runs_until=date(2015, 12, 31))
        left(recipient.household, date(2015, 12, 31))
        assert to_stop(bo, date(2016, 1, 1)).get() == recipient, "unpaid"
        deliver(
            actor=bo,
            recipient=recipient,
            on=date(2015, 6, 1),
            by="IN_KIND",
            amount=Decimal(300),
            signed_by="张建国",
            today=date(2016, 1, 1),
        )
        assert not to_stop(bo, date(2016, 1, 1)).exists()


@pytest.mark.parametrize("amount", [None, Decimal(300)])
@pytest.mark.parametrize("delivered", [None, Decimal("299.99"), Decimal(300)])
def test_what_arrived(bo: User, in_scope: Scope, amount: Decimal | None, delivered: Decimal | None) -> None:
    with in_scope(bo):
        recipient = received(bo, date(2014, 8, 1), amount=amount)
        if delivered is not None:
            deliver(
                actor=bo,
                recipient=recipient,
                on=date(2014, 8, 2),
                by="IN_KIND",
                amount=delivered,
                signed_by="张建国",
                today=date(2014, 8, 2),
            )
        assert not_reached(bo).exists() is not has_reached(amount, delivered)


@pytest.mark.parametrize("on", [date(2015, 2, 28), date(2016, 2, 29), date(2014, 12, 31)])
def test_what_waits_for_its_effect(bo: User, in_scope: Scope, on: date) -> None:
    with in_scope(bo):
        received(bo, on)
        for days in range(360, 370):
            today = on + timedelta(days=days)
            waits = waits_for_effect(on, confirmed=False, today=today)
            assert waiting_for_effect(bo, today).exists() is waits, today
