"""`/api/v1/households/`: the same rules as the browser, to the letter of the contract."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fupin.accounts.api.throttling import CallerThrottle
from fupin.accounts.models import AuditRecord, User
from registry.api.households import Households
from registry.models import Household
from tests.conftest import KELAN
from tests.registry import factories as make
from tests.registry.api.conftest import Program, card, errors_of

pytestmark = pytest.mark.django_db
Connect = Callable[[User], Program]


@pytest.fixture
def call(bo: User, program: Connect) -> Program:
    return program(bo)


@pytest.fixture
def entered(call: Program) -> dict[str, Any]:
    answer = call("POST", "households/", card())
    assert answer.status_code == 201, answer.content.decode()
    body: dict[str, Any] = answer.data_
    return body


def test_a_household_is_posted_whole(call: Program, bo: User) -> None:
    sent = card()
    answer = call("POST", "households/", sent)
    assert answer.status_code == 201
    got = answer.data_
    assert got["household_no"] == "1411241012000001"
    assert got["url"] == answer["Location"] == "http://testserver/api/v1/households/1411241012000001/"
    assert (got["status"], got["version"], got["year"]) == ("D", 1, 2014)
    assert got["income"]["net_income"] == "3580.00"
    assert got["income"]["net_income_pc"] == "3580.00"
    assert got["income"]["wage_income"] == "0.00"
    assert got["income"]["lines"] == []
    assert got["condition"]["is_dangerous"] is False
    assert got["condition"]["arable_area"] == "12.00"
    assert (got["member_count"], got["head_name"]) == (1, "张建国")
    (member,) = got["members"]
    assert member["id_no"] == sent["members"][0]["id_no"][:6] + "************"
    assert (member["birth_date"], member["member_no"]) == ("1970-05-06", "141124101200000101")
    assert (member["labor"], member["health"], member["is_dibao"]) == ("01", ["01"], False)
    assert got["phone"] == "*******0001"
    assert got["cause_other"] == ["07"]
    assert all(set(one) == {"rule", "field", "message"} for one in got["warnings"])
    assert [one["rule"] for one in got["warnings"]] == ["F-04"]
    record = AuditRecord.objects.get(action="household.enter")
    assert (record.user, record.object_key) == (bo, got["household_no"])


def test_amounts_may_come_as_lines(call: Program) -> None:
    body = card()
    body["income"] = {
        "lines": [
            {
                "kind": "business_income",
                "item": "玉米",
                "quantity": "2000",
                "unit": "斤",
                "unit_price": "1.10",
            },
            {"kind": "business_income", "item": "羊", "amount": "3000.00"},
            {"kind": "business_expense", "item": "化肥", "amount": "800"},
        ]
    }
    answer = call("POST", "households/", body)
    assert answer.status_code == 201, answer.content.decode()
    income = answer.data_["income"]
    assert (income["business_income"], income["business_expense"], income["wage_income"]) == (
        "5200.00",
        "800.00",
        "0.00",
    )
    assert income["net_income"] == "4400.00"
    assert [line["amount"] for line in income["lines"]] == ["2200.00", "3000.00", "800.00"]


def test_an_amount_beside_its_lines_must_be_their_sum(call: Program) -> None:
    body = card()
    body["income"]["lines"] = [{"kind": "business_income", "item": "玉米", "amount": "5000.00"}]
    answer = call("POST", "households/", body)
    assert answer.status_code == 400
    assert errors_of(answer)["income.business_income"][0] == "R-43"


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("", "member_count", 2),
        ("", "head_name", "李四"),
        ("income", "net_income", "3580.01"),
        ("income", "net_income_pc", "1.00"),
        ("income", "transfer_income", "0.00"),
        ("condition", "is_dangerous", True),
    ],
)
def test_derived_values_must_agree_where_they_are_sent(
    call: Program, part: str, name: str, value: object
) -> None:
    body = card()
    (body[part] if part else body)[name] = value
    answer = call("POST", "households/", body)
    assert answer.status_code == 400
    path = f"{part}.{name}" if part else name
    assert errors_of(answer)[path][0] == "R-43"


def test_derived_values_that_agree_are_taken(call: Program) -> None:
    body = card(member_count=1, head_name="张建国", household_no=None)
    body["income"] |= {"net_income": "3580.00", "net_income_pc": "3580.00", "transfer_income": 680}
    body["condition"]["is_dangerous"] = False
    body["members"][0]["birth_date"] = "1970-05-06"
    assert call("POST", "households/", body).status_code == 201


def test_a_number_cannot_be_chosen(call: Program) -> None:
    answer = call("POST", "households/", card(household_no="1411241012009999"))
    assert errors_of(answer)["household_no"][0] == "R-43"


def test_everything_wrong_is_said_at_once_by_field_and_rule(
    call: Program, see_all: Callable[[], None]
) -> None:
    body = card(poor_type="77", plan_exit_year=2012)
    body["income"]["wage_income"] = "很多"
    body["members"][0]["id_no"] = "149901197005060010"
    del body["condition"]["road_type"]
    answer = call("POST", "households/", body)
    assert answer.status_code == 400
    assert set(answer.data_) == {"errors"}
    assert all(set(line) == {"field", "rule", "message"} for line in answer.data_["errors"])
    found = errors_of(answer)
    assert found["poor_type"][0] == "R-20"
    assert found["income.wage_income"][0] == "R-20"
    assert found["members[0].id_no"][0] == "R-02"
    assert found["condition.road_type"][0] == "R-19"
    assert "plan_exit_year" in found
    see_all()
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        3,
        {},
        {"year": "二〇一四"},
        {"year": 2014, "income": [], "condition": 3, "members": {}},
        {"year": 2014, "members": ["张三"], "confirmed_warnings": ["R-41"], "entry_key": "x"},
        {"year": 2014, "members": [{"health": {"a": 1}, "name": True}], "village_code": ["141124101200"]},
        {"year": 10**30, "village_code": "9" * 400},
        {
            "year": 2014,
            "income": {"lines": [{"kind": "none"}, {"kind": "wage_income"}]},
            "relocation": {"subsidies": [{}]},
        },
    ],
)
def test_nonsense_is_400_and_never_a_fault(call: Program, body: object) -> None:
    answer = call("POST", "households/", body)
    assert answer.status_code == 400
    assert answer.data_["errors"]


@pytest.mark.parametrize(
    "text", ['{"address": "\\u0000"}', '{"address": "\\ud800"}', "{", "[" * 100_000, '{"a": NaN}']
)
def test_text_that_cannot_be_stored_is_400(call: Program, text: str) -> None:
    answer = call.client.post(
        "/api/v1/households/", text, content_type="application/json", headers=call.headers
    )
    assert answer.status_code == 400


def test_what_is_no_field_changes_nothing(call: Program) -> None:
    sent = card(status="R", is_demo=True, version=7, first_identified_year=2013, exit_year=2014, id=1)
    answer = call("POST", "households/", sent)
    assert answer.status_code == 201, answer.content.decode()
    assert (answer.data_["status"], answer.data_["version"]) == ("D", 1)
    assert (answer.data_["first_identified_year"], answer.data_["exit_year"]) == (None, None)


def test_the_same_key_twice_is_one_household(call: Program) -> None:
    body = card(entry_key=str(uuid.uuid4()))
    numbers = {call("POST", "households/", body).data_["household_no"] for _ in range(2)}
    assert len(numbers) == 1


def test_an_id_number_stands_on_one_card(call: Program, entered: dict[str, Any]) -> None:
    body = card(phone="13800000003")
    call("POST", "households/", body)
    again = card(phone="13800000004")
    again["members"][0]["id_no"] = body["members"][0]["id_no"]
    answer = call("POST", "households/", again)
    assert answer.status_code == 400
    assert errors_of(answer)["members[0].id_no"][0] == "R-04"


def test_a_warning_stays_open_until_a_reason_answers_it(call: Program) -> None:
    body = card(natural_village="后庄")
    body["income"]["business_expense"] = "0.00"
    first = call("POST", "households/", body).data_
    assert {one["rule"] for one in first["warnings"]} >= {"R-41", "F-04"}
    answer = call(
        "PATCH",
        f"households/{first['household_no']}/",
        {"version": first["version"], "confirmed_warnings": {"R-41": "邻居代耕", "F-04": "新建的组"}},
    )
    assert answer.status_code == 200, answer.content.decode()
    assert answer.data_["warnings"] == []


def test_the_latest_year_is_answered_and_another_when_asked(call: Program, entered: dict[str, Any]) -> None:
    number = entered["household_no"]
    assert call("GET", f"households/{number}/").data_ == entered
    assert call("GET", f"households/{number}/", year=2014).data_ == entered
    assert call("GET", f"households/{number}/", year=2013).status_code == 404
    assert call("GET", f"households/{number}/", year="abc").status_code == 400


def test_what_was_answered_may_be_sent_back_and_changes_nothing(
    call: Program, entered: dict[str, Any]
) -> None:
    number = entered["household_no"]
    for method in ("PUT", "PATCH"):
        answer = call(method, f"households/{number}/", entered)
        assert answer.status_code == 200, answer.content.decode()
        told = {"version", "updated_at", "warnings"}  # the natural village is known by now
        assert all(answer.data_[name] == value for name, value in entered.items() if name not in told)
        assert answer.data_["version"] <= 2


def test_a_change_in_part_leaves_the_rest(call: Program, entered: dict[str, Any]) -> None:
    body = {
        "version": 1,
        "address": "白文镇前庄13号",
        "income": {"tr_eco": "500.00"},
        "members": [{"member_no": entered["members"][0]["member_no"], "education": "02"}],
    }
    answer = call("PATCH", f"households/{entered['household_no']}/", body)
    assert answer.status_code == 200, answer.content.decode()
    got = answer.data_
    assert (got["version"], got["address"]) == (2, "白文镇前庄13号")
    assert (got["income"]["tr_eco"], got["income"]["net_income"]) == ("500.00", "3600.00")
    assert got["members"][0]["education"] == "02"
    assert got["members"][0]["id_no"] == entered["members"][0]["id_no"]
    assert got["phone"] == entered["phone"]


def test_a_person_is_added_in_part(call: Program, entered: dict[str, Any]) -> None:
    wife = {
        **card()["members"][0],
        "name": "李秀英",
        "sex": "2",
        "relation": "02",
        "id_no": make.id_number(male=False),
    }
    answer = call("PATCH", f"households/{entered['household_no']}/", {"version": 1, "members": [wife]})
    assert answer.status_code == 200, answer.content.decode()
    assert [one["name"] for one in answer.data_["members"]] == ["张建国", "李秀英"]
    assert answer.data_["income"]["net_income_pc"] == "1790.00"


def test_a_whole_change_empties_what_was_not_sent(call: Program, entered: dict[str, Any]) -> None:
    body = {name: value for name, value in entered.items() if name != "address"}
    answer = call("PUT", f"households/{entered['household_no']}/", body)
    assert answer.status_code == 400
    assert errors_of(answer)["address"][0] == "R-20"


def test_a_change_names_its_version(call: Program, entered: dict[str, Any]) -> None:
    answer = call("PATCH", f"households/{entered['household_no']}/", {"address": "别处"})
    assert errors_of(answer).keys() == {"version"}


def test_a_stale_version_is_409_with_both_versions(
    call: Program, entered: dict[str, Any], program: Connect, ai: User
) -> None:
    number = entered["household_no"]
    assert (
        program(ai)("PATCH", f"households/{number}/", {"version": 1, "address": "艾改的"}).status_code == 200
    )
    change = {"version": 1, "address": "薄改的", "phone": "13900009999"}
    answer = call("PATCH", f"households/{number}/", change)
    assert answer.status_code == 409
    got = answer.data_
    assert got["errors"][0]["message"]
    assert (got["base_version"], got["current_version"]) == (1, 2)
    assert (got["current"]["address"], got["submitted"]["address"]) == ("艾改的", "薄改的")
    assert got["current"]["version"] == 2
    assert "13900009999" not in answer.content.decode()
    conflict = next(one for one in got["conflicts"] if one["field"] == "address")
    assert (conflict["base"], conflict["theirs"], conflict["mine"]) == ("白文镇前庄12号", "艾改的", "薄改的")
    assert conflict["who"] == "艾村"


def test_a_masked_number_that_is_not_the_stored_one_is_refused(
    call: Program, entered: dict[str, Any]
) -> None:
    answer = call("PATCH", f"households/{entered['household_no']}/", {"version": 1, "phone": "*******9999"})
    assert "phone" in errors_of(answer)


def test_a_new_year_begins_from_the_last(call: Program, entered: dict[str, Any]) -> None:
    body = {**entered, "year": 2015, "version": None, "fill_date": "2015-01-05"}
    answer = call("PUT", f"households/{entered['household_no']}/", body)
    assert answer.status_code == 200, answer.content.decode()
    assert (answer.data_["year"], answer.data_["version"]) == (2015, 1)
    assert call("GET", f"households/{entered['household_no']}/").data_["year"] == 2015


def test_a_closed_year_is_read_only(
    call: Program, entered: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.services.years.is_closed", lambda year: year == 2014)
    answer = call("PATCH", f"households/{entered['household_no']}/", {"version": 1, "address": "别处"})
    assert answer.status_code == 400
    assert "已关账" in answer.data_["errors"][0]["message"]


def test_nothing_of_another_county(
    call: Program, entered: dict[str, Any], program: Connect, du: User
) -> None:
    other = program(du)
    number = entered["household_no"]
    assert other("GET", "households/", year=2014).data_["count"] == 0
    for method in ("GET", "PUT", "PATCH"):
        assert other(method, f"households/{number}/", {"version": 1}).status_code == 404
    assert other("POST", "households/", card()).status_code == 404
    assert other("GET", "households/", year=2014, division=141124000000).data_["count"] == 0
    assert call("GET", "households/", year=2014, division=KELAN).data_["count"] == 0


def test_the_auditor_reads_and_does_not_write(
    entered: dict[str, Any], program: Connect, jin: User, he: User
) -> None:
    audit = program(jin)
    number = entered["household_no"]
    assert audit("GET", f"households/{number}/").status_code == 200
    for method, address in (
        ("POST", "households/"),
        ("PUT", f"households/{number}/"),
        ("PATCH", f"households/{number}/"),
    ):
        answer = audit(method, address, card())
        assert answer.status_code == 403
        assert answer.data_["errors"][0]["message"]
    assert program(he)("GET", "households/").status_code == 403


def test_pages_and_their_order(call: Program) -> None:
    for serial in range(5):
        call("POST", "households/", card(phone=f"1380000100{serial}"))
    first = call("GET", "households/", year=2014, page_size=2).data_
    assert (first["count"], len(first["results"])) == (5, 2)
    assert "page=2" in first["next"]
    numbers = [
        one["household_no"]
        for page in (1, 2, 3)
        for one in call("GET", "households/", year=2014, page_size=2, page=page).data_["results"]
    ]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 5
    backwards = call("GET", "households/", year=2014, order="-household_no").data_["results"]
    assert [one["household_no"] for one in backwards] == numbers[::-1]
    assert call("GET", "households/", year=2014, page=9).status_code == 404
    assert call("GET", "households/", year=2014, page_size=9999).status_code == 200


def test_a_list_costs_a_constant_number_of_queries(call: Program, django_assert_max_num_queries: Any) -> None:
    for serial in range(4):
        call("POST", "households/", card(phone=f"1380000200{serial}"))
    with django_assert_max_num_queries(14) as few:
        call("GET", "households/", year=2014, page_size=1)
    with django_assert_max_num_queries(len(few)):
        call("GET", "households/", year=2014, page_size=4)


@pytest.mark.parametrize(
    "query", [{"income": "nowhere"}, {"poor_type": "77"}, {"members_min": "x"}, {"order": "secret"}]
)
def test_a_filter_that_means_nothing_is_400(call: Program, query: dict[str, str]) -> None:
    answer = call("GET", "households/", year=2014, **query)
    assert answer.status_code == 400
    assert set(errors_of(answer)) == set(query)


def test_without_a_token_or_with_a_wrong_one(client: Client) -> None:
    assert client.get("/api/v1/households/").status_code == 401
    assert client.get("/api/v1/households/", headers={"Authorization": "Token nothing"}).status_code == 401


def test_a_session_needs_its_csrf_token(bo: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(bo)
    assert browser.get("/api/v1/households/").status_code == 200
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    answer = strict.post("/api/v1/households/", card(), content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "address"), [("DELETE", "households/1411241012000001/"), ("PUT", "households/")]
)
def test_nothing_is_deleted(call: Program, method: str, address: str) -> None:
    assert call(method, address, {}).status_code == 405


def test_another_kind_of_body_is_415(call: Program) -> None:
    answer = call.client.post("/api/v1/households/", b"<a/>", content_type="text/xml", headers=call.headers)
    assert answer.status_code == 415
    assert answer.json()["errors"]


def test_too_many_calls_are_429_with_retry_after(call: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    class Two(CallerThrottle):
        rate = "2/minute"

    monkeypatch.setattr(Households, "throttle_classes", [Two])
    answers = [call("GET", "households/") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2].data_["errors"]
