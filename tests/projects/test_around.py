"""What goes out of the pool: its list as a file, over the API, and its clocks."""

import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fupin.accounts.models import User
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.services.columns import selection
from fupin.sheets import exports
from fupin.sheets.kinds import Request
from projects.codes import Stage
from projects.reports.slow import slow_counties
from projects.reports.spending import Spent, spending
from tests.conftest import LINXIAN, VILLAGE
from tests.projects.making import Bureau, act_as, bureau, enlist, entered, poor, walked
from tests.registry.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def people(db: None) -> Bureau:
    return bureau()


def rows_of(actor: User, kind: str, query: str) -> list[list[Any]]:
    act_as(actor)
    chosen = exports.select(kind, Request(actor, None, QueryDict(query)))
    log = exports.export(
        kind=kind, selection=chosen, actor=actor, format="xlsx", at=timezone.now(), key=uuid.uuid4()
    )
    return CalamineWorkbook.from_path(exports.path_of(log)).get_sheet_by_index(0).to_python()


def test_the_list_and_its_households_go_out_as_they_are_filtered(people: Bureau) -> None:
    road = entered(people, name="道路硬化", kind="ROAD", industry="")
    walnut = entered(people, is_to_household=True)
    enlist(people, walnut, poor(people.clerk, name="郝出表"), yuan=Decimal("2000.00"))
    told = str(rows_of(people.clerk, "projects", "kind=ROAD"))
    assert road.number in told
    assert walnut.number not in told
    told = str(rows_of(people.clerk, "project_households", f"project={walnut.number}"))
    assert "郝出表" in told
    assert "2000" in told


def test_a_program_reads_the_pool(people: Bureau) -> None:
    project = entered(people)
    walked(people, project, Stage.POOL)
    call = Program(people.clerk)
    listed = call("GET", "projects/", stage="POOL").data_
    assert [one["number"] for one in listed["results"]] == [project.number]
    got = call("GET", f"projects/{project.number}/").data_
    assert (got["planned_yuan"], got["county_code"], got["village_codes"]) == (
        "640000.00",
        str(LINXIAN),
        [str(VILLAGE)],
    )
    assert [step["target"] for step in got["steps"]] == ["POOL"]
    assert call("GET", "projects/", stage="NOWHERE").status_code == 400


@pytest.mark.parametrize(
    ("kind", "due", "done"),
    [
        ("start", date(2014, 5, 1), "started_on"),
        ("finish", date(2014, 9, 30), "finished_on"),
        ("accept", date(2014, 10, 31), "accepted_on"),
    ],
)
def test_a_projects_days_are_clocks_until_they_are_kept(
    people: Bureau, kind: str, due: date, done: str
) -> None:
    early, project = entered(people), entered(people)
    walked(people, early, Stage.DISCLOSED)
    walked(people, project, Stage.PLANNED)

    def clocks(day: date) -> list[dict[str, Any]]:
        query, parameters = selection(KINDS[f"projects.{kind}"], day)
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    (clock,) = clocks(date(2014, 6, 1))
    assert (clock["subject_key"], clock["due_on"], clock["done_on"]) == (project.number, due, None)
    walked(people, project, Stage.ACCEPTED, on=date(2014, 6, 2))
    (clock,) = clocks(date(2014, 12, 31))
    assert clock["done_on"] == getattr(project, done)


def test_the_room_above_tells_what_was_spent(people: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.reports.spending._READERS", [])
    project = entered(people)
    walked(people, project, Stage.PLANNED)
    act_as(people.province)
    (row,) = slow_counties(people.province, year=2014, day=date(2014, 4, 1))
    assert row.spent_percent is None
    spending(lambda asked: {one: Spent(Decimal(400000), Decimal(160000)) for one in asked})
    (row,) = slow_counties(people.province, year=2014, day=date(2014, 4, 1))
    assert (row.paid_yuan, row.spent_percent) == (Decimal(160000), Decimal(25))
