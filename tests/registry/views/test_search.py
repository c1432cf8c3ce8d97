"""The box on top: what is found, what opens at once, and what never shows."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import AuditRecord, User
from registry.services.cards import SavedCard
from tests.conftest import VILLAGE
from tests.registry.factories import card, id_number, member, pupil, saved, wife
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def number(ai: User, in_scope: Scope) -> str:
    """The ID number of 王有田, head of the village's household 0001; 王有福 heads 0002."""
    mine = id_number()
    with in_scope(ai):
        saved(ai, card(member(name="王有田", id_no=mine), wife(), pupil()))
        saved(ai, card(member(name="王有福"), wife(), pupil(), phone="13800000002"))
    return mine


def ask(client: Client, words: str) -> str:
    """Return where the answer leads, or its text."""
    answer = client.post(reverse("search"), {"q": words})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


FIRST = f"/registry/households/{VILLAGE}0001/"


@pytest.mark.parametrize(
    "words", ["王有田", "wangyoutian", " WangYouTian ", f"{VILLAGE}0001", f"{VILLAGE}000101"]
)
def test_a_single_hit_opens(words: str, number: str, bo: User, client_for: ClientFor) -> None:
    assert ask(client_for(bo), words) == FIRST


def test_a_whole_id_number_is_found_and_neither_repeated_nor_recorded(
    number: str, bo: User, client_for: ClientFor
) -> None:
    client = client_for(bo)
    assert ask(client, number) == FIRST
    assert ask(client, number.lower()) == FIRST
    acts = AuditRecord.objects.filter(action="registry.search")
    assert acts.count() == 2
    assert [act.detail["by"] for act in acts] == ["id_no", "id_no"]
    assert not any(number[6:] in str(act.detail) + act.object_key + act.reason for act in acts)
    other = id_number()
    nothing = ask(client, other)
    assert "范围内没有" in nothing
    assert other not in nothing


def test_part_of_an_id_number_finds_nobody(number: str, bo: User, client_for: ClientFor) -> None:
    assert "没有找到" in ask(client_for(bo), number[:14])


def test_several_hits_are_listed_by_kind(number: str, bo: User, client_for: ClientFor) -> None:
    client = client_for(bo)
    assert "王有田" in ask(client, "wyt")  # initials; villages have them too
    text = ask(client, "王有")
    assert "王有田" in text
    assert "王有福" in text
    assert "149901************" in text


def test_nobody_finds_what_lies_outside_his_division(number: str, du: User, client_for: ClientFor) -> None:
    client = client_for(du)
    for words in (number, "王有田", "wyt", f"{VILLAGE}0001", f"{VILLAGE}000101", str(VILLAGE)):
        assert not ask(client, words).startswith("/registry/households/")
        assert "王有田" not in ask(client, words).replace('value="王有田"', "").replace("“王有田”", "")
    assert client.get(FIRST).status_code == 404


def test_the_latest_card_opens(zhang: SavedCard, jin: User, client_for: ClientFor) -> None:
    answer = client_for(jin).get(reverse("household_latest", args=[zhang.household.household_no]))
    assert answer["Location"].endswith(f"{zhang.household.household_no}/2014/")


def test_finance_does_not_search(number: str, he: User, client_for: ClientFor) -> None:
    assert client_for(he).post(reverse("search"), {"q": "王"}).status_code == 403
