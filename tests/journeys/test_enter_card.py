"""A county clerk enters a card from the paper without touching the mouse, finds it, corrects it, prints it."""

from datetime import date
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from fupin.accounts.models import User
from registry.models import Household, HouseholdYear, MemberYear
from tests.journeys.office import PASSWORD, Office, tab_to, type_through, where
from tests.registry.factories import id_number

pytestmark = pytest.mark.django_db(transaction=True)

BASIC = {
    "village_code": "bwc",
    "natural_village": "前庄",
    "phone": "13800000001",
    "address": "白文镇前庄12号",
    "id_standard": "1",
    "poor_type": "2",
    "cause_main": "9",
    "cause_other": "3,7",
    "plan_exit_year": "2016",
    "filler": "薄录",
    "fill_date": "2014-06-30",
}
MONEY = {
    "wage_income": "0",
    "business_income": "8600",
    "property_income": "0",
    "tr_family_planning": "0",
    "tr_dibao": "1200",
    "tr_wubao": "0",
    "tr_pension": "1320",
    "tr_eco": "480",
    "tr_other": "200",
    "business_expense": "3400",
}
CONDITION = {
    "arable_area": "12",
    "irrigated_area": "1.5",
    "forest_area": "0",
    "returned_forest_area": "3",
    "fruit_area": "0",
    "pasture_area": "0",
    "water_area": "0",
    "has_prod_power": "1",
    "has_life_power": "1",
    "has_tv": "1",
    "water_difficult": "0",
    "water_safe": "1",
    "tap_water": "1",
    "road_distance": "1.2",
    "road_type": "1",
    "house_area": "60",
    "house_structure": "5",
    "danger_level": "2",
    "fuel_type": "3",
    "has_toilet": "0",
    "in_coop": "0",
    "has_leading_ent": "0",
    "in_mutual_fund": "0",
}
ADULT = {
    "id_type": "1",
    "ethnic": "1",
    "political": "13",
    "education": "3",
    "student": "1",
    "health": "1",
    "labor": "1",
    "in_ncms": "1",
    "in_pension": "1",
    "is_dibao": "1",
    "is_wubao": "0",
    "is_soldier": "0",
}
PUPIL = {**ADULT, "education": "", "student": "3", "labor": "4", "in_pension": ""}
MEMBERS = (
    {**ADULT, "name": "张建国", "id_no": id_number(date(1970, 5, 6)), "relation": "1"},
    {**ADULT, "name": "李秀英", "id_no": id_number(date(1972, 3, 4), male=False), "relation": "2"},
    {**PUPIL, "name": "张小明", "id_no": id_number(date(2003, 9, 1)), "relation": "3"},
    {**PUPIL, "name": "张小红", "id_no": id_number(date(2005, 8, 2), male=False), "relation": "4"},
    {
        **ADULT,
        "name": "王桂兰",
        "id_no": id_number(date(1943, 2, 9), male=False),
        "relation": "12",
        "labor": "4",
    },
)


def test_a_card_of_five_from_sign_in_to_paper_by_keyboard_alone(office: Office, bo: User) -> None:
    page = office.desk()
    sign_in(page, office, bo)
    open_new_card(page)
    enter(page)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：")).to_be_visible()

    household = Household.objects.using("owner").get()
    assert MemberYear.objects.using("owner").filter(household_year__household=household).count() == 5
    stored = HouseholdYear.objects.using("owner").get()
    assert (stored.member_count, stored.net_income) == (5, 8400)
    assert stored.cause_main == "09"
    assert sorted(stored.cause_other) == ["03", "07"]

    find(page, "zjg", household.household_no)
    expect(page.get_by_role("heading", name="张建国 户")).to_be_visible()
    correct_income(page)
    assert HouseholdYear.objects.using("owner").get().tr_other == 350
    assert HouseholdYear.objects.using("owner").get().version == 2

    text = print_card(page)
    for expected in (household.household_no, "张建国", "王桂兰", "8,550.00", "1,710.00", "演示数据"):
        assert expected in "".join(text.split()), expected
    assert MEMBERS[0]["id_no"] not in text


def sign_in(page: Page, office: Office, user: User) -> None:
    """Name, Enter or Tab, password, Enter."""
    page.goto(office.url)
    tab_to(page, lambda here: here["name"] == "username", most=5)
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="待办", exact=True)).to_be_visible()


def open_new_card(page: Page) -> None:
    """Tab to 新建户卡 on the first page."""
    tab_to(page, lambda here: here["href"].endswith("/registry/households/new/"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="新建户卡")).to_be_visible()
    page.wait_for_function("document.activeElement.id === 'id_village_code_typed'")


def enter(page: Page) -> None:
    """Type the card as the paper has it; Alt+N begins the next person."""
    type_through(page, BASIC, last="fill_date")
    page.keyboard.press("Enter")
    for at, person in enumerate(MEMBERS):
        if at:
            page.keyboard.press("Alt+n")
        prefix = f"members-{at}-"
        type_through(
            page, {prefix + name: value for name, value in person.items()}, last=f"{prefix}is_soldier"
        )
        if person["student"] == "3":
            school(page, prefix)
    page.keyboard.press("Enter")
    type_through(
        page, {f"income-{name}": value for name, value in MONEY.items()}, last="income-business_expense"
    )
    page.keyboard.press("Enter")
    type_through(
        page,
        {f"condition-{name}": value for name, value in CONDITION.items()},
        last="condition-in_mutual_fund",
    )


def school(page: Page, prefix: str) -> None:
    """Open 更多 behind the row and fill the school."""
    tab_to(page, lambda here: here["text"] == "更多", most=3)
    page.keyboard.press("Enter")
    type_through(page, {f"{prefix}school": "白文小学"}, last=f"{prefix}school")


def find(page: Page, word: str, household_no: str) -> None:
    """Leave the form for the box on top, type initials, and open the household among what is found."""
    tab_to(page, lambda here: here["tag"] not in {"INPUT", "SELECT", "TEXTAREA"}, key="Shift+Tab")
    page.keyboard.press("/")
    assert where(page)["name"] == "q"
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/registry/search/")
    tab_to(page, lambda here: f"/{household_no}/" in here["href"])
    page.keyboard.press("Enter")


def correct_income(page: Page) -> None:
    """Go to 其他转移性收入 and write another amount over it."""
    tab_to(page, lambda here: here["name"] == "income-tr_other", most=250)
    page.keyboard.press("Control+a")
    page.keyboard.type("350")
    page.keyboard.press("Enter")
    expect(page.locator('#rail [data-value="net_income"]')).to_have_text("8,550.00")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：")).to_be_visible()


def print_card(page: Page) -> str:
    """Return the text of the printed card, fetched as the link does."""
    link = tab_to(page, lambda here: here["text"] == "打印户卡", key="Shift+Tab")
    answer = page.request.get(link["href"])
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    return "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages)
