"""A household moved to another county: one county asks, the other answers, the database moves it when both have (ADR 0004)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, connection, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import TransferRefused
from registry.models import Household, HouseholdLink, LinkKind, MoveStatus, MovingProposal
from registry.services.lineage import because, current_card, linked, restate
from registry.services.storing import keep_natural_village


@transaction.atomic
def propose_move(
    *, actor: User, household: Household, to_county: int, answer_by: date, reason: str
) -> MovingProposal:
    """Ask another county to take a household over; return the proposal, which that county sees and nothing else of it.

    Raise TransferRefused where the household cannot move now, the county is one's own, or a proposal is open already; Refused.
    """
    require(actor, "registry.propose_move", at=household.division_id)
    proposal = MovingProposal(
        division_id=household.division_id,
        to_division_id=to_county,
        household=household,
        persons=0,
        answer_by=answer_by,
        reason=reason.strip(),
        asked_by=actor,
    )
    with _told():
        proposal.save(force_insert=True)
    proposal.refresh_from_db()
    note(
        object_key=proposal.household_no,
        division=proposal.division_id,
        reason=proposal.reason,
        detail={"to": str(to_county), "proposal": proposal.pk},
    )
    return proposal


@transaction.atomic
def accept_move(
    *, actor: User, proposal: MovingProposal, to_village: int, natural_village: str, on: date
) -> HouseholdLink:
    """Take a household over into a village of one's county, with its history; raise TransferRefused, YearClosed, Refused."""
    require(actor, "registry.accept_move", at=proposal.to_division_id)
    if not natural_village.strip():
        raise TransferRefused("请填新村的村民小组/自然村")
    with because(proposal.reason):
        _answer(proposal, MoveStatus.ACCEPTED, village=to_village)
        household = Household.objects.select_for_update(of=("self",)).get(pk=proposal.household_id)
        card = current_card(household)
        card.natural_village = natural_village.strip()
        restate(
            household, card, actor=actor, on=on, why="由外县迁入，请核对家庭住址、生产生活条件和帮扶责任人"
        )
        keep_natural_village(card)
        villages = (proposal.division_id, to_village)
        link = linked(
            actor,
            household,
            LinkKind.MOVE,
            members=[],
            reason=proposal.reason,
            on=on,
            villages=villages,
        )
    note(division=to_village, detail={"proposal": proposal.pk, "accepted": True})
    return link


@transaction.atomic
def refuse_move(*, actor: User, proposal: MovingProposal, reason: str) -> None:
    """Send a proposal back to the county that asked; raise TransferRefused without a reason; Refused."""
    require(actor, "registry.accept_move", at=proposal.to_division_id)
    _answer(proposal, MoveStatus.REFUSED, said=reason)
    _noted(proposal, proposal.to_division_id, reason)


@transaction.atomic
def withdraw_move(*, actor: User, proposal: MovingProposal, reason: str) -> None:
    """Take back what one's own county has asked; raise TransferRefused without a reason; Refused."""
    require(actor, "registry.propose_move", at=proposal.division_id)
    _answer(proposal, MoveStatus.WITHDRAWN, said=reason)
    _noted(proposal, proposal.division_id, reason)


def _noted(proposal: MovingProposal, division: int, reason: str) -> None:
    note(
        object_key=proposal.household_no,
        division=division,
        reason=reason,
        detail={"proposal": proposal.pk, "answer": proposal.status},
    )


def _answer(proposal: MovingProposal, answer: str, *, village: int | None = None, said: str = "") -> None:
    with _told(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT registry_answer_move(%s, %s, %s, %s)", [proposal.pk, str(answer), village, said.strip()]
        )
    proposal.refresh_from_db()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database refuses into what it says of it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        said = said_by_database(violation) if name_of(violation).startswith("moving_") else ""
        message = message_of(violation) or said
        if not message:
            raise
        raise TransferRefused(message) from violation
