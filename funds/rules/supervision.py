"""监管与惩处: kinds of wrong, and the way of a case from the clue to its end (funds F-17, policy-trace 9.3, 17.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import models

from funds.rules import Refusals
from fupin.policy.cites import cites


class Wrong(models.TextChoices):
    """What was done wrong with money."""

    FALSE_CLAIM = "FALSE_CLAIM", "虚报冒领"
    DIVERSION = "DIVERSION", "截留挪用"
    DUPLICATE = "DUPLICATE", "重复申报"
    FAVOUR = "FAVOUR", "优亲厚友"
    UNDISCLOSED = "UNDISCLOSED", "未公示"
    OVERDUE = "OVERDUE", "逾期滞留"
    WASTE = "WASTE", "浪费损毁"


class Origin(models.TextChoices):
    """Who brought the clue."""

    AUDIT = "AUDIT", "审计"
    DISCIPLINE = "DISCIPLINE", "纪检"
    SUPERVISION = "SUPERVISION", "监察"
    REPORT = "REPORT", "群众举报"
    CHECK = "CHECK", "监督抽查"


class Sanction(models.TextChoices):
    """What followed for a person."""

    PARTY = "PARTY", "党纪处分"
    GOVERNMENT = "GOVERNMENT", "政纪处分"
    NONE = "NONE", "不予处分"


class CaseStage(models.TextChoices):
    """Where a case stands."""

    CLUE = "CLUE", "线索登记"
    CHECKED = "CHECKED", "核查"
    DEALT_WITH = "DEALT_WITH", "处理"
    MENDED = "MENDED", "整改"
    CLOSED = "CLOSED", "销号"
    UNFOUNDED = "UNFOUNDED", "查否"


NEXT: Final[Mapping[CaseStage, frozenset[CaseStage]]] = {
    CaseStage.CLUE: frozenset({CaseStage.CHECKED}),
    CaseStage.CHECKED: frozenset({CaseStage.DEALT_WITH, CaseStage.UNFOUNDED}),
    CaseStage.DEALT_WITH: frozenset({CaseStage.MENDED}),
    CaseStage.MENDED: frozenset({CaseStage.CLOSED, CaseStage.DEALT_WITH}),
    CaseStage.CLOSED: frozenset(),
    CaseStage.UNFOUNDED: frozenset(),
}
"""From a stage to those that may follow; what was mended badly is dealt with again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is on record of a case."""

    wrong: str = ""
    finding: str = ""
    amount: Decimal | None = None
    responsible: str = ""
    sanction: str = ""
    sanction_no: str = ""
    mended: str = ""


@cites("§9", "发挥审计、纪检、监察等部门作用,加大违纪违法行为惩处力度")
@cites("§17", "对损害浪费扶贫资源,给贫困地区和贫困人口利益造成重大损失的,视情节轻重给予党纪政纪处分")
def step_refusals(stage: str, to: str, found: Findings) -> Refusals:
    """Return what keeps a case from its next stage: a stage skipped, or what has to be on record for it."""
    if stage not in CaseStage.values or to not in NEXT[CaseStage(stage)]:
        return {"stage": "须按 线索登记、核查、处理、整改、销号 依次办理"}
    return {field: said for field, (there, said) in _asked(CaseStage(to), found).items() if not there}


def _asked(to: CaseStage, found: Findings) -> Mapping[str, tuple[bool, str]]:
    """Return what a stage asks for: field → whether it is there, and what to say where it is not."""
    if to in (CaseStage.CHECKED, CaseStage.UNFOUNDED):
        return {"finding": (bool(found.finding.strip()), "写明核查情况")}
    if to is CaseStage.DEALT_WITH:
        unpunished = found.sanction == Sanction.NONE
        return {
            "wrong": (found.wrong in Wrong.values, "请选违规类型"),
            "amount_yuan": (found.amount is not None and found.amount >= 0, "填写涉及金额，没有的填 0"),
            "responsible": (bool(found.responsible.strip()), "填写责任人"),
            "sanction": (found.sanction in Sanction.values, "请选处分"),
            "sanction_no": (unpunished or bool(found.sanction_no.strip()), "填写处分文号"),
        }
    return {"mended": (bool(found.mended.strip()), "写明整改情况")}
