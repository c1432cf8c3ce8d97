"""Draw a sample by a seed, and write down what was found at its households."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.codes.sampling import SampleItem, Stratum
from registry.errors import SampleRefused
from registry.models import HouseholdYear, Sample, SampledHousehold, SampleFinding
from registry.prints.sampling import recorded
from registry.reports.audit.samples import drawn, frame, layer_name, strata, stratified
from registry.rules.sampling import MOST, allotted


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of one item: whether it agrees with the card, else what it is."""

    agrees: bool
    found: str = ""
    note: str = ""


@transaction.atomic
def draw_sample(
    *, actor: User, division: int, year: int, seed: str, stratum: Stratum, size: int, purpose: str
) -> Sample:
    """Draw households from the register of a division; the same seed from the same register draws the same ones.

    Raise SampleRefused where there is nothing to draw from or too much is asked, Refused.
    """
    require(actor, "registry.draw_sample", at=division)
    if not 1 <= size <= MOST:
        raise SampleRefused(f"样本户数应在 1 和 {MOST} 之间")
    cards = stratified(frame(division, year), stratum)
    layers = strata(cards)
    whole = sum(layers.values())
    if not whole:
        raise SampleRefused(f"所选区划 {year} 年度没有在册的户")
    if size > whole:
        raise SampleRefused(f"在册只有 {whole} 户，样本不能多于总体")
    sample = Sample(
        division_id=division,
        year=year,
        seed=seed.strip(),
        stratum=stratum,
        size=size,
        frame=whole,
        purpose=purpose.strip(),
        drawn_by=actor,
    )
    try:
        with transaction.atomic():
            sample.save(force_insert=True)
    except IntegrityError as violation:
        raise SampleRefused(message_of(violation) or "抽样没有成功，请核对") from violation
    rows: list[SampledHousehold] = []
    for layer, count in sorted(allotted(layers, size).items()):
        words = layer_name(stratum, layer)
        for card in drawn(cards, layer=layer, seed=sample.seed, count=count):
            rows.append(
                SampledHousehold(
                    division_id=card["division_id"],
                    sample=sample,
                    household_id=card["household_id"],
                    seat=len(rows) + 1,
                    stratum=words,
                    card_version=card["version"],
                )
            )
    SampledHousehold.objects.bulk_create(rows)
    note(
        object_key=str(sample), division=division, detail={"seed": sample.seed, "size": size, "frame": whole}
    )
    return sample


@transaction.atomic
def record_findings(
    *, actor: User, sampled: SampledHousehold, looks: Mapping[SampleItem, Look], on: date, today: date
) -> list[SampleFinding]:
    """Write down what was found at a sampled household beside what its card says now. Raise SampleRefused, Refused."""
    require(actor, "registry.record_finding", at=sampled.division_id)
    if not looks:
        raise SampleRefused("没有填任何复核结果")
    if on > today:
        raise SampleRefused("入户日期不能晚于今天")
    card = HouseholdYear.objects.select_related("household").get(
        household_id=sampled.household_id, year=sampled.sample.year
    )
    rows = [
        SampleFinding(
            division_id=sampled.division_id,
            sampled=sampled,
            item=item,
            recorded=recorded(card, item)[:100],
            found=look.found.strip(),
            agrees=look.agrees,
            note=look.note.strip(),
            found_on=on,
            by=actor,
        )
        for item, look in looks.items()
    ]
    try:
        with transaction.atomic():
            made = SampleFinding.objects.bulk_create(rows)
    except IntegrityError as violation:
        raise SampleRefused(message_of(violation) or "没有存上，请核对") from violation
    wrong = sum(not look.agrees for look in looks.values())
    note(
        object_key=f"{sampled.sample}/{sampled.seat}",
        division=sampled.division_id,
        detail={"items": len(rows), "disagreeing": wrong},
    )
    return made
