"""`import_sheet --kind outside_list`: a department's list without a browser, whole or not at all."""

import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fupin.accounts.models import AuditRecord, User
from registry.models import OutsideList
from tests.registry.lists import STRANGER, sheet

pytestmark = pytest.mark.django_db

HEADS = ("姓名", "身份号码", "号牌号码")


def run(path: Path, *options: str) -> tuple[dict[str, Any], str]:
    """Return what the command said, and why it failed."""
    out = StringIO()
    asked = ["import_sheet", str(path), "--kind", "outside_list", "--as", "bo", "--json", *options]
    try:
        call_command(*asked, stdout=out)
    except CommandError as refused:
        return json.loads(out.getvalue() or "{}"), str(refused)
    return json.loads(out.getvalue()), ""


def listed(folder: Path, *rows: Sequence[object]) -> Path:
    """Return a file with a list."""
    path = folder / "车辆名册.csv"
    path.write_bytes(sheet(HEADS, *rows))
    return path


def test_a_list_is_read_first_and_taken_in_when_asked(bo: User, tmp_path: Path) -> None:
    path = listed(tmp_path, ("某人", STRANGER, "晋J1"))
    said, why = run(path, "--list", "VEHICLE")
    assert (said["rows"], said["wrong"], said["applied"], why) == (1, 0, 0, "")
    assert not OutsideList.objects.exists()
    options = (
        "--list",
        "车辆",
        "--apply",
        "all",
        "--source",
        "临县公安局",
        "--document",
        "1号",
        "--as-of",
        "2014-06-30",
    )
    said, why = run(path, *options)
    assert (said["status"], said["applied"], said["errors"], why) == ("APPLIED", 1, [], "")
    taken = OutsideList.objects.get()
    assert (taken.kind, taken.source, taken.document, taken.as_of, taken.file_name) == (
        "VEHICLE",
        "临县公安局",
        "1号",
        date(2014, 6, 30),
        "车辆名册.csv",
    )
    assert AuditRecord.objects.filter(action="sheets.import", detail__console=True).count() == 2
    assert "已经装入过" in run(path, *options)[1]


def test_one_bad_row_keeps_the_list_out_and_is_told_masked(bo: User, tmp_path: Path) -> None:
    wrong = STRANGER[:17] + "1"
    path = listed(tmp_path, ("某人", STRANGER, "晋J1"), ("某人", wrong, "晋J2"))
    said, why = run(path, "--list", "VEHICLE", "--apply", "good")
    assert "名册整份装入" in why
    (error,) = said["errors"]
    assert (error["sheet"], error["row"], error["column"], error["rule"]) == (
        "车辆名册",
        3,
        "身份号码",
        "R-20",
    )
    assert error["value"] == STRANGER[:6] + "*" * 12
    assert (said["rows"], said["new"], said["wrong"], said["applied"]) == (2, 1, 1, 0)
    assert wrong not in json.dumps(said)
    assert not OutsideList.objects.exists()


def test_a_name_that_is_no_list_is_told_what_there_is(bo: User, tmp_path: Path) -> None:
    path = listed(tmp_path, ("某人", STRANGER, "晋J1"))
    assert "车辆（VEHICLE）" in run(path, "--list", "飞机")[1]
    assert "--as-of" in run(path, "--list", "VEHICLE", "--apply", "all", "--as-of", "昨天")[1]
