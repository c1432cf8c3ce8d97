"""Tables of money."""

from funds.models.allotment import Allotment, Scheme, SchemeCounty, SchemeShare, SchemeWeight
from funds.models.document import AnnualBudget, Appropriation, CarveOut, ListedDivision
from funds.models.donation import Donation, DonationDraw, DonationSpending
from funds.models.factor import FactorKind, FactorValue
from funds.models.interest import InterestClaim, InterestLoan, InterestShare, PotAct
from funds.models.line import LineAccount

__all__ = [
    "Allotment",
    "AnnualBudget",
    "Appropriation",
    "CarveOut",
    "Donation",
    "DonationDraw",
    "DonationSpending",
    "FactorKind",
    "FactorValue",
    "InterestClaim",
    "InterestLoan",
    "InterestShare",
    "LineAccount",
    "ListedDivision",
    "PotAct",
    "Scheme",
    "SchemeCounty",
    "SchemeShare",
    "SchemeWeight",
]
