"""What a hit means is decided by a person, one hit or many for the same reason, and taken back while nothing was built on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.codes.outside import HitState
from registry.errors import MatchingRefused
from registry.models import MatchHit
from registry.services.matching.refusing import told


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of hits that were decided together: how many took it, and why the others did not."""

    done: int
    refused: Sequence[tuple[MatchHit, str]]


def decide_hits(
    *, actor: User, hits: Sequence[MatchHit], state: HitState, reason: str, evidence: str
) -> Decided:
    """Decide hits for one reason. Raise MatchingRefused where reason or evidence is missing, Refused outside the post."""
    if not reason.strip():
        raise MatchingRefused("请写明理由")
    if state in {HitState.WAIVED, HitState.NOT_SAME} and not evidence.strip():
        raise MatchingRefused("“不是本人”“不影响认定”须有证据：写明材料名称和存放处")
    values = {
        "state": state,
        "reason": reason.strip(),
        "evidence": evidence.strip(),
        "decided_by": actor,
    }
    return _write(actor, hits, values, reason)


def undo_decision(*, actor: User, hit: MatchHit, reason: str) -> None:
    """Take a decision back; raise MatchingRefused once a step was taken on it, Refused outside the post."""
    if not reason.strip():
        raise MatchingRefused("请写明撤销理由")
    outcome = _write(
        actor, [hit], {"state": HitState.OPEN, "reason": "", "evidence": "", "decided_by": None}, reason
    )
    if outcome.refused:
        raise MatchingRefused(outcome.refused[0][1])


def _write(actor: User, hits: Sequence[MatchHit], values: dict[str, object], reason: str) -> Decided:
    """Write all at once; only where one of them is refused, each for itself."""
    for place in {hit.division_id for hit in hits}:
        require(actor, "registry.decide_hit", at=place)
    keys = [hit.pk for hit in hits]
    refused: list[tuple[MatchHit, str]] = []
    try:
        with told():
            done = MatchHit.objects.filter(pk__in=keys).update(**values)
    except MatchingRefused as all_refused:
        done = 0
        if len(hits) == 1:
            refused = [(hits[0], str(all_refused))]
        else:
            for hit in hits:
                try:
                    with told():
                        done += MatchHit.objects.filter(pk=hit.pk).update(**values)
                except MatchingRefused as one_refused:
                    refused.append((hit, str(one_refused)))
    note(
        object_key="、".join(f"hit:{key}" for key in keys[:5])
        + (f" 等 {len(keys)} 条" if len(keys) > 5 else ""),
        division=hits[0].division_id if hits else None,
        reason=reason,
        detail={"hits": keys[:500], "state": str(values["state"]), "done": done},
    )
    return Decided(done, refused)
