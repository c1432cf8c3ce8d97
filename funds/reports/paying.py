"""Whether a list may be paid yet, and how much: what is promised to lists already, what was accepted, what is public (policy §5, §9)."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from funds.codes.subjects import (
    COUNTY_LIST,
    VILLAGE_LIST,
    VILLAGE_PROJECT,
    payment_subject,
    placement_subject,
)
from funds.models.payment import BatchKind, BatchStatus, Payment, PaymentBatch, PaymentStatus
from funds.models.use import Acceptance, AcceptanceResult, Placement
from fupin.divisions.codes import Level
from fupin.notices.models import NoticeLine
from fupin.notices.reports import passed
from projects.models import ProjectVillage


def committed(placement: Placement) -> Decimal:
    """Return what stands on approved lists of the placement's project and document and is not paid yet."""
    rows = Payment.objects.filter(
        batch__placement__appropriation=placement.appropriation_id,
        batch__placement__project=placement.project_id,
        batch__status__in=[BatchStatus.APPROVED, BatchStatus.EXPORTED],
        status=PaymentStatus.PENDING,
    )
    return rows.aggregate(sum=Sum("amount_yuan"))["sum"] or Decimal(0)


def covering(placement: Placement, on: date) -> "QuerySet[Acceptance]":
    """Return the acceptances that passed up to a day, the latest first."""
    rows = Acceptance.objects.filter(placement=placement, result=AcceptanceResult.PASS, on__lte=on)
    return rows.order_by("-on", "-pk")


def most_for(placement: Placement, on: date) -> tuple[Decimal, Decimal]:
    """Return what acceptances allow to be paid in all, and what was paid."""
    most = covering(placement, on).aggregate(sum=Sum("checked_yuan"))["sum"] or Decimal(0)
    paid = Payment.objects.paid().filter(batch__placement=placement).aggregate(sum=Sum("amount_yuan"))["sum"]
    return most, paid or Decimal(0)


def is_of_a_village(placement: Placement) -> bool:
    """Tell whether the placement's project stands in a village or is for one: then the village is told as well."""
    project = placement.project
    if project is None:
        return False
    if project.division.level == Level.VILLAGE:
        return True
    return ProjectVillage.objects.filter(project=project).exists()


def first_day(batch: PaymentBatch, on: date) -> str:
    """Return why a list may not be paid on a day because of what is not public, or nothing where it may."""
    placement = batch.placement
    subject = placement_subject(placement.number)
    if not passed(subject, COUNTY_LIST, on):
        return f"{_said(subject, COUNTY_LIST, '县级')}，不得拨付"
    if batch.kind == BatchKind.CONTRACTOR:
        if is_of_a_village(placement) and not passed(subject, VILLAGE_PROJECT, on):
            return f"{_said(subject, VILLAGE_PROJECT, '行政村')}，不得拨付"
        return ""
    for payment in Payment.objects.filter(batch=batch, status=PaymentStatus.PENDING).order_by("seq"):
        if not passed(payment_subject(payment.pk), VILLAGE_LIST, on):
            return f"{_said(payment_subject(payment.pk), VILLAGE_LIST, '行政村')}（第 {payment.seq} 笔），不得拨付"
    return ""


def _said(subject: str, kind: str, where: str) -> str:
    """Say how far the notice is."""
    line = (
        NoticeLine.objects.filter(subject_key=subject, notice__kind=kind)
        .select_related("notice")
        .order_by("-notice__posted_on", "-notice_id")
        .first()
    )
    if line is None:
        return f"{where}未公示"
    return f"{where}公示自 {line.notice.passes_on} 起方可拨付，或有异议未办结"
