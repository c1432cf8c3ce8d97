"""What must never be false of help, tried by raw SQL as the web role: no service stands between."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import code_range
from registry.models import (
    AssistMeasure,
    AssistPair,
    AssistPerson,
    LeaderVillage,
    MeasureRecipient,
    RosterEntry,
    TeamLeader,
    TeamPosting,
    WorkTeam,
)
from registry.rules.help.after_exit import POLICIES, stops_on
from tests.registry.factories import OTHER_VILLAGE, VILLAGE, card, id_number, member, saved
from tests.registry.helping import LINXIAN, helper, left, organ, registered
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]


def run(sql: str, *values: Any) -> int:
    """Run a statement, then have the database look at what it looks at only when a transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        changed = int(cursor.rowcount)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return changed


def refused(constraint: str, sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError) as violated:
        run(sql, *values)
    assert name_of(violated.value) == constraint


PAIR = (
    "INSERT INTO registry_assistpair (division, household_id, person_id, start_date, end_date, household_left, reason,"
    " entered_by_id, entered_at) VALUES (%s, %s, %s, %s, %s, false, %s, %s, now())"
)


class TestPairs:
    """One answers for a household, and the next from the day on which the former ends."""

    @pytest.fixture
    def at(self, tong: User, in_scope: Scope) -> Any:
        with in_scope(tong):
            household = registered(tong)
            first, second = helper(tong, VILLAGE - 200), helper(tong, VILLAGE - 200)
            AssistPair.objects.create(
                division_id=VILLAGE,
                household=household,
                person=first,
                start_date=date(2014, 7, 1),
                entered_by=tong,
            )
            yield household, first, second, tong

    @pytest.mark.parametrize(
        ("begins", "constraint"),
        [
            ("2015-02-28", "assistpair_one_at_a_time"),
            ("2015-03-01", None),
            ("2015-03-02", "assistpair_no_gap"),
        ],
    )
    def test_neither_gap_nor_overlap(self, at: Any, begins: str, constraint: str | None) -> None:
        household, _, second, tong = at
        values = (VILLAGE, household.pk, second.pk, begins, None, "", tong.pk)
        end = "UPDATE registry_assistpair SET end_date = '2015-03-01', reason = '调离'; "
        if constraint is None:
            run(end + PAIR, *values)
            assert AssistPair.objects.count() == 2
        else:
            refused(constraint, end + PAIR, *values)

    def test_the_former_does_not_end_without_a_successor(self, at: Any) -> None:
        refused(
            "assistpair_no_gap",
            "UPDATE registry_assistpair SET end_date = '2015-03-01', reason = '调离'",
        )

    def test_nobody_ends_because_the_household_left_while_it_has_not(self, at: Any) -> None:
        sql = "UPDATE registry_assistpair SET end_date = '2016-01-01', household_left = true, reason = '脱贫'"
        refused("assistpair_household_left", sql)
        left(at[0], date(2015, 12, 31))
        assert run(sql) == 1

    def test_who_and_since_when_are_written_once(self, at: Any) -> None:
        for column, value in (("person_id", at[2].pk), ("start_date", "'2014-01-01'")):
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(f"UPDATE registry_assistpair SET {column} = {value}")

    def test_a_poor_person_helps_nobody(self, tong: User, in_scope: Scope) -> None:
        with in_scope(tong):
            number = id_number(date(1971, 1, 2))
            household = saved(tong, card(member(id_no=number, born=date(1971, 1, 2)))).household
            helper(tong, VILLAGE - 200, id_no=number)
            put(household, "N", first_identified_year=2014)
            person = AssistPerson.objects.get()
            refused(
                "helper_is_not_poor", PAIR, VILLAGE, household.pk, person.pk, "2014-07-01", None, "", tong.pk
            )
            with pytest.raises(IntegrityError) as violated, transaction.atomic():
                helper(tong, VILLAGE - 200, id_no=number)
            assert name_of(violated.value) == "helper_is_not_poor"

    def test_nobody_is_sent_outside_his_division(self, tong: User, bo: User, in_scope: Scope) -> None:
        with in_scope(bo):
            household = registered(bo)
            elsewhere = helper(bo, OTHER_VILLAGE)
            refused(
                "help_within_reach", PAIR, VILLAGE, household.pk, elsewhere.pk, "2014-07-01", None, "", bo.pk
            )


class TestTeams:
    """A team stays five years, its leader two, and a township is no place for it."""

    @pytest.fixture
    def team(self, bo: User, in_scope: Scope) -> Any:
        with in_scope(bo):
            made = WorkTeam.objects.create(
                division_id=LINXIAN, name="驻村工作队", organ=organ(bo), entered_by=bo
            )
            TeamPosting.objects.create(
                division_id=VILLAGE,
                team=made,
                since=date(2014, 9, 1),
                document="临扶〔2014〕1号",
                entered_by=bo,
            )
            yield made

    POST = (
        "INSERT INTO registry_teamposting (division, team_id, since, document, entered_by_id, entered_at)"
        " VALUES (%s, %s, %s, '临扶', %s, now())"
    )

    @pytest.mark.parametrize(
        ("since", "stands"), [("2014-09-02", False), ("2019-08-31", False), ("2019-09-01", True)]
    )
    def test_five_years_in_one_village(self, team: Any, bo: User, since: str, stands: bool) -> None:
        if stands:
            assert run(self.POST, OTHER_VILLAGE, team.pk, since, bo.pk) == 1
        else:
            refused("teamposting_five_years", self.POST, OTHER_VILLAGE, team.pk, since, bo.pk)

    @pytest.mark.parametrize("change", ["division = 141124101201", "since = '2009-01-01'"])
    def test_a_posting_is_written_once(self, team: Any, change: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"UPDATE registry_teamposting SET {change}")

    @pytest.mark.parametrize("place", [VILLAGE - 200, LINXIAN])
    def test_a_team_is_for_a_village(self, team: Any, bo: User, place: int) -> None:
        refused("teamposting_in_a_village", self.POST, place, team.pk, "2019-09-01", bo.pk)

    LEAD = (
        "INSERT INTO registry_teamleader (division, team_id, person_id, since, until, reason, entered_by_id, entered_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, now())"
    )

    @pytest.mark.parametrize(
        ("until", "reason", "stands"),
        [("2016-08-31", "", False), ("2016-08-31", "患病", True), ("2016-09-01", "", True)],
    )
    def test_a_leader_stays_two_years_or_goes_for_a_reason(
        self, team: Any, bo: User, until: str, reason: str, stands: bool
    ) -> None:
        values = (LINXIAN, team.pk, helper(bo).pk, "2014-09-01", until, reason, bo.pk)
        if stands:
            assert run(self.LEAD, *values) == 1
        else:
            refused("teamleader_two_years_or_reason", self.LEAD, *values)

    def test_one_leader_at_a_time_and_not_the_same_again(self, team: Any, bo: User) -> None:
        first, second = helper(bo), helper(bo)
        run(self.LEAD, LINXIAN, team.pk, first.pk, "2014-09-01", "2016-09-01", "", bo.pk)
        refused(
            "teamleader_one_at_a_time",
            self.LEAD,
            LINXIAN,
            team.pk,
            second.pk,
            "2016-08-31",
            None,
            "",
            bo.pk,
        )
        refused(
            "teamleader_not_twice_running",
            self.LEAD,
            LINXIAN,
            team.pk,
            first.pk,
            "2016-09-01",
            None,
            "",
            bo.pk,
        )
        run(self.LEAD, LINXIAN, team.pk, second.pk, "2016-09-01", None, "", bo.pk)
        assert TeamLeader.objects.count() == 2


class TestLeadersVillages:
    """A leader has one village until its income has doubled and another has approved that."""

    TAKE = (
        "INSERT INTO registry_leadervillage (division, person_id, since, base_year, base_income, choice_reason, entered_by_id,"
        " entered_at) VALUES (%s, %s, %s, 2013, 3200, '', %s, now())"
    )
    DONE = (
        "UPDATE registry_leadervillage SET reached_year = 2016, reached_income = %s, proposed_by_id = %s, proposed_on = '2017-02-01',"
        " approved_by_id = %s, done_on = '2017-03-01'"
    )

    @pytest.fixture
    def taken(self, bo: User, chen: User, in_scope: Scope) -> Any:
        with in_scope(bo):
            person = helper(bo)
            run(self.TAKE, VILLAGE, person.pk, "2014-06-01", bo.pk)
            yield person

    @pytest.mark.parametrize("since", ["2014-06-02", "2019-05-31", "2019-06-01"])
    def test_no_other_village_until_it_is_done(self, taken: Any, bo: User, since: str) -> None:
        refused("leadervillage_one_until_done", self.TAKE, OTHER_VILLAGE, taken.pk, since, bo.pk)

    def test_it_is_done_at_twice_the_base_and_approved_by_another(
        self, taken: Any, bo: User, chen: User
    ) -> None:
        refused("leadervillage_done_when_doubled", self.DONE, "6399.99", bo.pk, chen.pk)
        refused("leadervillage_approved_by_another", self.DONE, "6400.00", bo.pk, bo.pk)
        run(self.DONE, "6400.00", bo.pk, chen.pk)
        refused("leadervillage_one_until_done", self.TAKE, OTHER_VILLAGE, taken.pk, "2017-02-28", bo.pk)
        run(self.TAKE, OTHER_VILLAGE, taken.pk, "2017-03-01", bo.pk)
        assert LeaderVillage.objects.count() == 2

    def test_his_village_is_written_once(self, taken: Any) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"UPDATE registry_leadervillage SET division = {OTHER_VILLAGE}")


class TestAfterExit:
    """Who has left takes no new measure; who left under a policy that keeps what he has, does until its end."""

    RECEIVE = (
        "INSERT INTO registry_measurerecipient (division, measure_id, household_id, stop, stopped_because)"
        " VALUES (%s, %s, %s, '', '')"
    )

    @pytest.mark.parametrize(
        ("exited_on", "on", "stands"),
        [
            (None, date(2015, 12, 31), True),
            (date(2015, 12, 31), date(2015, 12, 31), True),
            (date(2015, 12, 31), date(2016, 1, 1), False),
            (date(2015, 12, 31), date(2016, 5, 1), False),  # a later switch reopens nothing
            (date(2016, 4, 27), date(2016, 4, 28), False),
            (date(2016, 4, 28), date(2016, 4, 29), True),
            (date(2016, 4, 28), date(2020, 12, 31), True),
            (date(2016, 4, 28), date(2021, 1, 1), False),
        ],
    )
    def test_new_measures(
        self, bo: User, in_scope: Scope, exited_on: date | None, on: date, stands: bool
    ) -> None:
        with in_scope(bo):
            household = registered(bo)
            measure = AssistMeasure.objects.create(
                division_id=VILLAGE, on=on, kind="01", content="养羊补助", person=helper(bo), entered_by=bo
            )
            if exited_on:
                left(household, exited_on)
            if stands:
                assert run(self.RECEIVE, VILLAGE, measure.pk, household.pk) == 1
            else:
                refused("help_for_the_registered", self.RECEIVE, VILLAGE, measure.pk, household.pk)

    def test_the_database_and_the_rules_agree_on_the_switch(self, db: None) -> None:
        days = [one.since + timedelta(days=n) for one in POLICIES for n in (-1, 0, 1)]
        days += [one.until + timedelta(days=n) for one in POLICIES if one.until for n in (-1, 0, 1)]
        with connection.cursor() as cursor:
            for day in days:
                cursor.execute("SELECT registry_help_stops_on(%s)", [day])
                assert cursor.fetchone() == (stops_on(day),)

    @pytest.mark.parametrize("status", ["D", "A", "C", "K", "Z", "R"])
    def test_only_who_is_on_the_register_is_helped(self, bo: User, in_scope: Scope, status: str) -> None:
        with in_scope(bo):
            household = registered(bo)
            measure = AssistMeasure.objects.create(
                division_id=VILLAGE,
                on=date(2015, 1, 1),
                kind="01",
                content="补助",
                person=helper(bo),
                entered_by=bo,
            )
            put(household, status)
            refused("help_for_the_registered", self.RECEIVE, VILLAGE, measure.pk, household.pk)

    def test_nothing_arrives_after_the_stop(self, bo: User, in_scope: Scope) -> None:
        with in_scope(bo):
            household = registered(bo)
            measure = AssistMeasure.objects.create(
                division_id=VILLAGE,
                on=date(2015, 1, 1),
                kind="04",
                content="贴息",
                person=helper(bo),
                entered_by=bo,
            )
            recipient = MeasureRecipient.objects.create(
                division_id=VILLAGE, measure=measure, household=household
            )
            left(household, date(2015, 12, 31))
            run(
                "UPDATE registry_measurerecipient SET stop = 'STOPPED', stopped_on = '2016-01-01', stopped_because = '已脱贫',"
                " stopped_by_id = %s",
                bo.pk,
            )
            sql = (
                'INSERT INTO registry_measuredelivery (division, recipient_id, "on", by, amount, signed_by, account_masked,'
                " entered_by_id, entered_at) VALUES (%s, %s, %s, 'IN_KIND', 100, '张建国', '', %s, now())"
            )
            refused("delivery_before_the_stop", sql, VILLAGE, recipient.pk, "2016-01-01", bo.pk)
            assert run(sql, VILLAGE, recipient.pk, "2015-12-31", bo.pk) == 1


class TestRoster:
    """What is logged, is logged for a day on which he served."""

    LOG = (
        'INSERT INTO registry_worklog (division, entry_id, "on", kind, household_id, project_no, content, entered_by_id, entered_at)'
        " VALUES (%s, %s, %s, 'MEASURE', %s, '', '走访核实', %s, now())"
    )

    @pytest.fixture
    def at(self, bo: User, in_scope: Scope) -> Any:
        with in_scope(bo):
            entry = RosterEntry.objects.create(
                division_id=VILLAGE,
                person=helper(bo),
                kind="VILLAGE_GRADUATE",
                since=date(2014, 9, 1),
                until=date(2015, 9, 1),
                entered_by=bo,
            )
            yield entry, registered(bo)

    @pytest.mark.parametrize(
        ("on", "stands"),
        [("2014-08-31", False), ("2014-09-01", True), ("2015-08-31", True), ("2015-09-01", False)],
    )
    def test_a_log_for_a_day_off_the_roster(self, at: Any, bo: User, on: str, stands: bool) -> None:
        entry, household = at
        values = (VILLAGE, entry.pk, on, household.pk, bo.pk)
        if stands:
            assert run(self.LOG, *values) == 1
        else:
            refused("log_on_a_day_of_the_roster", self.LOG, *values)

    def test_tomorrow_is_not_logged(self, at: Any, bo: User) -> None:
        from django.utils import timezone

        from fupin.deadlines.rules import day_of

        _, household = at
        entry = RosterEntry.objects.create(
            division_id=VILLAGE,
            person=helper(bo),
            kind="VILLAGE_GRADUATE",
            since=date(2014, 9, 1),
            entered_by=bo,
        )
        today = day_of(timezone.now())
        assert run(self.LOG, VILLAGE, entry.pk, today, household.pk, bo.pk) == 1
        refused(
            "log_not_of_the_future",
            self.LOG,
            VILLAGE,
            entry.pk,
            today + timedelta(days=1),
            household.pk,
            bo.pk,
        )

    def test_no_day_is_lived_twice(self, at: Any, bo: User) -> None:
        stay = (
            "INSERT INTO registry_villagestay (division, entry_id, first_day, last_day, entered_by_id, entered_at)"
            " VALUES (%s, %s, %s, %s, %s, now())"
        )
        run(stay, VILLAGE, at[0].pk, "2014-10-01", "2014-10-10", bo.pk)
        refused("villagestay_no_day_twice", stay, VILLAGE, at[0].pk, "2014-10-10", "2014-10-12", bo.pk)
        refused("log_on_a_day_of_the_roster", stay, VILLAGE, at[0].pk, "2015-08-30", "2015-09-01", bo.pk)
        assert run(stay, VILLAGE, at[0].pk, "2014-10-11", "2014-10-12", bo.pk) == 1


def test_a_villager_sees_the_countys_helpers_and_not_another_countys(
    ai: User, bo: User, du: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        mine = helper(bo)
    with in_scope(du):
        helper(du, 140929000000)
        assert AssistPerson.objects.filter(pk=mine.pk).count() == 0
    with in_scope(ai):
        assert list(AssistPerson.objects.visible_to(ai)) == [mine]
        assert list(AssistPerson.objects.all()) == [mine]
        assert run("UPDATE registry_assistperson SET name = 'x'") == 0


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM registry_assistpair",
        "DELETE FROM registry_measurerecipient",
        "UPDATE registry_worklog SET content = 'x'",
        "UPDATE registry_measuredelivery SET amount = 0",
        "UPDATE registry_assistpersonevent SET name = 'x'",
    ],
)
def test_what_the_application_may_not_even_try(bo: User, in_scope: Scope, sql: str) -> None:
    with in_scope(bo), pytest.raises(DatabaseError):
        run(sql)


def test_help_moves_with_its_household(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        household = registered(bo)
        person = helper(bo)
        AssistPair.objects.create(
            division_id=VILLAGE,
            household=household,
            person=person,
            start_date=date(2014, 7, 1),
            entered_by=bo,
        )
        run(f"SELECT registry_move_household({household.pk}, {OTHER_VILLAGE})")
        assert AssistPair.objects.get().division_id == OTHER_VILLAGE

    def read_in(village: int) -> list[tuple[str, int]]:
        with transaction.atomic(), connection.cursor() as cursor:
            enter_scope(*code_range(village), user_id=bo.pk)
            cursor.execute("SELECT pgh_label, division FROM registry_assistpairevent ORDER BY pgh_id")
            return cursor.fetchall()

    # What has happened stays where it happened; where the household lives now, its whole history is read.
    assert read_in(VILLAGE) == [("insert", VILLAGE), ("leave", VILLAGE)]
    assert sorted(read_in(OTHER_VILLAGE)) == [
        ("insert", VILLAGE),
        ("leave", VILLAGE),
        ("update", OTHER_VILLAGE),
    ]
