"""Labourers: listed whether they have a card or not; the card with its courses and certificates."""

from collections.abc import Callable

import pytest
from django.test import Client

from fupin.accounts.models import User
from registry.models import LabourerYear, Training
from registry.services.cards import SavedCard
from tests.conftest import VILLAGE
from tests.registry.factories import card, saved
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
CARD = f"/registry/labourers/{VILLAGE}000101/2014/"
PUPIL = f"/registry/labourers/{VILLAGE}000103/2014/"
GOOD = {
    "version": "",
    "hukou": "1",
    "emp_status": "2",
    "employer": "太原市第一建筑公司",
    "job": "瓦工",
    "job_addr": "太原市",
    "contract": "1",
    "wage": "2，400",
    "emp_months": "8",
    "longest_stay": "7",
    "train_will": "1",
    "train_job": "电工",
    "plan": "参加电工培训",
    "measure": "推荐到省内企业务工",
    "trainings-0-institution": "临县职教中心",
    "trainings-0-job": "瓦工",
    "trainings-0-start": "2014-02-10",
    "trainings-0-end": "2014-03-10",
    "trainings-0-is_thousand_villages": "1",
    "certificates-3-category": "",
}


def test_the_card_is_saved_with_its_courses(
    zhang: SavedCard, ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(ai)
    assert client.get(CARD).status_code == 200
    answer = client.post(CARD, GOOD)
    assert answer.status_code == 302, answer.context["lines"]
    with in_scope(ai):
        row = LabourerYear.objects.get()
        assert (row.employer, row.wage, row.stable_emp, row.version) == ("太原市第一建筑公司", 2400, True, 1)
        assert Training.objects.get().institution == "临县职教中心"
    assert "临县职教中心" in client.get(CARD).content.decode()


def test_errors_stand_at_their_boxes(zhang: SavedCard, ai: User, client_for: ClientFor) -> None:
    wrong = {**GOOD, "employer": "", "emp_months": "八个", "trainings-0-end": "2014-01-01"}
    answer = client_for(ai).post(CARD, wrong)
    assert answer.status_code == 422
    forms = answer.context["forms"]
    assert forms.main.has_error("employer")
    assert forms.main.has_error("emp_months")
    assert forms.trainings[0].has_error("end")
    assert "八个" in answer.content.decode()


def test_the_second_of_two_is_told(zhang: SavedCard, ai: User, tong: User, client_for: ClientFor) -> None:
    client_for(tong).post(CARD, GOOD)
    answer = client_for(ai).post(CARD, {**GOOD, "job": "木工"})
    assert answer.status_code == 409
    assert "佟镇" in answer.content.decode()


def test_who_is_no_labourer_has_no_card(zhang: SavedCard, ai: User, client_for: ClientFor) -> None:
    assert client_for(ai).get(PUPIL).status_code == 404


def test_the_list_counts_those_without_a_card_too(
    ai: User, bo: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(ai):
        saved(ai, card(year=2013))
    sums = client_for(bo).get("/registry/labourers/").context["sums"]
    assert (sums["persons"], sums["women"], sums["missing"]) == (2, 1, 2)
    assert client_for(bo).get("/registry/labourers/", {"q": "zjg"}).context["page"].paginator.count == 1
    assert client_for(du).get("/registry/labourers/").context["page"].paginator.count == 0


def test_another_county_sees_no_card_and_the_auditor_writes_none(
    zhang: SavedCard, du: User, jin: User, client_for: ClientFor
) -> None:
    assert client_for(du).get(CARD).status_code == 404
    assert client_for(jin).get(CARD).status_code == 200
    assert client_for(jin).post(CARD, GOOD).status_code == 403
