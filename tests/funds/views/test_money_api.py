"""`/api/v1/appropriations/` and `/api/v1/allotments/`: read as the pages show them, amounts as text with two decimals."""

import pytest
from django.urls import reverse

from tests.conftest import KELAN, LINXIAN, browser_of
from tests.funds.money import one_of_each, treasury

pytestmark = pytest.mark.django_db


def test_a_county_reads_its_own_money_and_no_other() -> None:
    people = treasury()
    own, other = one_of_each(LINXIAN, "修路"), one_of_each(KELAN, "修桥")
    county, province = browser_of(people.county), browser_of(people.drafter)
    listed = county.get(reverse("api:allotments-list")).json()
    assert [row["amount_yuan"] for row in listed["results"]] == ["60.00"]
    assert listed["results"][0]["county_code"] == str(LINXIAN)
    assert county.get(reverse("api:allotments-detail", args=[own["allotment_pk"]])).status_code == 200
    assert county.get(reverse("api:allotments-detail", args=[other["allotment_pk"]])).status_code == 404
    assert county.get(reverse("api:appropriations-detail", args=[other["document_pk"]])).status_code == 404
    assert province.get(reverse("api:appropriations-list")).json()["count"] == 2
    one = province.get(reverse("api:appropriations-detail", args=[own["document_pk"]])).json()
    assert (one["amount_yuan"], one["due_on"], one["fiscal_year"]) == ("100.00", None, 2014)
    assert county.get(reverse("api:allotments-list"), {"year": "x"}).status_code == 400
