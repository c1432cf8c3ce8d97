"""What is worked out before printing: ages, standings, sums and pages."""

from datetime import date
from decimal import Decimal

import pytest

from fupin.prints.checkcode import verify
from registry.prints.figures import percentage
from registry.prints.imprint import vouched
from registry.prints.records import (
    household_cards,
    household_sheet,
    labourer_cards,
    standing,
)
from registry.prints.rosters import FIRST_PAGE, LATER_PAGE, SIGNED, page_lengths, tally, village_tables
from tests.registry.prints.samples import (
    IMPRINT,
    INCOME,
    INCOME_2013,
    MEMBERS,
    household,
    labourer,
    member,
    roster,
    village,
)


@pytest.mark.parametrize(
    ("net", "count", "against", "gap"),
    [
        ("11860.00", 5, "below", "364.00"),  # data standard §3.2: 2,372.00 a head against 2,736
        ("11860.00", 4, "above", "229.00"),  # the same money for four: 2,965.00
        ("13680.00", 5, "equal", "0.00"),
        ("13679.99", 5, "below", "0.00"),  # rounded a head it would be equal
        ("13680.01", 5, "above", "0.00"),
    ],
)
def test_a_household_stands_to_the_line_unrounded(net, count, against, gap):
    stands = standing(INCOME | {"net_income": Decimal(net)}, None, line=Decimal(2736), count=count)
    assert (stands["against"], stands["gap"]) == (against, Decimal(gap))


def test_a_year_without_a_line_has_no_standing():
    stands = standing(INCOME, INCOME_2013, line=None, count=5)
    assert stands == {"against": None, "gap": None, "past_pc": Decimal("2105.00"), "rise": Decimal("267.00")}


def card_of(record):
    return household_cards([record], IMPRINT).data["cards"][0]


def test_age_is_that_at_the_years_end():
    newborn = member(7, "王新生", birth_date=date(2014, 12, 31))
    assert [m["age"] for m in card_of(household(members=[*MEMBERS[:5], newborn]))["members"]] == [
        53,
        51,
        27,
        15,
        79,
        0,
    ]


def test_those_who_left_stand_below_the_table():
    card = card_of(household())
    assert [m["seat"] for m in card["members"]] == ["01", "02", "03", "04", "05"]
    assert "06 王建军：年内减少 08 其他转出 2014-09-01" in card["remarks"]


def test_several_ailments_are_named_in_the_remarks():
    card = card_of(household())
    assert card["members"][4]["health"] == "02、03、04"
    assert "05 王老根：健康状况 02 长期慢性病、03 患有大病、04 残疾" in card["remarks"]


def test_of_a_disability_certificate_only_kind_and_degree_are_said():
    remarks = card_of(household())["remarks"]
    assert "残疾证 4 肢体 2 级" in remarks
    assert "14991219350117" not in remarks


def test_a_photograph_goes_along_and_counts_for_the_check_code():
    plain, pictured = household(), household(photo=b"\xff\xd8\xff a picture")
    manuscript = household_cards([plain, pictured], IMPRINT)
    assert manuscript.files == {"photo-1": pictured["photo"]}
    assert [card["photo"] for card in manuscript.data["cards"]] == [None, "photo-1"]
    assert len({card["sheet"]["code"] for card in manuscript.data["cards"]}) == 2


def test_what_is_no_picture_leaves_the_frame_empty():
    assert household_cards([household(photo=b"%PDF-1.7")], IMPRINT).files == {}


def test_the_printed_code_verifies_against_the_record():
    record = household()
    code = card_of(record)["sheet"]["code"]
    assert verify(code, vouched(record), sheet=household_sheet(record), key=IMPRINT.key)
    assert not verify(
        code, vouched(record | {"address": "别处"}), sheet=household_sheet(record), key=IMPRINT.key
    )


def test_an_earlier_print_of_the_same_record_has_the_same_code():
    later = type(IMPRINT)(printed_on=date(2016, 5, 4), printed_by="示意丙", demo=False, key=IMPRINT.key)
    assert card_of(household())["sheet"] == household_cards([household()], later).data["cards"][0]["sheet"]


def test_a_card_of_a_batch_has_no_changes_and_the_same_code():
    alone, batched = household(), household()
    del batched["changes"]
    assert card_of(alone)["sheet"] == card_of(batched)["sheet"]


def test_a_labourers_sheet_carries_the_members_number():
    sheet = labourer_cards([labourer()], IMPRINT).data["cards"][0]["sheet"]
    assert sheet["shown"] == "141124101222 0037 03"
    assert sheet["qr"]["text"].startswith("141124101222003703/2014/1/")


# ---- 村表 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", range(131))
def test_every_household_stands_once_and_the_signatures_have_room(count):
    lengths = page_lengths(count)
    assert sum(lengths) == count
    assert lengths[0] <= FIRST_PAGE
    assert all(0 < length <= LATER_PAGE for length in lengths[1:])
    assert lengths[-1] <= (FIRST_PAGE if len(lengths) == 1 else LATER_PAGE) - SIGNED


def test_running_totals_end_in_the_villages():
    pages = village_tables([village(46)], IMPRINT).data["villages"][0]["pages"]
    assert [page["from"] for page in pages] == [0, 9, 37]
    assert pages[-1]["running"] == tally(roster(46))
    for name in ("households", "people", "labor", "net"):
        assert sum(page["page"][name] for page in pages) == pages[-1]["running"][name]


def test_sums_of_some_rows():
    sums = tally(roster(4))
    assert sums == {
        "households": 4,
        "people": 3 + 4 + 5 + 2,
        "labor": 1 + 2 + 0 + 1,
        "net": Decimal("2300.25") * 14,
        "net_pc": Decimal("2300.25"),
        "kinds": "一般 1　低保贫困 1　低保 1　五保 1",
        "kind_counts": [1, 1, 1, 1],
    }


def test_a_roster_that_differs_from_the_villages_count_says_so():
    agreeing, differing = village_tables([village(12), village(12, poor_pop=1)], IMPRINT).data["villages"]
    assert (agreeing["agrees"], differing["agrees"]) == (True, False)


def test_the_mark_above_the_line_is_unrounded():
    rows = [row | {"net_income": Decimal(row["member_count"]) * 2800} for row in roster(2)]
    rows[1]["net_income"] += Decimal("0.01")
    page = village_tables([village(2, roster=rows)], IMPRINT).data["villages"][0]["pages"][0]
    assert [row["above_line"] for row in page["rows"]] == [False, True]


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        (150, 641, "23.40"),
        (0, 641, "0.00"),
        (1, 800, "0.13"),
        (None, 641, None),
        (3, 0, None),
        (3, None, None),
    ],
)
def test_a_rate_is_rounded_half_up_to_two_places(part, whole, rate):
    assert percentage(part, whole) == (None if rate is None else Decimal(rate))
