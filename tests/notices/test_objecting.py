"""Objections: in time, sealed, suspending, answered by somebody else, told to nobody but who knows number and code."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.scope import leave_scope
from fupin.accounts.services.access import open_for
from fupin.notices.errors import NotPublishable, ObjectionRefused
from fupin.notices.models import Channel, Notice, Objection, ObjectionStatus
from fupin.notices.reports import passed
from fupin.notices.services import objecting, settling
from fupin.notices.services.objecting import Receipt, look_up
from tests.clock import on_day, on_its_day
from tests.notices.conftest import KIND, LAST, PASSES, POSTED, App, posted_by

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]
DAY = POSTED + timedelta(days=3)
object_to = on_its_day(objecting.object_to)
accept_objection = on_its_day(settling.accept_objection)
decline_objection = on_its_day(settling.decline_objection)
settle_objection = on_its_day(settling.settle_objection)
SAID = "第二户王四旺家在县城有商品房，请核实。"
ANSWER = "经入户核实，所反映的情况属实。"


def object_(notice: Notice, *, on: date = DAY, **more: Any) -> Receipt:
    """Object as a visitor does: without any scope."""
    leave_scope()
    return object_to(
        notice=notice,
        **{
            "statement": SAID,
            "entry_key": uuid.uuid4(),
            "position": 2,
            "name": "李某某",
            "phone": "13900000001",
        }
        | more,
        on=on,
    )


@pytest.mark.parametrize(
    ("on", "fits"),
    [
        (POSTED - timedelta(1), False),
        (POSTED, True),
        (LAST, True),
        (PASSES, False),
    ],
    ids=["before", "posted", "last", "after"],
)
def test_an_objection_comes_while_the_notice_hangs(on: date, fits: bool, notice: Notice) -> None:
    if fits:
        assert object_(notice, on=on).accept_due_on == on + timedelta(days=5)
    else:
        with pytest.raises(ObjectionRefused, match="公示期"):
            object_(notice, on=on)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"statement": "不对"}, "至少 10 个字"),
        ({"statement": "长" * 1001}, "最多 1000 个字"),
        ({"statement": f"{SAID}他的电话是 １３９０ ０００ ０００２"}, "电话"),
        ({"phone": "12345"}, "11 位手机号"),
        ({"name": "13900000001"}, "不能是号码"),
        ({"position": 3}, "没有这一行"),
        ({"statement": f"{SAID}\x07"}, "无法识别"),
        ({"name": "", "phone": ""}, ""),
        ({"position": None}, ""),
    ],
)
def test_what_an_objection_must_and_must_not_say(more: dict[str, Any], said: str, notice: Notice) -> None:
    if said:
        with pytest.raises(ObjectionRefused, match=said):
            object_(notice, **more)
    else:
        assert object_(notice, **more).number.startswith("Y2014")


def test_sent_twice_it_is_filed_once(notice: Notice, ai: User, in_scope: Scope) -> None:
    key = uuid.uuid4()
    assert object_(notice, entry_key=key) == object_(notice, entry_key=key)
    with in_scope(ai):
        assert Objection.objects.count() == 1


def test_who_objects_is_sealed_and_opened_for_a_reason(notice: Notice, tong: User, in_scope: Scope) -> None:
    object_(notice)
    with in_scope(tong):
        kept = Objection.objects.get()
        assert (kept.name_masked, kept.phone_masked) == ("李**", "*******0001")
        assert kept.name_sealed
        assert kept.phone_sealed
        opened = open_for(
            tong,
            sealed=[kept.name_sealed, kept.phone_sealed],
            object_key="objection",
            purpose="联系异议人",
            reason="约时间入户",
        )
        assert opened == {kept.name_sealed: "李某某", kept.phone_sealed: "13900000001"}


def test_the_code_is_nowhere_kept(notice: Notice, tong: User, in_scope: Scope) -> None:
    receipt = object_(notice)
    with in_scope(tong), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(o)::text FROM notices_objection o")
        row = cursor.fetchone()[0]
    assert receipt.number in row
    assert receipt.code not in row
    assert "13900000001" not in row


def test_an_answer_needs_number_and_code(notice: Notice) -> None:
    first, second = object_(notice), object_(notice)
    assert look_up(number=first.number, code=second.code) is None
    assert look_up(number="Y2014999999", code=first.code) is None
    found = look_up(number=first.number.lower(), code=f"{first.code[:5].lower()}-{first.code[5:]}")
    assert found is not None
    assert (found.status, found.notice, found.answer) == ("FILED", notice.number, "")
    assert SAID not in str(found)
    assert "李" not in str(found)


def test_an_objection_holds_its_row_back_from_the_first_moment(notice: Notice) -> None:
    object_(notice, position=2)
    assert passed("case:1", KIND, PASSES)
    assert not passed("case:2", KIND, PASSES)


def test_an_objection_to_the_list_holds_every_row_back(notice: Notice) -> None:
    object_(notice, position=None)
    assert not passed("case:1", KIND, PASSES)
    assert not passed("case:2", KIND, PASSES)


@pytest.mark.parametrize("upheld", [True, False])
def test_accepted_it_suspends_and_settled_it_resumes(
    upheld: bool, notice: Notice, app: App, tong: User, in_scope: Scope
) -> None:
    receipt = object_(notice)
    with in_scope(tong):
        objection = accept_objection(actor=tong, objection=Objection.objects.get(), on=DAY)
        assert app.suspended == ["case:2"]
        assert objection.settle_due_on == DAY + timedelta(days=10)
        settle_objection(
            actor=tong, objection=objection, upheld=upheld, finding="入户并查房产登记", answer=ANSWER, on=LAST
        )
    assert app.resumed == [("case:2", upheld)]
    assert passed("case:2", KIND, PASSES) is not upheld
    found = look_up(number=receipt.number, code=receipt.code)
    assert found is not None
    assert (found.status_label, found.upheld, found.answer) == ("已办结", upheld, ANSWER)


def test_declined_with_a_reason_it_lets_go(notice: Notice, app: App, tong: User, in_scope: Scope) -> None:
    object_(notice)
    with in_scope(tong):
        decline_objection(
            actor=tong, objection=Objection.objects.get(), answer="与本次公示的名单无关。", on=DAY
        )
    assert app.suspended == []
    assert passed("case:2", KIND, PASSES)


@pytest.mark.parametrize(
    ("day", "late"), [(DAY + timedelta(5), False), (DAY + timedelta(6), True)], ids=["fifth", "sixth"]
)
def test_five_days_to_accept(day: date, late: bool, notice: Notice, tong: User, in_scope: Scope) -> None:
    object_(notice)
    with in_scope(tong):
        assert Objection.objects.overdue_on(day).exists() is late


@pytest.mark.parametrize(
    ("day", "late"), [(DAY + timedelta(12), False), (DAY + timedelta(13), True)], ids=["tenth", "eleventh"]
)
def test_ten_more_to_settle(day: date, late: bool, notice: Notice, tong: User, in_scope: Scope) -> None:
    object_(notice)
    with in_scope(tong):
        accept_objection(actor=tong, objection=Objection.objects.get(), on=DAY + timedelta(days=2))
        assert Objection.objects.overdue_on(day).exists() is late
        assert Objection.objects.get().due_on == DAY + timedelta(days=12)


def test_steps_come_in_order(notice: Notice, app: App, tong: User, in_scope: Scope) -> None:
    object_(notice)
    with in_scope(tong):
        filed = Objection.objects.get()
        with pytest.raises(ObjectionRefused, match="待受理"):
            settle_objection(
                actor=tong, objection=filed, upheld=True, finding="入户核实情况", answer=ANSWER, on=DAY
            )
        with pytest.raises(ObjectionRefused, match="早于上一步"):
            accept_objection(actor=tong, objection=filed, on=POSTED)
        accepted = accept_objection(actor=tong, objection=filed, on=DAY)
        with pytest.raises(ObjectionRefused, match="办理中"):
            accept_objection(actor=tong, objection=accepted, on=DAY)
        with pytest.raises(NotPublishable, match="电话号码"):
            settle_objection(
                actor=tong,
                objection=accepted,
                upheld=True,
                finding="入户并查房产登记",
                answer=f"{ANSWER}问 13800138000",
                on=LAST,
            )


def test_a_village_is_not_judge_of_its_own_list(notice: Notice, ai: User, du: User, in_scope: Scope) -> None:
    object_(notice)
    with in_scope(ai):
        filed = Objection.objects.get()
        for stranger in (ai, du):
            with pytest.raises(Refused):
                accept_objection(actor=stranger, objection=filed, on=DAY)


def test_whoever_posted_does_not_answer(app: App, tong: User, chen: User, in_scope: Scope) -> None:
    with in_scope(tong):
        by_tong = posted_by(tong)
    object_(by_tong)
    with in_scope(chen):
        filed = Objection.objects.get()
        with pytest.raises(Refused, match="另一人"):
            decline_objection(actor=tong, objection=filed, answer="与本次公示的名单无关。", on=DAY)
        accepted = accept_objection(actor=chen, objection=filed, on=DAY)
        with pytest.raises(Refused, match="另一人"):
            settle_objection(
                actor=tong,
                objection=accepted,
                upheld=False,
                finding="入户核实情况属实",
                answer=ANSWER,
                on=LAST,
            )
        done = settle_objection(
            actor=chen, objection=accepted, upheld=False, finding="入户核实情况属实", answer=ANSWER, on=LAST
        )
    assert done.status == ObjectionStatus.SETTLED


def test_one_by_word_of_mouth_is_recorded_by_an_office(
    notice: Notice, ai: User, du: User, in_scope: Scope
) -> None:
    sent: dict[str, Any] = {"notice": notice, "statement": SAID, "on": DAY, "channel": Channel.VISIT}
    with in_scope(ai):
        object_to(**sent, entry_key=uuid.uuid4(), actor=ai)
        kept = Objection.objects.get()
        assert (kept.recorded_by, kept.channel, kept.line) == (ai, Channel.VISIT, None)
    with in_scope(du), pytest.raises(Refused):
        object_to(**sent, entry_key=uuid.uuid4(), actor=du)
    with pytest.raises(ObjectionRefused, match="工作人员"):
        object_to(**sent, entry_key=uuid.uuid4())


@pytest.mark.parametrize(
    ("days", "channel", "fits"),
    [
        (-1, Channel.WEB, False),
        (0, Channel.WEB, True),
        (1, Channel.WEB, False),
        (-1, Channel.LETTER, False),
        (5, Channel.LETTER, True),
        (6, Channel.LETTER, False),
    ],
)
def test_the_day_it_is_written_down_is_its_day_or_soon_after(
    days: int, channel: Channel, fits: bool, notice: Notice, ai: User, in_scope: Scope
) -> None:
    """Through the web on the very day; by an office within the five days for accepting it."""
    values: dict[str, Any] = {"notice": notice, "statement": SAID, "on": DAY, "channel": channel}
    with in_scope(ai), on_day(DAY + timedelta(days=days)):
        if fits:
            objecting.object_to(**values, entry_key=uuid.uuid4(), actor=ai)
        else:
            with pytest.raises(ObjectionRefused, match=r"当日|登记"):
                objecting.object_to(**values, entry_key=uuid.uuid4(), actor=ai)


@pytest.mark.parametrize("days", [-1, 1])
def test_what_is_done_about_it_is_done_on_the_day(
    days: int, notice: Notice, tong: User, in_scope: Scope
) -> None:
    object_(notice)
    with in_scope(tong), on_day(DAY + timedelta(days=1 + days)):
        filed = Objection.objects.get()
        with pytest.raises(ObjectionRefused, match="受理记经办人和当日"):
            settling.accept_objection(actor=tong, objection=filed, on=DAY + timedelta(days=1))
        with pytest.raises(ObjectionRefused, match="办结记经办人和当日"):
            settling.decline_objection(
                actor=tong, objection=filed, answer="与本次公示的名单无关。", on=DAY + timedelta(days=1)
            )
