"""A household's history: field by field, by year, within one's division."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import User
from registry.reports.cards import read_card
from registry.services.cards import SavedCard
from tests.registry.factories import change
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def changed(zhang: SavedCard, tong: User, in_scope: Scope) -> SavedCard:
    """The card after the township moved it to another address."""
    with in_scope(tong):
        card = read_card(zhang.household_year)
        return change(tong, zhang, replace(card, address="后庄1号"))


def test_it_says_who_changed_what_from_what_to_what(
    changed: SavedCard, jin: User, client_for: ClientFor
) -> None:
    client = client_for(jin)
    address = reverse("household_history", args=[changed.household.household_no])
    text = client.get(address).content.decode()
    for said in ("家庭住址", "白文镇前庄12号", "后庄1号", "佟镇", "建卡"):
        assert said in text
    only = client.get(address, {"field": "家庭住址"}).content.decode()
    assert "后庄1号" in only
    assert '<th scope="row">建卡</th>' not in only
    assert "没有符合条件" in client.get(address, {"year": "2013"}).content.decode()


def test_the_rail_has_the_latest_changes_and_the_labourers(
    changed: SavedCard, bo: User, client_for: ClientFor
) -> None:
    text = (
        client_for(bo)
        .get(reverse("household_recent", args=[changed.household.household_no]))
        .content.decode()
    )
    assert "后庄1号" in text
    assert text.count("labourers/") == 2


def test_another_county_sees_no_history(changed: SavedCard, du: User, client_for: ClientFor) -> None:
    for name in ("household_history", "household_recent"):
        assert client_for(du).get(reverse(name, args=[changed.household.household_no])).status_code == 404


def test_a_longer_history_takes_no_more_queries(
    changed: SavedCard,
    tong: User,
    jin: User,
    in_scope: Scope,
    client_for: ClientFor,
    django_assert_num_queries: Any,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(jin)
    address = reverse("household_history", args=[changed.household.household_no])
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    with in_scope(tong):
        card, last = read_card(changed.household_year), changed
        for number in range(4):
            last = change(tong, last, replace(card, address=f"后庄{number}号"))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)
