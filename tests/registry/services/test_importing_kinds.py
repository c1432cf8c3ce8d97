"""The other workbooks: the year's update, villages' tables, labourers' cards; and every fault of the catalogue at its cell."""

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.sheets import deciding, exports, receiving
from fupin.sheets.intake import IMPORTS
from fupin.sheets.kinds import Request
from fupin.sheets.models import ImportBatch, ImportStatus, StagedUnit
from fupin.sheets.opening import Sent
from registry.models import HouseholdYear, LabourerYear, VillageYear
from registry.reports.cards import read_card
from registry.reports.labourers import read_labourer
from registry.rules.labourer import CertificateRow
from registry.services.cards import save_card
from registry.services.labourers import save_labourer_card
from registry.services.village_tables import save_village_table
from tests.conftest import VILLAGE
from tests.registry import factories as make
from tests.registry.rules.test_village import village as village_values
from tests.registry.services.test_labourers import labourer
from tests.registry.workbooks import place, rows_of, workbook

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def nobody(_done: int, _total: int | None, _words: str) -> None:
    """Look at nothing."""


def taken_in(kind: str, actor: User, sent: Sent, in_scope: Scope) -> ImportBatch:
    with in_scope(actor):
        batch = receiving.receive(kind=kind, files=[sent], actor=actor)
    batch = receiving.stage(batch, on=make.TODAY, told=nobody)
    assert batch.status == ImportStatus.READY, batch.message
    return batch


def written(actor: User, batch: ImportBatch, in_scope: Scope) -> ImportBatch:
    with in_scope(actor):
        deciding.decide(batch=batch, mode="ALL", actor=actor)
    batch = ImportBatch.objects.select_related("post__division", "uploaded_by").get(pk=batch.pk)
    return deciding.apply(batch, actor=actor, on=make.TODAY, told=nobody)


def undone(actor: User, batch: ImportBatch, in_scope: Scope) -> ImportBatch:
    with in_scope(actor):
        deciding.ask_to_undo(batch=batch, reason="传错了文件", actor=actor)
    batch = ImportBatch.objects.select_related("post__division", "uploaded_by").get(pk=batch.pk)
    return deciding.undo(batch, actor=actor, on=make.TODAY, told=nobody)


def told(batch: ImportBatch) -> list[tuple[str, int, str, str]]:
    return [(one["sheet"], one["row"], one["column"], one["rule"]) for one in receiving.faults_of(batch)]  # type: ignore[misc]


def prefilled(kind: str, actor: User, in_scope: Scope, year: int = 2014) -> list[list[list[Any]]]:
    intake = IMPORTS[kind].intake
    rows: list[list[list[Any]]] = [[] for _ in intake.layout(year).sheets]
    with in_scope(actor):
        for sheet, cells in intake.prefilled(actor, year, VILLAGE):
            rows[sheet].append(list(cells))
    return rows


def sheet_of(kind: str, rows: list[list[list[Any]]]) -> Sent:
    return workbook(rows, layout=IMPORTS[kind].intake.layout(2014))


def put(
    kind: str, rows: list[list[list[Any]]], heading: str, value: Any, *, sheet: int = 0, row: int = 0
) -> None:
    rows[sheet][row][place(IMPORTS[kind].intake.layout(2014), sheet, heading)] = value


def test_the_years_update_goes_out_filled_and_comes_back(bo: User, chen: User, in_scope: Scope) -> None:
    with in_scope(bo):
        make.saved(bo)
        make.saved(bo, phone="13800000002")
    rows = prefilled("year_update", bo, in_scope)
    assert taken_in("year_update", bo, sheet_of("year_update", rows), in_scope).unchanged == 2
    put("year_update", rows, "工资性收入", 3600)
    put("year_update", rows, "有效灌溉面积", 99, row=1)
    batch = taken_in("year_update", bo, sheet_of("year_update", rows), in_scope)
    assert (batch.changed, batch.wrong) == (1, 1)
    assert told(batch) == [("年度更新", 3, "有效灌溉面积", "R-20")]
    put("year_update", rows, "有效灌溉面积", 1, row=1)
    batch = written(chen, taken_in("year_update", bo, sheet_of("year_update", rows), in_scope), in_scope)
    assert batch.applied == 2
    assert list(
        HouseholdYear.objects.order_by("pk").values_list("version", "wage_income", "irrigated_area")
    ) == [
        (2, Decimal(3600), Decimal("1.50")),
        (2, Decimal(0), Decimal(1)),
    ]
    with in_scope(bo):
        second = HouseholdYear.objects.select_related("household").order_by("pk")[1]
        save_card(
            actor=bo, household=second.household, card=replace(read_card(second), address="又改过的地址"),
            base_version=2, entry_key=second.household.entry_key, on=make.TODAY,
        )  # fmt: skip
    taken_back = undone(chen, batch, in_scope)
    assert (taken_back.status, taken_back.applied) == (ImportStatus.APPLIED, 1)
    assert list(
        HouseholdYear.objects.order_by("pk").values_list("version", "wage_income", "irrigated_area")
    ) == [
        (3, Decimal(0), Decimal("1.50")),
        (3, Decimal(0), Decimal(1)),
    ], "what was changed since stays as it is"


def test_a_new_year_begins_with_its_update(bo: User, chen: User, in_scope: Scope) -> None:
    with in_scope(bo):
        make.saved(bo, year=2013, plan_exit_year=2016)
    rows = prefilled("year_update", bo, in_scope)
    put("year_update", rows, "财产性收入", 555)
    batch = taken_in("year_update", bo, sheet_of("year_update", rows), in_scope)
    assert batch.new == 1, list(receiving.faults_of(batch))
    assert written(chen, batch, in_scope).applied == 1
    assert HouseholdYear.objects.get(year=2014).property_income == Decimal(555)


def test_villages_tables(bo: User, chen: User, in_scope: Scope) -> None:
    with in_scope(bo):
        division = Division.objects.get(pk=VILLAGE)
        values = village_values(village_code=str(VILLAGE), year=2014)
        save_village_table(
            actor=bo, division=division, year=2014, values=values, base_version=None, on=make.TODAY
        )
    rows = prefilled("village", bo, in_scope)
    assert taken_in("village", bo, sheet_of("village", rows), in_scope).unchanged == 1
    put("village", rows, "中共党员数", 33)
    batch = taken_in("village", bo, sheet_of("village", rows), in_scope)
    assert StagedUnit.objects.get(batch=batch).changes[0]["label"] == "中共党员数"
    assert written(chen, batch, in_scope).applied == 1
    assert VillageYear.objects.get().party_members == 33
    before = VillageYear.objects.get().head_phone_index
    put("village", rows, "版本", 2)
    masked = rows[0][0][place(IMPORTS["village"].intake.layout(2014), 0, "村负责人电话")]
    put("village", rows, "村负责人电话", "13500000000")
    put("village", rows, "中共党员数", 34)
    again = written(chen, taken_in("village", bo, sheet_of("village", rows), in_scope), in_scope)
    assert VillageYear.objects.get().head_phone_index != before
    assert undone(chen, again, in_scope).status == ImportStatus.UNDONE
    table = VillageYear.objects.get()
    assert (table.party_members, table.head_phone_index, table.version) == (33, before, 4)
    assert undone(chen, batch, in_scope).applied == 1, "another import has changed it since"
    put("village", rows, "村负责人电话", masked)
    put("village", rows, "中共党员数", 33)
    put("village", rows, "版本", 4)
    put("village", rows, "外出务工人数", 1_000_000)
    assert ("村", 2, "外出务工人数", "R-20") in told(
        taken_in("village", bo, sheet_of("village", rows), in_scope)
    )


def test_labourers_with_trainings_and_certificates(bo: User, chen: User, in_scope: Scope) -> None:
    with in_scope(bo):
        year = make.saved(bo).household_year
        head = year.members.select_related("member").order_by("seat")[0].member
        save_labourer_card(actor=bo, member=head, card=labourer(), base_version=None, on=make.TODAY)
    rows = prefilled("labourers", bo, in_scope)
    assert len(rows[0]) == 2  # the wife has no card yet
    known = [[row for row in rows[0] if row[0] == head.member_no], rows[1], rows[2]]
    assert taken_in("labourers", bo, sheet_of("labourers", known), in_scope).unchanged == 1
    layout = IMPORTS["labourers"].intake.layout(2014)
    line = {"member_no": head.member_no, **{f.name: "" for f in fields(CertificateRow)}}
    line |= {"category": "职业资格", "job": "焊工", "number": "A1", "issued_on": "2014-05-01"}
    known[2].append([line[heading.name] for heading in layout.sheets[2].headings])
    batch = written(chen, taken_in("labourers", bo, sheet_of("labourers", known), in_scope), in_scope)
    assert batch.applied == 1
    assert LabourerYear.objects.get().version == 2
    assert head.certificates.count() == len(labourer().certificates) + 1
    assert undone(chen, batch, in_scope).status == ImportStatus.UNDONE
    assert LabourerYear.objects.get().version == 3
    now = read_labourer(LabourerYear.objects.select_related("member").get())
    assert replace(now, member_no=None, posted={}) == replace(
        labourer(), year=2014, member_no=None, posted={}
    )


def test_an_exported_workbook_comes_back_unchanged(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        make.saved(bo, address="=cmd|'/c calc'!A0")
        make.saved(
            bo,
            make.card(
                make.member(phone="13811112222"),
                phone="13800000002",
                bank_name="农信社",
                bank_account="6228480123456789012",
            ),
        )
        import uuid

        for form in exports.FORMATS:
            selection = exports.select("households", Request(bo, 2014, QueryDict("")))
            log = exports.export(
                kind="households",
                selection=selection,
                actor=bo,
                format=form,
                at=timezone.now(),
                key=uuid.uuid4(),  # type: ignore[arg-type]
            )
            content = exports.path_of(log).read_bytes()
            if form == "xlsx":
                files = [Sent("导出.xlsx", content)]
            else:
                import io
                import zipfile

                packed = zipfile.ZipFile(io.BytesIO(content))
                files = [Sent(name, packed.read(name)) for name in packed.namelist() if name.endswith(".csv")]
            batch = receiving.receive(kind="households", files=files, actor=bo)
            batch = receiving.stage(batch, on=make.TODAY, told=nobody)
            assert (batch.unchanged, batch.rows) == (2, 6), (batch.message, told(batch))


FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, str]]] = {
    "R-01": ({}, {"证件号码": "140123850312001"}, ("成员", "证件号码")),
    "R-02": ({}, {"证件号码": "149901197005060019"}, ("成员", "证件号码")),
    "R-03": ({}, {"健康状况": "04", "残疾证号": "123"}, ("成员", "残疾证号")),
    "R-05": ({}, {"性别": "2 女"}, ("成员", "性别")),
    "R-11": ({}, {"民族": ""}, ("成员", "民族")),
    "R-12": ({}, {"文化程度": ""}, ("成员", "文化程度")),
    "R-14": ({}, {"健康状况": ""}, ("成员", "健康状况")),
    "R-15": ({}, {"劳动能力": ""}, ("成员", "劳动能力")),
    "R-18": ({"主要致贫原因": ""}, {}, ("户", "主要致贫原因")),
    "R-19": ({"入户路类型": ""}, {}, ("户", "入户路类型")),
    "R-20": ({"有效灌溉面积": 500}, {}, ("户", "有效灌溉面积")),
    "R-34": ({"其他致贫原因": "09、07"}, {}, ("户", "其他致贫原因")),
    "R-43": ({"家庭纯收入": 1}, {}, ("户", "家庭纯收入")),
    "R-51": ({"贫困户属性": "02"}, {}, ("户", "贫困户属性")),
    "R-55": ({"低保金": 100}, {}, ("户", "低保金")),
    "R-63": ({}, {"务工状况": "01", "务工时间": 13}, ("成员", "务工时间")),
    "R-64": ({}, {"务工状况": "01"}, ("成员", "务工时间")),
    "R-65": ({}, {"务工时间": 3}, ("成员", "务工状况")),
    "Excel's number": ({}, {"证件号码": 1.41124197005060e17}, ("成员", "证件号码")),
    "an exponent": ({}, {"证件号码": "1.41124E+17"}, ("成员", "证件号码")),
    "31 February": ({"填表日期": "2014-02-31"}, {}, ("户", "填表日期")),
    "no code": ({"房屋结构": "茅草"}, {}, ("户", "房屋结构")),
}


def test_each_fault_is_named_at_its_cell_and_nothing_is_stored(bo: User, chen: User, in_scope: Scope) -> None:
    good = rows_of([make.card(phone=f"1380000{n:04}") for n in range(len(FAULTS))])
    bad = [[list(row) for row in sheet] for sheet in good]
    for at, (own, person, _) in enumerate(FAULTS.values()):
        for heading, value in own.items():
            put("households", bad, heading, value, row=at)
        for heading, value in person.items():
            put("households", bad, heading, value, sheet=1, row=3 * at)
    batch = taken_in("households", bo, sheet_of("households", bad), in_scope)
    assert batch.wrong == len(FAULTS)
    found = set(told(batch))
    for at, (rule, (_, _, (sheet, heading))) in enumerate(FAULTS.items()):
        row = at + 2 if sheet == "户" else 3 * at + 2
        number = rule if rule.startswith("R-") else "R-20"
        assert (sheet, row, heading, number) in found, (rule, [one for one in found if one[1] == row])
    assert any("设为文本" in str(one["message"]) for one in receiving.faults_of(batch))
    assert not HouseholdYear.objects.exists()
    batch = written(chen, taken_in("households", bo, sheet_of("households", good), in_scope), in_scope)
    assert batch.applied == len(FAULTS)


def test_one_number_twice_in_a_file_is_told_at_both_places(bo: User, in_scope: Scope) -> None:
    first = make.card()
    second = replace(make.card(phone="13800000002"), members=(*make.card().members[:2], first.members[2]))
    batch = taken_in("households", bo, workbook(rows_of([first, second])), in_scope)
    assert {(row, rule) for _, row, _, rule in told(batch)} == {(4, "R-04"), (7, "R-04")}


def test_keys_that_cannot_be_told(bo: User, chen: User, in_scope: Scope) -> None:
    rows = rows_of([make.card(), make.card(phone="13800000002")])
    put("households", rows, "户序号", "1", row=1)
    for at in (3, 4, 5):
        put("households", rows, "户序号", "1", sheet=1, row=at)
    batch = taken_in("households", bo, sheet_of("households", rows), in_scope)
    assert batch.ambiguous == 2
    one = rows_of([make.card(phone="13800000003")])
    written(chen, taken_in("households", bo, sheet_of("households", one), in_scope), in_scope)
    put("households", one, "家庭住址", "另一处")
    batch = taken_in("households", bo, sheet_of("households", one), in_scope)
    assert batch.ambiguous == 1
    assert "请填户编号" in str(next(receiving.faults_of(batch))["message"])
