"""Two people at the same moment: numbers are given once, a person stands once, the second to save is told."""

import threading
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, connections

from fupin.accounts.models import User
from registry.errors import CardRefused, IdNumberTaken, StaleCard
from registry.models import Household, HouseholdYear, MemberYear
from registry.reports.cards import read_card
from registry.services import cards as services
from registry.services.cards import SavedCard, save_card
from tests.registry.factories import KELAN_VILLAGE, TODAY, card, change, member, saved, with_member

pytestmark = pytest.mark.django_db(transaction=True)

Scope = Callable[[User], AbstractContextManager[User]]
Work = Callable[[], Any]


def together(*works: Work) -> list[Any]:
    """Return what each piece of work gave or raised, all begun at the same moment, each on its own connection."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Work) -> None:
        try:
            start.wait(timeout=20)
            results[place] = work()
        except Exception as error:  # noqa: BLE001  (it is the result)
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def entering(user: User, in_scope: Scope, given: Any, *, key: uuid.UUID | None = None) -> Work:
    def work() -> SavedCard:
        with in_scope(user):
            return save_card(
                actor=user,
                household=None,
                card=given,
                base_version=None,
                entry_key=key or uuid.uuid4(),
                on=TODAY,
            )

    return work


def test_one_person_in_two_counties_at_once_is_entered_once(bo: User, du: User, in_scope: Scope) -> None:
    who = member()
    results = together(
        entering(bo, in_scope, card(who)),
        entering(du, in_scope, card(who, village_code=str(KELAN_VILLAGE))),
    )
    refused = [result for result in results if isinstance(result, CardRefused)]
    assert len(refused) == 1
    assert [(f.rule, f.field) for f in refused[0].findings] == [("R-04", "members[0].id_no")]
    with in_scope(bo):
        mine = MemberYear.objects.count()
    with in_scope(du):
        assert mine + MemberYear.objects.count() == 1


def test_whoever_looked_before_the_other_wrote_is_told_the_county(
    bo: User, du: User, in_scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = member()
    looked, written = threading.Event(), threading.Event()
    original = services.findings_of

    def slow(*args: Any, **kwargs: Any) -> Any:
        found = original(*args, **kwargs)
        if kwargs["village"] == KELAN_VILLAGE:
            looked.set()
            written.wait(timeout=20)
        return found

    monkeypatch.setattr(services, "findings_of", slow)

    def first() -> SavedCard:
        looked.wait(timeout=20)
        try:
            return entering(bo, in_scope, card(who))()
        finally:
            written.set()

    won, lost = together(first, entering(du, in_scope, card(who, village_code=str(KELAN_VILLAGE))))
    assert isinstance(won, SavedCard)
    assert isinstance(lost, IdNumberTaken)
    assert "临县" in lost.holder
    assert won.household.household_no not in str(lost)


def test_of_two_saves_of_one_card_the_second_is_told_what_differs(
    bo: User, tong: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        first = saved(bo)
        read = read_card(first.household_year)

    def saving(user: User, given: Any) -> Work:
        def work() -> SavedCard:
            with in_scope(user):
                return change(user, first, given)

        return work

    results = together(
        saving(bo, replace(read, address="后庄1号")),
        saving(tong, replace(read, address="沟底2号", cause_main="08")),
    )
    (stale,) = [result for result in results if isinstance(result, StaleCard)]
    (won,) = [result for result in results if isinstance(result, SavedCard)]
    by_label = {conflict.label: conflict for conflict in stale.conflicts}
    address = by_label["家庭住址"]
    assert (stale.base, stale.current) == (1, 2)
    assert (address.base, address.theirs) == ("白文镇前庄12号", won.household_year.address)
    assert {address.theirs, address.mine} == {"后庄1号", "沟底2号"}
    assert address.both_changed
    assert address.who in {"薄录", "佟镇"}
    cause = by_label["主要致贫原因"]
    assert not cause.both_changed


def test_a_form_sent_twice_is_no_conflict(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo)
        given = replace(read_card(first.household_year), address="后庄1号")
    for _ in range(2):
        with in_scope(bo):
            result = change(bo, first, given)
        assert result.household_year.version == 2


def test_who_changed_a_field_is_told_though_another_saved_since(
    bo: User, tong: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        first = saved(bo)
        read = read_card(first.household_year)
    with in_scope(tong):
        second = change(tong, first, with_member(read, 1, education="04"))
    with in_scope(bo):
        change(bo, second, replace(read_card(second.household_year), address="后庄1号"))
    with in_scope(bo), pytest.raises(StaleCard) as stale:
        change(bo, first, replace(read, plan_exit_year=2018))
    told = {c.label: (c.base, c.theirs, c.mine, c.who) for c in stale.value.conflicts}
    assert told == {
        "李秀英 文化程度": ("03 初中", "04 高中(含中职)", "03 初中", "佟镇"),
        "家庭住址": ("白文镇前庄12号", "后庄1号", "白文镇前庄12号", "薄录"),
        "计划脱贫年度": ("2016", "2016", "2018", ""),
    }


def test_ten_clerks_get_ten_numbers(tong: User, in_scope: Scope) -> None:
    results = together(*(entering(tong, in_scope, card(member())) for _ in range(10)))
    numbers = sorted(result.household.household_no[-4:] for result in results)
    assert numbers == [f"{n:04}" for n in range(1, 11)]


def test_one_key_sent_ten_times_at_once_is_one_household(tong: User, in_scope: Scope) -> None:
    key, given = uuid.uuid4(), card()
    results = together(*(entering(tong, in_scope, given, key=key) for _ in range(10)))
    assert len({result.household.pk for result in results}) == 1
    with in_scope(tong):
        assert (Household.objects.count(), HouseholdYear.objects.count()) == (1, 1)
    connection.close()
