"""GB 11643: the standard's own examples, and every single wrong digit."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from fupin.lib import idnumber
from fupin.lib.idnumber import Flaw

TODAY = date(2014, 6, 20)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

births = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)
sequences = st.integers(0, 999)
areas = st.sampled_from([str(area) for area in idnumber.DEMO_AREAS])


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "2"),  # the standard's examples
        ("440524188001010014", date(1880, 1, 1), "1"),
        ("140123188503120011", date(1885, 3, 12), "1"),
        ("140924189007040025", date(1890, 7, 4), "2"),
        ("14112618930228003X", date(1893, 2, 28), "1"),
    ],
)
def test_examples(number: str, born: date, sex: str):
    assert idnumber.flaw(number, today=TODAY) is None
    holder = idnumber.read(number)
    assert holder is not None
    assert (holder.birth_date, holder.sex, holder.area) == (born, sex, number[:6])


@pytest.mark.parametrize(
    ("number", "flaw"),
    [
        ("110105491231002", Flaw.OLD),
        ("1101051949123100", Flaw.LENGTH),
        ("11010519491231002XX", Flaw.LENGTH),
        ("", Flaw.LENGTH),
        ("11010519491231002A", Flaw.CHARACTERS),
        ("11010519491231002x", Flaw.CHARACTERS),
        ("1101051949123100２X", Flaw.CHARACTERS),
        ("110105194902300021", Flaw.DATE),
        ("110105190002290020", Flaw.DATE),  # 1900 was no leap year
        ("110105194912310021", Flaw.CHECK_DIGIT),
    ],
)
def test_flaws(number: str, flaw: Flaw):
    assert idnumber.flaw(number, today=TODAY) is flaw


def test_nobody_is_born_after_today():
    born_today = idnumber.compose("149901", TODAY, 1)
    assert idnumber.flaw(born_today, today=TODAY) is None
    assert idnumber.flaw(born_today, today=date(2014, 6, 19)) is Flaw.DATE


@given(areas, births, sequences)
def test_check_digit_is_the_weighted_sum_of_the_standard(area: str, born: date, sequence: int):
    number = idnumber.compose(area, born, sequence)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    assert number[17] == "10X98765432"[total % 11]
    assert idnumber.flaw(number, today=TODAY) is None


@given(areas, births, sequences, st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_seen(area: str, born: date, sequence: int, place: int, by: int):
    number = idnumber.compose(area, born, sequence)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert idnumber.flaw(wrong, today=TODAY) in {Flaw.DATE, Flaw.CHECK_DIGIT}


@given(areas, births, sequences, st.integers(0, 15))
def test_every_swap_of_neighbours_is_seen(area: str, born: date, sequence: int, place: int):
    number = idnumber.compose(area, born, sequence)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or idnumber.flaw(swapped, today=TODAY) is not None


def test_old_number_is_upgraded_by_the_century_and_a_check_digit():
    assert idnumber.upgraded("110105491231002") == "11010519491231002X"
    with pytest.raises(ValueError, match="fifteen"):
        idnumber.upgraded("11010549123100")


def test_number_is_stored_plain():
    assert idnumber.normal(" 110105 19491231 002x ") == "11010519491231002X"
    assert idnumber.normal("１１０１０５１９４９１２３１００２Ｘ") == "11010519491231002X"


def test_temporary_number():
    assert idnumber.temporary(141124101200, 7) == "LS1411241012000007"
    assert idnumber.is_temporary("LS1411241012000007")
    assert not idnumber.is_temporary("LS141124101200007")
    with pytest.raises(ValueError, match="1–9999"):
        idnumber.temporary(141124101200, 10000)
    with pytest.raises(ValueError, match="twelve"):
        idnumber.temporary("141124101", 1)


def test_compose_refuses_a_sequence_of_four_digits():
    with pytest.raises(ValueError, match="0–999"):
        idnumber.compose("149901", TODAY, 1000)


@pytest.mark.parametrize(
    ("tail", "right"),
    [
        ("11", True),
        ("74", True),
        ("42B1", True),
        ("01", False),
        ("81", False),
        ("15", False),
        ("42A1", False),
    ],
)
def test_disability_number(tail: str, right: bool):
    assert idnumber.disability_well_formed("11010519491231002X" + tail) is right


def test_disability_number_of_another_length():
    assert not idnumber.disability_well_formed("11010519491231002X")
    assert not idnumber.disability_well_formed("11010519491231002X421")


@pytest.mark.parametrize(
    ("area", "known"),
    [
        ("141124", True),
        ("142323", True),
        ("149901", True),
        ("149999", True),
        ("149900", False),
        ("990000", False),
    ],
)
def test_area_codes_past_and_present_are_known(area: str, known: bool):
    assert idnumber.area_known(area) is known


def test_both_certificates_are_one_person():
    assert idnumber.person_key("11010519491231002X42") == idnumber.person_key("11010519491231002X")
