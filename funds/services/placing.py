"""Put received money on a project of the pool or on a named ledger: one drafts, another approves, and the money moves (policy §5, §6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from funds.codes.allotment import LineKind, Movement, NamedLedger
from funds.errors import MoneyRefused
from funds.models import Appropriation, Placement
from funds.models.use import PlacementStatus
from funds.reports.payees import amount_refusal
from funds.reports.stranded import pauses_new_projects
from funds.rules.competition import private_run_refusals, way_refusals
from funds.services import line
from funds.services.numbers import next_number
from funds.services.refusing import needed, not_future, refuse_decided, spoken
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.ledgers.models import Account
from projects.codes import Stage
from projects.errors import StageRefused
from projects.models import Project
from projects.services.stages import move


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """What goes where, by which way and document."""

    appropriation: Appropriation
    amount_yuan: Decimal
    use_way: str
    document_no: str
    project: Project | None = None
    ledger: str = ""
    use_way_reason: str = ""
    investment_yuan: Decimal | None = None


def draft_placement(*, actor: User, county: int, facts: PlacementFacts, on: date, today: date) -> Placement:
    """Draft a placement for another to approve; raise MoneyRefused with every refusal at its field, Refused."""
    require(actor, "funds.place_money", at=county)
    not_future(on, today)
    refused = {
        **way_refusals(facts.use_way, facts.use_way_reason),
        **private_run_refusals(
            facts.use_way,
            subsidy=facts.amount_yuan,
            investment=facts.investment_yuan or Decimal(0),
            year=on.year,
        ),
    }
    if text := amount_refusal(facts.amount_yuan):
        refused["amount_yuan"] = text
    if (facts.project is None) == (not facts.ledger):
        refused["project"] = "选一个项目库内的项目，或选一本专账，二者取一"
    elif facts.ledger and facts.ledger not in NamedLedger.values:
        refused["ledger"] = "资金只能进入列出的专账"
    elif (
        facts.project is not None
        and not Project.objects.can_receive_money().filter(pk=facts.project.pk).exists()
    ):
        refused["project"] = "该项目没有列入年度计划，或已退库、不再实施，不得挂资金"
    if refused:
        raise MoneyRefused(refused)
    with spoken():
        placement = Placement.objects.create(
            division_id=county,
            number=next_number("LS", on),
            appropriation=facts.appropriation,
            project=facts.project,
            ledger=facts.ledger,
            amount_yuan=facts.amount_yuan,
            use_way=facts.use_way,
            use_way_reason=facts.use_way_reason.strip(),
            investment_yuan=facts.investment_yuan,
            document_no=needed(facts.document_no, "document_no", "批准文号"),
            drafted_on=on,
            drafted_by=actor,
        )
    note(object_key=placement.number, division=county, detail={"yuan": str(facts.amount_yuan)})
    return placement


def approve_placement(*, actor: User, placement: Placement, on: date) -> Placement:
    """Approve a placement and move the money: COUNTY → PROJECT or LEDGER.

    Raise AlreadyDecided where another was faster, MoneyRefused where the county has not so much or is barred, Refused.
    """
    with spoken():
        placement = _held(placement)
        require(
            actor, "funds.approve_placement", at=placement.division_id, not_entered_by=placement.drafted_by_id
        )
        _still_open(placement)
        if placement.project_id is not None and pauses_new_projects(placement.division_id, on):
            raise MoneyRefused({"project": "本县有逾期未归还的滞留资金，暂停安排新项目"})
        county = placement.division_id
        placement.entry = line.move(
            actor=actor,
            movement=Movement.PLACE,
            source=line.account_of(LineKind.COUNTY, placement.appropriation, county=county),
            target=account_of_placement(placement),
            amount=placement.amount_yuan,
            on=on,
            key=f"placement/{placement.number}",
            document_no=placement.document_no,
        )
        _fund(actor, placement, on)
        placement.status, placement.decided_on, placement.approved_by = PlacementStatus.APPROVED, on, actor
        placement.save(update_fields=["status", "decided_on", "approved_by", "entry"])
    note(object_key=placement.number, division=county, detail={"yuan": str(placement.amount_yuan)})
    return placement


def _fund(actor: User, placement: Placement, on: date) -> None:
    """Take a planned project a stage on: money stands on it now (F-06: 年度计划 → 拨付)."""
    if placement.project_id is None:
        return
    project = Project.objects.select_for_update(of=("self",)).get(pk=placement.project_id)
    if project.stage != Stage.PLANNED:
        return  # other money came first
    try:
        move(actor=actor, project=project, name="fund", on=on, document_no=placement.document_no)
    except StageRefused as refused:
        raise MoneyRefused({"project": str(refused)}) from refused


def refuse_placement(*, actor: User, placement: Placement, because: str, on: date) -> Placement:
    """Send a placement back for a reason; raise AlreadyDecided, MoneyRefused, Refused."""
    with spoken():
        placement = _held(placement)
        require(
            actor, "funds.approve_placement", at=placement.division_id, not_entered_by=placement.drafted_by_id
        )
        _still_open(placement)
        placement.status, placement.decided_on, placement.approved_by = PlacementStatus.REFUSED, on, actor
        placement.refused_because = needed(because, "because", "退回原因")
        placement.save(update_fields=["status", "decided_on", "approved_by", "refused_because"])
    note(object_key=placement.number, division=placement.division_id, reason=because)
    return placement


def account_of_placement(placement: Placement) -> Account:
    """Return the account on which the money of a placement lies."""
    if placement.project is not None:
        return line.account_of(
            LineKind.PROJECT, placement.appropriation, county=placement.division_id, project=placement.project
        )
    return line.account_of(
        LineKind.LEDGER, placement.appropriation, county=placement.division_id, ledger=placement.ledger
    )


def _held(placement: Placement) -> Placement:
    rows = Placement.objects.select_for_update(of=("self",)).select_related("appropriation", "project")
    return rows.get(pk=placement.pk)


def _still_open(placement: Placement) -> None:
    if placement.status != PlacementStatus.DRAFT:
        refuse_decided(
            f"资金落实 {placement.number} ",
            by=placement.approved_by,
            on=placement.decided_on,
            became="批准" if placement.status == PlacementStatus.APPROVED else "退回",
        )
