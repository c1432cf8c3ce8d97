"""The page that shows the API: our own files only, and not one complaint of the browser."""

import pytest
from playwright.sync_api import expect

from fupin.accounts.models import User
from tests.journeys.office import Office

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_department_reads_the_interface(office: Office, bo: User) -> None:
    page = office.desk(bo)
    page.goto(f"{office.url}/api/docs/")
    expect(page.get_by_text("/api/v1/households/").first).to_be_visible()
    page.get_by_text("登记一户：整卡提交，存为草稿卡").click()
    expect(page.get_by_text("149901197005060016").first).to_be_visible()
