"""What is measured: the pages that clerks spend their days on, each with its goal."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from benchmarks.forms import read_form
from benchmarks.timing import OK, Request
from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope
from fupin.accounts.services.demo import PASSWORD
from fupin.divisions.codes import code_range
from registry.models import HouseholdYear, Member, MemberYear

YEAR = 2014
FOUND = OK | {302}
"""A search with a single hit leads to it."""

LINXIAN, PROVINCE = 141124000000, 140000000000


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of request: the names of its file and of its line, its goal in milliseconds (p95), how the n-th one is made."""

    slug: str
    name: str
    goal: int
    make: Callable[[int], Request]
    expect: frozenset[int] = OK


class Clerk:
    """Somebody signed in, with households of his division to work on."""

    def __init__(self, username: str, division: int) -> None:
        self.client = Client(SERVER_NAME="localhost")
        self.client.post(reverse("sign_in"), {"username": username, "password": PASSWORD})
        if "_auth_user_id" not in self.client.session:
            raise SystemExit(f"{username} cannot sign in")
        self.user = User.objects.get(username=username)
        self.range = code_range(division)
        self._rng = Random(7)  # the same choices in every run
        with self.scope():
            self.households = list(
                self._some(HouseholdYear, "household__household_no", household__status="N")
            )
            self.names = list(self._some(Member, "name"))
            self.pinyin = list(self._some(Member, "name_pinyin"))
            self.labourers = list(self._some(MemberYear, "member__member_no", year=YEAR, is_labourer=True))

    def scope(self) -> "_Scope":
        """Return a block in one transaction and in the clerk's scope."""
        return _Scope(self)

    def one(self, things: list[str]) -> str:
        """Return one of the things, at random."""
        return self._rng.choice(things)

    def _some(self, model: type, path: str, **kept: object) -> Iterable[str]:
        """Return up to 400 values spread over the whole division, whatever its size."""
        rows = model.objects.filter(division_id__gte=self.range[0], division_id__lt=self.range[1], **kept)  # type: ignore[attr-defined]
        step = max(rows.count() // 400, 1)
        keys = rows.order_by("pk").values_list("pk", flat=True)[::step]
        return model.objects.filter(pk__in=list(keys)).order_by("pk").values_list(path, flat=True)  # type: ignore[attr-defined]


class _Scope:
    def __init__(self, clerk: Clerk) -> None:
        self._clerk, self._atomic = clerk, transaction.atomic()

    def __enter__(self) -> None:
        self._atomic.__enter__()
        enter_scope(*self._clerk.range, user_id=self._clerk.user.pk)

    def __exit__(self, *error: object) -> None:
        self._atomic.__exit__(*error)  # type: ignore[arg-type]


def pages() -> list[Page]:
    """Return what is measured; pages that do not exist yet are left out."""
    county, province = Clerk("county", LINXIAN), Clerk("province", PROVINCE)
    found = [
        Page("home_county", "首页(县)", 100, _get(county, "home")),
        Page("card_open", "打开户卡", 100, _card(county)),
        Page(
            "card_history",
            "户卡变更记录",
            100,
            _get(county, "household_history", lambda c: [c.one(c.households)]),
        ),
        Page("card_save", "保存户卡", 100, _save(county), expect=frozenset({302})),
        Page("card_new", "录入新户卡(空表)", 100, _get(county, "household_new")),
        Page("list_county", "户列表第 1 页(县)", 150, _list(county)),
        Page("list_county_page_40", "户列表第 40 页(县)", 150, _list(county, page="40")),
        Page("list_county_by_income", "户列表按收入排序(县)", 150, _list(county, order="net_income_pc")),
        Page(
            "list_county_dangerous_ill",
            "户列表筛选 C、D 级危房且因病(县)",
            150,
            _list(county, danger_level=["3", "4"], cause_main="01"),
        ),
        Page("list_county_below_line", "户列表低于线(县)", 150, _list(county, income="below")),
        Page("list_province", "户列表第 1 页(省)", 150, _list(province)),
        Page("list_province_page_40", "户列表第 40 页(省)", 150, _list(province, page="40")),
        Page("list_province_by_income", "户列表按收入排序(省)", 150, _list(province, order="net_income_pc")),
        Page("list_province_latest", "户列表最近更新(省)", 150, _list(province, order="-updated_at")),
        Page(
            "list_province_dangerous_ill",
            "户列表筛选 C、D 级危房且因病(省)",
            150,
            _list(province, danger_level=["3", "4"], cause_main="01"),
        ),
        Page("list_province_remarks", "户列表待说明提示(省)", 150, _list(province, remarks="1")),
        Page(
            "search_name_county", "搜索姓名(县)", 150, _search(county, lambda c: c.one(c.names)), expect=FOUND
        ),
        Page(
            "search_name_province",
            "搜索姓名(省)",
            150,
            _search(province, lambda c: c.one(c.names)),
            expect=FOUND,
        ),
        Page(
            "search_pinyin", "搜索拼音(省)", 150, _search(province, lambda c: c.one(c.pinyin)), expect=FOUND
        ),
        Page(
            "search_initials",
            "搜索首字母(省)",
            150,
            _search(province, lambda c: c.one(["wjg", "lxl", "zyq", "ghm"])),
            expect=FOUND,
        ),
        Page(
            "search_surname",
            "搜索单姓(省)",
            150,
            _search(province, lambda c: c.one(["王", "张", "李", "刘"])),
            expect=FOUND,
        ),
        Page(
            "search_id_number",
            "搜索身份号码(省)",
            150,
            _search(province, lambda _c: "149912196103120017"),
            expect=FOUND,
        ),
        Page(
            "search_household_no",
            "搜索户编号(省)",
            150,
            _search(province, lambda c: c.one(c.households)),
            expect=FOUND,
        ),
        Page("villages_county", "村列表(县)", 150, _get(county, "village_list")),
        Page("villages_province", "村列表(省)", 150, _get(province, "village_list")),
        Page(
            "village_table",
            "村表",
            100,
            _get(county, "village_table", lambda c: [int(c.one(c.households)[:12]), YEAR]),
        ),
        Page(
            "village_grid",
            "村全表录入",
            150,
            _get(county, "village_grid", lambda c: [int(c.one(c.households)[:12]), YEAR]),
        ),
        Page("labourers_county", "劳动力列表(县)", 150, _get(county, "labourer_list")),
        Page(
            "labourer_card",
            "劳动力卡",
            100,
            _get(county, "labourer_card", lambda c: [c.one(c.labourers), YEAR]),
        ),
        Page("home_province", "首页(省)", 150, _get(province, "home")),
        Page(
            "help_household", "户的帮扶", 100, _get(county, "help_household", lambda c: [c.one(c.households)])
        ),
        Page(
            "help_gaps_county", "帮扶缺口:没有责任人的户(县)", 150, _asked(county, "help_gaps", gap="person")
        ),
        Page(
            "help_gaps_province", "帮扶缺口:没有计划的户(省)", 150, _asked(province, "help_gaps", gap="plan")
        ),
        Page(
            "help_gaps_labourers",
            "帮扶缺口:没有计划的劳动力(省)",
            150,
            _asked(province, "help_gaps", gap="labourer"),
        ),
        Page("help_effects", "满一年没有成效的措施(省)", 150, _asked(province, "help_lists", list="effect")),
        Page("help_reach", "未到户的措施(省)", 150, _asked(province, "help_lists", list="reach")),
        Page("help_stop", "应停清单(省)", 150, _asked(province, "help_lists", list="stop")),
        Page("help_people", "帮扶责任人(省)", 150, _get(province, "help_people")),
        Page("deadline_board", "时限看板(省)", 150, _get(province, "deadline_board")),
    ]
    return [page for page in found if page.make is not _MISSING]


def _MISSING(_number: int) -> Request:  # noqa: N802  (a marker)
    raise AssertionError


def _get(
    clerk: Clerk, name: str, arguments: Callable[[Clerk], list[object]] = lambda _clerk: []
) -> Callable[[int], Request]:
    try:
        reverse(name, args=arguments(clerk))
    except NoReverseMatch:
        return _MISSING

    def make(_number: int) -> Request:
        address = reverse(name, args=arguments(clerk))
        return lambda: clerk.client.get(address)  # type: ignore[return-value]

    return make


def _card(clerk: Clerk) -> Callable[[int], Request]:
    return _get(clerk, "household_card", lambda c: [c.one(c.households), YEAR])


def _list(clerk: Clerk, **asked: str | list[str]) -> Callable[[int], Request]:
    address = reverse("household_list")
    return lambda _number: lambda: clerk.client.get(address, {"year": YEAR, **asked})  # type: ignore[return-value]


def _asked(clerk: Clerk, name: str, **asked: str) -> Callable[[int], Request]:
    address = reverse(name)
    return lambda _number: lambda: clerk.client.get(address, asked)  # type: ignore[return-value]


def _search(clerk: Clerk, words: Callable[[Clerk], str]) -> Callable[[int], Request]:
    address = reverse("search")

    def make(_number: int) -> Request:
        typed = words(clerk)
        return lambda: clerk.client.post(address, {"q": typed})  # type: ignore[return-value]

    return make


def _save(clerk: Clerk) -> Callable[[int], Request]:
    """Open a card, change its address, send the whole form back; only the sending is timed."""

    def make(_number: int) -> Request:
        address = reverse("household_card", args=[clerk.one(clerk.households), YEAR])
        form = read_form(clerk.client.get(address).content.decode(), address)
        form["address"] = [f"{form['address'][0].partition(' ')[0]} {uuid.uuid4().hex[:4]}"]
        return lambda: clerk.client.post(address, form)  # type: ignore[return-value]

    return make
