"""Each person concerned is told once of each stage; whoever stands above when it ran out; nobody is passed over."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.deadlines.models import Digest, Reminder, WorkedDay
from fupin.deadlines.rules import SHANXI, Stage
from fupin.deadlines.services.reminding import remind
from fupin.deadlines.services.running import days_to_work, run
from fupin.deadlines.tasks import work
from tests.conftest import BAIWEN, KELAN, LINXIAN, VILLAGE, person
from tests.deadlines.conftest import Register

pytestmark = pytest.mark.django_db
Worker = Callable[[], AbstractContextManager[None]]
See = Callable[[], None]

DUE = date(2014, 12, 31)


def at(day: date, hour: int = 0, minute: int = 5) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANXI)


def rounds(worker: Worker, *moments: datetime) -> None:
    for moment in moments:
        with worker():
            run(now=moment)


def told(see_all: See) -> list[tuple[str, str, date]]:
    """Who was told what, and for which day."""
    see_all()
    found = Reminder.objects.order_by("day", "user__username", "stage").values_list(
        "user__username", "stage", "day"
    )
    return [(username, stage, day) for username, stage, day in found]


def test_each_stage_is_told_once_over_the_whole_run(
    worker: Worker, register: Register, see_all: See, ai: User, tong: User
) -> None:
    register.due = {VILLAGE: DUE}
    day = date(2014, 12, 15)
    while day <= date(2015, 1, 12):
        rounds(worker, at(day), at(day, 0, 35), at(day, 13, 35))
        day += timedelta(days=1)
    assert told(see_all) == [
        ("ai", Stage.WARN, date(2014, 12, 21)),
        ("ai", Stage.DUE, date(2014, 12, 31)),
        ("ai", Stage.OVERDUE, date(2015, 1, 1)),
        ("ai", Stage.ESCALATED, date(2015, 1, 5)),
        ("tong", Stage.ESCALATED, date(2015, 1, 5)),
    ]


@pytest.mark.parametrize(
    ("due", "before", "after"),
    [
        (date(2014, 12, 31), date(2014, 12, 30), date(2015, 1, 1)),
        (date(2016, 2, 29), date(2016, 2, 28), date(2016, 3, 1)),
        (date(2015, 2, 28), date(2015, 2, 27), date(2015, 3, 1)),
    ],
)
def test_the_day_before_the_day_the_day_after(
    worker: Worker, register: Register, see_all: See, ai: User, due: date, before: date, after: date
) -> None:
    register.due = {VILLAGE: due}
    rounds(worker, at(before), at(due), at(after))
    assert [(stage, day) for _, stage, day in told(see_all)] == [
        (Stage.WARN, before),
        (Stage.DUE, due),
        (Stage.OVERDUE, after),
    ]


def test_the_beat_started_twice_and_a_task_delivered_thrice(
    worker: Worker, register: Register, see_all: See, ai: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.due = {VILLAGE: DUE}
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(DUE))
    with worker():
        for _ in range(3):
            work()
    assert told(see_all) == [("ai", Stage.DUE, DUE)]


def test_a_clock_that_jumps_an_hour_over_midnight_and_back(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    almost = datetime(2014, 12, 31, 15, 30, tzinfo=UTC)  # 23:30 in Shanxi
    hour = timedelta(hours=1)
    rounds(
        worker,
        almost - 24 * hour,
        almost,
        almost + hour,
        almost,
        almost - hour,
        almost + hour,
        almost + 2 * hour,
    )
    assert told(see_all) == [
        ("ai", Stage.WARN, date(2014, 12, 30)),
        ("ai", Stage.DUE, date(2014, 12, 31)),
        ("ai", Stage.OVERDUE, date(2015, 1, 1)),
    ]


def test_three_missed_days_are_made_up_as_of_each(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2014, 12, 29)))
    rounds(
        worker, at(date(2015, 1, 2)), at(date(2015, 1, 2), 1)
    )  # the 30th, the 31st and the 1st were missed
    assert told(see_all) == [
        ("ai", Stage.WARN, date(2014, 12, 29)),
        ("ai", Stage.DUE, date(2014, 12, 31)),
        ("ai", Stage.OVERDUE, date(2015, 1, 1)),
    ]
    with worker():
        assert WorkedDay.objects.count() == 5
        assert days_to_work(date(2015, 1, 2)) == (date(2015, 1, 2),)


def test_what_was_done_while_the_system_stood_still_reminds_nobody(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2014, 12, 20)))
    register.done = {VILLAGE: date(2014, 12, 22)}
    rounds(worker, at(date(2015, 1, 8)))
    assert told(see_all) == []


def test_days_count_as_missed_until_every_rule_could_be_asked(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2014, 12, 29)))
    register.broken = True
    rounds(worker, at(date(2014, 12, 30)), at(date(2014, 12, 31)))
    with worker():
        assert days_to_work(date(2015, 1, 1)) == tuple(
            date(2014, 12, 30) + timedelta(days=one) for one in range(3)
        )
    register.broken = False
    rounds(worker, at(date(2015, 1, 1)))
    assert [stage for _, stage, _ in told(see_all)] == [Stage.WARN, Stage.DUE, Stage.OVERDUE]


def test_a_day_that_ran_far_ahead_silences_nobody(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    rounds(worker, at(date(2014, 12, 28)), at(date(2030, 1, 1)))
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2014, 12, 31)))
    assert (("ai", Stage.DUE, DUE)) in told(see_all)


def test_a_clock_that_moved_to_another_day_is_told_anew(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(DUE))
    register.due = {VILLAGE: date(2015, 1, 31)}
    rounds(worker, at(date(2015, 1, 31)))
    assert told(see_all) == [
        ("ai", Stage.DUE, DUE),
        *((("ai", Stage.WARN, date(2015, 1, day))) for day in (21,)),
        ("ai", Stage.DUE, date(2015, 1, 31)),
    ]


def test_whoever_takes_over_the_post_is_told_too(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2014, 12, 25)))
    Post.objects.filter(user=ai).update(until=date(2014, 12, 27))
    heir = person("heir", Role.VILLAGE, VILLAGE)
    Post.objects.filter(user=heir).update(since=date(2014, 12, 27))
    rounds(worker, at(date(2014, 12, 26)), at(date(2014, 12, 27)))
    assert told(see_all) == [
        ("ai", Stage.WARN, date(2014, 12, 25)),
        ("heir", Stage.WARN, date(2014, 12, 27)),
    ]


def test_an_empty_post_is_answered_by_the_nearest_above(
    worker: Worker, register: Register, see_all: See, chen: User, fan: User
) -> None:
    """Neither village nor township has anybody: the county's reviewer is told at once, the city when it is long overdue... of him."""
    register.due = {VILLAGE: DUE}
    rounds(worker, at(DUE), at(date(2015, 1, 5)))
    assert ("chen", Stage.DUE, DUE) in told(see_all)
    assert ("chen", Stage.ESCALATED, date(2015, 1, 5)) in told(see_all)
    assert not [one for one in told(see_all) if one[0] == "fan"]


def test_a_person_is_told_by_name_while_he_holds_a_post_there(
    worker: Worker, register: Register, see_all: See, ai: User, tong: User
) -> None:
    register.due, register.user = {VILLAGE: DUE}, tong.pk
    rounds(worker, at(date(2014, 12, 30)))
    assert told(see_all) == [("tong", Stage.WARN, date(2014, 12, 30))]
    Post.objects.filter(user=tong).update(until=DUE)
    rounds(worker, at(DUE))
    assert told(see_all)[1:] == [("ai", Stage.DUE, DUE)]


@pytest.mark.parametrize("left", ["disabled", "unapproved", "elsewhere"])
def test_a_person_who_is_not_there_any_more_is_not_told(
    worker: Worker, register: Register, see_all: See, ai: User, tong: User, left: str
) -> None:
    register.due, register.user = {VILLAGE: DUE}, tong.pk
    if left == "disabled":
        User.objects.filter(pk=tong.pk).update(is_active=False)
    elif left == "unapproved":
        Post.objects.filter(user=tong).update(approved_by=None)
    else:
        Post.objects.filter(user=tong).update(division=KELAN)
    rounds(worker, at(DUE))
    assert told(see_all) == [("ai", Stage.DUE, DUE)]


def test_escalation_skips_an_empty_township(
    worker: Worker, register: Register, see_all: See, ai: User, chen: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2015, 1, 4)), at(date(2015, 1, 5)))
    assert ("chen", Stage.ESCALATED, date(2015, 1, 5)) in told(see_all)
    assert ("chen", Stage.OVERDUE, date(2015, 1, 4)) not in told(see_all)


def test_reminding_alone_may_run_any_number_of_times(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE, BAIWEN: DUE, LINXIAN: DUE}
    rounds(worker, at(DUE))
    with worker():
        assert remind(today=DUE) == 0


def with_address(user: User, address: str = "ai@example.org") -> User:
    User.objects.filter(pk=user.pk).update(email=address)
    return user


def test_one_mail_a_day_however_often_it_runs(worker: Worker, register: Register, ai: User) -> None:
    with_address(ai)
    register.due = {VILLAGE: DUE}
    day = date(2014, 12, 21)
    rounds(worker, at(day), at(day, 6, 59), at(day, 7, 0), at(day, 7, 35), at(day, 8, 35), at(day, 23, 35))
    assert len(mail.outbox) == 1
    sent = mail.outbox[0]
    assert sent.to == ["ai@example.org"]
    assert sent.subject == "时限提醒 2014-12-21：1 件"
    assert "村表填报" in sent.body
    assert "还有 10 天" in sent.body
    assert sent.extra_headers["Message-ID"] == f"<deadlines.{ai.pk}.20141221@fupin>"


def test_no_mail_before_work_begins_and_none_without_news(
    worker: Worker, register: Register, ai: User
) -> None:
    with_address(ai)
    register.due = {VILLAGE: DUE}
    rounds(worker, at(date(2014, 12, 21), 6, 59))
    assert mail.outbox == []
    rounds(worker, *(at(date(2014, 12, day), 7, 35) for day in range(21, 31)))
    assert len(mail.outbox) == 1
    rounds(worker, at(DUE, 7, 35))
    assert len(mail.outbox) == 2


def test_what_comes_up_after_the_mail_is_in_tomorrows(worker: Worker, register: Register, ai: User) -> None:
    with_address(ai)
    register.due = {VILLAGE: DUE}
    rounds(worker, at(DUE, 7, 35))
    second = person("second", Role.VILLAGE, VILLAGE + 1)
    User.objects.filter(pk=second.pk).update(email="second@example.org")
    register.due[VILLAGE + 1] = DUE
    rounds(worker, at(DUE, 9, 35))
    assert [one.to for one in mail.outbox] == [["ai@example.org"], ["second@example.org"]]
    rounds(worker, at(date(2015, 1, 1), 7, 35))
    assert len(mail.outbox) == 4


def test_without_an_address_the_inbox_is_enough(
    worker: Worker, register: Register, see_all: See, ai: User
) -> None:
    register.due = {VILLAGE: DUE}
    rounds(worker, at(DUE, 8))
    assert mail.outbox == []
    assert told(see_all) == [("ai", Stage.DUE, DUE)]


def test_a_mail_that_the_server_refused_goes_out_with_the_next_round(
    worker: Worker, register: Register, ai: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_address(ai)
    register.due = {VILLAGE: DUE}

    def refuse(self: EmailBackend, messages: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        rounds(worker, at(DUE, 8))
    assert mail.outbox == []
    rounds(worker, at(DUE, 9), at(DUE, 10))
    assert len(mail.outbox) == 1
    with worker():
        digest = Digest.objects.get()
    assert (digest.attempts, digest.failure) == (2, "")
