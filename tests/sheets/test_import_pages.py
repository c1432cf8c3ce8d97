"""The pages by which a workbook comes in."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from fupin.accounts.models import User
from fupin.jobs.models import Job
from fupin.jobs.services.running import carry_out
from fupin.sheets.intake import IMPORTS
from fupin.sheets.models import ImportBatch
from fupin.sheets.opening import Sent
from registry.models import Household
from registry.reports.cards import read_card
from tests.registry import factories as make
from tests.registry.workbooks import rows_of, workbook

pytestmark = pytest.mark.django_db


def send(browser: Client, sent: Sent) -> Any:
    return browser.post(
        "/sheets/imports/new/", {"kind": "households", "file": SimpleUploadedFile(sent.name, sent.content)}
    )


def work_off() -> None:
    for job in Job.objects.filter(status="QUEUED").order_by("queued_at"):
        carry_out(job.pk, on=make.TODAY)


def sheets_in(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_from_the_upload_to_the_register(
    bo: User, chen: User, client_for: Callable[[User], Client], in_scope: Callable[[User], Any]
) -> None:
    mine, other = client_for(bo), client_for(chen)
    answer = send(mine, workbook(rows_of([make.card(), make.card(phone="13800000002", cause_main=None)])))
    assert answer.status_code == 302
    here = answer["Location"]
    assert "排队中" in mine.get(here).content.decode()
    work_off()
    page = mine.get(here).content.decode()
    assert "新增 1" in page
    assert "主要致贫原因" in page
    assert "写入" not in page.split("等待上传人以外")[0].rpartition("<form")[2]
    assert mine.post(f"{here}decide/", {"mode": "GOOD"}).status_code == 403
    assert "只写入无误的 1 项" in other.get(here).content.decode()
    assert other.post(f"{here}decide/", {"mode": "GOOD"}).status_code == 302
    work_off()
    with in_scope(bo):
        assert Household.objects.count() == 1
    wrong = sheets_in(mine.get(f"{here}wrong-rows/").content)
    assert wrong["户"][0][0] == "错误原因"
    assert "主要致贫原因" in wrong["户"][1][0]
    assert len(wrong["成员"]) == 4
    assert other.get(f"{here}wrong-rows/").status_code == 403


def test_wrong_rows_mended_are_stored(
    bo: User, chen: User, client_for: Callable[[User], Client], in_scope: Callable[[User], Any]
) -> None:
    mine, other = client_for(bo), client_for(chen)
    here = send(mine, workbook(rows_of([make.card(cause_main=None)])))["Location"]
    work_off()
    content = mine.get(f"{here}wrong-rows/").content
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["户"]
    column = next(cell.column for cell in page[1] if cell.value == "主要致贫原因")
    page.cell(2, column).value = "09 缺资金"
    out = io.BytesIO()
    book.save(out)
    again = send(mine, Sent("改好.xlsx", out.getvalue()))["Location"]
    work_off()
    assert other.post(f"{again}decide/", {"mode": "ALL"}).status_code == 302
    work_off()
    with in_scope(bo):
        assert Household.objects.count() == 1


def test_a_filled_template_comes_back_unchanged(
    bo: User, client_for: Callable[[User], Client], in_scope: Callable[[User], Any]
) -> None:
    with in_scope(bo):
        stood = make.saved(bo)
        make.saved(bo, phone="13800000002")
    mine = client_for(bo)
    content = mine.get("/sheets/imports/templates/households/?year=2014&filled=1").content
    rows = sheets_in(content)
    assert rows["户"][1][0] == stood.household.household_no
    assert "家庭纯收入" not in rows["户"][0]
    here = send(mine, Sent("模板.xlsx", content))["Location"]
    work_off()
    assert "不变 2" in mine.get(here).content.decode()


def test_a_filled_template_changed_is_shown_old_and_new(
    bo: User, client_for: Callable[[User], Client], in_scope: Callable[[User], Any]
) -> None:
    with in_scope(bo):
        read = read_card(make.saved(bo).household_year)
    mine = client_for(bo)
    sent = workbook(rows_of([replace(read, address="新址1号")], versions={read.household_no or "": 1}))
    here = send(mine, sent)["Location"]
    work_off()
    page = mine.get(here).content.decode()
    assert "白文镇前庄12号 → 新址1号" in page


def test_an_unreadable_file_is_refused_at_once(bo: User, client_for: Callable[[User], Client]) -> None:
    answer = send(client_for(bo), Sent("贫困户.xlsx", b"MZ\x90\x00" + b"\0" * 100))
    assert answer.status_code == 422
    assert "没有读取" in answer.content.decode()
    assert not ImportBatch.objects.filter(uploaded_by=bo).exists()


def test_a_file_with_wrong_headings_says_which(bo: User, client_for: Callable[[User], Client]) -> None:
    mine = client_for(bo)
    sent = workbook(
        rows_of([make.card()]),
        headings=lambda _n, texts: ["戶主姓名" if text == "户主姓名" else text for text in texts],
    )
    here = send(mine, sent)["Location"]
    work_off()
    assert "戶主姓名" in mine.get(here).content.decode()


def test_a_writing_that_was_cancelled_goes_on(
    bo: User, chen: User, client_for: Callable[[User], Client], in_scope: Callable[[User], Any]
) -> None:
    mine, other = client_for(bo), client_for(chen)
    here = send(mine, workbook(rows_of([make.card()])))["Location"]
    work_off()
    other.post(f"{here}decide/", {"mode": "ALL"})
    job = Job.objects.get(status="QUEUED")
    other.post(f"/jobs/{job.pk}/cancel/")
    assert Job.objects.get(pk=job.pk).status == "CANCELLED"
    assert "可以接着做" in other.get(here).content.decode()
    assert other.post(f"{here}decide/", {"mode": "ALL"}).status_code == 302
    work_off()
    with in_scope(bo):
        assert Household.objects.count() == 1


@pytest.mark.parametrize("kind", ["households", "year_update", "village", "labourers"])
def test_templates_come_from_the_standard(kind: str, bo: User, client_for: Callable[[User], Client]) -> None:
    import openpyxl

    content = client_for(bo).get(f"/sheets/imports/templates/{kind}/?year=2014").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    layout = IMPORTS[kind].intake.layout(2014)
    assert [page.title for page in book if page.sheet_state == "visible"] == [
        *(sheet.name for sheet in layout.sheets),
        "版本说明",
    ]
    page = book[layout.first.name]
    assert [cell.value for cell in page[1]] == [one.text for one in layout.first.headings if not one.derived]
    assert page.protection.sheet
    assert page["A1"].comment is not None
    assert page.data_validations.dataValidation
    assert any("2014" in str(row[1].value) for row in book["版本说明"])


def test_an_empty_template_passes_its_own_headings(bo: User, client_for: Callable[[User], Client]) -> None:
    mine = client_for(bo)
    content = mine.get("/sheets/imports/templates/households/?year=2014").content
    here = send(mine, Sent("空.xlsx", content))["Location"]
    work_off()
    assert "文件里没有数据行" in mine.get(here).content.decode()
