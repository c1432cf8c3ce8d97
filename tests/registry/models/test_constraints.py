"""What must never be false of the register, tried by raw SQL as the web role: no service stands between."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import message_of, name_of
from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope
from registry.models import HouseholdYear, VillageOnFile
from tests.registry.factories import KELAN_VILLAGE, VILLAGE, card, member, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]


def run(sql: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        (
            "UPDATE registry_householdyear SET irrigated_area = arable_area + 1",
            "householdyear_irrigated_within_arable",
        ),
        (
            "UPDATE registry_householdyear SET cause_other = '{01,02,03}'",
            "householdyear_other_causes_at_most_two",
        ),
        (
            "UPDATE registry_householdyear SET cause_other = ARRAY[cause_main]",
            "householdyear_other_causes_not_main",
        ),
        ("UPDATE registry_householdyear SET plan_exit_year = 2021", "householdyear_plan_exit_in_range"),
        ("UPDATE registry_householdyear SET year = 2012", "householdyear_year_in_range"),
        ("UPDATE registry_householdyear SET wage_income = 1", "householdyear_income_lines_agree"),
        ("UPDATE registry_householdyear SET income_lines = '[]'", "householdyear_income_lines_agree"),
        ("UPDATE registry_household SET household_no = 'x'", "household_no_has_16_digits"),
        ("UPDATE registry_memberyear SET relation = '01'", "memberyear_one_head"),
        ("UPDATE registry_memberyear SET change_type = '01'", "memberyear_change_dated"),
        ("UPDATE registry_memberyear SET work_months = 13", "memberyear_work_months_within_year"),
        (
            "UPDATE registry_memberyear SET is_dibao = true, is_wubao = true",
            "memberyear_dibao_excludes_wubao",
        ),
        ("UPDATE registry_memberyear SET seat = 1", "memberyear_one_seat"),
        (
            "UPDATE registry_member SET id_no_index = (SELECT id_no_index FROM registry_member ORDER BY id LIMIT 1)",
            "memberyear_id_no_once_a_year",
        ),
        (
            "UPDATE registry_memberyear SET id_no_index = '\\x00' WHERE seat = 1",
            "memberyear_id_no_is_the_members",
        ),
    ],
)
def test_a_rule_of_the_tables_holds_without_us(ai: User, in_scope: Scope, sql: str, constraint: str) -> None:
    with in_scope(ai):
        saved(ai)
        with pytest.raises(IntegrityError) as violated:
            run(sql)
        assert name_of(violated.value) == constraint


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_householdyear SET net_income = 1",
        "UPDATE registry_householdyear SET net_income_pc = 1",
        "UPDATE registry_householdyear SET is_dangerous = true",
        "UPDATE registry_memberyear SET holds_id = false",
        "DELETE FROM registry_household",
        "DELETE FROM registry_householdyear",
        "DELETE FROM registry_householdyearevent",
        "UPDATE registry_memberevent SET name = 'x'",
        "TRUNCATE registry_household CASCADE",
        "INSERT INTO registry_yearclose (year, closed_on, document) VALUES (2014, now(), '')",
        "SELECT * FROM vault_sealed",
        "UPDATE vault_sealed SET division = 0",
        "ALTER TABLE registry_household DISABLE ROW LEVEL SECURITY",
    ],
)
def test_what_the_application_may_not_even_try(ai: User, in_scope: Scope, sql: str) -> None:
    with in_scope(ai):
        saved(ai)
        with pytest.raises(DatabaseError):
            run(sql)


def test_a_members_year_cannot_hang_on_another_villages_card(bo: User, du: User, in_scope: Scope) -> None:
    with in_scope(du):
        theirs = saved(du, card(village_code=str(KELAN_VILLAGE))).household_year
    with in_scope(bo):
        saved(bo)
        assert not HouseholdYear.objects.filter(pk=theirs.pk).exists()
        assert (
            run(
                "UPDATE registry_householdyear SET address = 'x' WHERE division >= 140929000000 AND division < 140930000000"
            )
            == 0
        )
        with pytest.raises(IntegrityError):
            run(f"UPDATE registry_memberyear SET household_year_id = {theirs.pk}")
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(f"UPDATE registry_householdyear SET division = {KELAN_VILLAGE}")


def test_without_a_scope_nothing_is_read(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        saved(ai)
    with transaction.atomic():
        enter_scope(0, 0, user_id=None)
        assert HouseholdYear.objects.count() == 0


@pytest.mark.parametrize("function", ["registry_last_household_serial", "registry_last_temporary_serial"])
def test_numbers_are_told_only_of_ones_own_villages(ai: User, in_scope: Scope, function: str) -> None:
    with in_scope(ai):
        saved(ai)
        run(f"SELECT {function}({VILLAGE})")
        with pytest.raises(ProgrammingError, match="out of scope"):
            run(f"SELECT {function}({KELAN_VILLAGE})")


def test_a_household_is_moved_only_within_ones_scope(bo: User, du: User, in_scope: Scope) -> None:
    with in_scope(bo):
        mine = saved(bo).household
        with pytest.raises(ProgrammingError, match="cannot be moved"):
            run(f"SELECT registry_move_household({mine.pk}, {KELAN_VILLAGE})")
    with in_scope(du), pytest.raises(ProgrammingError, match="cannot be moved"):
        run(f"SELECT registry_move_household({mine.pk}, {KELAN_VILLAGE})")


def test_only_a_drafts_members_may_be_deleted(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        put(saved(ai, card(member())).household, "N")
        with pytest.raises(IntegrityError) as violated:
            run("DELETE FROM registry_memberyear")
        assert name_of(violated.value) == "member_of_draft_only"


def test_a_cleared_household_frees_its_members_numbers(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        given = card()
        cleared = saved(ai, given).household
        put(cleared, "K")
        saved(ai, given)
        with pytest.raises(IntegrityError) as violated:
            put(cleared, "D")
        assert message_of(violated.value) == "该证件号码本年度已在另一户登记（R-04）"


def test_every_text_of_the_standard_fits_its_column() -> None:
    from registry.models import LabourerYear, Member, MemberYear, VillageYear
    from registry.standard.household import CONDITION, HOUSEHOLD_YEAR
    from registry.standard.labourer import LABOURER
    from registry.standard.member import MEMBER
    from registry.standard.village import VILLAGE_YEAR

    pairs: list[tuple[Any, Any]] = [
        (HOUSEHOLD_YEAR, (HouseholdYear,)),
        (CONDITION, (HouseholdYear,)),
        (MEMBER, (MemberYear, Member)),
        (LABOURER, (LabourerYear,)),
        (VILLAGE_YEAR, (VillageYear,)),
    ]
    short = [
        (field.name, field.digits, column.max_length)
        for fields, models in pairs
        for field in fields
        for model in models
        for column in model._meta.concrete_fields
        if field.kind == "str" and column.name == field.name and field.digits > column.max_length
    ]
    assert short == []


@pytest.mark.parametrize(
    ("standing", "constraint"),
    [
        ({"status": "O"}, "household_exited_iff_dated"),
        ({"status": "D", "relapse_year": 2014}, "household_relapse_has_cause"),
    ],
)
def test_years_and_dates_go_with_the_status(
    ai: User, in_scope: Scope, standing: dict[str, Any], constraint: str
) -> None:
    with in_scope(ai):
        household = saved(ai).household
        with pytest.raises(IntegrityError) as violated:
            put(household, **standing)
    assert name_of(violated.value) == constraint


def test_a_village_is_on_file_with_its_first_card_and_nobody_writes_that(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai, village_code=str(VILLAGE))
        saved(ai, village_code=str(VILLAGE))
        listed = VillageOnFile.objects.values_list("division_id", "year")
        assert list(listed) == [(VILLAGE, first.household_year.year)]
        with pytest.raises(ProgrammingError):
            run(f"INSERT INTO registry_villageonfile (division, year) VALUES ({VILLAGE}, 2015)")
        with pytest.raises(ProgrammingError):
            run("DELETE FROM registry_villageonfile")
