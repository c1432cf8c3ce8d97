"""Which measures answer which cause of poverty (policy §2; procedures 2.1): shown beside a plan, never chosen for anybody."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from fupin.policy.cites import cites
from registry.codes import Cause, MeasureKind, PoorType

_K = MeasureKind

BY_CAUSE: Final[Mapping[str, tuple[MeasureKind, ...]]] = MappingProxyType(
    {
        Cause.ILLNESS: (_K.MEDICAL, _K.DIBAO_LINK, _K.DONATION, _K.INDUSTRY_COVERAGE),
        Cause.DISABILITY: (_K.MEDICAL, _K.DIBAO_LINK, _K.DONATION, _K.COOPERATIVE),
        Cause.SCHOOLING: (_K.STUDENT_AID, _K.TRAINING, _K.DONATION),
        Cause.DISASTER: (_K.PROJECT_SUBSIDY, _K.HOUSING, _K.DONATION, _K.RELOCATION),
        Cause.NO_LAND: (_K.RELOCATION, _K.TRAINING, _K.ENTERPRISE_JOBS, _K.LAND_TRANSFER),
        Cause.NO_WATER: (_K.WATER, _K.RELOCATION),
        Cause.NO_SKILL: (_K.TRAINING, _K.SCIENCE, _K.TECH_BACKBONE, _K.LEADING_FARMER),
        Cause.NO_LABOUR: (_K.DIBAO_LINK, _K.LAND_TRANSFER, _K.COOPERATIVE),
        Cause.NO_CAPITAL: (_K.LOAN_INTEREST, _K.MUTUAL_FUND, _K.PROJECT_SUBSIDY, _K.COOPERATIVE),
        Cause.POOR_TRANSPORT: (_K.ROAD, _K.RELOCATION),
        Cause.LOW_MOTIVATION: (_K.TRAINING, _K.RETURNEE, _K.ENTERPRISE_JOBS, _K.LEADING_FARMER),
        Cause.OTHER: (_K.PROJECT_SUBSIDY, _K.INDUSTRY_COVERAGE),
    }
)
"""This system's own table: the policy asks for measures by cause and names four ways at least, not which suits which."""

NOT_WITHOUT_LABOUR: Final = frozenset(
    {
        _K.PROJECT_SUBSIDY,
        _K.INDUSTRY_COVERAGE,
        _K.TRAINING,
        _K.LOAN_INTEREST,
        _K.MUTUAL_FUND,
        _K.ENTERPRISE_JOBS,
        _K.LEADING_FARMER,
        _K.TECH_BACKBONE,
        _K.RETURNEE,
    }
)
"""Measures of work and industry, which are not for households without labour (procedures §5: 低保户 and 五保户)."""


@cites("§2", "深入分析扶贫对象致贫原因，逐村逐户逐个劳动力制定帮扶计划")
def suggested(causes: Iterable[str], *, poor_type: str = "") -> tuple[tuple[MeasureKind, str], ...]:
    """Return the measures that answer the causes, the main one first, each once with the cause that it answers.

    `poor_type` is CL02: who lives by 低保 or 五保 alone is not sent to work or given a business.
    """
    found: dict[MeasureKind, str] = {}
    without_labour = poor_type in {PoorType.DIBAO, PoorType.WUBAO}
    for cause in causes:
        for kind in BY_CAUSE.get(cause, ()):
            if not (without_labour and kind in NOT_WITHOUT_LABOUR):
                found.setdefault(kind, cause)
    return tuple(found.items())
