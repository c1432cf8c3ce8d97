"""Measures corrected with their former values kept, leaders handed on to a new village, clocks asked again."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fupin.accounts.models import User
from fupin.accounts.permissions import Refused
from fupin.deadlines.kinds import KINDS
from registry.errors import HelpRefused
from registry.models import AssistMeasure, AssistPerson, Household, LeaderVillage, Village, VillageYear
from registry.reports.help.corrections import corrections
from registry.services.help.leading import approve_adjustment, hand_over, propose_adjustment, take_village
from registry.services.help.measures import (
    For,
    MeasureFacts,
    correct_measure,
    deliver,
    put_down_measure,
    record_effect,
    withdraw_measure,
)
from registry.services.help.pairs import pair
from tests.registry.factories import OTHER_VILLAGE, VILLAGE
from tests.registry.helping import helper, left, registered

pytestmark = pytest.mark.django_db
Scope = Callable[[User], AbstractContextManager[User]]
AUGUST, SEPTEMBER, TODAY = date(2014, 8, 1), date(2014, 9, 1), date(2014, 12, 1)


class Told:
    """A measure of 3,000 yuan for a household, delivered on 1 September."""

    def __init__(self, bo: User) -> None:
        self.bo = bo
        self.household: Household = registered(bo)
        self.person: AssistPerson = helper(bo)
        self.measure: AssistMeasure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=self.facts(),
            recipients=[For(self.household, amount=Decimal(3000))],
            today=TODAY,
        )

    def facts(self, **changes: Any) -> MeasureFacts:
        given = {
            "on": AUGUST,
            "kind": "01",
            "content": "补助购羊",
            "person": self.person,
            "amount": Decimal(3000),
        }
        return MeasureFacts(**{**given, **changes})

    def correct(self, reason: str = "笔误", **changes: Any) -> AssistMeasure:
        return correct_measure(
            actor=self.bo, measure=self.measure, facts=self.facts(**changes), reason=reason, today=TODAY
        )


@pytest.fixture
def told(bo: User, in_scope: Scope) -> Iterator[Told]:
    with in_scope(bo):
        yield Told(bo)


def test_the_former_values_stay(told: Told) -> None:
    told.correct(content="补助购牛", amount=Decimal(3200))
    told.correct(content="补助购买能繁母牛", amount=Decimal(3200), on=SEPTEMBER)
    now = AssistMeasure.objects.get()
    assert (now.content, now.amount, now.on) == ("补助购买能繁母牛", Decimal(3200), SEPTEMBER)
    before = corrections(now)
    assert [(one.content, one.amount, one.on) for one in before] == [
        ("补助购牛", Decimal(3200), AUGUST),
        ("补助购羊", Decimal(3000), AUGUST),
    ]
    assert {(one.reason, one.person) for one in before} == {("笔误", told.person.name)}


def test_without_a_reason_or_a_change_nothing_is_corrected(told: Told) -> None:
    with pytest.raises(HelpRefused, match="更正原因"):
        told.correct(reason=" ", content="别的")
    with pytest.raises(HelpRefused, match="没有改动"):
        told.correct()
    with pytest.raises(HelpRefused, match="不能晚于今天"):
        told.correct(on=date(2014, 12, 2))
    assert corrections(AssistMeasure.objects.get()) == []


def test_what_was_delivered_and_came_of_it_must_still_fit(told: Told) -> None:
    recipient = told.measure.recipients.get()
    given: dict[str, Any] = {"actor": told.bo, "recipient": recipient, "on": SEPTEMBER, "today": TODAY}
    deliver(**given, by="IN_KIND", amount=Decimal(3000), signed_by="张建国")
    record_effect(**given, income_gain=Decimal(1), jobs=0, contribution="增收")
    told.correct(on=SEPTEMBER)
    with pytest.raises(HelpRefused, match="不能晚于已登记的到户"):
        told.correct(on=date(2014, 9, 2))
    with pytest.raises(HelpRefused, match="不能少于各户应到金额之和"):
        told.correct(on=SEPTEMBER, amount=Decimal("2999.99"))


@pytest.mark.parametrize(("on", "stands"), [(date(2014, 10, 31), True), (date(2014, 11, 1), False)])
def test_it_is_not_moved_to_a_day_on_which_its_household_had_left(told: Told, on: date, stands: bool) -> None:
    left(told.household, date(2014, 10, 31))
    if stands:
        assert told.correct(on=on).on == on
        return
    with pytest.raises(HelpRefused, match="这一天已退出"):
        told.correct(on=on)


def test_a_withdrawn_one_stays_as_it_is(told: Told) -> None:
    withdraw_measure(actor=told.bo, measure=told.measure, on=SEPTEMBER, reason="重复")
    with pytest.raises(HelpRefused, match="已作废"):
        told.correct(content="别的")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_assistmeasure SET content = '别的'")


def test_who_only_looks_corrects_nothing(told: Told, jin: User) -> None:
    with pytest.raises(Refused):
        correct_measure(
            actor=jin, measure=told.measure, facts=told.facts(content="x"), reason="笔误", today=TODAY
        )


@pytest.fixture
def taken(bo: User, in_scope: Scope) -> Iterator[LeaderVillage]:
    """A leader's village since June 2014, its income doubled in 2016; another village with a table of 2016."""
    with in_scope(bo):
        for code, incomes in ((VILLAGE, {2013: 3200, 2016: 6400}), (OTHER_VILLAGE, {2016: 3900})):
            village = Village.objects.filter(division_id=code).first() or Village.objects.create(
                division_id=code, entered_by=bo
            )
            for year, income in incomes.items():
                VillageYear.objects.create(
                    division_id=code, village=village, year=year, net_income_pc=income, updated_by=bo
                )
        yield take_village(
            actor=bo, person=helper(bo), village=VILLAGE, since=date(2014, 6, 1), base_year=2013
        )


NEXT: dict[str, Any] = {"village": OTHER_VILLAGE, "base_year": 2016}


def test_a_leader_is_handed_on_only_when_done_early(
    taken: LeaderVillage, bo: User, fan: User, in_scope: Scope
) -> None:
    since = date(2017, 4, 1)
    with pytest.raises(HelpRefused, match="提前完成并经批准"):
        hand_over(actor=bo, taken=taken, since=since, **NEXT)
    taken = propose_adjustment(actor=bo, taken=taken, year=2016, on=date(2017, 3, 1))
    with pytest.raises(HelpRefused, match="提前完成并经批准"):
        hand_over(actor=bo, taken=taken, since=since, **NEXT)
    with in_scope(fan):
        taken = approve_adjustment(actor=fan, taken=taken, on=since)
    with in_scope(bo):
        with pytest.raises(HelpRefused, match="不应早于原村完成日期"):
            hand_over(actor=bo, taken=taken, since=date(2017, 3, 31), **NEXT)
        fresh = hand_over(actor=bo, taken=taken, since=since, **NEXT)
        assert (fresh.person_id, fresh.base_income, fresh.base_year) == (taken.person_id, Decimal(3900), 2016)


@pytest.mark.parametrize(("done_on", "early"), [(date(2019, 5, 31), True), (date(2019, 6, 1), False)])
def test_early_is_before_the_five_years_are_over(
    taken: LeaderVillage, bo: User, fan: User, in_scope: Scope, done_on: date, early: bool
) -> None:
    taken = propose_adjustment(actor=bo, taken=taken, year=2016, on=date(2019, 5, 1))
    with in_scope(fan):
        taken = approve_adjustment(actor=fan, taken=taken, on=done_on)
    with in_scope(bo):
        if early:
            assert hand_over(actor=bo, taken=taken, since=done_on, **NEXT).since == done_on
            return
        with pytest.raises(HelpRefused, match="五年已满"):
            hand_over(actor=bo, taken=taken, since=done_on, **NEXT)


def test_what_is_done_has_its_clocks_asked_again(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("registry.services.help.refusing.refresh_soon", asked.append)
    told.correct(content="别的")
    pair(actor=told.bo, household=told.household, person=told.person, on=AUGUST)
    record_effect(
        actor=told.bo,
        recipient=told.measure.recipients.get(),
        on=SEPTEMBER,
        income_gain=Decimal(1),
        jobs=0,
        contribution="增收",
        today=TODAY,
    )
    assert asked == [
        "registry.help_effect",
        "registry.help_no_measure",
        "registry.help_pair",
        "registry.help_effect",
    ]


def test_every_clock_that_is_asked_again_exists() -> None:
    folder = Path(__file__).parents[4] / "registry/services/help"
    calls = [
        call
        for path in folder.glob("*.py")
        for call in re.findall(r"^    clocks_changed\((.*)\)$", path.read_text(), re.MULTILINE)
    ]
    named = {word.strip(' "') for call in calls for word in call.split(",")}
    assert len(calls) >= 12
    assert {f"registry.help_{one}" for one in named} <= set(KINDS)
