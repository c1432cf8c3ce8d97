"""The register's ledger: written by the database with the day of each step, it adds up in every village and year."""

from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE
from fupin.divisions.models import Division
from registry.models import Household, RegisterEntry
from registry.reports.ledger import LedgerRow, differences, households_behind, ledger
from registry.services.lineage import move_household
from tests.conftest import BAIWEN, LINXIAN
from tests.registry.cases import (
    APPLIED_ON,
    TO_THE_REGISTER,
    act_as,
    applicant,
    office,
    round_of,
    walk,
)
from tests.registry.factories import OTHER_VILLAGE, TODAY, VILLAGE, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db


def row(user: User, code: int, year: int) -> LedgerRow:
    return ledger(user, Division.objects.get(pk=code), year).total


def entries(household: Household) -> list[tuple[int, str, date]]:
    return list(
        RegisterEntry.objects.filter(household=household).order_by("pk").values_list("direction", "why", "on")
    )


def test_steps_write_their_own_day_and_the_years_add_up() -> None:
    people = office()
    in_round = round_of(people)
    case = applicant(people, in_round)
    announced = walk(people, case, *TO_THE_REGISTER, on=APPLIED_ON)
    household = case.household
    assert household is not None
    (entered,) = entries(household)
    assert entered[:2] == (1, "IDENTIFIED")
    assert entered[2] == case.steps.get(name="announce").on
    act_as(people.province)
    assert (row(people.province, VILLAGE, 2013).closing, row(people.province, VILLAGE, 2014).came) == (0, 1)
    assert row(people.province, VILLAGE, 2015).opening == 1
    assert announced.year == 2014


def test_falling_back_is_told_from_being_identified(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        household = saved(bo).household
        put(household, "N", first_identified_year=2014)
        put(household, "XP")
        put(household, "O", exit_year=2014, exited_on="2014-12-20")
        put(household, "R", exited_on=None)
        put(household, "C")
        put(household, "N")
        found = entries(household)
        assert [(direction, why) for direction, why, _ in found] == [
            (1, "CORRECTED"), (-1, "LEFT"), (1, "RELAPSED"),
        ]  # fmt: skip
        assert differences(LINXIAN) == []


def test_an_objection_keeps_a_household_where_it_stood(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        applied, registered = saved(bo).household, saved(bo, phone="13800000002").household
        put(applied, "P1")
        put(applied, "S")
        put(registered, "N", first_identified_year=2014)
        put(registered, "XP")
        put(registered, "S")
        assert entries(applied) == []
        assert len(entries(registered)) == 1
        put(registered, "Z")
        put(registered, "S")
        assert [why for _, why, _ in entries(registered)] == ["CORRECTED", "CLOSED", "RESTORED"]
        put(registered, "K")
        assert [why for _, why, _ in entries(registered)][-1] == "CLEARED"
        assert differences(LINXIAN) == []
        found = row(bo, VILLAGE, timezone.localdate().year)
        assert found.adds_up
        assert (found.came, found.went, found.closing) == (2, 2, 0)


def test_a_move_leaves_one_village_and_comes_to_the_other(bo: User, tong: User, in_scope: Any) -> None:
    with in_scope(bo):
        household = saved(bo).household
        put(household, "N", first_identified_year=2014)
    with in_scope(tong):
        move_household(
            actor=tong,
            household=household,
            to_village=OTHER_VILLAGE,
            natural_village="后沟",
            reason="搬迁",
            on=TODAY,
        )
        year = timezone.localdate().year
        old, new = row(tong, VILLAGE, year), row(tong, OTHER_VILLAGE, year)
        assert (old.ways["out_moved"], old.closing, new.ways["in_moved"], new.closing) == (1, 0, 1, 1)
        assert old.adds_up
        assert new.adds_up
        both = row(tong, BAIWEN, year)
        assert (both.closing, both.adds_up) == (1, True)
        assert differences(BAIWEN) == []


def test_each_number_opens_to_its_households(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        first, second = saved(bo).household, saved(bo, phone="13800000002").household
        for one in (first, second):
            put(one, "N", first_identified_year=2014)
        put(second, "K")
        year = timezone.localdate().year
        found = row(bo, LINXIAN, year)
        for part, count in found.cells:
            assert households_behind(bo, LINXIAN, year, part).count() == count, part
        assert [one["household_id"] for one in households_behind(bo, LINXIAN, year, "closing")] == [first.pk]
        assert [one["household_id"] for one in households_behind(bo, LINXIAN, year + 1, "opening")] == [
            first.pk
        ]
        assert households_behind(bo, LINXIAN, year, "nothing").count() == 0
        lines = ledger(bo, Division.objects.get(pk=BAIWEN), year).rows
        assert [(line.division.pk, line.closing) for line in lines] == [(VILLAGE, 1)]


def test_nobody_writes_the_ledger(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        household = saved(bo).household
        put(household, "N")
        for statement in (
            "INSERT INTO registry_registerentry (direction) VALUES (1)",
            "UPDATE registry_registerentry SET direction = -1",
            "DELETE FROM registry_registerentry",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_a_village_whose_ledger_was_tampered_with_is_named(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        household = saved(bo).household
        put(household, "N")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tests_put('registry_registerentry', id, %s) FROM registry_registerentry",
                ['{"direction": -1}'],
            )
        (found,) = differences(PROVINCE_CODE)
        assert (found.village, found.households, found.examples) == (VILLAGE, 1, [household.household_no])


def test_other_counties_ledgers_are_not_seen(bo: User, du: User, in_scope: Any) -> None:
    with in_scope(bo):
        put(saved(bo).household, "N")
    with in_scope(du):
        assert not RegisterEntry.objects.exists()
