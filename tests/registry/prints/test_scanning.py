"""A scanned sheet opens its record, and says whether paper and register still agree."""

from dataclasses import replace

import pytest

from fupin.prints.checkcode import Sheet, scan_text
from registry.models import HouseholdYear
from registry.prints.household import household_card_record, labourer_card_record
from registry.prints.imprint import check_key
from registry.prints.records import household_sheet, labourer_sheet
from registry.prints.rosters import village_sheet
from registry.prints.scanning import Verdict, scanned
from registry.prints.village import village_table_record
from tests.conftest import VILLAGE
from tests.registry.prints.samples import IMPRINT


def line(record, sheet):
    """Return what the QR code of a sheet printed here and now says."""
    return replace(IMPRINT, key=check_key()).of_sheet(sheet, record)["qr"]["text"]


def test_a_household_card_opens_its_card(card, ai):
    record = household_card_record(card)
    found = scanned(line(record, household_sheet(record)), user=ai)
    assert (found.page, found.verdict) == ("household_card", Verdict.AGREES)
    assert found.arguments == {"household_no": card.household.household_no, "year": card.year}


def test_a_labourer_card_opens_its_card(labourer_year, ai):
    record = labourer_card_record(labourer_year)
    found = scanned(line(record, labourer_sheet(record)), user=ai)
    assert (found.page, found.verdict) == ("labourer_card", Verdict.AGREES)


def test_a_village_table_opens_its_table(village_year, ai):
    record = village_table_record(village_year)
    found = scanned(line(record, village_sheet(record)), user=ai)
    assert (found.page, found.verdict) == ("village_table", Verdict.AGREES)
    assert found.arguments["code"] == VILLAGE


def test_a_sheet_from_before_the_last_change_is_outdated(card, ai):
    record = household_card_record(card)
    text = line(record, household_sheet(record))
    HouseholdYear.objects.filter(pk=card.pk).update(version=2, address="别处")
    found = scanned(text, user=ai)
    assert (found.verdict, found.version) == (Verdict.OUTDATED, 2)


def test_a_sheet_that_somebody_altered_differs(card, ai):
    record = household_card_record(card)
    sheet = household_sheet(record)
    assert scanned(scan_text(sheet, "0" * 12), user=ai).verdict is Verdict.DIFFERS


@pytest.mark.parametrize("text", ["任大海", "1411241012000001", ""])
def test_other_text_leads_nowhere(text, card, ai):
    assert scanned(text, user=ai) is None


def test_a_sheet_of_another_county_leads_nowhere(card, du):
    record = household_card_record(card)
    assert scanned(line(record, household_sheet(record)), user=du) is None


def test_a_sheet_without_its_card_leads_nowhere(card, ai):
    assert scanned(scan_text(Sheet("household", "1411241012009999", 2013, 1), "0" * 12), user=ai) is None
