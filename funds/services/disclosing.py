"""Draw up the public notices of money: county and village before it is paid, above the county step by step (policy §9)."""

from collections.abc import Sequence
from datetime import date

from funds.codes.subjects import (
    ABOVE_LIST,
    COUNTY_LIST,
    VILLAGE_LIST,
    VILLAGE_PROJECT,
    allotment_subject,
    payment_subject,
    placement_subject,
)
from funds.errors import MoneyRefused
from funds.models import Allotment, Appropriation, Disclosure, Payment, PaymentBatch, Placement
from funds.models.payment import BatchKind, PaymentStatus
from funds.models.use import PlacementStatus
from funds.reports.disclosure import elements_of, elements_of_document, villages_of
from funds.rules.disclosure import DisclosureLevel, missing_elements
from funds.services.refusing import spoken
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.notices.errors import NoticeError
from fupin.notices.models import NoticeDraft
from fupin.notices.rules import Row
from fupin.notices.services.drawing import draw_up


def disclose_placement(*, actor: User, placement: Placement, on: date) -> list[NoticeDraft]:
    """Draw up the county's notice of a placement, and one for each village that its project is for; return the drafts.

    Raise MoneyRefused where something that has to be said is missing or may not be made public, Refused.
    """
    require(actor, "funds.disclose", at=placement.division_id)
    project = placement.project
    if placement.status != PlacementStatus.APPROVED or project is None:
        raise MoneyRefused("已批准落实到项目的资金才能公示")
    elements = elements_of(placement)
    if absent := missing_elements(elements, finished=False):
        raise MoneyRefused("公示缺：" + "、".join(one.label for one in absent))
    row = Row(
        name=project.name,
        subject_key=placement_subject(placement.number),
        village=project.division.name,
        amount=placement.amount_yuan,
    )
    drafts = []
    with spoken():
        drafts.append(
            _draft(
                actor, COUNTY_LIST, placement.division, [row], placement, on, DisclosureLevel.COUNTY, elements
            )
        )
        drafts += [
            _draft(actor, VILLAGE_PROJECT, village, [row], placement, on, DisclosureLevel.VILLAGE, elements)
            for village in villages_of(placement)
        ]
    note(object_key=placement.number, division=placement.division_id, detail={"drafts": len(drafts)})
    return drafts


def disclose_batch(*, actor: User, batch: PaymentBatch, on: date) -> list[NoticeDraft]:
    """Draw up the notice of a list of payments in each village where it pays; return the drafts. Raise MoneyRefused, Refused."""
    require(actor, "funds.disclose", at=batch.division_id)
    if batch.kind != BatchKind.HOUSEHOLD:
        raise MoneyRefused("付给施工、供货单位的资金随资金落实公示")
    elements = elements_of(batch.placement)
    by_village: dict[int, list[Payment]] = {}
    rows = Payment.objects.filter(batch=batch, status=PaymentStatus.PENDING)
    for one in rows.select_related("division").order_by("division_id", "seq"):
        by_village.setdefault(one.division_id, []).append(one)
    if not by_village:
        raise MoneyRefused("清单中没有待支付的")
    drafts = []
    with spoken():
        for payments in by_village.values():
            listed = [
                Row(name=one.payee_name, subject_key=payment_subject(one.pk), amount=one.amount_yuan)
                for one in payments
            ]
            drafts.append(
                _draft(
                    actor,
                    VILLAGE_LIST,
                    payments[0].division,
                    listed,
                    batch,
                    on,
                    DisclosureLevel.VILLAGE,
                    elements,
                )
            )
    note(object_key=batch.number, division=batch.division_id, detail={"drafts": len(drafts)})
    return drafts


def disclose_document(*, actor: User, appropriation: Appropriation, at: Division, on: date) -> NoticeDraft:
    """Draw up a city's or the province's notice of what a document brings to which county. Raise MoneyRefused, Refused."""
    require(actor, "funds.disclose", at=at.pk)
    rows = Allotment.objects.within(at.pk).filter(appropriation=appropriation).select_related("division")
    listed = [
        Row(name=one.division.name, subject_key=allotment_subject(one.pk), amount=one.amount_yuan)
        for one in rows.order_by("division_id", "pk")
    ]
    if not listed:
        raise MoneyRefused("该文件的资金还没有下达到县")
    with spoken():
        draft = _draft(
            actor,
            ABOVE_LIST,
            at,
            listed,
            appropriation,
            on,
            DisclosureLevel.ABOVE,
            elements_of_document(appropriation),
        )
    note(object_key=appropriation.number, division=at.pk)
    return draft


def _draft(
    actor: User,
    kind: str,
    at: Division,
    rows: Sequence[Row],
    about: Placement | PaymentBatch | Appropriation,
    on: date,
    level: DisclosureLevel,
    elements: dict[str, str],
) -> NoticeDraft:
    try:
        draft = draw_up(
            actor=actor,
            kind=kind,
            division=at,
            rows=rows,
            year=on.year,
            on=on,
            contact_phone=elements.get("phone", ""),
        )
    except NoticeError as refused:
        raise MoneyRefused(str(refused)) from refused
    Disclosure.objects.create(
        division=at,
        level=level,
        placement=about if isinstance(about, Placement) else None,
        batch=about if isinstance(about, PaymentBatch) else None,
        appropriation=about if isinstance(about, Appropriation) else None,
        draft=draft,
        elements=elements,
        drawn_by=actor,
    )
    return draft
