"""`/api/v1/cases/`: the same steps as in the browser, told to a department's program."""

from base64 import b64encode
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fupin.accounts.models import User
from registry.models import Case, Round
from tests.conftest import LINXIAN
from tests.registry.api.conftest import Program, errors_of
from tests.registry.cases import (
    Office,
    act_as,
    applicant,
    office,
    picture,
    poor_household,
    round_of,
    see_province,
    walk,
)

pytestmark = pytest.mark.django_db
Connect = Callable[[User], Program]

SCAN = [{"name": "scan.png", "content": b64encode(picture()).decode()}]
APPLY: dict[str, Any] = {
    "name": "apply",
    "on": "2014-03-12",
    "files": dict.fromkeys(("APPLICATION", "SURVEY", "PHOTO"), SCAN),
}


@pytest.fixture
def people() -> Office:
    return office()


@pytest.fixture
def in_round(people: Office) -> Round:
    return round_of(people)


@pytest.fixture
def case(people: Office, in_round: Round) -> Case:
    return applicant(people, in_round)


def test_a_case_is_opened_and_walked_step_by_step(people: Office, in_round: Round, program: Connect) -> None:
    number = poor_household(people).household_no
    village = program(people.village)
    asked = {
        "track": "ENTRY",
        "household_no": number,
        "round_year": 2014,
        "round_kind": "INITIAL",
        "on": "2014-03-12",
    }
    answer = village("POST", "cases/", asked)
    assert answer.status_code == 201, answer.content.decode()
    got = answer.data_
    assert (got["status"], got["household_no"], got["round_year"], got["steps"]) == ("D", number, 2014, [])
    assert got["next"][0]["name"] == "apply"
    assert got["next"][0]["mine"] is True
    assert village("POST", "cases/", asked).status_code == 400, "one open case at a time"
    answer = village("POST", f"cases/{got['number']}/steps/", APPLY)
    assert answer.status_code == 201, answer.content.decode()
    step = answer.data_["steps"][0]
    assert (answer.data_["status"], step["label"], step["role"]) == ("A", "受理申请", "VILLAGE")
    assert {one["kind"] for one in step["evidence"]} == {"APPLICATION", "SURVEY", "PHOTO"}
    met = {
        "name": "deliberate",
        "on": "2014-03-20",
        "files": {"MINUTES": SCAN, "ATTENDANCE": SCAN},
        "votes": {"representatives": 56, "attending": 48, "in_favour": 43},
    }
    answer = village("POST", f"cases/{got['number']}/steps/", met)
    assert (answer.status_code, answer.data_["status"]) == (201, "M")
    assert answer.data_["steps"][1]["in_favour"] == 43


def test_what_the_procedure_forbids_is_refused_in_its_words(
    case: Case, people: Office, program: Connect
) -> None:
    village, address = program(people.village), f"cases/{case.number}/steps/"
    skipped = village("POST", address, {**APPLY, "name": "announce"})
    assert skipped.status_code == 400
    assert "跳级" in errors_of(skipped)[""][1]
    early = village("POST", address, {**APPLY, "on": "2014-01-01"})
    assert "不得倒签" in errors_of(early)[""][1]
    bare = village("POST", address, {"name": "apply", "on": "2014-03-12"})
    assert bare.status_code == 400
    odd = village(
        "POST",
        address,
        {
            "name": "apply",
            "on": "昨天",
            "evidence": {"GIFT": "x"},
            "files": {"PHOTO": [{"name": "a", "content": "不是"}]},
        },
    )
    assert set(errors_of(odd)) == {"on", "evidence", "files"}
    see_province()
    assert Case.objects.get().status == "D"


def test_who_may(case: Case, people: Office, program: Connect, du: User, kang: User) -> None:
    number = case.number
    assert program(du)("GET", f"cases/{number}/").status_code == 404
    assert program(du)("GET", "cases/").data_["count"] == 0
    assert program(kang)("GET", "cases/").status_code == 403
    assert program(people.county_entry)("POST", f"cases/{number}/steps/", APPLY).status_code == 403
    assert program(people.county_entry)("POST", "cases/", {}).status_code == 403
    reviewer = program(people.reviewer)("POST", f"cases/{number}/steps/", APPLY)
    assert reviewer.status_code == 400
    assert "岗位" in errors_of(reviewer)[""][1]


def test_the_list_is_asked_as_the_page_is(case: Case, people: Office, program: Connect) -> None:
    act_as(people.village)
    walk(people, case, "apply", on=date(2014, 3, 13))
    call = program(people.reviewer)
    row = call("GET", "cases/", status="A", division=LINXIAN).data_["results"][0]
    assert (row["number"], row["track"], row["persons"]) == (case.number, "ENTRY", 3)
    assert "steps" not in row
    assert call("GET", row["url"].split("/api/v1/")[1]).data_["next"][0]["mine"] is False
    assert call("GET", "cases/", status="N").data_["count"] == 0
    assert call("GET", "cases/", track="nowhere").status_code == 400
    assert call("GET", "cases/141124101200-2014-9999/").status_code == 404
    assert call("DELETE", f"cases/{case.number}/").status_code == 405


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"household_no": "1411241012009999"}, "household_no"),
        ({"village_code": "141124101200"}, "household_no"),
        ({"round_year": 2015}, "round_year"),
        ({"track": "AWAY"}, "track"),
        ({"on": None}, "on"),
    ],
)
def test_an_opening_names_its_subject_and_its_round(
    people: Office, in_round: Round, program: Connect, changes: dict[str, Any], field: str
) -> None:
    asked = {
        "track": "ENTRY",
        "household_no": poor_household(people).household_no,
        "round_year": 2014,
        "round_kind": "INITIAL",
        "on": "2014-03-12",
    }
    answer = program(people.village)("POST", "cases/", {**asked, **changes})
    assert answer.status_code == 400
    assert field in errors_of(answer)
