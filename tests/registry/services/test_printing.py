"""Bulk prints: all cards of a village in one file with contents, a township's register, what is logged of them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from fupin.accounts.errors import Refused
from fupin.accounts.models import AuditRecord, User
from fupin.accounts.roles import Role
from fupin.divisions.models import Division
from fupin.jobs.models import Job
from fupin.jobs.services.running import carry_out
from fupin.sheets import exports
from fupin.sheets.models import ExportLog
from registry.errors import PrintRefused
from registry.models import HouseholdYear, PrintedSheet, Village
from registry.prints.batches import household_manuscripts, index_pages
from registry.prints.household import household_card_records
from registry.prints.scanning import Verdict, scanned
from registry.prints.township import township_register_record
from registry.services.printing import print_cards, print_register
from tests.conftest import BAIWEN, LINXIAN, VILLAGE, person
from tests.registry.factories import OTHER_VILLAGE, TODAY, card, member, pupil, saved, wife
from tests.registry.prints.samples import IMPRINT
from tests.registry.standing import put
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def stand(actor: User, serial: int, *, village: int = VILLAGE, status: str = "N") -> HouseholdYear:
    people = (member(name=f"郝{'甲乙丙丁戊'[serial]}"), wife(), pupil())
    done = saved(actor, card(*people, phone=f"1380000001{serial}", village_code=str(village)))
    put(done.household, status)
    return done.household_year


@pytest.fixture
def cards(bo: User, in_scope: Scope) -> list[HouseholdYear]:
    """Three households on the register in one village, one in another; a draft that is not printed."""
    with in_scope(bo):
        Village.objects.create(division_id=VILLAGE, village_attr="1", entered_by=bo)
        found = [stand(bo, serial) for serial in range(3)]
        stand(bo, 3, status="D")
        return [*found, stand(bo, 4, village=OTHER_VILLAGE)]


def pages_of(log: ExportLog) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(exports.path_of(log)).pages]


def printed(act: Any, actor: User, code: int, key: Any = None) -> ExportLog:
    import uuid

    division = Division.objects.get(pk=code)
    log: ExportLog = act(
        actor=actor, division=division, year=2014, at=timezone.now(), key=key or uuid.uuid4()
    )
    return log


def test_all_cards_of_a_township_in_one_file(cards: list[HouseholdYear], tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        log = printed(print_cards, tong, BAIWEN)
        pages = pages_of(log)
        assert (log.rows, log.persons, log.format) == (4, 12, "pdf")
        assert len(pages) == index_pages(4) + 4 * 2
        assert log.sums["户卡"] == {"张数": "4", "页数": "9"}
        sheets = list(PrintedSheet.objects.order_by("pk"))
        assert [sheet.number[-4:] for sheet in sheets] == ["0001", "0002", "0003", "0001"]
        assert sheets[3].number.startswith(str(OTHER_VILLAGE))
        for at, sheet in enumerate(sheets):
            first = index_pages(4) + 2 * at
            assert sheet.code in pages[first]
            assert sheet.code in pages[0]
            assert f"第{sheet.version}版{sheet.code}{first + 1}" in pages[0]
            assert pages[first].count("第1页共2页") == 1
        assert "郝丁" not in "".join(pages)
        marks: Any = PdfReader(exports.path_of(log)).outline
        assert [mark["/Title"].split()[0] for mark in marks] == ["郝甲", "郝乙", "郝丙", "郝戊"]
        assert "138000000" not in "".join(pages)


def test_what_was_bound_is_known_by_a_scanner(
    cards: list[HouseholdYear], tong: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        printed(print_cards, tong, VILLAGE)
        sheet = PrintedSheet.objects.order_by("pk")[0]
        found = scanned(f"{sheet.number}/{sheet.year}/{sheet.version}/{sheet.code}", user=tong)
        assert found is not None
        assert found.verdict is Verdict.AGREES


def test_a_township_register_names_every_village_and_adds_up(
    cards: list[HouseholdYear], tong: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        log = printed(print_register, tong, BAIWEN)
        pages = pages_of(log)
        assert len(pages) == 3
        assert "全镇合计2村412" in pages[0]
        names = dict(Division.objects.filter(pk__in=[VILLAGE, OTHER_VILLAGE]).values_list("pk", "name"))
        assert all(name in pages[0] for name in names.values())
        assert "本村合计3户9" in pages[1]
        assert "全镇累计3户9" in pages[1]
        assert "全镇合计4户12" in pages[2]
        marks: Any = PdfReader(exports.path_of(log)).outline
        assert [mark["/Title"] for mark in marks] == [names[VILLAGE], names[OTHER_VILLAGE]]


def test_a_register_keeps_its_version_until_something_changed(
    cards: list[HouseholdYear], tong: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        for _ in range(2):
            printed(print_register, tong, BAIWEN)
        first, again = PrintedSheet.objects.order_by("pk")
        assert (first.version, first.code) == (again.version, again.code)
        text = f"{first.number}/2014/{first.version}/{first.code}"
        assert scanned(text, user=tong).verdict is Verdict.AGREES  # type: ignore[union-attr]
        put(cards[0].household, "K")
        assert scanned(text, user=tong).verdict is Verdict.OUTDATED  # type: ignore[union-attr]
        printed(print_register, tong, BAIWEN)
        assert PrintedSheet.objects.latest("pk").version == 2


def test_who_may_print_what(
    cards: list[HouseholdYear], bo: User, ai: User, du: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        with pytest.raises(PrintRefused, match="按村或乡镇"):
            printed(print_cards, bo, LINXIAN)
        with pytest.raises(PrintRefused, match="按乡镇"):
            printed(print_register, bo, VILLAGE)
        with pytest.raises(PrintRefused, match="没有在册的户"):
            printed(print_cards, bo, VILLAGE + 2)
        assert not PrintedSheet.objects.exists()
        assert not [path for path in exports.folder().iterdir() if path.name.startswith(".printing-")]
    for stranger in (ai, du):
        with in_scope(stranger), pytest.raises(Refused):
            printed(print_cards, stranger, VILLAGE)


def test_the_log_stays_as_it_was_written(
    cards: list[HouseholdYear], tong: User, du: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        log = printed(print_cards, tong, VILLAGE)
        for act in (
            lambda: PrintedSheet.objects.update(code="X"),
            lambda: PrintedSheet.objects.all()._raw_delete("default"),
            lambda: ExportLog.objects.update(rows=1),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                act()
        first = PrintedSheet.objects.order_by("pk")[0]
        first.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(force_insert=True)
        assert log.rows == 3
    with in_scope(du):
        assert not PrintedSheet.objects.exists()


def test_reading_takes_as_many_queries_for_more_cards(
    cards: list[HouseholdYear], bo: User, in_scope: Scope
) -> None:
    with in_scope(bo):
        rows = list(HouseholdYear.objects.select_related("household").order_by("pk"))
        counts = []
        for some in (rows[:1], rows):
            with CaptureQueriesContext(connection) as queries:
                household_card_records(some)
            counts.append(len(queries))
        assert counts[0] == counts[1]
        with CaptureQueriesContext(connection) as queries:
            township_register_record(Division.objects.get(pk=BAIWEN), 2014)
        assert len(queries) <= 5
        assert len(list(household_manuscripts([row.pk for row in rows], IMPRINT))) == 1


def test_it_is_asked_for_and_fetched(
    cards: list[HouseholdYear], tong: User, ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(tong)
    address = f"/registry/prints/{BAIWEN}/2014/"
    assert client.get("/registry/prints/")["Location"] == f"/registry/prints/{BAIWEN}/2013/"
    assert "在册 4 户" in client.get(address).content.decode()
    job = Job.objects.get(pk=client.post(address, {"what": "register"})["Location"].split("/")[2])
    carry_out(job.pk, on=TODAY)
    job.refresh_from_db()
    assert job.status == "DONE", job.message
    answer = client.get(job.result["url"])
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
    assert job.result["serial"] in client.get(address).content.decode()
    assert (
        "打印镇册" in client.get("/jobs/").content.decode() or "镇册" in client.get("/jobs/").content.decode()
    )
    assert AuditRecord.objects.filter(action="job.registry.print_register", outcome="DONE").count() == 1
    assert client_for(ai).get(address).status_code == 403
    assert client.get(f"/registry/prints/{LINXIAN}/2014/").status_code == 404


def test_a_print_about_many_people_waits_for_a_second_person(
    cards: list[HouseholdYear],
    tong: User,
    client_for: ClientFor,
    in_scope: Scope,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("registry.views.batch_prints", "fupin.sheets.documents"):
        monkeypatch.setattr(f"{module}.MOST_UNAPPROVED", 11)
    chief = person("chief", Role.COUNTY_APPROVE, LINXIAN, full_name="齐批")
    client, address = client_for(tong), f"/registry/prints/{BAIWEN}/2014/"
    with in_scope(tong), pytest.raises(exports.NotApproved):
        printed(print_cards, tong, BAIWEN)
    assert "须由另一人审批" in client.post(address, {"what": "cards"}).content.decode()
    assert client.post(address, {"what": "cards", "reason": ""}).status_code == 422
    asked = client.post(address, {"what": "cards", "reason": "入户发放扶贫手册"})["Location"]
    assert client.post(asked, {"decision": "start"}).status_code == 422
    client_for(chief).post(asked, {"decision": "approve"})
    job = Job.objects.get(pk=client.post(asked, {"decision": "start"})["Location"].split("/")[2])
    carry_out(job.pk, on=TODAY)
    job.refresh_from_db()
    assert job.status == "DONE", job.message
    log = ExportLog.objects.get(serial=job.result["serial"])
    assert (log.persons, log.approval.reason) == (12, "入户发放扶贫手册")  # type: ignore[union-attr]
