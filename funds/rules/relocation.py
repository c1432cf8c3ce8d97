"""易地搬迁打捆: seven channels put together for one house, and what is left to bear (funds F-14, policy-trace 26.2, 27.1–27.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import models

from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.lib.money import grouped, to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class Channel(models.TextChoices):
    """Where a subsidy comes from: the seven of §27, and what is added to them."""

    RELOCATION = "RELOCATION", "易地扶贫搬迁"
    ECOLOGICAL = "ECOLOGICAL", "生态移民"
    RESERVOIR = "RESERVOIR", "库区移民"
    DANGEROUS_HOUSE = "DANGEROUS_HOUSE", "农村危房改造"
    GEOLOGICAL = "GEOLOGICAL", "地质灾害避让搬迁"
    EARTHQUAKE = "EARTHQUAKE", "地震易发区房屋加固"
    COMMUNITY = "COMMUNITY", "农村新社区建设"
    MATCH = "MATCH", "市县配套"
    GAINS = "GAINS", "增减挂钩节余收益"


BUNDLED: Final = frozenset(Channel) - {Channel.MATCH, Channel.GAINS}
"""打捆七类."""

MOVING: Final = frozenset({Channel.RELOCATION, Channel.ECOLOGICAL, Channel.RESERVOIR, Channel.GEOLOGICAL})
"""Channels by which a household leaves its old house."""


@dataclass(frozen=True, slots=True)
class Subsidy:
    """A line of a household's bundle: channel, yuan, the document that sets it, the old house that it is for."""

    channel: Channel
    amount: Decimal
    document_no: str
    old_house: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A household's subsidies beside the approved cost of its house."""

    cost: Decimal
    subsidies: Sequence[Subsidy]

    @property
    def subsidised(self) -> Decimal:
        """Yuan of all channels."""
        return sum((one.amount for one in self.subsidies), Decimal(0))

    @property
    def own(self) -> Decimal:
        """What the household bears itself (自筹)."""
        return self.cost - self.subsidised

    @property
    def own_share(self) -> Decimal:
        """Its own part in per cent of the cost."""
        return percent_of(self.own, self.cost)


@cites(
    "§27",
    "县级要统筹抓好易地扶贫搬迁、生态移民、库区移民、农村危房改造、地质灾害避让搬迁、地震易发区房屋加固、农村新社区建设项目资金的打捆使用",
)
def bundle_refusals(bundle: Bundle, *, old_house_gone: bool) -> Refusals:
    """Return what is wrong with a bundle: a channel twice, a line without document, more than the house costs.

    Where money to mend a dangerous house and money to move away both name the same old house, that house has to be pulled down.
    """
    refused: Refusals = {}
    channels = [one.channel for one in bundle.subsidies]
    if twice := sorted({one.label for one in channels if channels.count(one) > 1}):
        refused["channel"] = "同一渠道一户一次：" + "、".join(twice)
    if any(one.amount <= 0 for one in bundle.subsidies):
        refused["amount_yuan"] = "金额须大于零"
    elif bundle.subsidised > bundle.cost:
        over = grouped(bundle.subsidised - bundle.cost)
        refused["amount_yuan"] = f"补助合计 {grouped(bundle.subsidised)} 元，超过建房核定成本 {over} 元"
    if bare := [one.channel.label for one in bundle.subsidies if not one.document_no.strip()]:
        refused["document_no"] = "缺文号：" + "、".join(bare)
    if _mends_and_leaves(bundle) and not old_house_gone:
        refused["old_house"] = "危改与搬迁指向同一旧房，旧房须拆除"
    return refused


def _mends_and_leaves(bundle: Bundle) -> bool:
    mended = {one.old_house for one in bundle.subsidies if one.channel is Channel.DANGEROUS_HOUSE}
    left = {one.old_house for one in bundle.subsidies if one.channel in MOVING}
    return bool((mended & left) - {""})


@cites("§27", "逐步提高省级易地扶贫搬迁补助标准")
def standard_warning(now: Decimal, before: Decimal | None) -> str | None:
    """Return a warning where the year's standard by the head lies below the year before."""
    if before is None or now >= before:
        return None
    return f"本年补助标准 {grouped(now)} 元，低于上年 {grouped(before)} 元"


@cites("§27", "节余建设用地增值收益的大部分要用于补助搬迁贫困户")
def gains_refusals(gains: Decimal, subsidies: Decimal, year: int) -> Refusals:
    """Return a refusal to settle where no more than half of the gains from spared land go to poor households that move.

    Of 840 万 more than 420 万: exactly half is not the larger part.
    """
    over = figure("relocation_gains_over", year)
    if subsidies > gains:
        return {"subsidies_yuan": "补助不能多于收益"}
    if subsidies * 100 > gains * over:
        return {}
    return {
        "subsidies_yuan": f"补助搬迁贫困户 {percent_of(subsidies, gains)}%，须大于 {over.normalize():f}%，不能结算"
    }


@cites("§26", "企业结合产业扶贫开发实施易地扶贫搬迁,省级按照搬迁人口规模安排产业开发奖补资金")
def industry_bonus(persons: int, per_head: Decimal) -> Decimal:
    """Return the province's 产业开发奖补 to an enterprise that moves people with its own industry: persons × yuan by the head."""
    return to_fen(persons * per_head)
