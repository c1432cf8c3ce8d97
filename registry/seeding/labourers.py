"""Cards of the labourers of a synthetic household, in agreement with its own."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from registry.codes import EmploymentStatus, Labor
from registry.rules.card import MemberCard
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow
from registry.seeding.chance import Weighted, one_of, whole

_AT_HOME: Final = Weighted(("1", 86), ("3", 2), ("4", 1), ("5", 5), ("6", 2), ("7", 4))
_JOBS: Final = ("泥瓦工", "搬运工", "餐饮服务员", "缝纫工", "保洁员", "电焊工", "装卸工", "家政服务员")
_WISHES: Final = ("种植技术", "养殖技术", "电焊", "厨师", "家政服务", "缝纫", "农机驾驶")
_REASONS: Final = ("需照顾老人和孩子", "缺乏技能", "身体原因，暂无合适岗位")
_PLANS: Final = (
    ("参加一期农业实用技术培训，发展种植业", "落实良种补贴，安排技术员指导"),
    ("参加劳动力转移培训，介绍县内就业", "推荐参加“千村万人”就业培训"),
    ("扶持发展养殖业，新增养羊10只", "协调小额贴息贷款1万元"),
    ("带动加入合作社，发展特色种植", "由合作社统一供种、统一销售"),
)


def make_labourer_card(rng: Random, member: MemberCard, year: int, *, county: str) -> LabourerCard:
    """Return the labourer's card of a year; whoever works away has an employer, a wage and the months of his household's card."""
    plan, measure = one_of(rng, _PLANS)
    card = LabourerCard(year, member.member_no, hukou="1", plan=plan, measure=measure)
    if member.work_months:
        _works(rng, card, member, county)
    else:
        card.emp_status = _AT_HOME.draw(rng)
        card.emp_months = 0 if card.emp_status in {"6", "7"} else whole(rng, 3, 10)
        if card.emp_status == EmploymentStatus.PUBLIC_JOB:
            card.employer, card.job, card.job_addr = f"{county}林业局", "护林员", f"{county}境内林区"
            card.contract, card.wage = True, Decimal(600)
            card.contract_start, card.contract_end = date(year, 1, 1), date(year, 12, 31)
            card.longest_stay = card.emp_months
        elif card.emp_status in {"6", "7"}:
            card.unemp_reason = one_of(rng, _REASONS)
    card.train_will = rng.random() < 0.6
    if card.train_will:
        card.train_job, card.train_time, card.train_place = (
            one_of(rng, _WISHES),
            "农闲时节",
            f"{county}职教中心",
        )
    if rng.random() < 0.3:
        card.job_will, card.job_will_area, card.job_will_wage = (
            "建筑业",
            "02",
            Decimal(whole(rng, 12, 30) * 100),
        )
    if member.labor == Labor.SKILLED:
        _skills(rng, card, member)
    if rng.random() < 0.04:
        card.trainings = (_training(rng, year, county),)
    card.is_tech_backbone = rng.random() < 0.01
    return card


def _works(rng: Random, card: LabourerCard, member: MemberCard, county: str) -> None:
    months = member.work_months or 0
    card.emp_status = EmploymentStatus.WORKING_AWAY.value
    card.employer, card.job, card.job_addr = member.work_org, one_of(rng, _JOBS), member.work_place
    card.work_area, card.emp_months, card.longest_stay = member.work_area, months, whole(rng, 1, months)
    card.wage = Decimal(whole(rng, 80, 220) * 10)
    card.contract = rng.random() < 0.25
    if card.contract:
        card.contract_start, card.contract_end = date(card.year, 3, 1), date(card.year, 12, 31)
    card.return_will = rng.random() < 0.3


def _skills(rng: Random, card: LabourerCard, member: MemberCard) -> None:
    if rng.random() < 0.4:
        card.certificate_note = "有手艺，未参加鉴定"
        return
    number = f"{(member.member_no or '')[-10:]}{whole(rng, 10, 99)}"
    card.certificates = (
        CertificateRow(
            "职业资格证书",
            one_of(rng, _JOBS),
            "初级",
            number,
            date(2012, whole(rng, 1, 12), whole(rng, 1, 28)),
        ),
    )


def _training(rng: Random, year: int, county: str) -> TrainingRow:
    month = whole(rng, 1, 11)
    start = whole(rng, 1, 10)
    return TrainingRow(
        institution=f"{county}职教中心",
        job=one_of(rng, _WISHES),
        start=date(year, month, start),
        end=date(year, month, start + whole(rng, 5, 15)),
        hours=whole(rng, 4, 12) * 10,
        subsidy=Decimal(whole(rng, 4, 12) * 100),
        is_thousand_villages=rng.random() < 0.5,
    )
