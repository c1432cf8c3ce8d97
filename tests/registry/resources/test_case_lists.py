"""Cases, a village's ranking and notices as files: what is on the page stands in them, with round, quota and tab beside it."""

import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fupin.accounts.models import User
from fupin.sheets import exports
from fupin.sheets.kinds import NotAsked, Request
from fupin.sheets.models import ExportLog
from registry.models import Round
from registry.services.cases import Votes
from tests.conftest import BAIWEN, VILLAGE
from tests.registry.cases import Office, act_as, applicant, office, poor_household, round_of, walk
from tests.registry.factories import income

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def people(db: None) -> Office:
    return office()


@pytest.fixture
def in_round(people: Office) -> Round:
    """Three applicants under a quota of seven persons: two listed and posted, one left behind; a fourth voted down."""
    opened = round_of(people, quota=7)
    made = [
        applicant(people, opened, poor_household(people, income=income(wage_income=Decimal(1000 * n))))
        for n in (1, 2, 3, 4)
    ]
    for case in made:
        walk(people, case, "apply", on=date(2014, 3, 12))
    walk(people, made[3], "vote_down", on=date(2014, 3, 20), votes=Votes(56, 48, 20))
    for case in made[:3]:
        walk(people, case, "deliberate", on=date(2014, 3, 20))
    for case in made[:2]:
        walk(people, case, "post_first", on=date(2014, 3, 28))
    return opened


def taken(actor: User, kind: str, query: str = "") -> ExportLog:
    act_as(actor)
    selection = exports.select(kind, Request(actor, None, QueryDict(query)))
    return exports.export(
        kind=kind, selection=selection, actor=actor, format="xlsx", at=timezone.now(), key=uuid.uuid4()
    )


def rows_of(log: ExportLog, sheet: str) -> list[list[object]]:
    book = CalamineWorkbook.from_path(str(exports.path_of(log)))
    return list(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def column(log: ExportLog, sheet: str, heading: str) -> list[object]:
    head, *rows = rows_of(log, sheet)
    return [row[head.index(heading)] for row in rows]


def test_cases_with_every_step(people: Office, in_round: Round) -> None:
    log = taken(people.township, "cases", f"state=open&division={VILLAGE}")
    assert log.rows == 3
    assert column(log, "档案", "现状") == ["第一次公示中", "第一次公示中", "已评议(通过)"]
    assert column(log, "步骤", "步骤").count("张贴第一次公示") == 2
    assert set(column(log, "步骤", "岗位")) == {"村信息员"}
    assert (log.filters["范围"], "年度" in log.filters) == ("办理中", False)
    assert taken(people.township, "cases", "state=ended").rows == 1
    assert taken(people.township, "cases", "state=open&status=M").rows == 1


def test_the_ranking_with_its_line(people: Office, in_round: Round) -> None:
    log = taken(people.township, "ranking", f"round={in_round.pk}&division={VILLAGE}")
    assert column(log, "排序", "名次") == [1.0, 2.0, 3.0, ""]
    assert column(log, "排序", "结果") == ["列入", "列入", "备选", "未列"]
    assert column(log, "排序", "原因")[2:] == ["整户 3 人，余 1 人：一户不可拆", "评议未通过"]
    assert (log.filters["本村规模"], log.sums["排序"]["列入户数"]) == ("7 人", "2")
    for query in ("", f"round={in_round.pk}&division={BAIWEN}", "round=x"):
        with pytest.raises(NotAsked):
            taken(people.township, "ranking", query)


def test_notices_with_what_hung(people: Office, in_round: Round) -> None:
    log = taken(people.township, "notices", "tab=over")
    assert (log.rows, log.sums["公示"]["人数"]) == (2, "6")
    assert column(log, "名单", "姓名") == ["张建国", "张建国"]
    assert column(log, "公示", "照片数") == [1.0, 1.0]
    assert taken(people.township, "notices", "tab=standing").rows == 0
