"""Put down what an acceptance found; what was paid for work that stands is accepted in the books (policy §5, §9)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from funds.codes.allotment import LineKind, Movement
from funds.errors import MoneyRefused
from funds.models import Acceptance, Payment, Placement
from funds.models.payment import PaymentStatus
from funds.models.use import AcceptanceResult, PlacementStatus
from funds.rules.competition import award
from funds.services import line
from funds.services.refusing import needed, not_future, spoken
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from projects.codes import UseWay
from registry.models import Household


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on a day, by whom, under which document; for 以奖代补 the standard and the quantity."""

    on: date
    result: str
    inspector: str
    document_no: str
    standard_yuan: Decimal | None = None
    quantity: Decimal | None = None
    opinion: str = ""
    household: Household | None = None


def accept_work(*, actor: User, placement: Placement, found: Found, today: date) -> Acceptance:
    """Record an acceptance of all the work of a placement or of one household's; what was paid for it goes from PAID to ACCEPTED.

    Raise MoneyRefused at the field, Refused where the actor drafted the placement himself.
    """
    require(actor, "funds.accept_work", at=placement.division_id, not_entered_by=placement.drafted_by_id)
    not_future(found.on, today)
    refused = {}
    if placement.status != PlacementStatus.APPROVED or placement.project_id is None:
        raise MoneyRefused("只有已批准落实到项目的资金才能验收")
    if found.result not in AcceptanceResult.values:
        refused["result"] = "请选验收结果"
    passed = found.result == AcceptanceResult.PASS
    if passed and placement.use_way == UseWay.AWARD:
        if found.standard_yuan is None:
            refused["standard_yuan"] = "以奖代补须填奖补标准"
        if found.quantity is None:
            refused["quantity"] = "以奖代补须填核定量"
    if not passed and not found.opinion.strip():
        refused["opinion"] = "需整改的写明整改意见"
    if refused:
        raise MoneyRefused(refused)
    checked = (
        award(found.standard_yuan, found.quantity)
        if passed and found.standard_yuan is not None and found.quantity is not None
        else None
    )
    with spoken():
        placement = (
            Placement.objects.select_for_update(of=("self",))
            .select_related("appropriation", "project")
            .get(pk=placement.pk)
        )
        paid = _unaccepted(placement, found.household) if passed else []
        entry = None
        if paid:
            county = placement.division_id
            entry = line.move(
                actor=actor,
                movement=Movement.ACCEPT,
                source=line.account_of(
                    LineKind.PAID, placement.appropriation, county=county, project=placement.project
                ),
                target=line.account_of(
                    LineKind.ACCEPTED, placement.appropriation, county=county, project=placement.project
                ),
                amount=sum((one.amount_yuan - one.recovered_yuan for one in paid), Decimal(0)),
                on=max(found.on, *(one.status_on for one in paid if one.status_on)),
                key=f"acceptance/{placement.number}/{paid[0].pk}",
                document_no=found.document_no,
            )
        acceptance = Acceptance.objects.create(
            division_id=placement.division_id,
            placement=placement,
            household=found.household,
            on=found.on,
            result=found.result,
            standard_yuan=found.standard_yuan if passed else None,
            quantity=found.quantity if passed else None,
            checked_yuan=checked,
            inspector=needed(found.inspector, "inspector", "验收单位和人员"),
            document_no=needed(found.document_no, "document_no", "验收文号"),
            opinion=found.opinion.strip(),
            entry=entry,
            entered_by=actor,
        )
        for one in paid:
            one.acceptance, one.accept_entry = acceptance, entry
        Payment.objects.bulk_update(paid, ["acceptance", "accept_entry"])
    note(
        object_key=placement.number,
        division=placement.division_id,
        detail={"result": found.result, "payments": len(paid)},
    )
    return acceptance


def _unaccepted(placement: Placement, household: Household | None) -> list[Payment]:
    rows = Payment.objects.select_for_update(of=("self",)).filter(
        batch__placement=placement, status=PaymentStatus.PAID, accept_entry__isnull=True
    )
    if household is not None:
        rows = rows.filter(household=household)
    return [one for one in rows.order_by("pk") if one.amount_yuan > one.recovered_yuan]
