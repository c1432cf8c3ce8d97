"""`/api/v1/` divisions, villages, members, labourers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from fupin.accounts.models import User
from tests.conftest import BAIWEN, KELAN, LINXIAN, VILLAGE
from tests.registry import factories as make
from tests.registry.api.conftest import Program, card, errors_of
from tests.registry.rules.test_village import village

pytestmark = pytest.mark.django_db
Connect = Callable[[User], Program]

LABOURER: dict[str, Any] = {
    "year": 2014,
    "hukou": "1",
    "emp_status": "3",
    "emp_months": 6,
    "train_will": False,
    "plan": "参加春季技能培训",
    "measure": "镇劳保所推荐县内就业",
    "trainings": [
        {
            "institution": "临县职业中学",
            "job": "电焊工",
            "start": "2014-03-01",
            "end": "2014-03-20",
            "hours": 80,
            "subsidy": "600.00",
            "is_thousand_villages": True,
        }
    ],
}


@pytest.fixture
def call(bo: User, program: Connect) -> Program:
    return program(bo)


@pytest.fixture
def number(call: Program) -> str:
    answer = call("POST", "households/", card())
    return str(answer.data_["members"][0]["member_no"])


def test_divisions_are_those_of_the_post(call: Program) -> None:
    counties = call("GET", "divisions/", level=3).data_
    assert [one["code"] for one in counties["results"]] == [str(LINXIAN)]
    towns = call("GET", "divisions/", parent=LINXIAN, page_size=500).data_
    assert str(BAIWEN) in [one["code"] for one in towns["results"]]
    one = call("GET", f"divisions/{BAIWEN}/").data_
    assert (one["name"], one["parent"], one["level"]) == ("白文镇", str(LINXIAN), 4)
    assert call("GET", f"divisions/{KELAN}/").status_code == 404
    assert call("GET", "divisions/", division=KELAN).data_["count"] == 0
    assert call("GET", "divisions/", level=5).data_["count"] > call("GET", "villages/").data_["count"] - 1


@pytest.mark.parametrize("query", [{"level": "9"}, {"parent": "14"}, {"division": "x"}, {"name": "\x00"}])
def test_divisions_are_not_asked_so(call: Program, query: dict[str, str]) -> None:
    assert set(errors_of(call("GET", "divisions/", **query))) == set(query)


def test_villages_are_those_on_which_a_card_may_stand(call: Program) -> None:
    got = call("GET", "villages/", division=BAIWEN, page_size=500).data_
    assert {"village_code", "name"} <= set(got["results"][0])
    assert all(200 <= int(one["village_code"][9:]) <= 599 for one in got["results"])
    assert str(VILLAGE) in [one["village_code"] for one in got["results"]]
    assert call("GET", "villages/141124101000/").status_code == 404
    assert call("GET", "villages/140929100200/").status_code == 404


def test_a_village_without_a_table_answers_what_its_cards_come_to(call: Program, number: str) -> None:
    got = call("GET", f"villages/{VILLAGE}/", year=2014).data_
    assert (got["version"], got["year"], got["households"], got["poor_households"]) == (None, 2014, None, 0)


def test_a_table_is_filled_in_and_changed(call: Program, ai: User, program: Connect) -> None:
    sent = {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in village(year=2014).items()
    }
    answer = call("PUT", f"villages/{VILLAGE}/", sent)
    assert answer.status_code == 200, answer.content.decode()
    got = answer.data_
    assert (got["version"], got["households"], got["head_phone"]) == (1, 200, "*******0001")
    changed = program(ai)("PATCH", f"villages/{VILLAGE}/", {"year": 2014, "version": 1, "households": 201})
    assert changed.data_["households"] == 201
    stale = call("PATCH", f"villages/{VILLAGE}/", {"year": 2014, "version": 1, "households": 202})
    assert stale.status_code == 409
    assert (stale.data_["current"]["households"], stale.data_["submitted"]["households"]) == (201, 202)
    assert call("PATCH", f"villages/{VILLAGE}/", {"year": 2014, "households": 1}).status_code == 400
    wrong = call(
        "PATCH", f"villages/{VILLAGE}/", {"year": 2014, "version": 2, "poor_households": 7, "population": "x"}
    )
    assert errors_of(wrong)["poor_households"][0] == "R-43"
    assert errors_of(wrong)["population"][0] == "R-20"


def test_members_are_read_and_changed_with_their_card(
    call: Program, number: str, du: User, program: Connect
) -> None:
    got = call("GET", "members/", year=2014, q="zjg").data_
    assert [one["member_no"] for one in got["results"]] == [number]
    one = call("GET", f"members/{number}/").data_
    assert (one["household_no"], one["year"], one["is_labourer"]) == (number[:16], 2014, True)
    assert one["id_no"].endswith("************")
    assert call("GET", f"members/{number}/", year=2013).status_code == 404
    assert call("PUT", f"members/{number}/", {}).status_code == 405
    assert program(du)("GET", f"members/{number}/").status_code == 404
    assert program(du)("GET", "members/", year=2014).data_["count"] == 0
    assert call("GET", "members/", year=2014, health="01", labor=["01", "02"]).data_["count"] == 1
    assert call("GET", "members/", year=2014, health="xx").status_code == 400


def test_a_labourer_gets_a_card(call: Program, number: str, du: User, program: Connect) -> None:
    answer = call("POST", "labourers/", {**LABOURER, "member_no": number})
    assert answer.status_code == 201, answer.content.decode()
    got = answer.data_
    assert answer["Location"] == got["url"]
    assert (got["member_no"], got["version"], got["is_female"], got["name"]) == (number, 1, False, "张建国")
    assert got["trainings"][0]["subsidy"] == "600.00"
    assert call("POST", "labourers/", {**LABOURER, "member_no": number}).status_code == 409
    changed = call("PATCH", f"labourers/{number}/", {"version": 1, "emp_months": 8})
    assert (changed.data_["emp_months"], changed.data_["version"]) == (8, 2)
    assert changed.data_["trainings"] == got["trainings"]
    stale = call("PATCH", f"labourers/{number}/", {"version": 1, "emp_months": 9})
    assert stale.status_code == 409
    assert (stale.data_["current"]["emp_months"], stale.data_["submitted"]["emp_months"]) == (8, 9)
    assert call("GET", "labourers/", year=2014).data_["results"] == [changed.data_]
    assert call("PUT", f"labourers/{number}/", changed.data_).status_code == 200
    other = program(du)
    assert other("GET", f"labourers/{number}/").status_code == 404
    assert other("PATCH", f"labourers/{number}/", {"version": 2}).status_code == 404
    assert other("POST", "labourers/", {**LABOURER, "member_no": number}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"emp_months": 13}, "emp_months", "R-20"),
        ({"is_female": True}, "is_female", "R-43"),
        ({"hukou": "乡下"}, "hukou", "R-20"),
        ({"trainings": [{}]}, "trainings[0].institution", "R-20"),
        ({"trainings": "x"}, "trainings", "R-20"),
        ({"year": None}, "year", "R-20"),
        ({"member_no": None}, "member_no", "R-20"),
    ],
)
def test_a_labourer_is_held_to_the_rules(
    call: Program, number: str, changes: dict[str, Any], field: str, rule: str
) -> None:
    answer = call("POST", "labourers/", {**LABOURER, "member_no": number, **changes})
    assert answer.status_code == 400
    assert errors_of(answer)[field][0] == rule


def test_a_list_of_labourers_costs_a_constant_number_of_queries(
    call: Program, django_assert_max_num_queries: Any
) -> None:
    for serial in range(3):
        body = card(phone=f"1380000300{serial}")
        body["members"][0]["id_no"] = make.id_number()
        one = call("POST", "households/", body).data_["members"][0]["member_no"]
        call("POST", "labourers/", {**LABOURER, "member_no": one})
    with django_assert_max_num_queries(14) as few:
        call("GET", "labourers/", year=2014, page_size=1)
    with django_assert_max_num_queries(len(few)):
        assert len(call("GET", "labourers/", year=2014).data_["results"]) == 3
