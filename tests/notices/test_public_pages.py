"""The public site, as whoever walks by sees it: no sign-in, no cookie, no number of a person, no second person's words."""

import io
import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from fupin.accounts.models import AuditRecord, User
from fupin.notices.models import Notice, Objection
from fupin.notices.rules import leaks
from fupin.notices.services.posting import take_down
from tests.clock import live_on
from tests.conftest import BAIWEN, KELAN, LINXIAN
from tests.notices.conftest import LAST, PASSES, POSTED, ROWS, App, body_of, png, posted_by

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]
SAID = "第二户王四旺家在县城有商品房，请核实。"


@pytest.fixture
def on(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Set the day of the site and of the database; it begins on the day after posting."""

    def set_day(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_args: day)
        live_on(day)

    set_day(POSTED + timedelta(days=1))
    return set_day


@pytest.fixture
def visitor(on: Callable[[date], None]) -> Client:
    return Client()


def test_a_list_by_division_and_kind(notice: Notice, visitor: Client) -> None:
    url = reverse("public_notice_list")
    for asked in (
        {},
        {"division": BAIWEN},
        {"city": 141100000000, "county": LINXIAN},
        {"tab": "IDENTIFICATION"},
    ):
        page = visitor.get(url, asked).content.decode()
        assert "郝玉生" in page
        assert "新识别贫困户第一次公示" in page
    for elsewhere in (
        {"division": KELAN},
        {"tab": "EXIT"},
        {"tab": "over"},
        {"since": "2014-05-01"},
        {"until": "2014-04-09"},
    ):
        assert "郝玉生" not in visitor.get(url, elsewhere).content.decode()


@pytest.mark.parametrize(
    "asked", ["x", "0", "999999999999", "141124101999", "１４１１２４１０１０００", "' OR 1=1"]
)
def test_a_division_that_does_not_exist_breaks_nothing(asked: str, notice: Notice, visitor: Client) -> None:
    assert visitor.get(reverse("public_notice_list"), {"division": asked}).status_code in {200, 404}
    assert visitor.get(reverse("public_notice_list"), {"city": asked, "page": asked}).status_code == 200


def test_a_place_is_found_by_its_name_and_initials(notice: Notice, visitor: Client) -> None:
    found = visitor.get(reverse("public_notice_list"), {"q": "白文镇"})
    assert found.headers["Location"].endswith(f"?division={BAIWEN}")
    assert "没有这个地方" in visitor.get(reverse("public_notice_list"), {"q": "无此处"}).content.decode()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (POSTED + timedelta(1), "余 6 天"),
        (LAST - timedelta(1), "余 1 天"),
        (LAST, "今日 24:00 止"),
        (PASSES, "已期满"),
    ],
)
def test_it_says_how_much_time_is_left(
    day: date, said: str, notice: Notice, visitor: Client, on: Callable[[date], None]
) -> None:
    on(day)
    page = visitor.get(reverse("public_notice", args=[notice.number])).content.decode()
    assert said in page
    assert ("提出异议</a>" in page) is (day <= LAST)


def test_reading_sets_no_cookie_and_asks_for_none(notice: Notice, visitor: Client) -> None:
    for url in (
        reverse("public_notice_list"),
        reverse("public_notice", args=[notice.number]),
        reverse("public_sheet", args=[notice.number]),
        reverse("public_check"),
    ):
        answer = visitor.get(url)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
        assert not re.search(r"\sstyle=|<script|\son\w+=", answer.content.decode("utf-8", "replace"))


def test_the_sheet_says_what_the_page_says(notice: Notice, visitor: Client) -> None:
    page = visitor.get(reverse("public_notice", args=[notice.number])).content.decode()
    pdf = visitor.get(reverse("public_sheet", args=[notice.number]))
    reader = PdfReader(io.BytesIO(pdf.content))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    squeezed = re.sub(r"\s", "", text)
    for row in ROWS:
        assert row.name in squeezed
        assert row.name in page
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)
    assert code is not None
    assert code[0] in text
    assert [leak for leak in leaks(text.replace(notice.number, "")) if leak] == []
    assert len(reader.pages) == 1
    again = visitor.get(reverse("public_sheet", args=[notice.number]))
    assert again.content == pdf.content


def test_a_check_code_proves_a_sheet(notice: Notice, visitor: Client) -> None:
    url = reverse("public_check")
    code = notice.check_code
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    assert "是本系统所发" in visitor.get(url, {"code": typed}).content.decode()
    assert "不是本系统所发" in visitor.get(url, {"code": "0000-0000-0000"}).content.decode()


def test_taken_down_its_names_are_gone(notice: Notice, visitor: Client, tong: User, in_scope: Scope) -> None:
    photo = notice.photos.get()
    shown = visitor.get(reverse("public_photo", args=[photo.pk]))
    assert shown.headers["Content-Type"] == "image/png"
    assert body_of(shown) == png()
    with in_scope(tong):
        take_down(actor=tong, notice=notice, because="名单有误，重新公示", on=POSTED + timedelta(1))
    page = visitor.get(reverse("public_notice", args=[notice.number])).content.decode()
    assert "名单有误，重新公示" in page
    assert "郝玉生" not in page
    for url in (
        reverse("public_sheet", args=[notice.number]),
        reverse("public_objection", args=[notice.number]),
        reverse("public_photo", args=[photo.pk]),
    ):
        assert visitor.get(url).status_code == 404


def filled(**more: str) -> dict[str, str]:
    return {
        "position": "2",
        "statement": SAID,
        "name": "李某某",
        "phone": "13900000001",
        "entry_key": str(uuid.uuid4()),
        "website": "",
    } | more


def test_an_objection_gets_a_receipt_and_shows_nothing_back(
    notice: Notice, visitor: Client, tong: User, in_scope: Scope
) -> None:
    url = reverse("public_objection", args=[notice.number])
    assert "提出异议" in visitor.get(url).content.decode()
    answer = visitor.post(url, filled())
    page = answer.content.decode()
    number, code = re.search(r"Y\d{10}", page), re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    assert number is not None
    assert code is not None
    assert "no-store" in answer.headers["Cache-Control"]
    for word in (SAID, "李某某", "13900000001"):
        assert word not in page
    with in_scope(tong):
        assert Objection.objects.get().number == number[0]
    record = AuditRecord.objects.get(action="notices.object")
    assert record.outcome == "DONE"
    assert record.user is None
    assert "13900000001" not in str(record.detail)

    shown = visitor.post(reverse("public_answer"), {"number": number[0], "code": code[0]}).content.decode()
    assert "待受理" in shown
    for word in (SAID, "李某某", "13900000001"):
        assert word not in shown
    wrong = visitor.post(reverse("public_answer"), {"number": number[0], "code": "00000-00000"})
    assert wrong.status_code == 422


def test_one_that_is_wrong_says_why_and_is_not_filed(
    notice: Notice, visitor: Client, tong: User, in_scope: Scope
) -> None:
    url = reverse("public_objection", args=[notice.number])
    for data in (
        filled(statement="不对"),
        filled(phone="1"),
        filled(position="9"),
        filled(website="http://x"),
        {},
    ):
        assert visitor.post(url, data).status_code == 422
    again = visitor.post(url, filled(statement="不对")).content.decode()
    assert "李某某" not in again
    assert "13900000001" not in again
    with in_scope(tong):
        assert not Objection.objects.exists()
    assert set(AuditRecord.objects.values_list("action", "outcome")) == {("notices.object", "REFUSED")}


def test_too_many_from_one_address_have_to_wait(
    notice: Notice, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fupin.notices.views.objecting.OBJECTIONS_AN_HOUR", 2)
    url = reverse("public_objection", args=[notice.number])
    assert [visitor.post(url, filled()).status_code for _ in range(3)] == [200, 200, 429]
    assert visitor.post(url, filled(), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_form_without_its_token_is_refused(notice: Notice, on: Callable[[date], None]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("public_objection", args=[notice.number]), filled()).status_code == 403


def test_a_list_costs_the_same_however_long_it_is(
    notice: Notice, app: App, visitor: Client, ai: User, in_scope: Scope
) -> None:
    url = reverse("public_notice_list")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert visitor.get(url).status_code == 200
        return len(seen)

    first = queries()
    with in_scope(ai):
        for _ in range(5):
            posted_by(ai)
    assert queries() == first
    assert first <= 15
