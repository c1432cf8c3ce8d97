"""How rows of public lists name what they are about, and the kinds of notices of money; the database's walls say the same."""

from typing import Final

VILLAGE_LIST: Final = "funds_village_list"
"""到户资金公示: what is to be paid to whom, in the village."""

VILLAGE_PROJECT: Final = "funds_village_project"
"""到村项目资金公示: money for a project, in the villages that it is for."""

COUNTY_LIST: Final = "funds_county"
"""县级资金项目公示."""

ABOVE_LIST: Final = "funds_above"
"""县以上资金信息披露."""


def placement_subject(number: str) -> str:
    """Return how a row names a placement."""
    return f"placement:{number}"


def payment_subject(pk: int) -> str:
    """Return how a row names a payment."""
    return f"payment:{pk}"


def allotment_subject(pk: int) -> str:
    """Return how a row names what came to a county."""
    return f"allotment:{pk}"
