"""`/api/v1/notices/`: what hangs in the post's divisions, with nothing on it that the public may not read."""

from collections.abc import Callable
from datetime import date

import pytest

from fupin.accounts.models import User
from fupin.notices.models import Notice
from fupin.notices.services.posting import take_down
from tests.conftest import LINXIAN
from tests.registry.api.conftest import Program
from tests.registry.cases import Office, act_as, applicant, office, round_of, walk

pytestmark = pytest.mark.django_db
Connect = Callable[[User], Program]


@pytest.fixture
def people() -> Office:
    return office()


@pytest.fixture
def notice(people: Office) -> Notice:
    case = applicant(people, round_of(people))
    walk(people, case, "apply", "deliberate", "post_first", on=date(2014, 3, 13))
    return Notice.objects.get()


def test_a_notice_is_read_with_its_list(notice: Notice, people: Office, program: Connect) -> None:
    call = program(people.reviewer)
    (row,) = call("GET", "notices/", division=LINXIAN).data_["results"]
    assert (row["number"], row["kind"], row["line_count"]) == (notice.number, "registry_p1", 1)
    assert (row["posted_on"], row["last_on"]) == ("2014-03-29", "2014-04-05")
    assert "lines" not in row
    assert row["url"].endswith(f"/public/notices/{notice.number}/")
    got = call("GET", f"notices/{notice.number}/").data_
    (line,) = got["lines"]
    assert (line["position"], line["name"], line["persons"]) == (1, "张建国", 3)
    assert line["subject_key"].startswith("case:")
    assert "149901" not in str(got)


def test_a_list_that_was_taken_down_is_not_given_out(
    notice: Notice, people: Office, program: Connect
) -> None:
    act_as(people.township)
    take_down(actor=people.township, notice=notice, because="名单有误，重新张贴", on=date(2014, 3, 30))
    got = program(people.reviewer)("GET", f"notices/{notice.number}/").data_
    assert (got["lines"], got["taken_down_because"]) == ([], "名单有误，重新张贴")
    assert program(people.reviewer)("GET", "notices/", state="down").data_["count"] == 1
    assert program(people.reviewer)("GET", "notices/", state="standing").data_["count"] == 0


def test_it_is_asked_as_a_list_is(notice: Notice, people: Office, program: Connect) -> None:
    call = program(people.reviewer)
    assert call("GET", "notices/", kind="registry_p1", year=2014, since="2014-03-29").data_["count"] == 1
    key = call("GET", f"notices/{notice.number}/").data_["lines"][0]["subject_key"]
    assert call("GET", "notices/", subject_key=key).data_["count"] == 1
    assert call("GET", "notices/", subject_key="case:none").data_["count"] == 0
    assert call("GET", "notices/", state="over").data_["count"] == 1
    assert call("GET", "notices/", group="EXIT").data_["count"] == 0
    assert call("GET", "notices/", division="nonsense").data_["count"] == 0
    assert call("GET", "notices/", kind="nonsense").status_code == 400
    assert call("GET", "notices/2014999999/").status_code == 404
    assert call("POST", "notices/", {}).status_code == 405


def test_another_county_and_an_enterprise(notice: Notice, du: User, kang: User, program: Connect) -> None:
    assert program(du)("GET", f"notices/{notice.number}/").status_code == 404
    assert program(du)("GET", "notices/").data_["count"] == 0
    assert program(kang)("GET", "notices/").status_code == 403
