"""Where the money of a document went, and where it stands: one reading of the books for page, drawing, export and proof (policy §6).

Everything is summed from postings of the fund line, so that what came in equals what went on plus what is left at every stop, and the
balances of a document add up to nothing. Amounts are yuan; the day is a business day, its end.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import Max, Min, Sum

from funds.codes.allotment import LineKind as K, Movement, NamedLedger
from funds.models import Appropriation
from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from fupin.divisions.models import Division
from fupin.ledgers.models import Posting
from projects.models import Project

NOTHING: Final = Decimal("0.00")


@dataclass(slots=True)
class Stream:
    """What happened to money at one project or named ledger of a county; or at a county before it was placed anywhere."""

    key: str
    name: str
    project: Project | None = None
    placed: Decimal = NOTHING
    unpaid: Decimal = NOTHING
    paid: Decimal = NOTHING
    """Net of what was recovered."""
    accepted: Decimal = NOTHING
    stranded: Decimal = NOTHING
    placed_on: date | None = None
    paid_on: date | None = None
    accepted_on: date | None = None

    @property
    def to_accept(self) -> Decimal:
        """Paid, and not yet accepted."""
        return self.paid - self.accepted

    @property
    def adds_up(self) -> bool:
        """Tell whether what was placed is what was paid, stranded, or is left."""
        return self.placed == self.paid + self.stranded + self.unpaid


@dataclass(slots=True)
class CountyFlow:
    """A county's part of a document's money."""

    division: Division
    issued: Decimal = NOTHING
    redistributed: Decimal = NOTHING
    """What came to it of other counties' returned money."""
    under_way: Decimal = NOTHING
    unplaced: Decimal = NOTHING
    stranded_unplaced: Decimal = NOTHING
    owed: Decimal = NOTHING
    returning: Decimal = NOTHING
    returned: Decimal = NOTHING
    issued_on: date | None = None
    received_on: date | None = None
    streams: list[Stream] = field(default_factory=list)

    @property
    def came(self) -> Decimal:
        """All that was meant for the county."""
        return self.issued + self.redistributed

    @property
    def received(self) -> Decimal:
        """What has come into the county's account."""
        return self.came - self.under_way

    @property
    def placed(self) -> Decimal:
        """What lies on projects and named ledgers, or went through them."""
        return sum((stream.placed for stream in self.streams), NOTHING)

    @property
    def paid(self) -> Decimal:
        """What has been paid out."""
        return sum((stream.paid for stream in self.streams), NOTHING)

    @property
    def accepted(self) -> Decimal:
        """What stands accepted."""
        return sum((stream.accepted for stream in self.streams), NOTHING)

    @property
    def unpaid(self) -> Decimal:
        """What lies on projects and ledgers."""
        return sum((stream.unpaid for stream in self.streams), NOTHING)

    @property
    def stranded(self) -> Decimal:
        """All that was recognised as stranded, returned or not."""
        return self.stranded_unplaced + sum((stream.stranded for stream in self.streams), NOTHING)

    @property
    def left(self) -> Decimal:
        """What the county has not put to its use yet, and not sent back."""
        return self.under_way + self.unplaced + self.unpaid + self.owed

    @property
    def adds_up(self) -> bool:
        """Tell whether all that came is placed, unplaced, under way or stranded, and all that is stranded is owed, on its way or back."""
        whole = self.under_way + self.unplaced + self.stranded_unplaced + self.placed
        return (
            self.came == whole
            and self.stranded == self.owed + self.returning + self.returned
            and all(stream.adds_up for stream in self.streams)
        )


@dataclass(slots=True)
class Flow:
    """A document's money on a day, as far as the reader's division reaches."""

    appropriation: Appropriation
    on: date
    whole: bool
    """Whether the reader sees all of it: only the province does."""
    registered: Decimal = NOTHING
    at_province: Decimal = NOTHING
    pool: Decimal = NOTHING
    counties: list[CountyFlow] = field(default_factory=list)

    def total(self, name: str) -> Decimal:
        """Return the sum of one of the counties' figures."""
        return sum((getattr(county, name) for county in self.counties), NOTHING)

    @property
    def came(self) -> Decimal:
        """All that was meant for counties."""
        return self.total("came")

    @property
    def redistributed(self) -> Decimal:
        """What of the returned money was given to counties again."""
        return self.total("redistributed")

    @property
    def left(self) -> Decimal:
        """Everything that has not reached its use: with the province, the cities, the counties, or on its way back."""
        return self.at_province + self.pool + self.total("left") + self.total("returning")

    @property
    def used(self) -> Decimal:
        """What was paid out and not recovered."""
        return self.total("paid")

    @property
    def adds_up(self) -> bool:
        """Tell whether the flow adds up from the document down and from what was paid up; a county's reader proves his part."""
        parts = all(county.adds_up for county in self.counties)
        if not self.whole:
            return parts
        down = self.registered == self.at_province + self.total("issued")
        back = self.total("returned") == self.pool + self.redistributed
        up = self.registered == self.used + self.left
        return parts and down and back and up


def flow_of(user: User, appropriation: Appropriation, *, on: date) -> Flow:
    """Return the flow of a document's money by the end of a day, within the user's division; a query each for sums, projects, places."""
    low, high = code_range(user.post.division_id) if user.post else (0, 0)
    flow = Flow(appropriation, on, whole=low <= appropriation.division_id < high)
    sums = _sums(appropriation, on, low, high)
    projects = Project.objects.in_bulk({row.project for row in sums if row.project})
    places = Division.objects.in_bulk({row.county for row in sums if row.county})
    counties = {code: CountyFlow(place) for code, place in places.items()}
    streams: dict[tuple[int, str], Stream] = {}
    for row in sums:
        if row.county is None:
            _at_province(flow, row)
        elif row.kind in _PLACED:
            key = f"project{row.project}" if row.project else f"ledger{row.ledger}"
            if (row.county, key) not in streams:
                project = projects[row.project] if row.project else None
                name = project.name if project else NamedLedger(row.ledger).label
                streams[row.county, key] = Stream(key, name, project)
                counties[row.county].streams.append(streams[row.county, key])
            _at_project(streams[row.county, key], row)
        else:
            _at_county(counties[row.county], row, sees_city=high - low > _COUNTY_WIDE)
    flow.counties = sorted(counties.values(), key=lambda one: (-one.came, one.division.pk))
    for one in flow.counties:
        one.streams.sort(key=lambda stream: (-stream.placed, stream.key))
    return flow


_PLACED: Final = frozenset({K.PROJECT, K.LEDGER, K.PAID, K.ACCEPTED})
_COUNTY_WIDE: Final = 10**6


class _Row(NamedTuple):
    """What accounts of one kind and place gained by one kind of event, and when first and last."""

    kind: str
    county: int | None
    project: int | None
    ledger: str
    what: str
    net: Decimal
    first: date
    last: date


def _sums(appropriation: Appropriation, on: date, low: int, high: int) -> list[_Row]:
    """Return the sums of a document's postings within a range of divisions; a reversal takes off what it reverses."""
    postings = Posting.objects.filter(
        account__line__appropriation=appropriation, on__lte=on, division_id__gte=low, division_id__lt=high
    )
    return [
        _Row(*row)
        for row in postings.order_by()
        .values_list(
            "account__line__kind",
            "account__line__county",
            "account__line__project",
            "account__line__ledger",
            "entry__kind",
        )
        .annotate(net=Sum("amount"), first=Min("on"), last=Max("on"))
    ]


def _at_province(flow: Flow, row: _Row) -> None:
    if row.kind == K.SOURCE:
        flow.registered -= row.net
    elif row.kind == K.PROVINCE:
        flow.at_province += row.net
    else:
        flow.pool += row.net


def _at_county(county: CountyFlow, row: _Row, *, sees_city: bool) -> None:
    if row.kind in {K.CITY, K.TRANSIT}:
        county.under_way += row.net
        if row.what == Movement.ISSUE or (row.what == Movement.PASS and not sees_city):
            county.issued += row.net
            county.issued_on = min(county.issued_on or row.first, row.first)
        elif row.what == Movement.REDISTRIBUTE:
            county.redistributed += row.net
    elif row.kind == K.COUNTY:
        county.unplaced += row.net
        if row.what == Movement.RECEIVE:
            county.received_on = row.first
        elif row.what == Movement.STRAND:
            county.stranded_unplaced -= row.net
    elif row.kind == K.STRANDED:
        county.owed += row.net
    else:
        county.returning += row.net
        if row.what == Movement.RETURNED:
            county.returned -= row.net


def _at_project(stream: Stream, row: _Row) -> None:
    if row.kind in {K.PROJECT, K.LEDGER}:
        stream.unpaid += row.net
        if row.what in {Movement.PLACE, Movement.UNPLACE}:
            stream.placed += row.net
            stream.placed_on = min(stream.placed_on or row.first, row.first)
        elif row.what == Movement.STRAND:
            stream.stranded -= row.net
    elif row.kind == K.ACCEPTED:
        stream.accepted += row.net
        stream.accepted_on = row.last
    elif row.what in {Movement.PAY, Movement.RECOVER}:
        stream.paid += row.net
        stream.paid_on = max(stream.paid_on or row.last, row.last)
