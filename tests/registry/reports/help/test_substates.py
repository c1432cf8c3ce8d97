"""The marks of households on the register, as what is put down of their help makes them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.models import User
from registry.models import AssistPlan
from registry.reports.help.substates import substates
from registry.services.attachments import add_attachment
from tests.registry.cases import picture
from tests.registry.factories import TODAY
from tests.registry.helping import paired, registered

pytestmark = pytest.mark.django_db


def test_from_nobody_to_the_signed_sheet(
    tong: User, in_scope: Callable[[User], AbstractContextManager[User]], django_assert_num_queries: Callable
) -> None:
    with in_scope(tong):
        household = registered(tong)
        other = registered(tong)

        def mark(year: int = 2014) -> str:
            return substates([household.pk, other.pk], year)[household.pk].value

        assert mark() == "N1"
        pair = paired(tong, household)
        assert mark() == "N2"
        AssistPlan.objects.create(
            division_id=household.division_id, level="HOUSEHOLD", household=household, year=2014, kind="04",
            goal="贷款养羊", due_on=date(2014, 12, 31), person=pair.person, entered_by=tong,
        )  # fmt: skip
        assert (mark(), mark(2015)) == ("N3", "N2")
        sheet = SimpleUploadedFile("签字表.png", picture())
        add_attachment(
            actor=tong, household=household, year=2014, kind="SIGNED_SHEET", upload=sheet, on=TODAY
        )
        assert mark() == "N4"
        assert substates([other.pk], 2014)[other.pk].value == "N1"
        with django_assert_num_queries(3):
            substates([household.pk, other.pk], 2014)
        assert substates([], 2014) == {}
