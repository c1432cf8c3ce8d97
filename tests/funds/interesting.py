"""A county with interest money in its pot and loans to bear interest on; for tests of subsidies and their pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from funds.codes.allotment import LineKind, Movement, NamedLedger
from funds.codes.interest import PotKind
from funds.models import Appropriation, InterestLoan, PotAct
from funds.rules.interest_pot import PotUse
from funds.services.documents import approve
from funds.services.interest import register_loan
from funds.services.interest_pot import act_on_pot
from funds.services.line import account_of, move
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from registry.models import Household
from tests.conftest import LINXIAN, person
from tests.funds.money import Treasury, document, treasury
from tests.registry.cases import act_as
from tests.registry.helping import registered

DAY = date(2014, 7, 1)
_serial = count(1)


@dataclass
class Bureau:
    """Whoever has a hand in interest: the county's clerk, its approver, its finance; and the document that brought the money."""

    treasury: Treasury
    clerk: User
    approver: User
    finance: User
    document: Appropriation


def bureau(placed: str = "1000000.00") -> Bureau:
    """Return the county's people, with so much placed on its ledger of interest."""
    people = treasury()
    one = document(people, amount_yuan=Decimal("2000000.00"), kind="INTEREST")
    act_as(people.second)
    approve(actor=people.second, document=one, on=date(2014, 6, 1))
    if Decimal(placed):
        place(people, one, placed)
    approver = person("pizhun", Role.COUNTY_APPROVE, LINXIAN, full_name="批县")
    return Bureau(people, people.county, approver, people.county_finance, one)


def place(people: Treasury, one: Appropriation, amount: str, county: int = LINXIAN) -> None:
    """Let money of a document come to a county and be placed on its ledger of interest."""
    act_as(people.drafter)
    at = {
        "province": account_of(LineKind.PROVINCE, one),
        "transit": account_of(LineKind.TRANSIT, one, county),
        "county": account_of(LineKind.COUNTY, one, county),
        "ledger": account_of(LineKind.LEDGER, one, county, ledger=NamedLedger.INTEREST),
    }
    for movement, source, target in (
        (Movement.ISSUE, "province", "transit"),
        (Movement.RECEIVE, "transit", "county"),
        (Movement.PLACE, "county", "ledger"),
    ):
        move(
            actor=people.drafter, movement=movement, source=at[source], target=at[target],
            amount=Decimal(amount), on=date(2014, 6, 10), key=f"placing/{next(_serial)}",
        )  # fmt: skip


def pot(office: Bureau, kind: PotKind, amount: str, **more: Any) -> PotAct:
    """Do something with the pot as the county's finance."""
    act_as(office.finance)
    if kind == PotKind.TAKE_IN:
        more.setdefault("appropriation", office.document)
    return act_on_pot(
        actor=office.finance, county=LINXIAN, kind=kind, amount_yuan=Decimal(amount), on=date(2014, 6, 20),
        key=str(next(_serial)), **{"document_no": "临财农〔2014〕9号", **more},
    )  # fmt: skip


def filled(office: Bureau, direct: str = "200000.00") -> None:
    """Take everything in that was placed, and set a part aside for direct subsidies."""
    pot(office, PotKind.TAKE_IN, "1000000.00")
    pot(office, PotKind.SET_ASIDE, direct, target=PotUse.DIRECT)


def loan(office: Bureau, household: Household | None = None, **values: Any) -> InterestLoan:
    """Return a loan of 50,000 yuan to a household on the register, or of 10 million to a firm."""
    act_as(office.clerk)
    given: dict[str, Any] = {
        "borrower": "HOUSEHOLD" if household is not None else "ENTERPRISE",
        "bank": "临县农村信用联社", "contract_no": f"临信〔2014〕{next(_serial)}号", "kind": "WORKING",
        "purpose": "养羊" if household is not None else "收购红枣",
        "principal_yuan": Decimal(50_000 if household is not None else 10_000_000),
        "rate": Decimal("6.00"), "begins_on": DAY, "ends_on": date(2015, 7, 1),
    } | values  # fmt: skip
    name = "" if household is not None else "临县红枣公司"
    return register_loan(
        actor=office.clerk, division=LINXIAN, household=household, borrower_name=name, **given
    )


def poor(office: Bureau, **values: Any) -> Household:
    """Return a household of the county on the register."""
    act_as(office.clerk)
    return registered(office.clerk, **values)
