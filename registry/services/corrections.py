"""Correction slips: how a card of a closed year is put right (procedures §4.2, §7).

One person says what is wrong and why, another decides. What stood there before stays in the history.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import SlipRefused, StaleCard
from registry.models import CorrectionSlip, Household, HouseholdYear, SlipStatus
from registry.reports.differences import Difference, differences
from registry.rules.card import Card
from registry.services.cards import SavedCard, check, refuse_errors, write_change
from registry.services.labourer_corrections import apply_to_labourer
from registry.services.slips import by_slip, opened, proposed, require_slip, require_unchanged
from registry.services.stored import load_stored, masks
from registry.services.village_corrections import apply_to_village
from registry.services.writing import dumps, loads


@transaction.atomic
def propose_correction(
    *,
    actor: User,
    household_year: HouseholdYear,
    card: Card,
    base_version: int,
    reason: str,
    evidence: str = "",
    on: date,
) -> CorrectionSlip:
    """Return the slip that asks for a closed year's card to become `card`; a masked number means unchanged.

    Raise SlipRefused when there is nothing to correct, no reason, an open slip, or the year is still open;
    CardRefused for errors in the corrected card; StaleCard when it was corrected in between.
    """
    household = Household.objects.select_for_update(of=("self",)).get(pk=household_year.household_id)
    require(actor, "registry.correct_card", at=household.division_id)
    stored = load_stored(household, household_year.year)
    if stored.card is None:
        raise StaleCard(base=base_version, current=0)
    card_year = HouseholdYear.objects.get(pk=household_year.pk)
    require_slip(card_year, what="户卡", base_version=base_version, reason=reason)
    ready, findings = check(actor=actor, household=household, card=card, on=on)
    refuse_errors(findings)
    changes = differences(stored.card, masks(ready, stored))
    return proposed(
        actor=actor,
        about=card_year,
        what="户卡",
        base_version=base_version,
        payload=dumps(card),
        changes=[{"field": c.field, "label": c.label, "old": c.old, "new": c.new} for c in changes],
        reason=reason,
        evidence=evidence,
        key=f"{household.household_no}/{household_year.year}",
    )


def changes_asked(*, actor: User, household_year: HouseholdYear, card: Card, on: date) -> list[Difference]:
    """Return what a slip for `card` would change, numbers masked; nothing is stored. Raise CardRefused."""
    household = household_year.household
    stored = load_stored(household, household_year.year)
    ready, findings = check(actor=actor, household=household, card=card, on=on)
    refuse_errors(findings)
    return differences(stored.card, masks(ready, stored)) if stored.card else []


@transaction.atomic
def decide_correction(
    *, actor: User, slip: CorrectionSlip, approve: bool, decision_note: str = "", on: date
) -> CorrectionSlip:
    """Apply a slip or send it back; whoever made it may not decide on it.

    Raise SlipRefused when it is decided already, or the card has changed since it was written.
    """
    slip = CorrectionSlip.objects.select_for_update(of=("self",)).get(pk=slip.pk)
    require(actor, "registry.approve_correction", at=slip.division_id, not_entered_by=slip.made_by_id)
    if slip.status != SlipStatus.PROPOSED:
        raise SlipRefused(f"该更正单已办理（{slip.get_status_display()}）")
    if not approve and not decision_note.strip():
        raise SlipRefused("退回更正单请填写意见")
    slip.status = SlipStatus.APPLIED if approve else SlipStatus.REJECTED
    slip.decided_by, slip.decided_at, slip.decision_note = actor, timezone.now(), decision_note.strip()
    slip.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
    if approve and slip.village_year_id is not None:
        apply_to_village(slip, on=on)
    elif approve and slip.labourer_year_id is not None:
        apply_to_labourer(slip, on=on)
    elif approve:
        _apply(slip, on=on)
    note(
        division=slip.division_id,
        object_key=f"slip/{slip.pk}",
        reason=slip.reason,
        detail={"approved": approve},
    )
    return slip


def corrected_card(slip: CorrectionSlip) -> Card:
    """Return the card that a slip asks for, with full numbers where they were typed: never to be shown as it is."""
    return loads(opened(slip.payload))


def _apply(slip: CorrectionSlip, *, on: date) -> SavedCard:
    household_year = HouseholdYear.objects.get(pk=slip.household_year_id or 0)
    household = Household.objects.select_for_update(of=("self",)).get(pk=household_year.household_id)
    stored = load_stored(household, household_year.year)
    require_unchanged(slip)
    with by_slip(slip):
        return write_change(
            actor=slip.made_by, household=household, stored=stored, card=corrected_card(slip), on=on
        )
