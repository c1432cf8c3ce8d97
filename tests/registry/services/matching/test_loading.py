"""A list is taken in whole and matched; what was decided stands against the next list."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.codes import PROVINCE_CODE
from registry.codes.outside import HitState, ListKind
from registry.errors import MatchingRefused, RowsRefused
from registry.models import Household, MatchHit, Member, OutsideList, OutsideRow
from registry.reports.cards import read_card
from registry.services.lineage import split_household
from registry.services.matching.deciding import decide_hits
from registry.services.matching.loading import withdraw_list
from tests.conftest import BAIWEN, LINXIAN, person
from tests.registry.cases import act_as
from tests.registry.factories import TODAY, card, change, income, member, pupil, saved, wife, with_member
from tests.registry.lists import ON, STRANGER, load, only_hit, sheet, vehicle

pytestmark = pytest.mark.django_db

PEOPLE = ("姓名", "身份号码")
Scope = Callable[[User], Any]


@pytest.fixture
def clerk(db: None) -> User:
    """Whoever enters cards; he loads no lists."""
    return person("clerk", Role.COUNTY_ENTRY, LINXIAN, full_name="柯录")


def test_a_member_on_a_list_is_a_hit_with_what_the_list_says(clerk: User, bo: User) -> None:
    man = member()
    act_as(clerk)
    household = saved(clerk, card(man, wife(), pupil())).household
    loaded = vehicle(bo, str(man.id_no), name="张建囯")
    assert (loaded.list.row_count, loaded.hits) == (1, 1)
    hit = only_hit()
    assert (hit.household, hit.kind, hit.state, hit.fact) == (household, "VEHICLE", HitState.OPEN, "晋J12345")
    assert (hit.note, hit.same_name, hit.blocks) == ({"号牌号码": "晋J12345"}, False, True)
    row = OutsideRow.objects.get()
    assert row.id_no_masked == str(man.id_no)[:6] + "*" * 12
    assert str(man.id_no) not in str(list(OutsideRow.objects.values()))


def test_nobody_else_is_hit(clerk: User, bo: User) -> None:
    act_as(clerk)
    saved(clerk)
    assert vehicle(bo, STRANGER).hits == 0


def test_the_same_file_is_taken_once(clerk: User, bo: User) -> None:
    vehicle(bo, STRANGER)
    with pytest.raises(MatchingRefused, match="已经装入过"):
        vehicle(bo, STRANGER)
    assert OutsideList.objects.count() == 1


def test_one_bad_row_and_nothing_is_written(bo: User) -> None:
    content = sheet(PEOPLE, ("甲", STRANGER), ("乙", "123"))
    with pytest.raises(RowsRefused):
        load(bo, ListKind.DIBAO, content)
    assert not OutsideList.objects.exists()
    assert not OutsideRow.objects.exists()


def test_a_waiver_stands_against_the_next_list(clerk: User, bo: User, tong: User) -> None:
    man = member()
    act_as(clerk)
    saved(clerk, card(man, wife()))
    vehicle(bo, str(man.id_no))
    act_as(tong)
    decide_hits(
        actor=tong, hits=[only_hit()], state=HitState.WAIVED, reason="农用三轮车", evidence="行驶证，镇档 3"
    )
    assert vehicle(bo, str(man.id_no), name="张建国 ").hits == 0, "the same car on another list"
    assert vehicle(bo, str(man.id_no), plate="晋J99999").hits == 1, "another car"
    assert sorted(MatchHit.objects.values_list("state", flat=True)) == ["OPEN", "WAIVED"]


@pytest.mark.parametrize(
    ("kind", "says", "silent"),
    [
        (ListKind.DIBAO, {"is_dibao": True}, {"is_dibao": False}),
        (ListKind.WUBAO, {"is_wubao": True}, {"is_wubao": False}),
        (ListKind.DISABILITY, {"health": ("02", "04"), "disease": "高血压"}, {"health": ("01",)}),
    ],
)
def test_a_card_that_says_the_same_is_no_hit_and_settles_one(
    clerk: User, bo: User, kind: ListKind, says: dict[str, Any], silent: dict[str, Any]
) -> None:
    there, quiet = member(**says), wife(**silent)
    act_as(clerk)
    poor_type = {ListKind.DIBAO: "02", ListKind.WUBAO: "04"}.get(kind, "01")
    allowance = income(tr_dibao=Decimal(1800) if kind == ListKind.DIBAO else Decimal(0))
    before = saved(clerk, card(there, quiet, poor_type=poor_type, income=allowance))
    content = sheet(PEOPLE, ("张建国", there.id_no), ("李秀英", quiet.id_no))
    assert load(bo, kind, content).hits == 1
    assert only_hit().member.name == "李秀英"
    act_as(clerk)
    change(clerk, before, with_member(read_card(before.household_year), 1, **says))
    hit = only_hit()
    assert (hit.state, hit.decided_by, bool(hit.decided_at)) == (HitState.MENDED, None, True)


def test_the_dead_are_settled_when_they_no_longer_count(clerk: User, bo: User) -> None:
    woman = wife()
    act_as(clerk)
    before = saved(clerk, card(member(), woman))
    load(bo, ListKind.DEATH, sheet((*PEOPLE, "死亡日期"), ("李秀英", woman.id_no, "2014-02-03")))
    assert only_hit().state == HitState.OPEN
    act_as(clerk)
    now = with_member(read_card(before.household_year), 1, change_type="01", change_date=date(2014, 2, 3))
    change(clerk, before, now)
    assert only_hit().state == HitState.MENDED


def test_who_is_entered_after_the_list_is_hit_at_once(clerk: User, bo: User) -> None:
    """Also by somebody who can't see the list: the township enters, the county loaded."""
    man = member()
    vehicle(bo, str(man.id_no))
    assert not MatchHit.objects.exists()
    township = act_as(person("typist", Role.TOWNSHIP, BAIWEN))
    saved(township, card(man, wife()))
    assert only_hit().member.name == "张建国"


def test_a_corrected_number_is_looked_up_again(clerk: User, bo: User) -> None:
    man, other = member(), member()
    act_as(clerk)
    before = saved(clerk, card(man, wife()))
    vehicle(bo, str(other.id_no))
    act_as(clerk)
    change(clerk, before, with_member(read_card(before.household_year), 0, id_no=other.id_no))
    assert only_hit().kind == "VEHICLE"


def test_a_son_who_splits_off_takes_the_hit_with_him(clerk: User, bo: User) -> None:
    son = member(name="张大郎", relation="03", born=date(1990, 7, 1))
    act_as(clerk)
    first = saved(clerk, card(member(), wife(), son))
    vehicle(bo, str(son.id_no), name="张大郎")
    act_as(clerk)
    leaving = Member.objects.get(name="张大郎").member_no
    split_household(
        actor=clerk,
        household=first.household,
        leaving=[leaving],
        relations={leaving: "01"},
        reason="分家",
        on=TODAY,
    )
    states = dict(MatchHit.objects.values_list("household_id", "state"))
    other = Household.objects.exclude(pk=first.household.pk).get()
    assert states == {first.household.pk: HitState.MENDED, other.pk: HitState.OPEN}


def test_a_list_of_the_province_reaches_every_county_and_a_countys_only_its_own(
    clerk: User, bo: User, du: User, gao: User
) -> None:
    mine, theirs = member(), member()
    act_as(clerk)
    saved(clerk, card(mine))
    act_as(du)
    saved(du, card(theirs, village_code="140929100200", phone="13800000002"))
    content = sheet(PEOPLE, ("张建国", mine.id_no), ("张建国", theirs.id_no))
    assert load(bo, ListKind.DEATH, content).hits == 1
    assert load(gao, ListKind.DEATH, content, division=PROVINCE_CODE).hits == 1, (
        "the other, the first is known"
    )


def test_lists_are_handed_in_by_those_whose_they_are(bo: User, tong: User) -> None:
    civil = person("min", Role.CIVIL_AFFAIRS, LINXIAN)
    load(civil, ListKind.DIBAO, sheet(PEOPLE, ("甲", STRANGER)))
    with pytest.raises(MatchingRefused, match="不由您的岗位装入"):
        vehicle(civil, STRANGER)
    with pytest.raises(Refused):
        vehicle(tong, STRANGER)
    with pytest.raises(Refused):
        vehicle(bo, STRANGER, division=PROVINCE_CODE)
    with pytest.raises(MatchingRefused, match="截止日期"):
        vehicle(bo, STRANGER, as_of=date(2014, 9, 2))
    assert date(2014, 9, 1) == ON


def test_a_withdrawn_list_takes_its_undecided_hits_along_and_leaves_what_another_says(
    clerk: User, bo: User, tong: User
) -> None:
    man, woman = member(), wife()
    act_as(clerk)
    saved(clerk, card(man, woman))
    heads = ("身份号码", "姓名", "号牌号码")
    wrong = load(
        bo, ListKind.VEHICLE, sheet(heads, (man.id_no, "张建国", "晋J1"), (woman.id_no, "李秀英", "晋J2"))
    ).list
    right = load(bo, ListKind.VEHICLE, sheet(heads, (man.id_no, "张建国", "晋J1"))).list
    withdraw_list(actor=act_as(bo), outside=wrong, reason="发错了县", on=ON)
    hit = only_hit()
    assert (hit.list_id, hit.fact) == (right.pk, "晋J1")
    with pytest.raises(MatchingRefused, match="已撤销"):
        withdraw_list(actor=bo, outside=wrong, reason="再撤一次", on=ON)
