"""Draw up the notice that a step of some cases rests on: its list is the cases', its text written from them."""

from collections.abc import Sequence
from datetime import date

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.notices.errors import NoticeError
from fupin.notices.models import Notice, NoticeDraft, NoticeLine
from fupin.notices.rules import Row
from fupin.notices.rules.columns import reason_group
from fupin.notices.services.drawing import draw_up
from registry.codes import HouseholdStatus
from registry.errors import StepRefused
from registry.models import Case
from registry.rules.transitions import notice_code, subject_key
from registry.services.cases import card_of


def draw_up_list(*, actor: User, cases: Sequence[Case], state: str, on: date) -> NoticeDraft:
    """Return the draft of the notice by which cases of one village come to a state, to be posted on a day.

    Raise StepRefused where a card is missing or holds what may not be made public, Refused.
    """
    if not cases:
        raise StepRefused("没有可列入公示的户")
    village = cases[0].division
    year = max(case.round.year if case.round else case.opened_on.year for case in cases)
    try:
        return draw_up(
            actor=actor,
            kind=notice_code(state),
            division=village,
            rows=[_row(case, village) for case in cases],
            year=year,
            on=on,
        )
    except NoticeError as refused:
        raise StepRefused(str(refused)) from refused


def _row(case: Case, village: Division) -> Row:
    if case.household_id is None:
        return Row(village.name, subject_key(case.number))
    card = card_of(case)
    return Row(
        card.head_name,
        subject_key(case.number),
        natural_village=card.natural_village,
        persons=card.member_count,
        kind=card.get_poor_type_display() if card.poor_type else "",
        reason=reason_group(card.cause_main),
    )


def posted_for(cases: Sequence[Case], state: str) -> Notice | None:
    """Return the notice by which cases come to a state: the latest that hangs with one of them on its list."""
    lines = NoticeLine.objects.filter(subject_key__in=[subject_key(case.number) for case in cases])
    return (
        Notice.objects.filter(pk__in=lines.values("notice_id"))
        .filter(kind=notice_code(state), taken_down_on__isnull=True)
        .order_by("-posted_on", "-pk")
        .first()
    )


def listed_on(notice: Notice, cases: Sequence[Case]) -> set[str]:
    """Return the numbers of those cases that stand on a notice's list."""
    keys = set(NoticeLine.objects.filter(notice=notice).values_list("subject_key", flat=True))
    return {case.number for case in cases if subject_key(case.number) in keys}


def not_announced(cases: Sequence[Case]) -> list[Case]:
    """Return those of the cases that have come onto the register and stand on no announcement yet."""
    keys = {subject_key(case.number): case for case in cases if case.status == HouseholdStatus.REGISTERED}
    told = NoticeLine.objects.filter(
        subject_key__in=keys,
        notice__kind=notice_code(HouseholdStatus.REGISTERED),
        notice__taken_down_on__isnull=True,
    )
    done = set(told.values_list("subject_key", flat=True)) if keys else set()
    return [case for key, case in keys.items() if key not in done]
