"""`manage.py export_sheet`."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fupin.accounts.models import AuditRecord, User
from fupin.sheets import exports
from fupin.sheets.models import ExportLog
from registry.services.cards import SavedCard
from tests.conftest import BAIWEN, KELAN, LINXIAN

pytestmark = pytest.mark.django_db


def run(out: Path, **how: Any) -> dict[str, Any]:
    said = io.StringIO()
    options = {"kind": "households", "scope": LINXIAN, "format": "csv", "user": "bo", "year": 2014, **how}
    call_command("export_sheet", out=out, json=True, stdout=said, **options)
    figures: dict[str, Any] = json.loads(said.getvalue())
    return figures


def test_csv_lies_where_it_was_asked_for(bo: User, households: list[SavedCard], tmp_path: Path) -> None:
    figures = run(tmp_path / "out.csv", scope=BAIWEN, filter=[["poor_type=01"]])
    names = ["out.csv", "out-成员.csv", "out-说明.txt"]
    assert [Path(file).name for file in figures["files"]] == names
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert [row["户编号"] for row in rows] == [card.household.household_no for card in households]
    assert (figures["rows"], figures["persons"]) == (2, 6)
    log = ExportLog.objects.get()
    assert (log.serial, log.division, log.user) == (figures["serial"], BAIWEN, bo)
    record = AuditRecord.objects.get(action="sheets.export")
    assert (record.object_key, record.detail["console"]) == (log.serial, True)
    assert list(exports.folder().iterdir()) == []


@pytest.mark.parametrize("name", ["out.xlsx", "out.zip"])
def test_one_file_stays_one_file(bo: User, households: list[SavedCard], tmp_path: Path, name: str) -> None:
    figures = run(tmp_path / name, format="xlsx" if name.endswith("xlsx") else "csv")
    assert figures["files"] == [str(tmp_path / name)]
    assert (tmp_path / name).read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"scope": KELAN}, "没有在 140929000000 导出的岗位"),
        ({"user": "nobody"}, "没有在用的用户"),
        ({"user": "ai", "scope": 141124101200}, "导出的岗位"),
        ({"as_of": "2999-01-01"}, "只能查看"),
        ({"as_of": "x"}, "日期应写成"),
        ({"filter": [["income"]]}, "名称=值"),
        ({"filter": [["income=nowhere"]]}, "筛选条件有误"),
        ({"year": 2012}, "没有 2012 年度"),
    ],
)
def test_it_says_why_not(bo: User, ai: User, tmp_path: Path, how: dict[str, Any], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(tmp_path / "out.csv", **how)
    assert not (tmp_path / "out.csv").exists()
    assert not ExportLog.objects.exists()
