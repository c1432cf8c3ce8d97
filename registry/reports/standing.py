"""Who stands on the register and so takes up quota, whatever round he came on in (procedures §2); the database counts the same."""

from collections.abc import Collection

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs, Mod

from fupin.accounts.models import User
from fupin.policy.standards import NATIONAL
from registry.codes import HouseholdStatus
from registry.models import Case, Household, HouseholdYear, Round
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.procedure import Track

_LEAVING = Case.objects.filter(track=Track.EXIT, closed_on__isnull=True)


def standing_by_place(user: User, in_round: Round, above: int, width: int) -> dict[int, int]:
    """Return the persons on the register below a division by the division below it, whose codes are ``width`` apart.

    Everybody counts by the card of the round's income year, in one pass; only who has none by the card nearest to it.
    """
    place = F("division_id") - Mod(F("division_id"), width)
    on = Q(household__status__in=ON_REGISTER) | Q(household__status=HouseholdStatus.OBJECTION) & Exists(
        _LEAVING.filter(household_id=OuterRef("household_id"))
    )
    cards = (
        HouseholdYear.objects.visible_to(user)
        .within(above)
        .filter(on, year=in_round.income_year, id_standard=NATIONAL)
        .annotate(place=place)
        .order_by()
        .values("place")
        .annotate(people=Sum("member_count"))
    )
    found = {row["place"]: row["people"] for row in cards}
    for row in _without_card(user, in_round, above).annotate(place=place).values_list("place", "people"):
        found[row[0]] = found.get(row[0], 0) + row[1]
    return found


def standing_beside(user: User, in_round: Round, village: int, besides: Collection[int]) -> int:
    """Return the persons on the register in a village whose households are not among those given."""
    on = Q(status__in=ON_REGISTER) | Q(status=HouseholdStatus.OBJECTION) & Exists(
        _LEAVING.filter(household_id=OuterRef("pk"))
    )
    card = _nearest(in_round)
    rows = (
        Household.objects.visible_to(user)
        .within(village)
        .filter(on)
        .exclude(pk__in=besides)
        .annotate(
            standard=Subquery(card.values("id_standard")[:1]),
            people=Subquery(card.values("member_count")[:1]),
        )
        .filter(standard=NATIONAL)
        .values_list("people", flat=True)
    )
    return sum(rows)


def _without_card(user: User, in_round: Round, above: int) -> "QuerySet[Household]":
    """The households on the register without a card of the round's income year, with the persons of the nearest one."""
    of_year = HouseholdYear.objects.filter(household_id=OuterRef("pk"), year=in_round.income_year)
    card = _nearest(in_round)
    return (
        Household.objects.visible_to(user)
        .within(above)
        .filter(
            Q(status__in=ON_REGISTER)
            | Q(status=HouseholdStatus.OBJECTION) & Exists(_LEAVING.filter(household_id=OuterRef("pk")))
        )
        .exclude(Exists(of_year))
        .annotate(
            standard=Subquery(card.values("id_standard")[:1]),
            people=Subquery(card.values("member_count")[:1]),
        )
        .filter(standard=NATIONAL)
    )


def _nearest(in_round: Round) -> "QuerySet[HouseholdYear]":
    """A household's cards, that of the income year first, then those before it, then those after it."""
    later = ExpressionWrapper(Q(year__gt=in_round.income_year), output_field=BooleanField())
    return HouseholdYear.objects.filter(household_id=OuterRef("pk")).order_by(
        later, Abs(F("year") - in_round.income_year)
    )
