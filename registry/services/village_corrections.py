"""Correction slips for the table of a village in a closed year."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.masking import is_masked
from fupin.vault.sealing import mask
from registry.models import CorrectionSlip, VillageYear
from registry.reports.villages import TYPED, read_table
from registry.services.cards import refuse_errors
from registry.services.slips import by_slip, opened, proposed, require_slip, require_unchanged
from registry.services.village_tables import check_table, write_table
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
    require_slip(table, what="村表", base_version=base_version, reason=reason)
    refuse_errors(check_table(division=table.division, year=table.year, values=values, on=on))
    texts = {field.name: present(field, values.get(field.name)) for field in TYPED}
    return proposed(
        actor=actor,
        about=table,
        what="村表",
        base_version=base_version,
        payload=json.dumps(texts, ensure_ascii=False),
        changes=changes_between(read_table(table), values),
        reason=reason,
        evidence=evidence,
        key=f"{table.division_id}/{table.year}",
    )


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
    require_unchanged(slip)
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
