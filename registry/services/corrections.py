"""Correction slips: how a card of a closed year is put right (procedures §4.2, §7).

One person says what is wrong and why, another decides. What stood there before stays in the history.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID, uuid4

import pghistory
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.vault.cipher import decrypt, encrypt
from registry.errors import SlipRefused, StaleCard
from registry.models import CorrectionSlip, Household, HouseholdYear, SlipStatus
from registry.reports.differences import Difference, differences
from registry.rules.card import Card
from registry.services.cards import SavedCard, check, refuse_errors, write_change
from registry.services.stored import load_stored, masks
from registry.services.writing import dumps, loads
from registry.services.years import is_closed

_KIND = "slip"


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
    if not is_closed(household_year.year):
        raise SlipRefused(f"{household_year.year}年度未关账，请直接修改户卡")
    if not reason.strip():
        raise SlipRefused("请填写更正理由")
    stored = load_stored(household, household_year.year)
    if stored.card is None or stored.version != base_version:
        raise StaleCard(base=base_version, current=stored.version or 0)
    ready, findings = check(actor=actor, household=household, card=card, on=on)
    refuse_errors(findings)
    changes = differences(stored.card, masks(ready, stored))
    if not changes:
        raise SlipRefused("更正后与现卡相同，没有更正事项")
    key = uuid4()
    slip = CorrectionSlip(
        division_id=household.division_id,
        household_year=household_year,
        base_version=base_version,
        payload={"key": str(key), "card": _sealed(card, key)},
        changes=[{"field": c.field, "label": c.label, "old": c.old, "new": c.new} for c in changes],
        reason=reason.strip(),
        evidence=evidence.strip(),
        made_by=actor,
    )
    _store(slip)
    note(
        object_key=f"{household.household_no}/{household_year.year}",
        division=household.division_id,
        reason=slip.reason,
        detail={"slip": slip.pk, "changes": len(changes)},
    )
    return slip


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
    if approve:
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
    key = UUID(slip.payload["key"])
    return loads(decrypt(base64.b64decode(slip.payload["card"]), row=key, kind=_KIND))


def _apply(slip: CorrectionSlip, *, on: date) -> SavedCard:
    household_year = slip.household_year
    if household_year is None:
        raise SlipRefused("该更正单不是户卡的更正单")
    household = Household.objects.select_for_update(of=("self",)).get(pk=household_year.household_id)
    stored = load_stored(household, household_year.year)
    if stored.version != slip.base_version:
        raise SlipRefused(
            f"户卡在填单之后又有更正（填单时第{slip.base_version}版，现为第{stored.version}版），请退回重填"
        )
    with by_slip(slip):
        return write_change(
            actor=slip.made_by, household=household, stored=stored, card=corrected_card(slip), on=on
        )


@contextmanager
def by_slip(slip: CorrectionSlip) -> Iterator[None]:
    """Let a block write the closed year that an applied slip is about; the history keeps its reason."""
    with pghistory.context(reason=f"更正单{slip.pk}：{slip.reason}", slip=slip.pk):
        _name_slip(str(slip.pk))
        yield
        _name_slip("")


def _name_slip(number: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.correction_slip', %s, true)", [number])


def _sealed(card: Card, key: UUID) -> str:
    return base64.b64encode(encrypt(dumps(card), row=key, kind=_KIND)).decode()


def _store(slip: CorrectionSlip) -> None:
    try:
        with transaction.atomic():
            slip.save(force_insert=True)
    except IntegrityError as violation:
        message = message_of(violation)
        if not message:
            raise
        raise SlipRefused(message) from violation
