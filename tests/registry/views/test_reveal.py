"""Whole numbers: for a reason, once, recorded before they are opened, kept by nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from fupin.accounts.models import AccessRecord, User
from registry.services.cards import SavedCard
from registry.views.reveal import kept_on
from tests.conftest import VILLAGE
from tests.registry.views.conftest import Scope

ClientFor = Callable[[User], Client]
PAGE = f"/registry/households/{VILLAGE}0001/2014/reveal/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def telephone(zhang: SavedCard, chen: User, in_scope: Scope) -> str:
    """The row in the vault of the household's telephone."""
    with in_scope(chen):
        return next(str(one.row) for one in kept_on(zhang.household_year) if one.label == "联系电话")


def test_a_number_is_shown_for_a_reason_and_recorded(
    telephone: str, chen: User, client_for: ClientFor
) -> None:
    client = client_for(chen)
    assert "13800000001" not in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"row": telephone, "reason": "核对信用社退回的号码"})
    assert "13800000001" in answer.content.decode()
    assert answer.content.decode().count("149901") == 0  # no more was opened than was asked for
    assert "no-store" in answer["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.reason, record.object_key) == ("核对信用社退回的号码", f"{VILLAGE}0001/2014")
    assert [str(row) for row in record.sealed] == [telephone]


@pytest.mark.parametrize("sent", [{"reason": "核对信用社退回的号码"}, {"reason": "看", "row": "T"}])
def test_without_a_choice_or_a_reason_nothing_is_opened(
    sent: dict[str, str], telephone: str, chen: User, client_for: ClientFor
) -> None:
    sent = {name: telephone if value == "T" else value for name, value in sent.items()}
    answer = client_for(chen).post(PAGE, sent)
    assert answer.status_code == 422
    assert "13800000001" not in answer.content.decode()
    assert not AccessRecord.objects.exists()


def test_a_row_of_another_card_is_not_opened(telephone: str, chen: User, client_for: ClientFor) -> None:
    other = "018f0000-0000-7000-8000-000000000000"
    assert client_for(chen).post(PAGE, {"row": other, "reason": "核对信用社退回的号码"}).status_code == 422


def test_only_those_with_the_right_and_in_their_division(
    telephone: str, ai: User, du: User, jin: User, client_for: ClientFor
) -> None:
    assert client_for(ai).get(PAGE).status_code == 403
    assert client_for(du).get(PAGE).status_code == 403
    assert client_for(jin).get(PAGE).status_code == 200
    led = client_for(jin).get(f"/registry/members/{VILLAGE}000101/reveal/")
    assert led["Location"].startswith(PAGE)


def test_the_address_names_nobody(zhang: SavedCard, chen: User, client_for: ClientFor) -> None:
    """Addresses stand in logs and in the histories of browsers."""
    head = f"{VILLAGE}000101"
    client = client_for(chen)
    answer = client.get(f"/registry/members/{head}/reveal/")
    assert answer.headers["Location"] == f"{PAGE}?member={head}"
    page = client.get(answer.headers["Location"])
    assert {one.whose for one, on in page.context["kept"] if on} == {"张建国"}
    assert not any(on for one, on in client.get(f"{PAGE}?member=").context["kept"])
