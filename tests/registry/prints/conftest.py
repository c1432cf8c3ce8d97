"""A household's card, a labourer's card and a village's table in the database."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from fupin.vault.models import Sealed
from registry.models import (
    Certificate,
    Household,
    HouseholdYear,
    LabourerYear,
    Training,
    Village,
    VillageYear,
)
from registry.rules.card import Card
from registry.services.mapping import card_rows, member_numbers
from registry.services.preparing import prepared
from tests.conftest import VILLAGE
from tests.registry.rules.cards import good_card
from tests.registry.standing import put


def store_household(author, *, card: Card | None = None, serial: int = 1, status: str = "N") -> HouseholdYear:
    """Store a card as a save would, without its checks."""
    household = Household.objects.create(
        division_id=VILLAGE,
        household_no=f"{VILLAGE}{serial:04}",
        entry_key=uuid.uuid4(),
        entered_by=author,
    )
    stored = store_year(author, household, card or good_card())
    put(stored.household, status)
    return stored


def store_year(author, household: Household, card: Card) -> HouseholdYear:
    """Store a household's card of one more year."""
    numbers = member_numbers(household.household_no, after=household.members.count())
    rows = card_rows(prepared(card), household=household, author_id=author.pk, numbers=numbers)
    Sealed.objects.bulk_create(rows.sealed)
    rows.household_year.save()
    for member, member_year in rows.members:
        member.save()
        member_year.member, member_year.household_year = member, rows.household_year
        member_year.save()
    if rows.relocation:
        rows.relocation.household_year = rows.household_year
        rows.relocation.save()
    return HouseholdYear.objects.select_related("household").get(pk=rows.household_year.pk)


@pytest.fixture
def card(see_all, ai):
    stored = store_household(ai)
    stored.household.refresh_from_db()  # the register moved its status, not the instance at hand
    return stored


@pytest.fixture
def labourer_year(card, ai):
    worker = card.members.select_related("member").get(member__name=good_card().members[1].name)
    Training.objects.create(
        division_id=VILLAGE,
        member=worker.member,
        institution="临县职业技术培训中心",
        job="缝纫工",
        start=date(2013, 3, 4),
        end=date(2013, 4, 5),
        subsidy=Decimal("600.00"),
        is_thousand_villages=True,
    )
    Certificate.objects.create(
        division_id=VILLAGE,
        member=worker.member,
        category="职业资格证书",
        job="缝纫工",
        number="LX-0427",
        issued_on=date(2015, 1, 2),
    )
    return LabourerYear.objects.create(
        division_id=VILLAGE,
        member=worker.member,
        member_year=worker,
        year=worker.year,
        hukou="1",
        emp_status="2",
        employer="某服装厂",
        wage=Decimal("2100.00"),
        updated_by=ai,
    )


@pytest.fixture
def village_year(card, ai):
    village = Village.objects.create(division_id=VILLAGE, village_attr="1", entered_by=ai)
    put(village, "VN")
    return VillageYear.objects.create(
        division_id=VILLAGE,
        village=village,
        year=card.year,
        head="郝示意",
        tags=["03"],
        households=214,
        population=652,
        rural_pop=641,
        head_phone_masked="*******3306",
        updated_by=ai,
    )
