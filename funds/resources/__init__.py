"""The lists of money that can be taken out, with their columns: found by `fupin.sheets` as it starts."""

from funds.resources import money

__all__ = ["money"]
