"""Entering and changing cards as the web role: what is stored, what is refused, what is told."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import ProgrammingError, transaction

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.vault.models import Sealed
from registry.codes import HouseholdStatus
from registry.errors import CardRefused, HouseholdEnded
from registry.models import Household, Member, MemberYear, NaturalVillage
from registry.reports.cards import read_card
from registry.rules.card import Card, IncomeLine, Relocation, Subsidy
from registry.services.cards import check, save_card, start_year
from tests.registry.factories import (
    KELAN_VILLAGE,
    TODAY,
    VILLAGE,
    card,
    change,
    id_number,
    income,
    member,
    pupil,
    saved,
    wife,
    with_member,
)
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

Scope = Callable[[User], Any]


def rules_of(refused: pytest.ExceptionInfo[CardRefused]) -> set[tuple[str, str]]:
    return {(finding.rule, finding.field) for finding in refused.value.findings}


def test_a_card_comes_back_as_it_was_entered(ai: User, in_scope: Scope) -> None:
    given = card(
        relocation=Relocation(
            willing=True,
            place="b",
            follow_up="2",
            subsidies=(Subsidy("中央预算内投资", Decimal("6000.00"), 2014),),
        )
    )
    with in_scope(ai):
        result = saved(ai, given)
        read = read_card(result.household_year)
    assert result.household.household_no == f"{VILLAGE}0001"
    assert result.household.status == HouseholdStatus.DRAFT
    assert [m.member_no for m in read.members] == [f"{VILLAGE}0001{n:02}" for n in (1, 2, 3)]
    assert [m.id_no for m in read.members] == ["149901" + "*" * 12] * 3
    assert read.phone == "*******0001"
    assert (read.filler, read.fill_date) == ("艾村", TODAY)
    expected = replace(
        given,
        household_no=read.household_no,
        phone=read.phone,
        filler="艾村",
        fill_date=TODAY,
        members=tuple(
            replace(m, member_no=r.member_no, id_no=r.id_no, birth_date=r.birth_date)
            for m, r in zip(given.members, read.members, strict=True)
        ),
        income=replace(given.income, lines=read.income.lines),
    )
    assert read == expected


def test_what_follows_from_the_members_is_stored_with_the_card(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        row = saved(ai).household_year
        row.refresh_from_db()
        assert (row.member_count, row.labourer_count, row.is_zero_employment) == (3, 2, True)
        assert (row.head_name, row.head_pinyin, row.head_initials) == ("张建国", "zhangjianguo", "zjg")
        assert (row.net_income, row.net_income_pc) == (Decimal("3580.00"), Decimal("1193.33"))
        assert [m.is_labourer for m in row.members.order_by("seat")] == [True, True, False]
        assert {line["item"] for line in row.income_lines} == {"汇总录入"}
        assert NaturalVillage.objects.get(division_id=VILLAGE).name == "前庄"


def test_the_head_gets_the_first_number_wherever_he_stands(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        read = read_card(saved(ai, card(wife(), pupil(), member())).household_year)
    assert [m.member_no[-2:] for m in read.members if m.member_no] == ["02", "03", "01"]


def test_full_numbers_lie_in_the_vault_and_nowhere_else(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        given = card(member(), phone="13912345678", bank_account="6228480012345678909")
        row = saved(ai, given).household_year
        person = row.members.get().member
        assert person.id_no_masked == "149901************"
        assert (row.phone_masked, row.bank_account_masked) == ("*******5678", "***************8909")
        assert len({person.id_no_sealed, row.phone_sealed, row.bank_account_sealed}) == 3
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Sealed.objects.count()


def test_the_same_key_twice_is_the_same_household(ai: User, in_scope: Scope) -> None:
    key = uuid.uuid4()
    with in_scope(ai):
        given = card()
        first, second = (
            save_card(actor=ai, household=None, card=given, base_version=None, entry_key=key, on=TODAY)
            for _ in range(2)
        )
        assert first.household.pk == second.household.pk
        assert Household.objects.count() == 1


def test_all_errors_are_told_at_once_and_nothing_is_stored(ai: User, in_scope: Scope) -> None:
    wrong = card(
        member(ethnic=None, id_no="149901197005060000"),
        wife(relation="01"),
        cause_main=None,
        phone="123",
        condition=replace(card().condition, fuel_type=None, irrigated_area=Decimal(99)),
    )
    with in_scope(ai):
        with pytest.raises(CardRefused) as refused:
            saved(ai, wrong)
        assert {
            ("R-02", "members[0].id_no"),
            ("R-11", "members[0].ethnic"),
            ("R-16", "members[1].relation"),
            ("R-18", "cause_main"),
            ("R-20", "phone"),
            ("R-19", "condition.fuel_type"),
            ("R-20", "condition.irrigated_area"),
        } <= rules_of(refused)
        assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("village", "says"),
    [(None, "未填"), ("14112410120", "12 位"), ("141124101000", "行政村"), ("141124101999", "行政村")],
)
def test_a_card_needs_an_administrative_village(
    ai: User, tong: User, in_scope: Scope, village: str, says: str
) -> None:
    with in_scope(tong), pytest.raises(CardRefused) as refused:
        saved(tong, card(village_code=village))
    assert says in str(refused.value)


def test_nobody_enters_outside_his_division_or_without_the_permission(
    ai: User, chen: User, in_scope: Scope
) -> None:
    with in_scope(ai), pytest.raises(Refused):
        saved(ai, card(village_code=str(KELAN_VILLAGE)))
    with in_scope(chen), pytest.raises(Refused):
        saved(chen)


def test_a_warning_stays_open_until_somebody_gives_a_reason(ai: User, in_scope: Scope) -> None:
    given = card(income=income(business_expense=Decimal(0)))
    with in_scope(ai):
        first = saved(ai, given)
        assert [finding.rule for finding in first.findings] == ["R-41", "F-04"]
        assert first.household_year.open_remarks == 2
        read = read_card(first.household_year)
        second = change(ai, first, read, confirmed={"R-41": "种子、化肥由合作社赊给"})
        remarks = {r["rule"]: r["reason"] for r in second.household_year.remarks}
        assert remarks == {"R-41": "种子、化肥由合作社赊给"}
        assert (second.household_year.open_remarks, second.household_year.version) == (0, 2)
        third = change(ai, second, replace(read, address="后庄1号"))
        assert third.household_year.remarks == second.household_year.remarks


def test_saving_what_was_read_changes_nothing(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai, natural_village="前庄")
        again = change(ai, first, read_card(first.household_year))
        settled = change(ai, again, read_card(again.household_year))
        assert settled.household_year.version == again.household_year.version
        events = apps.get_model("registry", "MemberYearEvent")._default_manager
        assert events.count() == 3


def test_masked_numbers_stay_and_full_ones_replace_them(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        before = list(Member.objects.order_by("member_no").values_list("id_no_sealed", flat=True))
        read = read_card(first.household_year)
        number = id_number(date(1970, 5, 6))
        second = change(ai, first, with_member(read, 0, id_no=number, birth_date=None))
        after = list(Member.objects.order_by("member_no").values_list("id_no_sealed", flat=True))
        assert [a == b for a, b in zip(before, after, strict=True)] == [False, True, True]
        assert second.household_year.version == 2
        row = MemberYear.objects.get(member__member_no=read.members[0].member_no)
        assert bytes(row.id_no_index) == bytes(row.member.id_no_index)


def test_a_mask_stands_only_for_what_is_stored(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        read = read_card(first.household_year)
        for wrong in (
            with_member(read, 0, id_no="149999************"),
            with_member(read, 0, member_no=None),
            replace(read, bank_account="****1234"),
            replace(read, phone="*******9999"),
        ):
            with pytest.raises(CardRefused) as refused:
                change(ai, first, wrong)
            assert "只有掩码" in str(refused.value)
        with pytest.raises(CardRefused) as refused:
            change(ai, first, with_member(read, 0, sex="2"))
        assert ("R-05", "members[0].sex") in rules_of(refused)


def test_a_person_known_by_his_number_keeps_his_member_no(ai: User, in_scope: Scope) -> None:
    given = card()
    with in_scope(ai):
        first = saved(ai, given)
        second = change(ai, first, replace(given, address="后庄1号"))
        assert Member.objects.count() == 3
        assert second.household_year.address == "后庄1号"


def test_nobody_stands_on_two_cards_of_a_year(ai: User, du: User, in_scope: Scope) -> None:
    given = card()
    with in_scope(ai):
        first = saved(ai, given)
        with pytest.raises(CardRefused) as refused:
            saved(ai, replace(given, members=(given.members[0],)))
    assert ("R-04", "members[0].id_no") in rules_of(refused)
    assert first.household.household_no in str(refused.value)
    assert "县内：" in str(refused.value)
    with in_scope(du), pytest.raises(CardRefused) as refused:
        saved(du, replace(given, village_code=str(KELAN_VILLAGE)))
    assert "省内市外：" in str(refused.value)
    assert "临县" in str(refused.value)
    assert first.household.household_no not in str(refused.value)


def test_who_left_frees_his_number_and_is_kept(ai: User, in_scope: Scope) -> None:
    given = card()
    with in_scope(ai):
        first = saved(ai, given)
        read = read_card(first.household_year)
        left = with_member(read, 1, change_type="02", change_date=date(2014, 5, 1))
        second = change(ai, first, left)
        assert second.household_year.member_count == 2
        bride = replace(given.members[1], relation="02")
        elsewhere = saved(ai, card(member(name="王大山"), bride))
        assert elsewhere.household_year.member_count == 2
        with pytest.raises(CardRefused) as refused:
            change(
                ai,
                second,
                with_member(read_card(second.household_year), 1, change_type=None, change_date=None),
            )
        assert ("R-04", "members[1].id_no") in rules_of(refused)


def test_a_new_head_is_a_change_of_relations_only(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        read = read_card(first.household_year)
        swapped = with_member(with_member(read, 0, relation="02"), 1, relation="01")
        second = change(ai, first, swapped)
        assert second.household_year.head_name == "李秀英"
        assert [m.member_no for m in read_card(second.household_year).members] == [
            m.member_no for m in read.members
        ]


def test_two_members_may_swap_mistyped_numbers(ai: User, in_scope: Scope) -> None:
    born = date(1970, 5, 6)
    first_no, second_no = id_number(born), id_number(born)
    with in_scope(ai):
        first = saved(ai, card(member(id_no=first_no), member(id_no=second_no, relation="99", name="张建军")))
        read = read_card(first.household_year)
        change(ai, first, with_member(with_member(read, 0, id_no=second_no), 1, id_no=first_no))
        rows = MemberYear.objects.order_by("seat")
        assert [bytes(r.id_no_index) == bytes(r.member.id_no_index) for r in rows] == [True, True]


def test_only_a_draft_loses_members_and_their_numbers_are_not_given_again(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        read = read_card(first.household_year)
        second = change(ai, first, replace(read, members=read.members[:2]))
        assert second.household_year.member_count == 2
        assert Member.objects.count() == 2
        read = read_card(second.household_year)
        third = change(ai, second, replace(read, members=(*read.members, pupil())))
        assert read_card(third.household_year).members[2].member_no == f"{VILLAGE}000104"
        put(third.household, HouseholdStatus.REGISTERED)
        with pytest.raises(CardRefused) as refused:
            change(ai, third, read)
        assert "变动类型" in str(refused.value)


def test_who_has_no_papers_gets_a_temporary_number(ai: User, in_scope: Scope) -> None:
    def nobody(**values: Any) -> Any:
        return member(id_type="90", id_no=None, birth_date=date(1970, 5, 6), **values)

    with in_scope(ai):
        first = saved(ai, card(nobody(), nobody(relation="99", name="张建军")))
        assert [m.id_no for m in read_card(first.household_year).members] == [
            f"LS{VILLAGE}{n:04}" for n in (1, 2)
        ]
        read = read_card(first.household_year)
        second = change(ai, first, with_member(read, 0, id_type="01", id_no=id_number(), birth_date=None))
        third = saved(ai, card(nobody()))
        assert read_card(third.household_year).members[0].id_no == f"LS{VILLAGE}0003"
        assert read_card(second.household_year).members[0].id_no == "149901************"
        with pytest.raises(CardRefused):
            saved(ai, card(member(id_type="90", id_no=f"LS{VILLAGE}0001", birth_date=date(1970, 5, 6))))


def test_lines_make_up_the_amounts(ai: User, in_scope: Scope) -> None:
    lines = (
        IncomeLine("wage_income", Decimal(4000), "工地小工", Decimal(50), "天", Decimal(80)),
        IncomeLine("wage_income", Decimal(2000), "公益岗"),
    )
    with in_scope(ai):
        first = saved(ai, income=income(wage_income=None, lines=lines))
        row = first.household_year
        assert row.wage_income == Decimal(6000)
        read = read_card(row)
        assert [line.item for line in read.income.lines if line.kind == "wage_income"] == [
            "工地小工",
            "公益岗",
        ]
        only_total = replace(read.income, lines=(), wage_income=Decimal(6000))
        second = change(ai, first, replace(read, income=only_total))
        assert [x["item"] for x in second.household_year.income_lines if x["kind"] == "wage_income"] == [
            "工地小工",
            "公益岗",
        ]
        third = change(ai, second, replace(read, income=replace(only_total, wage_income=Decimal(7000))))
        assert [x["item"] for x in third.household_year.income_lines if x["kind"] == "wage_income"] == [
            "汇总录入"
        ]
        assert third.household_year.wage_income == Decimal(7000)


def test_a_closed_year_and_an_ended_household_stand(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        read = read_card(first.household_year)
        put(first.household, HouseholdStatus.CLOSED)
        with pytest.raises(HouseholdEnded):
            change(ai, first, read)


def test_numbers_are_unique_across_a_move_out_of_sight(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        first = saved(tong)
        second = saved(tong)
        assert [r.household.household_no[-4:] for r in (first, second)] == ["0001", "0002"]


def test_check_stores_nothing_and_says_what_follows(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        ready, findings = check(actor=ai, household=None, card=card(member(sex=None)), on=TODAY)
        assert (ready.members[0].sex, ready.members[0].birth_date) == ("1", date(1970, 5, 6))
        assert [f.rule for f in findings] == ["F-04"]
        assert not Household.objects.exists()


@pytest.mark.parametrize("size", [1, 12])
def test_a_save_asks_the_database_as_often_for_twelve_members_as_for_one(
    ai: User, in_scope: Scope, django_assert_max_num_queries: Any, size: int
) -> None:
    def family(number: int) -> Card:
        others = [member(relation="99", name="张建军") for _ in range(number - 1)]
        return card(member(), *others)

    with in_scope(ai):
        with django_assert_max_num_queries(16):
            first = saved(ai, family(size))
        read = read_card(first.household_year)
        changed = replace(
            read,
            address="后庄1号",
            members=tuple(replace(m, work_area="04", work_months=6) for m in read.members),
        )
        with django_assert_max_num_queries(18):
            second = change(ai, first, changed)
        assert second.household_year.version == 2


def test_a_new_year_begins_with_the_year_before(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        given = card(bank_account="6228480012345678909", year=2013)
        first = saved(ai, given)
        read = read_card(first.household_year)
        left = change(ai, first, with_member(read, 2, change_type="08", change_date=date(2013, 11, 2)))
        started = start_year(actor=ai, household=first.household, year=2014, on=TODAY)
        again = start_year(actor=ai, household=first.household, year=2014, on=TODAY)
        assert started.household_year.pk == again.household_year.pk
        fresh = started.household_year
        assert (fresh.version, fresh.member_count, fresh.open_remarks) == (1, 2, 1)
        assert fresh.phone_sealed == left.household_year.phone_sealed
        verified = change(ai, started, read_card(fresh))
        assert (verified.household_year.open_remarks, verified.household_year.version) == (0, 2)


def test_a_new_years_card_may_be_sent_with_last_years_masks(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        disabled = wife(health=("04",))
        disabled = replace(disabled, disability_no=f"{disabled.id_no}43")
        first = saved(
            ai, card(member(phone="13911112222"), disabled, bank_account="6228480012345678909", year=2013)
        )
        carried = replace(read_card(first.household_year), year=2014)
        second = change(ai, first, carried, base_version=None)
        assert second.household_year.version == 1
        assert second.household_year.bank_account_sealed == first.household_year.bank_account_sealed
        rows = list(
            MemberYear.objects.order_by("year", "seat").values_list("phone_masked", "disability_no_masked")
        )
        assert rows[:2] == rows[2:]
        assert Member.objects.count() == 2


def test_whoever_went_to_another_household_is_carried_over_as_gone(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        given = card(year=2013)
        first = saved(ai, given)
        saved(ai, card(member(name="王大山"), given.members[1]))
        started = start_year(actor=ai, household=first.household, year=2014, on=TODAY)
        assert started.household_year.member_count == 2
        gone = read_card(started.household_year).members[1]
        assert (gone.change_type, gone.change_date) == ("08", date(2014, 1, 1))
        assert started.household_year.open_remarks == 2


def test_a_card_without_a_village_is_checked_as_far_as_it_goes(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        _, findings = check(actor=ai, household=None, card=card(village_code=None, cause_main=None), on=TODAY)
        assert {(f.rule, f.field) for f in findings} == {("R-20", "village_code"), ("R-18", "cause_main")}
