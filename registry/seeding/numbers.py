"""ID numbers, telephones and accounts that are well formed, unique, and nobody's."""

from datetime import date, timedelta
from random import Random
from typing import Final

from stdnum import luhn

from fupin.lib import idnumber
from registry.codes import Sex
from registry.seeding.chance import one_of, whole

AREAS: Final = tuple(idnumber.DEMO_AREAS)
PLACES: Final = len(AREAS) * 500
"""Numbers to be had for one birth date and sex: 99 address codes that were never given, 500 sequences of a sex."""

SEATS: Final = 10
"""Persons that a household's ordinal makes room for."""

_YEAR_DAYS: Final = 365
MOST_HOUSEHOLDS: Final = PLACES * _YEAR_DAYS // SEATS
"""Households whose members can all have numbers of their own: about 1.8 million."""

_SPREAD: Final = 2_654_435_761
_SCATTER: Final = 48_271


def birth_date(person: int, year: int) -> date:
    """Return the day in the year on which the person of this ordinal was born.

    Persons who share address code and sequence (ordinals equal modulo PLACES) differ in their day, so that no number comes twice.
    """
    turn, place = divmod(person * _SCATTER % (PLACES * _YEAR_DAYS), PLACES)
    day = (turn + place * _SPREAD % 4_294_967_291) % _YEAR_DAYS
    return date(year, 1, 1) + timedelta(day)


def id_number(person: int, born: date, sex: str) -> str:
    """Return the ID number of the person of this ordinal, with its right check digit."""
    place = person * _SCATTER % (PLACES * _YEAR_DAYS) % PLACES
    half, area = divmod(place, len(AREAS))
    first17 = f"{AREAS[area]}{born:%Y%m%d}{2 * half + (1 if sex == Sex.MALE else 0):03}"
    return first17 + _check_digit(first17)


def disability_number(rng: Random, id_no: str) -> str:
    """Return the number of a disability certificate: the ID number, a kind 1–7 and a grade 1–4."""
    return f"{id_no}{one_of(rng, '1234456')}{whole(rng, 1, 4)}"


def phone(household: int) -> str:
    """Return a telephone under 129, which no operator has: eleven digits, a household's own."""
    return f"129{household * 7_919 % 100_000_000:08}"


def account(household: int) -> str:
    """Return an account of 19 digits that pass Luhn, under 1499, which is no bank card's prefix."""
    body = f"1499{household:014}"
    return body + luhn.calc_check_digit(body)


_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _check_digit(first17: str) -> str:
    """Return the eighteenth character (GB 11643); `idnumber.check_digit` says the same and takes six times as long."""
    return "10X98765432"[
        sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11
    ]
