"""From where to where money of an appropriation may move; nothing else is entered in the book of money."""

from collections.abc import Mapping
from typing import Final

from funds.codes.allotment import LineKind as At, Movement as Way
from fupin.policy.cites import cites

WAYS: Final[Mapping[Way, frozenset[tuple[At, At]]]] = {
    Way.REGISTER: frozenset({(At.SOURCE, At.PROVINCE)}),
    Way.ISSUE: frozenset({(At.PROVINCE, At.CITY), (At.PROVINCE, At.TRANSIT)}),
    Way.PASS: frozenset({(At.CITY, At.TRANSIT)}),
    Way.RECEIVE: frozenset({(At.TRANSIT, At.COUNTY)}),
    Way.PLACE: frozenset({(At.COUNTY, At.PROJECT), (At.COUNTY, At.LEDGER)}),
    Way.UNPLACE: frozenset({(At.PROJECT, At.COUNTY), (At.LEDGER, At.COUNTY)}),
    Way.PAY: frozenset({(At.PROJECT, At.PAID), (At.LEDGER, At.PAID)}),
    Way.ACCEPT: frozenset({(At.PAID, At.ACCEPTED)}),
    Way.RECOVER: frozenset({(At.PAID, At.PROJECT), (At.PAID, At.LEDGER)}),
    Way.STRAND: frozenset({(At.COUNTY, At.STRANDED), (At.PROJECT, At.STRANDED), (At.LEDGER, At.STRANDED)}),
    Way.SEND: frozenset({(At.STRANDED, At.RETURNING)}),
    Way.RETURNED: frozenset({(At.RETURNING, At.POOL)}),
    Way.REDISTRIBUTE: frozenset({(At.POOL, At.CITY), (At.POOL, At.TRANSIT)}),
}
"""What is stranded has one way: back. No movement leads from it to a project or another use."""


@cites("§6", "返还省级财政")
def may_move(movement: Way, source: At, target: At) -> bool:
    """Tell whether money may go by a movement from one place to another."""
    return (source, target) in WAYS[movement]
