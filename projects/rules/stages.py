"""The stages of a project (funds.md F-06; policy §6, §9): what may follow what, by whom, and on what evidence.

One table says all that is allowed; what stands in no row is forbidden. The database holds a copy of it and refuses the same
(migration `walls`), a test holds the two together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fupin.accounts.roles import Role
from fupin.policy.cites import cites
from projects.codes import FileKind, Stage

F = FileKind
S = Stage

PASSED: Final = (
    S.DRAFT,
    S.POOL,
    S.ARGUED,
    S.ASSESSED,
    S.APPROVED,
    S.DISCLOSED,
    S.PLANNED,
    S.FUNDED,
    S.BUILDING,
    S.ACCEPTED,
    S.ANNOUNCED,
    S.EVALUATED,
)
"""The stages in the order in which a project that succeeds goes through them."""

ENDED: Final = frozenset({S.EVALUATED, S.REJECTED, S.FAILED})
"""Stages after which nothing follows."""

EDITABLE: Final = frozenset({S.DRAFT, S.POOL, S.ARGUED, S.ASSESSED})
"""Stages in which the facts of a project may still be changed: before it is approved."""

RECEIVES_MONEY: Final = frozenset({S.PLANNED, S.FUNDED, S.BUILDING, S.ACCEPTED, S.ANNOUNCED})
"""Stages in which money may be placed on a project: in a year's plan or later, not failed, not closed."""

DONE: Final = frozenset({S.ACCEPTED, S.ANNOUNCED, S.EVALUATED})
"""Stages of a project whose work has been accepted."""

_REVIEW: Final = frozenset({Role.COUNTY_REVIEW})
_APPROVE: Final = frozenset({Role.COUNTY_APPROVE})
_OFFICIALS: Final = _REVIEW | _APPROVE


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that is allowed: from which stage to which, by whom, and what it needs."""

    source: S
    target: S
    name: str
    label: str
    actors: frozenset[Role]
    files: frozenset[F] = frozenset()
    """Kinds of files that have to lie with the project."""
    opinion: bool = False
    document: bool = False
    """A document number is asked for."""
    beneficiaries: bool = False
    """A project for households needs its list of them first (§2, §3)."""
    others: bool = False
    """Neither whoever entered the project nor whoever took an earlier step of review may take it."""
    by_province: bool | None = None
    """Only for projects that the province approves (True), only for the others (False), or for both."""
    after_notices: bool = False
    """The notices in each of its villages and in the county have to be over."""
    posted: bool = False
    """What was achieved has to be announced in each of its villages and in the county."""
    by_money: bool = False
    """Taken by an act of the room of money; no page offers it."""


@cites("§6", "加强扶贫项目库建设，及时将上级安排的资金落实到具体项目")
@cites("§9", "对扶贫资金项目的计划、论证、评估、拨付、执行情况等环节实行全程监督")
def transitions() -> Iterator[Transition]:
    """Yield every step that is allowed: 入库 → 论证 → 评估 → 县批 → 公示 → 年度计划 → 拨付 → 实施 → 验收 → 公告 → 后评价."""
    yield Transition(
        S.DRAFT, S.POOL, "enter", "入库", _REVIEW, frozenset({F.FEASIBILITY, F.DESIGN}), others=True
    )
    yield Transition(
        S.POOL, S.ARGUED, "argue", "通过论证", _REVIEW, frozenset({F.ARGUMENT}), opinion=True, others=True
    )
    yield Transition(
        S.ARGUED,
        S.ASSESSED,
        "assess",
        "通过评估",
        _REVIEW,
        frozenset({F.ASSESSMENT}),
        opinion=True,
        others=True,
    )
    for by_province, who, label in (
        (False, _APPROVE, "县级批准"),
        (True, frozenset({Role.PROVINCE}), "省级批准"),
    ):
        yield Transition(
            S.ASSESSED,
            S.APPROVED,
            "approve",
            label,
            who,
            frozenset({F.APPROVAL}),
            document=True,
            beneficiaries=True,
            others=True,
            by_province=by_province,
        )
    yield Transition(
        S.APPROVED,
        S.DISCLOSED,
        "disclose",
        "公示期满",
        frozenset({Role.COUNTY_ENTRY}) | _REVIEW,
        after_notices=True,
    )
    yield Transition(S.DISCLOSED, S.PLANNED, "plan", "列入年度计划", _APPROVE, document=True, others=True)
    yield Transition(
        S.PLANNED, S.FUNDED, "fund", "资金落实", _APPROVE | {Role.FINANCE}, others=True, by_money=True
    )
    yield Transition(S.FUNDED, S.BUILDING, "start", "开工", frozenset({Role.COUNTY_ENTRY, Role.TOWNSHIP}))
    yield Transition(S.BUILDING, S.BUILDING, "finish", "完工", frozenset({Role.COUNTY_ENTRY, Role.TOWNSHIP}))
    yield Transition(
        S.BUILDING,
        S.ACCEPTED,
        "accept",
        "验收合格",
        _OFFICIALS,
        frozenset({F.ACCEPTANCE}),
        opinion=True,
        others=True,
    )
    yield Transition(
        S.ACCEPTED,
        S.ANNOUNCED,
        "announce",
        "完成情况已公告",
        frozenset({Role.COUNTY_ENTRY}) | _REVIEW,
        posted=True,
    )
    yield Transition(
        S.ANNOUNCED, S.EVALUATED, "evaluate", "完成后评价", _REVIEW, frozenset({F.EVALUATION}), opinion=True
    )
    for source in (S.POOL, S.ARGUED, S.ASSESSED):
        yield Transition(source, S.DRAFT, "send_back", "退回修改", _OFFICIALS, opinion=True, others=True)
    for source in (S.DRAFT, S.POOL, S.ARGUED, S.ASSESSED, S.APPROVED, S.DISCLOSED, S.PLANNED):
        yield Transition(source, S.REJECTED, "reject", "退库", _OFFICIALS, opinion=True)
    for source in (S.PLANNED, S.FUNDED, S.BUILDING):
        yield Transition(source, S.FAILED, "fail", "不再具备实施条件", _OFFICIALS, opinion=True)


TRANSITIONS: Final = tuple(transitions())

REVIEWS: Final = frozenset({"enter", "argue", "assess"})
"""Steps of review: whoever took one does not approve the same project."""


def steps_from(stage: str, *, by_province: bool) -> tuple[Transition, ...]:
    """Return the steps that may follow a stage of a project that the province approves, or the county."""
    return tuple(one for one in TRANSITIONS if one.source == stage and one.by_province in (None, by_province))


def step_named(name: str, stage: str, *, by_province: bool) -> Transition | None:
    """Return the step of a name that may follow a stage, or None where none does."""
    return next((one for one in steps_from(stage, by_province=by_province) if one.name == name), None)


def place_of(stage: str) -> int:
    """Return how far along the way a stage stands, from 0; -1 for one that is off it."""
    return PASSED.index(S(stage)) if stage in PASSED else -1
