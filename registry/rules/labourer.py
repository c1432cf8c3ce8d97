"""Checks of the labourer card (data standard §5)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from registry.codes import EmploymentStatus, Labor
from registry.rules.card import MemberCard
from registry.rules.findings import Finding, error
from registry.rules.people import is_away_youth, is_female, is_labourer, is_stable
from registry.rules.tables import TableCheck
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING

EMPLOYED: Final = frozenset({EmploymentStatus.WORKING_AWAY.value, EmploymentStatus.PUBLIC_JOB.value})
"""Those with an employer: 务工 and 公益岗."""

WITHOUT_WORK: Final = frozenset({EmploymentStatus.UNEMPLOYED.value, EmploymentStatus.NOT_EMPLOYED.value})

IN_WORK: Final = frozenset(
    {
        EmploymentStatus.WORKING_AWAY.value,
        EmploymentStatus.SELF_EMPLOYED.value,
        EmploymentStatus.PUBLIC_JOB.value,
        EmploymentStatus.FLEXIBLE.value,
    }
)
"""Those whose household is no 零就业家庭; 务农 alone does not end one."""


@dataclass(slots=True)
class TrainingRow:
    """A training that the labourer has been through."""

    institution: str | None = None
    job: str | None = None
    start: date | None = None
    end: date | None = None
    hours: int | None = None
    certificate_no: str | None = None
    subsidy: Decimal | None = None
    is_thousand_villages: bool | None = None


@dataclass(slots=True)
class CertificateRow:
    """A certificate of skill."""

    category: str | None = None
    job: str | None = None
    level: str | None = None
    number: str | None = None
    issued_on: date | None = None


@dataclass(slots=True)
class LabourerCard:
    """A labourer in a year. `posted` holds derived values as the caller gave them, by name (R-43)."""

    year: int
    member_no: str | None = None
    hukou: str | None = None
    emp_status: str | None = None
    employer: str | None = None
    job: str | None = None
    job_addr: str | None = None
    project_no: str | None = None
    contract: bool | None = None
    contract_start: date | None = None
    contract_end: date | None = None
    wage: Decimal | None = None
    emp_months: int | None = None
    longest_stay: int | None = None
    work_area: str | None = None
    unemp_reason: str | None = None
    train_will: bool | None = None
    train_job: str | None = None
    train_time: str | None = None
    train_place: str | None = None
    job_will: str | None = None
    job_will_area: str | None = None
    job_will_wage: Decimal | None = None
    certificate_note: str | None = None
    plan: str | None = None
    measure: str | None = None
    return_will: bool | None = None
    is_tech_backbone: bool | None = None
    trainings: tuple[TrainingRow, ...] = ()
    certificates: tuple[CertificateRow, ...] = ()
    posted: Mapping[str, object] = field(default_factory=dict)


_CARD: Final = TableCheck(LABOURER)
_TRAINING: Final = TableCheck(TRAINING)
_CERTIFICATE: Final = TableCheck(CERTIFICATE)

_DERIVED: Final[dict[str, tuple[str, Callable[[LabourerCard, MemberCard], bool]]]] = {
    "is_female": ("是否妇女劳动力", lambda _card, member: is_female(member)),
    "stable_emp": ("是否稳定就业", lambda card, _member: is_stable(card.longest_stay, card.year)),
    "is_away_youth": ("外出青壮年", lambda card, member: is_away_youth(member, card.year)),
}


def check_labourer(card: LabourerCard, member: MemberCard, *, today: date) -> list[Finding]:
    """Return everything wrong with a labourer's card; `member` is his row in the household's card."""
    return [*_CARD.of_row(card, today), *_conditions(card, member), *_rows(card, today), *_sums(card, member)]


def _conditions(card: LabourerCard, member: MemberCard) -> Iterator[Finding]:
    if not is_labourer(member, card.year):
        text = "人编号：该成员本年度不是劳动力（须在册、16岁以上、有劳动能力、不在校、非现役），请先更正户卡"
        yield error("R-20", "member_no", text)
    if card.emp_status in EMPLOYED:
        for name, label in (("employer", "就业单位"), ("job", "工种"), ("job_addr", "单位地址")):
            if not getattr(card, name):
                yield error("R-20", name, f"{label}未填：就业失业类型为务工或公益岗时必填")
    if card.emp_status in WITHOUT_WORK and not card.unemp_reason:
        yield error("R-20", "unemp_reason", "未就业/失业原因未填：失业或未就业者必填")
    if member.labor == Labor.SKILLED and not card.certificates and not card.certificate_note:
        text = "技能证书：技能劳动力至少登记一证，没有证书请填无证书说明"
        yield error("R-20", "certificates", text)
    if card.contract_start and card.contract_end and card.contract_end < card.contract_start:
        yield error("R-20", "contract_end", "合同终止日期早于起始日期，请核对")


def _rows(card: LabourerCard, today: date) -> Iterator[Finding]:
    for place, training in enumerate(card.trainings):
        where, who = f"trainings[{place}].", f"第{place + 1}次培训的"
        yield from _TRAINING.of_row(training, today, prefix=where, who=who)
        if training.start and training.end and training.end < training.start:
            yield error("R-20", f"{where}end", f"{who}培训终止日期早于起始日期，请核对")
    for place, certificate in enumerate(card.certificates):
        where, who = f"certificates[{place}].", f"第{place + 1}个证书的"
        yield from _CERTIFICATE.of_row(certificate, today, prefix=where, who=who)


def _sums(card: LabourerCard, member: MemberCard) -> Iterator[Finding]:
    for name, posted in card.posted.items():
        if name in _DERIVED and posted is not None and posted != _DERIVED[name][1](card, member):
            text = f"{_DERIVED[name][0]}与推导结果不符，请留空由系统计算"
            yield error("R-43", name, text)
