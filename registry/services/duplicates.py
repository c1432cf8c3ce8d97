"""Look for likely duplicates, decide on a pair, take a decision back."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import Level, code_range, level_of
from registry.codes.duplicates import DuplicateDecision, DuplicateSign
from registry.errors import DuplicateRefused
from registry.models import DuplicateFinding, DuplicateTicket, Household, HouseholdLink, LinkKind, MemberYear
from registry.reports.duplicates import searches
from registry.rules.duplicates import WEIGHTS, is_open
from registry.services.lineage import merge_households
from registry.services.undoing import undo_link

_WEIGHT: Final = "CASE sign " + " ".join(f"WHEN '{s.value}' THEN {w}" for s, w in WEIGHTS.items()) + " END"

_KEEP: Final = """
INSERT INTO registry_duplicateticket AS t
    (division, first_id, second_id, year, signs, people, weight, found_at, seen_at, decision, decided_signs)
SELECT CASE WHEN first_at = second_at THEN first_at
            WHEN first_at / 1000 = second_at / 1000 THEN first_at / 1000 * 1000 ELSE %(low)s END,
    first, second, %(year)s, ARRAY[sign], people, {weight}, %(now)s, %(now)s, '', '{{}}'
FROM ({search}) AS pairs ORDER BY first, second
ON CONFLICT (first_id, second_id) DO UPDATE SET
    division = excluded.division, year = excluded.year, seen_at = excluded.seen_at, gone_at = NULL,
    signs = CASE WHEN t.seen_at = excluded.seen_at THEN t.signs || excluded.signs ELSE excluded.signs END,
    people = CASE WHEN t.seen_at = excluded.seen_at THEN t.people || excluded.people ELSE excluded.people END,
    weight = excluded.weight + CASE WHEN t.seen_at = excluded.seen_at THEN t.weight ELSE 0 END
"""

_GONE: Final = """
UPDATE registry_duplicateticket SET gone_at = %(now)s
WHERE division >= %(low)s AND division < %(high)s AND seen_at < %(now)s AND gone_at IS NULL
"""


def _nobody_looks(_done: int, _total: int, _message: str) -> None:
    """Take note of nothing."""


@transaction.atomic
def find_duplicates(
    *,
    actor: User,
    county: int,
    year: int,
    now: datetime,
    progress: Callable[[int, int, str], None] = _nobody_looks,
) -> int:
    """Look through a county's cards of a year; return how many pairs wait there. Asked again it changes nothing.

    A pair keeps its row, and what was decided of it, for good. One that shows no sign any more is marked as gone.
    """
    require(actor, "registry.find_duplicates", at=county)
    if level_of(county) != Level.COUNTY:
        raise DuplicateRefused("重复户按县查找，请选择一个县")
    low, high = code_range(county)
    given: dict[str, Any] = {"year": year, "low": low, "high": high, "now": now}
    looking = list(searches(year))
    with connection.cursor() as cursor:
        for done, (words, search) in enumerate(looking):
            progress(done, len(looking) + 1, f"正在查：{words}")
            cursor.execute(_KEEP.format(weight=_WEIGHT, search=search), given)
        progress(len(looking), len(looking) + 1, "正在核对以前查到的")
        cursor.execute(_GONE, given)
    waiting = DuplicateTicket.objects.within(county).open().count()
    progress(len(looking) + 1, len(looking) + 1, f"查完，{waiting} 对待核查")
    note(division=county, detail={"year": year, "waiting": waiting})
    return waiting


@transaction.atomic
def decide_duplicate(
    *, actor: User, ticket: DuplicateTicket, decision: DuplicateDecision, reason: str
) -> DuplicateFinding:
    """Write down that the pair is no duplicate, a justified split, or that the person now stands on one card only.

    Raise DuplicateRefused where the cards say otherwise, Refused. One household on two cards is `merge_duplicate`.
    """
    ticket = _locked(actor, ticket)
    if decision == DuplicateDecision.SAME:
        raise DuplicateRefused("认定为一户的，请选留下的一户并填各人关系")
    if decision == DuplicateDecision.JUSTIFIED and DuplicateSign.SPLIT not in ticket.signs:
        raise DuplicateRefused("这两户之间没有转出另立，不能按分户属实办结")
    if decision == DuplicateDecision.ONE_CARD:
        _on_one_card(ticket)
    return _write(actor, ticket, decision, reason)


@transaction.atomic
def merge_duplicate(
    *,
    actor: User,
    ticket: DuplicateTicket,
    keep: Household,
    relations: Mapping[str, str],
    reason: str,
    on: date,
) -> DuplicateFinding:
    """Let the pair be one household: everybody of the other joins `keep`, as `merge_households` does it. Raise TransferRefused."""
    ticket = _locked(actor, ticket)
    if keep.pk not in {ticket.first_id, ticket.second_id}:
        raise DuplicateRefused("留下的一户须是这两户之一")
    other = Household.objects.get(pk=ticket.second_id if keep.pk == ticket.first_id else ticket.first_id)
    link = merge_households(
        actor=actor, household=other, into=keep, relations=relations, reason=reason, on=on
    )
    return _write(actor, ticket, DuplicateDecision.SAME, reason, link=link)


@transaction.atomic
def reopen_duplicate(*, actor: User, ticket: DuplicateTicket, reason: str, on: date) -> DuplicateFinding:
    """Take the decision back; a merger is undone with it, as long as neither card was changed since."""
    ticket = _locked(actor, ticket, decided=True)
    last = ticket.findings.select_related("link").order_by("-pk").first()
    if last is not None and last.link is not None and last.link.undone_at is None:
        undo_link(actor=actor, link=last.link, reason=reason, on=on)
    return _write(actor, ticket, None, reason)


def _locked(actor: User, ticket: DuplicateTicket, *, decided: bool = False) -> DuplicateTicket:
    """Lock a pair that waits, or one that is decided; raise DuplicateRefused when somebody else was first."""
    found = DuplicateTicket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)
    require(actor, "registry.settle_duplicate", at=found.division_id)
    waits = is_open(found.signs, found.decision, found.decided_signs)
    if decided and not found.decision:
        raise DuplicateRefused("还没有结论，无须撤回")
    if not decided and not waits:
        raise DuplicateRefused(f"已有结论：{found.get_decision_display()}；要改请先撤回")
    return found


def _on_one_card(ticket: DuplicateTicket) -> None:
    """Raise DuplicateRefused while a person of the pair still counts on both cards."""
    if not ticket.people:
        raise DuplicateRefused("这两户没有相同的人，请选其他结论")
    counting = set(
        MemberYear.objects.filter(
            year=ticket.year,
            holds_id=True,
            member__household_id__in=[ticket.first_id, ticket.second_id],
        ).values_list("member__member_no", flat=True)
    )
    both = [pair for pair in ticket.people if set(pair) <= counting]
    if both:
        where = "、".join(f"{one}和{other}" for one, other in both)
        raise DuplicateRefused(
            f"{where}现在两户都在册：请先在其中一张户卡上把此人登记为减少（CL23），再来办结"
        )


def _write(
    actor: User,
    ticket: DuplicateTicket,
    decision: DuplicateDecision | None,
    reason: str,
    *,
    link: HouseholdLink | None = None,
) -> DuplicateFinding:
    """Append the decision; the database moves the pair, and refuses a split justified by whoever made it."""
    finding = DuplicateFinding(
        division_id=ticket.division_id,
        ticket=ticket,
        decision=decision or "",
        reason=reason.strip(),
        link=link,
        by=actor,
    )
    try:
        with transaction.atomic():
            finding.save(force_insert=True)
    except IntegrityError as violation:
        raise DuplicateRefused(message_of(violation) or said_by_database(violation)) from violation
    ticket.refresh_from_db()
    note(
        object_key=f"duplicate:{ticket.pk}",
        division=ticket.division_id,
        reason=reason,
        detail={"decision": decision or "REOPEN"},
    )
    return finding


def split_between(ticket: DuplicateTicket) -> HouseholdLink | None:
    """Return the split that made the one household out of the other, if it was done in this system and stands."""
    pair = [ticket.first_id, ticket.second_id]
    return (
        HouseholdLink.objects.filter(
            kind=LinkKind.SPLIT, household_id__in=pair, other_id__in=pair, undone_at__isnull=True
        )
        .select_related("household", "other", "done_by")
        .order_by("-pk")
        .first()
    )
