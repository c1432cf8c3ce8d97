"""Correction slips for the table of a village in a closed year."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.masking import is_masked
from fupin.vault.sealing import mask
from registry.errors import SlipRefused, StaleCard
from registry.models import CorrectionSlip, VillageYear
from registry.reports.villages import TYPED, read_table
from registry.services.cards import refuse_errors
from registry.services.slips import by_slip, opened, sealed, store
from registry.services.village_tables import check_table, write_table
from registry.services.years import is_closed
from registry.standard.values import parse, present


@transaction.atomic
def propose_village_correction(
    *,
    actor: User,
    village_year: VillageYear,
    values: Mapping[str, Any],
    base_version: int,
    reason: str,
    evidence: str = "",
    on: date,
) -> CorrectionSlip:
    """Return the slip that asks for a closed year's table to hold `values`; a masked telephone means unchanged.

    Raise SlipRefused, CardRefused or StaleCard, as `propose_correction` does for a card.
    """
    table = (
        VillageYear.objects.select_for_update(of=("self",)).select_related("village").get(pk=village_year.pk)
    )
    require(actor, "registry.correct_card", at=table.division_id)
    if not is_closed(table.year):
        raise SlipRefused(f"{table.year}年度未关账，请直接修改村表")
    if not reason.strip():
        raise SlipRefused("请填写更正理由")
    if table.version != base_version:
        raise StaleCard(base=base_version, current=table.version)
    refuse_errors(check_table(division=table.division, year=table.year, values=values, on=on))
    changes = changes_between(read_table(table), values)
    if not changes:
        raise SlipRefused("更正后与现表相同，没有更正事项")
    texts = {field.name: present(field, values.get(field.name)) for field in TYPED}
    slip = CorrectionSlip(
        division_id=table.division_id,
        village_year=table,
        base_version=base_version,
        payload=sealed(json.dumps(texts, ensure_ascii=False)),
        changes=changes,
        reason=reason.strip(),
        evidence=evidence.strip(),
        made_by=actor,
    )
    store(slip)
    note(
        object_key=f"{table.division_id}/{table.year}",
        division=table.division_id,
        reason=slip.reason,
        detail={"slip": slip.pk, "changes": len(changes)},
    )
    return slip


def corrected_values(slip: CorrectionSlip) -> dict[str, Any]:
    """Return the values that a slip asks for, the telephone in full where it was typed."""
    texts = json.loads(opened(slip.payload))
    return {field.name: parse(field, texts[field.name]) for field in TYPED}


def apply_to_village(slip: CorrectionSlip, *, on: date) -> None:
    """Write what an approved slip asks for; raise SlipRefused when the table has changed since."""
    table = (
        VillageYear.objects.select_for_update(of=("self",))
        .select_related("division")
        .get(pk=slip.village_year_id or 0)
    )
    if table.version != slip.base_version:
        raise SlipRefused(
            f"村表在填单之后又有更正（填单时第{slip.base_version}版，现为第{table.version}版），请退回重填"
        )
    with by_slip(slip):
        write_table(
            slip.made_by, table.division, table.year, corrected_values(slip), slip.base_version, {}, on
        )


def changes_between(before: Mapping[str, Any], values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what a slip would change, a telephone typed anew masked."""
    changes = []
    for field in TYPED:
        old, new = present(field, before.get(field.name)), present(field, values.get(field.name))
        if field.name == "head_phone" and new and not is_masked(new):
            new = f"{mask('phone', new)}（新填）"
        if old != new:
            changes.append({"field": field.name, "label": field.label, "old": old, "new": new})
    return changes
