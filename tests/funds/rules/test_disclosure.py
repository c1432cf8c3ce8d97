"""What is published before money is paid: the example of funds F-07."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.disclosure import (
    DisclosureLevel,
    Element,
    earliest_payment,
    missing_elements,
    payment_refusals,
    undisclosed_share,
)

VILLAGE, COUNTY, ABOVE = DisclosureLevel
POSTED = {VILLAGE: date(2014, 6, 3), COUNTY: date(2014, 6, 3)}


def test_the_worked_example() -> None:
    """Posted 2014-06-03 for ten days: over at the end of 06-13, paid from 06-14."""
    assert earliest_payment(POSTED) == date(2014, 6, 14)
    assert payment_refusals(POSTED, on=date(2014, 6, 13)) == {"": "公示期未满，2014-06-14 起方可拨付"}
    assert payment_refusals(POSTED, on=date(2014, 6, 14)) == {}


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "行政村、县级未公示，不得拨付"),
        ({VILLAGE: date(2014, 6, 3)}, "县级未公示，不得拨付"),
        ({COUNTY: date(2014, 6, 3), VILLAGE: None}, "行政村未公示，不得拨付"),
        ({VILLAGE: date(2014, 6, 3), COUNTY: date(2014, 6, 5)}, "公示期未满，2014-06-16 起方可拨付"),
    ],
)
def test_village_and_county_bar_payment(posted: dict[DisclosureLevel, date | None], said: str) -> None:
    assert payment_refusals(posted, on=date(2014, 6, 14)) == {"": said}


def test_above_the_county_nothing_is_barred() -> None:
    assert payment_refusals({**POSTED, ABOVE: None}, on=date(2014, 6, 14)) == {}
    assert undisclosed_share(Decimal(400), Decimal(100)) == Decimal("75.00")


def test_an_open_objection_bars_it() -> None:
    assert payment_refusals(POSTED, on=date(2014, 6, 14), open_objections=2) == {
        "": "公示有 2 件异议未办结，不得拨付"
    }


def test_the_elements_of_a_notice() -> None:
    plan = {one.value: "有" for one in Element if one is not Element.RESULT}
    assert missing_elements(plan, finished=False) == []
    assert missing_elements(plan, finished=True) == [Element.RESULT]
    assert missing_elements({**plan, "phone": " "}, finished=False) == [Element.PHONE]
    assert len(Element) == 8
