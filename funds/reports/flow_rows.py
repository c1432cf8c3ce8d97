"""The entries behind each number of a document's flow: the sum of the rows is the number (一数一源)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet, Sum

from funds.codes.allotment import LineKind as K, Movement
from funds.models import Appropriation
from funds.reports.flow import NOTHING
from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from fupin.ledgers.models import Posting


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the flow: the accounts and the kinds of events whose amounts make it up; all kinds where none is named."""

    label: str
    meaning: str
    kinds: frozenset[str]
    movements: frozenset[str] = frozenset()
    sign: int = 1


def _figure(label: str, meaning: str, *kinds: str, by: tuple[str, ...] = (), sign: int = 1) -> Figure:
    return Figure(label, meaning, frozenset(kinds), frozenset(by), sign)


_ON_THE_WAY: Final = (K.CITY, K.TRANSIT)
_PLACES: Final = (K.PROJECT, K.LEDGER)

FIGURES: Final[Mapping[str, Figure]] = {
    "registered": _figure("文件金额", "经复核入账的文件金额", K.SOURCE, sign=-1),
    "at_province": _figure("省级未下达", "入账后还没有下达到县的", K.PROVINCE),
    "issued": _figure("已下达", "省级下达给县的，含还在市级和途中的", *_ON_THE_WAY, by=(Movement.ISSUE,)),
    "redistributed": _figure(
        "归还后调剂", "各县归还后由省级再安排的", *_ON_THE_WAY, by=(Movement.REDISTRIBUTE,)
    ),
    "under_way": _figure("在途", "已下达、县级尚未到账的", *_ON_THE_WAY),
    "unplaced": _figure("县级未落实", "已到账、还没有落实到项目或专账的", K.COUNTY),
    "placed": _figure("已落实", "落实到项目库项目和专账的", *_PLACES, by=(Movement.PLACE, Movement.UNPLACE)),
    "unpaid": _figure("未支付", "落实后还没有支付的", *_PLACES),
    "paid": _figure(
        "已支付", "付给农户和承建单位的，减去追回的", K.PAID, by=(Movement.PAY, Movement.RECOVER)
    ),
    "to_accept": _figure("待验收", "已支付、还没有验收合格的", K.PAID),
    "accepted": _figure("验收合格", "已支付且验收合格的", K.ACCEPTED),
    "stranded": _figure("滞留认定", "认定为滞留、应全额归还省级的", K.STRANDED, by=(Movement.STRAND,)),
    "owed": _figure("待归还", "认定滞留、还没有汇出的", K.STRANDED),
    "returning": _figure("归还在途", "县级已汇出、省级尚未到账的", K.RETURNING),
    "returned": _figure("已归还", "省级已收到的归还款", K.RETURNING, by=(Movement.RETURNED,), sign=-1),
    "pool": _figure("归还待调剂", "省级已收回、还没有再安排的", K.POOL),
}
"""The numbers of the flow by name."""


def rows_behind(
    user: User,
    appropriation: Appropriation,
    figure: Figure,
    *,
    on: date,
    county: int | None = None,
    project: int | None = None,
    ledger: str = "",
) -> QuerySet[Posting]:
    """Return the postings that make a number up by the end of a day, within the user's division; the latest first."""
    low, high = code_range(user.post.division_id) if user.post else (0, 0)
    rows = Posting.objects.filter(
        account__line__appropriation=appropriation,
        account__line__kind__in=figure.kinds,
        on__lte=on,
        division_id__gte=low,
        division_id__lt=high,
    )
    if figure.movements:
        rows = rows.filter(entry__kind__in=figure.movements)
    if county is not None:
        rows = rows.filter(account__line__county_id=county)
    if project is not None:
        rows = rows.filter(account__line__project_id=project)
    if ledger:
        rows = rows.filter(account__line__ledger=ledger)
    return rows.select_related("entry", "account", "division").order_by("-on", "-pk")


def sum_of(rows: QuerySet[Posting], figure: Figure) -> Decimal:
    """Return what the rows of a number come to, in yuan."""
    summed = rows.order_by().aggregate(sum=Sum("amount"))["sum"]
    return figure.sign * summed if summed is not None else NOTHING
