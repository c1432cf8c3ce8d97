"""An already announced list onto the register: two persons, the announcement attached, and no other way."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.sheets import deciding, receiving
from fupin.sheets.models import ImportBatch
from registry.errors import StepRefused
from registry.models import AnnouncedApproval, AnnouncedList, Household, HouseholdOrigin
from registry.services.announced import Announcement, approve_list, propose_list
from tests.conftest import LINXIAN, person
from tests.registry import factories as make
from tests.registry.workbooks import rows_of, workbook

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]
ABOUT = Announcement(2013, "2011 年省定标准", "临县 2013 年名册", "临政发〔2013〕5号", date(2013, 12, 1))


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")


@pytest.fixture
def approver(db: None) -> User:
    return person("pi", Role.COUNTY_APPROVE, LINXIAN, full_name="皮批")


def quiet(_done: int, _total: int | None, _words: str) -> None:
    """Look at nothing."""


@pytest.fixture
def batch(bo: User, chen: User, in_scope: Scope) -> ImportBatch:
    """Two households that a workbook made, and one whose member has no papers yet."""
    cards = [
        make.card(),
        make.card(phone="13800000002"),
        make.card(make.member(id_type="90", id_no=None, birth_date=date(1970, 5, 6)), phone="13800000003"),
    ]
    with in_scope(bo):
        sent = receiving.receive(kind="households", files=[workbook(rows_of(cards))], actor=bo)
    sent = receiving.stage(sent, on=make.TODAY, told=quiet)
    with in_scope(chen):
        deciding.decide(batch=sent, mode="ALL", actor=chen)
    sent = ImportBatch.objects.select_related("post__division", "uploaded_by").get(pk=sent.pk)
    return deciding.apply(sent, actor=chen, on=make.TODAY, told=quiet)


def proposed_by(actor: User, batch: ImportBatch, in_scope: Scope) -> AnnouncedList:
    with in_scope(actor):
        upload = SimpleUploadedFile("公告.png", b"\x89PNG\r\n\x1a\n" + bytes(20))
        return propose_list(actor=actor, batch=batch, about=ABOUT, upload=upload)


def statuses() -> list[str]:
    return sorted(Household.objects.values_list("status", flat=True))


def test_two_persons_of_the_county_register_it(
    bo: User, chen: User, approver: User, batch: ImportBatch, in_scope: Scope
) -> None:
    proposed = proposed_by(bo, batch, in_scope)
    with in_scope(chen):
        approve_list(actor=chen, proposed=proposed, opinion="与原名册一致")
        assert statuses() == ["D", "D", "D"]
        with pytest.raises(StepRefused, match="两次"):
            approve_list(actor=chen, proposed=proposed, opinion="再签一次")
    with in_scope(approver):
        approve_list(actor=approver, proposed=proposed, opinion="同意迁移")
        assert statuses() == ["D", "N", "N"]
        assert set(HouseholdOrigin.objects.values_list("of_list__old_standard", "of_list__source")) == {
            ("2011 年省定标准", "临县 2013 年名册")
        }
        registered = Household.objects.filter(status="N")
        assert set(registered.values_list("first_identified_year", flat=True)) == {2013}


def test_neither_sender_nor_stranger_signs(bo: User, chen: User, batch: ImportBatch, in_scope: Scope) -> None:
    proposed = proposed_by(bo, batch, in_scope)
    for role in (Role.COUNTY_REVIEW, Role.COUNTY_ENTRY):
        with in_scope(bo), pytest.raises(IntegrityError), transaction.atomic():
            AnnouncedApproval.objects.create(
                division_id=LINXIAN, of_list=proposed, by=bo, role=role, opinion="自己批自己"
            )
    with in_scope(chen), pytest.raises(IntegrityError), transaction.atomic():
        AnnouncedApproval.objects.create(
            division_id=LINXIAN, of_list=proposed, by=chen, role=Role.COUNTY_APPROVE, opinion="没有的岗位"
        )


def test_a_list_needs_an_import_that_was_written(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        waiting = receiving.receive(kind="households", files=[workbook(rows_of([make.card()]))], actor=bo)
    with pytest.raises(StepRefused, match="先导入"):
        proposed_by(bo, waiting, in_scope)


def test_an_undone_import_registers_nobody(
    bo: User, chen: User, approver: User, batch: ImportBatch, in_scope: Scope
) -> None:
    proposed = proposed_by(bo, batch, in_scope)
    with in_scope(chen):
        deciding.ask_to_undo(batch=batch, actor=chen, reason="名册有误")
    again = ImportBatch.objects.select_related("post__division", "uploaded_by").get(pk=batch.pk)
    deciding.undo(again, actor=chen, on=make.TODAY, told=quiet)
    with in_scope(approver), pytest.raises(StepRefused, match="撤销"):
        approve_list(actor=approver, proposed=proposed, opinion="同意")
    assert statuses() == ["Z", "Z", "Z"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_household SET status = 'N'",
        "UPDATE registry_household SET first_identified_year = 2013",
        "INSERT INTO registry_householdorigin SELECT NULL, h.division, now(), h.id, l.id FROM registry_household h, registry_announcedlist l",  # noqa: E501
        "UPDATE registry_announcedlist SET batch_id = batch_id",
        "DELETE FROM registry_announcedapproval",
        "SELECT registry_register_announced()",
    ],
)
def test_the_database_knows_no_other_way(
    statement: str, bo: User, batch: ImportBatch, in_scope: Scope
) -> None:
    proposed_by(bo, batch, in_scope)
    with in_scope(bo), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
