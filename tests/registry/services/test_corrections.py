"""A card of a closed year: only two people put it right, and what stood there stays in the history."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from registry.errors import CardRefused, SlipRefused, StaleCard, YearClosed
from registry.models import CorrectionSlip, HouseholdYear, MemberYear, SlipStatus
from registry.reports.cards import card_history, read_card
from registry.services.cards import SavedCard
from registry.services.corrections import decide_correction, propose_correction
from registry.services.years import close_year
from tests.conftest import as_owner
from tests.registry.factories import TODAY, card, change, id_number, saved, with_member

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])

Scope = Callable[[User], AbstractContextManager[User]]


@pytest.fixture
def closed(tong: User, in_scope: Scope) -> SavedCard:
    with in_scope(tong):
        first = saved(tong, card(year=2013))
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    return first


def proposed(actor: User, closed: SavedCard, **changes: object) -> CorrectionSlip:
    read = read_card(HouseholdYear.objects.select_related("household").get(pk=closed.household_year.pk))
    number = id_number(date(1970, 5, 6))
    corrected = with_member(replace(read, address="后庄1号"), 0, id_no=number, birth_date=None)
    values = {"base_version": 1, "reason": "门牌和身份号码录错", "on": TODAY, **changes}
    return propose_correction(
        actor=actor,
        household_year=closed.household_year,
        card=corrected,
        **values,  # type: ignore[arg-type]
    )


def test_the_service_and_the_database_refuse_a_closed_year(
    tong: User, in_scope: Scope, closed: SavedCard
) -> None:
    with in_scope(tong):
        with pytest.raises(YearClosed):
            change(tong, closed, card(year=2013))
        with pytest.raises(IntegrityError, match="已关账"), transaction.atomic():
            HouseholdYear.objects.update(address="后庄1号")
        with pytest.raises(IntegrityError, match="已关账"), transaction.atomic():
            MemberYear.objects.update(education="01")


def test_two_people_correct_a_card(tong: User, chen: User, in_scope: Scope, closed: SavedCard) -> None:
    with in_scope(tong):
        slip = proposed(tong, closed)
        labels = {change["label"]: (change["old"], change["new"]) for change in slip.changes}
        assert labels["家庭住址"] == ("白文镇前庄12号", "后庄1号")
        assert labels["张建国 证件号码"] == ("149901************", "149901************（新填）")
        assert "后庄1号" not in str(slip.payload)
        with pytest.raises(SlipRefused, match="已有一张"):
            proposed(tong, closed)
    with in_scope(chen):
        decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)
        row = HouseholdYear.objects.select_related("household").get(pk=closed.household_year.pk)
        assert (row.address, row.version, row.updated_by) == ("后庄1号", 2, tong)
        changes = [c for c in card_history(row.household) if c.version == 2]
        assert {(c.label, c.old, c.new) for c in changes} >= {("家庭住址", "白文镇前庄12号", "后庄1号")}
        assert {c.reason for c in changes} == {f"更正单{slip.pk}：门牌和身份号码录错"}
        with pytest.raises(IntegrityError, match="已关账"), transaction.atomic():
            HouseholdYear.objects.update(address="前庄3号")
        with pytest.raises(SlipRefused, match="已办理"):
            decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)


def test_nobody_decides_on_his_own_slip(tong: User, chen: User, in_scope: Scope, closed: SavedCard) -> None:
    with in_scope(tong):
        slip = proposed(tong, closed)
        with pytest.raises(Refused):
            decide_correction(actor=tong, slip=slip, approve=True, on=TODAY)
    with in_scope(chen):
        CorrectionSlip.objects.update(made_by=chen)
        with pytest.raises(Refused, match="另一人"):
            decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectionSlip.objects.update(
                status="APPLIED", decided_by=chen, decided_at="2014-06-30T00:00:00+08:00"
            )


def test_a_slip_sent_back_changes_nothing(tong: User, chen: User, in_scope: Scope, closed: SavedCard) -> None:
    with in_scope(tong):
        slip = proposed(tong, closed)
    with in_scope(chen):
        with pytest.raises(SlipRefused, match="意见"):
            decide_correction(actor=chen, slip=slip, approve=False, on=TODAY)
        slip = decide_correction(actor=chen, slip=slip, approve=False, decision_note="请附户口簿", on=TODAY)
        assert slip.status == SlipStatus.REJECTED
        assert HouseholdYear.objects.get().version == 1


def test_what_is_asked_for_must_be_right_and_something(
    tong: User, in_scope: Scope, closed: SavedCard
) -> None:
    with in_scope(tong):
        read = read_card(HouseholdYear.objects.select_related("household").get())

        def ask(given: object, **values: object) -> None:
            options = {"base_version": 1, "reason": "录错", "on": TODAY, **values}
            propose_correction(actor=tong, household_year=closed.household_year, card=given, **options)  # type: ignore[arg-type]

        with pytest.raises(SlipRefused, match="没有更正事项"):
            ask(read)
        with pytest.raises(SlipRefused, match="理由"):
            ask(replace(read, address="后庄1号"), reason=" ")
        with pytest.raises(CardRefused):
            ask(replace(read, cause_main=None))
        with pytest.raises(StaleCard):
            ask(replace(read, address="后庄1号"), base_version=2)
        open_year = saved(tong, card(year=2014)).household_year
        with pytest.raises(SlipRefused, match="未关账"):
            propose_correction(
                actor=tong,
                household_year=open_year,
                card=card(year=2014),
                base_version=1,
                reason="录错",
                on=TODAY,
            )


def test_a_slip_that_has_been_overtaken_is_refused(
    tong: User, chen: User, in_scope: Scope, closed: SavedCard
) -> None:
    with in_scope(tong):
        slip = proposed(tong, closed)
    with in_scope(chen):
        CorrectionSlip.objects.update(base_version=7)
        with pytest.raises(SlipRefused, match="退回重填"), transaction.atomic():
            decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)
        assert CorrectionSlip.objects.get().status == SlipStatus.PROPOSED
