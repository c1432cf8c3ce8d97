"""The stages against the database, by raw SQL as the web role: nothing skipped, nothing back-dated, nobody his own approver."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from projects.codes import FileKind, Stage
from projects.models import AllowedStep, Project, ProjectFile
from projects.rules.stages import TRANSITIONS
from projects.services.stages import move
from registry.codes import HouseholdStatus
from tests.conftest import KELAN, VILLAGE, person
from tests.projects.making import (
    BEGUN,
    Bureau,
    act_as,
    bureau,
    disclosed,
    enlist,
    entered,
    file_all,
    poor,
    taken,
    walked,
)
from tests.registry.standing import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Bureau:
    return bureau()


def insert(project: Project, actor: User, **values: Any) -> None:
    """Insert a step as SQL would."""
    row: dict[str, Any] = {
        "division": project.division_id,
        "project_id": project.pk,
        "position": 1,
        "name": "enter",
        "source": project.stage,
        "target": "POOL",
        "on": BEGUN,
        "document_no": "临扶办〔2014〕12号",
        "opinion": "符合要求",
        "by_id": actor.pk,
        "role": actor.post.role if actor.post else "",
        "at": "2014-03-12T00:00:00+08:00",
        **values,
    }
    act_as(actor)
    columns = ", ".join(f'"{name}"' for name in row)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO projects_projectstep ({columns}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


def refused(project: Project, actor: User, **values: Any) -> str:
    """Return the constraint by which the database refuses a step."""
    with pytest.raises(IntegrityError) as violated:
        insert(project, actor, **values)
    return name_of(violated.value)


def test_the_database_knows_the_same_stages() -> None:
    held = {
        (
            row.source, row.target, row.name, row.label, frozenset(row.actors), frozenset(row.files), row.opinion, row.document,
            row.beneficiaries, row.others, row.by_province, row.after_notices, row.posted,
        )
        for row in AllowedStep.objects.all().order_by("pk")
    }  # fmt: skip
    known = {
        (
            one.source, one.target, one.name, one.label, one.actors, one.files, one.opinion, one.document,
            one.beneficiaries, one.others, one.by_province, one.after_notices, one.posted,
        )
        for one in TRANSITIONS
    }  # fmt: skip
    assert held == known


def test_a_project_goes_all_the_way(people: Bureau) -> None:
    project = entered(people)
    walked(people, project, Stage.EVALUATED)
    assert [step.target for step in project.steps.order_by("position")] == [
        Stage.POOL, Stage.ARGUED, Stage.ASSESSED, Stage.APPROVED, Stage.DISCLOSED, Stage.PLANNED, Stage.FUNDED,
        Stage.BUILDING, Stage.BUILDING, Stage.ACCEPTED, Stage.ANNOUNCED, Stage.EVALUATED,
    ]  # fmt: skip
    assert project.approved_by == people.approver
    days = [project.started_on, project.finished_on, project.accepted_on, project.ended_on]
    assert all(one < two for one, two in pairwise(one for one in days if one))
    assert None not in days


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("approve", "APPROVED"),
        ("plan", "PLANNED"),
        ("fund", "FUNDED"),
        ("accept", "ACCEPTED"),
        ("enter", "ARGUED"),
    ],
)
def test_no_stage_is_skipped(people: Bureau, name: str, target: str) -> None:
    project = entered(people)
    file_all(people, project)
    assert refused(project, people.approver, name=name, target=target) == "projectstep_allowed"
    assert refused(project, people.reviewer, name=name, target=target) == "projectstep_allowed"


def test_nobody_writes_a_stage_by_himself(people: Bureau) -> None:
    project = entered(people)
    act_as(people.clerk)
    for column, value in (("stage", "PLANNED"), ("approved_on", "2014-03-01"), ("accepted_on", "2014-03-01")):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE projects_project SET {column} = %s WHERE id = %s", [value, project.pk])
    with pytest.raises(IntegrityError) as violated, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO projects_project (division, number, name, kind, industry, year, content, place, planned_yuan, money_sources,"
            " subsidy_standard, procurement, goals, use_way, use_way_reason, is_to_household, needs_prov_approval,"
            " prov_approval_reason, implementing_unit, responsible_person, supervising_unit, supervising_person, approving_unit,"
            " hotline, planned_start_on, planned_finish_on, planned_accept_on, stage, entry_key, is_demo, entered_by_id, entered_at)"
            " SELECT division, '141124-2014-9999', name, kind, industry, year, content, place, planned_yuan, money_sources,"
            " subsidy_standard, procurement, goals, use_way, use_way_reason, is_to_household, needs_prov_approval,"
            " prov_approval_reason, implementing_unit, responsible_person, supervising_unit, supervising_person, approving_unit,"
            " hotline, planned_start_on, planned_finish_on, planned_accept_on, 'PLANNED', gen_random_uuid(), is_demo,"
            " entered_by_id, entered_at FROM projects_project WHERE id = %s",
            [project.pk],
        )
    assert name_of(violated.value) == "project_begins_as_draft"


def test_steps_are_written_once(people: Bureau) -> None:
    project = entered(people)
    walked(people, project, Stage.POOL)
    act_as(people.reviewer)
    for act in ("UPDATE projects_projectstep SET opinion = 'x'", "DELETE FROM projects_projectstep"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)


def test_feasibility_and_design_lie_with_a_project_of_the_pool(people: Bureau) -> None:
    project = entered(people)
    assert refused(project, people.reviewer) == "projectstep_with_files"
    file_all(people, project, FileKind.FEASIBILITY)
    assert refused(project, people.reviewer) == "projectstep_with_files"
    file_all(people, project, FileKind.DESIGN)
    insert(project, people.reviewer)
    project.refresh_from_db()
    assert (project.stage, project.stage_on) == (Stage.POOL, BEGUN)


def test_a_file_that_proves_a_step_stays(people: Bureau) -> None:
    project = entered(people)
    walked(people, project, Stage.POOL)
    act_as(people.clerk)
    files = ProjectFile.objects.filter(project=project)
    with pytest.raises(IntegrityError) as violated, transaction.atomic():
        files.filter(kind=FileKind.DESIGN).update(withdrawn_at="2014-03-04T00:00:00+08:00")
    assert name_of(violated.value) == "projectfile_proves_a_step"
    assert files.filter(kind=FileKind.CONTRACT).update(withdrawn_at="2014-03-04T00:00:00+08:00") == 1


def test_whoever_entered_or_reviewed_does_not_approve(people: Bureau) -> None:
    project = entered(people)
    on = walked(people, project, Stage.ASSESSED)
    given = {"name": "approve", "source": "ASSESSED", "target": "APPROVED", "on": on}
    assert refused(project, people.reviewer, **given) == "projectstep_by_its_role"
    assert refused(project, people.clerk, **given) == "projectstep_by_its_role"
    assert refused(project, people.approver, **given, role=Role.COUNTY_REVIEW) == "projectstep_by_its_role"
    assert refused(project, people.approver, **given, by_id=people.reviewer.pk) == "projectstep_by_its_actor"


def test_nothing_is_dated_back_or_ahead(people: Bureau) -> None:
    project = entered(people)
    on = walked(people, project, Stage.POOL)
    given = {"name": "argue", "source": "POOL", "target": "ARGUED"}
    assert refused(project, people.reviewer, **given, on=BEGUN - timedelta(days=1)) == "projectstep_in_time"
    assert refused(project, people.reviewer, **given, on=date(2200, 1, 1)) == "projectstep_in_time"
    insert(project, people.reviewer, **given, on=on)


@pytest.mark.parametrize(
    ("asks", "constraint"),
    [({"opinion": " "}, "projectstep_with_opinion"), ({"role": Role.CITY}, "projectstep_by_its_role")],
)
def test_an_argument_is_written(people: Bureau, asks: dict[str, Any], constraint: str) -> None:
    project = entered(people)
    on = walked(people, project, Stage.POOL)
    given = {"name": "argue", "source": "POOL", "target": "ARGUED", "on": on, **asks}
    assert refused(project, people.reviewer, **given) == constraint


def test_an_approval_has_its_document(people: Bureau) -> None:
    project = entered(people)
    on = walked(people, project, Stage.ASSESSED)
    given = {"name": "approve", "source": "ASSESSED", "target": "APPROVED", "on": on, "document_no": ""}
    assert refused(project, people.approver, **given) == "projectstep_with_document"


def test_block_money_is_the_countys_to_approve_and_the_exempted_the_provinces(people: Bureau) -> None:
    block = entered(people)
    on = walked(people, block, Stage.ASSESSED)
    given = {"name": "approve", "source": "ASSESSED", "target": "APPROVED", "on": on}
    assert refused(block, people.province, **given) == "projectstep_by_its_role"
    few = entered(people, needs_prov_approval=True, prov_approval_reason="跨县引水，须省级审批")
    walked(people, few, Stage.ASSESSED)
    assert refused(few, people.approver, **given) == "projectstep_by_its_role"
    insert(few, people.province, **given)
    few.refresh_from_db()
    assert (few.stage, few.approved_by) == (Stage.APPROVED, people.province)


def test_a_project_for_households_has_its_list_before_it_is_approved(people: Bureau) -> None:
    project = entered(people, is_to_household=True)
    on = walked(people, project, Stage.ASSESSED)
    given = {"name": "approve", "source": "ASSESSED", "target": "APPROVED", "on": on}
    assert refused(project, people.approver, **given) == "projectstep_with_beneficiaries"
    enlist(people, project, poor(people.clerk), yuan=Decimal("2000.00"))
    insert(project, people.approver, **given)


def test_money_waits_for_the_notices_of_county_and_villages(people: Bureau) -> None:
    project = entered(people, is_to_household=True)
    household = poor(people.clerk)
    enlist(people, project, household, yuan=Decimal("2000.00"))
    on = walked(people, project, Stage.APPROVED)
    given = {"name": "disclose", "source": "APPROVED", "target": "DISCLOSED"}
    assert refused(project, people.clerk, **given, on=on) == "projectstep_after_notices"
    notices = disclosed(people, project, on)
    assert sorted(one.kind for one in notices) == [
        "projects_beneficiaries",
        "projects_county",
        "projects_village",
    ]
    last = max(one.last_on for one in notices)
    assert refused(project, people.clerk, **given, on=last) == "projectstep_after_notices"
    insert(project, people.clerk, **given, on=last + timedelta(days=1))


def test_the_facts_stand_still_from_the_approval_on(people: Bureau) -> None:
    project = entered(people)
    walked(people, project, Stage.APPROVED)
    act_as(people.clerk)
    with pytest.raises(IntegrityError) as violated, transaction.atomic():
        Project.objects.filter(pk=project.pk).update(planned_yuan=Decimal("1.00"))
    assert name_of(violated.value) == "project_frozen_when_approved"


@pytest.mark.parametrize("status", [HouseholdStatus.DRAFT, HouseholdStatus.EXITED, HouseholdStatus.CLOSED])
def test_only_households_on_the_register_come_onto_a_list(people: Bureau, status: str) -> None:
    project = entered(people, is_to_household=True)
    more = {"exited_on": "2014-02-01", "exit_year": 2014} if status == HouseholdStatus.EXITED else {}
    household = poor(people.clerk)
    act_as(people.clerk)
    put(household, status, **more)
    with pytest.raises(IntegrityError) as violated, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO projects_projecthousehold (division, project_id, household_id, promised, added_on, added_by_id, removed_because)"
            " VALUES (%s, %s, %s, '', '2014-03-03', %s, '')",
            [VILLAGE, project.pk, household.pk, people.clerk.pk],
        )
    assert name_of(violated.value) == "projecthousehold_on_register"


def test_a_finished_work_is_finished_before_it_is_accepted(people: Bureau) -> None:
    project = entered(people)
    on = walked(people, project, Stage.BUILDING)
    given = {"name": "accept", "source": "BUILDING", "target": "ACCEPTED", "on": on}
    assert refused(project, people.reviewer, **given) == "projectstep_finished_first"
    taken(people, project, "finish", on)
    assert refused(project, people.clerk, name="finish", source="BUILDING", target="BUILDING", on=on) == (
        "projectstep_finished_once"
    )
    insert(project, people.reviewer, **given)


def test_money_comes_to_planned_projects_only(people: Bureau) -> None:
    early, planned, failed = (entered(people) for _ in range(3))
    walked(people, early, Stage.APPROVED)
    walked(people, planned, Stage.PLANNED)
    on = walked(people, failed, Stage.BUILDING)
    act_as(people.reviewer)
    move(actor=people.reviewer, project=failed, name="fail", on=on, opinion="水源枯竭，不再具备条件")
    assert list(Project.objects.can_receive_money().order_by("pk")) == [planned]
    assert [failed.stage, failed.ended_on, failed.can_receive_money] == [Stage.FAILED, on, False]


def test_another_county_sees_nothing_of_it(people: Bureau) -> None:
    project = entered(people)
    act_as(person("kelan-lu", Role.COUNTY_ENTRY, KELAN))
    assert not Project.objects.filter(pk=project.pk).exists()
    act_as(people.village)
    assert Project.objects.visible_to(people.village).get() == project
