"""Split, merge and move: heads and counts recomputed, both histories kept, the link shown, undone where nothing followed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.vault.models import Sealed
from registry.codes import HouseholdStatus
from registry.errors import CardRefused, HouseholdEnded, TransferRefused
from registry.models import Household, HouseholdLink, HouseholdYear, Member, MemberYear
from registry.reports.cards import card_history, read_card
from registry.services.cards import SavedCard
from registry.services.lineage import merge_households, move_household, split_household
from registry.services.undoing import undo_link
from tests.conftest import as_owner
from tests.registry.factories import KELAN_VILLAGE, TODAY, VILLAGE, card, change, member, pupil, saved, wife
from tests.registry.standing import put

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])

Scope = Callable[[User], AbstractContextManager[User]]


def family(actor: User) -> SavedCard:
    brother = member(name="张建军", relation="99", born=date(1975, 1, 2))
    bride = wife(name="王秀梅", relation="99", born=date(1978, 1, 2))
    return saved(actor, card(member(), wife(), pupil(), brother, bride))


def numbers(result: SavedCard) -> list[str]:
    return [m.member_no or "" for m in read_card(result.household_year).members]


def split(actor: User, result: SavedCard) -> HouseholdLink:
    no = numbers(result)
    return split_household(
        actor=actor,
        household=result.household,
        leaving=[no[3], no[4]],
        relations={no[3]: "01", no[4]: "02"},
        reason="兄弟分家另过",
        on=TODAY,
    )


def card_of(household: Household, year: int = 2014) -> HouseholdYear:
    return HouseholdYear.objects.select_related("household").get(household=household, year=year)


def test_a_split_leaves_two_whole_households(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        first = family(tong)
    with in_scope(tong):
        link = split(tong, first)
        old, new = card_of(first.household), card_of(link.other)  # type: ignore[arg-type]
        assert (old.member_count, old.version, old.head_name) == (3, 2, "张建国")
        assert (new.member_count, new.version, new.head_name, new.labourer_count) == (2, 1, "张建军", 2)
        assert (new.wage_income, new.net_income, new.income_lines) == (None, None, [])
        assert link.other.status == HouseholdStatus.DRAFT  # type: ignore[union-attr]
        assert old.open_remarks
        assert new.open_remarks
        person = Member.objects.get(household=link.other, name="张建军")
        assert person.came_from is not None
        assert person.came_from.member_no == numbers(first)[3]
        left = MemberYear.objects.filter(household_year=old, is_counted=False)
        assert {(row.change_type, row.change_date, row.relation) for row in left} == {("08", TODAY, "99")}
        assert {c.reason for c in card_history(first.household) if c.version == 2} == {"兄弟分家另过"}
        completed = replace(read_card(new), income=card().income)
        saved_new = change(tong, SavedCard(link.other, new, ()), completed)  # type: ignore[arg-type]
        assert saved_new.household_year.net_income == Decimal("3580.00")


def test_a_split_needs_a_head_on_both_sides(tong: User, ai: User, in_scope: Scope) -> None:
    with in_scope(tong):
        first = family(tong)
        no = numbers(first)

        def attempt(leaving: list[str], relations: dict[str, str]) -> None:
            split_household(
                actor=tong,
                household=first.household,
                leaving=leaving,
                relations=relations,
                reason="分家",
                on=TODAY,
            )

        for leaving, relations, says in (
            ([], {}, "请选择"),
            ([no[3]], {}, "新户须有且只有一名户主"),
            ([no[0]], {}, "原户须有且只有一名户主"),
            (no, {}, "全部成员"),
            (["141124101200999901"], {}, "请选择"),
        ):
            with pytest.raises(TransferRefused, match=says):
                attempt(leaving, relations)
        assert Household.objects.count() == 1
        attempt([no[0]], {no[1]: "01"})
        assert card_of(first.household).head_name == "李秀英"
    with in_scope(ai), pytest.raises(Refused):
        split_household(actor=ai, household=first.household, leaving=[], relations={}, reason="x", on=TODAY)


def test_a_split_is_undone_only_while_nothing_was_built_on_it(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        first = family(tong)
    with in_scope(tong):
        link = split(tong, first)
    with in_scope(tong):
        undo_link(actor=tong, link=link, reason="办错", on=TODAY)
        old = card_of(first.household)
        assert (old.member_count, old.version) == (5, 3)
        assert Household.objects.get(pk=link.other_id).status == HouseholdStatus.CLOSED
        assert MemberYear.objects.filter(holds_id=True).count() == 5
        with pytest.raises(TransferRefused, match="已经撤销"):
            undo_link(actor=tong, link=link, reason="办错", on=TODAY)
    with in_scope(tong):
        again = split(tong, SavedCard(first.household, card_of(first.household), ()))
        row = card_of(first.household)
        change(tong, SavedCard(first.household, row, ()), replace(read_card(row), address="后庄1号"))
    with in_scope(tong), pytest.raises(TransferRefused, match="此后又有改动"):
        undo_link(actor=tong, link=again, reason="办错", on=TODAY)


def test_a_merge_empties_one_and_closes_it(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        first, alone = (
            saved(tong),
            saved(tong, card(member(name="张老五", born=date(1950, 1, 1), labor="04"))),
        )
        put(alone.household, HouseholdStatus.REGISTERED)
        number = numbers(alone)[0]
    with in_scope(tong):
        with pytest.raises(TransferRefused, match="与新户主的关系"):
            merge_households(
                actor=tong,
                household=alone.household,
                into=first.household,
                relations={},
                reason="并户",
                on=TODAY,
            )
        link = merge_households(
            actor=tong,
            household=alone.household,
            into=first.household,
            relations={number: "99"},
            reason="随侄子生活",
            on=TODAY,
        )
        assert (card_of(first.household).member_count, card_of(alone.household).member_count) == (4, 0)
        assert Household.objects.get(pk=alone.household.pk).status == HouseholdStatus.CLOSED
        with pytest.raises(HouseholdEnded):
            split_household(
                actor=tong, household=alone.household, leaving=[number], relations={}, reason="x", on=TODAY
            )
    with in_scope(tong):
        undo_link(actor=tong, link=link, reason="办错", on=TODAY)
        assert (card_of(first.household).member_count, card_of(alone.household).member_count) == (3, 1)
        assert Household.objects.get(pk=alone.household.pk).status == HouseholdStatus.REGISTERED


def test_a_move_takes_everything_along(bo: User, tong: User, ai: User, in_scope: Scope) -> None:
    elsewhere = (
        Division.objects.filter(code__gte=141124000000, code__lt=141125000000, is_administrative_village=True)
        .exclude(code__gte=141124101000, code__lt=141124102000)
        .order_by("code")
        .first()
    )
    assert elsewhere is not None
    with in_scope(bo):
        first = family(bo)
    with in_scope(tong), pytest.raises(Refused):
        move_household(
            actor=tong,
            household=first.household,
            to_village=elsewhere.code,
            natural_village="沟底",
            reason="x",
            on=TODAY,
        )
    with in_scope(bo):
        link = move_household(
            actor=bo,
            household=first.household,
            to_village=elsewhere.code,
            natural_village="沟底",
            reason="投亲",
            on=TODAY,
        )
        row = card_of(first.household)
        assert (row.division_id, row.natural_village, row.version) == (elsewhere.code, "沟底", 2)
        assert row.household.household_no == first.household.household_no
        assert set(MemberYear.objects.values_list("division_id", flat=True)) == {elsewhere.code}
        events = apps.get_model("registry", "MemberYearEvent")._default_manager
        assert set(events.values_list("division_id", flat=True)) == {VILLAGE, elsewhere.code}
        assert (link.from_village, link.to_village) == (VILLAGE, elsewhere.code)
        assert card_history(first.household)
    with as_owner():
        assert set(Sealed.objects.values_list("division", flat=True)) == {elsewhere.code}
    with in_scope(bo):
        assert saved(bo).household.household_no == f"{VILLAGE}0002"
    with in_scope(ai):
        assert not Household.objects.filter(pk=first.household.pk).exists()
    with in_scope(bo):
        undo_link(actor=bo, link=link, reason="办错", on=TODAY)
        row = card_of(first.household)
        assert (row.division_id, row.natural_village) == (VILLAGE, "前庄")


def test_nobody_moves_a_household_out_of_his_division(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo)
        with pytest.raises(Refused):
            move_household(
                actor=bo,
                household=first.household,
                to_village=KELAN_VILLAGE,
                natural_village="沟底",
                reason="x",
                on=TODAY,
            )


def test_a_member_who_went_to_a_new_household_cannot_stay_in_the_old(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        first = family(tong)
        split(tong, first)
        row = card_of(first.household)
        read = read_card(row)
        back = replace(
            read,
            members=tuple(replace(m, change_type=None, change_date=None) for m in read.members),
        )
        with pytest.raises(CardRefused, match="已在另一户登记"):
            change(tong, SavedCard(first.household, row, ()), back)
