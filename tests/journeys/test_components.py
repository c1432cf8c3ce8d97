"""The scripts of the components in a browser, under the product's content security policy, serverless."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

STATIC = Path(settings.STATICFILES_DIRS[0])
POLICY = "; ".join(
    f"{name} {' '.join(values)}" for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)
SITE = "http://components.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CAUSES = [
    ("", ""),
    ("01", "01 因病"),
    ("02", "02 因残"),
    ("10", "10 交通条件落后"),
    ("11", "11 自身发展动力不足"),
]
VILLAGE = {"code": 141124101222, "name": "庙坪村", "path": "吕梁市临县白文镇", "level": "VILLAGE"}
WRONG = [
    {"href": "#id_cause_main", "label": "主要致贫原因", "text": "请填"},
    {"href": "#id_village", "label": "村", "text": "请选"},
]

PAGE = """
{% extends "base.html" %}
{% load page %}
{% block name %}户卡{% endblock %}
{% block content %}
  {% findings wrong %}
  <form id="card" method="post" action="/saved/" data-enter="next">
    <div class="paper">
      {% cell form.head_name %}{% cell form.cause_main %}{% cell form.cause_other %}{% cell form.address %}
      <div class="cell"><label class="name" for="id_village">村</label><div class="entry">
        <division-field remember="card"><input id="id_village" name="village" /></division-field></div></div>
    </div>
    <button class="btn primary" aria-keyshortcuts="Control+S" data-shortcut="保存">保存</button>
  </form>
  <form method="post" action="/revoked/" data-confirm="他从下一次操作起看不到临县。" data-act="撤销岗位">
    <button class="btn danger">撤销</button>
  </form>
  <a id="away" href="/saved/" hx-get="/refused/" hx-target="#messages">取数</a>
{% endblock %}
"""


class CardForm(forms.Form):
    head_name = forms.CharField(label="户主姓名")
    cause_main = forms.ChoiceField(label="主要致贫原因", choices=CAUSES)
    cause_other = forms.MultipleChoiceField(label="其他致贫原因", choices=CAUSES[1:], required=False)
    address = forms.CharField(label="家庭住址")


@pytest.fixture
def sent() -> list[tuple[str, dict[str, list[str]]]]:
    """What the browser has posted: path and fields."""
    return []


@pytest.fixture
def card(page: Page, sent: list[tuple[str, dict[str, list[str]]]]) -> Iterator[Page]:
    """A page of components; afterwards the console must have been silent."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda failure: complaints.append(str(failure)))

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.netloc != "components.test":
            complaints.append(f"asked {url.netloc}")
            route.abort()
        elif url.path.startswith("/static/"):
            file = STATIC / url.path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif url.path == "/divisions/search/":
            route.fulfill(json=[VILLAGE] if parse_qs(url.query)["q"] == ["mp"] else [])
        elif url.path == "/refused/":
            route.fulfill(status=409, body="")
        elif route.request.method == "POST":
            sent.append((url.path, parse_qs(route.request.post_data or "")))
            route.fulfill(body="<p>收到</p>", content_type="text/html; charset=utf-8")
        else:
            request = RequestFactory().get("/")
            context = {"form": CardForm(), "nav": SimpleNamespace(), "wrong": WRONG}
            html = engines["django"].from_string(PAGE).render(context, request)
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=html, headers=headers)

    page.route("**/*", answer)
    page.goto(SITE)
    yield page
    assert [said for said in complaints if "409" not in said] == []


def test_a_card_is_typed_without_the_mouse(card: Page, sent: list[tuple[str, dict[str, list[str]]]]) -> None:
    card.focus("#id_head_name")
    for keys in ("王有田", "2", "1", "", "白文镇庙坪村 12 号"):
        card.keyboard.type(keys)
        card.keyboard.press("Enter")
        if keys == "1":  # a box of several codes collects, and a second Enter moves on
            expect(card.locator("#id_cause_other_typed")).to_be_focused()
    card.keyboard.type("mp")
    card.get_by_role("option", name="庙坪村").wait_for()
    card.keyboard.press("Enter")
    card.keyboard.press("Control+S")
    expect(card.get_by_text("收到")).to_be_visible()
    path, fields = sent[0]
    assert path == "/saved/"
    assert fields["cause_main"] == ["02"]
    assert fields["cause_other"] == ["01"]
    assert fields["address"] == ["白文镇庙坪村 12 号"]
    assert fields["village"] == ["141124101222"]


@pytest.mark.parametrize(
    ("typed", "code"), [("1", "01"), ("01", "01"), ("10", "10"), ("11", "11"), ("因残", "02")]
)
def test_the_printed_digit_or_the_name_chooses_a_code(card: Page, typed: str, code: str) -> None:
    box = card.get_by_role("combobox", name="主要致贫原因")
    box.focus()
    card.keyboard.type(typed)
    card.keyboard.press("Tab")
    expect(card.locator("#id_cause_main")).to_have_value(code)
    box.focus()
    card.keyboard.press("Backspace")
    expect(card.locator("#id_cause_main")).to_have_value("")


def test_the_last_village_is_offered_on_the_next_card(card: Page) -> None:
    card.get_by_role("combobox", name="村", exact=True).fill("mp")
    card.get_by_role("option", name="庙坪村").click()
    card.reload()
    expect(card.locator("#id_village")).to_have_value("141124101222")
    expect(card.get_by_role("combobox", name="村", exact=True)).to_have_value("吕梁市临县白文镇庙坪村")


def test_an_act_with_consequences_asks_first(
    card: Page, sent: list[tuple[str, dict[str, list[str]]]]
) -> None:
    card.get_by_role("button", name="撤销", exact=True).click()
    dialog = card.get_by_role("dialog")
    expect(dialog).to_contain_text("他从下一次操作起看不到临县。")
    card.keyboard.press("Escape")
    assert sent == []
    card.get_by_role("button", name="撤销", exact=True).click()
    dialog.get_by_role("button", name="撤销岗位").click()
    expect(card.get_by_text("收到")).to_be_visible()
    assert sent[0][0] == "/revoked/"


def test_the_question_mark_lists_the_shortcuts_of_the_page(card: Page) -> None:
    card.keyboard.press("?")
    dialog = card.get_by_role("dialog", name="快捷键")
    expect(dialog).to_contain_text("保存")
    card.keyboard.press("Escape")
    card.focus("#id_address")
    card.keyboard.type("?")
    expect(dialog).not_to_be_visible()


def test_a_refused_request_says_how_to_go_on(card: Page) -> None:
    card.click("#away")
    expect(card.locator(".toast.bad")).to_contain_text("已被他人改动")


def test_what_is_wrong_takes_the_focus_and_leads_into_the_fields(card: Page) -> None:
    expect(card.get_by_role("alert")).to_be_focused()
    card.get_by_role("alert").get_by_role("link", name="主要致贫原因").click()
    expect(card.locator("#id_cause_main_typed")).to_be_focused()
    card.get_by_role("alert").get_by_role("link", name="村").click()
    expect(card.locator("#id_village_typed")).to_be_focused()
