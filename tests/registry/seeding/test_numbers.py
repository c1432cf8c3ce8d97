"""Numbers that are well formed and nobody's."""

from datetime import date

import pytest

from fupin.lib import bankcard, idnumber, phone
from registry.codes import Sex
from registry.seeding import numbers


@pytest.mark.parametrize("person", [1, 10, 49_499, 49_500, 49_501, 12_000_000, 18_067_499])
@pytest.mark.parametrize("sex", [Sex.MALE.value, Sex.FEMALE.value])
def test_an_id_number_is_right_and_tells_its_holder(person: int, sex: str) -> None:
    born = numbers.birth_date(person, 1961)
    number = numbers.id_number(person, born, sex)
    assert idnumber.flaw(number, today=date(2014, 12, 31)) is None
    assert idnumber.read(number) == idnumber.Holder(born, sex, number[:6])
    assert int(number[:6]) in idnumber.DEMO_AREAS


def test_no_two_persons_of_one_year_and_sex_share_a_number() -> None:
    people = [*range(1, 60_000), *range(5_000_000, 5_060_000), *range(18_000_000, 18_060_000)]
    made = {numbers.id_number(person, numbers.birth_date(person, 1987), "1") for person in people}
    assert len(made) == len(people)


def test_birthdays_are_spread_over_the_year() -> None:
    months = [numbers.birth_date(person, 1970).month for person in range(1, 5000)]
    assert all(250 < months.count(month) < 600 for month in range(1, 13))


def test_telephones_and_accounts_pass_for_such_and_are_a_households_own() -> None:
    ordinals = range(1, 3000)
    assert all(phone.is_phone(numbers.phone(ordinal)) for ordinal in ordinals)
    assert all(bankcard.looks_like_card(numbers.account(ordinal)) for ordinal in ordinals)
    assert len({numbers.phone(ordinal) for ordinal in ordinals}) == len(ordinals)
