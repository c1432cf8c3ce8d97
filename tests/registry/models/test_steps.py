"""The procedure against the database, by raw SQL as the web role: nothing skipped, nothing back-dated, nobody his own checker."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.models import User
from fupin.notices.models import Objection
from fupin.notices.services import objecting, settling
from fupin.policy.standards import figure
from registry.codes import HouseholdStatus, VillageStatus
from registry.models import AllowedStep, Case, CaseStep, Household, ProcedureFigure, Village
from registry.reports.cards import read_card
from registry.rules.procedure import FILED, Evidence, Track
from registry.rules.transitions import ENDS, NOTICE_DAYS, TRANSITIONS
from registry.services.cases import open_case
from tests.clock import on_its_day
from tests.registry import cases
from tests.registry.cases import Office, act_as, applicant, hang, office, round_of, walk
from tests.registry.factories import change, income
from tests.registry.helping import paired
from tests.registry.standing import put

pytestmark = pytest.mark.django_db
object_to = on_its_day(objecting.object_to)
accept_objection = on_its_day(settling.accept_objection)
settle_objection = on_its_day(settling.settle_objection)


@pytest.fixture
def people(db: None) -> Office:
    return office()


def insert(case: Case, actor: User, role: str, **values: Any) -> None:
    """Insert a step as SQL would, with all evidence that there is, unless something else is said."""
    filed = values.pop("filed", FILED)
    row: dict[str, Any] = {
        "division": case.division_id,
        "case_id": case.pk,
        "number": 1,
        "is_level": False,
        "opinion": "情况属实",
        "cause": "01",
        "evidence": json.dumps([{"kind": kind, "note": "第 1 号"} for kind in Evidence.values]),
        "card_version": 1,
        "at": "2014-03-12T00:00:00+08:00",
        "actor_id": actor.pk,
        "role": role,
        **values,
    }
    act_as(actor)
    columns = ", ".join(f'"{name}"' for name in row)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_casepaper (division, case_id, number, kind, file, content_type, size, sha256, uploaded_by_id,"
            " uploaded_at) SELECT %s, id, 0, kind, 'cases/x.pdf', 'application/pdf', 1, 'x', %s, now()"
            " FROM registry_case, unnest(%s::text[]) AS kind WHERE id = %s AND closed_on IS NULL",
            [case.division_id, actor.pk, sorted(filed), case.pk],
        )
        cursor.execute(
            f"INSERT INTO registry_casestep ({columns}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def refused(case: Case, actor: User, role: str, **values: Any) -> str:
    """Return the constraint by which the database refuses a step."""
    with pytest.raises(IntegrityError) as violated:
        insert(case, actor, role, **values)
    return name_of(violated.value)


def test_the_database_knows_the_same_procedure() -> None:
    """The copy in the tables and the code agree, row by row and figure by figure."""
    held = {
        (
            row.track,
            row.source,
            row.target,
            row.name,
            frozenset(row.actors),
            frozenset(row.evidence),
            row.level,
            row.after_notice,
            row.opens_notice,
            row.votes,
            row.quota,
            row.opinion,
            row.system,
            row.ends,
        )
        for row in AllowedStep.objects.all()
    }
    said = {
        (
            str(one.track), str(one.source), str(one.target), one.name, frozenset(map(str, one.actors)),
            frozenset(map(str, one.evidence)), one.level, one.after_notice, one.opens_notice, one.votes,
            one.quota, one.opinion, one.system, str(one.target) in ENDS,
        )
        for one in TRANSITIONS
    }  # fmt: skip
    assert held == said
    for row in ProcedureFigure.objects.exclude(key="poverty_line"):
        key = NOTICE_DAYS.get(row.key.removeprefix("notice_days_"), row.key)
        assert row.value == figure(key, row.since)


def test_nobody_but_the_owner_writes_the_procedure(people: Office) -> None:
    act_as(people.province)
    for sql in (
        "UPDATE registry_transition SET after_notice = false",
        "DELETE FROM registry_transition",
        "UPDATE registry_procedurefigure SET value = 0",
        "UPDATE registry_casestep SET \"on\" = '2014-01-01'",
        "DELETE FROM registry_casestep",
        "UPDATE registry_case SET status = 'N'",
        "UPDATE registry_case SET persons = 0",
        "UPDATE registry_household SET status = 'N'",
        "UPDATE registry_household SET first_identified_year = 2013",
        "UPDATE registry_household SET relapse_year = 2014, relapse_cause = '01'",
        "UPDATE registry_village SET status = 'VN'",
        "UPDATE registry_round SET closes_on = '2020-01-01'",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def forbidden() -> Iterator[tuple[str, str, str, str]]:
    """Every pair of a household's and a village's states × every name, that stands in no row of the table, by the case's track."""
    allowed = {(one.source, one.target, one.name) for one in TRANSITIONS}
    for states, track in (
        (HouseholdStatus.values, Track.ENTRY),
        (HouseholdStatus.values, Track.EXIT),
        (VillageStatus.values, Track.VILLAGE_ENTRY),
    ):
        names = sorted({one.name for one in TRANSITIONS if one.source in states})
        for source in states:
            for target in states:
                for name in names:
                    if (source, target, name) not in allowed:
                        yield track, source, target, name


def test_what_stands_in_no_row_is_refused(people: Office) -> None:
    """Every forbidden pair and name, tried by SQL within the role that could do most; each is refused as not allowed."""
    in_round = round_of(people)
    household = cases.poor_household(people)
    act_as(people.clerk)
    village = Village.objects.create(division_id=household.division_id, entered_by=people.clerk)
    case: Case | None = None
    stands: tuple[str, str] | None = None
    tried = 0
    for track, source, target, name in forbidden():
        if stands != (track, source):
            case = standing_case(people, in_round, track, household, village, source)
            stands = (track, source)
        if case is None:
            continue
        system = {one.name for one in TRANSITIONS if one.system}
        found = refused(
            case,
            people.village,
            "VILLAGE",
            name=name,
            source=source,
            target=target,
            on="2014-06-01",
            filed=(),
        )
        assert found == ("step_by_people" if name in system else "step_allowed"), (source, target, name)
        tried += 1
    assert tried > 5000


def standing_case(
    people: Office, in_round: Any, track: str, household: Household, village: Village, status: str
) -> Case | None:
    """Return a new case at a status, put there without the procedure; None where no case may be opened."""
    thing: Any = village if track.startswith("VILLAGE") else household
    more: dict[str, Any] = {"exited_on": "2014-03-01" if status in {"O", "VO"} else None}
    if status == "O":
        more["exit_year"] = 2014
    put(thing, status, **more)
    act_as(people.village)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_case WHERE closed_on IS NULL ORDER BY id")
        for (pk,) in cursor.fetchall():
            cursor.execute("SELECT tests_put('registry_case', %s, '{\"closed_on\": \"2014-03-12\"}')", [pk])
    act_as(people.village)
    case = Case(
        division_id=thing.division_id, track=track, round=in_round, opened_by=people.village, opened_on=date(2014, 3, 12),
        household=None if thing is village else household, village=village if thing is village else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as violation:
        return None if name_of(violation) == "case_from_its_status" else pytest.fail(str(violation))
    return case


def test_a_step_cannot_be_skipped_or_back_dated(people: Office) -> None:
    case = applicant(people, round_of(people))
    announce = {"name": "announce", "source": "C", "target": "N", "on": "2014-06-01"}
    assert refused(case, people.approver, "COUNTY_APPROVE", **announce) == "step_allowed"
    apply = {"name": "apply", "source": "D", "target": "A"}
    assert refused(case, people.village, "VILLAGE", **apply, on="2014-03-11") == "step_in_time"
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011
    assert refused(case, people.village, "VILLAGE", **apply, on=tomorrow) == "step_in_time"
    insert(case, people.village, "VILLAGE", **apply, on="2014-03-20")
    case.refresh_from_db()
    assert (case.status, Household.objects.get().status) == ("A", "A")
    votes = {"representatives": 56, "attending": 48, "in_favour": 43}
    deliberate = {"name": "deliberate", "source": "A", "target": "M", **votes}
    assert refused(case, people.village, "VILLAGE", **deliberate, on="2014-03-19") == "step_in_time"
    insert(case, people.village, "VILLAGE", **deliberate, on="2014-03-20")


def test_only_who_holds_the_role_there_on_the_day(people: Office, du: User) -> None:
    case = applicant(people, round_of(people))
    apply = {"name": "apply", "source": "D", "target": "A", "on": "2014-03-12"}
    assert refused(case, people.township, "TOWNSHIP", **apply) == "step_by_its_role"
    assert refused(case, people.township, "VILLAGE", **apply) == "step_by_its_post"
    assert (
        refused(case, people.village, "VILLAGE", **{**apply, "actor_id": people.team.pk})
        == "step_by_its_actor"
    )
    with pytest.raises((IntegrityError, ProgrammingError)):
        insert(case, du, "COUNTY_ENTRY", **apply)
    act_as(people.village)
    post = people.village.post
    assert post is not None
    for since, until in ((date(2014, 3, 13), None), (date(2014, 1, 1), date(2014, 3, 12))):
        post.since, post.until = since, until
        post.save()
        assert refused(case, people.village, "VILLAGE", **apply) == "step_by_its_post"


def test_evidence_reasons_and_votes_are_complete(people: Office) -> None:
    case = applicant(people, round_of(people))
    apply = {"name": "apply", "source": "D", "target": "A", "on": "2014-03-12"}
    for papers in ([], [{"kind": "APPLICATION", "note": "一份"}], [{"kind": kind, "note": " "} for kind in Evidence.values]):  # fmt: skip
        assert (
            refused(case, people.village, "VILLAGE", **apply, evidence=json.dumps(papers))
            == "step_with_evidence"
        )
    assert (
        refused(case, people.village, "VILLAGE", **apply, filed=FILED - {Evidence.SURVEY})
        == "step_with_papers"
    )
    insert(case, people.village, "VILLAGE", **apply)
    back = {"name": "send_back", "source": "A", "target": "D", "on": "2014-03-12"}
    assert refused(case, people.village, "VILLAGE", **back, opinion=" ") == "step_with_opinion"
    passed = {"name": "deliberate", "source": "A", "target": "M", "on": "2014-03-20"}
    failed = {"name": "vote_down", "source": "A", "target": "M-", "on": "2014-03-20"}
    for attending, in_favour, step in (
        (37, 37, passed),  # 37 of 56 are less than two thirds
        (38, 18, passed),
        (38, 19, failed),
        (37, 0, failed),
    ):
        votes = {"representatives": 56, "attending": attending, "in_favour": in_favour}
        assert refused(case, people.village, "VILLAGE", **step, **votes) == "step_votes"
    assert refused(case, people.village, "VILLAGE", **passed) == "step_votes"
    insert(case, people.village, "VILLAGE", **passed, representatives=56, attending=38, in_favour=19)


def test_a_notice_runs_its_days_to_the_end(people: Office) -> None:
    """Posted on 10 April for seven days: 11 to 17 April, and on from the 18th."""
    case = applicant(people, round_of(people))
    walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    walk(people, case, "post_first", on=date(2014, 4, 10))
    report = {"name": "report", "source": "P1", "target": "V"}
    assert refused(case, people.village, "VILLAGE", **report, on="2014-04-17") == "step_after_notice"
    insert(case, people.village, "VILLAGE", **report, on="2014-04-18")


def test_nobody_checks_what_he_made_nor_two_levels_running(people: Office) -> None:
    in_round = round_of(people)
    case = applicant(people, in_round)
    walk(people, case, "apply", "deliberate", "post_first", "report", on=date(2014, 3, 12))
    passed = {"name": "pass_township", "source": "V", "target": "T", "on": "2014-06-01"}
    act_as(people.township)
    first = saved_of(case)
    change(people.township, first, replace(read_card(first.household_year), phone="13911112222"))
    assert refused(case, people.township, "TOWNSHIP", **passed) == "step_not_by_its_maker"
    other = cases.person("zhen2", "TOWNSHIP", cases.BAIWEN)  # type: ignore[arg-type]
    insert(case, other, "TOWNSHIP", **passed)
    case.refresh_from_db()
    assert case.status == "T"
    walk(people, case, "post_second", on=date(2014, 6, 10))
    also = give_post(other, "COUNTY_REVIEW")
    reviewed = {"name": "pass_county", "source": "P2", "target": "C", "on": "2014-06-20"}
    assert refused(case, also, "COUNTY_REVIEW", **reviewed) == "step_not_two_levels"
    insert(case, people.reviewer, "COUNTY_REVIEW", **reviewed)


def give_post(user: User, role: str) -> User:
    """Return the user, who holds a second post at the county too and acts under it."""
    from fupin.accounts.models import Post

    user.post = Post.objects.create(
        user=user, role=role, division_id=cases.LINXIAN, since=date(2014, 1, 1), approved_by=user,
        approved_at="2014-01-01T00:00:00+08:00",
    )  # fmt: skip
    return user


def saved_of(case: Case) -> Any:
    """Return a case's household and card as a save leaves them."""
    from registry.services.saved import SavedCard

    household = case.household
    assert household is not None
    return SavedCard(household, household.years.get(year=2013), ())


def test_a_changed_card_voids_what_was_approved(people: Office) -> None:
    case = applicant(people, round_of(people))
    walk(people, case, "apply", "deliberate", "post_first", "report", "pass_township", on=date(2014, 3, 12))
    act_as(people.clerk)
    read = read_card(saved_of(case).household_year)
    change(people.clerk, saved_of(case), replace(read, phone="13911112222"))
    case.refresh_from_db()
    assert (case.status, case.persons) == ("V", 3)
    last = CaseStep.objects.filter(case=case).order_by("-number").first()
    assert last is not None
    assert (last.name, last.opinion, last.actor_id, last.card_version) == (
        "void",
        "户卡已修改",
        people.clerk.pk,
        2,
    )
    assert (
        refused(case, people.clerk, "", name="void", source="V", target="V", on="2014-06-01")
        == "step_by_people"
    )


def test_the_quota_holds_to_the_person(people: Office) -> None:
    """A quota of five: a household of three fits, a second one does not, and is not split."""
    in_round = round_of(people, quota=5)
    first, second = applicant(people, in_round), applicant(people, in_round)
    for case in (first, second):
        walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    post = {"name": "post_first", "source": "M", "target": "P1", "on": "2014-04-01"}
    assert refused(first, people.village, "VILLAGE", **post) == "step_with_notice"
    for case in (first, second):
        hang(people.village, case, "P1", date(2014, 4, 1))
    insert(first, people.village, "VILLAGE", **post)
    assert refused(second, people.village, "VILLAGE", **post) == "step_within_quota"
    first.refresh_from_db()
    walk(people, first, "report", on=date(2014, 4, 20))
    assert refused(second, people.village, "VILLAGE", **post) == "step_within_quota"


def test_on_the_line_nobody_enters(people: Office) -> None:
    in_round = round_of(people)
    nil = dict.fromkeys(
        ("business_income", "property_income", "tr_eco", "tr_other", "business_expense"), Decimal(0)
    )
    post = {"name": "post_first", "source": "M", "target": "P1", "on": "2014-04-01"}
    for wages, fits in ((Decimal("8208.00"), False), (Decimal("8207.99"), True)):
        household = cases.poor_household(people, income=income(**nil, wage_income=wages))
        case = applicant(people, in_round, household)
        walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
        hang(people.village, case, "P1", date(2014, 4, 1))
        if fits:
            insert(case, people.village, "VILLAGE", **post)
        else:
            assert refused(case, people.village, "VILLAGE", **post) == "step_below_line"


def test_the_whole_way_on_off_and_back(people: Office) -> None:
    """Eight steps on, with the year; six off, with year and day; back through all of them, with year and cause of the relapse."""
    in_round = round_of(people)
    case = applicant(people, in_round)
    on = walk(people, case, *cases.TO_THE_REGISTER, on=date(2014, 3, 12))
    household = Household.objects.get()
    assert (household.status, household.first_identified_year) == ("N", 2014)
    assert case.closed_on == date(2014, 3, 12) + timedelta(days=56)
    clear = {"name": "clear", "source": "N", "target": "K", "on": "2014-07-01"}
    assert refused(case, people.approver, "COUNTY_APPROVE", **clear) == "step_of_open_case"

    act_as(people.village)
    leaving = open_case(actor=people.village, household=household, track=Track.EXIT, in_round=in_round, on=on)
    on = walk(people, leaving, *cases.OFF_THE_REGISTER[:-1], on=on)
    confirm = {"name": "confirm_exit", "source": "XP", "target": "O", "on": on}
    assert refused(leaving, people.approver, "COUNTY_APPROVE", **confirm) == "step_exit_conditions"
    act_as(people.clerk)
    paired(people.clerk, household)  # somebody answers for whoever is on the register
    read = read_card(saved_of(leaving).household_year)
    for danger, wages in (("3", 20_000), ("2", 20_000)):
        worth = replace(read.income, wage_income=Decimal(wages), lines=())
        house = replace(
            read.condition,
            danger_level=danger,
            danger_appraiser="县住建局",
            danger_appraised_on=date(2013, 9, 1),
        )
        act_as(people.clerk)
        change(people.clerk, saved_of(leaving), replace(read, income=worth, condition=house), confirmed={})
        if danger == "3":
            assert refused(leaving, people.approver, "COUNTY_APPROVE", **confirm) == "step_exit_conditions"
    on = walk(people, leaving, "confirm_exit", on=on)
    household.refresh_from_db()
    assert (household.status, household.exit_year) == ("O", 2014)
    assert household.exited_on == on - timedelta(days=8)

    act_as(people.village)
    back = open_case(actor=people.village, household=household, track=Track.ENTRY, in_round=in_round, on=on)
    report = {"name": "report_relapse", "source": "O", "target": "R", "on": on, "cause": ""}
    assert refused(back, people.village, "VILLAGE", **report) == "step_with_cause"
    on = walk(people, back, "report_relapse", on=on, cause="04")
    walk(people, back, "apply_again", *cases.TO_THE_REGISTER[1:], on=on)
    household.refresh_from_db()
    assert (household.status, household.exited_on) == ("N", None)
    assert (household.relapse_year, household.relapse_cause, household.first_identified_year) == (
        2014,
        "04",
        2014,
    )


def test_an_objection_suspends_and_lets_go_on_only_from_there(people: Office) -> None:
    case = applicant(people, round_of(people))
    walk(people, case, "apply", "deliberate", "post_first", on=date(2014, 3, 12))
    suspend = {"name": "suspend", "source": "P1", "target": "S", "on": "2014-04-01"}
    insert(case, people.township, "TOWNSHIP", **suspend)
    for target in ("P2", "V", "N", "M-"):
        found = refused(
            case, people.township, "TOWNSHIP", name="resume", source="S", target=target, on="2014-04-02"
        )
        assert found == "step_allowed"
    assert refused(case, people.township, "TOWNSHIP", name="uphold", source="S", target="V", on="2014-04-02") == "step_allowed"  # fmt: skip
    insert(case, people.township, "TOWNSHIP", name="resume", source="S", target="P1", on="2014-04-03")
    case.refresh_from_db()
    assert case.status == "P1"


def test_an_open_objection_holds_up_whom_it_is_about(people: Office) -> None:
    """From its filing on, accepted or not, the notice has not passed; settled in the household's favour it has."""
    case = applicant(people, round_of(people))
    walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    notice = hang(people.village, case, "P1", date(2014, 4, 10))
    insert(case, people.village, "VILLAGE", name="post_first", source="M", target="P1", on="2014-04-10")
    receipt = object_to(
        notice=notice,
        position=1,
        statement="该户家中有机动车，请核实其收入情况",
        entry_key=uuid4(),
        on=date(2014, 4, 12),
    )
    report = {"name": "report", "source": "P1", "target": "V", "on": "2014-05-01"}
    assert refused(case, people.village, "VILLAGE", **report) == "step_after_notice"
    act_as(people.township)
    objection = Objection.objects.get(number=receipt.number)
    accept_objection(actor=people.township, objection=objection, on=date(2014, 4, 12))
    case.refresh_from_db()
    assert case.status == "S"
    settle_objection(
        actor=people.township, objection=objection, upheld=False, finding="系农用三轮汽车，自家耕运",
        answer="经入户核实，所述车辆为农用，异议不成立", on=date(2014, 4, 14),
    )  # fmt: skip
    case.refresh_from_db()
    assert case.status == "P1"
    early = {**report, "on": "2014-04-17"}
    assert refused(case, people.village, "VILLAGE", **early) == "step_after_notice"
    insert(case, people.village, "VILLAGE", **{**report, "on": "2014-04-18"})


def test_an_objection_that_holds_sends_the_household_back(people: Office) -> None:
    case = applicant(people, round_of(people))
    walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    notice = hang(people.village, case, "P1", date(2014, 4, 10))
    insert(case, people.village, "VILLAGE", name="post_first", source="M", target="P1", on="2014-04-10")
    receipt = object_to(
        notice=notice,
        position=1,
        statement="该户在县城有商品房，请核实",
        entry_key=uuid4(),
        on=date(2014, 4, 12),
    )
    act_as(people.township)
    objection = Objection.objects.get(number=receipt.number)
    accept_objection(actor=people.township, objection=objection, on=date(2014, 4, 12))
    settle_objection(
        actor=people.township, objection=objection, upheld=True, finding="房产证在户主名下",
        answer="经核实，该户有商品房，异议成立", on=date(2014, 4, 14),
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.status, CaseStep.objects.latest("number").name) == ("M", "uphold")


def test_who_is_new_begins_as_a_draft(people: Office) -> None:
    act_as(people.clerk)
    with pytest.raises(IntegrityError) as violated, transaction.atomic():
        Village.objects.create(division_id=cases.VILLAGE, status="VN", entered_by=people.clerk)
    assert name_of(violated.value) == "begins_as_draft"
