"""The days of a three-in-one link: it holds from its first day until the day before its end, in the list, by the services and by SQL."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.models import User
from fupin.divisions.models import Division
from registry.errors import HelpRefused
from registry.models import AssistPerson, LinkActivity, ThreeInOneLink
from registry.reports.help.leading import links_of
from registry.services.help.leading import change_link, link_county, log_activity
from tests.registry.factories import VILLAGE
from tests.registry.helping import LINXIAN, PROVINCE_CODE, helper

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]
SINCE, UNTIL = date(2014, 3, 20), date(2016, 2, 29)
DAY = timedelta(days=1)


@pytest.fixture
def province(gao: User, in_scope: Scope) -> Iterator[User]:
    """The provincial office, in its scope."""
    with in_scope(gao):
        yield gao


@pytest.fixture
def leader(province: User) -> AssistPerson:
    return helper(province, PROVINCE_CODE)


def linked(actor: User, leader: AssistPerson, since: date = SINCE, **values: Any) -> ThreeInOneLink:
    return link_county(
        actor=actor,
        county=LINXIAN,
        leader=leader,
        enterprise=values.get("enterprise", "临县枣业公司"),
        enterprise_code="",
        village=Division.objects.get(pk=VILLAGE),
        since=since,
    )


def ended(actor: User, link: ThreeInOneLink, until: date | None) -> ThreeInOneLink:
    return change_link(
        actor=actor,
        link=link,
        leader=link.leader,
        enterprise=link.enterprise,
        enterprise_code="",
        village=link.village,
        until=until,
    )


def told(actor: User, day: date) -> list[tuple[int | None, tuple[str, ...]]]:
    """Return the links of 临县 on a day with their alarms."""
    rows = [row for row in links_of(actor, day) if row.county.pk == LINXIAN]
    return [(row.link.pk if row.link else None, tuple(row.alarms)) for row in rows]


NOBODY = [(None, ("没有联系",))]


def test_it_is_alarmed_before_its_first_day_and_from_its_end_on(province: User, leader: AssistPerson) -> None:
    link = ended(province, linked(province, leader), UNTIL)
    whole = [(link.pk, ())]
    for day, found in (
        (SINCE - DAY, NOBODY),
        (SINCE, whole),
        (UNTIL - DAY, whole),
        (UNTIL, NOBODY),
        (UNTIL + DAY, NOBODY),
    ):
        assert told(province, day) == found, day


def test_a_successor_from_the_end_on_is_neither_missing_nor_double(
    province: User, leader: AssistPerson
) -> None:
    former = ended(province, linked(province, leader), UNTIL)
    successor = linked(province, helper(province, PROVINCE_CODE), UNTIL, enterprise="临县核桃公司")
    assert told(province, UNTIL - DAY) == [(former.pk, ())]
    assert told(province, UNTIL) == [(successor.pk, ())]


def test_a_day_in_two_links_is_alarmed_as_double(province: User, leader: AssistPerson) -> None:
    former = ended(province, linked(province, leader), UNTIL)
    early = linked(province, helper(province, PROVINCE_CODE), UNTIL - DAY, enterprise="临县核桃公司")
    double = ("该县有两条联系",)
    assert told(province, UNTIL - 2 * DAY) == [(former.pk, ())]
    assert told(province, UNTIL - DAY) == [(former.pk, double), (early.pk, double)]
    assert told(province, UNTIL) == [(early.pk, ())]


@pytest.mark.parametrize(
    ("on", "fits"),
    [(SINCE - DAY, False), (SINCE, True), (UNTIL - DAY, True), (UNTIL, False)],
    ids=["the day before", "the first day", "the last day", "the end"],
)
def test_what_the_leader_did_lies_within_its_days(
    on: date, fits: bool, province: User, leader: AssistPerson
) -> None:
    link = ended(province, linked(province, leader), UNTIL)
    values = {"actor": province, "link": link, "kind": "GUIDANCE", "content": "到县调研"}
    if fits:
        assert log_activity(**values, on=on).on == on
    else:
        with pytest.raises(HelpRefused, match="应在联系期内"):
            log_activity(**values, on=on)


@pytest.mark.parametrize(("until", "fits"), [(UNTIL, False), (UNTIL + DAY, True), (None, True)])
def test_it_does_not_end_before_what_was_done_in_it(
    until: date | None, fits: bool, province: User, leader: AssistPerson
) -> None:
    link = linked(province, leader)
    log_activity(actor=province, link=link, on=UNTIL, kind="GUIDANCE", content="到县调研")
    if fits:
        assert ended(province, link, until).until == until
    else:
        with pytest.raises(HelpRefused, match="还有联系活动"):
            ended(province, link, until)


LINK = (
    "INSERT INTO registry_threeinonelink (division, enterprise, enterprise_code, village_id, since, until, entered_by_id, entered_at)"
    " VALUES (%s, '某公司', '', %s, %s, %s, %s, now()) RETURNING id"
)
ACTIVITY = (
    'INSERT INTO registry_linkactivity (division, link_id, "on", kind, content, progress, entered_by_id, entered_at)'
    " VALUES (%s, %s, %s, 'GUIDANCE', '调研', 'NONE', %s, now()) RETURNING id"
)


def run(sql: str, *values: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0]) if cursor.description else cursor.rowcount


def refused(constraint: str, sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError) as violated:
        run(sql, *values)
    assert name_of(violated.value) == constraint


class TestBySql:
    """As the web role, no service between."""

    def test_it_ends_after_it_began(self, province: User) -> None:
        refused("threeinonelink_in_order", LINK, LINXIAN, VILLAGE, SINCE, SINCE, province.pk)
        refused("threeinonelink_in_order", LINK, LINXIAN, VILLAGE, SINCE, SINCE - DAY, province.pk)
        link = run(LINK, LINXIAN, VILLAGE, SINCE, SINCE + DAY, province.pk)
        assert told(province, SINCE)[0][0] == link
        assert told(province, SINCE + DAY) == NOBODY

    def test_nothing_was_done_before_or_after_it(self, province: User) -> None:
        link = run(LINK, LINXIAN, VILLAGE, SINCE, UNTIL, province.pk)
        for day in (SINCE - DAY, UNTIL):
            refused("linkactivity_while_linked", ACTIVITY, LINXIAN, link, day, province.pk)
        for day in (SINCE, UNTIL - DAY):
            run(ACTIVITY, LINXIAN, link, day, province.pk)
        assert LinkActivity.objects.count() == 2

    def test_its_end_stays_behind_what_was_done(self, province: User) -> None:
        link = run(LINK, LINXIAN, VILLAGE, SINCE, None, province.pk)
        run(ACTIVITY, LINXIAN, link, UNTIL, province.pk)
        change = "UPDATE registry_threeinonelink SET until = %s WHERE id = %s"
        refused("threeinonelink_holds_its_activities", change, UNTIL, link)
        assert run(change, UNTIL + DAY, link) == 1
