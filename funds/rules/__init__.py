"""The rules of money (funds.md F-01 to F-17) as pure functions.

Amounts are Decimal in yuan. A rule that may refuse returns the refusals, field → what is wrong and how to mend it; none: it holds.
Whoever acts on it raises ``MoneyRefused``.
"""

Refusals = dict[str, str]
"""What is refused, by the name of the field where it is to be mended."""
