"""Prints in the browser: a PDF in the window, known before it exists, within one's scope only."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from fupin.accounts.models import AuditRecord
from tests.conftest import VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(card, labourer_year, village_year):
    year, number = card.year, card.household.household_no
    worker = labourer_year.member.member_no
    return {
        "household.print": reverse("household_print", args=[number, year]),
        "labourer.print": reverse("labourer_print", args=[worker, year]),
        "village.print": reverse("village_print", args=[VILLAGE, year]),
    }


@pytest.mark.parametrize("act", ["household.print", "labourer.print", "village.print"])
def test_a_print_opens_in_the_window_and_is_recorded(act, addresses, ai, client_for):
    answer = client_for(ai).get(addresses[act])
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert answer["Cache-Control"] == "no-store"
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    record = AuditRecord.objects.get()
    assert (record.action, record.user_id, record.division) == (act, ai.pk, VILLAGE)
    assert record.detail["check_code"] in text
    assert "艾村" in text


@pytest.mark.parametrize("act", ["household.print", "labourer.print", "village.print"])
def test_what_lies_in_another_county_does_not_exist(act, addresses, du, client_for):
    assert client_for(du).get(addresses[act]).status_code == 404
    assert not AuditRecord.objects.filter(action=act).exists()


@pytest.mark.parametrize("who", ["he", "kang"])
def test_whoever_may_not_print_is_refused(who, addresses, request, client_for):
    user = request.getfixturevalue(who)
    assert client_for(user).get(addresses["household.print"]).status_code == 403


@pytest.mark.parametrize("who", ["tong", "bo", "chen", "fan", "gao", "jin"])
def test_whoever_may_see_the_card_may_print_it(who, addresses, request, client_for):
    user = request.getfixturevalue(who)
    assert client_for(user).get(addresses["household.print"]).status_code == 200


def test_a_year_without_a_card_has_no_print(addresses, ai, card, client_for):
    address = addresses["household.print"].replace(f"/{card.year}/", "/2019/")
    assert client_for(ai).get(address).status_code == 404


def test_a_print_changes_nothing_and_takes_no_posts(addresses, ai, client_for):
    assert client_for(ai).post(addresses["household.print"]).status_code == 405
