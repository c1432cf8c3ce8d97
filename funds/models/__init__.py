"""Tables of money."""

from funds.models.allotment import Allotment, Scheme, SchemeCounty, SchemeShare, SchemeWeight
from funds.models.disclosure import Disclosure
from funds.models.document import AnnualBudget, Appropriation, CarveOut, ListedDivision
from funds.models.donation import Donation, DonationDraw, DonationSpending
from funds.models.factor import FactorKind, FactorValue
from funds.models.interest import InterestClaim, InterestLoan, InterestShare, PotAct
from funds.models.line import LineAccount
from funds.models.payment import Payment, PaymentBatch
from funds.models.stranded import FundReturn, Recovery, Redistribution, Stranding
from funds.models.use import Acceptance, Placement
from funds.models.village_fund import (
    FundLoan,
    FundMember,
    FundReceipt,
    FundRepayment,
    LoanGuarantor,
    VillageFund,
)

__all__ = [
    "Acceptance",
    "Allotment",
    "AnnualBudget",
    "Appropriation",
    "CarveOut",
    "Disclosure",
    "Donation",
    "DonationDraw",
    "DonationSpending",
    "FactorKind",
    "FactorValue",
    "FundLoan",
    "FundMember",
    "FundReceipt",
    "FundRepayment",
    "FundReturn",
    "InterestClaim",
    "InterestLoan",
    "InterestShare",
    "LineAccount",
    "ListedDivision",
    "LoanGuarantor",
    "Payment",
    "PaymentBatch",
    "Placement",
    "PotAct",
    "Recovery",
    "Redistribution",
    "Scheme",
    "SchemeCounty",
    "SchemeShare",
    "SchemeWeight",
    "Stranding",
    "VillageFund",
]
