"""What a step of the procedure is: its track, its evidence, who takes it (procedures §4.2)."""

from dataclasses import dataclass
from typing import Final

from django.db import models

from fupin.accounts.roles import Role


class Track(models.TextChoices):
    """What a case is about."""

    ENTRY = "ENTRY", "纳入"
    EXIT = "EXIT", "退出"
    CLEARANCE = "CLEARANCE", "错评清退"
    CLOSURE = "CLOSURE", "自然注销"
    VILLAGE_ENTRY = "VILLAGE_ENTRY", "贫困村识别"
    VILLAGE_EXIT = "VILLAGE_EXIT", "贫困村退出"


class Evidence(models.TextChoices):
    """What must be attached to a step."""

    APPLICATION = "APPLICATION", "户主签字的申请书"
    SURVEY = "SURVEY", "入户调查表"
    PHOTO = "PHOTO", "照片"
    MINUTES = "MINUTES", "会议记录"
    ATTENDANCE = "ATTENDANCE", "签到表"
    VOTES = "VOTES", "票数"
    NOTICE = "NOTICE", "公示文本"
    POSTED = "POSTED", "带日期的张贴照片"
    NO_OBJECTION = "NO_OBJECTION", "公示无异议证明"
    VERIFICATION = "VERIFICATION", "村委会和工作队双签的核实表"
    VISIT = "VISIT", "入户核查记录"
    OPINION = "OPINION", "审核意见"
    MATCHING = "MATCHING", "比对结果"
    ANNOUNCEMENT = "ANNOUNCEMENT", "公告文本"
    EFFECTS = "EFFECTS", "成效台账"
    CONSENT = "CONSENT", "农户认可签字"
    STRUCK_OFF = "STRUCK_OFF", "销号记录"
    CLEARANCE_FORM = "CLEARANCE_FORM", "清退审批表"
    TOLD = "TOLD", "告知书"
    POLICE = "POLICE", "派出所证明"
    RESOLUTION = "RESOLUTION", "领导小组审定意见"
    OBJECTION = "OBJECTION", "异议登记"
    FINDINGS = "FINDINGS", "调查结论"
    ANSWER = "ANSWER", "答复书"


FILED: Final = frozenset(
    {
        Evidence.APPLICATION,
        Evidence.SURVEY,
        Evidence.PHOTO,
        Evidence.MINUTES,
        Evidence.ATTENDANCE,
        Evidence.NO_OBJECTION,
        Evidence.VERIFICATION,
        Evidence.VISIT,
        Evidence.CONSENT,
        Evidence.CLEARANCE_FORM,
        Evidence.TOLD,
        Evidence.POLICE,
        Evidence.RESOLUTION,
    }
)
"""Evidence on paper, which lies with the step as a file (证据必须附). The rest is the system's own: posted notices, objections and their
answers, matches, effects, and what the step itself says; of an announcement, its address or number (procedures §4.2, §9)."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step.

    `level` marks a step by which one level of government approves what another has entered: its actor may not have entered the
    card, and two such steps in a row are never one person's. `after_notice` is a step that a notice period must have ended before.
    `quota` is a step at which the persons on the way must fit into the quota of a division: it says how many codes that spans, one
    for the village, a thousand for the township, a million for the county. `opinion` is a step that must say why. `system` is a
    step that only the database itself takes, as the consequence of another act.
    """

    track: Track
    source: str
    target: str
    name: str
    label: str
    actors: frozenset[Role]
    evidence: frozenset[Evidence]
    level: bool = False
    after_notice: bool = False
    opens_notice: bool = False
    votes: bool = False
    quota: int = 0
    opinion: bool = False
    system: bool = False
