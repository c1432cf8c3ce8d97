"""What a constraint of the database tells the clerk whose card ran into it."""

from django.db import DataError, IntegrityError

from fupin.accounts.constraints import message_of, name_of
from fupin.lib.masking import is_masked
from registry.errors import CardRefused, IdNumberTaken, YearClosed
from registry.models import Household
from registry.rules.card import Card
from registry.rules.findings import error
from registry.services.holders import holders_of
from registry.services.mapping import index_of
from registry.services.preparing import prepared


def refusal(violation: IntegrityError | DataError, card: Card, household: Household | None) -> Exception:
    """Return what a constraint that the card ran into tells the clerk; the violation if it is our fault."""
    if isinstance(violation, DataError):
        return CardRefused([error("R-20", "", "有内容过长或数值过大，请核对后再保存")])
    name = name_of(violation)
    if name == "year_is_open":
        return YearClosed(card.year)
    if name == "memberyear_id_no_once_a_year":
        return _number_taken(card, household)
    message = message_of(violation)
    return CardRefused([error("R-20", "", message)]) if message else violation


def _number_taken(card: Card, household: Household | None) -> CardRefused:
    """Return whose number got away while the card was being written."""
    village = household.division_id if household else village_of(card)
    indexes = {
        index_of("id_no", member.id_no): place
        for place, member in enumerate(prepared(card).members)
        if member.id_no and not is_masked(member.id_no) and member.counted
    }
    own = household.household_no if household else None
    for index, where in holders_of(indexes, year=card.year, village=village, besides=own).items():
        place = indexes[index]
        text = f"{card.members[place].name or ''}证件号码本年度已在另一户登记（{where}），请先核对"
        return IdNumberTaken(error("R-04", f"members[{place}].id_no", text), holder=where)
    return CardRefused([error("R-04", "members", "有成员的证件号码在另一年度已属另一户，请先核对")])


def village_of(card: Card) -> int:
    """Return the village that a card names; raise CardRefused where it names none."""
    village = named_village(card)
    if village is None:
        raise CardRefused([error("R-20", "village_code", "省市县乡村未填或不是 12 位村代码")])
    return village


def named_village(card: Card) -> int | None:
    """Return the village that a card names, None where that is no village's code."""
    code = card.village_code or ""
    return int(code) if len(code) == 12 and code.isascii() and code.isdigit() else None
