"""A document's money adds up both ways after whatever happens to it, and each figure is the sum of the entries behind it."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies as st

from funds.codes.allotment import LineKind as K, Movement, NamedLedger
from funds.models import Appropriation
from funds.reports.drawing import drawing_of
from funds.reports.flow import Flow, flow_of
from funds.reports.flow_rows import FIGURES, rows_behind, sum_of
from funds.rules.moves import WAYS
from funds.services.line import account_of, move
from fupin.accounts.models import User
from fupin.ledgers.errors import NotEnough
from fupin.ledgers.models import Account
from projects.models import Project
from tests.conftest import KELAN, LINXIAN, browser_of
from tests.funds.money import Treasury, document, treasury
from tests.funds.spending import planned
from tests.registry.cases import act_as

pytestmark = pytest.mark.django_db
ISSUED = date(2014, 5, 12)
SHOWN = (
    "issued",
    "redistributed",
    "under_way",
    "unplaced",
    "placed",
    "unpaid",
    "paid",
    "accepted",
    "stranded",
    "owed",
    "returned",
)


class Money:
    """A document's money, moved by hand."""

    def __init__(self) -> None:
        self.people: Treasury = treasury()
        self.document: Appropriation = document(self.people)
        act_as(self.people.county)
        self.project: Project = planned(self.people.county, stage="FUNDED")
        act_as(self.people.drafter)
        self.keys = itertools.count()
        self.move(Movement.REGISTER, K.SOURCE, K.PROVINCE, self.document.amount_yuan)

    def at(self, kind: K, county: int | None, ledger: str) -> Account:
        """The account of a kind, at a county, on the project or on a named ledger."""
        alone = kind in {K.SOURCE, K.PROVINCE, K.POOL}
        placed = kind in {K.PROJECT, K.LEDGER, K.PAID, K.ACCEPTED}
        on_ledger = placed and (kind == K.LEDGER or (ledger and kind != K.PROJECT))
        return account_of(
            kind,
            self.document,
            county=None if alone else county,
            project=self.project if placed and not on_ledger else None,
            ledger=ledger or NamedLedger.WORKING if on_ledger else "",
        )

    def move(
        self, way: Movement, source: K, target: K, yuan: Decimal | str, *,
        county: int = LINXIAN, ledger: str = "", on: date = ISSUED,
    ) -> None:  # fmt: skip
        """Move an amount on a day; NotEnough where there is not so much."""
        move(
            actor=self.people.drafter,
            movement=way,
            source=self.at(source, county, ledger),
            target=self.at(target, county, ledger),
            amount=Decimal(yuan),
            on=on,
            key=f"flow-{next(self.keys)}",
        )

    def flow(self, on: date = date(2014, 12, 31), user: User | None = None) -> Flow:
        """The flow as a person of the province sees it."""
        return flow_of(user or self.people.drafter, self.document, on=on)


@pytest.fixture
def money(db: None) -> Iterator[Money]:
    return Money()


def spend(money: Money) -> None:
    """Take 1,000 yuan to a county: 600 on a project, 100 on a ledger, 450 paid, 400 accepted, the rest back and to another county."""
    money.move(Movement.ISSUE, K.PROVINCE, K.CITY, "1000.00")
    money.move(Movement.PASS, K.CITY, K.TRANSIT, "1000.00", on=ISSUED + timedelta(5))
    money.move(Movement.RECEIVE, K.TRANSIT, K.COUNTY, "1000.00", on=ISSUED + timedelta(9))
    day = ISSUED + timedelta(20)
    money.move(Movement.PLACE, K.COUNTY, K.PROJECT, "600.00", on=day)
    money.move(Movement.PLACE, K.COUNTY, K.LEDGER, "100.00", ledger=NamedLedger.WORKING, on=day)
    money.move(Movement.PAY, K.PROJECT, K.PAID, "450.00", on=day + timedelta(1))
    money.move(Movement.ACCEPT, K.PAID, K.ACCEPTED, "400.00", on=day + timedelta(2))
    money.move(Movement.RECOVER, K.PAID, K.PROJECT, "50.00", on=day + timedelta(3))
    money.move(Movement.STRAND, K.PROJECT, K.STRANDED, "200.00", on=day + timedelta(4))
    money.move(Movement.STRAND, K.COUNTY, K.STRANDED, "60.00", on=day + timedelta(4))
    money.move(Movement.SEND, K.STRANDED, K.RETURNING, "200.00", on=day + timedelta(5))
    money.move(Movement.RETURNED, K.RETURNING, K.POOL, "200.00", on=day + timedelta(6))
    money.move(Movement.REDISTRIBUTE, K.POOL, K.TRANSIT, "150.00", county=KELAN, on=day + timedelta(7))


def test_the_flow_adds_up_both_ways(money: Money) -> None:
    spend(money)
    flow = money.flow()
    linxian, kelan = flow.counties
    assert flow.adds_up
    assert (linxian.came, linxian.unplaced, linxian.placed) == (Decimal(1000), Decimal(240), Decimal(700))
    assert (linxian.paid, linxian.accepted, linxian.unpaid) == (Decimal(400), Decimal(400), Decimal(100))
    assert (linxian.stranded, linxian.owed, linxian.returned) == (Decimal(260), Decimal(60), Decimal(200))
    assert (kelan.redistributed, kelan.under_way) == (Decimal(150), Decimal(150))
    assert flow.pool == Decimal(50)
    assert flow.used + flow.left == money.document.amount_yuan == flow.registered
    assert linxian.issued_on == ISSUED
    assert linxian.received_on == ISSUED + timedelta(9)


def test_a_past_day_shows_what_stood_then(money: Money) -> None:
    spend(money)
    flow = money.flow(on=ISSUED + timedelta(6))
    assert flow.adds_up
    assert flow.total("under_way") == Decimal(1000)
    assert flow.total("placed") == 0


def test_each_figure_is_the_sum_of_its_entries(money: Money) -> None:
    spend(money)
    flow, on = money.flow(), date(2014, 12, 31)
    user = money.people.drafter
    for county in flow.counties:
        for name in SHOWN:
            rows = rows_behind(user, money.document, FIGURES[name], on=on, county=county.division.pk)
            assert sum_of(rows, FIGURES[name]) == getattr(county, name), name
    for name in ("registered", "at_province", "pool"):
        assert sum_of(rows_behind(user, money.document, FIGURES[name], on=on), FIGURES[name]) == getattr(
            flow, name
        )


def test_a_county_sees_its_part_and_it_adds_up(money: Money) -> None:
    spend(money)
    act_as(money.people.county)
    flow = money.flow(user=money.people.county)
    assert [one.division.pk for one in flow.counties] == [LINXIAN]
    assert flow.adds_up
    assert not flow.whole
    assert flow.came == Decimal(1000)


def test_the_drawing_loses_nothing(money: Money) -> None:
    spend(money)
    flow = money.flow()
    drawing = drawing_of(flow, {}, county=LINXIAN)
    amounts = {bar.stop.key: bar.stop.amount for bar in drawing.bars}
    for key, amount in amounts.items():
        going = [ribbon.flow.amount for ribbon in drawing.ribbons if ribbon.flow.source == key]
        coming = [ribbon.flow.amount for ribbon in drawing.ribbons if ribbon.flow.target == key]
        assert not coming or sum(coming) == amount, key
        assert sum(going) <= amount, key
    assert amounts["document"] == money.document.amount_yuan


MOVES = [
    (way, source, target)
    for way, ends in WAYS.items()
    for source, target in sorted(ends)
    if way != Movement.REGISTER
]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(MOVES), st.sampled_from([LINXIAN, KELAN]), st.integers(1, 50_000_000),
            st.sampled_from(["", NamedLedger.WORKING]),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_it_adds_up_whatever_happens(
    money: Money, steps: list[tuple[tuple[Movement, K, K], int, int, str]]
) -> None:
    for (way, source, target), county, fen, ledger in steps:
        try:
            money.move(way, source, target, Decimal(fen) / 100, county=county, ledger=ledger)
        except NotEnough:
            continue
    flow = money.flow()
    assert flow.adds_up
    assert all(stream.adds_up for county in flow.counties for stream in county.streams)


def test_the_page_shows_it_and_each_number_opens(money: Money) -> None:
    spend(money)
    browser = browser_of(money.people.drafter)
    page = browser.get(
        reverse("money_flow", args=[money.document.pk]), {"on": "2014-12-31", "county": LINXIAN}
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "账不平" not in text
    assert text.count("<path d=") >= 8
    rows = browser.get(
        reverse("money_rows", args=[money.document.pk]),
        {"figure": "stranded", "on": "2014-12-31", "county": LINXIAN},
    )
    assert "滞留认定 260.00 元" in rows.content.decode()
    assert browser.get(reverse("money_rows", args=[money.document.pk]), {"figure": "none"}).status_code == 404
