"""An auditor of the province looks at everything, takes a list away as a workbook, and changes nothing."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from fupin.accounts.models import AuditRecord, User
from fupin.sheets.models import ExportLog
from registry.models import HouseholdYear
from tests.journeys.office import Office
from tests.registry.factories import KELAN_VILLAGE, card, saved

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_goes_out_as_a_workbook(
    office: Office, jin: User, bo: User, du: User, in_scope, tmp_path: Path
) -> None:
    with in_scope(bo):
        saved(bo)
    with in_scope(du):
        saved(du, card(village_code=str(KELAN_VILLAGE)))
    page = office.desk(jin)
    page.goto(f"{office.url}/registry/households/")
    expect(page.locator("main")).to_contain_text("张建国")
    page.get_by_role("button", name="导出 xlsx").click()
    link = page.get_by_role("link", name="下载").first
    with page.expect_download() as coming:
        link.click()
    coming.value.save_as(tmp_path / "list.xlsx")

    book = load_workbook(tmp_path / "list.xlsx")
    assert book.sheetnames[0] == "户"
    heads = [cell.value for cell in book["户"][1]]
    rows = [
        dict(zip(heads, (cell.value for cell in row), strict=True)) for row in book["户"].iter_rows(min_row=2)
    ]
    assert len(rows) == 2
    assert {row["户主姓名"] for row in rows} == {"张建国"}
    log = ExportLog.objects.using("owner").get()
    assert (log.rows, log.persons, log.user_id) == (2, 6, jin.pk)
    assert log.serial in str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


def test_he_writes_nothing(office: Office, jin: User, bo: User, in_scope) -> None:
    with in_scope(bo):
        number = saved(bo).household.household_no
    page = office.desk(jin)
    page.goto(f"{office.url}/registry/households/{number}/2014/")
    expect(page.get_by_role("heading", name="张建国 户")).to_be_visible()
    expect(page.locator("#id_address")).to_be_disabled()
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = page.request.post(
        f"{office.url}/registry/households/{number}/2014/",
        form={"csrfmiddlewaretoken": token or "", "address": "改", "year": "2014", "version": "1"},
    )
    assert answer.status == 403
    assert HouseholdYear.objects.using("owner").get().address == "白文镇前庄12号"
    assert AuditRecord.objects.using("owner").filter(user=jin, outcome="REFUSED").count() == 1
