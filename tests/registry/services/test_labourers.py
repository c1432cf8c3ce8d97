"""The labourer's card: stored as one thing, derived values with it, and what it means for the household."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fupin.accounts.models import User
from registry.errors import CardRefused, StaleCard
from registry.models import Certificate, HouseholdYear, LabourerYear, Member, Training
from registry.reports.cards import read_card
from registry.reports.labourers import read_labourer
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow
from registry.services.labourers import SavedLabourer, save_labourer_card
from tests.registry.factories import TODAY, change, saved, with_member

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]

COURSE = TrainingRow(
    "县职教中心", "电焊工", date(2014, 3, 1), date(2014, 3, 20), 120, "D001", Decimal("600.00"), True
)
PAPER = CertificateRow("职业资格证书", "电焊工", "初级", "1400001", date(2014, 4, 1))


def labourer(**values: Any) -> LabourerCard:
    defaults: dict[str, Any] = {
        "year": 2014,
        "hukou": "1",
        "emp_status": "2",
        "employer": "临县宏达建筑公司",
        "job": "电焊工",
        "job_addr": "临县县城",
        "contract": True,
        "wage": Decimal("3000.00"),
        "emp_months": 8,
        "longest_stay": 8,
        "work_area": "02",
        "train_will": False,
        "plan": "介绍到县内企业",
        "measure": "电焊工培训",
        "trainings": (COURSE,),
        "certificates": (PAPER,),
    }
    return LabourerCard(**{**defaults, **values})


def save(actor: User, card: LabourerCard, version: int | None = None) -> SavedLabourer:
    member = Member.objects.get(member_no__endswith="01")
    return save_labourer_card(actor=actor, member=member, card=card, base_version=version, on=TODAY)


def test_a_card_comes_back_as_it_was_entered_and_tells_the_household(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        assert first.household_year.is_zero_employment is True
        row = save(ai, labourer()).labourer_year
        assert (row.version, row.stable_emp, row.is_away_youth) == (1, True, False)
        expected = replace(labourer(), member_no=row.member.member_no)
        assert read_labourer(LabourerYear.objects.get()) == expected
        household_year = HouseholdYear.objects.select_related("household").get()
        assert (household_year.is_zero_employment, household_year.version) == (False, 1)
        save(ai, labourer(emp_status="6", unemp_reason="企业停产"), version=1)
        assert HouseholdYear.objects.get().is_zero_employment is True


def test_rows_are_changed_added_and_taken_off_by_their_key(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        saved(ai)
        save(ai, labourer())
        before = Training.objects.get().pk
        second = replace(COURSE, job="家政服务员", start=date(2014, 5, 1), end=date(2014, 5, 9))
        save(ai, labourer(trainings=(replace(COURSE, hours=160), second), certificates=()), version=1)
        assert dict(Training.objects.values_list("pk", "hours"))[before] == 160
        assert (Training.objects.count(), Certificate.objects.count()) == (2, 0)


def test_errors_refuse_and_the_second_is_told_of_the_first(ai: User, tong: User, in_scope: Scope) -> None:
    with in_scope(ai):
        saved(ai)
        with pytest.raises(CardRefused) as refused:
            save(ai, labourer(employer=None, emp_months=13))
        assert {f.field for f in refused.value.findings} == {"employer", "emp_months"}
        save(ai, labourer())
        with pytest.raises(StaleCard) as stale:
            save(ai, labourer(job="瓦工"))
        (conflict,) = stale.value.conflicts
        assert (conflict.label, conflict.theirs, conflict.mine, conflict.who) == (
            "工种",
            "电焊工",
            "瓦工",
            "艾村",
        )


def test_a_member_with_a_labourer_card_is_not_just_taken_off(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first = saved(ai)
        save(ai, labourer())
        read = with_member(read_card(first.household_year), 1, relation="01")
        with pytest.raises(CardRefused, match="已有劳动力卡"):
            change(ai, first, replace(read, members=read.members[1:]))
