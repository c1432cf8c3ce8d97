"""What ends or moves with a household is no change of its card of a closed year."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fupin.accounts.models import User
from registry.models import HouseholdYear, MemberYear, YearClose
from registry.services.years import close_year
from tests.conftest import as_owner
from tests.registry.factories import card, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _closed() -> Iterator[None]:
    yield
    with as_owner():
        YearClose.objects.all().delete()


@pytest.mark.usefixtures("_closed")
@pytest.mark.parametrize("status", ["K", "Z"])
def test_a_household_with_a_card_of_a_closed_year_may_end(
    tong: User, in_scope: Callable[[User], Any], status: str
) -> None:
    with in_scope(tong):
        household = saved(tong, card(year=2013)).household
        put(household, "N", first_identified_year=2014)
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    with in_scope(tong):
        put(household, status, first_identified_year=2014)
        members = MemberYear.objects.filter(household_year__household=household)
        assert set(members.order_by().values_list("is_live", "holds_id")) == {(False, False)}
        with pytest.raises(IntegrityError, match="已关账"), transaction.atomic():
            HouseholdYear.objects.filter(household=household).update(address="别处")
        with pytest.raises(IntegrityError, match="已关账"), transaction.atomic():
            members.update(labor="04")
