"""A household goes to another county when both have said so: neither side alone, and neither sees more than was shown."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE, code_range
from fupin.home.todo import todos
from fupin.vault.models import Sealed
from registry.codes import HouseholdStatus
from registry.errors import TransferRefused
from registry.models import (
    Case,
    Household,
    HouseholdLink,
    HouseholdYear,
    MemberYear,
    MoveStatus,
    MovingProposal,
)
from registry.reports.cards import card_history
from registry.services.moving import accept_move, propose_move, refuse_move, withdraw_move
from registry.services.starting import start_year
from registry.services.years import close_year
from tests.conftest import KELAN, LINXIAN, as_owner, person
from tests.registry.factories import KELAN_VILLAGE, OTHER_VILLAGE, TODAY, VILLAGE, card, member, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])

Scope = Callable[[User], AbstractContextManager[User]]
REASON = "已在岢岚县安家，户口随迁"
INSERT = """
    INSERT INTO registry_movingproposal (division, to_division_id, household_id, household_no, head_name, persons,
        standing, reason, answer_by, asked_by_id, asked_at, status, answer_note)
    VALUES (%s, %s, %s, 'x', '别人', 99, 'N', 'x', %s, %s, now(), 'ACCEPTED', 'x')
"""


def soon() -> date:
    return timezone.localdate() + timedelta(days=10)


def asked(actor: User, in_scope: Scope, household: Household, **more: object) -> MovingProposal:
    with in_scope(actor):
        values = {"to_county": KELAN, "answer_by": soon(), "reason": REASON, **more}
        return propose_move(actor=actor, household=household, **values)  # type: ignore[arg-type]


def sql(statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def reviewer(db: None) -> User:
    """Reviewer of the poverty office of 岢岚县."""
    return person("qi", Role.COUNTY_REVIEW, KELAN, full_name="戚审")


def test_both_sides_move_it_with_all_that_hangs_on_it(bo: User, reviewer: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo)
    proposal = asked(bo, in_scope, first.household)
    assert (proposal.household_no, proposal.head_name, proposal.persons) == (
        first.household.household_no,
        "张建国",
        first.household_year.member_count,
    )
    with in_scope(reviewer):
        assert not Household.objects.exists()
        assert not MemberYear.objects.exists()
        seen = MovingProposal.objects.visible_to(reviewer).get()
        link = accept_move(
            actor=reviewer, proposal=seen, to_village=KELAN_VILLAGE, natural_village="沟底", on=TODAY
        )
        row = HouseholdYear.objects.get(household_id=proposal.household_id)
        assert (row.division_id, row.natural_village, row.version) == (KELAN_VILLAGE, "沟底", 2)
        assert row.open_remarks
        assert (link.from_village, link.to_village, link.division_id) == (
            VILLAGE,
            KELAN_VILLAGE,
            KELAN_VILLAGE,
        )
        assert {one.version for one in card_history(Household.objects.get())} == {1, 2}
    with as_owner():
        assert set(Sealed.objects.values_list("division", flat=True)) == {KELAN_VILLAGE}
    with in_scope(bo):
        assert not Household.objects.exists()
        kept = MovingProposal.objects.visible_to(bo).get()
        assert (kept.status, kept.to_village_id, kept.division_id) == (
            MoveStatus.ACCEPTED,
            KELAN_VILLAGE,
            VILLAGE,
        )
        assert saved(bo).household.household_no == f"{VILLAGE}0002"


def test_its_cards_of_closed_years_go_along(bo: User, reviewer: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo, card(member(), year=2013))
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    with in_scope(bo):
        start_year(actor=bo, household=first.household, year=2014, on=TODAY)
    proposal = asked(bo, in_scope, first.household)
    with in_scope(reviewer):
        accept_move(
            actor=reviewer, proposal=proposal, to_village=KELAN_VILLAGE, natural_village="沟底", on=TODAY
        )
        cards = HouseholdYear.objects.order_by("year").values_list("year", "division_id", "version")
        assert list(cards) == [(2013, KELAN_VILLAGE, 1), (2014, KELAN_VILLAGE, 2)]


def test_one_side_alone_moves_nothing_whatever_it_tells_the_database(
    bo: User, chen: User, du: User, reviewer: User, in_scope: Scope
) -> None:
    """Raw statements as the web role: each side in its own scope, under each other's names, and past the answer."""
    with in_scope(bo):
        first = saved(bo)
    proposal = asked(bo, in_scope, first.household)
    attempts = (
        (bo, "SELECT registry_answer_move(%s, 'ACCEPTED', %s, '')", (proposal.pk, KELAN_VILLAGE), "审核岗"),
        (bo, "SELECT registry_answer_move(%s, 'ACCEPTED', %s, '')", (proposal.pk, OTHER_VILLAGE), "审核岗"),
        (chen, "SELECT registry_answer_move(%s, 'ACCEPTED', %s, '')", (proposal.pk, KELAN_VILLAGE), "审核岗"),
        (du, "SELECT registry_answer_move(%s, 'ACCEPTED', %s, '')", (proposal.pk, KELAN_VILLAGE), "审核岗"),
        (
            reviewer,
            "SELECT registry_answer_move(%s, 'ACCEPTED', %s, '')",
            (proposal.pk, VILLAGE),
            "本县的行政村",
        ),
        (reviewer, "SELECT registry_answer_move(%s, 'WITHDRAWN', NULL, %s)", (proposal.pk, "x"), "录入岗"),
        (reviewer, "SELECT registry_answer_move(%s, 'REFUSED', NULL, '')", (proposal.pk,), "写明理由"),
        (reviewer, "SELECT registry_answer_move(%s, 'LAPSED', NULL, 'x')", (proposal.pk,), "请选择"),
        (reviewer, INSERT, (VILLAGE, KELAN, proposal.household_id, soon(), reviewer.pk), "所属区划"),
    )
    for who, statement, values, says in attempts:
        with pytest.raises(IntegrityError, match=says), in_scope(who):
            sql(statement, *values)
    for who, statement, values in (
        (bo, "SELECT registry_carry_household(%s, %s)", (proposal.household_id, KELAN_VILLAGE)),
        (reviewer, "SELECT registry_carry_household(%s, %s)", (proposal.household_id, KELAN_VILLAGE)),
        (bo, "SELECT registry_move_household(%s, %s)", (proposal.household_id, KELAN_VILLAGE)),
        (reviewer, "SELECT registry_move_household(%s, %s)", (proposal.household_id, KELAN_VILLAGE)),
        (bo, "UPDATE registry_movingproposal SET status = 'ACCEPTED' WHERE id = %s", (proposal.pk,)),
        (bo, "UPDATE registry_movingproposal SET to_division_id = %s", (LINXIAN,)),
        (reviewer, "DELETE FROM registry_movingproposal WHERE id = %s", (proposal.pk,)),
    ):
        with pytest.raises(ProgrammingError), in_scope(who):
            sql(statement, *values)
    with in_scope(bo):
        assert Household.objects.get(pk=proposal.household_id).division_id == VILLAGE
        assert MovingProposal.objects.get().status == MoveStatus.PROPOSED


def test_whoever_asked_cannot_answer_though_he_holds_a_post_there(bo: User, in_scope: Scope) -> None:
    """The scope of both counties in one session, and a post on either side: still two persons."""
    with in_scope(bo):
        first = saved(bo)
    proposal = asked(bo, in_scope, first.household)
    with as_owner():
        bo.posts.create(
            role=Role.COUNTY_REVIEW, division_id=KELAN, since=date(2014, 1, 1),
            approved_by=bo, approved_at="2014-01-01T00:00:00+08:00",
        )  # fmt: skip
    with in_scope(bo):
        enter_scope(*code_range(PROVINCE_CODE), user_id=bo.pk)
        with pytest.raises(IntegrityError, match="同一人"):
            sql("SELECT registry_answer_move(%s, 'ACCEPTED', %s, '')", proposal.pk, KELAN_VILLAGE)


def test_what_is_shown_is_the_databases_to_say(bo: User, reviewer: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo)
        sql(INSERT, VILLAGE, KELAN, first.household.pk, soon(), bo.pk)
    with in_scope(reviewer):
        shown = MovingProposal.objects.get()
        assert (shown.household_no, shown.head_name, shown.status) == (
            first.household.household_no,
            "张建国",
            MoveStatus.PROPOSED,
        )


def test_a_third_county_sees_nothing_of_it(bo: User, in_scope: Scope) -> None:
    third = person("third", Role.COUNTY_REVIEW, 141123000000)
    with in_scope(bo):
        first = saved(bo)
    proposal = asked(bo, in_scope, first.household)
    with in_scope(third):
        assert not MovingProposal.objects.exists()
    with pytest.raises(IntegrityError, match="没有这件商请"), in_scope(third):
        sql("SELECT registry_answer_move(%s, 'REFUSED', NULL, 'x')", proposal.pk)


def test_it_is_refused_with_a_reason_or_taken_back_and_can_be_asked_again(
    bo: User, reviewer: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        first = saved(bo)
    proposal = asked(bo, in_scope, first.household)
    with pytest.raises(TransferRefused, match="已有一件待答复"):
        asked(bo, in_scope, first.household)
    with pytest.raises(TransferRefused, match="理由"), in_scope(reviewer):
        refuse_move(actor=reviewer, proposal=proposal, reason=" ")
    with in_scope(reviewer):
        refuse_move(actor=reviewer, proposal=proposal, reason="户口尚未迁入")
        assert (proposal.status, proposal.answered_by) == (MoveStatus.REFUSED, reviewer)
    with pytest.raises(TransferRefused, match="已办结"), in_scope(bo):
        withdraw_move(actor=bo, proposal=proposal, reason="不迁了")
    again = asked(bo, in_scope, first.household)
    with in_scope(bo):
        withdraw_move(actor=bo, proposal=again, reason="户主不愿迁")
        assert again.status == MoveStatus.WITHDRAWN
        assert Household.objects.get(pk=first.household.pk).division_id == VILLAGE


def test_after_the_day_nobody_accepts_and_the_next_asking_closes_the_old(
    bo: User, reviewer: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        first = saved(bo)
    with pytest.raises(TransferRefused, match="晚于今天"):
        asked(bo, in_scope, first.household, answer_by=timezone.localdate())
    late = asked(bo, in_scope, first.household)

    def due(day: date) -> None:
        with as_owner():
            MovingProposal.objects.filter(pk=late.pk).update(answer_by=day)

    def accept() -> HouseholdLink:
        return accept_move(
            actor=reviewer, proposal=late, to_village=KELAN_VILLAGE, natural_village="沟底", on=TODAY
        )

    due(timezone.localdate() - timedelta(days=1))
    with pytest.raises(TransferRefused, match="已过答复期限"), in_scope(reviewer):
        accept()
    asked(bo, in_scope, first.household)
    with in_scope(bo):
        assert MovingProposal.objects.get(pk=late.pk).status == MoveStatus.LAPSED


def test_on_the_day_itself_it_is_still_in_time(bo: User, reviewer: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo)
    proposal = asked(bo, in_scope, first.household)
    with as_owner():
        MovingProposal.objects.filter(pk=proposal.pk).update(answer_by=timezone.localdate())
    with in_scope(reviewer):
        accept_move(
            actor=reviewer, proposal=proposal, to_village=KELAN_VILLAGE, natural_village="沟底", on=TODAY
        )
        assert proposal.status == MoveStatus.ACCEPTED


def test_an_open_case_keeps_it_where_it_is(bo: User, reviewer: User, in_scope: Scope) -> None:
    with in_scope(bo):
        first = saved(bo)
        put(first.household, HouseholdStatus.REGISTERED)
    proposal = asked(bo, in_scope, first.household)
    with in_scope(bo):
        case = Case.objects.create(
            division_id=VILLAGE, household=first.household, track="CLOSURE", opened_by=bo, opened_on=timezone.localdate()
        )  # fmt: skip
        assert case.pk
    with pytest.raises(TransferRefused, match="未结的识别"), in_scope(reviewer):
        accept_move(
            actor=reviewer, proposal=proposal, to_village=KELAN_VILLAGE, natural_village="沟底", on=TODAY
        )


def test_who_may_ask_and_who_may_answer(
    bo: User, tong: User, chen: User, reviewer: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        first = saved(bo)
    with pytest.raises(Refused):
        asked(tong, in_scope, first.household)
    with pytest.raises(Refused):
        asked(chen, in_scope, first.household)
    with pytest.raises(TransferRefused, match="另一个县"):
        asked(bo, in_scope, first.household, to_county=LINXIAN)
    proposal = asked(bo, in_scope, first.household)
    with pytest.raises(Refused), in_scope(bo):
        refuse_move(actor=bo, proposal=proposal, reason="自己退回")
    with pytest.raises(Refused), in_scope(chen):
        refuse_move(actor=chen, proposal=proposal, reason="替人退回")


def test_in_the_browser_from_asking_to_the_new_village(
    client_for: Callable[[User], Client], bo: User, reviewer: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        first = saved(bo)
    no = first.household.household_no
    mine, theirs = client_for(bo), client_for(reviewer)
    form = {"to_county": KELAN, "answer_by": soon().isoformat(), "reason": REASON}
    page = mine.post(f"/registry/households/{no}/move-out/", form).content.decode()
    assert "对方看不到" in page
    sent = mine.post(f"/registry/households/{no}/move-out/", {**form, "confirmed": "1"})
    assert sent.status_code == 302, sent.content.decode()
    with in_scope(reviewer):
        assert any(one.label == "外县商请迁入、等我县答复的" for one in todos(reviewer))
    with in_scope(bo):
        assert any(one.label == "我县商请迁出、还没有答复的" for one in todos(bo))
    where = sent.headers["Location"]
    shown = theirs.get(where).content.decode()
    assert "张建国" in shown
    assert "13800000001" not in shown
    assert theirs.get(f"/registry/households/{no}/").status_code == 404
    assert "张建国" in theirs.get("/registry/moves/?list=coming").content.decode()
    wrong = theirs.post(where, {"decision": "accept", "to_village": VILLAGE, "natural_village": "沟底"})
    assert (wrong.status_code, "本县的行政村" in wrong.content.decode()) == (422, True)
    assert mine.post(where, {"decision": "refuse", "reason": "自己退回自己"}).status_code == 403
    done = theirs.post(where, {"decision": "accept", "to_village": KELAN_VILLAGE, "natural_village": "沟底"})
    assert done.status_code == 302
    assert theirs.get(done.headers["Location"], follow=True).status_code == 200
    assert mine.get(f"/registry/households/{no}/").status_code == 404
    kept = mine.get(where).content.decode()
    assert "已迁入" in kept
    assert f"/registry/households/{no}/" not in kept
    assert "张建国" in mine.get("/registry/moves/?list=settled").content.decode()
