"""What the rules say becomes clocks: new, moved, done, gone, running again; one broken rule stops no other."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import F
from django.db.utils import ProgrammingError

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import whole_province
from fupin.deadlines import kinds
from fupin.deadlines.kinds import Kind, Rows, clock_rule, rows
from fupin.deadlines.models import Clock
from fupin.deadlines.rules import Colour, Stage, colour_on, stage_on
from fupin.deadlines.services.refreshing import DONE, GONE, NO_RULE, refresh, refresh_kind
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from tests.conftest import BAIWEN, KELAN, LINXIAN, VILLAGE
from tests.deadlines.conftest import KIND, Register

pytestmark = pytest.mark.django_db
Worker = Callable[[], AbstractContextManager[None]]
Find = Callable[[int], Clock]

TODAY = date(2014, 12, 1)
DUE = date(2014, 12, 31)


def test_a_row_becomes_a_clock_with_all_that_its_kind_says(
    worker: Worker, register: Register, kind: Kind, clock: Find
) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        assert refresh_kind(kind, today=TODAY)[1:] == (1, 0)
    one = clock(VILLAGE)
    assert (one.title, one.basis, one.role, one.at_id) == ("村表填报", "§3 村有表", Role.VILLAGE, VILLAGE)
    assert (one.warn_on, one.escalate_on) == (date(2014, 12, 21), date(2015, 1, 5))
    assert one.url == f"/divisions/{VILLAGE}/"
    assert one.closed_on is None


def test_asked_again_it_changes_nothing(worker: Worker, register: Register, kind: Kind) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
        assert refresh_kind(kind, today=TODAY)[1:] == (0, 0)


def test_a_moved_day_moves_the_clock(worker: Worker, register: Register, kind: Kind, clock: Find) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
        register.due = {VILLAGE: date(2015, 2, 28)}
        assert refresh_kind(kind, today=TODAY)[1:] == (1, 0)
    assert clock(VILLAGE).due_on == date(2015, 2, 28)


def test_done_in_time_done_late_and_running_again(
    worker: Worker, register: Register, kind: Kind, clock: Find
) -> None:
    register.due = {VILLAGE: DUE, BAIWEN: DUE}
    register.done = {VILLAGE: DUE, BAIWEN: DUE + timedelta(days=1)}
    with worker():
        refresh_kind(kind, today=date(2015, 1, 10))
    assert (clock(VILLAGE).closed_because, clock(VILLAGE).was_late) == (DONE, False)
    assert clock(BAIWEN).was_late
    register.done = {}
    with worker():
        refresh_kind(kind, today=date(2015, 1, 10))
    assert clock(VILLAGE).closed_on is None


def test_what_is_done_tomorrow_is_not_done_today(
    worker: Worker, register: Register, kind: Kind, clock: Find
) -> None:
    register.due, register.done = {VILLAGE: DUE}, {VILLAGE: date(2014, 12, 2)}
    with worker():
        refresh_kind(kind, today=TODAY)
    assert clock(VILLAGE).closed_on is None
    with worker():
        refresh_kind(kind, today=date(2014, 12, 2))
    assert clock(VILLAGE).closed_on == date(2014, 12, 2)


def test_a_row_that_is_no_more_closes_its_clock_and_no_other(
    worker: Worker, register: Register, kind: Kind, clock: Find
) -> None:
    register.due = {VILLAGE: DUE, KELAN: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
        del register.due[VILLAGE]
        assert refresh_kind(kind, today=date(2014, 12, 5))[1:] == (0, 1)
    assert (clock(VILLAGE).closed_on, clock(VILLAGE).closed_because) == (date(2014, 12, 5), GONE)
    assert clock(KELAN).closed_on is None


def test_a_rule_that_finds_nothing_at_all_closes_all(
    worker: Worker, register: Register, kind: Kind, clock: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
        register.due = {}
        register.rule = lambda today: rows(  # type: ignore[method-assign]
            Division.objects.none(),
            subject_key="name",
            division="code",
            starts_on="valid_from",
            due_on="valid_to",
        )
        refresh(today=TODAY)
        refresh_kind(kind, today=TODAY)
    assert clock(VILLAGE).closed_because == GONE


def test_a_broken_rule_leaves_its_clocks_and_stops_no_other(
    worker: Worker, register: Register, clock: Find, see_all: Callable[[], None]
) -> None:
    register.due = {VILLAGE: DUE}

    @clock_rule(
        kind="sample.other",
        title="另一项",
        basis="§6",
        role=Role.COUNTY_REVIEW,
        level=Level.COUNTY,
        permission="registry.view_village",
    )
    def other(today: date) -> Rows:
        return rows(
            Division.objects.filter(code=VILLAGE),
            subject_key="name",
            division="code",
            starts_on="valid_from",
            due_on="valid_from",
        )

    with worker():
        refresh(today=TODAY)
        register.broken = True
        assert refresh(today=TODAY).failed == (KIND,)
    assert clock(VILLAGE).closed_on is None
    see_all()
    county = Clock.objects.get(kind="sample.other")
    assert (county.at_id, county.division_id) == (LINXIAN, VILLAGE)


def test_clocks_without_a_rule_are_closed(
    worker: Worker, register: Register, clock: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh(today=TODAY)
        kinds.KINDS.clear()
        refresh(today=TODAY)
    assert clock(VILLAGE).closed_because == NO_RULE


@pytest.mark.parametrize("off", [-12, -11, -10, -9, -4, -3, -2, -1, 0, 1, 4, 5, 6])
@pytest.mark.parametrize("due", [DUE, date(2016, 2, 29), date(2015, 3, 1)])
def test_the_database_says_the_same_as_the_rules(
    worker: Worker, register: Register, kind: Kind, clock: Find, due: date, off: int
) -> None:
    register.due, today = {VILLAGE: due}, due + timedelta(days=off)
    with worker():
        refresh_kind(kind, today=today)
    one = clock(VILLAGE)
    assert Clock.objects.with_stage(today).get().stage == stage_on(one, today)
    assert Clock.objects.to_tell(today).exists() == (stage_on(one, today) != Stage.NOT_YET)
    for colour in Colour:
        assert Clock.objects.in_colour(colour, today).exists() == (colour_on(one, today) == colour)


def test_the_web_reads_clocks_and_writes_none(
    worker: Worker, register: Register, kind: Kind, clock: Find
) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
    one = clock(VILLAGE)
    with pytest.raises(ProgrammingError, match="permission denied"):
        Clock.objects.filter(pk=one.pk).update(due_on=F("due_on"))


def test_another_county_sees_none(
    worker: Worker,
    register: Register,
    kind: Kind,
    in_scope: Callable[[User], AbstractContextManager[User]],
    bo: User,
    du: User,
) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
    with in_scope(du):
        assert not Clock.objects.exists()
        assert not Clock.objects.visible_to(du).exists()
    with in_scope(bo):
        assert Clock.objects.visible_to(bo).get().division_id == VILLAGE


def test_a_kind_shows_only_to_those_who_may_look_at_its_subjects(
    worker: Worker,
    register: Register,
    kind: Kind,
    in_scope: Callable[[User], AbstractContextManager[User]],
    he: User,
) -> None:
    register.due = {VILLAGE: DUE}
    with worker():
        refresh_kind(kind, today=TODAY)
    with in_scope(he):
        assert not Clock.objects.visible_to(he).exists()


def test_the_table_holds_what_a_clock_is(worker: Worker, register: Register, kind: Kind) -> None:
    register.due, register.starts_on = {VILLAGE: DUE}, date(2015, 1, 1)
    with worker(), pytest.raises(IntegrityError, match="clock_starts_before_it_is_due"), whole_province():
        refresh_kind(kind, today=TODAY)
    assert not connection.needs_rollback
