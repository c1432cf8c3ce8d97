"""A seeded register is one that the services could have written."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from fupin.accounts.models import User
from fupin.accounts.scope import whole_province
from fupin.vault.cipher import blind_index
from registry.models import (
    Household,
    HouseholdYear,
    LabourerYear,
    Member,
    MemberYear,
    RegisterEntry,
    VillageYear,
    YearClose,
)
from registry.reports.cards import read_card
from registry.reports.ledger import differences
from registry.rules.help.after_exit import ON_REGISTER
from registry.seeding.load import SEED_USER, seed
from registry.services.mapping import card_rows
from tests.conftest import KELAN, as_owner

pytestmark = pytest.mark.django_db(transaction=True)

DERIVED_APART = {"id", "household_year", "updated_at", "remarks", "open_remarks"}


@pytest.fixture
def seeded() -> Iterator[None]:
    """A hundred households of 岢岚县, seen as the whole province sees them."""
    with as_owner():
        seed(households=100, seed_text="test", counties=[KELAN], processes=1)
    with whole_province():
        yield


def values(row: Any) -> dict[str, Any]:
    """Return a row's columns but for sealed values, which are sealed anew each time."""
    return {
        field.attname: (
            bytes(value) if isinstance(value := getattr(row, field.attname), memoryview) else value
        )
        for field in row._meta.concrete_fields
        if not field.generated and not field.attname.endswith("_sealed") and field.name not in DERIVED_APART
    }


def test_rows_are_what_the_services_make_of_the_same_card(seeded: None) -> None:
    for stored in HouseholdYear.objects.select_related("household").order_by("pk"):
        card = read_card(stored)
        employed = frozenset(
            LabourerYear.objects.filter(
                member_year__household_year=stored, emp_status__in=["2", "3", "4", "5"]
            ).values_list("member__member_no", flat=True)
        )
        before = values(stored)
        rows = card_rows(card, household=stored.household, author_id=stored.updated_by_id, employed=employed)
        masked = {
            "phone_index",
            "phone_masked",
            "bank_account_index",
            "bank_account_masked",
            "updated_by_id",
            "version",
        }
        after = {name: value for name, value in values(rows.household_year).items() if name not in masked}
        assert after == {name: before[name] for name in after}
        for member, year in rows.members:
            here = MemberYear.objects.select_related("member").get(
                household_year=stored, member__member_no=member.member_no
            )
            assert year.is_labourer == here.is_labourer
            assert member.name_pinyin == here.member.name_pinyin
            assert member.name_initials == here.member.name_initials


def test_every_row_has_its_history_and_its_village_table(seeded: None) -> None:
    def count(table: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])

    for table in ("household", "householdyear", "member", "memberyear", "laboureryear", "villageyear"):
        assert count(f"registry_{table}event") == count(f"registry_{table}") > 0
    assert count("pghistory_context") == 1
    villages = Household.objects.order_by().values("division").distinct().count()
    assert VillageYear.objects.count() == 2 * villages


def test_the_first_year_is_closed_and_the_second_open(seeded: None) -> None:
    assert list(YearClose.objects.order_by("pk").values_list("pk", flat=True)) == [2013]
    assert set(HouseholdYear.objects.order_by().values_list("year", flat=True).distinct()) == {2013, 2014}


def test_the_registers_ledger_carries_in_what_stands(seeded: None) -> None:
    assert differences(KELAN) == []
    standing = Household.objects.filter(status__in=ON_REGISTER).count()
    entries = RegisterEntry.objects.filter(on__year=2014)
    assert entries.aggregate(closing=Sum("direction"))["closing"] == standing > 0
    assert entries.filter(why="LEFT").count() == Household.objects.filter(status="O").count()


def test_numbers_can_be_found_by_their_index_and_are_shown_masked(seeded: None) -> None:
    member = Member.objects.order_by("pk").first()
    assert member is not None
    assert member.id_no_masked.startswith("1499")
    assert member.id_no_masked.endswith("*" * 12)
    assert Member.objects.exclude(id_no_masked__startswith="1499").count() == 0
    assert len(bytes(member.id_no_index)) == len(blind_index("id_no", "x"))


def test_nobody_can_sign_in_as_the_one_who_entered_it(seeded: None) -> None:
    user = User.objects.get(username=SEED_USER)
    assert not user.is_active
    assert not user.has_usable_password()


def test_a_second_seed_fills_other_villages_with_other_numbers() -> None:
    with as_owner():
        seed(households=40, seed_text="one", counties=[KELAN], processes=1)
        seed(households=40, seed_text="two", counties=[KELAN], processes=1)
    with whole_province():
        assert Household.objects.count() == 80
        assert Member.objects.order_by().values("id_no_index").distinct().count() == Member.objects.count()
        assert YearClose.objects.get().pk == 2013


def test_new_rows_get_keys_beyond_the_seeded_ones(seeded: None) -> None:
    highest = Household.objects.order_by("pk").values_list("pk", flat=True).last()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_household', 'id'))")
        assert cursor.fetchone()[0] > highest


def test_a_register_with_real_households_is_refused() -> None:
    with as_owner():
        seed(households=1, seed_text="one", counties=[KELAN], processes=1)
        Household.objects.update(is_demo=False)
        with pytest.raises(CommandError, match="真实"):
            call_command("seed", households=1)


def test_the_command_says_in_json_what_it_wrote() -> None:
    out = StringIO()
    with as_owner():
        call_command("seed", households=30, county=["140929"], processes=1, json=True, stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["households"] == 30
    assert figures["rows"]["registry_member"] > 50
    with whole_province():
        registered = Household.objects.filter(status__in=ON_REGISTER)
        assert registered.count() == figures["rows"]["registry_assistpair"] > 0
        assert not registered.exclude(pairs__end_date__isnull=True, pairs__isnull=False).exists()


@pytest.mark.parametrize("county", ["149999", "14", "吕梁"])
def test_an_unknown_county_is_refused(county: str) -> None:
    with as_owner(), pytest.raises(CommandError, match="没有代码"):
        call_command("seed", households=30, county=[county])


def test_the_demonstration_is_refused_elsewhere(settings: Any) -> None:
    settings.DEMO = False
    with as_owner(), pytest.raises(CommandError, match="演示方式"):
        call_command("demo")
