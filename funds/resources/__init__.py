"""The lists of money that can be taken out, with their columns: found by `fupin.sheets` as it starts."""

from funds.resources import donations, interest, money, spending, village_funds

__all__ = ["donations", "interest", "money", "spending", "village_funds"]
