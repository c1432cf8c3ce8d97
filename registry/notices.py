"""What the register makes public: who is to come on, who is to leave, and what an objection does to a case (procedures §4.2, §9)."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from fupin.accounts.models import User
from fupin.notices.errors import ObjectionRefused
from fupin.notices.kinds import Drawing, Group, Write, notice_kind
from fupin.notices.models import NoticeLine, Objection
from fupin.notices.rules import Column
from fupin.policy.cites import cites
from registry.codes import HouseholdStatus as H, VillageStatus as V
from registry.errors import StepRefused
from registry.models import Case, CaseStep
from registry.rules.procedure import Evidence
from registry.rules.transitions import NOTICE_DAYS, notice_code, sent_back_to
from registry.services.cases import StepGiven, take_step

_COLUMNS: Final = (Column.NAME, Column.NATURAL_VILLAGE, Column.PERSONS, Column.KIND, Column.REASON)


def _cases(objection: Objection) -> Iterator[Case]:
    """Yield the cases that an objection is about: that of its row, or all of the list."""
    keys = (
        [objection.subject_key]
        if objection.line_id is not None
        else list(NoticeLine.objects.filter(notice=objection.notice).values_list("subject_key", flat=True))
    )
    numbers = [key.removeprefix("case:") for key in keys if key.startswith("case:")]
    yield from Case.objects.filter(number__in=numbers, closed_on__isnull=True).order_by("number")


def _suspend(objection: Objection, actor: User) -> None:
    """Suspend what stands in the notice's state; what an earlier objection suspended stays so."""
    for case in _cases(objection):
        if (
            notice_code(case.status) == objection.notice.kind
            and case.status in NOTICE_DAYS
            and not case.village_id
        ):
            given = StepGiven(
                "suspend",
                _day(objection.accepted_on),
                opinion=f"异议 {objection.number}",
                evidence={Evidence.OBJECTION: objection.number},
            )
            _step(actor, case, given)


def _go_on(objection: Objection, actor: User) -> None:
    """Let what was suspended go on, or send it back where the objection holds; another open objection keeps it suspended."""
    for case in _cases(objection):
        if case.status != H.OBJECTION or (not objection.upheld and _others_open(objection, case)):
            continue
        step = CaseStep.objects.filter(case=case, name="suspend").order_by("-number").first()
        if step is None:
            continue
        given = StepGiven(
            "uphold" if objection.upheld else "resume",
            _day(objection.settled_on),
            target=(sent_back_to(step.source) or "") if objection.upheld else step.source,
            opinion=f"异议 {objection.number}{'成立' if objection.upheld else '不成立'}",
            evidence={Evidence.FINDINGS: objection.finding[:200], Evidence.ANSWER: objection.answer[:200]},
        )
        _step(actor, case, given)


def _step(actor: User, case: Case, given: StepGiven) -> None:
    """Take the step, or let the objection say why it could not be."""
    try:
        take_step(actor=actor, case=case, given=given)
    except StepRefused as refused:
        raise ObjectionRefused(f"{case.number}：{refused}") from refused


def _others_open(objection: Objection, case: Case) -> bool:
    """Tell whether another accepted objection is about the same case."""
    others = Objection.objects.open().filter(notice=objection.notice).exclude(pk=objection.pk)
    return others.filter(subject_key__in=["", f"case:{case.number}"], accepted_on__isnull=False).exists()


def _day(on: date | None) -> date:
    assert on is not None  # noqa: S101  (accepted and settled objections are dated)
    return on


def _kind(state: str, title: str, group: Group, *, name_label: str = "户主") -> Callable[[Write], Write]:
    return notice_kind(
        notice_code(state),
        title,
        _COLUMNS if name_label == "户主" else (Column.NAME,),
        group=group,
        days=NOTICE_DAYS[state],
        name_label=name_label,
        on_objection=_suspend,
        on_settled=_go_on,
    )


def _announced(state: str, title: str, group: Group, *, name_label: str = "户主") -> Callable[[Write], Write]:
    return notice_kind(
        notice_code(state),
        title,
        _COLUMNS if name_label == "户主" else (Column.NAME,),
        group=group,
        days="announce_days",
        name_label=name_label,
        objectable=False,
    )


def _counted(drawing: Drawing) -> str:
    return f"{drawing.sums.rows} 户 {drawing.sums.persons or 0} 人"


def _standing(drawing: Drawing) -> str:
    period = drawing.period
    return f"公示期自 {period.first:%Y-%m-%d} 至 {period.last:%Y-%m-%d}，如有异议，请在期内提出。"


@_kind(H.FIRST_NOTICE, "贫困户初选名单第一次公示", Group.IDENTIFICATION)
@cites("§9", "继续坚持行政村公告公示")
def first(drawing: Drawing) -> str:
    """Say who was chosen by the village's representatives."""
    return f"经农户申请、村民代表会议民主评议，{drawing.place}初选贫困户 {_counted(drawing)}，现予公示。{_standing(drawing)}"


@_kind(H.SECOND_NOTICE, "贫困户名单第二次公示", Group.IDENTIFICATION)
def second(drawing: Drawing) -> str:
    """Say whom the township has passed."""
    return f"经乡镇审核，{drawing.place}拟定贫困户 {_counted(drawing)}，现再次公示。{_standing(drawing)}"


@_announced(H.REGISTERED, "贫困户名单公告", Group.IDENTIFICATION)
def registered(drawing: Drawing) -> str:
    """Say who has come onto the register."""
    return f"经县级复审，{drawing.place}确定贫困户 {_counted(drawing)}，现予公告。"


@_kind(H.EXIT_NOTICE, "贫困户退出公示", Group.EXIT)
def leaving(drawing: Drawing) -> str:
    """Say who is to leave."""
    checked = "经村民代表会议评议、村两委和驻村工作队核实、农户认可"
    return f"{checked}，{drawing.place}拟退出贫困户 {_counted(drawing)}，现予公示。{_standing(drawing)}"


@_announced(H.EXITED, "贫困户退出公告", Group.EXIT)
def left(drawing: Drawing) -> str:
    """Say who has left."""
    return f"{drawing.place}退出贫困户 {_counted(drawing)}，予以销号，现予公告。"


@_kind(V.TOWNSHIP_NOTICE, "贫困村公示", Group.IDENTIFICATION, name_label="村")
def village(drawing: Drawing) -> str:
    """Say which village is to be identified."""
    return f"经村申请、乡镇审核，拟识别{drawing.place}为贫困村，现予公示。{_standing(drawing)}"


@_kind(V.EXIT_NOTICE, "贫困村退出公示", Group.EXIT, name_label="村")
def village_leaving(drawing: Drawing) -> str:
    """Say which village is to leave."""
    return f"拟将{drawing.place}退出贫困村，现予公示。{_standing(drawing)}"
