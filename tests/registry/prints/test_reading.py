"""Cards read from the register: every field of the standard, masked numbers, constant queries."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader

from registry.models import Attachment, AttachmentKind, HouseholdYear, Village
from registry.prints.household import household_card_record, household_card_records, labourer_card_record
from registry.prints.records import household_cards, labourer_cards
from registry.prints.rosters import village_tables
from registry.prints.village import village_table_record
from registry.reports.history import Change
from registry.rules.card import Relocation, Subsidy
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import LABOURER
from registry.standard.member import MEMBER
from registry.standard.village import VILLAGE_YEAR
from tests.conftest import VILLAGE
from tests.registry.prints import samples
from tests.registry.prints.conftest import store_household, store_year
from tests.registry.prints.samples import IMPRINT
from tests.registry.rules.cards import good_card
from tests.registry.standing import put

NO_PAPER = {"bank_name", "bank_account", "sign_file", "danger_report"}


def test_a_card_has_every_field_of_the_standard(card):
    record = household_card_record(card)
    assert {field.name for field in HOUSEHOLD_YEAR} - NO_PAPER <= record.keys()
    assert {field.name for field in INCOME} <= record["income"].keys()
    assert {field.name for field in CONDITION} - NO_PAPER <= record["condition"].keys()
    assert all({field.name for field in MEMBER} <= member.keys() for member in record["members"])


def test_a_record_has_the_names_that_the_samples_have(card, labourer_year, village_year):
    """What pages are tested with is what readers give."""
    optional = {"changes", "pending", "is_demo", "follow_up_note"}
    assert samples.household().keys() - optional == household_card_record(card).keys() - optional
    assert samples.labourer().keys() - optional == labourer_card_record(labourer_year).keys() - optional
    assert samples.village().keys() - optional == village_table_record(village_year).keys() - optional


def test_values_are_said_as_the_paper_says_them(card):
    record = household_card_record(card)
    assert record["divisions"][:3] == ["山西省", "吕梁市", "临县"]
    assert record["household_no"] == f"{VILLAGE}0001"
    assert record["status"] == "N 在册"
    assert record["cause_main"] == "01 因病"
    assert record["cause_other"] == ["09 缺资金"]
    assert record["income"]["net_income"] == Decimal("11860.00")
    assert record["income"]["net_income_pc"] == Decimal("2372.00")
    assert record["poverty_line"] == Decimal(2736)
    assert record["condition"]["is_dangerous"] is False
    assert record["condition"]["renovate_year"] is None
    assert [member["name"] for member in record["members"]] == [
        "任大海",
        "高秀英",
        "任小军",
        "任小兰",
        "任老栓",
    ]
    assert record["members"][4]["health"] == ["02 长期慢性病"]


def test_numbers_come_masked(card):
    record = household_card_record(card)
    assert record["phone"] == "*******0001"
    assert {member["id_no"] for member in record["members"]} == {"149901************"}
    assert "bank_account" not in record


def test_the_year_before_stands_beside(card, ai):
    later = store_year(ai, card.household, replace(good_card(), year=2014))
    assert household_card_record(later)["income_prev"]["net_income"] == Decimal("11860.00")
    assert household_card_record(card)["income_prev"] is None


def test_a_relocation_comes_with_its_subsidies(see_all, ai):
    moved = Relocation(
        willing=True, form="1", follow_up="2", subsidies=(Subsidy("易地扶贫搬迁", Decimal(30000), 2013),)
    )
    record = household_card_record(store_household(ai, card=replace(good_card(), relocation=moved)))
    assert {field.name for field in RELOCATION} <= record["relocation"].keys()
    assert record["relocation"]["form"] == "1 集中"
    assert record["relocation"]["subsidies"] == [{"channel": "易地扶贫搬迁", "amount": Decimal("30000.00")}]


def test_the_latest_photograph_is_printed(card, ai, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for number, (content, withdrawn) in enumerate(
        [(b"old", None), (b"new", None), (b"gone", "2014-01-02T00:00Z")]
    ):
        Attachment.objects.create(
            division_id=VILLAGE,
            household=card.household,
            year=card.year,
            kind=AttachmentKind.PHOTO,
            file=ContentFile(content, name=f"{number}.jpg"),
            content_type="image/jpeg",
            size=len(content),
            sha256="0" * 64,
            uploaded_by=ai,
            withdrawn_at=withdrawn,
        )
    assert household_card_record(card)["photo"] == b"new"


def test_many_cards_take_as_many_queries_as_one(see_all, ai, django_assert_num_queries):
    for serial in (1, 2, 3):
        store_household(ai, card=replace(good_card(), members=()), serial=serial)
    rows = list(HouseholdYear.objects.select_related("household").order_by("pk"))
    with django_assert_num_queries(5):
        assert len(household_card_records(rows)) == 3
    with django_assert_num_queries(5):
        household_card_records(rows[:1])


def test_a_card_printed_alone_says_what_changed_in_its_year(card, monkeypatch):
    moment = datetime(2014, 6, 20, 17, 30, tzinfo=UTC)  # past midnight in Taiyuan
    history = [
        Change(moment, "艾村", year, version, "address", "家庭住址", "甲", "乙", "更正")
        for year, version in [(card.year, 3), (None, None), (card.year + 1, 1), *[(card.year, 1)] * 20]
    ]
    monkeypatch.setattr("registry.prints.household.card_history", lambda household: history)
    changes = household_card_record(card)["changes"]
    assert [change["version"] for change in changes] == [3, None, 1, 1, 1, 1, 1, 1]
    assert changes[0] == {
        "date": date(2014, 6, 21),
        "version": 3,
        "item": "家庭住址",
        "old": "甲",
        "new": "乙",
        "basis": "更正",
        "by": "艾村",
    }


def test_no_cards_make_no_records(db):
    assert household_card_records([]) == []


def test_a_labourers_card_has_every_field_of_the_standard(labourer_year):
    record = labourer_card_record(labourer_year)
    assert {field.name for field in LABOURER} <= record.keys()
    assert record["is_female"] is True
    assert record["member"]["work_area"] == "02 乡(镇)外县内务工"
    assert [row["subsidy"] for row in record["trainings"]] == [Decimal("600.00")]
    assert record["certificates"] == []  # issued after the card's year


def test_a_villages_table_has_every_field_of_the_standard(village_year):
    record = village_table_record(village_year)
    assert {field.name for field in VILLAGE_YEAR} <= record.keys()
    assert record["tags"][0].startswith("03 ")
    assert record["head_phone"] == "*******3306"


@pytest.mark.parametrize(
    ("status", "listed", "pending"),
    [("D", 0, 1), ("P1", 0, 1), ("N", 1, 0), ("X1", 1, 0), ("XP", 1, 0), ("K", 0, 0), ("Z", 0, 0)],
)
def test_only_households_on_the_register_stand_in_the_roster(village_year, card, status, listed, pending):
    put(card.household, status)
    record = village_table_record(village_year)
    assert (len(record["roster"]), record["pending"]) == (listed, pending)
    assert (record["poor_households"], record["poor_pop"]) == (listed, 5 * listed)
    assert record["general_poor_households"] == listed


@pytest.mark.parametrize(("exit_year", "listed"), [(2013, 0), (2014, 1)])
def test_a_household_stands_in_the_rosters_of_the_years_before_it_left(village_year, card, exit_year, listed):
    put(card.household, "O", exit_year=exit_year, exited_on=date(exit_year, 12, 20))
    assert len(village_table_record(village_year)["roster"]) == listed


def test_what_is_read_can_be_printed(card, labourer_year, village_year, tmp_path):
    for manuscript, pages in (
        (household_cards([household_card_record(card)], IMPRINT), 2),
        (labourer_cards([labourer_card_record(labourer_year)], IMPRINT), 1),
        (village_tables([village_table_record(village_year)], IMPRINT), 1),
    ):
        out = tmp_path / "out.pdf"
        manuscript.typeset(out=out)
        assert len(PdfReader(out).pages) == pages


def test_an_invented_village_is_marked(village_year):
    Village.objects.filter(pk=village_year.village_id).update(is_demo=True)
    village_year.village.refresh_from_db()
    real = replace(IMPRINT, demo=False)
    assert village_tables([village_table_record(village_year)], real).data["demo"] is True
