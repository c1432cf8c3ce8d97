"""The auditor's bench on its pages: questions, samples, field sheets, findings, rates; and that looking is itself recorded."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from fupin.accounts.models import AuditRecord, User
from fupin.jobs.models import Job
from fupin.jobs.services.running import carry_out
from fupin.sheets import exports
from fupin.sheets.models import ExportLog
from registry.models import HouseholdYear, Sample, SampledHousehold, SampleFinding
from registry.reports.audit import QUESTIONS
from registry.reports.audit.samples import rates
from tests.conftest import KELAN, LINXIAN
from tests.registry.factories import KELAN_VILLAGE, TODAY, VILLAGE, card, saved
from tests.registry.standing import put
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
ACCOUNT = "6228480012345678909"


def stand(actor: User, count: int, *, village: int = VILLAGE, **values: Any) -> list[HouseholdYear]:
    found = []
    for serial in range(count):
        given = card(
            year=2013, phone=f"1380{village % 1000:03}{serial:04}", village_code=str(village), **values
        )
        done = saved(actor, given)
        put(done.household, "N")
        found.append(done.household_year)
    return found


@pytest.fixture
def register(bo: User, du: User, in_scope: Scope) -> list[HouseholdYear]:
    """Six households of 临县 on the register, two of them with one account; three of 岢岚县."""
    with in_scope(bo):
        found = [*stand(bo, 4), *stand(bo, 2, bank_account=ACCOUNT, bank_name="农信社")]
    with in_scope(du):
        stand(du, 3, village=KELAN_VILLAGE)
    return found


def draw(client: Client, **values: Any) -> Any:
    sent = {
        "division": "",
        "year": "2013",
        "stratum": "TOWNSHIP",
        "size": "4",
        "seed": "0711",
        "purpose": "年度抽查",
    }
    return client.post("/registry/audit/samples/new/", {**sent, **values})


def test_every_question_has_its_page(register: list[HouseholdYear], jin: User, client_for: ClientFor) -> None:
    client = client_for(jin)
    page = client.get("/registry/audit/").content.decode()
    for code, question in QUESTIONS.items():
        assert question.name in page
        assert question.definition in page
        answer = client.get(f"/registry/audit/questions/{code}/")
        assert answer.status_code == 200, code
        assert question.definition in answer.content.decode()
    assert client.get("/registry/audit/questions/none/").status_code == 404


def test_a_question_is_asked_with_its_parameters_and_taken_out(
    register: list[HouseholdYear], jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(jin)
    address = "/registry/audit/questions/shared-account/"
    assert "请先选择区划" in client.get(address).content.decode()
    assert client.get(f"{address}?division={LINXIAN}").context["page"].paginator.count == 2
    assert client.get(f"{address}?division={KELAN}").context["page"].paginator.count == 0
    phones = "/registry/audit/questions/shared-phone/"
    assert client.get(f"{phones}?households=1").status_code == 200
    assert client.get(f"{phones}?households=x").status_code == 200
    sent = {
        "kind": "audit",
        "year": "2013",
        "query": f"question=shared-account&division={LINXIAN}",
        "format": "csv",
    }
    asked = client.post("/sheets/exports/start/", sent)
    carry_out(Job.objects.get().pk, on=TODAY)
    assert asked.status_code == 302
    log = ExportLog.objects.get()
    assert (log.kind, log.rows) == ("audit", 2)
    assert log.filters["查询"] == "同一银行账号用于几户"


def test_pages_take_as_many_queries_however_many_rows(
    register: list[HouseholdYear], bo: User, jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(jin)
    draw(client)
    sample = Sample.objects.values_list("pk", flat=True)
    with in_scope(jin):
        first = sample.get()

    def counted(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    pages = [
        f"/registry/audit/?division={LINXIAN}",
        f"/registry/audit/questions/shared-account/?division={LINXIAN}",
        "/registry/audit/samples/",
        f"/registry/audit/samples/{first}/",
    ]
    few = [counted(page) for page in pages]
    with in_scope(bo):
        for serial in range(5):
            stand(bo, 1, bank_account=ACCOUNT, bank_name="农信社", address=f"前庄{serial}号")
    draw(client, size="9", seed="0712")
    assert [counted(page) for page in pages] == few


def test_a_sample_is_drawn_checked_and_counted(
    register: list[HouseholdYear], jin: User, chen: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(jin)
    assert draw(client, size="99").status_code == 422
    assert draw(client, division=str(LINXIAN), size="0").status_code == 422
    done = draw(client, division=str(LINXIAN))
    with in_scope(jin):
        sample = Sample.objects.get()
        assert (sample.size, sample.frame, sample.drawn_by_id) == (4, 6, jin.pk)
        first, second, *_ = SampledHousehold.objects.order_by("seat")
    assert done["Location"] == f"/registry/audit/samples/{sample.pk}/"
    page = f"/registry/audit/sampled/{first.pk}/"
    assert "家庭纯收入" in client.get(page).content.decode()
    today = timezone.localdate()
    wrong = {"on": str(today), "agrees-member_count": "0", "found-member_count": ""}
    assert client.post(f"{page}find/", wrong).status_code == 422
    assert (
        client.post(
            f"{page}find/", {"on": str(today + timedelta(days=1)), "agrees-member_count": "1"}
        ).status_code
        == 422
    )
    assert client.post(f"{page}find/", {"on": str(today)}).status_code == 422
    looked = {**wrong, "found-member_count": "4", "note-member_count": "漏报一女", "agrees-net_income": "1"}
    assert client.post(f"{page}find/", looked)["Location"] == page
    assert "漏报一女" not in client.get("/registry/audit/samples/").content.decode()
    assert "所见 4" in client.get(page).content.decode()
    agreeing = {"on": str(today), "agrees-member_count": "1"}
    assert client.post(f"/registry/audit/sampled/{second.pk}/find/", agreeing).status_code == 302
    with in_scope(jin):
        (rate,) = rates(jin, 2013)
        assert (rate.county.pk, rate.drawn, rate.checked, rate.disagreeing) == (LINXIAN, 4, 2, 1)
        assert rate.rate == Decimal("50.00")
        assert SampleFinding.objects.get(agrees=False).recorded == "3"
    assert "50.00" in client.get("/registry/audit/samples/").content.decode()
    client.post(f"{page}find/", {**agreeing, "note-member_count": "再次入户核实"})
    with in_scope(jin):
        assert rates(jin, 2013)[0].disagreeing == 0
    assert client_for(chen).get(page).status_code == 200
    assert client_for(chen).post(f"{page}find/", agreeing).status_code == 403
    assert AuditRecord.objects.filter(action="sample.find", outcome="DONE").count() == 3


def test_field_sheets_are_printed_in_the_background(
    register: list[HouseholdYear], jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(jin)
    draw(client)
    with in_scope(jin):
        sample = Sample.objects.get()
    client.post(f"/registry/audit/samples/{sample.pk}/print/")
    job = Job.objects.get()
    carry_out(job.pk, on=TODAY)
    job.refresh_from_db()
    assert job.status == "DONE", job.message
    log = ExportLog.objects.get()
    reader = PdfReader(exports.path_of(log))
    assert len(reader.pages) == 4
    text = reader.pages[0].extract_text().replace(" ", "")
    assert "入户复核表" in text
    assert "家庭人口数" in text


def test_what_was_drawn_and_found_stays(
    register: list[HouseholdYear], jin: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    draw(client_for(jin), division=str(LINXIAN))

    def refused(error: type[Exception], act: Callable[[], Any]) -> None:
        with pytest.raises(error), transaction.atomic():
            act()

    with in_scope(jin):
        sample = Sample.objects.get()
        row = SampledHousehold.objects.order_by("seat")[0]
        given = {
            "division_id": row.division_id, "sampled": row, "item": "member_count", "recorded": "3", "found": "4",
            "agrees": False, "found_on": TODAY,
        }  # fmt: skip
        refused(IntegrityError, lambda: SampleFinding.objects.create(**given, by=du))
        refused(IntegrityError, lambda: SampleFinding.objects.create(**{**given, "found": ""}, by=jin))
        refused(
            IntegrityError,
            lambda: SampleFinding.objects.create(**{**given, "division_id": KELAN_VILLAGE}, by=jin),
        )
        SampleFinding.objects.create(**given, by=jin)
        refused(ProgrammingError, lambda: SampleFinding.objects.update(agrees=True))
        refused(ProgrammingError, lambda: SampledHousehold.objects.update(seat=9))
        refused(ProgrammingError, lambda: Sample.objects.update(seed="x"))
        refused(ProgrammingError, lambda: Sample.objects.all()._raw_delete("default"))
        stranger = HouseholdYear.objects.filter(division_id=KELAN_VILLAGE).order_by("pk")[0]
        refused(
            IntegrityError,
            lambda: SampledHousehold.objects.create(
                division_id=KELAN_VILLAGE,
                sample=sample,
                household_id=stranger.household_id,
                seat=99,
                card_version=1,
            ),
        )
    with in_scope(du):
        assert not Sample.objects.exists()
        assert not SampledHousehold.objects.exists()
        assert not SampleFinding.objects.exists()


def test_an_auditor_is_seen_looking(
    register: list[HouseholdYear], jin: User, bo: User, client_for: ClientFor
) -> None:
    client, number = client_for(jin), register[0].household.household_no
    client.get(f"/registry/households/{number}/2013/")
    client.get("/registry/households/?year=2013&status=N&q=zjg")
    client.get("/registry/households/", headers={"X-Background": "1"})
    client.get("/registry/households/1411241012009999/2013/")
    client_for(bo).get(f"/registry/households/{number}/2013/")
    card_look, list_look = AuditRecord.objects.filter(action="auditor.look").order_by("pk")
    assert (card_look.user_id, card_look.object_key) == (jin.pk, f"{number}/2013")
    assert list_look.detail["asked"] == {"year": ["2013"], "status": ["N"]}
    assert "zjg" not in str(list_look.detail)
