"""Second looks: the line unrounded, and the same person or number on several cards."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from fupin.accounts.models import User
from registry.models import HouseholdYear, MemberYear
from registry.reports.doubts import (
    SameNumber,
    SamePerson,
    households_above_line,
    households_below_line,
    same_accounts,
    same_persons,
    same_phones,
)
from tests.registry.factories import card, id_number, income, member, pupil, saved, wife

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]


def test_the_line_is_held_against_whole_fen(ai: User, in_scope: Scope) -> None:
    def earning(yuan: str) -> HouseholdYear:
        members = (member(), wife(), pupil())
        given = income(business_income=Decimal(yuan) + 2600, property_income=Decimal(0))
        given = replace(given, tr_eco=Decimal(0), tr_other=Decimal(0))
        return saved(ai, card(*members, income=given)).household_year

    with in_scope(ai):
        under, on_it, over = earning("8399.99"), earning("8400.00"), earning("8400.01")
        cards = HouseholdYear.objects.all()
        assert list(households_below_line(cards, 2014)) == [under]
        assert list(households_above_line(cards, 2014)) == [over]
        assert under.net_income_pc == on_it.net_income_pc == Decimal("2800.00")


def test_one_person_under_two_numbers_is_suspected_once(ai: User, in_scope: Scope) -> None:
    born = date(1970, 5, 6)
    with in_scope(ai):
        numbers = tuple(
            saved(ai, card(member(id_no=id_number(born), name="李有福"))).household.household_no
            for _ in range(2)
        )
        saved(ai, card(member(born=date(1970, 5, 7), name="李有福")))
        assert same_persons(MemberYear.objects.all(), 2014) == [SamePerson("李有福", born, numbers)]


def test_shared_accounts_and_telephones(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        numbers = tuple(
            saved(ai, card(member(), bank_account="6228480012345678909")).household.household_no
            for _ in range(4)
        )
        cards = HouseholdYear.objects.all()
        assert same_accounts(cards, 2014) == [SameNumber("***************8909", numbers)]
        assert same_phones(cards, 2014) == [SameNumber("*******0001", numbers)]
        assert same_phones(cards, 2014, more_than=4) == []
