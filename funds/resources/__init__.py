"""The lists of money that can be taken out, with their columns: found by `fupin.sheets` as it starts."""

from funds.resources import donations, interest, money

__all__ = ["donations", "interest", "money"]
