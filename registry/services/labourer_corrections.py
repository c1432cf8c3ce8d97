"""Correction slips for the card of a labourer in a closed year: the facts of the year.

Courses and certificates are the person's and no year's: they are changed on his card of an open year.
"""

import json
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.db import transaction

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.models import CorrectionSlip, LabourerYear
from registry.reports.labourers import read_labourer
from registry.rules.findings import Finding
from registry.rules.labourer import LabourerCard
from registry.services.cards import refuse_errors
from registry.services.labourers import check, write_labourer
from registry.services.slips import by_slip, opened, proposed, require_slip, require_unchanged
from registry.standard.labourer import LABOURER
from registry.standard.values import parse, present

FACTS: Final = tuple(
    field for field in LABOURER if field.need != "D" and field.name not in {"year", "member_no"}
)
"""What a slip may change."""


@transaction.atomic
def propose_labourer_correction(
    *,
    actor: User,
    labourer_year: LabourerYear,
    values: dict[str, Any],
    base_version: int,
    reason: str,
    evidence: str = "",
    on: date,
) -> CorrectionSlip:
    """Return the slip that asks for a closed year's card to hold `values`.

    Raise SlipRefused, CardRefused or StaleCard, as `propose_correction` does for a household's card.
    """
    row = _locked(labourer_year.pk)
    require(actor, "registry.correct_card", at=row.division_id)
    require_slip(row, what="劳动力卡", base_version=base_version, reason=reason)
    refuse_errors(checked(row, values, on=on))
    texts = {field.name: present(field, values.get(field.name)) for field in FACTS}
    return proposed(
        actor=actor,
        about=row,
        what="劳动力卡",
        base_version=base_version,
        payload=json.dumps(texts, ensure_ascii=False),
        changes=changes_between(row, values),
        reason=reason,
        evidence=evidence,
        key=f"{row.member.member_no}/{row.year}",
    )


def apply_to_labourer(slip: CorrectionSlip, *, on: date) -> None:
    """Write what an approved slip asks for; raise SlipRefused when the card has changed since, CardRefused."""
    row = _locked(slip.labourer_year_id or 0)
    require_unchanged(slip)
    texts = json.loads(opened(slip.payload))
    values = {field.name: parse(field, texts[field.name]) for field in FACTS}
    findings = checked(row, values, on=on)
    refuse_errors(findings)
    with by_slip(slip):
        write_labourer(row, corrected(row, values), row.member_year, findings=findings, by=slip.made_by)


def corrected(row: LabourerYear, values: dict[str, Any]) -> LabourerCard:
    """Return a stored card with the facts of the year replaced."""
    facts: dict[str, Any] = {field.name: values.get(field.name) for field in FACTS}
    return replace(read_labourer(row), **facts)


def checked(row: LabourerYear, values: dict[str, Any], *, on: date) -> list[Finding]:
    """Return everything wrong with the card that a slip asks for."""
    return check(member_year=row.member_year, card=corrected(row, values), on=on)


def changes_between(row: LabourerYear, values: dict[str, Any]) -> list[dict[str, str]]:
    """Return what a slip would change."""
    before = read_labourer(row)
    shown = (
        (field, present(field, getattr(before, field.name)), present(field, values.get(field.name)))
        for field in FACTS
    )
    return [
        {"field": field.name, "label": field.label, "old": old, "new": new}
        for field, old, new in shown
        if old != new
    ]


def _locked(pk: int) -> LabourerYear:
    rows = LabourerYear.objects.select_for_update(of=("self",))
    return rows.select_related("member", "member_year__member", "member_year__household_year").get(pk=pk)
