"""Every synthetic card passes every E rule; only what was given something to doubt has remarks."""

from collections import Counter
from datetime import date

import pytest

from fupin.policy.standards import poverty_line
from registry.codes import HouseholdStatus
from registry.rules.card import Card
from registry.rules.checks import check_card
from registry.rules.context import CheckContext
from registry.rules.labourer import check_labourer
from registry.rules.people import is_labourer
from registry.rules.poverty import above_line
from registry.rules.village import VillageContext, check_village
from registry.seeding.chance import repeatable
from registry.seeding.households import LINES, ON_THE_WAY, YEARS, Household, make_households
from registry.seeding.labourers import make_labourer_card
from registry.seeding.villages import Place, Village, village_attr, village_table

TODAY = date(2015, 1, 31)
PLACE = Place(141124101200, "庙坪村", "白文镇", "临县", "吕梁市临县白文镇庙坪村")


def village(number: int) -> Village:
    return Village(repeatable("village", number), PLACE, poor=number % 2 == 0)


@pytest.fixture(scope="module")
def households() -> list[Household]:
    """Two thousand households in forty villages, each unlike the other."""
    return [
        household
        for number in range(40)
        for household in make_households(
            repeatable("test", number), village(number), count=50, ordinal=1 + number * 50, serial=1
        )
    ]


def cards(households: list[Household]) -> list[tuple[Household, Card]]:
    return [(household, card) for household in households for card in household.cards.values()]


def test_no_card_breaks_a_rule_unless_given_something_to_doubt(households: list[Household]) -> None:
    wrong = Counter(
        (finding.rule, finding.level)
        for household, card in cards(households)
        for finding in check_card(
            card,
            ctx=CheckContext(
                today=TODAY,
                status=household.status,
                known_natural_villages=frozenset(household.village.hamlets),
            ),
        )
        if finding.level == "E" or not household.doubtful
    )
    assert not wrong


def test_some_cards_are_doubtful(households: list[Household]) -> None:
    assert 0.01 < sum(household.doubtful for household in households) / len(households) < 0.05


def test_numbers_of_persons_are_never_given_twice_and_never_to_anybody_real(
    households: list[Household],
) -> None:
    numbers = [person.id_no for household in households for person in household.people]
    assert len(set(numbers)) == len(numbers)
    assert {number[:4] for number in numbers} == {"1499"}


def test_households_are_of_the_size_that_the_province_counts(households: list[Household]) -> None:
    people = sum(card.member_count for _, card in cards(households))
    assert 2.6 < people / len(cards(households)) < 2.9


def test_most_lie_below_the_line_that_they_were_identified_by(households: list[Household]) -> None:
    first = [h.cards[YEARS[0]] for h in households if YEARS[0] in h.cards]
    line = poverty_line(YEARS[0]).amount
    below = sum(card.income.net_income < line * card.member_count for card in first)
    assert 0.93 < below / len(first) < 1
    assert {year: poverty_line(year).amount for year in YEARS} == LINES


def test_who_has_left_earns_more_than_the_line_and_lives_safely(households: list[Household]) -> None:
    left = [household.cards[2014] for household in households if household.status == HouseholdStatus.EXITED]
    assert left
    for card in left:
        assert above_line(card.income.net_income, card.member_count, poverty_line(2014).amount)
        assert card.condition.danger_level not in {"3", "4"}
        assert card.condition.water_safe


def test_who_applied_this_year_has_no_card_of_the_last(households: list[Household]) -> None:
    assert all(set(h.cards) == {2014} for h in households if h.status in ON_THE_WAY)


def test_lines_of_income_add_up_to_the_amounts(households: list[Household]) -> None:
    for _, card in cards(households):
        sums = Counter[str]()
        for line in card.income.lines:
            sums[line.kind] += line.amount  # type: ignore[assignment]
            if line.quantity is not None and line.unit_price is not None:
                assert line.quantity * line.unit_price == line.amount
        for kind, total in sums.items():
            assert total == getattr(card.income, kind)


def test_every_kind_of_person_and_change_comes_up(households: list[Household]) -> None:
    members = [member for _, card in cards(households) for member in card.members]
    assert {m.student for m in members} >= {
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "08",
        "09",
        "10",
        "16",
        None,
    }
    assert {m.labor for m in members} == {"01", "02", "03", "04", None}
    assert {m.change_type for m in members} >= {None, "01", "02", "05", "06"}
    assert {card.poor_type for _, card in cards(households)} == {"01", "02", "03", "04"}
    assert len({card.cause_main for _, card in cards(households)}) >= 11


def test_labourers_cards_pass_their_check(households: list[Household]) -> None:
    rng = repeatable("labourers")
    for _, card in cards(households[:400]):
        for member in card.members:
            if is_labourer(member, card.year):
                labourer = make_labourer_card(rng, member, card.year, county="临县")
                assert not check_labourer(labourer, member, today=TODAY)


@pytest.mark.parametrize("year", YEARS)
def test_village_tables_pass_their_check(households: list[Household], year: int) -> None:
    for number in range(40):
        here = [h.cards[year] for h in households[number * 50 : number * 50 + 50] if year in h.cards]
        home = village(number)
        table = village_table(repeatable("table", number, year), home, year, here, "12900000001")
        table |= {"year": year, "village_code": str(PLACE.code), "village_attr": village_attr(home)}
        derived = {"poor_households": len(here), "poor_pop": sum(card.member_count for card in here)}
        houses = {
            "danger_c": sum(card.condition.danger_level == "3" for card in here),
            "danger_d": sum(card.condition.danger_level == "4" for card in here),
        }
        assert not check_village(table, ctx=VillageContext(today=TODAY, derived=derived, cards=houses))


def test_the_same_seed_makes_the_same_household() -> None:
    first, second = (
        [*make_households(repeatable("same"), village(1), count=20, ordinal=7, serial=3)] for _ in range(2)
    )
    assert [h.cards for h in first] == [h.cards for h in second]
    assert first[0].household_no == "1411241012000003"
