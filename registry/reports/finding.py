"""What somebody means who types a few characters: a household, a person, a village, within his scope."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from fupin.accounts.models import User
from fupin.divisions.codes import Level
from fupin.divisions.services.search import Found, search as find_divisions
from fupin.lib import idnumber
from fupin.lib.plaintext import tight
from fupin.vault.cipher import blind_index
from registry.models import Household, HouseholdYear, Member, MemberYear

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, by kind. `by` says what the words were taken for; ID numbers are never repeated."""

    by: str
    households: Sequence[Household] = ()
    members: Sequence[Member] = ()
    villages: Sequence[Found] = field(default=())

    @property
    def total(self) -> int:
        """How many there are of all kinds."""
        return len(self.households) + len(self.members) + len(self.villages)


def find(user: User, typed: str, *, on: date) -> Hits:
    """Return at most twenty hits of each kind: by number, by the whole ID number, by name, pinyin or initials.

    An ID number is looked up by its blind index and found whole or not at all.
    """
    word = tight(typed)
    if not word:
        return Hits("nothing")
    if number := _id_number(word, on):
        # A number of eighteen digits may also be a person's number on the register.
        people = _people(user).filter(Q(id_no_index=blind_index("id_no", number)) | Q(member_no=word))
        return Hits("id_no", members=list(people[:MOST]))
    if word.isascii() and word.isdigit():
        return _by_number(user, word, on)
    villages = find_divisions(user, word, on=on, level=Level.VILLAGE, limit=MOST)
    return Hits("name", members=list(_by_name(user, word)[:MOST]), villages=villages)


def _id_number(word: str, on: date) -> str | None:
    """Return what tells the person apart, where the words are a whole ID number, certificate or temporary number."""
    number = idnumber.normal(word)
    if idnumber.is_temporary(number):
        return number
    if len(number) == 15 and number.isdigit():
        try:
            number = idnumber.upgraded(number)
        except ValueError:
            return None
    if len(number) in {18, 20, 22} and idnumber.flaw(number[:18], today=on) is None:
        return idnumber.person_key(number)
    return None


def _by_number(user: User, digits: str, on: date) -> Hits:
    if len(digits) == 18:
        return Hits("member_no", members=list(_people(user).filter(member_no=digits)[:MOST]))
    households = Household.objects.visible_to(user).filter(household_no__prefix=digits)
    villages = (
        find_divisions(user, digits, on=on, level=Level.VILLAGE, limit=MOST) if len(digits) >= 6 else []
    )
    return Hits(
        "household_no",
        households=list(_shown(households)[:MOST]) if len(digits) >= 6 else (),
        villages=villages,
    )


def _by_name(user: User, word: str) -> "QuerySet[Member]":
    key = word.lower()
    if key.isascii():
        return _people(user).filter(Q(name_pinyin__prefix=key) | Q(name_initials__prefix=key))
    return _people(user).filter(name__prefix=word)


def _people(user: User) -> "QuerySet[Member]":
    """Members with the last year in which they stood on a card, and as what."""
    latest = MemberYear.objects.filter(member=OuterRef("pk")).order_by("-year")
    return (
        Member.objects.visible_to(user)
        .select_related("household", "division")
        .annotate(
            last_year=Subquery(latest.values("year")[:1]),
            last_relation=Subquery(latest.values("relation")[:1]),
        )
        .order_by("division_id", "member_no")  # as an index has them: of 王 there are 300,000
    )


def _shown(households: "QuerySet[Household]") -> "QuerySet[Household]":
    """Households with their last card's year and head."""
    latest = HouseholdYear.objects.filter(household=OuterRef("pk")).order_by("-year")
    return (
        households.select_related("division")
        .annotate(
            last_year=Subquery(latest.values("year")[:1]), head=Subquery(latest.values("head_name")[:1])
        )
        .order_by("household_no")
    )
