"""政府购买社会服务: what may be bought, by what procedure, and who may not stand on both sides (funds F-09, policy-trace 7.1–7.3)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import models

from funds.rules import Refusals
from fupin.policy.cites import cites


class ServiceKind(models.TextChoices):
    """What is bought; the policy names five, with 等."""

    PLANNING = "PLANNING", "规划编制"
    ASSESSMENT = "ASSESSMENT", "项目评估"
    EXECUTION = "EXECUTION", "项目实施"
    ACCEPTANCE = "ACCEPTANCE", "项目验收"
    SUPERVISION = "SUPERVISION", "第三方监督"
    OTHER = "OTHER", "其他"


class ServiceWay(models.TextChoices):
    """How it is bought."""

    ENTRUSTED = "ENTRUSTED", "委托"
    CONTRACTED = "CONTRACTED", "承包"
    PURCHASED = "PURCHASED", "采购"
    OTHER = "OTHER", "其他"


WATCHERS: Final = frozenset({ServiceKind.ASSESSMENT, ServiceKind.ACCEPTANCE, ServiceKind.SUPERVISION})
"""Whoever carries a project out may do none of these for it."""


@cites("§7", "在政府向社会购买服务的指导性目录的框架下")
def catalogue_refusals(code: str, *, catalogue: Collection[str], pilot: bool) -> Refusals:
    """Return what keeps a service from being bought: not in the catalogue, or the county no pilot."""
    refused: Refusals = {}
    if not code.strip():
        refused["catalogue_code"] = "填写政府购买服务指导性目录码"
    elif code not in catalogue:
        refused["catalogue_code"] = f"目录码 {code} 不在政府购买服务指导性目录内"
    if not pilot:
        refused["division"] = "本县不是购买服务试点县"
    return refused


@dataclass(frozen=True, slots=True)
class Procedure:
    """What an open procedure leaves on record: announced, chosen, signed for."""

    announced_on: date | None
    announcement_no: str
    chosen_on: date | None
    result: str
    signed_on: date | None
    contract_no: str


@cites("§7", "通过公开、透明、规范的程序交给社会力量完成")
def procedure_refusals(procedure: Procedure) -> Refusals:
    """Return what an open procedure lacks, or where its steps stand in the wrong order: without it nothing is paid."""
    refused: Refusals = {}
    if procedure.announced_on is None or not procedure.announcement_no.strip():
        refused["announced_on"] = "登记公告日期和编号"
    if procedure.chosen_on is None or not procedure.result.strip():
        refused["chosen_on"] = "登记比选或招标的日期和结果"
    elif procedure.announced_on and procedure.chosen_on < procedure.announced_on:
        refused["chosen_on"] = "比选结果不能早于公告"
    if procedure.signed_on is None or not procedure.contract_no.strip():
        refused["signed_on"] = "登记合同日期和编号"
    elif procedure.chosen_on and procedure.signed_on < procedure.chosen_on:
        refused["signed_on"] = "合同不能早于比选结果"
    return refused


@dataclass(frozen=True, slots=True)
class Engagement:
    """A firm's part in a project. `controller` is who controls the firm: a firm's code or a person, empty where nobody does."""

    firm: str
    name: str
    kind: str
    controller: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two parts in one project that are in one hand."""

    carries_out: Engagement
    watches: Engagement

    def __str__(self) -> str:
        kind = ServiceKind(self.watches.kind).label
        if self.carries_out.firm == self.watches.firm:
            return f"{self.watches.name}已实施本项目，不得又作{kind}"
        return f"{self.watches.name}与实施方{self.carries_out.name}为同一控制人，不得作{kind}"


@cites("§7", "如规划编制、项目评估、项目实施、项目验收、第三方监督等")
def conflicts(engagements: Iterable[Engagement]) -> list[Conflict]:
    """Return where whoever carries a project out, or whoever is in the same hand, also assesses, accepts or supervises it.

    Firms are in one hand when one controls the other or a third controls both, through any number of firms of the project.
    """
    found = list(engagements)
    hand = _hands(found)
    doing = [one for one in found if one.kind == ServiceKind.EXECUTION]
    watching = [one for one in found if one.kind in WATCHERS]
    return [Conflict(a, b) for a in doing for b in watching if hand[a.firm] == hand[b.firm]]


def _hands(engagements: list[Engagement]) -> dict[str, frozenset[str]]:
    """Return for each firm everybody with whom it is in one hand."""
    groups: list[frozenset[str]] = []
    for one in engagements:
        joined = frozenset({one.firm, one.controller} - {""})
        touching = [group for group in groups if group & joined]
        groups = [group for group in groups if not group & joined]
        groups.append(joined.union(*touching))
    return {one.firm: next(group for group in groups if one.firm in group) for one in engagements}


def conflict_refusals(engagements: Iterable[Engagement]) -> Refusals:
    """Return the first conflict as a refusal at the firm."""
    found = conflicts(engagements)
    return {"firm": str(found[0])} if found else {}
