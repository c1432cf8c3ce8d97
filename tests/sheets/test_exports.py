"""Files that leave the system: what is in them, what they say of themselves, and that the log agrees."""

import csv
import hashlib
import io
import shutil
import subprocess
import uuid
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.sheets import exports, writers
from fupin.sheets.cells import csv_line
from fupin.sheets.kinds import NotAsked, Request, Selection
from fupin.sheets.models import ExportLog
from fupin.sheets.provenance import Tally
from fupin.sheets.resources import Column
from fupin.sheets.streaming import Batch, copy_rows
from registry.models import HouseholdYear
from registry.resources.households import HouseholdResource, MemberResource
from registry.services.cards import SavedCard
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME
from tests.registry import factories as make
from tests.registry.standing import put
from tests.sheets.conftest import NASTY

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]
BOM = "\ufeff"


def taken(actor: User, scope: Scope, kind: str = "households", query: str = "", **how: Any) -> ExportLog:
    with scope(actor):
        selection = exports.select(kind, Request(actor, how.pop("year", 2014), QueryDict(query)))
        return exports.export(
            kind=kind,
            selection=selection,
            actor=actor,
            format=how.pop("format", "xlsx"),
            at=timezone.now(),
            key=uuid.uuid4(),
            **how,
        )


def rows_of(log: ExportLog, sheet: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(exports.path_of(log)))
    return list(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def note_of(log: ExportLog) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in rows_of(log, "说明")}


def lines_again(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> bytes:
    """Return the lines of CSV that the digest was computed over, from a workbook that was read again."""

    def cell(value: Any, column: Column) -> Any:
        if isinstance(value, float):
            return Decimal(str(value)).quantize(Decimal(1).scaleb(-(column.decimals or 0)))
        return value

    return "".join(
        csv_line([cell(value, column) for value, column in zip(row, columns, strict=True)]) for row in rows
    ).encode()


def test_headings_are_those_of_the_standard(bo: User, in_scope: Scope, households: list[SavedCard]) -> None:
    log = taken(bo, in_scope)
    expected = [field.label for field in (*HOUSEHOLD_YEAR, *INCOME, *CONDITION) if field.kind != "file"]
    assert rows_of(log, "户")[0] == expected
    assert {"返贫年度", "返贫原因", "独生子女户", "填表人", "计划生育金", "危改补助额"} <= set(expected)
    members = rows_of(log, "成员")[0]
    assert members[:3] == ["户编号", "人编号", "姓名"]
    assert {"证件类型", "证件号码", "患病名称", "就读学校", "务工企业", "变动类型", "变动日期"} <= set(
        members
    )


def test_the_file_the_log_and_the_cards_agree(bo: User, in_scope: Scope, households: list[SavedCard]) -> None:
    log = taken(bo, in_scope)
    head, *cards = rows_of(log, "户")
    _, *members = rows_of(log, "成员")
    assert (len(cards), len(members)) == (2, 6)
    assert (log.rows, log.persons) == (2, 6)
    assert log.sums["户"]["家庭人口数"] == "6"
    assert log.sums["户"]["家庭纯收入"] == "7160.00"
    assert log.sums["户"]["低于线户数"] == "2"
    assert log.sums["户"]["各户合计人均纯收入"] == "1193.33"
    assert sum(row[head.index("家庭纯收入")] for row in cards) == 7160
    tables = (
        lines_again(cards, HouseholdResource().columns),
        lines_again(members, MemberResource().columns),
    )
    digests = [hashlib.sha256(lines).hexdigest() for lines in tables]
    note = note_of(log)
    assert [note["户：数据行 SHA-256"], note["成员：数据行 SHA-256"]] == digests
    assert (
        log.rows_sha256 == note["全部数据行 SHA-256"] == hashlib.sha256("".join(digests).encode()).hexdigest()
    )
    file = exports.path_of(log).read_bytes()
    assert (log.file_sha256, log.file_size) == (hashlib.sha256(file).hexdigest(), len(file))


def test_the_file_says_who_took_it_and_how(bo: User, in_scope: Scope, households: list[SavedCard]) -> None:
    log = taken(bo, in_scope, query="division=141124101000&poor_type=01&income=below")
    note = note_of(log)
    assert note["导出编号"] == log.serial
    assert note["导出人"] == "薄录（bo）"
    assert note["岗位"] == "县扶贫办录入（吕梁市临县）"
    assert note["筛选：区划"] == "吕梁市临县白文镇 141124101000"
    assert note["筛选：属性"] == "一般贫困户"
    assert note["筛选：人均纯收入"] == "低于线"
    assert note["演示数据"].startswith("演示数据")
    assert log.filters == {
        "年度": "2014",
        "区划": "吕梁市临县白文镇 141124101000",
        "属性": "一般贫困户",
        "人均纯收入": "低于线",
    }
    assert (log.user, log.post, log.division, log.kind) == (bo, bo.post, 141124101000, "households")
    with zipfile.ZipFile(exports.path_of(log)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 3
        assert all(log.serial in book.read(name).decode() for name in sheets)
        assert log.serial in book.read("docProps/core.xml").decode()


def test_no_file_holds_a_whole_number(bo: User, in_scope: Scope) -> None:
    number = make.id_number()
    with in_scope(bo):
        make.saved(
            bo, make.card(make.member(id_no=number), bank_name="农信社", bank_account="6228480402564890018")
        )
    for how in ("xlsx", "csv"):
        log = taken(bo, in_scope, format=how)
        with zipfile.ZipFile(exports.path_of(log)) as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist())
        for canary in (number, "13800000001", "6228480402564890018"):
            assert canary not in text
        assert f"{number[:6]}************" in text


def test_csv_lies_in_an_archive_with_its_note(bo: User, in_scope: Scope, households: list[SavedCard]) -> None:
    log = taken(bo, in_scope, format="csv")
    with zipfile.ZipFile(exports.path_of(log)) as archive:
        assert archive.namelist() == ["户.csv", "成员.csv", "说明.txt"]
        cards, members, note = (archive.read(name).decode() for name in archive.namelist())
    assert cards.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(cards.removeprefix(BOM))))
    assert [row["家庭纯收入"] for row in rows] == ["3580.00", "3580.00"]
    assert [row["家庭住址"] for row in rows] == ["白文镇前庄12号", f"'{NASTY}"]
    digests = [hashlib.sha256(text.split("\r\n", 1)[1].encode()).hexdigest() for text in (cards, members)]
    assert log.rows_sha256 == hashlib.sha256("".join(digests).encode()).hexdigest()
    assert all(digest in note for digest in digests)


def test_both_formats_have_the_same_digest(bo: User, in_scope: Scope, households: list[SavedCard]) -> None:
    assert taken(bo, in_scope).rows_sha256 == taken(bo, in_scope, format="csv").rows_sha256


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.slow
def test_libreoffice_opens_it_and_carries_nothing_out(bo: User, in_scope: Scope, tmp_path: Path) -> None:
    texts = [NASTY, "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1"]
    with in_scope(bo):
        for serial, text in enumerate(texts):
            make.saved(bo, address=f"{text}", phone=f"1380000010{serial}", natural_village="后庄")
    log = taken(bo, in_scope)
    book = tmp_path / "book.xlsx"
    shutil.copy(exports.path_of(log), book)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/office",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
            "--outdir",
            str(tmp_path),
            str(book),
        ],
        check=True,
        timeout=180,
        capture_output=True,
    )
    made = next(tmp_path.glob("book*.csv"))
    rows = list(csv.DictReader(io.StringIO(made.read_text().removeprefix(BOM))))
    shown = [row["家庭住址"] for row in rows]
    assert [text.strip() for text in shown] == [text.strip() for text in texts]
    assert sum(Decimal(row["家庭纯收入"]) for row in rows) == Decimal(log.sums["户"]["家庭纯收入"])
    with zipfile.ZipFile(book) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


def test_nobody_takes_out_what_lies_outside(
    du: User, ai: User, he: User, in_scope: Scope, households: list[SavedCard]
) -> None:
    assert taken(du, in_scope).rows == 0
    with in_scope(du), pytest.raises(NotAsked, match="不在您的岗位所属区划之内"):
        exports.select("households", Request(du, 2014, QueryDict("division=141124000000")))
    for user in (ai, he):
        with in_scope(user), pytest.raises(Refused):
            exports.select("households", Request(user, 2014, QueryDict("")))


@pytest.mark.parametrize("query", ["income=nowhere", "division=14", "division=x", "members_min=-1"])
def test_what_means_nothing_is_not_taken_for_everything(bo: User, in_scope: Scope, query: str) -> None:
    with in_scope(bo), pytest.raises(NotAsked):
        exports.select("households", Request(bo, 2014, QueryDict(query)))


def test_there_is_no_such_list_nor_year(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        with pytest.raises(NotAsked):
            exports.select("users", Request(bo, 2014, QueryDict("")))
        with pytest.raises(NotAsked, match="2012"):
            exports.select("households", Request(bo, 2012, QueryDict("")))


def test_what_a_sheet_cannot_hold_stands_on_the_next(
    bo: User, in_scope: Scope, households: list[SavedCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taken(bo, in_scope)
    monkeypatch.setitem(writers.MOST_ROWS, "xlsx", 5)
    log = taken(bo, in_scope)
    head, *members = rows_of(log, "成员")
    head_again, *others = rows_of(log, "成员(2)")
    assert (head, len(members), len(others)) == (head_again, 5, 1)
    assert [*members, *others] == rows_of(whole, "成员")[1:]
    assert log.rows_sha256 == whole.rows_sha256


def test_the_database_shows_every_cell_as_the_resource_does(bo: User, in_scope: Scope) -> None:
    """The lines that COPY writes are those that the columns write of the same objects, whatever stands in them."""
    texts = [
        NASTY,
        " =1",
        "\u200b=1",
        "－1",
        "'=1",
        '甲"乙,丙',
        "两\n行",
        "\r",
        "(庄)",
        "@",
        "一",
        "\t1",
        ",",
        "A=1",
        "+",
        "\\.",
    ]
    with in_scope(bo):
        for serial, text in enumerate(texts):
            extra = {"cause_other": ("07", "11")[: serial % 3]}
            given = make.card(address=f"{text}", phone=f"1380000{serial:04}", **extra)
            row = make.saved(bo, given).household_year
            HouseholdYear.objects.filter(pk=row.pk).update(address=text, cause_note=text)
        put(row.household, "N", first_identified_year=2014)
    for kind in ("households", "labourers"):
        with in_scope(bo):
            selection = exports.select(kind, Request(bo, 2014, QueryDict("")))
            for table in selection.tables:
                assert table.rows is not None
                told = Told()
                copied = copy_rows(table.rows, table.resource.columns, told.take, counts={}, using="default")
                tally = Tally(table.resource.columns)
                for one in table.rows:
                    cells = table.resource.export_resource(one)
                    line = csv_line(cells).encode()
                    tally.add(cells, line)
                    told.by_hand.append(line)
                assert told.lines == told.by_hand
                assert (copied.rows, copied.sums, copied.sha256) == (tally.rows, tally.sums, tally.sha256)


class Told:
    """Keeps what was copied beside what was written by hand."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.by_hand: list[bytes] = []

    def take(self, batch: Batch, _done: int) -> None:
        rows = list(csv.reader(io.StringIO(batch.lines.decode(), newline="")))
        self.lines += [csv_line(row, guarded=True).encode() for row in rows]
        assert b"".join(self.lines).endswith(batch.lines)


def test_the_rows_cost_a_constant_number_of_queries(bo: User, in_scope: Scope) -> None:
    def count() -> int:
        with in_scope(bo):
            selection: Selection = exports.select("households", Request(bo, 2014, QueryDict("")))
            with CaptureQueriesContext(connection) as queries:
                exports.export(
                    kind="households",
                    selection=selection,
                    actor=bo,
                    format="csv",
                    at=timezone.now(),
                    key=uuid.uuid4(),
                )
        return len(queries)

    with in_scope(bo):
        make.saved(bo)
    few = count()
    with in_scope(bo):
        for serial in range(4):
            make.saved(bo, phone=f"1380000020{serial}")
    assert count() == few


def test_files_older_than_a_day_go_and_the_log_stays(
    bo: User, in_scope: Scope, households: list[SavedCard]
) -> None:
    log = taken(bo, in_scope)
    now = timezone.now()
    assert exports.is_there(log, now)
    assert exports.remove_old(now) == 0
    assert not exports.is_there(log, now + timedelta(hours=24, seconds=1))
    assert exports.remove_old(now + timedelta(hours=25)) == 1
    assert not exports.path_of(log).exists()
    assert ExportLog.objects.get() == log


def test_villages_carry_what_their_cards_come_to(
    bo: User, in_scope: Scope, households: list[SavedCard]
) -> None:
    log = taken(bo, in_scope, "villages")
    head, row = rows_of(log, "村")
    shown = dict(zip(head, row, strict=True))
    assert (shown["年度"], shown["村代码"]) == ("2014", "141124101200")
    assert shown["贫困户数"] == 0  # drafts are not on the register yet
    assert shown["村负责人"] == ""
    assert log.persons == 0


def test_dates_are_dates(bo: User, in_scope: Scope, households: list[SavedCard]) -> None:
    head, first, *_ = rows_of(taken(bo, in_scope), "户")
    assert first[head.index("填表日期")] == date(2014, 6, 30)


def test_labourers_without_a_card_are_taken_out_too(
    bo: User, in_scope: Scope, households: list[SavedCard]
) -> None:
    log = taken(bo, in_scope, "labourers")
    head, *rows = rows_of(log, "劳动力")
    assert {row[head.index("姓名")] for row in rows} == {"张建国", "李秀英"}
    assert log.persons == len(rows) == 4
    assert (log.sums["劳动力"]["妇女"], log.sums["劳动力"]["未填卡"]) == ("2", "4")
    assert taken(bo, in_scope, "labourers", query="card=there").rows == 0
