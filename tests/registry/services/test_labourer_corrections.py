"""A labourer's card of a closed year: put right by a slip that another person approves, and by nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from registry.errors import CardRefused, SlipRefused, YearClosed
from registry.models import CorrectionSlip, LabourerYear, SlipStatus, Training, YearClose
from registry.reports.labourers import read_labourer
from registry.services.corrections import decide_correction
from registry.services.labourer_corrections import FACTS, propose_labourer_correction
from registry.services.labourers import save_labourer_card
from registry.services.years import close_year
from tests.conftest import as_owner
from tests.registry.factories import TODAY, card, member, saved
from tests.registry.services.test_labourers import COURSE, labourer

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])

Scope = Callable[[User], AbstractContextManager[User]]
CARD = labourer(year=2013, trainings=(replace(COURSE, start=date(2013, 3, 1), end=date(2013, 3, 20)),), certificates=())  # fmt: skip


@pytest.fixture
def closed(tong: User, in_scope: Scope) -> LabourerYear:
    """A labourer's card of 2013, whose books are closed."""
    with in_scope(tong):
        first = saved(tong, card(member(), year=2013))
        person = first.household_year.members.select_related("member").get().member
        made = save_labourer_card(actor=tong, member=person, card=CARD, base_version=None, on=TODAY)
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    return made.labourer_year


def facts(row: LabourerYear, **changes: Any) -> dict[str, Any]:
    before = read_labourer(row)
    return {field.name: getattr(before, field.name) for field in FACTS} | changes


def asked(actor: User, row: LabourerYear, **changes: Any) -> CorrectionSlip:
    row = LabourerYear.objects.select_related("member").get(pk=row.pk)
    return propose_labourer_correction(
        actor=actor, labourer_year=row, values=facts(row, **changes), base_version=row.version,
        reason="单位名称登记有误", on=TODAY,
    )  # fmt: skip


def test_one_fills_it_in_another_approves_and_the_card_changes(
    tong: User, chen: User, closed: LabourerYear, in_scope: Scope
) -> None:
    with in_scope(tong):
        slip = asked(tong, closed, employer="太原建工集团", emp_months=9)
        assert {change["field"] for change in slip.changes} == {"employer", "emp_months"}
        assert (slip.what, slip.year) == ("劳动力卡", 2013)
        with pytest.raises(Refused):
            decide_correction(actor=tong, slip=slip, approve=True, on=TODAY)
    with in_scope(chen):
        decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)
        row = LabourerYear.objects.get(pk=closed.pk)
        assert (row.employer, row.emp_months, row.version) == ("太原建工集团", 9, 2)
        assert Training.objects.count() == 1


def test_what_it_means_for_the_household_follows(
    tong: User, chen: User, closed: LabourerYear, in_scope: Scope
) -> None:
    """Out of work, nobody in the household works any more: 零就业家庭, on the household's card of the closed year."""
    out = {
        "emp_status": "6", "employer": None, "job": None, "job_addr": None, "contract": None, "wage": None,
        "emp_months": 0, "longest_stay": 0, "work_area": None, "unemp_reason": "企业倒闭",
    }  # fmt: skip
    with in_scope(tong):
        slip = asked(tong, closed, **out)
    with in_scope(chen):
        before = closed.member_year.household_year.is_zero_employment
        decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)
        row = LabourerYear.objects.select_related("member_year__household_year").get(pk=closed.pk)
        assert (before, row.member_year.household_year.is_zero_employment) == (False, True)


def test_what_is_wrong_or_changes_nothing_makes_no_slip(
    tong: User, ai: User, closed: LabourerYear, in_scope: Scope
) -> None:
    with in_scope(tong):
        for changes, refused in (
            ({}, SlipRefused),
            ({"emp_months": 13}, CardRefused),
            ({"employer": None}, CardRefused),
        ):
            with pytest.raises(refused):
                asked(tong, closed, **changes)
        asked(tong, closed, emp_months=9)
        with pytest.raises(SlipRefused, match="已有一张待审核"):
            asked(tong, closed, emp_months=10)
    with in_scope(ai), pytest.raises(Refused):
        asked(ai, closed, emp_months=9)


def test_without_an_approved_slip_the_database_keeps_the_card(
    tong: User, chen: User, closed: LabourerYear, in_scope: Scope
) -> None:
    with in_scope(tong):
        slip = asked(tong, closed, emp_months=9)
        with pytest.raises(YearClosed):
            save_labourer_card(
                actor=tong, member=closed.member, card=replace(CARD, emp_months=9), base_version=1, on=TODAY
            )

    def write(who: User, statement: str) -> None:
        with pytest.raises(IntegrityError, match="已关账"), in_scope(who), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL app.correction_slip = '{slip.pk}'; {statement}")

    write(tong, "UPDATE registry_laboureryear SET emp_months = 9")
    with in_scope(chen):
        decide_correction(actor=chen, slip=slip, approve=True, on=TODAY)
    write(chen, "UPDATE registry_householdyear SET address = '别处'")
    write(chen, "UPDATE registry_householdyear SET is_zero_employment = true, address = '别处'")
    write(chen, "UPDATE registry_memberyear SET education = '01'")


def test_sent_back_it_leaves_the_card(tong: User, chen: User, closed: LabourerYear, in_scope: Scope) -> None:
    with in_scope(tong):
        slip = asked(tong, closed, emp_months=9)
    with in_scope(chen):
        decide_correction(actor=chen, slip=slip, approve=False, decision_note="没有依据", on=TODAY)
        assert CorrectionSlip.objects.get().status == SlipStatus.REJECTED
        assert LabourerYear.objects.get().emp_months == 8


def test_in_the_browser(
    client_for: Callable[[User], Client], tong: User, chen: User, closed: LabourerYear, in_scope: Scope
) -> None:
    clerk = client_for(tong)
    with in_scope(tong):
        no = LabourerYear.objects.select_related("member").get().member.member_no
    page = clerk.get(f"/registry/labourers/{no}/2013/")
    where = f"/registry/labourers/{no}/2013/correct/"
    assert where in page.content.decode()
    form = clerk.get(where)
    shown = {
        bound.html_name: "" if bound.value() is None else bound.value()
        for _, cells in form.context["sections"]
        for bound, _, _ in cells
    }
    typed = {**shown, "contract": "1", "train_will": "0", "employer": "太原建工集团", "version": "1"}
    asked_again = clerk.post(where, typed)
    assert (asked_again.status_code, "请填写更正理由" in asked_again.content.decode()) == (422, True)
    listed = clerk.post(where, {**typed, "slip-reason": "单位名称登记有误"})
    assert "太原建工集团" in listed.content.decode()
    assert not CorrectionSlip.objects.using("owner").exists()
    sent = clerk.post(where, {**typed, "slip-reason": "单位名称登记有误", "confirmed": "1"})
    assert sent.status_code == 302, sent.content.decode()
    reviewer = client_for(chen)
    decide = sent.headers["Location"]
    assert "劳动力卡" in reviewer.get(decide).content.decode()
    assert "（劳动力卡）" in reviewer.get("/registry/corrections/").content.decode()
    assert reviewer.post(decide, {"decision": "approve"}).status_code == 302
    with in_scope(chen):
        assert LabourerYear.objects.get().employer == "太原建工集团"
        assert YearClose.objects.exists()
