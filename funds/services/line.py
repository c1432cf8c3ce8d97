"""Move money of an appropriation along its line: one entry of the book FUNDS, from one of its accounts to another."""

from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from funds.codes.allotment import LineKind, Movement, NamedLedger
from funds.errors import MoneyRefused
from funds.models import Appropriation, LineAccount
from funds.rules.moves import may_move
from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE, Level, cut
from fupin.divisions.models import Division
from fupin.ledgers.models import Account, Entry
from fupin.ledgers.services import Line, open_account, post
from projects.models import Project

BOOK: Final = "FUNDS"
_AT_THE_PROVINCE: Final = frozenset({LineKind.SOURCE, LineKind.PROVINCE, LineKind.POOL})


@transaction.atomic
def account_of(
    kind: LineKind,
    appropriation: Appropriation,
    county: int | None = None,
    project: Project | None = None,
    ledger: str = "",
) -> Account:
    """Return the account where an appropriation's money stands at a place on its way, opened where it is not there yet."""
    key = f"funds/{appropriation.pk}/{kind}/{county or PROVINCE_CODE}/{project.pk if project else ledger or '-'}"
    if (found := Account.objects.filter(key=key).first()) is not None:
        return found
    division = _division(kind, county)
    whose = Division.objects.get(pk=county).name if county else ""
    what = project.name if project else str(NamedLedger(ledger).label) if ledger else ""
    title = " · ".join(part for part in (appropriation.number, whose, str(kind.label), what) if part)
    source = kind == LineKind.SOURCE
    account = open_account(
        division=division,
        book=BOOK,
        kind=kind,
        key=key,
        title=title[:120],
        low=None if source else Decimal(0),
        high=Decimal(0) if source else None,
        opened_on=appropriation.issued_on,
    )
    LineAccount.objects.get_or_create(
        account=account,
        defaults={
            "division_id": division,
            "appropriation": appropriation,
            "kind": kind,
            "county_id": county,
            "project": project,
            "ledger": ledger,
        },
    )
    return account


def _division(kind: LineKind, county: int | None) -> int:
    """Return in whose books the account stands: the province's, the city's for a county, the county's own."""
    if kind in _AT_THE_PROVINCE:
        return PROVINCE_CODE
    if county is None:
        raise ValueError(f"{kind} is of a county")
    return cut(county, Level.CITY) if kind == LineKind.CITY else county


def move(
    *,
    actor: User | None,
    movement: Movement,
    source: Account,
    target: Account,
    amount: Decimal,
    on: date,
    key: str,
    document_no: str = "",
    memo: str = "",
) -> Entry:
    """Enter that an amount went from one account of the line to another, where the wider of the two lies; return the entry.

    Raise MoneyRefused for a way that money does not go; `fupin.ledgers.errors.NotEnough` and its kin as they are.
    """
    if amount <= 0:
        raise MoneyRefused({"amount_yuan": "金额应大于 0"})
    if not may_move(movement, LineKind(source.kind), LineKind(target.kind)):
        raise MoneyRefused(f"“{movement.label}”不能从{source.title}到{target.title}")
    return post(
        actor=actor,
        division=min(source.division_id, target.division_id),
        book=BOOK,
        kind=movement,
        on=on,
        lines=(Line(source, -amount), Line(target, amount)),
        key=key,
        document_no=document_no[:60],
        memo=memo[:200],
    )
