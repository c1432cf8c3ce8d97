"""The steps by which households and villages come onto the register and leave it (procedures §3–§6; policy §1, §3).

One table says all that is allowed; what stands in no row is forbidden. The database holds a copy of it and refuses the same
(migration `transitions`), a test holds the two together.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from fupin.accounts.roles import Role
from fupin.policy.cites import cites
from registry.codes import HouseholdStatus as H, VillageStatus as V
from registry.rules.procedure import (
    FILED as FILED,
    Evidence as Evidence,  # whoever asks for a step asks for its words too
    Track as Track,
    Transition as Transition,
)

_VILLAGE: Final = frozenset({Role.VILLAGE})
_VILLAGE_AND_TEAM: Final = frozenset({Role.VILLAGE, Role.TEAM})
_TOWNSHIP: Final = frozenset({Role.TOWNSHIP})
_REVIEW: Final = frozenset({Role.COUNTY_REVIEW})
_APPROVE: Final = frozenset({Role.COUNTY_APPROVE})
_GROUP: Final = frozenset({Role.LEADING_GROUP})
_E = Evidence

IN_VILLAGE: Final = 1
IN_TOWNSHIP: Final = 1_000
IN_COUNTY: Final = 1_000_000


@cites("§1", "根据国家制定的扶贫对象识别办法")
def entry() -> Iterator[Transition]:
    """Yield the steps onto the register: 申请 → 评议 → 公示 → 乡审 → 公示 → 县审 → 公告; a fallen-back household walks all of them."""
    track = Track.ENTRY
    apply = frozenset({_E.APPLICATION, _E.SURVEY, _E.PHOTO})
    meeting = frozenset({_E.MINUTES, _E.ATTENDANCE, _E.VOTES})
    posted = frozenset({_E.NOTICE, _E.POSTED})
    yield Transition(track, H.DRAFT, H.APPLIED, "apply", "受理申请", _VILLAGE, apply)
    yield Transition(track, H.RELAPSE_REVIEW, H.APPLIED, "apply_again", "受理返贫申请", _VILLAGE, apply)
    yield Transition(track, H.DELIBERATION_FAILED, H.APPLIED, "apply_anew", "重新受理申请", _VILLAGE, apply)
    yield Transition(
        track, H.APPLIED, H.DELIBERATED, "deliberate", "民主评议通过", _VILLAGE, meeting, votes=True
    )
    yield Transition(
        track, H.APPLIED, H.DELIBERATION_FAILED, "vote_down", "民主评议未通过", _VILLAGE, meeting, votes=True
    )
    yield Transition(
        track,
        H.DELIBERATED,
        H.FIRST_NOTICE,
        "post_first",
        "张贴第一次公示",
        _VILLAGE,
        posted,
        opens_notice=True,
        quota=IN_VILLAGE,
    )
    yield Transition(
        track,
        H.FIRST_NOTICE,
        H.VILLAGE_REPORTED,
        "report",
        "村核实上报",
        _VILLAGE_AND_TEAM,
        frozenset({_E.NO_OBJECTION, _E.VERIFICATION}),
        after_notice=True,
    )
    yield Transition(
        track,
        H.VILLAGE_REPORTED,
        H.TOWNSHIP_PASSED,
        "pass_township",
        "乡镇审核通过",
        _TOWNSHIP,
        frozenset({_E.VISIT, _E.OPINION}),
        level=True,
        quota=IN_TOWNSHIP,
    )
    yield Transition(
        track,
        H.TOWNSHIP_PASSED,
        H.SECOND_NOTICE,
        "post_second",
        "张贴第二次公示",
        _TOWNSHIP,
        posted,
        opens_notice=True,
    )
    yield Transition(
        track,
        H.SECOND_NOTICE,
        H.COUNTY_PASSED,
        "pass_county",
        "县级复审通过",
        _REVIEW,
        frozenset({_E.OPINION, _E.MATCHING}),
        level=True,
        after_notice=True,
    )
    yield Transition(
        track,
        H.COUNTY_PASSED,
        H.REGISTERED,
        "announce",
        "公告在册",
        _APPROVE,
        frozenset({_E.ANNOUNCEMENT, _E.POSTED}),
        level=True,
        quota=IN_COUNTY,
    )


@cites("§3", "实现扶贫对象有进有出动态管理")
def leaving() -> Iterator[Transition]:
    """Yield the steps off the register: by leaving poverty, as wrongly entered, or by natural end; and the first step of falling back."""
    yield Transition(
        Track.EXIT,
        H.REGISTERED,
        H.EXIT_NOMINATED,
        "nominate",
        "村提名拟脱贫",
        _VILLAGE,
        frozenset({_E.EFFECTS}),
    )
    yield Transition(
        Track.EXIT,
        H.EXIT_NOMINATED,
        H.EXIT_DELIBERATED,
        "deliberate_exit",
        "退出评议通过",
        _VILLAGE,
        frozenset({_E.MINUTES, _E.VOTES}),
        votes=True,
    )
    yield Transition(
        Track.EXIT,
        H.EXIT_DELIBERATED,
        H.EXIT_VERIFIED,
        "verify_exit",
        "村两委和工作队核实",
        _VILLAGE_AND_TEAM,
        frozenset({_E.VERIFICATION}),
    )
    yield Transition(
        Track.EXIT,
        H.EXIT_VERIFIED,
        H.EXIT_ACCEPTED,
        "accept_exit",
        "农户认可",
        _VILLAGE,
        frozenset({_E.CONSENT}),
    )
    yield Transition(
        Track.EXIT,
        H.EXIT_VERIFIED,
        H.REGISTERED,
        "decline_exit",
        "农户拒签，仍在册",
        _VILLAGE,
        frozenset({_E.OPINION}),
    )
    yield Transition(
        Track.EXIT,
        H.EXIT_ACCEPTED,
        H.EXIT_NOTICE,
        "post_exit",
        "张贴退出公示",
        _VILLAGE,
        frozenset({_E.NOTICE, _E.POSTED}),
        opens_notice=True,
    )
    yield Transition(
        Track.EXIT,
        H.EXIT_NOTICE,
        H.EXITED,
        "confirm_exit",
        "公告退出销号",
        _APPROVE,
        frozenset({_E.ANNOUNCEMENT, _E.STRUCK_OFF}),
        level=True,
        after_notice=True,
    )
    yield Transition(
        Track.ENTRY,
        H.EXITED,
        H.RELAPSE_REVIEW,
        "report_relapse",
        "登记返贫待复核",
        _VILLAGE,
        frozenset({_E.SURVEY}),
    )
    cleared = frozenset({_E.CLEARANCE_FORM, _E.TOLD})
    for status in (
        H.REGISTERED,
        H.EXIT_NOMINATED,
        H.EXIT_DELIBERATED,
        H.EXIT_VERIFIED,
        H.EXIT_ACCEPTED,
        H.EXIT_NOTICE,
    ):
        yield Transition(
            Track.CLEARANCE, status, H.REMOVED, "clear", "错评清退", _APPROVE, cleared, level=True
        )
    for status in H:
        if status not in {H.REMOVED, H.CLOSED}:
            yield Transition(
                Track.CLOSURE,
                status,
                H.CLOSED,
                "close",
                "自然注销",
                _TOWNSHIP,
                frozenset({_E.POLICE}),
                level=True,
            )


@cites("§1", "对贫困村、贫困户、贫困劳动力逐个建档立卡")
def villages() -> Iterator[Transition]:
    """Yield the steps of a village: 自愿申请 → 乡镇审核 → 乡镇公示 → 县复核 → 县领导小组审定 → 公告 (一公示一公告); and off again."""
    track = Track.VILLAGE_ENTRY
    posted = frozenset({_E.NOTICE, _E.POSTED})
    yield Transition(
        track,
        V.DRAFT,
        V.APPLIED,
        "apply_village",
        "村申请",
        _VILLAGE,
        frozenset({_E.APPLICATION, _E.MINUTES}),
    )
    yield Transition(
        track,
        V.APPLIED,
        V.TOWNSHIP_PASSED,
        "pass_village_township",
        "乡镇审核",
        _TOWNSHIP,
        frozenset({_E.OPINION}),
        level=True,
    )
    yield Transition(
        track,
        V.TOWNSHIP_PASSED,
        V.TOWNSHIP_NOTICE,
        "post_village",
        "张贴乡镇公示",
        _TOWNSHIP,
        posted,
        opens_notice=True,
    )
    yield Transition(
        track,
        V.TOWNSHIP_NOTICE,
        V.COUNTY_REVIEWED,
        "review_village",
        "县扶贫办复核",
        _REVIEW,
        frozenset({_E.OPINION}),
        level=True,
        after_notice=True,
    )
    yield Transition(
        track,
        V.COUNTY_REVIEWED,
        V.GROUP_APPROVED,
        "approve_village",
        "县领导小组审定",
        _GROUP,
        frozenset({_E.RESOLUTION}),
        level=True,
    )
    yield Transition(
        track,
        V.GROUP_APPROVED,
        V.REGISTERED,
        "announce_village",
        "公告贫困村",
        _APPROVE,
        frozenset({_E.ANNOUNCEMENT}),
        level=True,
    )
    leave = Track.VILLAGE_EXIT
    yield Transition(
        leave,
        V.REGISTERED,
        V.EXIT_PROPOSED,
        "propose_village_exit",
        "拟退出",
        _TOWNSHIP,
        frozenset({_E.OPINION}),
    )
    yield Transition(
        leave,
        V.EXIT_PROPOSED,
        V.EXIT_NOTICE,
        "post_village_exit",
        "张贴退出公示",
        _TOWNSHIP,
        posted,
        opens_notice=True,
    )
    yield Transition(
        leave,
        V.EXIT_NOTICE,
        V.EXITED,
        "confirm_village_exit",
        "公告退出",
        _APPROVE,
        frozenset({_E.ANNOUNCEMENT}),
        level=True,
        after_notice=True,
    )


_SENT_BACK_TO: Final[Mapping[str, str]] = {
    H.APPLIED: H.DRAFT,
    H.DELIBERATED: H.APPLIED,
    H.FIRST_NOTICE: H.DELIBERATED,
    H.VILLAGE_REPORTED: H.APPLIED,
    H.TOWNSHIP_PASSED: H.VILLAGE_REPORTED,
    H.SECOND_NOTICE: H.VILLAGE_REPORTED,
    H.COUNTY_PASSED: H.TOWNSHIP_PASSED,
    H.EXIT_NOMINATED: H.REGISTERED,
    H.EXIT_DELIBERATED: H.REGISTERED,
    H.EXIT_VERIFIED: H.REGISTERED,
    H.EXIT_ACCEPTED: H.REGISTERED,
    H.EXIT_NOTICE: H.REGISTERED,
    V.APPLIED: V.DRAFT,
    V.TOWNSHIP_PASSED: V.APPLIED,
    V.TOWNSHIP_NOTICE: V.APPLIED,
    V.COUNTY_REVIEWED: V.TOWNSHIP_PASSED,
    V.GROUP_APPROVED: V.COUNTY_REVIEWED,
    V.EXIT_PROPOSED: V.REGISTERED,
    V.EXIT_NOTICE: V.REGISTERED,
}
"""Where a file goes when it is sent back: to what the level before had handed in, so that it is handed in anew."""

NOTICE_STATES: Final = frozenset({H.FIRST_NOTICE.value, H.SECOND_NOTICE.value, H.EXIT_NOTICE.value})
"""States that an objection suspends (procedures §4.1, S)."""

NOTICE_DAYS: Final[Mapping[str, str]] = {
    H.FIRST_NOTICE.value: "pub1_days",
    H.SECOND_NOTICE.value: "pub2_days",
    H.EXIT_NOTICE.value: "exit_notice_days",
    V.TOWNSHIP_NOTICE.value: "village_notice_days",
    V.EXIT_NOTICE.value: "village_notice_days",
}
"""States in which a notice hangs, each with the figure of `fupin.policy.standards` that says for how many days."""


def notice_code(state: str) -> str:
    """Return the kind of notice (`registry.notices`) that hangs in a state, or tells that it was reached."""
    return f"registry_{state.lower()}"


def subject_key(number: str) -> str:
    """Return how a case is named on a notice's row, by its number."""
    return f"case:{number}"


ON_THE_WAY: Final = (
    H.FIRST_NOTICE.value,
    H.VILLAGE_REPORTED.value,
    H.TOWNSHIP_PASSED.value,
    H.SECOND_NOTICE.value,
    H.COUNTY_PASSED.value,
    H.REGISTERED.value,
)
"""States in their order from the village's list on, in which a household takes up quota."""

ENDS: Final = frozenset(
    {
        H.DELIBERATION_FAILED.value,
        H.REGISTERED.value,
        H.EXITED.value,
        H.REMOVED.value,
        H.CLOSED.value,
        V.REGISTERED.value,
        V.EXITED.value,
    }
)
"""States that end the case that led to them."""

_VOIDED: Final = (H.TOWNSHIP_PASSED, H.SECOND_NOTICE, H.COUNTY_PASSED, H.OBJECTION)
"""States in which approvals rest on the card as it was: a change of it sends the file back to the village's report."""


def returning(forward: Iterable[Transition]) -> Iterator[Transition]:
    """Yield the way back from each state to the level before, for whoever would have to take the next step; the reason is asked."""
    tracks = (Track.ENTRY, Track.EXIT, Track.VILLAGE_ENTRY, Track.VILLAGE_EXIT)
    ahead: dict[tuple[Track, str], frozenset[Role]] = {}
    for one in forward:
        if one.track in tracks:
            key = (one.track, one.source)
            ahead[key] = ahead.get(key, frozenset()) | one.actors
    for (track, source), actors in ahead.items():
        if (target := _SENT_BACK_TO.get(source)) is not None:
            yield Transition(track, source, target, "send_back", "退回", actors, frozenset(), opinion=True)


def objections() -> Iterator[Transition]:
    """Yield what an objection during a notice does: suspend the file, let it go on, or send it back (procedures §4.2).

    Whoever may deal with objections (`notices.handle_objection`) takes these steps: no village committee judges its own list.
    """
    offices = frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW, Role.CITY, Role.PROVINCE})
    for track, source in (
        (Track.ENTRY, H.FIRST_NOTICE),
        (Track.ENTRY, H.SECOND_NOTICE),
        (Track.EXIT, H.EXIT_NOTICE),
    ):
        registered = frozenset({_E.OBJECTION})
        answered = frozenset({_E.FINDINGS, _E.ANSWER})
        yield Transition(track, source, H.OBJECTION, "suspend", "受理异议", offices, registered, opinion=True)
        yield Transition(
            track, H.OBJECTION, source, "resume", "异议不成立，恢复", offices, answered, opinion=True
        )
        yield Transition(
            track,
            H.OBJECTION,
            _SENT_BACK_TO[source],
            "uphold",
            "异议成立，退回",
            offices,
            answered,
            opinion=True,
        )


def consequences() -> Iterator[Transition]:
    """Yield the steps that the database takes by itself: a changed card voids approvals, a merger closes, its undoing opens again."""
    nobody, nothing = frozenset[Role](), frozenset[Evidence]()
    for source in _VOIDED:
        yield Transition(
            Track.ENTRY, source, H.VILLAGE_REPORTED, "void", "户卡已修改", nobody, nothing, system=True
        )
    for status in H:
        if status not in {H.REMOVED, H.CLOSED}:
            yield Transition(
                Track.CLOSURE, status, H.CLOSED, "merge", "并户注销", nobody, nothing, system=True
            )
            yield Transition(
                Track.CLOSURE, H.CLOSED, status, "unmerge", "撤销并户", nobody, nothing, system=True
            )


_FORWARD: Final = (*entry(), *leaving(), *villages())
TRANSITIONS: Final = (*_FORWARD, *returning(_FORWARD), *objections(), *consequences())


def steps_from(status: str, track: str) -> list[Transition]:
    """Return the steps that people may take from a status in a case: its own, and those that end any case of a household."""
    tracks = {track, Track.CLEARANCE, Track.CLOSURE}
    return [one for one in TRANSITIONS if one.source == status and one.track in tracks and not one.system]


def find(track: str, status: str, name: str, target: str | None = None) -> Transition | None:
    """Return the step of that name from that status, None where it is not allowed."""
    found = (one for one in steps_from(status, track) if one.name == name and target in {None, one.target})
    return next(found, None)


def sent_back_to(status: str) -> str | None:
    """Return where a file at a status is returned to, None where there is no level before it."""
    return _SENT_BACK_TO.get(status)


def missing_evidence(step: Transition, given: Iterable[str]) -> list[Evidence]:
    """Return what a step still lacks, in the order in which it is asked for."""
    have = set(given)
    return [one for one in Evidence if one in step.evidence and one not in have]


def vote_passes(
    *,
    representatives: int,
    attending: int,
    in_favour: int,
    quorum: tuple[int, int],
    majority: tuple[int, int],
) -> bool:
    """Tell whether a meeting was quorate and in favour, compared in whole numbers (procedures §4.2, parameters with defaults).

    `quorum` is the share of the representatives who must attend (2/3), `majority` the share of those attending who must agree (1/2);
    exactly the share is enough.
    """
    quorate = attending * quorum[1] >= representatives * quorum[0]
    return quorate and in_favour * majority[1] >= attending * majority[0]
