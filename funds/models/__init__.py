"""Tables of money."""

from funds.models.allotment import Allotment, Scheme, SchemeCounty, SchemeShare, SchemeWeight
from funds.models.document import AnnualBudget, Appropriation, CarveOut, ListedDivision
from funds.models.factor import FactorKind, FactorValue
from funds.models.line import LineAccount

__all__ = [
    "Allotment",
    "AnnualBudget",
    "Appropriation",
    "CarveOut",
    "FactorKind",
    "FactorValue",
    "LineAccount",
    "ListedDivision",
    "Scheme",
    "SchemeCounty",
    "SchemeShare",
    "SchemeWeight",
]
