"""Slips that hand households over to civil affairs: made, sent, answered household by household (procedures §5; policy §1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.policy.standards import figure
from registry.codes.outside import Answer
from registry.errors import MatchingRefused
from registry.models import HouseholdYear, TransferLine, TransferSlip
from registry.services.matching.refusing import told


@dataclass(frozen=True, slots=True)
class Reply:
    """What civil affairs say of one household."""

    result: Answer
    on: date
    note: str = ""


def make_slip(
    *, actor: User, cards: Sequence[HouseholdYear], situations: Mapping[int, str], on: date
) -> TransferSlip:
    """Make a slip of households; `situations` say by card what kept them from working. Raise MatchingRefused, Refused."""
    if not cards:
        raise MatchingRefused("请勾选要移送的户")
    for card in cards:
        require(actor, "registry.make_transfer", at=card.division_id)
    assert actor.post is not None  # noqa: S101  (`require` saw it)
    place = actor.post.division_id
    with told():
        slip = TransferSlip.objects.create(
            division_id=place, number=_number(place, on), made_by=actor, made_on=on
        )
        TransferLine.objects.bulk_create(
            TransferLine(
                division_id=card.division_id,
                slip=slip,
                household_id=card.household_id,
                year=card.year,
                head_name=card.head_name,
                members=card.member_count,
                net_income_pc=card.net_income_pc,
                situation=situations.get(card.pk, "").strip()[:200],
            )
            for card in cards
        )
    note(object_key=slip.number, division=place, detail={"households": len(cards)})
    return slip


def _number(place: int, on: date) -> str:
    """Return the next number of a place in a year; whoever asks at the same moment waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [place])
    start = f"YS{place}-{on:%Y}-"
    last = TransferSlip.objects.filter(number__startswith=start).order_by("-number").first()
    serial = int(last.number.rpartition("-")[2]) + 1 if last else 1
    return f"{start}{serial:04}"


def send_slip(*, actor: User, slip: TransferSlip, sent_on: date, on: date) -> None:
    """Put down that civil affairs received a slip; from the day after they have their time to answer. Raise MatchingRefused, Refused."""
    require(actor, "registry.make_transfer", at=slip.division_id)
    if slip.sent_on is not None:
        raise MatchingRefused("移送单已登记送达")
    if not slip.made_on <= sent_on <= on:
        raise MatchingRefused("送达日期须在制单之后，不晚于今天")
    due = sent_on + timedelta(days=int(figure("transfer_reply_days", sent_on.year)))
    with told():
        TransferSlip.objects.filter(pk=slip.pk, sent_on__isnull=True).update(
            sent_on=sent_on, reply_due_on=due
        )
    slip.refresh_from_db()
    note(object_key=slip.number, division=slip.division_id, detail={"due": due.isoformat()})


def answer_lines(*, actor: User, slip: TransferSlip, replies: Mapping[int, Reply]) -> int:
    """Put down civil affairs' answers by line; return how many. All of them or none. Raise MatchingRefused, Refused."""
    if not replies:
        raise MatchingRefused("请至少填一户的回执结果")
    lines = {line.pk: line for line in slip.lines.filter(pk__in=replies)}
    with told():
        for key, reply in replies.items():
            line = lines.get(key)
            if line is None:
                raise MatchingRefused("该户不在这张移送单上")
            require(actor, "registry.answer_transfer", at=line.division_id)
            if reply.result == Answer.DECLINED and not reply.note.strip():
                raise MatchingRefused(f"{line.head_name} 户不符合条件，请写明原因")
            TransferLine.objects.filter(pk=key).update(
                result=reply.result,
                result_on=reply.on,
                result_note=reply.note.strip()[:200],
                answered_by=actor,
            )
    slip.refresh_from_db()
    note(object_key=slip.number, division=slip.division_id, detail={"answered": len(replies)})
    return len(replies)
