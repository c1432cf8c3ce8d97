"""复核表: a sheet for each sampled household, with what its card says and room for what is found."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fupin.prints.typesetter import Manuscript
from registry.codes.sampling import SampleItem
from registry.models import HouseholdYear, MemberYear, Sample, SampledHousehold
from registry.prints.imprint import Imprint
from registry.prints.reading import path, place_names, value
from registry.prints.records import TEMPLATES
from registry.prints.redaction import redacted
from registry.standard.fields import by_name
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME

_FIELDS: Final = {**by_name(HOUSEHOLD_YEAR), **by_name(INCOME), **by_name(CONDITION)}


def recorded(card: HouseholdYear, item: SampleItem) -> str:
    """Return what a card says of an item, as it is printed."""
    found = value(_FIELDS[item.value], (card, card.household))
    if isinstance(found, bool):
        return "是" if found else "否"
    return "未填" if found is None else str(found)


def field_sheets(sample: Sample, households: Sequence[SampledHousehold], imprint: Imprint) -> Manuscript:
    """Return the manuscript of the sheets of some sampled households, `household` being at hand; three queries."""
    pks = [one.household_id for one in households]
    cards = {
        card.household_id: card
        for card in HouseholdYear.objects.filter(household_id__in=pks, year=sample.year).select_related(
            "household"
        )
    }
    people: dict[int, list[str]] = {pk: [] for pk in pks}
    counted = MemberYear.objects.filter(
        household_year__household_id__in=pks, year=sample.year, is_counted=True
    )
    for row in counted.select_related("member").order_by("member__household_id", "seat"):
        people[row.member.household_id].append(f"{row.member.name}（{row.get_relation_display()}）")
    names = place_names(one.division_id for one in households)
    sheets = [
        redacted(
            {
                "seat": one.seat,
                "stratum": one.stratum,
                "household_no": one.household.household_no,
                "places": " ".join(path(one.division_id, names)),
                "drawn_version": one.card_version,
                **_card(cards.get(one.household_id)),
                "people": "、".join(people[one.household_id]),
            }
        )
        for one in households
    ]
    about = {
        "number": str(sample),
        "year": sample.year,
        "seed": sample.seed,
        "stratum": sample.get_stratum_display(),
        "purpose": sample.purpose,
        "size": sample.size,
    }
    demo = [{"is_demo": one.household.is_demo} for one in households]
    return Manuscript(
        TEMPLATES / "field_sheet.typ", {**imprint.of_file(demo), "sample": redacted(about), "sheets": sheets}
    )


def _card(card: HouseholdYear | None) -> Mapping[str, Any]:
    if card is None:
        return {"head_name": None, "address": None, "version": None, "items": []}
    return {
        "head_name": card.head_name,
        "address": " ".join(filter(None, (card.natural_village, card.address))),
        "version": card.version,
        "items": [{"label": item.label, "recorded": recorded(card, item)} for item in SampleItem],
    }
