"""Cases through their services: what is refused says why; mergers close them and their undoing opens them again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registry.errors import StepRefused
from registry.models import Case, CaseStep, Household
from registry.reports.cards import read_card
from registry.reports.cases import next_acts, stages, taken_steps, waiting_for, who_may
from registry.reports.quotas import ranking
from registry.services.cases import Votes, open_case, take_step, take_steps
from registry.services.lineage import merge_households, move_household, split_household
from registry.services.undoing import undo_link
from tests.conftest import VILLAGE
from tests.registry import cases
from tests.registry.cases import (
    Office,
    act_as,
    applicant,
    given_for,
    hang,
    office,
    poor_household,
    round_of,
    walk,
)
from tests.registry.factories import card, income, member, wife

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Office:
    return office()


def test_one_open_case_at_a_time(people: Office) -> None:
    in_round = round_of(people)
    case = applicant(people, in_round)
    assert case.number == f"{VILLAGE}-2014-0001"
    with pytest.raises(StepRefused, match="已有未结的档案"):
        applicant(people, in_round, case.household)


def test_an_application_needs_a_whole_card(people: Office) -> None:
    """A household that has just been split off has no income yet: it must be asked first."""
    in_round = round_of(people)
    act_as(people.clerk)
    son = member(name="张大郎", relation="03", born=date(1990, 7, 1))
    old = cases.saved(people.clerk, card(member(), wife(), son, year=2013)).household
    number = old.members.get(name="张大郎").member_no
    link = split_household(
        actor=people.clerk,
        household=old,
        leaving=[number],
        relations={number: "01"},
        reason="户口簿已分立",
        on=date(2014, 3, 1),
    )
    case = applicant(people, in_round, link.other)
    act_as(people.village)
    with pytest.raises(StepRefused, match="收入没有采集齐"):
        take_step(actor=people.village, case=case, given=given_for(case, "apply", date(2014, 3, 12)))
    assert case.status == "D"


def test_who_may_not_is_told_why(people: Office) -> None:
    in_round = round_of(people)
    case = applicant(people, in_round)
    today = date(2014, 6, 1)
    walk(people, case, "apply", "deliberate", "post_first", on=date(2014, 3, 12))
    taken = taken_steps(case)
    act_as(people.village)
    acts = next_acts(case, taken, user=people.village, today=date(2014, 4, 4))
    assert (acts[0].step.name, acts[0].mine, acts[0].hindrances) == (
        "report",
        True,
        ["公示未满，04-05 起可办"],
    )
    assert next_acts(case, taken, user=people.village, today=date(2014, 4, 5))[0].open
    walk(people, case, "report", on=date(2014, 4, 10))
    act_as(people.township)
    first = read_card(case.household.years.get())  # type: ignore[union-attr]
    from registry.services.saved import SavedCard
    from tests.registry.factories import change

    household = case.household
    assert household is not None
    change(
        people.township, SavedCard(household, household.years.get(), ()), replace(first, phone="13911112222")
    )
    acts = next_acts(case, taken_steps(case), user=people.township, today=today)
    assert (acts[0].step.name, acts[0].hindrances) == ("pass_township", ["录入或修改过此卡的人不能审核"])
    shown = who_may(case, acts[0].step, taken_steps(case), user=people.township, today=today)
    assert [(one.user, one.hindrance, one.is_me) for one in shown] == [
        (people.township, "录入或修改过此卡的人不能审核", True)
    ]
    assert [one.state for one in stages(case, taken_steps(case))] == ["done"] * 3 + ["now"] + ["todo"] * 4


def test_what_waits_for_whom(people: Office) -> None:
    in_round = round_of(people)
    case = applicant(people, in_round)
    assert list(waiting_for(people.village)) == [case]
    assert not waiting_for(people.township).exists()
    walk(people, case, "apply", "deliberate", "post_first", "report", on=date(2014, 3, 12))
    assert list(waiting_for(act_as(people.township))) == [case]
    assert not waiting_for(act_as(people.village)).exists()


def test_a_batch_takes_who_fits_and_tells_of_the_rest(people: Office) -> None:
    """Two of three households fit into seven persons; the ranked list said so before."""
    in_round = round_of(people, quota=7)
    wages = [Decimal(n) for n in (1000, 2000, 3000)]
    made = [
        applicant(people, in_round, poor_household(people, income=income(wage_income=one))) for one in wages
    ]
    for case in made:
        walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    act_as(people.village)
    found = ranking(people.village, in_round, VILLAGE)
    assert [(row.case, row.place.standing.value) for row in found.rows] == list(
        zip(made, ("列入", "列入", "备选"), strict=True)
    )
    assert (found.listed, found.last_listed) == (6, 2)
    for case in made:
        hang(people.village, case, "P1", date(2014, 3, 28))
    batch = take_steps(
        actor=people.village, cases=made, given=given_for(made[0], "post_first", date(2014, 3, 28))
    )
    assert list(batch.taken) == made[:2]
    assert [(case, "列不下" in why) for case, why in batch.refused] == [(made[2], True)]


def test_a_return_starts_over_from_the_level_before(people: Office) -> None:
    case = applicant(people, round_of(people))
    on = walk(
        people, case, "apply", "deliberate", "post_first", "report", "pass_township", on=date(2014, 3, 12)
    )
    on = walk(people, case, "post_second", on=on)
    act_as(people.reviewer)
    take_step(
        actor=people.reviewer, case=case, given=given_for(case, "send_back", on, opinion="核查记录不全")
    )
    assert case.status == "V"
    walk(people, case, "pass_township", "post_second", "pass_county", "announce", on=on)
    assert Household.objects.get().status == "N"


def test_a_merger_closes_the_case_and_its_undoing_opens_it(people: Office) -> None:
    in_round = round_of(people)
    case = applicant(people, in_round, poor_household(people))
    on = walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    act_as(people.clerk)
    alone = cases.saved(
        people.clerk, card(member(name="张老五", born=date(1950, 1, 1), labor="04"), year=2013)
    )
    joining = applicant(people, in_round, alone.household)
    walk(people, joining, "apply", "deliberate", on=date(2014, 3, 12))
    act_as(people.township)
    number = alone.household.members.get().member_no
    assert case.household is not None
    link = merge_households(
        actor=people.township,
        household=alone.household,
        into=case.household,
        relations={number: "09"},
        reason="老人随子女共同生活",
        on=on,
    )
    joining.refresh_from_db()
    assert joining.status == "Z"
    assert joining.closed_on is not None
    undo_link(actor=people.township, link=link, reason="并错了户", on=on)
    joining.refresh_from_db()
    assert (joining.status, joining.closed_on) == ("M", None)
    names = CaseStep.objects.filter(case=joining).order_by("number").values_list("name", flat=True)
    assert list(names) == ["apply", "deliberate", "merge", "unmerge"]


def test_natural_end_closes_any_case(people: Office) -> None:
    case = applicant(people, round_of(people))
    on = walk(people, case, "apply", on=date(2014, 3, 12))
    walk(people, case, "close", on=on)
    assert (Case.objects.get().status, Household.objects.get().status) == ("Z", "Z")


def test_a_village_walks_its_own_way(people: Office) -> None:
    from registry.models import Village

    in_round = round_of(people)
    act_as(people.clerk)
    village = Village.objects.create(division_id=VILLAGE, entered_by=people.clerk)
    act_as(people.village)
    case = open_case(
        actor=people.village, village=village, track="VILLAGE_ENTRY", in_round=in_round, on=date(2014, 3, 12)
    )
    walk(
        people, case, "apply_village", "pass_village_township", "post_village", "review_village", "approve_village",
        "announce_village", on=date(2014, 3, 12),
    )  # fmt: skip
    village.refresh_from_db()
    assert (village.status, village.first_identified_year) == ("VN", 2014)


def test_the_meeting_deliberates_on_everybody_who_had_applied(people: Office) -> None:
    """No list is posted while somebody who had applied by the day of the meeting has not been voted on."""
    in_round = round_of(people)
    case, left_out, late = (applicant(people, in_round) for _ in range(3))
    walk(people, left_out, "apply", on=date(2014, 3, 20))
    walk(people, late, "apply", on=date(2014, 3, 21))
    walk(people, case, "apply", on=date(2014, 3, 12))
    walk(people, case, "deliberate", on=date(2014, 3, 20))
    with pytest.raises(StepRefused, match="还有 1 户申请在先、没有评议"):
        walk(people, case, "post_first", on=date(2014, 3, 28))
    walk(people, left_out, "vote_down", on=date(2014, 3, 20), votes=Votes(56, 48, 23))
    walk(people, case, "post_first", on=date(2014, 3, 29))
    assert (case.status, left_out.status) == ("P1", "M-")


def test_a_case_moves_with_its_household(people: Office) -> None:
    case = applicant(people, round_of(people))
    on = walk(people, case, "apply", on=date(2014, 3, 12))
    act_as(people.township)
    assert case.household is not None
    move_household(
        actor=people.township,
        household=case.household,
        to_village=VILLAGE + 1,
        natural_village="后庄",
        reason="投亲靠友，已迁户口",
        on=on,
    )
    case.refresh_from_db()
    assert case.division_id == VILLAGE + 1
    assert set(CaseStep.objects.values_list("division_id", flat=True)) == {VILLAGE + 1}
