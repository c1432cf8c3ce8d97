"""`/api/v1/measures/`: what was done, for whom, whether it arrived and what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fupin.accounts.models import User
from registry.models import AssistMeasure, AssistPerson, Household
from registry.services.help.measures import deliver, record_effect, withdraw_measure
from tests.conftest import KELAN, VILLAGE
from tests.registry.api.conftest import Program, errors_of
from tests.registry.helping import helper, left, registered

pytestmark = pytest.mark.django_db
Connect = Callable[[User], Program]
Scope = Callable[[User], AbstractContextManager[User]]


@pytest.fixture
def household(bo: User, in_scope: Scope) -> Household:
    with in_scope(bo):
        return registered(bo)


@pytest.fixture
def person(bo: User, in_scope: Scope) -> AssistPerson:
    with in_scope(bo):
        return helper(bo)


@pytest.fixture
def sent(household: Household, person: AssistPerson) -> dict[str, Any]:
    return {
        "village_code": str(VILLAGE),
        "on": "2014-08-01",
        "kind": "01",
        "content": "补助购买种羊",
        "money_source": "县级财政专项扶贫资金",
        "amount": "3000.00",
        "person_id": person.pk,
        "recipients": [{"household_no": household.household_no, "amount": "3000.00"}],
    }


def test_a_measure_is_put_down_and_followed_to_its_effect(
    sent: dict[str, Any], bo: User, program: Connect, in_scope: Scope
) -> None:
    call = program(bo)
    answer = call("POST", "measures/", sent)
    assert answer.status_code == 201, answer.content.decode()
    row = answer.data_["recipients"][0]
    assert (answer.data_["amount"], row["amount"], row["delivered"], row["reached"]) == (
        "3000.00",
        "3000.00",
        None,
        False,
    )
    assert row["effect_due_on"] == "2015-08-01"
    with in_scope(bo):
        recipient = AssistMeasure.objects.get().recipients.get()
        day = date(2014, 9, 1)
        deliver(
            actor=bo,
            recipient=recipient,
            on=day,
            by="IN_KIND",
            amount=Decimal(3000),
            signed_by="张建国",
            today=day,
        )
        record_effect(
            actor=bo,
            recipient=recipient,
            on=day,
            income_gain=Decimal(2200),
            jobs=0,
            contribution="羊已产羔",
            confirmed_by="张建国",
            today=day,
        )
    got = call("GET", answer.data_["url"].split("/api/v1/")[1]).data_
    row = got["recipients"][0]
    assert (row["delivered"], row["reached"], row["deliveries"][0]["by"]) == ("3000.00", True, "IN_KIND")
    assert (row["effects"][0]["income_gain"], row["effects"][0]["confirmed_on"]) == ("2200.00", "2014-09-01")


def test_who_has_left_is_refused_and_the_money_adds_up(
    sent: dict[str, Any], household: Household, bo: User, program: Connect, in_scope: Scope
) -> None:
    call = program(bo)
    over = call("POST", "measures/", {**sent, "amount": "2999.99"})
    assert "超过措施金额" in errors_of(over)[""][1]
    with in_scope(bo):
        left(household, date(2014, 7, 1))
    gone = call("POST", "measures/", sent)
    assert gone.status_code == 400
    assert "不再享受扶贫政策" in errors_of(gone)[""][1]
    assert call("GET", "measures/").data_["count"] == 0


def test_what_is_not_there_is_named_all_at_once(sent: dict[str, Any], bo: User, program: Connect) -> None:
    wrong = {
        **sent,
        "village_code": "140929100200",
        "person_id": 0,
        "plan_id": 0,
        "recipients": [{"household_no": "1409291002000001", "member_no": "140929100200000101"}],
    }
    answer = program(bo)("POST", "measures/", wrong)
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {
        "village_code",
        "person_id",
        "plan_id",
        "recipients[0].household_no",
        "recipients[0].member_no",
    }
    plain = program(bo)("POST", "measures/", {"kind": "xx", "amount": "-1"})
    assert {"kind", "amount", "on", "content", "person_id", "village_code"} <= set(errors_of(plain))


def test_another_county_and_other_posts(
    sent: dict[str, Any], bo: User, du: User, jin: User, kang: User, program: Connect
) -> None:
    made = program(bo)("POST", "measures/", sent).data_["id"]
    assert program(du)("GET", f"measures/{made}/").status_code == 404
    assert program(du)("GET", "measures/").data_["count"] == 0
    assert program(du)("GET", "measures/", division=KELAN).data_["count"] == 0
    assert program(jin)("GET", f"measures/{made}/").status_code == 200
    assert program(jin)("POST", "measures/", sent).status_code == 403
    assert program(kang)("GET", "measures/").status_code == 403
    assert program(bo)("PUT", f"measures/{made}/", sent).status_code == 405


def test_the_list_is_asked_and_costs_the_same_for_many(
    sent: dict[str, Any],
    household: Household,
    bo: User,
    program: Connect,
    in_scope: Scope,
    django_assert_max_num_queries: Any,
) -> None:
    call = program(bo)
    for day in ("2014-08-01", "2014-08-02", "2014-08-03"):
        assert call("POST", "measures/", {**sent, "on": day}).status_code == 201
    with in_scope(bo):
        first = AssistMeasure.objects.order_by("on")[0]
        withdraw_measure(actor=bo, measure=first, on=date(2014, 8, 4), reason="重复登记")
    results = call("GET", "measures/").data_["results"]
    assert [one["on"] for one in results] == ["2014-08-03", "2014-08-02", "2014-08-01"]
    assert len(results[2]["recipients"]) == 1, "a withdrawn one still says whom it was for"
    assert call("GET", "measures/", state="withdrawn").data_["count"] == 1
    assert call("GET", "measures/", since="2014-08-02", until="2014-08-02").data_["count"] == 1
    assert call("GET", "measures/", household_no=household.household_no, kind="01").data_["count"] == 3
    assert call("GET", "measures/", kind="99").data_["count"] == 0
    assert call("GET", "measures/", since="soon").status_code == 400
    with django_assert_max_num_queries(20) as few:
        call("GET", "measures/", page_size=1)
    with django_assert_max_num_queries(len(few)):
        call("GET", "measures/")
