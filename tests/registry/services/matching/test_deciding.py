"""What a hit means is decided by somebody who did not make it; while it is open the county does not pass the household."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from registry.codes.outside import HitState, ListKind
from registry.errors import MatchingRefused, StepRefused
from registry.models import Case, MatchHit
from registry.reports.matching import compared_for
from registry.rules.card import MemberCard
from registry.services.cases import take_step
from registry.services.matching.deciding import decide_hits, undo_decision
from tests.registry.cases import TO_THE_REGISTER, Office, act_as, applicant, given_for, office, round_of, walk
from tests.registry.factories import card, member, saved, wife
from tests.registry.lists import load, only_hit, sheet, vehicle

pytestmark = pytest.mark.django_db

Scope = Callable[[User], Any]
WAIVER = {"reason": "农用三轮车，用于运粮", "evidence": "行驶证复印件，镇档 2014-3"}


@pytest.fixture
def people(db: None) -> Office:
    return office()


@pytest.fixture
def man() -> MemberCard:
    """The head of the household."""
    return member()


@pytest.fixture
def case(people: Office, bo: User, man: MemberCard) -> Case:
    """An application that waits for the county's review, of a household whose head has a car."""
    act_as(people.clerk)
    in_round = round_of(people)
    act_as(people.clerk)
    household = saved(people.clerk, card(man, wife(), year=2013)).household
    found = applicant(people, in_round, household)
    walk(people, found, *TO_THE_REGISTER[:6], on=date(2014, 3, 12))
    vehicle(bo, str(man.id_no))
    found.refresh_from_db()
    return found


def decide(actor: User, state: HitState = HitState.WAIVED, **values: str) -> None:
    act_as(actor)
    done = decide_hits(actor=actor, hits=[only_hit()], state=state, **{**WAIVER, **values})
    if done.refused:
        raise MatchingRefused(done.refused[0][1])


def review(people: Office, case: Case) -> None:
    act_as(people.reviewer)
    case.refresh_from_db()
    take_step(actor=people.reviewer, case=case, given=given_for(case, "pass_county", date(2014, 6, 1)))


def test_an_open_hit_keeps_the_county_from_passing_and_a_waiver_lets_it(people: Office, case: Case) -> None:
    with pytest.raises(StepRefused, match="还有 1 条没有核实"):
        review(people, case)
    decide(people.township)
    review(people, case)
    case.refresh_from_db()
    assert case.status == "C"


def test_what_is_true_is_not_passed(people: Office, case: Case) -> None:
    decide(people.township, HitState.CONFIRMED, evidence="")
    with pytest.raises(StepRefused, match="1 条属实"):
        review(people, case)


def test_a_list_that_comes_after_the_review_holds_up_the_announcement(
    people: Office, case: Case, bo: User, man: MemberCard
) -> None:
    decide(people.township)
    review(people, case)
    vehicle(bo, str(man.id_no), plate="晋J77777")
    act_as(people.approver)
    with pytest.raises(StepRefused, match="还有 1 条没有核实"):
        take_step(actor=people.approver, case=case, given=given_for(case, "announce", date(2014, 7, 1)))


def test_a_disability_certificate_holds_nobody_up(
    people: Office, case: Case, bo: User, man: MemberCard
) -> None:
    decide(people.township)
    load(bo, ListKind.DISABILITY, sheet(("姓名", "身份号码"), ("张建国", man.id_no)))
    assert MatchHit.objects.filter(kind="DISABILITY").count() == 1
    review(people, case)


def test_a_decision_is_taken_back_while_nothing_was_built_on_it(people: Office, case: Case) -> None:
    decide(people.township)
    undo_decision(actor=act_as(people.township), hit=only_hit(), reason="行驶证是别人的")
    hit = only_hit()
    assert (hit.state, hit.reason, hit.decided_by, hit.decided_at) == (HitState.OPEN, "", None, None)
    decide(people.township)
    review(people, case)
    with pytest.raises(MatchingRefused, match="不能撤销"):
        undo_decision(actor=act_as(people.township), hit=only_hit(), reason="太晚了")


def test_another_decision_first_undoes_the_former(people: Office, case: Case) -> None:
    decide(people.township)
    with pytest.raises(MatchingRefused, match="先撤销"):
        decide(people.reviewer, HitState.CONFIRMED)


@pytest.mark.parametrize(
    ("state", "reason", "evidence", "why"),
    [
        (HitState.WAIVED, "", "行驶证", "请写明理由"),
        (HitState.WAIVED, "农用车", " ", "须有证据"),
        (HitState.NOT_SAME, "同名", "", "须有证据"),
    ],
)
def test_it_says_why_and_by_what(
    people: Office, case: Case, state: HitState, reason: str, evidence: str, why: str
) -> None:
    with pytest.raises(MatchingRefused, match=why):
        decide(people.township, state, reason=reason, evidence=evidence)


def test_nobody_decides_on_a_card_that_he_typed_or_a_list_that_he_loaded(people: Office, bo: User) -> None:
    man = member()
    act_as(people.township)
    saved(people.township, card(man, wife()))
    vehicle(bo, str(man.id_no))
    with pytest.raises(MatchingRefused, match="另一人"):
        decide(people.township)
    with pytest.raises(Refused):
        decide(bo)
    decide(people.reviewer)


def test_many_for_one_reason_and_each_for_itself_where_one_is_refused(people: Office, bo: User) -> None:
    mine, theirs = member(), member()
    act_as(people.township)
    saved(people.township, card(mine, wife()))
    act_as(people.clerk)
    saved(people.clerk, card(theirs, wife(), phone="13800000002"))
    heads = ("身份号码", "姓名", "工作单位")
    load(bo, ListKind.PAYROLL, sheet(heads, (mine.id_no, "甲", "学校"), (theirs.id_no, "乙", "学校")))
    act_as(people.township)
    outcome = decide_hits(
        actor=people.township, hits=list(MatchHit.objects.order_by("pk")), state=HitState.NOT_SAME, **WAIVER
    )
    assert (outcome.done, len(outcome.refused)) == (1, 1)
    assert sorted(MatchHit.objects.values_list("state", flat=True)) == ["NOT_SAME", "OPEN"]


def test_the_dead_cannot_be_waived(people: Office, bo: User) -> None:
    man = member()
    act_as(people.clerk)
    saved(people.clerk, card(man, wife()))
    load(bo, ListKind.DEATH, sheet(("姓名", "身份号码"), ("张建国", man.id_no)))
    with pytest.raises(MatchingRefused, match="不能这样处理"):
        decide(people.township)


def test_the_step_is_offered_what_was_compared(people: Office, case: Case) -> None:
    act_as(people.reviewer)
    assert compared_for(case.division_id, case.household_id or 0) == (
        "已比对 车辆（2014-06-30）：命中 1 条，办结 0 条"
    )


# By SQL, as the web role ---------------------------------------------------------------------------------------------------------------


def sql(actor: User, statement: str, *values: object) -> None:
    act_as(actor)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


DECIDED = "UPDATE registry_matchhit SET state = %s, reason = 'x', evidence = 'x', decided_by_id = %s, decided_at = now()"


@pytest.mark.parametrize(
    ("who", "state", "names", "rule"),
    [
        ("clerk", "WAIVED", "clerk", "hit_by_its_post"),
        ("village", "WAIVED", "village", "hit_by_its_post"),
        ("township", "WAIVED", "reviewer", "hit_by_its_decider"),
        ("township", "MENDED", "township", "hit_mended"),
        ("township", "NOTHING", "township", "hit_decision"),
    ],
)
def test_the_database_refuses(
    people: Office, case: Case, who: str, state: str, names: str, rule: str
) -> None:
    with pytest.raises(IntegrityError) as refused:
        sql(getattr(people, who), DECIDED, state, getattr(people, names).pk)
    assert name_of(refused.value) == rule


def test_the_database_takes_no_hit_away_and_adds_none(people: Office, case: Case) -> None:
    for statement in (
        "DELETE FROM registry_matchhit",
        "UPDATE registry_matchhit SET blocks = false",
        "INSERT INTO registry_matchhit (division) VALUES (141124101200)",
        "UPDATE registry_outsidelist SET as_of = now()",
        "DELETE FROM registry_outsidelist",
        "INSERT INTO registry_outsiderow (division) VALUES (141124101200)",
        "SELECT * FROM registry_outsidestaging",
        "SELECT registry_match_list(1)",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            sql(people.township, statement)


def test_another_county_sees_nothing_of_it(people: Office, case: Case, du: User) -> None:
    act_as(du)
    with connection.cursor() as cursor:
        for table in ("matchhit", "outsidelist", "outsiderow", "matchhitevent"):
            cursor.execute(f"SELECT count(*) FROM registry_{table}")
            assert cursor.fetchone() == (0,), table


def test_history_keeps_what_was_decided_and_taken_back(people: Office, case: Case) -> None:
    decide(people.township)
    undo_decision(actor=act_as(people.township), hit=only_hit(), reason="看错了")
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM registry_matchhitevent ORDER BY pgh_id")
        assert [row[0] for row in cursor.fetchall()] == ["OPEN", "WAIVED", "OPEN"]
