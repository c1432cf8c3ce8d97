"""The offices' pages: who gets in, and the way of a notice from draft to answer by clicking."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fupin.accounts.models import AccessRecord, AuditRecord, User
from fupin.notices.models import DraftStatus, Notice, NoticeDraft, Objection
from fupin.notices.services.objecting import object_to
from tests.clock import on_day
from tests.notices.conftest import POSTED, App, body_of, draft_of, photo, png, posted_by

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]
ClientFor = Callable[[User], Client]
DAY = POSTED + timedelta(days=2)


@pytest.fixture(autouse=True)
def _on_the_second_day(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "localdate", lambda *_args: DAY)
    with on_day(DAY):
        yield


@pytest.fixture
def objection(notice: Notice, tong: User, in_scope: Scope) -> Objection:
    object_to(
        notice=notice,
        statement="第二户家在县城有商品房，请核实。",
        entry_key=uuid.uuid4(),
        on=DAY,
        position=2,
        name="李某某",
        phone="13900000001",
    )
    with in_scope(tong):
        return Objection.objects.select_related("notice").get()


def test_a_draft_is_printed_redated_posted(
    app: App, ai: User, in_scope: Scope, client_for: ClientFor
) -> None:
    with in_scope(ai):
        draft = draft_of(ai, on=DAY - timedelta(days=9))
    browser = client_for(ai)
    page = browser.get(reverse("notice_draft", args=[draft.number])).content.decode()
    assert "王四旺" in page
    sheet = browser.get(reverse("notice_draft_sheet", args=[draft.number]))
    assert sheet.content.startswith(b"%PDF")
    url = reverse("notice_draft", args=[draft.number])
    sent = {
        "place": "公示栏",
        "on": draft.posted_on.isoformat(),
        "photographed_on": draft.posted_on.isoformat(),
    }
    late = browser.post(url, {**sent, "photo": photo()})
    assert late.status_code == 422
    assert "重新张贴" in late.content.decode()
    browser.post(reverse("notice_redate", args=[draft.number]), {"on": DAY.isoformat()})
    sent = {"place": "公示栏", "on": DAY.isoformat(), "photographed_on": DAY.isoformat()}
    assert browser.post(url, {**sent, "photo": photo()}).headers["Location"] == reverse(
        "notice_detail", args=[draft.number]
    )
    assert Notice.objects.get().last_on == DAY + timedelta(days=7)
    assert list(AuditRecord.objects.order_by("pk").values_list("action", "outcome")) == [
        ("notices.post", "REFUSED"),
        ("notices.redate", "DONE"),
        ("notices.post", "DONE"),
    ]


def test_a_draft_is_given_up_for_a_reason(app: App, ai: User, in_scope: Scope, client_for: ClientFor) -> None:
    with in_scope(ai):
        draft = draft_of(ai)
    url = reverse("notice_discard", args=[draft.number])
    client_for(ai).post(url, {"reason": "错"})
    with in_scope(ai):
        assert NoticeDraft.objects.get().status == DraftStatus.DRAFT
    client_for(ai).post(url, {"reason": "名单要重新核对"})
    with in_scope(ai):
        assert NoticeDraft.objects.get().status == DraftStatus.DISCARDED


@pytest.mark.parametrize("tab", ["drafts", "standing", "over", "down", "nonsense"])
def test_lists_show_ones_own_divisions(
    tab: str, notice: Notice, ai: User, du: User, client_for: ClientFor
) -> None:
    mine = client_for(ai).get(reverse("notice_list"), {"tab": tab}).content.decode()
    assert (notice.number in mine) is (tab in {"standing", "nonsense"})
    assert notice.number not in client_for(du).get(reverse("notice_list"), {"tab": tab}).content.decode()


def test_a_photograph_is_added_and_the_notice_taken_down(
    notice: Notice, tong: User, client_for: ClientFor
) -> None:
    browser = client_for(tong)
    url = reverse("notice_photo_add", args=[notice.number])
    assert browser.post(url, {"photo": photo(b"no"), "photographed_on": DAY.isoformat()}).status_code == 422
    assert browser.post(url, {"photo": photo(), "photographed_on": DAY.isoformat()}).status_code == 302
    assert notice.photos.count() == 2
    down = reverse("notice_take_down", args=[notice.number])
    assert browser.post(down, {"reason": "电话 13800138000"}).status_code == 422
    assert browser.post(down, {"reason": "名单有误，重新公示"}).status_code == 302
    page = browser.get(reverse("notice_detail", args=[notice.number])).content.decode()
    assert "佟镇 撤下：名单有误，重新公示" in page
    kept = browser.get(reverse("notice_photo", args=[notice.photos.order_by("pk")[0].pk]))
    assert body_of(kept) == png()


def test_an_objection_is_dealt_with_by_clicking(
    objection: Objection, app: App, tong: User, in_scope: Scope, client_for: ClientFor
) -> None:
    browser = client_for(tong)
    url = reverse("objection_detail", args=[objection.number])
    assert objection.number in browser.get(reverse("objection_list")).content.decode()
    page = browser.get(url).content.decode()
    assert "李**" in page
    assert "李某某" not in page
    assert (
        browser.post(
            url, {"decision": "uphold", "finding": "入户核实情况属实", "answer": "经核实情况属实，已退回。"}
        ).status_code
        == 422
    )
    assert browser.post(url, {"decision": "accept"}).status_code == 302
    assert browser.post(url, {"decision": "reject", "finding": "短", "answer": "短"}).status_code == 422
    sent = {
        "decision": "reject",
        "finding": "入户并查房产登记，情况不实",
        "answer": "经核实，所反映的情况不实。",
    }
    assert browser.post(url, sent).status_code == 302
    with in_scope(tong):
        assert Objection.objects.get().upheld is False
    assert app.resumed == [("case:2", False)]
    done = list(AuditRecord.objects.filter(outcome="DONE").order_by("pk").values_list("action", flat=True))
    assert done == ["notices.accept_objection", "notices.settle_objection"]


def test_who_objected_is_opened_for_a_reason_and_recorded(
    objection: Objection, tong: User, client_for: ClientFor
) -> None:
    url = reverse("objection_contact", args=[objection.number])
    browser = client_for(tong)
    assert browser.post(url, {"reason": "看"}).status_code == 422
    page = browser.post(url, {"reason": "约时间入户核实"}).content.decode()
    assert "李某某" in page
    assert "13900000001" in page
    assert AccessRecord.objects.get().reason == "约时间入户核实"


def test_an_objection_by_word_of_mouth_is_recorded(
    notice: Notice, ai: User, in_scope: Scope, client_for: ClientFor
) -> None:
    url = reverse("objection_new", args=[notice.number])
    sent = {
        "channel": "VISIT",
        "filed_on": DAY.isoformat(),
        "statement": "本村张家没有列上，情况比第二户困难。",
        "entry_key": str(uuid.uuid4()),
    }
    browser = client_for(ai)
    assert browser.get(url).status_code == 200
    ahead = (DAY + timedelta(days=1)).isoformat()
    assert browser.post(url, {**sent, "filed_on": ahead}).status_code == 422
    assert "查询码" in browser.post(url, sent).content.decode()
    with in_scope(ai):
        assert Objection.objects.get().channel == "VISIT"


@pytest.mark.parametrize(
    ("name", "query"), [("notice_list", ""), ("notice_list", "?tab=drafts"), ("objection_list", "")]
)
def test_a_list_costs_the_same_however_long_it_is(
    name: str, query: str, notice: Notice, ai: User, tong: User, in_scope: Scope, client_for: ClientFor
) -> None:
    browser = client_for(tong)
    url = reverse(name) + query

    def more() -> None:
        with in_scope(ai):
            draft_of(ai)
            hung = posted_by(ai)
            said = "第二户家在县城有商品房，请核实。"
            object_to(notice=hung, statement=said, entry_key=uuid.uuid4(), on=DAY, position=2)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    more()
    queries()  # what is asked once for the whole process
    first = queries()
    more()
    more()
    assert queries() == first
    assert first <= 25


READERS = ("ai", "tong", "bo", "chen", "fan", "gao", "he", "jin")
"""Of the notice's own divisions."""
PERMISSIONS: dict[str, tuple[str, frozenset[str]]] = {
    "notice_list": ("GET", frozenset({*READERS, "du"})),
    "notice_draft": ("GET", frozenset(READERS)),
    "notice_draft_sheet": ("GET", frozenset(READERS)),
    "notice_redate": ("POST", frozenset({"ai", "tong", "bo", "chen", "fan", "gao"})),
    "notice_discard": ("POST", frozenset({"ai", "tong", "bo", "chen", "fan", "gao"})),
    "notice_detail": ("GET", frozenset(READERS)),
    "notice_photo": ("GET", frozenset(READERS)),
    "notice_photo_add": ("POST", frozenset({"ai", "tong", "bo", "chen", "fan", "gao"})),
    "notice_take_down": ("POST", frozenset({"tong", "chen", "fan", "gao"})),
    "objection_list": ("GET", frozenset({*READERS, "du"})),
    "objection_new": ("GET", frozenset({"ai", "tong", "bo", "chen", "fan", "gao"})),
    "objection_detail": ("GET", frozenset(READERS)),
    "notice_draft POST": ("POST", frozenset({"ai", "tong", "bo", "chen", "fan", "gao"})),
    "objection_detail POST": ("POST", frozenset({"tong", "chen", "fan", "gao"})),
    "objection_contact": ("GET", frozenset({"tong", "chen", "fan", "gao"})),
}
"""URL name × method → who of the cast gets in; du of another county gets 404 where his role would let him, else 403."""


@pytest.mark.parametrize("name", PERMISSIONS)
def test_who_gets_in(
    name: str, objection: Objection, request: pytest.FixtureRequest, client_for: ClientFor
) -> None:
    method, let_in = PERMISSIONS[name]
    name = name.removesuffix(" POST")
    argument: object = {
        "objection_detail": objection.number,
        "objection_contact": objection.number,
        "notice_photo": objection.notice.photos.get().pk,
    }.get(name, objection.notice.number)
    url = reverse(name) if name.endswith("_list") else reverse(name, args=[argument])
    assert Client().generic(method, url).headers["Location"].startswith(reverse("sign_in"))
    for who in (*READERS, "du", "kang"):
        answer = client_for(request.getfixturevalue(who)).generic(method, url)
        body_of(answer)
        if who in let_in:
            assert answer.status_code in {200, 302, 422}, who
        elif who == "du" and {"bo"} & let_in:
            assert answer.status_code == 404, who
        else:
            assert answer.status_code == 403, who
