"""Register a loan, draft the interest borne on it, approve it, pay it: three people, each once (F-10, policy-trace 13.1, 21.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from funds.codes.interest import ClaimStatus, PotAccount, PotKind
from funds.errors import MoneyRefused
from funds.models import InterestClaim, InterestLoan, InterestShare
from funds.reports.interest import counted_elsewhere, county_of
from funds.rules.interest import (
    Borne,
    Borrower,
    Payer,
    Terms,
    interest_borne,
    loan_refusals,
    stacked,
    term_of,
    terms_for,
)
from funds.rules.interest_pot import PotUse
from funds.services.interest_pot import enter
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.models import Household

FROM_POT = frozenset({Payer.PROVINCE, Payer.PROVINCE_MATCH})
"""Whose part comes out of the county's interest money; city and county pay theirs from their own budgets."""


def register_loan(
    *, actor: User, division: int, household: Household | None = None, borrower_name: str = "", **facts: Any
) -> InterestLoan:
    """Register a loan; a household's lies in its village, all others in the county. Raise MoneyRefused at the field, Refused."""
    place = household.division_id if household is not None else county_of(division)
    require(actor, "funds.enter_interest", at=place)
    if household is None and facts.get("borrower") == Borrower.HOUSEHOLD:
        raise MoneyRefused({"household": "农户贷款须挂贫困户"})
    if household is None and not borrower_name.strip():
        raise MoneyRefused({"borrower_name": "填写借款的企业或项目单位"})
    if refused := loan_refusals(
        principal=facts["principal_yuan"], begins=facts["begins_on"], ends=facts["ends_on"]
    ):
        raise MoneyRefused(refused)
    loan = InterestLoan(
        division_id=place,
        household=household,
        borrower_name=head_of(household) if household is not None else borrower_name.strip(),
        entered_by=actor,
        **facts,
    )
    insert(loan)
    note(object_key=f"interest_loan/{loan.pk}", division=place)
    return loan


def head_of(household: Household) -> str:
    """Return the name of a household's head on its latest card."""
    latest = household.years.order_by("-year").values_list("head_name", flat=True).first()
    return latest or household.household_no


@transaction.atomic
def repaid(*, actor: User, loan: InterestLoan, on: date) -> InterestLoan:
    """Put down that a loan was paid back before it was due: from then on no interest is borne. Raise MoneyRefused, Refused."""
    require(actor, "funds.enter_interest", at=loan.division_id)
    loan.repaid_on = on
    with refusing():
        loan.save(update_fields=["repaid_on"])
    note(object_key=f"interest_loan/{loan.pk}", division=loan.division_id)
    return loan


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a claim comes to: the principal that counts, and what each level bears of it."""

    counted: Decimal
    borne: tuple[Borne, ...]

    @property
    def amount(self) -> Decimal:
        """Yuan of all levels."""
        return sum((one.yuan for one in self.borne), Decimal(0))

    @property
    def from_pot(self) -> Decimal:
        """Yuan out of the county's interest money."""
        return sum((one.yuan for one in self.borne if one.payer in FROM_POT), Decimal(0))


def reckon(
    loan: InterestLoan, *, begins_on: date, ends_on: date, offered: Mapping[Payer, Decimal]
) -> Reckoned:
    """Return what interest is borne on a loan for a time. Raise MoneyRefused at the field.

    Levels together never bear more than the loan's own rate; of a household 50,000 yuan count and one year at the most.
    """
    year = begins_on.year
    others = (
        InterestClaim.objects.filter(loan=loan)
        .exclude(status=ClaimStatus.REFUSED)
        .order_by("begins_on", "pk")
        .values_list("begins_on", "ends_on")
    )
    refused = loan_refusals(principal=loan.principal_yuan, begins=begins_on, ends=ends_on, others=others)
    last = loan.ends_on if loan.repaid_on is None else loan.repaid_on
    if begins_on < loan.begins_on or ends_on > last:
        refused.setdefault(
            "ends_on", f"贴息应在 {loan.begins_on} 至 {last} 之间，展期、逾期和提前还清之后不贴"
        )
    if not offered or any(rate <= 0 for rate in offered.values()):
        refused["rates"] = "至少填一级的贴息率，贴息率应大于 0"
    if refused:
        raise MoneyRefused(refused)
    terms = terms_for(loan.borrower, year)
    elsewhere = counted_elsewhere(loan, year)
    counted = loan.principal_yuan
    if terms.most is not None:
        counted = min(counted, max(terms.most - elsewhere, Decimal(0)))
    if counted <= 0:
        raise MoneyRefused({"begins_on": f"该户 {year} 年计贴本金已满 {terms.most:,.0f} 元"})
    term = term_of(begins_on, ends_on, years=terms.years)
    rates = stacked(counted, loan.rate, offered)
    borne = tuple(
        Borne(one.payer, one.offered, one.rate, interest_borne(counted, Terms(one.rate), term, year))
        for one in rates
    )
    return Reckoned(counted, borne)


@transaction.atomic
def claim_interest(
    *,
    actor: User,
    loan: InterestLoan,
    begins_on: date,
    ends_on: date,
    offered: Mapping[Payer, Decimal],
    document_no: str,
) -> InterestClaim:
    """Draft a claim with what each level bears; it waits for approval. Raise MoneyRefused at the field, Refused."""
    require(actor, "funds.enter_interest", at=loan.division_id)
    if not document_no.strip():
        raise MoneyRefused({"document_no": "贴息率须有文号"})
    found = reckon(loan, begins_on=begins_on, ends_on=ends_on, offered=offered)
    claim = InterestClaim(
        division_id=loan.division_id,
        loan=loan,
        year=begins_on.year,
        begins_on=begins_on,
        ends_on=ends_on,
        counted_yuan=found.counted,
        amount_yuan=found.amount,
        pot_yuan=found.from_pot,
        entered_by=actor,
    )
    with refusing():
        claim.save(force_insert=True)
        InterestShare.objects.bulk_create(
            InterestShare(
                division_id=loan.division_id,
                claim=claim,
                payer=one.payer,
                document_no=document_no.strip(),
                offered=one.offered,
                rate=one.rate,
                amount_yuan=one.yuan,
            )
            for one in found.borne
        )
        _look_now()
    note(object_key=f"interest_claim/{claim.pk}", division=claim.division_id)
    return claim


def _look_now() -> None:
    """Let the database look now at what else it looks at when the transaction ends, so that it says so at the form."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def decide_claim(
    *, actor: User, claim: InterestClaim, approve: bool, on: date, reason: str = ""
) -> InterestClaim:
    """Approve a claim or send it back, by another than who drafted it. Raise MoneyRefused, Refused."""
    require(actor, "funds.approve_interest", at=claim.division_id, not_entered_by=claim.entered_by_id)
    if not approve and not reason.strip():
        raise MoneyRefused({"reason": "退回须写明原因"})
    with refusing():
        held = _held(claim, ClaimStatus.DRAFT, "此贴息单已办理")
        held.status = ClaimStatus.APPROVED if approve else ClaimStatus.REFUSED
        held.reason = "" if approve else reason.strip()
        held.decided_by, held.decided_on = actor, on
        held.save(update_fields=["status", "reason", "decided_by", "decided_on"])
    note(object_key=f"interest_claim/{held.pk}", division=held.division_id, reason=reason or None)
    return held


def pay_claim(*, actor: User, claim: InterestClaim, on: date) -> InterestClaim:
    """Pay an approved claim: the pot's part leaves what was set aside for it. Raise MoneyRefused where that does not reach, Refused."""
    require(actor, "funds.pay", at=claim.division_id, not_entered_by=claim.entered_by_id)
    with refusing():
        held = _held(claim, ClaimStatus.APPROVED, "此贴息单还没有批准，或已支付")
        if held.decided_by_id == actor.pk:
            raise MoneyRefused("批准人不能支付")
        if held.pot_yuan:
            held.entry = enter(
                actor=actor,
                county=county_of(held.division_id),
                kind=PotKind.PAY,
                source=PotUse.DIRECT,
                target=PotAccount.PAID,
                amount=held.pot_yuan,
                on=on,
                key=f"interest/claim/{held.pk}",
                memo=str(held),
            )
        held.status, held.paid_by, held.paid_on = ClaimStatus.PAID, actor, on
        held.save(update_fields=["status", "paid_by", "paid_on", "entry"])
    note(object_key=f"interest_claim/{held.pk}", division=held.division_id)
    return held


def _held(claim: InterestClaim, status: ClaimStatus, otherwise: str) -> InterestClaim:
    """Return the claim, locked, in the status that an act asks for; raise MoneyRefused otherwise."""
    held = InterestClaim.objects.select_for_update(of=("self",)).select_related("loan").get(pk=claim.pk)
    if held.status != status:
        raise MoneyRefused(otherwise)
    return held
