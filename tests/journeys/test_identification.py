"""Thirty households of a village apply, the quota is that of twenty: from the votes to the announcement, each step at its own desk and day.

The calendar is turned, for the code and the database alike; nobody's step is dated before it is taken.
"""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from playwright.sync_api import Locator, Page, expect

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.notices.models import Notice
from registry.models import Case, CaseStep, Household, HouseholdYear, Round
from registry.reports.ledger import differences, ledger
from registry.reports.villages import poor_counts
from tests.clock import Calendar
from tests.conftest import VILLAGE
from tests.journeys.office import Office as Desks
from tests.registry.cases import Office, office, picture, poor_household, round_of, see_province
from tests.registry.factories import income, member, pupil, wife

pytestmark = pytest.mark.django_db(transaction=True)

APPLICANTS, LISTED = 30, 20
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"


def families(people: Office) -> list[HouseholdYear]:
    """Enter thirty households of two or three people, each a little less poor than the one before; return their cards."""
    for number in range(APPLICANTS):
        head = member(name=f"{SURNAMES[number]}守田")
        family = (head, wife()) if number % 3 == 0 else (head, wife(), pupil())
        poor_household(people, members=family, income=income(wage_income=Decimal(70 * number)))
    return list(HouseholdYear.objects.select_related("household").order_by("household_id"))


def by_income(cards: list[HouseholdYear]) -> list[HouseholdYear]:
    return sorted(
        cards, key=lambda one: (Fraction(one.net_income) / one.member_count, one.household.household_no)
    )


def fill_papers(page: Page) -> None:
    """Hand in each paper: as a scan, or by its number where the page does not know it already."""
    for box in page.locator('input[type=file][name^="file-"]').all():
        box.set_input_files({"name": "扫描.png", "mimeType": "image/png", "buffer": picture()})
    for box in page.locator('input[name^="paper-"]').all():
        if not box.input_value():
            box.fill("第 1 号，村档案柜")


def vote(page: Page, in_favour: int) -> None:
    page.get_by_label("应到代表").fill("56")
    page.get_by_label("实到").fill("48")
    page.get_by_label("同意", exact=True).fill(str(in_favour))


def ticked(page: Page) -> Locator:
    return page.locator("tbody input[type=checkbox]:checked")


class Village:
    """The round in the village, as whoever's turn it is opens it on the day."""

    def __init__(self, desks: Desks, calendar: Calendar, in_round: Round) -> None:
        self.desks, self.calendar = desks, calendar
        self.url = f"{desks.url}/registry/rounds/{in_round.pk}/?division={VILLAGE}"

    def at(self, user: User, day: date) -> Page:
        """Sit down before the village's list on a day."""
        self.calendar.turn_to(day)
        page = self.desks.desk(user)
        page.goto(self.url)
        return page

    def take(
        self, page: Page, label: str, waiting: int, *, taken: int, opinion: str = "", in_favour: int = 0
    ) -> None:
        """Take a step of all that are ticked, from the list."""
        page.get_by_role("link", name=f"{label} {waiting} 户").click()
        expect(ticked(page)).to_have_count(taken)
        fill_papers(page)
        if in_favour:
            vote(page, in_favour)
        if opinion:
            page.get_by_label("意见").fill(opinion)
        page.get_by_role("button", name=label).click()
        expect(page.get_by_text(f"已办 {taken} 户：{label}")).to_be_visible(timeout=60_000)

    def draw_up(self, page: Page, link: str, rows: int) -> str:
        """Draw the list up for today, with those that the page has ticked; return the draft's address."""
        page.get_by_role("link", name=link).click()
        expect(ticked(page)).to_have_count(rows)
        page.get_by_role("button", name="拟稿").click()
        expect(page.locator(".paper-sheet tbody tr")).to_have_count(rows)
        return page.url

    def post(self, page: Page) -> str:
        """Record that the draft hangs, with its photograph; return the notice's number."""
        page.get_by_label("张贴地点").fill("村委会公示栏")
        page.get_by_label("张贴照片").set_input_files(
            {"name": "张贴.png", "mimeType": "image/png", "buffer": picture()}
        )
        page.get_by_role("button", name="登记张贴并公开").click()
        expect(page.get_by_text(re.compile("已张贴并公开"))).to_be_visible()
        return page.url.rstrip("/").rpartition("/")[2]


def test_from_thirty_applications_to_the_announcement(office_of_2013: Desks, calendar: Calendar) -> None:
    desks = office_of_2013
    calendar.turn_to(date(2014, 3, 10))
    with transaction.atomic():
        people = office()
        cards = by_income(families(people))
        voted_down = cards[4]
        expected = [card for card in cards if card != voted_down][:LISTED]
        quota = sum(card.member_count for card in expected)
        in_round = round_of(people, quota=quota)
    village = Village(desks, calendar, in_round)
    apply_and_vote(village, people, voted_down)
    draw_the_line_and_post(village, people, expected, quota)
    number = objected_and_answered(village, people, expected)
    past_township_and_county(village, people)
    agree(village, people, expected, quota, number)


def apply_and_vote(village: Village, people: Office, voted_down: HouseholdYear) -> None:
    """Thirty applications in one go, a meeting on all of them: one is voted down at its own file, the others pass together."""
    page = village.at(people.village, date(2014, 3, 12))
    page.get_by_role("link", name="成批立档").click()
    page.get_by_label("全选").check()
    expect(page.get_by_text(f"已选 {APPLICANTS} 户")).to_be_visible()
    page.get_by_role("button", name="立档").click()
    expect(page.get_by_text(f"已立档 {APPLICANTS} 户")).to_be_visible()
    village.take(page, "受理申请", APPLICANTS, taken=APPLICANTS)

    page = village.at(people.village, date(2014, 3, 20))
    page.get_by_role("link", name=voted_down.head_name, exact=True).click()
    page.get_by_role("link", name="民主评议未通过").click()
    fill_papers(page)
    vote(page, 20)
    page.get_by_role("button", name="民主评议未通过").click()
    expect(page.get_by_text(re.compile("已办：民主评议未通过"))).to_be_visible()
    page.goto(village.url)
    village.take(page, "民主评议通过", APPLICANTS - 1, taken=APPLICANTS - 1, in_favour=43)


def draw_the_line_and_post(
    village: Village, people: Office, expected: list[HouseholdYear], quota: int
) -> None:
    """The line falls behind twenty; their list hangs on the 22nd, is recorded on the 24th, and the step is dated as it hung."""
    page = village.at(people.village, date(2014, 3, 22))
    rows = page.locator("table.ranked tbody tr")
    expect(rows.nth(LISTED)).to_contain_text(f"规模线 {quota} 人")
    expect(rows.nth(LISTED)).to_contain_text(f"已列 {quota} 人")
    for place, card in enumerate(expected):
        expect(rows.nth(place)).to_contain_text(card.head_name)
    expect(rows.nth(LISTED + 1)).to_contain_text("备选")
    draft = village.draw_up(page, "拟公示稿", LISTED)

    calendar = village.calendar
    calendar.turn_to(date(2014, 3, 24))
    page = village.desks.desk(people.village)
    page.goto(draft)
    village.post(page)
    page.goto(village.url)
    village.take(page, "张贴第一次公示", APPLICANTS - 1, taken=LISTED)


def objected_and_answered(village: Village, people: Office, expected: list[HouseholdYear]) -> str:
    """A villager objects without signing in; the case rests until the township has answered, and its notice runs to its last day."""
    accused = expected[2]
    village.calendar.turn_to(date(2014, 3, 25))
    visitor = village.desks.desk()
    visitor.goto(f"{village.desks.url}/public/?division={VILLAGE}")
    expect(visitor.locator(".paper-sheet tbody tr")).to_have_count(LISTED)
    visitor.get_by_role("link", name="提出异议").click()
    visitor.get_by_label("对哪一行").select_option(label=f"3 {accused.head_name}")
    visitor.get_by_label("异议内容").fill("该户去年买了三轮汽车跑运输，收入不止这些，请核实。")
    visitor.get_by_role("button", name="提交").click()
    expect(visitor.locator(".secret")).to_have_count(2)
    number, code = visitor.locator(".secret").all_inner_texts()

    case = f"{village.desks.url}/registry/cases/{case_of(accused)}/"
    page = village.at(people.township, date(2014, 3, 26))
    page.goto(f"{village.desks.url}/objections/{number}/")
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_text("已受理，所涉的户暂停办理")).to_be_visible()
    page.goto(case)
    expect(page.locator("h1 ~ .chip, .head .chip").first).to_have_text("异议中")

    page = village.at(people.township, date(2014, 3, 28))
    page.goto(f"{village.desks.url}/objections/{number}/")
    page.get_by_label("调查结论").fill("入户核实：农用三轮汽车，购价 6800 元，自家耕种用。")
    page.get_by_label("答复", exact=True).fill("该车为农用三轮车，不影响识别，名单不变。")
    page.get_by_role("button", name="异议不成立").click()
    expect(page.get_by_text("已办结：异议不成立")).to_be_visible()
    visitor.goto(f"{village.desks.url}/public/answer/")
    visitor.get_by_label("编号").fill(number)
    visitor.get_by_label("查询码").fill(code)
    visitor.get_by_role("button", name="查询").click()
    expect(visitor.get_by_text("名单不变")).to_be_visible()

    page = village.at(people.village, date(2014, 3, 29))
    page.goto(case)
    expect(page.get_by_text("公示未满，03-30 起可办")).to_be_visible()
    page = village.at(people.village, date(2014, 3, 30))
    village.take(page, "村核实上报", LISTED, taken=LISTED)
    return number


def past_township_and_county(village: Village, people: Office) -> None:
    """Three desks, three people; the second notice runs its seven days, and the county cannot pass on the seventh."""
    page = village.at(people.township, date(2014, 4, 9))
    village.take(page, "乡镇审核通过", LISTED, taken=LISTED, opinion="入户核查属实")
    page = village.at(people.township, date(2014, 4, 10))
    village.draw_up(page, "拟公示稿", LISTED)
    village.post(page)
    page.goto(village.url)
    village.take(page, "张贴第二次公示", LISTED, taken=LISTED)

    page = village.at(people.reviewer, date(2014, 4, 17))
    page.get_by_role("link", name=f"县级复审通过 {LISTED} 户").click()
    fill_papers(page)
    page.get_by_label("意见").fill("材料齐全")
    page.get_by_role("button", name="县级复审通过").click()
    expect(page.get_by_role("alert").first).to_be_visible(timeout=60_000)
    page = village.at(people.reviewer, date(2014, 4, 18))
    village.take(page, "县级复审通过", LISTED, taken=LISTED, opinion="材料齐全，比对无误")
    page = village.at(people.approver, date(2014, 4, 21))
    village.take(page, "公告在册", LISTED, taken=LISTED)
    village.draw_up(page, f"拟公告稿 {LISTED} 户", LISTED)
    village.post(page)


def agree(
    village: Village, people: Office, expected: list[HouseholdYear], quota: int, objection: str
) -> None:
    """The register, the three public pages and the round's own counts tell of the same twenty households."""
    wanted = {card.household.household_no for card in expected}
    names = {card.head_name for card in expected}
    with transaction.atomic():
        see_province()
        registered = Household.objects.filter(status="N")
        assert set(registered.values_list("household_no", flat=True)) == wanted
        assert set(registered.values_list("first_identified_year", flat=True)) == {2014}
        figures = poor_counts(HouseholdYear.objects.filter(year=2013), 2013)
        assert (figures["poor_households"], figures["poor_pop"]) == (LISTED, quota)
        steps = CaseStep.objects.filter(case__household__in=registered).order_by("case_id", "number")
        by_case: dict[int, list[CaseStep]] = {}
        for step in steps:
            by_case.setdefault(step.case_id, []).append(step)
        for taken in by_case.values():
            assert [one.on for one in taken] == sorted(one.on for one in taken)
        assert sum("suspend" in {one.name for one in taken} for taken in by_case.values()) == 1
        year = ledger(people.approver, Division.objects.get(pk=VILLAGE), 2014).total
        assert (year.opening, year.came, year.went, year.closing, year.adds_up) == (
            0,
            LISTED,
            0,
            LISTED,
            True,
        )
        assert differences(VILLAGE) == []
        notices = list(Notice.objects.order_by("posted_on"))
        assert [(one.kind, one.line_count, one.persons) for one in notices] == [
            (f"registry_{state}", LISTED, quota) for state in ("p1", "p2", "n")
        ]
        assert notices[0].posted_on == date(2014, 3, 22)

    visitor = village.desks.desk()
    for notice in notices:
        visitor.goto(f"{village.desks.url}/public/notices/{notice.number}/")
        sheet = visitor.locator(".paper-sheet")
        rows = sheet.locator("tbody tr")
        expect(rows).to_have_count(LISTED)
        assert {name for name in names if rows.filter(has_text=name).count() == 1} == names
        expect(sheet).to_contain_text(f"{LISTED} 户 {quota} 人")
        assert not re.search(r"\d{17}[\dX]", visitor.content())

    page = village.desks.desk(people.approver)
    page.goto(f"{village.desks.url}/registry/households/?year=2013&status=N")
    expect(page.locator(".sums")).to_contain_text(f"{LISTED} 户")
    expect(page.locator(".sums")).to_contain_text(f"{quota} 人")
    page.goto(village.url.partition("?")[0] + f"?division={VILLAGE // 1000 * 1000}")
    mine = page.get_by_role("row").filter(has=page.locator(f'a[href="?division={VILLAGE}"]'))
    expect(mine.get_by_role("cell").nth(3)).to_have_text(str(quota))
    expect(mine.get_by_role("cell").nth(4)).to_have_text(str(quota))
    expect(mine.get_by_role("cell").nth(12)).to_have_text(str(LISTED))
    assert objection


def case_of(card: HouseholdYear) -> str:
    with transaction.atomic():
        see_province()
        return Case.objects.get(household_id=card.household_id).number
