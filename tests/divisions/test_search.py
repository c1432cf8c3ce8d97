"""Typing a division: what is found, in which order, and never outside one's post."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from fupin.accounts.models import User
from fupin.divisions.codes import Level
from fupin.divisions.services.search import Found, search

pytestmark = pytest.mark.django_db
DAY = date(2014, 6, 1)


def names(found: list[Found]) -> list[str]:
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("bwz", "白文镇"),
        ("baiwenzhen", "白文镇"),
        ("BW", "白文镇"),
        ("ｂｗ ｚ", "白文镇"),
        ("白文", "白文镇"),
        ("白文村", "白文村"),
        ("白文镇", "白文镇"),
        ("临县白文镇", "白文镇"),
        ("141124101", "白文镇"),
        ("141124101200", "白文村"),
    ],
)
def test_what_a_clerk_types_is_found_first(bo: User, typed: str, first: str) -> None:
    assert names(search(bo, typed, on=DAY))[0] == first


def test_exact_initials_stand_before_what_only_begins_so(bo: User) -> None:
    found = search(bo, "bwc", on=DAY)
    assert found[0] == Found(141124101200, "白文村", "吕梁市临县白文镇", Level.VILLAGE)
    assert len(search(bo, "b", on=DAY)) == 20


def test_a_level_and_a_limit_narrow(bo: User) -> None:
    assert names(search(bo, "bw", on=DAY, level=Level.TOWNSHIP)) == ["白文镇"]
    assert len(search(bo, "14", on=DAY, limit=3)) == 3


def test_nothing_lies_outside_ones_post(bo: User, du: User, ai: User) -> None:
    assert search(du, "白文", on=DAY) == []
    assert search(du, "141124", on=DAY) == []
    assert names(search(ai, "141124", on=DAY)) == ["白文村"]
    bo.post = None
    assert search(bo, "白文", on=DAY) == []
    assert search(AnonymousUser(), "白文", on=DAY) == []


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "\\", "' or 1=1", "1411241012001", "龘"])
def test_odd_text_finds_nothing(bo: User, typed: str) -> None:
    assert search(bo, typed, on=DAY) == []


def test_what_does_not_exist_that_day_is_not_offered(bo: User) -> None:
    assert search(bo, "白文", on=date(2012, 12, 31)) == []


def test_the_box_gets_json(client_for: Callable[[User], Client], bo: User) -> None:
    answer = client_for(bo).get("/divisions/search/", {"q": "bwz", "level": "TOWNSHIP"})
    assert answer.json() == {
        "results": [{"code": "141124101000", "name": "白文镇", "path": "吕梁市临县", "level": "TOWNSHIP"}]
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert client_for(bo).get("/divisions/search/", {"q": "bwz", "level": "4"}).json() == answer.json()
    assert client_for(bo).get("/divisions/search/", {"q": "bwz", "level": "STREET"}).status_code == 400


def test_the_box_asks_one_question(
    client_for: Callable[[User], Client], bo: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        search(bo, "bw", on=DAY)


def test_the_tree_shows_ones_own_branch(client_for: Callable[[User], Client], bo: User, du: User) -> None:
    page = client_for(bo).get("/divisions/")
    assert "白文镇" in page.content.decode()
    assert "现行区划" in page.content.decode()
    assert client_for(bo).get("/divisions/141124101000/").status_code == 200
    assert client_for(du).get("/divisions/141124101000/").status_code == 404
    assert client_for(bo).get("/divisions/7/").status_code == 404


def test_the_tree_tells_what_became_of_a_county(client_for: Callable[[User], Client], gao: User) -> None:
    page = client_for(gao).get("/divisions/140211000000/").content.decode()
    assert "平城区" in page
    assert "云冈区" in page
    assert "名下没有现行的下级区划" in client_for(gao).get("/divisions/140202000000/").content.decode()
