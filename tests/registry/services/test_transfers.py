"""Households that nobody can work for are handed over to civil affairs, who answer for each by a day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.services.columns import selection
from registry.codes.outside import Answer, ListKind
from registry.errors import MatchingRefused
from registry.models import HouseholdYear, TransferLine, TransferSlip
from registry.prints.transfers import transfer_slip
from registry.reports.transfers import slips, to_transfer, unanswered
from registry.services.transfers import Reply, answer_lines, make_slip, send_slip
from tests.conftest import BAIWEN, KELAN, LINXIAN, person
from tests.registry.cases import act_as
from tests.registry.factories import card, income, member, saved, wife
from tests.registry.lists import STRANGER, load, sheet

pytestmark = pytest.mark.django_db

MADE = date(2014, 6, 30)
SENT = date(2014, 7, 2)


@pytest.fixture
def civil(db: None) -> User:
    return person("min", Role.CIVIL_AFFAIRS, LINXIAN, full_name="闵政")


def old(**values: Any) -> HouseholdYear:
    """Return the card of an old couple that cannot work, entered by whoever acts."""
    clerk = values.pop("clerk")
    act_as(clerk)
    couple = (
        member(born=date(1940, 1, 2), labor="04", name="高老汉"),
        wife(born=date(1942, 1, 2), labor="03", name="刘老婆"),
    )
    given = card(*couple, year=2013, phone=values.pop("phone", "13800000009"), **values)
    return saved(clerk, given).household_year


def slip_of(tong: User, *cards: HouseholdYear) -> TransferSlip:
    act_as(tong)
    return make_slip(actor=tong, cards=cards, situations={card.pk: "年老多病" for card in cards}, on=MADE)


def test_whoever_can_work_or_is_supported_stays(bo: User, tong: User) -> None:
    mine = old(clerk=bo)
    act_as(bo)
    saved(bo, card(year=2013))
    act_as(bo)
    allowance = income(tr_dibao=Decimal(1800))
    supported = member(born=date(1940, 1, 2), labor="04", is_dibao=True)
    saved(bo, card(supported, year=2013, poor_type="03", income=allowance, phone="13800000002"))
    old(clerk=bo, phone="13800000003", income=income(wage_income=Decimal(99_000)))
    act_as(tong)
    assert list(to_transfer(tong, 2013)) == [mine]


def test_a_slip_is_numbered_by_place_and_year_and_keeps_the_card_as_it_was(bo: User, tong: User) -> None:
    first = slip_of(tong, old(clerk=bo))
    second = slip_of(tong, old(clerk=bo, phone="13800000002"))
    assert (first.number, second.number) == (f"YS{BAIWEN}-2014-0001", f"YS{BAIWEN}-2014-0002")
    line = first.lines.get()
    assert (line.head_name, line.members, line.situation) == ("高老汉", 2, "年老多病")
    assert list(to_transfer(tong, 2013)) == []


def test_a_household_stands_on_one_open_slip(bo: User, tong: User) -> None:
    mine = old(clerk=bo)
    slip_of(tong, mine)
    with pytest.raises(MatchingRefused, match="已在一张没有回执的移送单上"):
        slip_of(tong, mine)


def test_civil_affairs_answer_and_the_last_answer_closes_the_slip(bo: User, tong: User, civil: User) -> None:
    slip = slip_of(tong, old(clerk=bo), old(clerk=bo, phone="13800000002"))
    send_slip(actor=tong, slip=slip, sent_on=SENT, on=SENT)
    assert slip.reply_due_on == SENT + timedelta(days=30)
    act_as(civil)
    assert unanswered(civil) == 2
    one, two = slip.lines.order_by("pk")
    answer_lines(actor=civil, slip=slip, replies={one.pk: Reply(Answer.DIBAO, date(2014, 7, 20))})
    assert slip.answered_on is None
    answer_lines(
        actor=civil, slip=slip, replies={two.pk: Reply(Answer.DECLINED, date(2014, 8, 1), "子女有赡养能力")}
    )
    assert slip.answered_on == date(2014, 8, 1)
    shown = slips(civil).get()
    assert (shown.households, shown.answered, shown.taken) == (2, 2, 1)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(Answer.DECLINED, date(2014, 7, 20)), "请写明原因"),
        (Reply(Answer.DIBAO, SENT - timedelta(days=1)), "送达之后"),
        (Reply(Answer.DIBAO, date(2999, 1, 1)), "不晚于今天"),
    ],
)
def test_an_answer_is_whole_and_in_time(bo: User, tong: User, civil: User, reply: Reply, why: str) -> None:
    slip = slip_of(tong, old(clerk=bo))
    send_slip(actor=tong, slip=slip, sent_on=SENT, on=SENT)
    act_as(civil)
    with pytest.raises(MatchingRefused, match=why):
        answer_lines(actor=civil, slip=slip, replies={slip.lines.get().pk: reply})


def test_nothing_is_answered_before_it_was_sent_nor_twice(bo: User, tong: User, civil: User) -> None:
    slip = slip_of(tong, old(clerk=bo))
    reply = {slip.lines.get().pk: Reply(Answer.WUBAO, date(2014, 7, 20))}
    act_as(civil)
    with pytest.raises(MatchingRefused, match="送达"):
        answer_lines(actor=civil, slip=slip, replies=reply)
    act_as(tong)
    with pytest.raises(MatchingRefused, match="制单之后"):
        send_slip(actor=tong, slip=slip, sent_on=MADE - timedelta(days=1), on=SENT)
    send_slip(actor=tong, slip=slip, sent_on=SENT, on=SENT)
    with pytest.raises(MatchingRefused, match="已登记送达"):
        send_slip(actor=tong, slip=slip, sent_on=SENT, on=SENT)
    act_as(civil)
    answer_lines(actor=civil, slip=slip, replies=reply)
    with pytest.raises(MatchingRefused, match="已有回执"):
        answer_lines(actor=civil, slip=slip, replies=reply)


def test_each_does_his_part(bo: User, tong: User, civil: User) -> None:
    mine = old(clerk=bo)
    with pytest.raises(Refused):
        make_slip(actor=civil, cards=[mine], situations={}, on=MADE)
    slip = slip_of(tong, mine)
    with pytest.raises(Refused):
        answer_lines(actor=tong, slip=slip, replies={slip.lines.get().pk: Reply(Answer.DIBAO, SENT)})


@pytest.mark.parametrize(("today", "clocks"), [(date(2014, 7, 1), 0), (SENT, 1), (date(2014, 9, 1), 1)])
def test_the_clock_runs_from_the_day_it_was_sent_until_all_is_answered(
    bo: User, tong: User, civil: User, today: date, clocks: int
) -> None:
    slip = slip_of(tong, old(clerk=bo))
    if today >= SENT:
        send_slip(actor=tong, slip=slip, sent_on=SENT, on=SENT)
    found = _clocks("transfer_reply", today)
    assert len(found) == clocks
    if clocks:
        assert (found[0]["starts_on"], found[0]["due_on"], found[0]["done_on"]) == (
            SENT,
            date(2014, 8, 1),
            None,
        )
        act_as(civil)
        answer_lines(
            actor=civil, slip=slip, replies={slip.lines.get().pk: Reply(Answer.DIBAO, date(2014, 7, 30))}
        )
        done = date(2014, 7, 30) if today > date(2014, 7, 30) else None
        assert _clocks("transfer_reply", today)[0]["done_on"] == done


def test_the_county_compares_again_within_a_quarter(bo: User) -> None:
    act_as(bo)
    assert _clocks("matching_dibao", date(2014, 7, 1)) == []
    load(bo, ListKind.DIBAO, sheet(("姓名", "身份号码"), ("甲", STRANGER)), as_of=date(2014, 6, 30))
    (clock,) = _clocks("matching_dibao", date(2014, 7, 1))
    assert (clock["division"], clock["starts_on"], clock["due_on"]) == (
        LINXIAN,
        date(2014, 6, 30),
        date(2014, 9, 30),
    )


def _clocks(kind: str, today: date) -> list[dict[str, Any]]:
    query, parameters = selection(KINDS[f"registry.{kind}"], today)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_the_printed_slip_holds_no_number_of_a_person(bo: User, tong: User) -> None:
    slip = slip_of(tong, old(clerk=bo))
    manuscript = transfer_slip(slip, printed_on=MADE, demo=True)
    assert manuscript.data["lines"][0]["head"] == "高老汉"
    assert manuscript.data["county"] == "临县"
    assert manuscript.typeset().startswith(b"%PDF")


# By SQL, as the web role ---------------------------------------------------------------------------------------------------------------


def test_the_database_keeps_the_answer_civil_affairs_own(bo: User, tong: User, civil: User) -> None:
    slip = slip_of(tong, old(clerk=bo))
    send_slip(actor=tong, slip=slip, sent_on=SENT, on=SENT)
    answered = (
        "UPDATE registry_transferline SET result = 'DIBAO', result_on = '2014-07-20', answered_by_id = %s"
    )
    act_as(tong)
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(answered, [tong.pk])
    assert name_of(refused.value) == "transfer_by_civil_affairs"
    for statement in (
        "DELETE FROM registry_transferline",
        "DELETE FROM registry_transferslip",
        "UPDATE registry_transferline SET head_name = 'x'",
        "UPDATE registry_transferslip SET answered_on = now()",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_another_county_sees_no_slip(bo: User, tong: User, du: User) -> None:
    slip_of(tong, old(clerk=bo))
    act_as(du)
    assert (TransferSlip.objects.count(), TransferLine.objects.count()) == (0, 0)
    assert KELAN != LINXIAN
