"""Deal with an objection: accept it within five days, settle it within ten more, and answer (procedures §4.2)."""

from datetime import date

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.notices.errors import NotPublishable, ObjectionRefused, told_of_objections
from fupin.notices.kinds import KINDS
from fupin.notices.models import Objection, ObjectionStatus
from fupin.notices.rules import leaks
from fupin.notices.rules.period import due_on
from fupin.policy.standards import figure

LEAST = 5
"""Characters of a finding and of an answer."""


@transaction.atomic
def accept_objection(*, actor: User, objection: Objection, on: date) -> Objection:
    """Take an objection on; what it concerns is suspended by its app. Raise ObjectionRefused, Refused."""
    objection = _open(actor, objection, ObjectionStatus.FILED, on)
    objection.status = ObjectionStatus.ACCEPTED
    objection.accepted_on, objection.accepted_by = on, actor
    objection.settle_due_on = due_on(on, int(figure("objection_settle_days", on.year)))
    with told_of_objections():
        objection.save(update_fields=["status", "accepted_on", "accepted_by", "settle_due_on"])
    _note("notices.accept_objection", objection)
    if kind := KINDS.get(objection.notice.kind):
        kind.on_objection(objection, actor)
    return objection


@transaction.atomic
def decline_objection(*, actor: User, objection: Objection, answer: str, on: date) -> Objection:
    """Refuse to take an objection on, saying why; what it concerned may go on."""
    objection = _open(actor, objection, ObjectionStatus.FILED, on, by_another=True)
    objection.status = ObjectionStatus.DECLINED
    objection.settled_on, objection.settled_by = on, actor
    objection.answer = _public(answer)
    with told_of_objections():
        objection.save(update_fields=["status", "settled_on", "settled_by", "answer"])
    _note("notices.decline_objection", objection)
    return objection


@transaction.atomic
def settle_objection(
    *, actor: User, objection: Objection, upheld: bool, finding: str, answer: str, on: date
) -> Objection:
    """Settle an accepted objection: the finding stays inside, the answer is for whoever objected. Its app resumes or goes back."""
    objection = _open(actor, objection, ObjectionStatus.ACCEPTED, on, by_another=True)
    finding = finding.strip()
    if len(finding) < LEAST:
        raise ObjectionRefused(f"请写明调查结论，至少 {LEAST} 个字")
    objection.status = ObjectionStatus.SETTLED
    objection.settled_on, objection.settled_by = on, actor
    objection.upheld, objection.finding, objection.answer = upheld, finding, _public(answer)
    with told_of_objections():
        objection.save(update_fields=["status", "settled_on", "settled_by", "upheld", "finding", "answer"])
    _note("notices.settle_objection", objection)
    if kind := KINDS.get(objection.notice.kind):
        kind.on_settled(objection, actor)
    return objection


def _open(
    actor: User, objection: Objection, expected: ObjectionStatus, on: date, *, by_another: bool = False
) -> Objection:
    """Lock the objection, and see that it is its turn and the actor's to deal with; its answer is not the poster's to give."""
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("notice", "line")
        .get(pk=objection.pk)
    )
    posted_by = objection.notice.posted_by_id if by_another else None
    require(actor, "notices.handle_objection", at=objection.division_id, not_entered_by=posted_by)
    if objection.status != expected:
        raise ObjectionRefused(f"这件异议{objection.get_status_display()}，不能再办这一步")
    if on < (objection.accepted_on or objection.filed_on):
        raise ObjectionRefused("日期不能早于上一步")
    return objection


def _public(answer: str) -> str:
    """Return the answer as it may be read by whoever has the code."""
    answer = answer.strip()
    if len(answer) < LEAST:
        raise ObjectionRefused(f"请写明答复，至少 {LEAST} 个字")
    if found := leaks(answer):
        raise NotPublishable([f"答复中有{leak}" for leak in found])
    return answer


def _note(action: str, objection: Objection) -> None:
    note(
        action=action,
        object_key=f"objection:{objection.number}",
        division=objection.division_id,
        detail={"notice": objection.notice.number},
    )
