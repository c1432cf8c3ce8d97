"""Splits, merges and moves: first what follows is said, then it is done, and it can be taken back."""

from collections.abc import Callable

import pytest
from django.test import Client

from fupin.accounts.models import AuditRecord, User
from registry.models import Household, HouseholdLink
from registry.services.cards import SavedCard
from tests.conftest import VILLAGE
from tests.registry.factories import OTHER_VILLAGE, card, member, saved
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
FIRST = f"/registry/households/{VILLAGE}0001/"
WHY = "2014-03-12 户口簿已分立"


def number(seat: int) -> str:
    return f"{VILLAGE}00010{seat}"


SPLIT = {
    f"leaves-{number(2)}": "on",
    f"relation-{number(1)}": "01",
    f"relation-{number(2)}": "01",
    f"relation-{number(3)}": "03",
    "reason": WHY,
}


def test_a_split_names_its_consequence_first(
    zhang: SavedCard, tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(tong)
    told = client.post(f"{FIRST}split/", SPLIT)
    assert told.status_code == 200
    assert "李秀英" in told.content.decode()
    assert "本户余 2 人" in told.content.decode()
    with in_scope(tong):
        assert not HouseholdLink.objects.exists()
    done = client.post(f"{FIRST}split/", {**SPLIT, "confirmed": "1"})
    assert done["Location"] == f"/registry/households/{VILLAGE}0002/"
    history = client.get(f"{FIRST}history/").content.decode()
    assert "分户" in history
    assert f"{VILLAGE}0002" in history
    assert AuditRecord.objects.filter(action="household.split", reason=WHY).count() == 1


def test_a_split_is_taken_back(zhang: SavedCard, tong: User, client_for: ClientFor, in_scope: Scope) -> None:
    client = client_for(tong)
    client.post(f"{FIRST}split/", {**SPLIT, "confirmed": "1"})
    with in_scope(tong):
        link = HouseholdLink.objects.get()
    address = f"/registry/household-links/{link.pk}/undo/"
    assert "不能撤销" in client.get(address).content.decode()
    assert client.post(address, {"reason": "分户手续未办"}).status_code == 302
    with in_scope(tong):
        link.refresh_from_db()
        assert link.undone_at is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({f"leaves-{number(2)}": ""}, "请勾选分出的成员"),
        ({f"relation-{number(2)}": "02"}, "新户须有且只有一名户主"),
        ({"reason": ""}, ""),
    ],
)
def test_a_split_that_leaves_somebody_without_a_head_is_refused(
    wrong: dict[str, str], said: str, zhang: SavedCard, tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    sent = {name: value for name, value in {**SPLIT, **wrong, "confirmed": "1"}.items() if value}
    answer = client_for(tong).post(f"{FIRST}split/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with in_scope(tong):
        assert Household.objects.count() == 1


def test_a_merge_closes_the_one_that_joined(
    zhang: SavedCard, ai: User, tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(ai):
        saved(ai, card(member(name="王有田"), phone="13800000002"))
    client = client_for(tong)
    address = f"/registry/households/{VILLAGE}0002/merge/"
    sent = {"into": "0001", f"relation-{VILLAGE}000201": "99", "reason": "父子合户，户口簿已并"}
    told = client.post(address, sent)
    if told.status_code == 422:  # the code of another relation than in 2014's list
        sent[f"relation-{VILLAGE}000201"] = "03"
        told = client.post(address, sent)
    assert "并入后 4 人" in told.content.decode()
    assert client.post(address, {**sent, "confirmed": "1"})["Location"] == FIRST
    with in_scope(tong):
        assert Household.objects.get(household_no=f"{VILLAGE}0002").status == "Z"
    assert client.post(address, {**sent, "into": "0009"}).status_code in {404, 422}


def test_a_move_keeps_the_number(
    zhang: SavedCard, tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(tong)
    sent = {"to_village": str(OTHER_VILLAGE), "natural_village": "后沟", "reason": "整户搬迁，已落户"}
    assert "户编号不变" in client.post(f"{FIRST}move/", sent).content.decode()
    assert client.post(f"{FIRST}move/", {**sent, "confirmed": "1"})["Location"] == FIRST
    with in_scope(tong):
        assert Household.objects.get().division_id == OTHER_VILLAGE
    outside = client.post(f"{FIRST}move/", {**sent, "to_village": "140929100200"})
    assert outside.status_code == 422


@pytest.mark.parametrize("act", ["split", "merge", "move"])
def test_only_the_offices_of_the_place_do_it(
    act: str, zhang: SavedCard, ai: User, du: User, jin: User, client_for: ClientFor
) -> None:
    assert client_for(du).get(f"{FIRST}{act}/").status_code == 404
    assert client_for(ai).get(f"{FIRST}{act}/").status_code == 403
    assert client_for(jin).post(f"{FIRST}{act}/", SPLIT).status_code == 403
