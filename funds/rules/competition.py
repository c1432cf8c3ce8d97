"""竞争机制: the ways in which a county uses money, what each allows, and who comes first (funds F-02, policy-trace 5.4, 5.5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.lib.money import grouped, to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure
from projects.codes import UseWay

COMPETITIVE = frozenset(UseWay) - {UseWay.OTHER}


@cites("§5", "县级政府在使用扶贫资金时,要积极探索以奖代补、先建后补、民办公助等多种竞争机制")
def way_refusals(way: str, reason: str) -> Refusals:
    """Return a refusal where no way is chosen, or none of competition without a reason."""
    if way not in UseWay.values:
        return {"use_way": "请选使用方式"}
    if way == UseWay.OTHER and not reason.strip():
        return {"use_way_reason": "未用竞争机制的，写明理由"}
    return {}


@cites("§5", "先建后补")
def build_first_refusals(way: str, *, paying: Decimal, accepted_on: date | None, on: date) -> Refusals:
    """Return a refusal where 先建后补 would be paid before the work is accepted: until then nothing is."""
    if way != UseWay.BUILD_FIRST or paying <= 0:
        return {}
    if accepted_on is None:
        return {"amount_yuan": "先建后补：验收合格前不得支付"}
    return {"on": f"先建后补：{accepted_on} 验收合格，此前不得支付"} if on < accepted_on else {}


def award(standard: Decimal, verified: Decimal) -> Decimal:
    """Return 奖补标准 × 核定量 in yuan, to the fen."""
    return to_fen(standard * verified)


@cites("§5", "以奖代补")
def award_refusals(
    way: str, *, total_paid: Decimal, standard: Decimal | None, verified: Decimal | None
) -> Refusals:
    """Return a refusal where 以奖代补 pays, with what was paid before, more than standard × verified quantity."""
    if way != UseWay.AWARD:
        return {}
    if standard is None or verified is None:
        return {"verified": "以奖代补：须有奖补标准和核定量"}
    most = award(standard, verified)
    if total_paid <= most:
        return {}
    return {"amount_yuan": f"以奖代补：标准 × 核定量为 {grouped(most)} 元，合计不得多付"}


@cites("§5", "民办公助")
def private_run_refusals(way: str, *, subsidy: Decimal, investment: Decimal, year: int) -> Refusals:
    """Return a refusal where 民办公助 carries more of the investment than the parameter allows (50 per cent)."""
    most = figure("private_run_most", year)
    if way != UseWay.PRIVATE_RUN or subsidy * 100 <= investment * most:
        return {}
    return {
        "amount_yuan": f"民办公助：补助占投资 {percent_of(subsidy, investment)}%，最多 {most.normalize():f}%"
    }


@cites("§5", "积极探索以奖代补、先建后补、民办公助等多种竞争机制")
def adoption_rate(ways: Collection[str]) -> Decimal | None:
    """Return in per cent how many of a county's placements use a way of competition; None of none."""
    if not ways:
        return None
    return percent_of(Decimal(sum(one in COMPETITIVE for one in ways)), Decimal(len(ways)))


# Who comes first ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A village or project: how eager, how good its work for the poor, how regular its use of money, each 0 to 100."""

    key: str
    eagerness: Decimal
    work: Decimal
    regularity: Decimal


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate with its score, to two decimals, and its rank; equal scores share a rank."""

    rank: int
    candidate: Candidate
    score: Decimal


def candidate_refusals(marks: Mapping[str, Decimal | None]) -> Refusals:
    """Return what is wrong with marks: absent, below 0 or above 100."""
    return {
        name: "填 0 到 100 的分数" for name, mark in marks.items() if mark is None or not 0 <= mark <= 100
    }


@cites("§5", "优先支持积极性高、扶贫工作好、资金使用规范的贫困村和扶贫项目")
def ranked(candidates: Iterable[Candidate], year: int) -> list[Placed]:
    """Return candidates by weighted score, the best first, equal scores in one rank by key."""
    weights = [figure(key, year) for key in ("eagerness_weight", "work_weight", "regularity_weight")]
    scored = sorted(
        ((_score(one, weights), one) for one in candidates), key=lambda pair: (-pair[0], pair[1].key)
    )
    placed: list[Placed] = []
    for number, (score, one) in enumerate(scored, start=1):
        same = placed and placed[-1].score == score
        placed.append(Placed(placed[-1].rank if same else number, one, score))
    return placed


def _score(one: Candidate, weights: list[Decimal]) -> Decimal:
    marks = (one.eagerness, one.work, one.regularity)
    return to_fen(
        sum((mark * weight for mark, weight in zip(marks, weights, strict=True)), Decimal(0)) / sum(weights)
    )
