"""Whatever happens to window, sign-in or network, what was typed is offered again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from fupin.accounts.models import SignIn, User
from registry.models import FormDraft, Household
from tests.journeys.office import PASSWORD, Office

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "白文镇前庄12号"


def begin(page: Page, office: Office) -> None:
    """Open a new card and type something on it, until the server has a draft."""
    page.goto(f"{office.url}/registry/households/new/")
    type_on(page)
    expect(page.locator("#draft-state")).to_contain_text("草稿已存")


def type_on(page: Page) -> None:
    page.get_by_label("家庭住址").fill(ADDRESS)
    page.locator("#id_members-0-name").fill("张建国")


def shows_what_was_typed(page: Page) -> None:
    expect(page.get_by_label("家庭住址")).to_have_value(ADDRESS)
    expect(page.locator("#id_members-0-name")).to_have_value("张建国")


def test_a_closed_window(office: Office, bo: User) -> None:
    page = office.desk(bo)
    begin(page, office)
    browser = page.context
    page.close()

    later = browser.new_page()
    later.goto(f"{office.url}/registry/drafts/")
    later.get_by_role("link", name="张建国").first.click()
    shows_what_was_typed(later)


def test_the_same_browser_offers_its_own_copy(office: Office, bo: User) -> None:
    page = office.desk(bo)
    begin(page, office)
    page.goto(f"{office.url}/registry/households/new/")
    expect(page.get_by_text("未保存的录入")).to_be_visible()
    expect(page.get_by_label("家庭住址")).to_have_value("")  # nothing is put in unasked
    page.get_by_role("button", name="恢复").click()
    shows_what_was_typed(page)


def test_an_expired_sign_in(office: Office, bo: User) -> None:
    office.expected += [
        "ERR_FAILED"
    ]  # the check while typing is led to the sign-in page, which it does not follow
    page = office.desk(bo)
    begin(page, office)
    SignIn.objects.using("owner").update(last_seen_at=timezone.now() - timedelta(minutes=16))
    page.locator("#id_phone").fill("13800000001")
    expect(page.locator("#draft-state")).to_contain_text("登录已过期")

    page.get_by_role("button", name="保存", exact=False).last.click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("用户名").fill(bo.username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(f"{office.url}/registry/households/new/")
    page.get_by_role("button", name="恢复").click()
    shows_what_was_typed(page)
    expect(page.locator("#id_phone")).to_have_value("13800000001")
    assert not Household.objects.using("owner").exists()


def test_a_dead_network(office: Office, bo: User) -> None:
    office.expected += ["ERR_INTERNET_DISCONNECTED"]
    page = office.desk(bo)
    begin(page, office)
    page.context.set_offline(True)
    page.locator("#id_phone").fill("13800000001")
    expect(page.locator("#draft-state")).to_contain_text("网络不通")
    kept = page.evaluate(f"JSON.parse(localStorage.getItem('fupin:draft:{bo.pk}:new')).fields")
    assert ["phone", "13800000001"] in kept
    assert not any(name == "csrfmiddlewaretoken" for name, _ in kept)

    page.context.set_offline(False)
    page.locator("#id_cause_note").fill("缺资金")
    expect(page.locator("#draft-state")).to_contain_text("草稿已存")
    assert FormDraft.objects.using("owner").count() == 1


def test_signing_out_leaves_nothing_in_the_browser(office: Office, bo: User) -> None:
    page = office.desk(bo)
    begin(page, office)
    page.evaluate("document.querySelector('form[action$=\"sign-out/\"]').requestSubmit()")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('fupin:'))") == []
