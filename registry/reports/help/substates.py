"""N1–N4 of households on the register, by what is put down of their help; three queries however many they are."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from registry.models import AssistPair, AssistPlan, Attachment, AttachmentKind
from registry.models.help import HelpLevel
from registry.rules.help.substates import Substate, substate


def substates(households: Collection[int], year: int) -> dict[int, Substate]:
    """Return the substate of each household: who answers for it now, its plan of the year, its signed sheet."""
    if not households:
        return {}
    paired = _of(AssistPair.objects.filter(household_id__in=households, end_date__isnull=True))
    planned = _of(
        AssistPlan.objects.filter(
            household_id__in=households, level=HelpLevel.HOUSEHOLD, year=year, withdrawn_on__isnull=True
        )
    )
    signed = _of(
        Attachment.objects.filter(
            household_id__in=households, kind=AttachmentKind.SIGNED_SHEET, withdrawn_at__isnull=True
        )
    )
    return {
        one: substate(paired=one in paired, planned=one in planned, signed=one in signed)
        for one in households
    }


def _of(rows: "QuerySet[Any]") -> set[int]:
    return set(rows.values_list("household_id", flat=True))
