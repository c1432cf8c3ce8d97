"""`/api/v1/deadlines/`: the clocks as the board shows them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fupin.accounts.models import User
from fupin.deadlines.services.refreshing import refresh
from tests.conftest import BAIWEN, KELAN, VILLAGE
from tests.deadlines.conftest import KIND, Register
from tests.registry.api.conftest import Program

pytestmark = pytest.mark.django_db

TODAY = date(2014, 12, 30)


@pytest.fixture
def _clocks(worker: Callable[[], Any], register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register.due = {VILLAGE: TODAY, BAIWEN: date(2014, 12, 20), KELAN: date(2015, 3, 1)}
    register.done = {BAIWEN: date(2014, 12, 21)}
    with worker():
        refresh(today=TODAY)
    monkeypatch.setattr("fupin.deadlines.api.day_of", lambda now: TODAY)


@pytest.mark.usefixtures("_clocks")
def test_clocks_say_how_they_stand_today(bo: User) -> None:
    call = Program(bo)
    rows = call("GET", "deadlines/").data_["results"]
    assert [(row["division"], row["stage"], row["colour"], row["days_left"]) for row in rows] == [
        (str(BAIWEN), None, None, None),
        (str(VILLAGE), "DUE", "ORANGE", 0),
    ]
    assert (rows[0]["closed_on"], rows[1]["closed_on"]) == ("2014-12-21", None)
    one = call("GET", f"deadlines/{rows[1]['id']}/").data_
    assert (one["title"], one["basis"], one["role"], one["at"]) == (
        "村表填报",
        "§3 村有表",
        "VILLAGE",
        str(VILLAGE),
    )
    assert one["url"].startswith("http")


@pytest.mark.usefixtures("_clocks")
def test_they_are_asked_as_on_the_page_and_end_at_the_county(
    bo: User, du: User, he: User, kang: User
) -> None:
    call = Program(bo)
    assert call("GET", "deadlines/", colour="ORANGE").data_["count"] == 1
    assert call("GET", "deadlines/", state="late").data_["count"] == 1
    assert call("GET", "deadlines/", kind=KIND, since="2014-12-30").data_["count"] == 1
    assert call("GET", "deadlines/", mine="1").data_["count"] == 0
    assert call("GET", "deadlines/", kind="nonsense").status_code == 400
    (row,) = Program(du)("GET", "deadlines/").data_["results"]
    assert row["division"] == str(KELAN)
    assert call("GET", f"deadlines/{row['id']}/").status_code == 404
    assert Program(he)("GET", "deadlines/").data_["count"] == 0, "of a kind whose subjects he may not see"
    assert Program(kang)("GET", "deadlines/").status_code == 403
    assert call("DELETE", f"deadlines/{row['id']}/").status_code == 405
