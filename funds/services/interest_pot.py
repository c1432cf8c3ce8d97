"""Keep a county's interest money: taken in from its ledger, set aside for the four uses, moved between them, paid out (13.7)."""

from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from funds.codes.interest import PotAccount, PotKind
from funds.errors import MoneyRefused
from funds.models import Appropriation, PotAct
from funds.reports.interest import BOOK, account_key, placed
from funds.rules.interest_pot import PotUse, change_refusals
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.ledgers.models import Account, Entry
from fupin.ledgers.services import Line, open_account, post
from fupin.lib.money import grouped

_TITLES: Final = {**dict(PotAccount.choices), **dict(PotUse.choices)}


def account_of(county: int, kind: str) -> Account:
    """Return an account of a county's pot, opened where it is not there yet."""
    source = kind == PotAccount.SOURCE
    return open_account(
        division=county,
        book=BOOK,
        kind=kind,
        key=account_key(county, kind),
        title=f"{Division.objects.get(pk=county).name} · 贴息资金 · {_TITLES[kind]}",
        low=None if source else Decimal(0),
        high=Decimal(0) if source else None,
    )


def enter(
    *,
    actor: User,
    county: int,
    kind: PotKind,
    source: str,
    target: str,
    amount: Decimal,
    on: date,
    key: str,
    document_no: str = "",
    memo: str = "",
) -> Entry:
    """Enter that interest money went from one account of the pot to another; LedgerError where it is not there."""
    return post(
        actor=actor,
        division=county,
        book=BOOK,
        kind=kind,
        on=on,
        lines=(Line(account_of(county, source), -amount), Line(account_of(county, target), amount)),
        key=key,
        document_no=document_no[:60],
        memo=memo[:200],
    )


@transaction.atomic
def act_on_pot(
    *,
    actor: User,
    county: int,
    kind: PotKind,
    amount_yuan: Decimal,
    on: date,
    document_no: str,
    key: str,
    source: str = "",
    target: str = "",
    appropriation: Appropriation | None = None,
    memo: str = "",
    finance_yuan: Decimal = Decimal(0),
    social_yuan: Decimal = Decimal(0),
) -> PotAct:
    """Do one thing with a county's interest money. ``key`` is the form's own: sent twice, it is done once.

    Taking in: no more than the fund line placed on the county's ledger of interest by that document. Setting aside and spending: no more
    than is there. Changing: by a document. Raise MoneyRefused at the field, Refused.
    """
    require(actor, "funds.keep_pot", at=county)
    if amount_yuan <= 0:
        raise MoneyRefused({"amount_yuan": "金额须大于零"})
    if not document_no.strip():
        raise MoneyRefused({"document_no": "填写文号，改用途须留文号"})
    _fits(county, kind, amount_yuan, source, target, document_no, appropriation)
    out_of, into = {
        PotKind.TAKE_IN: (PotAccount.SOURCE, PotAccount.POT),
        PotKind.SET_ASIDE: (PotAccount.POT, target),
        PotKind.CHANGE: (source, target),
        PotKind.SPEND: (source, PotAccount.SPENT),
    }[kind]
    with refusing():
        entry = enter(
            actor=actor,
            county=county,
            kind=kind,
            source=out_of,
            target=into,
            amount=amount_yuan,
            on=on,
            key=f"interest/pot/{county}/{key}",
            document_no=document_no,
            memo=memo,
        )
        if (done := PotAct.objects.filter(entry=entry).first()) is not None:
            return done
    act = PotAct(
        division_id=county,
        kind=kind,
        source=source,
        target=target,
        appropriation=appropriation,
        amount_yuan=amount_yuan,
        on=on,
        document_no=document_no.strip(),
        memo=memo.strip(),
        finance_yuan=finance_yuan,
        social_yuan=social_yuan,
        entered_by=actor,
        entry=entry,
    )
    insert(act)
    note(object_key=f"interest_pot/{county}", division=county, detail={"kind": kind, "document": document_no})
    return act


def _fits(
    county: int,
    kind: PotKind,
    amount: Decimal,
    source: str,
    target: str,
    document_no: str,
    appropriation: Appropriation | None,
) -> None:
    """Raise MoneyRefused at the field for what can be said before the books say it."""
    if kind == PotKind.TAKE_IN:
        if appropriation is None:
            raise MoneyRefused({"appropriation": "选资金文件"})
        here = placed(county, appropriation=appropriation.pk)
        taken = sum(
            PotAct.objects.filter(division_id=county, kind=kind, appropriation=appropriation).values_list(
                "amount_yuan", flat=True
            ),
            Decimal(0),
        )
        if amount > here - taken:
            raise MoneyRefused(
                {"amount_yuan": f"本文件落实到贷款贴息专账的资金还可转入 {grouped(here - taken)} 元"}
            )
        return
    if kind == PotKind.CHANGE:
        held = (
            Account.objects.filter(key=account_key(county, source)).values_list("balance", flat=True).first()
        )
        if refused := change_refusals(
            {PotUse(source): held or Decimal(0)} if source in PotUse.values else {},
            source=source,
            target=target,
            amount=amount,
            spent=Decimal(0),
            document_no=document_no,
        ):
            raise MoneyRefused(refused)
        return
    out_of = source if kind == PotKind.SPEND else PotAccount.POT
    held = Account.objects.filter(key=account_key(county, out_of)).values_list("balance", flat=True).first()
    if amount > (held or 0):
        raise MoneyRefused(
            {"amount_yuan": f"“{_TITLES.get(out_of, '未选用途')}”余 {grouped(held or Decimal(0))} 元，不够"}
        )
