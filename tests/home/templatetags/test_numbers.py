"""How figures are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fupin.home.templatetags import numbers


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (1234567, 0, "1,234,567"),
        (Decimal("2371.995"), 2, "2,372.00"),  # half up, as the standard rounds
        (Decimal(-428), 2, "−428.00"),
        (0, 0, "0"),
        (None, 2, "—"),
    ],
)
def test_number(value: Decimal | int | None, places: int, written: str) -> None:
    assert numbers.number(value, places) == written


def test_wan_is_ten_thousand_yuan() -> None:
    assert numbers.wan(Decimal(12600000)) == "1,260.00"


@pytest.mark.parametrize(("value", "written"), [(70, "+70.00"), (-428, "−428.00"), (0, "0.00"), (None, "—")])
def test_signed(value: int | None, written: str) -> None:
    assert numbers.signed(value) == written


def test_days_and_moments_are_local() -> None:
    late = datetime(2014, 4, 28, 16, 30, tzinfo=UTC)  # half past midnight of the 29th in Taiyuan
    assert numbers.day(date(2014, 4, 29)) == "2014-04-29"
    assert numbers.day(late) == "2014-04-29"
    assert numbers.moment(late) == "2014-04-29 00:30"


@pytest.mark.parametrize(("value", "written"), [(True, "是"), (False, "否"), (None, "—")])
def test_yes_no(value: bool | None, written: str) -> None:
    assert numbers.yes_no(value) == written


def test_coded_escapes_and_keeps_the_code() -> None:
    assert numbers.coded("01", "<因病>") == '<span class="code">01</span>&lt;因病&gt;'
    assert numbers.coded(None, "") == "—"
