"""The frame shows only what exists and what the doors open."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from fupin.accounts.doors import door
from fupin.accounts.models import User
from fupin.home import navigation
from fupin.home.context import Navigation


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _view(permission: str | None) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        return _page(request)

    return door(permission)(view)


urlpatterns = [
    path("", _view(None), name="home"),
    path("registry/households/", _view("accounts.grant_post"), name="household_list"),
    path("audit/", _view("accounts.view_audit"), name="audit_list"),
    path("registry/labourers/", _page, name="labourer_list"),  # no door: refused, so not shown
]


@pytest.fixture(autouse=True)
def _few_pages(settings: pytest.FixtureRequest) -> Iterator[None]:
    """Let the site have four pages only."""
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]
    navigation.address.cache_clear()
    navigation.door_at.cache_clear()
    yield
    navigation.address.cache_clear()
    navigation.door_at.cache_clear()


def nav_of(user: User, url: str = "/") -> Navigation:
    request = RequestFactory().get(url)
    request.user = user
    return Navigation(request)


@pytest.mark.django_db
def test_only_pages_that_exist_and_are_open_appear(bo: User) -> None:
    shown = [link.label for group in nav_of(bo).groups for link in group.entries]
    assert shown == ["待办"]


@pytest.mark.django_db
def test_headings_without_pages_do_not_appear(bo: User) -> None:
    assert [group.label for group in nav_of(bo).groups] == [""]


@pytest.mark.django_db
def test_the_page_at_hand_is_marked(bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin.home.context.may", lambda user, permission: True)

    def marks(url: str) -> dict[str, str]:
        return {link.label: link.current for group in nav_of(bo, url).groups for link in group.entries}

    assert marks("/") == {"待办": "page", "贫困户": "", "操作记录": ""}
    assert marks("/registry/households/") == {"待办": "", "贫困户": "page", "操作记录": ""}
    assert marks("/registry/households/1411/") == {"待办": "", "贫困户": "true", "操作记录": ""}
    assert marks("/elsewhere/") == {"待办": "", "贫困户": "", "操作记录": ""}


@pytest.mark.django_db
def test_the_group_one_works_in_is_open_and_the_first_where_one_works_in_none(
    bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fupin.home.context.may", lambda user, permission: True)

    def opened(url: str) -> list[str]:
        return [group.label for group in nav_of(bo, url).groups if group.label and group.is_open]

    assert opened("/registry/households/1411/") == ["贫困对象"]
    assert opened("/elsewhere/") == ["贫困对象"]
    assert opened("/audit/") == ["系统"]


@pytest.mark.django_db
def test_who_works_here_under_which_post(bo: User) -> None:
    who = nav_of(bo).who
    assert who is not None
    assert (who.name, who.post, who.division) == ("薄录", "县扶贫办录入", "临县")
    assert [(choice.label, choice.current) for choice in who.posts] == [("县扶贫办录入 · 临县", True)]


def test_nobody_sees_no_navigation() -> None:
    nav = Navigation(RequestFactory().get("/"))
    assert nav.groups == []
    assert nav.who is None
    assert nav.find_url == ""
