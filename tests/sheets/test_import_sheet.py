"""`import_sheet`: the staged import without a browser."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.models import AuditRecord, User
from fupin.sheets.models import ImportBatch
from registry.models import Household
from tests.registry import factories as make
from tests.registry.workbooks import rows_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*cards: Any) -> Path:
        path = tmp_path / "贫困户.xlsx"
        path.write_bytes(workbook(rows_of(cards)).content)
        return path

    return write


def run(path: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    try:
        call_command(
            "import_sheet", str(path), "--kind", "households", "--as", "bo", "--json", *options, stdout=out
        )
    finally:
        said = out.getvalue()
    return json.loads(said)


def test_it_only_says_until_it_is_told_to_apply(bo: User, file: Callable[..., Path]) -> None:
    path = file(make.card(), make.card(phone="13800000002"))
    said = run(path)
    assert {name: said[name] for name in ("rows", "new", "changed", "unchanged", "wrong", "ambiguous", "applied")} == {
        "rows": 8, "new": 2, "changed": 0, "unchanged": 0, "wrong": 0, "ambiguous": 0, "applied": 0,
    }  # fmt: skip
    assert not Household.objects.exists()
    assert run(path, "--apply", "all")["applied"] == 2
    again = run(path, "--apply", "all")
    assert (again["applied"], again["unchanged"]) == (0, 2)
    assert Household.objects.count() == 2
    batch = ImportBatch.objects.filter(status="APPLIED").get()
    assert (batch.decided_by, batch.at_console) == (bo, True)
    assert AuditRecord.objects.filter(action="sheets.import", detail__console=True).count() == 3


def test_errors_stand_at_their_cells_with_numbers_masked(bo: User, file: Callable[..., Path]) -> None:
    bad = make.card(make.member(id_no="149901197005060019"))
    path = file(make.card(phone="13800000002"), bad)
    out = StringIO()
    with pytest.raises(CommandError, match="没有写入"):
        call_command(
            "import_sheet",
            str(path),
            "--kind",
            "households",
            "--as",
            "bo",
            "--json",
            "--apply",
            "all",
            stdout=out,
        )
    said = json.loads(out.getvalue())
    found = next(one for one in said["errors"] if one["rule"] == "R-02")
    assert (found["sheet"], found["row"], found["column"]) == ("成员", 5, "证件号码")
    assert found["value"] == "149901************"
    assert "149901197005060019" not in out.getvalue()
    assert not Household.objects.exists()
    assert run(path, "--apply", "good")["applied"] == 1


def test_a_file_that_is_none_is_refused(bo: User, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"MZ\x90\x00")
    with pytest.raises(CommandError, match=r"不是 \.xlsx"):
        call_command("import_sheet", str(path), "--kind", "households", "--as", "bo")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sheets_importbatch SET decided_by_id = uploaded_by_id, decided_at = now(), at_console = false",
        "UPDATE sheets_importbatch SET applied = 1, decided_by_id = NULL, decided_at = NULL",
        "UPDATE sheets_stagedunit SET division = 140929000000",
    ],
)
def test_the_database_holds_the_second_person_and_the_scope(
    statement: str, bo: User, file: Callable[..., Path], in_scope: Callable[[User], Any]
) -> None:
    run(file(make.card()))
    with (
        in_scope(bo),
        pytest.raises((IntegrityError, ProgrammingError)) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert isinstance(refused.value, IntegrityError) or "row-level security" in str(refused.value)


def test_another_county_sees_nothing_of_it(
    bo: User, du: User, file: Callable[..., Path], in_scope: Callable[[User], Any]
) -> None:
    run(file(make.card()))
    with in_scope(du), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM sheets_importbatch), (SELECT count(*) FROM sheets_stagedunit)"
        )
        assert cursor.fetchone() == (0, 0)
