"""Runs: the statement agrees with the rules row by row, counts add up, nothing is found twice, people open the cases."""

from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from fupin.accounts.models import User
from fupin.accounts.permissions import Refused
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.rules import SHANXI
from fupin.deadlines.services.columns import selection
from fupin.divisions.codes import PROVINCE_CODE, code_range
from fupin.divisions.models import Division
from fupin.jobs.models import Job, JobStatus
from registry.errors import ReidentificationRefused
from registry.models import (
    Case,
    HouseholdYear,
    ReidentificationCounty,
    ReidentificationFinding,
    ReidentificationRun,
    Round,
)
from registry.rules.reidentify import SECURED, Listed, Standing, judge
from registry.services import reidentification as runs
from registry.services.judging import judged
from registry.tasks import reidentify_county, reidentify_when_due
from tests.conftest import BAIWEN, KELAN, LINXIAN
from tests.registry.cases import act_as, office, round_of, see_province
from tests.registry.factories import KELAN_VILLAGE, VILLAGE
from tests.registry.reidentifying import (
    BELOW,
    FALLEN_BACK,
    INCOME_YEAR,
    LINE,
    MAY_LEAVE,
    NEWLY_BELOW,
    ON_LINE,
    STAYS,
    YEAR,
    Facts,
    household,
)

pytestmark = pytest.mark.django_db

VARIED = [
    *(Facts(status, income) for status, income in product(("N", "X1", "D", "M-", "S"), (BELOW, ON_LINE, LINE * 3 + 1, None))),
    *(Facts("O", income, exit_year=year) for income, year in product((BELOW, ON_LINE, LINE * 4, None), (2013, 2014))),
    *(
        Facts(status, LINE * 4, exit_year=2013 if status == "O" else None, **{name: value})
        for status in ("N", "O")
        for name, value in (
            ("danger_level", "3"), ("danger_level", "4"), ("danger_level", "9"), ("water_safe", False),
            ("water_safe", None), ("drops_out", True), ("insured", False), ("insured", None), ("id_standard", "2"),
        )
    ),
    Facts("D", BELOW, id_standard=""),
    Facts("O", BELOW, danger_level="4", water_safe=False, drops_out=True, insured=False, exit_year=2013),
]  # fmt: skip


def test_the_statement_says_what_the_rules_say(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        stand = {household(bo, facts).pk: facts for facts in VARIED}
        low, high = code_range(LINXIAN)
        rows = {
            row.household_id: row
            for row in judged(low=low, high=high, income_year=INCOME_YEAR, line=LINE).order_by("pk")
        }
    assert rows.keys() == stand.keys()
    for key, facts in stand.items():
        row = rows[key]
        one = Standing(
            facts.status,
            facts.net_income,
            3,
            facts.danger_level,
            facts.water_safe,
            dropouts=int(facts.drops_out),
            uninsured=2 * (facts.insured is False),
            unasked=2 * (facts.insured is None),
            exit_year=facts.exit_year,
            id_standard=facts.id_standard,
        )
        verdict = judge(one, line=LINE, income_year=INCOME_YEAR)
        assert row.listed == (verdict.listed or 0), facts
        assert verdict.listed != Listed.FALLEN_BACK or row.broken == verdict.reasons, facts
        assert (row.dropouts, row.uninsured, row.unasked) == (one.dropouts, one.uninsured, one.unasked), facts


def division(code: int) -> Division:
    return Division.objects.get(pk=code)


def settle(actor: User, run: ReidentificationRun) -> ReidentificationRun:
    """Work a run through to its end, in its asker's scope."""
    while runs.work_on(run):
        pass
    runs.finish(run)
    run.refresh_from_db()
    return run


@pytest.fixture
def register(bo: User, in_scope: Any) -> dict[str, Any]:
    """One household of each kind in 临县."""
    with in_scope(bo):
        return {
            "may_leave": household(bo, MAY_LEAVE),
            "newly_below": household(bo, NEWLY_BELOW),
            "fallen_back": household(bo, FALLEN_BACK),
            "stays": household(bo, STAYS),
            "held_back": household(bo, Facts(water_safe=False)),
            "other": household(bo, Facts(id_standard="2")),
            "no_card": household(bo, MAY_LEAVE, year=2014),
        }


def test_a_run_finds_each_once_and_its_counts_add_up(bo: User, in_scope: Any, register: Any) -> None:
    with in_scope(bo):
        run = settle(bo, runs.begin(actor=bo, division=division(LINXIAN), year=YEAR))
        county = ReidentificationCounty.objects.get(run=run)
        found = {
            one.household_id: (Listed(one.listed), one.reasons)
            for one in ReidentificationFinding.objects.filter(run=run).order_by("pk")
        }
    assert found == {
        register["may_leave"].pk: (Listed.MAY_LEAVE, SECURED),
        register["newly_below"].pk: (Listed.NEWLY_BELOW, 2),
        register["fallen_back"].pk: (Listed.FALLEN_BACK, 2),
    }
    assert (county.households, county.unchanged) == (6, 3)
    assert (county.held_back, county.other_standard, county.without_card) == (1, 1, 1)
    assert run.state == JobStatus.DONE
    assert (run.income_year, run.line, run.standard) == (2013, LINE, "1")


def test_without_keeping_the_same_is_counted(bo: User, in_scope: Any, register: Any) -> None:
    with in_scope(bo):
        counts = runs.count_only(division=division(BAIWEN), year=YEAR)
    assert (counts.may_leave, counts.newly_below, counts.fallen_back, counts.unchanged) == (1, 1, 1, 3)
    assert not ReidentificationRun.objects.exists()


def test_a_county_is_done_once_however_often_it_is_asked(bo: User, in_scope: Any, register: Any) -> None:
    with in_scope(bo):
        run = runs.begin(actor=bo, division=division(LINXIAN), year=YEAR)
        assert runs.work_on(run, LINXIAN) is not None
        assert runs.work_on(run, LINXIAN) is None
        assert ReidentificationFinding.objects.filter(run=run).count() == 3


def test_asked_for_it_is_done_in_the_background_under_the_askers_post(
    gao: User, bo: User, du: User, in_scope: Any, register: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with in_scope(du):
        elsewhere = household(du, MAY_LEAVE, village=KELAN_VILLAGE)
    with django_capture_on_commit_callbacks(execute=True), in_scope(gao):
        run = runs.ask(actor=gao, division=division(PROVINCE_CODE), year=YEAR)
    with in_scope(gao):
        run.refresh_from_db()
        job = Job.objects.get(pk=run.job_id)
        assert (run.state, job.status, job.done) == (JobStatus.DONE, JobStatus.DONE, job.total)
        assert run.counties.count() == job.total
        assert ReidentificationFinding.objects.filter(run=run, listed=Listed.MAY_LEAVE).count() == 2
        reidentify_county(str(job.pk), LINXIAN)  # a message that comes late
    with in_scope(du):  # what lies in one's county is one's own to read
        assert [one.household_id for one in ReidentificationFinding.objects.visible_to(du)] == [elsewhere.pk]
        assert list(ReidentificationCounty.objects.visible_to(du).values_list("division_id", flat=True)) == [
            KELAN
        ]
        assert ReidentificationFinding.objects.count() == 1
        assert ReidentificationRun.objects.visible_to(du).get() == run


def test_a_cancelled_run_goes_on_where_it_stood(
    gao: User, bo: User, in_scope: Any, register: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with in_scope(gao):
        run = runs.ask(actor=gao, division=division(LINXIAN - LINXIAN % 10**8), year=YEAR)
        assert runs.work_on(run, LINXIAN) is not None
        with pytest.raises(ReidentificationRefused, match="正在进行"):
            runs.go_on(actor=gao, run=run)
        Job.objects.filter(pk=run.job_id).update(status=JobStatus.CANCELLED, finished_at=timezone.now())
        done_at = ReidentificationCounty.objects.get(run=run, division_id=LINXIAN).done_at
    with django_capture_on_commit_callbacks(execute=True), in_scope(gao):
        runs.go_on(actor=gao, run=run)
    with in_scope(gao):
        run.refresh_from_db()
        assert run.state == JobStatus.DONE
        assert ReidentificationCounty.objects.get(run=run, division_id=LINXIAN).done_at == done_at
        assert ReidentificationFinding.objects.filter(run=run).count() == 3


def test_who_may_ask_and_for_where(bo: User, ai: User, in_scope: Any) -> None:
    with in_scope(bo), pytest.raises(Refused):
        runs.ask(actor=bo, division=division(KELAN), year=YEAR)
    with in_scope(ai), pytest.raises(Refused):
        runs.ask(actor=ai, division=division(VILLAGE), year=YEAR)
    with in_scope(bo), pytest.raises(ReidentificationRefused, match="最早为 2014 年"):
        runs.ask(actor=bo, division=division(LINXIAN), year=2013)
    with in_scope(bo), pytest.raises(ReidentificationRefused, match="没有2030年的贫困线"):
        runs.ask(actor=bo, division=division(LINXIAN), year=2031)


# The statutory run ----------------------------------------------------------------------------------------------------------------------


def three_years(people: Any, today: date, year: int = 2017) -> Round:
    return round_of(
        people,
        year=year,
        quota=None,
        kind="THREE_YEAR",
        opens_on=today,
        closes_on=date(today.year + 1, 12, 31),
    )


def test_the_beat_asks_once_for_a_round_whose_window_is_open(
    django_capture_on_commit_callbacks: Any,
) -> None:
    people = office()
    today = timezone.localdate()
    opened = three_years(people, today)
    with django_capture_on_commit_callbacks(execute=True):
        reidentify_when_due()
        reidentify_when_due()
    see_province()
    run = ReidentificationRun.objects.get()
    assert (run.round, run.year, run.income_year, run.line) == (opened, 2017, 2016, Decimal(2952))
    assert (run.asked_by, run.division_id, run.state) == (people.province, PROVINCE_CODE, JobStatus.DONE)
    act_as(people.province)
    with pytest.raises(ReidentificationRefused, match="已经比对过"):
        runs.ask(actor=people.province, division=division(PROVINCE_CODE), year=2017, in_round=opened)


def test_the_beat_leaves_other_rounds_and_other_days_alone() -> None:
    people = office()
    today = timezone.localdate()
    round_of(people, year=2017, quota=None, opens_on=today, closes_on=today)
    three_years(people, date(today.year + 1, 1, 1))
    three_years(people, today, year=2018)
    reidentify_when_due()
    see_province()
    assert not ReidentificationRun.objects.exists()


def test_a_statutory_run_is_the_provinces_and_of_its_round() -> None:
    people = office()
    opened = three_years(people, timezone.localdate())
    act_as(people.province)
    for wrong in (
        {"division": division(LINXIAN), "year": 2017},
        {"division": division(PROVINCE_CODE), "year": 2018},
    ):
        with pytest.raises(ReidentificationRefused, match="对全省进行"):
            runs.ask(actor=people.province, in_round=opened, **wrong)  # type: ignore[arg-type]


# Cases ----------------------------------------------------------------------------------------------------------------------------------


def test_people_open_cases_and_what_changed_meanwhile_is_refused() -> None:
    people = office()
    today = timezone.localdate()
    annual = round_of(people, quota=None, opens_on=today, closes_on=today)
    act_as(people.clerk)
    leaves, poor, back, changed = (
        household(people.clerk, facts) for facts in (MAY_LEAVE, NEWLY_BELOW, FALLEN_BACK, MAY_LEAVE)
    )
    act_as(people.county_entry)
    run = settle(
        people.county_entry, runs.begin(actor=people.county_entry, division=division(LINXIAN), year=YEAR)
    )
    HouseholdYear.objects.filter(household=changed).update(water_safe=False)
    act_as(people.village)
    found = {
        one.household_id: one
        for one in ReidentificationFinding.objects.filter(run=run).order_by("household_id")
    }
    done = runs.open_cases(actor=people.village, run=run, findings=found.values(), in_round=annual, on=today)
    tracks = {case.household_id: (case.track, case.status) for case in done.cases}
    assert tracks == {leaves.pk: ("EXIT", "N"), poor.pk: ("ENTRY", "D"), back.pk: ("ENTRY", "O")}
    assert [(one.household_id, why) for one, why in done.refused] == [
        (changed.pk, "户卡或状态已改，不再符合此清单，请重新比对")
    ]
    again = runs.open_cases(actor=people.village, run=run, findings=found.values(), in_round=annual, on=today)
    assert not again.cases
    assert {why for _, why in again.refused} == {"已经立档", "户卡或状态已改，不再符合此清单，请重新比对"}
    leaves.refresh_from_db()
    assert leaves.status == "N"  # nothing is decided


def test_cases_need_a_round_of_the_same_incomes_and_a_run_that_is_done() -> None:
    people = office()
    today = timezone.localdate()
    other = round_of(people, year=2015, quota=None, opens_on=today, closes_on=today)
    act_as(people.county_entry)
    run = runs.begin(actor=people.county_entry, division=division(LINXIAN), year=YEAR)
    act_as(people.approver)
    with pytest.raises(ReidentificationRefused, match="没有完成"):
        runs.open_cases(actor=people.approver, run=run, findings=[], in_round=other, on=today)
    act_as(people.county_entry)
    settle(people.county_entry, run)
    act_as(people.approver)
    with pytest.raises(ReidentificationRefused, match="用 2013 年收入的轮次"):
        runs.open_cases(actor=people.approver, run=run, findings=[], in_round=other, on=today)
    act_as(people.county_entry)
    with pytest.raises(Refused):
        runs.open_cases(actor=people.county_entry, run=run, findings=[], in_round=other, on=today)


# The last wall --------------------------------------------------------------------------------------------------------------------------


def refused(statement: str, *parameters: object) -> str:
    """Return what the database says to a statement of the web role."""
    with (
        pytest.raises((IntegrityError, ProgrammingError)) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
    return str(caught.value)


def test_what_was_found_stays_as_it_was_found(bo: User, in_scope: Any, register: Any) -> None:
    with in_scope(bo):
        run = settle(bo, runs.begin(actor=bo, division=division(LINXIAN), year=YEAR))
        finding = ReidentificationFinding.objects.filter(run=run).order_by("pk")[0]
        table = "registry_reidentificationfinding"
        for column in ("reasons", "listed", "net_income", "household_id"):
            assert "permission denied" in refused(
                f"UPDATE {table} SET {column} = 1 WHERE id = %s", finding.pk
            )
        assert "permission denied" in refused(f"DELETE FROM {table} WHERE id = %s", finding.pk)
        assert "已比对完成" in refused(
            "UPDATE registry_reidentificationcounty SET households = 6 WHERE run_id = %s", run.pk
        )
        assert "已比对完成" in refused(
            "UPDATE registry_reidentificationrun SET job_id = NULL WHERE id = %s", run.pk
        )
        assert "permission denied" in refused(
            "UPDATE registry_reidentificationrun SET line = 1 WHERE id = %s", run.pk
        )
        copy = (
            f"INSERT INTO {table} (division, run_id, household_id, listed, reasons, member_count, dropouts, uninsured, danger_level)"
            f" SELECT division, run_id, household_id, %s, %s, 3, 0, 0, '' FROM {table} WHERE id = %s"
        )
        assert "reidentificationfinding_once" in refused(copy, 2, 2, finding.pk)
        for listed, reasons in ((1, 2), (2, 1), (3, 0), (3, 64), (4, 2)):
            assert "has_its_reasons" in refused(copy, listed, reasons, finding.pk)


def test_a_run_ends_only_when_every_county_is_done(bo: User, in_scope: Any) -> None:
    with in_scope(bo):
        run = runs.begin(actor=bo, division=division(LINXIAN), year=YEAR)
        assert "还有县没有比对完" in refused(
            "UPDATE registry_reidentificationrun SET finished_at = now() WHERE id = %s", run.pk
        )
        assert "adds_up" in refused(
            "UPDATE registry_reidentificationcounty SET households = 1 WHERE run_id = %s", run.pk
        )


def test_a_finding_leads_to_its_own_households_case_only() -> None:
    people = office()
    today = timezone.localdate()
    annual = round_of(people, quota=None, opens_on=today, closes_on=today)
    act_as(people.clerk)
    household(people.clerk, MAY_LEAVE), household(people.clerk, MAY_LEAVE)
    act_as(people.county_entry)
    run = settle(
        people.county_entry, runs.begin(actor=people.county_entry, division=division(LINXIAN), year=YEAR)
    )
    act_as(people.village)
    first, second = ReidentificationFinding.objects.filter(run=run).order_by("pk")
    runs.open_cases(actor=people.village, run=run, findings=[first], in_round=annual, on=today)
    case = Case.objects.get()
    statement = "UPDATE registry_reidentificationfinding SET case_id = %s WHERE id = %s"
    assert "该户自己的一份档案" in refused(statement, case.pk, second.pk)
    assert "该户自己的一份档案" in refused(statement, None, first.pk)


def test_another_county_sees_and_writes_nothing(bo: User, du: User, in_scope: Any, register: Any) -> None:
    with in_scope(bo):
        run = settle(bo, runs.begin(actor=bo, division=division(LINXIAN), year=YEAR))
    with in_scope(du):
        assert not ReidentificationRun.objects.exists()
        assert not ReidentificationCounty.objects.exists()
        assert not ReidentificationFinding.objects.exists()
        assert "row-level security" in refused(
            "INSERT INTO registry_reidentificationcounty (division, run_id, households, may_leave, newly_below, fallen_back,"
            " unchanged, held_back, other_standard, without_card) VALUES (%s, %s, 0, 0, 0, 0, 0, 0, 0, 0)",
            LINXIAN + 1000,
            run.pk,
        )


# The clock ------------------------------------------------------------------------------------------------------------------------------


def clock(today: date) -> dict[str, Any]:
    """Return the clock of the three-year cycle on a day, by the very statement that the worker runs."""
    query, parameters = selection(KINDS["registry.three_years"], today)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        (row,) = cursor.fetchall()
    return dict(zip(names, row, strict=True))


@pytest.mark.parametrize(
    ("today", "starts_on", "due_on"),
    [
        (date(2014, 12, 31), date(2015, 1, 1), date(2017, 12, 31)),
        (date(2017, 1, 1), date(2015, 1, 1), date(2017, 12, 31)),
        (date(2017, 12, 31), date(2015, 1, 1), date(2017, 12, 31)),
        (date(2018, 1, 1), date(2018, 1, 1), date(2020, 12, 31)),
        (date(2020, 2, 29), date(2018, 1, 1), date(2020, 12, 31)),
    ],
)
def test_the_cycle_counts_down(see_all: Any, today: date, starts_on: date, due_on: date) -> None:
    found = clock(today)
    assert (found["starts_on"], found["due_on"], found["done_on"]) == (starts_on, due_on, None)
    assert found["division"] == PROVINCE_CODE


def test_the_clock_stops_with_the_statutory_run_and_not_with_a_what_if() -> None:
    people = office()
    opened = three_years(people, timezone.localdate())
    act_as(people.province)

    def ended(day: int, **values: Any) -> None:
        run = runs.begin(actor=people.province, division=division(PROVINCE_CODE), year=2017, **values)
        while runs.work_on(run):
            pass
        ReidentificationRun.objects.filter(pk=run.pk).update(
            finished_at=datetime(2017, 5, day, 9, tzinfo=SHANXI)
        )

    ended(1)
    assert clock(date(2017, 6, 1))["done_on"] is None
    ended(20, in_round=opened)
    assert clock(date(2017, 5, 19))["done_on"] is None
    assert clock(date(2017, 5, 20))["done_on"] == date(2017, 5, 20)
    assert clock(date(2018, 1, 1))["done_on"] is None
