"""Keep a village fund: what comes in, who joins and leaves, what is lent and comes back; each step one entry of its book.

What the rules refuse is said at its field; the database refuses the same. Money leaves a fund as a loan or as a share given back, and
in no other way.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum

from funds.codes.village_fund import FundAccount, FundAct, LoanStatus, ReceiptKind
from funds.errors import MoneyRefused
from funds.models import FundLoan, FundMember, FundReceipt, FundRepayment, LoanGuarantor, VillageFund
from funds.rules import Refusals
from funds.rules.village_fund import (
    LoanWish,
    due_on,
    fund_refusals,
    inflow_refusals,
    join_refusals,
    leave_refusals,
    loan_refusals,
    repayment_refusals,
    usage_fee,
)
from funds.services.saving import refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import Level, level_of
from fupin.ledgers.models import Account, Entry
from fupin.ledgers.services import Line, hold, open_account, post, reverse
from registry.models import Household
from registry.rules.help.after_exit import ON_REGISTER

BOOK: Final = "VILLAGE_FUND"
KEEP: Final = "funds.keep_village_fund"
_ASSETS: Final = frozenset({FundAccount.CASH, FundAccount.LOAN})


def account_of(fund: VillageFund, kind: FundAccount, of: str = "") -> Account:
    """Return where a fund's money stands: one account a kind, of shares and loans one each; opened where it is not there yet.

    What a fund has can't fall below nothing; what it consists of stands with a minus, and no more of it can be given back than came.
    """
    asset = kind in _ASSETS
    return open_account(
        division=fund.division_id,
        book=BOOK,
        kind=kind,
        key=f"village/{fund.pk}/{kind}/{of or '-'}",
        title=f"{fund.name} {kind.label}{f' {of}' if of else ''}"[:120],
        low=Decimal(0) if asset else None,
        high=None if asset else Decimal(0),
        opened_on=fund.registered_on,
    )


@transaction.atomic
def register_fund(
    *, actor: User, village: int, name: str, registration_no: str, registered_on: date, annual_rate: Decimal
) -> VillageFund:
    """Register a village's fund. Raise MoneyRefused at the field, Refused."""
    require(actor, "funds.register_village_fund", at=village)
    _raise(
        fund_refusals(
            registration_no=registration_no, village=village if level_of(village) == Level.VILLAGE else None
        )
    )
    fund = VillageFund(
        division_id=village,
        name=name,
        registration_no=registration_no.strip(),
        registered_on=registered_on,
        annual_rate=annual_rate,
        entered_by=actor,
    )
    with refusing():
        fund.save(force_insert=True)
        for kind in (FundAccount.CASH, FundAccount.GOVERNMENT, FundAccount.DONATION, FundAccount.FEE):
            account_of(fund, kind)
    _note("funds.register_village_fund", fund)
    return fund


@transaction.atomic
def receive(
    *,
    actor: User,
    fund: VillageFund,
    kind: str,
    giver: str,
    amount: Decimal,
    document_no: str,
    on: date,
    key: UUID,
) -> FundReceipt:
    """Take in the government's share or a gift. Raise MoneyRefused at the field (a deposit is none of them), Refused."""
    require(actor, KEEP, at=fund.division_id)
    _raise(inflow_refusals(kind))
    if kind not in ReceiptKind.values:
        raise MoneyRefused({"kind": "入股请在“入社”登记，占用费请在借款的“归还”登记"})
    _raise({} if amount > 0 else {"amount_yuan": "金额须大于零"})
    lines = [
        Line(account_of(fund, FundAccount.CASH), amount),
        Line(account_of(fund, FundAccount(kind)), -amount),
    ]
    with refusing():
        entry = _enter(actor, fund, FundAct.RECEIVE, on, lines, key, document_no, giver)
        if (found := FundReceipt.objects.filter(entry=entry).first()) is not None:
            return found
        receipt = FundReceipt(
            division_id=fund.division_id,
            fund=fund,
            kind=kind,
            giver=giver,
            amount_yuan=amount,
            document_no=document_no,
            on=on,
            entry=entry,
            entered_by=actor,
        )
        receipt.save(force_insert=True)
    _note(KEEP, fund)
    return receipt


@transaction.atomic
def join(
    *,
    actor: User,
    fund: VillageFund,
    household: Household | None,
    head_name: str,
    share: Decimal,
    state_paid: bool,
    on: date,
    key: UUID,
) -> FundMember:
    """Let a household of the village join with its share. Raise MoneyRefused at the field, Refused."""
    require(actor, KEEP, at=fund.division_id)
    village = household.division_id if household else fund.division_id
    refused = join_refusals(
        member_village=village,
        fund_village=fund.division_id,
        share=share,
        paid_for_by_state=state_paid,
        year=on.year,
    )
    if household and household.status not in ON_REGISTER:
        refused.setdefault("household", "该户不在册，按一般农户登记")
    if state_paid and household is None:
        refused["state_paid"] = "财政只为在册贫困户代缴"
    if not head_name.strip():
        refused["head_name"] = "填户主姓名"
    _raise(refused)
    hold([account_of(fund, FundAccount.CASH)])  # one joins after the other, so that numbers run on
    entered = Entry.objects.filter(key=_key(fund, FundAct.JOIN, key)).first()
    if entered and (found := FundMember.objects.filter(join_entry=entered).first()) is not None:
        return found
    number = (fund.members.aggregate(last=Max("number"))["last"] or 0) + 1
    with refusing():
        account = account_of(fund, FundAccount.SHARE, str(number))
        lines = [Line(account_of(fund, FundAccount.CASH), share), Line(account, -share)]
        member = FundMember(
            division_id=fund.division_id,
            fund=fund,
            number=number,
            household=household,
            head_name=head_name.strip(),
            share_yuan=share,
            state_paid=state_paid,
            joined_on=on,
            account=account,
            join_entry=_enter(actor, fund, FundAct.JOIN, on, lines, key, "", head_name),
            entered_by=actor,
        )
        member.save(force_insert=True)
    _note(KEEP, fund)
    return member


@transaction.atomic
def leave(*, actor: User, member: FundMember, on: date, key: UUID) -> FundMember:
    """Give a member's share back; one that the state paid stays in the fund as its share. Raise MoneyRefused, Refused."""
    require(actor, KEEP, at=member.division_id)
    member = (
        FundMember.objects.select_for_update(of=("self",)).select_related("fund", "account").get(pk=member.pk)
    )
    if member.left_on is not None:
        raise MoneyRefused("该社员已退社")
    _raise(leave_refusals(owed=owed_by(member)))
    fund, share = member.fund, member.share_yuan
    goes = FundAccount.GOVERNMENT if member.state_paid else FundAccount.CASH
    lines = [Line(member.account, share), Line(account_of(fund, goes), -share)]
    with refusing():
        member.leave_entry = _enter(actor, fund, FundAct.LEAVE, on, lines, key, "", member.head_name)
        member.left_on = on
        member.save(update_fields=["left_on", "leave_entry"])
    _note(KEEP, fund)
    return member


@transaction.atomic
def ask_loan(
    *,
    actor: User,
    fund: VillageFund,
    borrower: str,
    amount: Decimal,
    months: int,
    purpose: str,
    purpose_note: str,
    guarantors: Sequence[int],
    on: date,
) -> FundLoan:
    """Put down what a member asks for; ``borrower`` is his number in the fund or his household's. Raise MoneyRefused, Refused."""
    require(actor, KEEP, at=fund.division_id)
    member, same_village = _borrower(fund, borrower)
    answering = list(
        fund.members.filter(number__in=guarantors, left_on__isnull=True)
        .exclude(pk=member.pk if member else 0)
        .order_by("number")
    )
    refused = _refusals(fund, member, amount, months, purpose, len(answering), on, same_village=same_village)
    unknown = sorted(set(guarantors) - {one.number for one in answering})
    if unknown:
        refused["guarantors"] = f"{'、'.join(map(str, unknown))} 号不是可以联保的其他社员"
    if not purpose_note.strip():
        refused["purpose_note"] = "写明用在什么生产上"
    _raise(refused)
    loan = FundLoan(
        division_id=fund.division_id,
        fund=fund,
        member=member,
        amount_yuan=amount,
        months=months,
        annual_rate=fund.annual_rate,
        purpose=purpose,
        purpose_note=purpose_note.strip(),
        asked_on=on,
        entered_by=actor,
    )
    with refusing():
        loan.save(force_insert=True)
        LoanGuarantor.objects.bulk_create(
            LoanGuarantor(division_id=fund.division_id, loan=loan, member=one) for one in answering
        )
    _note(KEEP, fund)
    return loan


@transaction.atomic
def lend(*, actor: User, loan: FundLoan, on: date) -> FundLoan:
    """Approve a loan and pay it out: another person than who put it down. Raise MoneyRefused, Refused."""
    loan = _to_decide(actor, loan)
    fund, member = loan.fund, loan.member
    count = loan.guarantees.filter(member__left_on__isnull=True).count()
    _raise(_refusals(fund, member, loan.amount_yuan, loan.months, loan.purpose, count, on))
    with refusing():
        loan.account = account_of(fund, FundAccount.LOAN, f"{member.number}-{loan.pk}")
        lines = [
            Line(loan.account, loan.amount_yuan),
            Line(account_of(fund, FundAccount.CASH), -loan.amount_yuan),
        ]
        loan.entry = _enter(actor, fund, FundAct.LEND, on, lines, loan.pk, "", loan.purpose_note)
        loan.status, loan.lent_on, loan.due_on = LoanStatus.LENT, on, due_on(on, loan.months)
        loan.to_poor = member.household is not None and member.household.status in ON_REGISTER
        loan.decided_by, loan.decided_on = actor, on
        loan.save(
            update_fields=[
                "account",
                "entry",
                "status",
                "lent_on",
                "due_on",
                "to_poor",
                "decided_by",
                "decided_on",
            ]
        )
    _note("funds.lend_village_fund", fund)
    return loan


@transaction.atomic
def refuse_loan(*, actor: User, loan: FundLoan, because: str, on: date) -> FundLoan:
    """Refuse a loan, with the reason. Raise MoneyRefused, Refused."""
    loan = _to_decide(actor, loan)
    _raise({} if because.strip() else {"because": "写明不批准的原因"})
    loan.status, loan.refused_because = LoanStatus.REFUSED, because.strip()
    loan.decided_by, loan.decided_on = actor, on
    with refusing():
        loan.save(update_fields=["status", "refused_because", "decided_by", "decided_on"])
    _note("funds.lend_village_fund", loan.fund)
    return loan


@transaction.atomic
def repay(
    *, actor: User, loan: FundLoan, principal: Decimal, fee: Decimal, on: date, key: UUID
) -> FundRepayment:
    """Take back principal and fee of a loan. Raise MoneyRefused where more comes than is owed, Refused."""
    loan = FundLoan.objects.select_for_update(of=("self",)).select_related("fund", "account").get(pk=loan.pk)
    require(actor, KEEP, at=loan.division_id)
    if loan.account is None:
        raise MoneyRefused("此笔没有借出")
    entered = Entry.objects.filter(key=_key(loan.fund, FundAct.REPAY, key)).first()
    if entered and (found := FundRepayment.objects.filter(entry=entered).first()) is not None:
        return found
    refused: Refusals = {}
    if principal or not fee:
        owed = Account.objects.get(pk=loan.account.pk).balance
        if said := repayment_refusals(amount=principal, owed=owed).get("amount_yuan"):
            refused["principal_yuan"] = said
    left = fee_left(loan)
    if not 0 <= fee <= left:
        refused["fee_yuan"] = f"占用费还应收 {left} 元"
    _raise(refused)
    lines = [
        Line(account_of(loan.fund, FundAccount.CASH), principal + fee),
        Line(loan.account, -principal),
        Line(account_of(loan.fund, FundAccount.FEE), -fee),
    ]
    with refusing():
        repayment = FundRepayment(
            division_id=loan.division_id,
            loan=loan,
            on=on,
            principal_yuan=principal,
            fee_yuan=fee,
            entry=_enter(actor, loan.fund, FundAct.REPAY, on, lines, key, "", ""),
            entered_by=actor,
        )
        repayment.save(force_insert=True)
    _note(KEEP, loan.fund)
    return repayment


@transaction.atomic
def take_back(*, actor: User, row: FundReceipt | FundRepayment, reason: str, on: date, key: UUID) -> Entry:
    """Reverse what was put down wrongly; both entries stay. Raise MoneyRefused, Refused."""
    require(actor, "funds.lend_village_fund", at=row.division_id, not_entered_by=row.entered_by_id)
    _raise({} if reason.strip() else {"reason": "写明冲销原因"})
    with refusing():
        entry = reverse(actor=actor, entry=row.entry, on=on, reason=reason, key=f"village/back/{key}")
    note(action="funds.lend_village_fund", object_key=f"entry:{entry.number}", division=row.division_id)
    return entry


def owed_by(member: FundMember) -> Decimal:
    """Return what a member owes the fund."""
    return FundLoan.objects.filter(member=member).aggregate(sum=Sum("account__balance"))["sum"] or Decimal(0)


def fee_left(loan: FundLoan) -> Decimal:
    """Return what of a loan's fee has not been paid."""
    paid = loan.repayments.filter(entry__reversal__isnull=True).aggregate(sum=Sum("fee_yuan"))["sum"]
    return usage_fee(loan.amount_yuan, loan.annual_rate, loan.months) - (paid or Decimal(0))


def _refusals(
    fund: VillageFund,
    member: FundMember | None,
    amount: Decimal,
    months: int,
    purpose: str,
    guarantors: int,
    on: date,
    *,
    same_village: bool = True,
) -> Refusals:
    wish = LoanWish(
        is_member=member is not None and member.left_on is None,
        same_village=same_village,
        amount=amount,
        months=months,
        purpose=purpose,
        first=member is None or not member.loans.filter(status=LoanStatus.LENT).exists(),
        guarantors=guarantors,
        cash=account_of(fund, FundAccount.CASH).balance,
        owed=owed_by(member) if member else Decimal(0),
    )
    return loan_refusals(wish, on.year)


def _borrower(fund: VillageFund, said: str) -> tuple[FundMember | None, bool]:
    """Return the member of a number of the fund or of a household, and whether he is of the village."""
    if len(said) != 16:
        number = int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else 0
        return fund.members.filter(number=number, left_on__isnull=True).first(), True
    household = Household.objects.filter(household_no=said).first()
    if household is None:
        return None, said.startswith(str(fund.division_id))
    member = fund.members.filter(household=household, left_on__isnull=True).first()
    return member, household.division_id == fund.division_id


def _to_decide(actor: User, loan: FundLoan) -> FundLoan:
    held = (
        FundLoan.objects.select_for_update(of=("self", "member"))
        .select_related("fund", "member__household")
        .get(pk=loan.pk)
    )
    require(actor, "funds.lend_village_fund", at=held.division_id, not_entered_by=held.entered_by_id)
    if held.status != LoanStatus.ASKED:
        raise MoneyRefused(f"此笔借款{held.get_status_display()}")
    return held


def _key(fund: VillageFund, act: FundAct, key: object) -> str:
    return f"village/{fund.pk}/{act}/{key}"


def _enter(
    actor: User,
    fund: VillageFund,
    act: FundAct,
    on: date,
    lines: Sequence[Line],
    key: object,
    document_no: str,
    memo: str,
) -> Entry:
    return post(
        actor=actor,
        division=fund.division_id,
        book=BOOK,
        kind=act,
        on=on,
        lines=lines,
        key=_key(fund, act, key),
        document_no=document_no,
        memo=memo[:200],
    )


def _raise(refused: Refusals) -> None:
    if refused:
        raise MoneyRefused(refused)


def _note(action: str, fund: VillageFund) -> None:
    note(action=action, object_key=f"village_fund:{fund.pk}", division=fund.division_id)
