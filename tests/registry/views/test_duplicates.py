"""The queue of likely duplicates on its pages: side by side, decided, next pair, asked for as a job, taken out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fupin.accounts.models import AuditRecord, User
from fupin.home.todo import todos
from fupin.jobs.models import Job
from fupin.jobs.services.running import carry_out
from fupin.sheets import exports
from fupin.sheets.kinds import Request
from registry.codes.duplicates import DuplicateSign as Sign
from registry.models import DuplicateTicket, Household
from tests.conftest import LINXIAN
from tests.registry.factories import OTHER_VILLAGE, TODAY, card, id_number, member, saved
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
WHY = "入户核对户口簿，是两户两人"


def house(actor: User, name: str, phone: str, **values: Any) -> Household:
    return saved(actor, card(member(name=name), phone=phone, year=2013, **values)).household


@pytest.fixture
def three(bo: User, in_scope: Scope) -> tuple[Household, Household, Household]:
    """李有福 in one village on two cards, and in another village on a third."""
    with in_scope(bo):
        return (
            house(bo, "李有福", "13800000011"),
            house(bo, "李友福", "13800000012", address="白文镇前庄13号"),
            house(bo, "李有福", "13800000013", village_code=str(OTHER_VILLAGE)),
        )


@pytest.fixture
def found(three: Any, bo: User, client_for: ClientFor) -> Job:
    client = client_for(bo)
    asked = client.post("/registry/duplicates/find/", {"county": LINXIAN})
    job = Job.objects.get()
    assert asked["Location"] == f"/jobs/{job.pk}/"
    carry_out(job.pk, on=TODAY)
    job.refresh_from_db()
    return job


def test_a_county_is_looked_through_in_the_background(found: Job, bo: User, client_for: ClientFor) -> None:
    assert (found.status, found.done, found.total) == ("DONE", 5, 5)
    assert found.result["label"] == "核查（3 对）"
    shown = client_for(bo).get(found.result["url"]).content.decode()
    assert "同村同名同生日" in shown
    assert [todo.count for todo in todos(bo) if "疑似重复" in todo.label] == [3]
    assert AuditRecord.objects.filter(action="job.registry.duplicates").count() == 1


def test_the_township_sees_its_own_pairs_only(
    found: Job, tong: User, ai: User, jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(tong):
        assert {t.division_id for t in DuplicateTicket.objects.all()} <= {141124101200, 141124101000}
    assert client_for(ai).get("/registry/duplicates/").status_code == 403
    assert client_for(jin).get("/registry/duplicates/").status_code == 200


def test_two_cards_side_by_side(
    found: Job, three: Any, bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        ticket = DuplicateTicket.objects.get(signs=[Sign.NAME_VILLAGE])
    page = client_for(bo).get(f"/registry/duplicates/{ticket.pk}/").content.decode()
    assert "白文镇前庄12号" in page
    assert "白文镇前庄13号" in page
    assert page.count('class="differs"') >= 2
    assert "149901************" in page
    assert id_number(serial=1)[6:] not in page
    assert "13800000011" not in page


def test_a_decision_leads_to_the_next_pair_and_is_taken_back(
    found: Job, bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(bo)
    with in_scope(bo):
        first, second, _ = DuplicateTicket.objects.order_by("-weight", "pk")
    address = f"/registry/duplicates/{first.pk}/"
    assert client.post(f"{address}decide/", {"decision": "TWO", "reason": ""}).status_code == 422
    assert client.post(f"{address}decide/", {"decision": "JUSTIFIED", "reason": WHY}).status_code == 422
    done = client.post(f"{address}decide/", {"decision": "TWO", "reason": WHY})
    assert done["Location"] == f"/registry/duplicates/{second.pk}/"
    assert WHY in client.get(address).content.decode()
    assert first.pk in {t.pk for t in client.get("/registry/duplicates/?state=decided").context["page"]}
    assert client.post(f"{address}reopen/", {"reason": "邻居反映是同一人"})["Location"] == address
    with in_scope(bo):
        first.refresh_from_db()
        assert first.decision == ""
    assert AuditRecord.objects.filter(action="duplicate.decide", outcome="DONE", reason=WHY).count() == 1
    assert AuditRecord.objects.filter(action="duplicate.decide", outcome="REFUSED").count() == 2


def test_one_household_is_made_of_two(
    found: Job, three: Any, bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(bo)
    with in_scope(bo):
        ticket = DuplicateTicket.objects.get(signs=[Sign.NAME_VILLAGE])
        joiner = three[1].members.get().member_no
    address = f"/registry/duplicates/{ticket.pk}/merge/"
    assert joiner[:16] in client.get(f"{address}?keep=first").content.decode()
    sent = {"keep": "first", f"relation-{joiner}": "01", "reason": WHY}
    assert client.post(address, sent).status_code == 422
    done = client.post(address, {**sent, f"relation-{joiner}": "99"})
    assert done["Location"] == f"/registry/households/{three[0].household_no}/"
    with in_scope(bo):
        assert Household.objects.get(pk=three[1].pk).status == "Z"


def test_the_queue_goes_out_as_it_is_filtered(found: Job, jin: User, in_scope: Scope) -> None:
    with in_scope(jin):
        asked = Request(jin, 2013, QueryDict(f"sign={Sign.NAME_COUNTY}"))
        selection = exports.select("duplicates", asked)
        assert selection.rows.count() == 2
        cells = [selection.tables[0].resource.export_resource(row) for row in selection.rows]
        assert {row[1] for row in cells} == {"同县同名同生日"}
        log = exports.export(
            kind="duplicates",
            selection=selection,
            actor=jin,
            format="csv",
            at=timezone.now(),
            key=Job.objects.get().pk,
        )
        assert log.rows == 2


def test_pages_take_as_many_queries_however_many_pairs(
    found: Job, bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(bo)

    def counted() -> int:
        client.get("/registry/duplicates/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/registry/duplicates/").status_code == 200
        return len(queries)

    few = counted()
    with in_scope(bo):
        for serial in range(4):
            house(bo, "李有福", f"1380000002{serial}")
    client.post("/registry/duplicates/find/", {"county": LINXIAN})
    carry_out(Job.objects.latest("queued_at").pk, on=TODAY)
    with in_scope(bo):
        assert DuplicateTicket.objects.count() > 10
    assert counted() == few
