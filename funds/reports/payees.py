"""Whom a list of payments may pay: the project's beneficiaries with their accounts, and what is wrong with a row (policy §2, §3)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from funds.models.document import MOST_YUAN
from funds.models.payment import BatchKind, Payment, PaymentStatus
from funds.models.use import Placement
from fupin.lib import bankcard
from fupin.lib.masking import is_masked
from fupin.lib.money import grouped
from projects.models import ProjectHousehold
from registry.models import Household, HouseholdYear, Member, MemberYear
from registry.rules.help.after_exit import ENDED, ON_REGISTER

_ACCOUNT: Final = re.compile(r"[0-9]{8,30}")

Account = tuple[UUID, bytes, str]
"""Where an account lies, its blind index, its last four digits."""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A household for which a project is, as its latest card has it."""

    household: Household
    head_name: str
    promised_yuan: Decimal | None
    members: Mapping[str, Member]
    """Its living members who count, by name."""
    account: Account | None
    bank_name: str
    shared: frozenset[bytes] = field(default_factory=frozenset)
    """Indexes of accounts that stand on another household's card too."""

    @property
    def on_register(self) -> bool:
        """Whether it is on the register: only then it is paid."""
        return self.household.status in ON_REGISTER


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a row pays: a household, and the member whose name is on the account where there is one of that name."""

    household: Household
    member: Member | None
    account: Account | None
    bank_name: str
    beneficiary: Beneficiary

    def shares(self, index: bytes) -> bool:
        """Tell whether an account stands on another household's card too."""
        if index in self.beneficiary.shared:
            return True
        others = HouseholdYear.objects.filter(bank_account_index=index).exclude(household=self.household)
        return others.exists()


def beneficiaries_named(placement: Placement, numbers: Sequence[str] | None = None) -> dict[str, Beneficiary]:
    """Return the beneficiaries of a placement's project by household number; those that are named, or all."""
    standing = ProjectHousehold.objects.standing().filter(project=placement.project_id)
    if numbers is not None:
        standing = standing.filter(household__household_no__in=numbers)
    rows = list(
        standing.select_related("household").order_by(
            "household__division_id", "household__household_no", "pk"
        )
    )
    households = [one.household_id for one in rows]
    later = HouseholdYear.objects.filter(household=OuterRef("household_id"), year__gt=OuterRef("year"))
    cards = {
        card.household_id: card
        for card in HouseholdYear.objects.filter(~Exists(later), household__in=households)
    }
    people: dict[int, dict[str, Member]] = {}
    for row in (
        MemberYear.objects.counted()
        .filter(household_year__in=[card.pk for card in cards.values()])
        .select_related("member", "household_year")
    ):
        people.setdefault(row.household_year.household_id, {})[row.member.name] = row.member
    shared = _shared({bytes(card.bank_account_index) for card in cards.values() if card.bank_account_index})
    found: dict[str, Beneficiary] = {}
    for one in rows:
        card = cards.get(one.household_id)
        before = found.get(one.household.household_no)
        promised = (
            (before.promised_yuan or Decimal(0)) + (one.promised_yuan or Decimal(0))
            if before and (before.promised_yuan is not None or one.promised_yuan is not None)
            else one.promised_yuan
        )
        found[one.household.household_no] = Beneficiary(
            one.household,
            card.head_name if card else "",
            promised,
            people.get(one.household_id, {}),
            (card.bank_account_sealed, bytes(card.bank_account_index), card.bank_account_masked)
            if card and card.bank_account_sealed and card.bank_account_index
            else None,
            card.bank_name if card else "",
            shared,
        )
    return found


def _shared(indexes: Iterable[bytes]) -> frozenset[bytes]:
    """Return those of the accounts that stand on more than one household's card."""
    owners: dict[bytes, set[int]] = {}
    rows = HouseholdYear.objects.filter(bank_account_index__in=list(indexes))
    for index, household in rows.values_list("bank_account_index", "household_id").order_by("pk"):
        if index is not None:
            owners.setdefault(bytes(index), set()).add(household)
    return frozenset(index for index, households in owners.items() if len(households) > 1)


def payee_of(beneficiary: Beneficiary | None, payee_name: str) -> Payee | None:
    """Return whom a row pays, or None where it names no beneficiary."""
    if beneficiary is None:
        return None
    return Payee(
        beneficiary.household,
        beneficiary.members.get(payee_name.strip()),
        beneficiary.account,
        beneficiary.bank_name,
        beneficiary,
    )


def amount_refusal(amount: Decimal | None) -> str:
    """Return what is wrong with an amount: nothing, below zero, too long, parts of a 分."""
    if amount is None:
        return "请填金额"
    if amount <= 0:
        return "金额应大于 0"
    if amount >= MOST_YUAN:
        return "金额的整数位不超过 15 位"
    return "" if amount == round(amount, 2) else "金额最多两位小数"


def account_refusal(account: str) -> str:
    """Return what is wrong with an account as it was typed."""
    if is_masked(account):
        return "账号带星号，请填完整账号，或留空取户卡上的账号"
    number = bankcard.normal(account)
    return "" if _ACCOUNT.fullmatch(number) else "账号应为 8 至 30 位数字"


def row_refusals(
    placement: Placement,
    *,
    kind: str,
    item: str,
    period: str,
    household_no: str,
    payee_name: str,
    account: str,
    amount: Decimal,
    payee: Payee | None,
) -> dict[str, str]:
    """Return what is wrong with a row of a list by field; nothing of the list is written while there is any."""
    wrong: dict[str, str] = {}
    if text := amount_refusal(amount):
        wrong["amount_yuan"] = text
    if not payee_name.strip():
        wrong["payee_name"] = "请填户名"
    if account and (text := account_refusal(account)):
        wrong["account"] = text
    if kind == BatchKind.CONTRACTOR:
        if household_no:
            wrong["household_no"] = "付给施工、供货单位的清单不填户编号"
        if not account:
            wrong["account"] = "请填收款账号"
        return wrong
    if payee is None:
        wrong["household_no"] = "不在本项目受益户名单中" if household_no else "请填户编号"
        return wrong
    household = payee.household
    if not payee.beneficiary.on_register:
        wrong["household_no"] = (
            "该户已退出，不再享受扶贫政策，不能支付"
            if household.status in ENDED
            else "该户没有公告在册，不能支付"
        )
    elif payee.member is None and "payee_name" not in wrong:
        wrong["payee_name"] = "户名不是本户在册成员，不能付到他人账户"
    if not account and payee.account is None:
        wrong["account"] = "户卡上没有银行账号，请填账号或先补户卡"
    promised = payee.beneficiary.promised_yuan
    if promised is not None and "amount_yuan" not in wrong and amount > promised:
        wrong["amount_yuan"] = f"超过名单上承诺的 {grouped(promised)} 元"
    if "household_no" not in wrong and _paid_before(payee, item, period):
        wrong["household_no"] = f"{period} “{item}”已在支付或已领取，不能重复"
    return wrong


def _paid_before(payee: Payee, item: str, period: str) -> bool:
    rows = Payment.objects.filter(
        household=payee.household,
        member=payee.member,
        item=item,
        period=period,
        status__in=[PaymentStatus.PENDING, PaymentStatus.PAID],
    )
    return rows.exists()
