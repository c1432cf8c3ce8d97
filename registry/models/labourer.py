"""The card of a poor labourer (data-standard §5; policy §1: every labourer has a card)."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import EmploymentStatus, Hukou, WorkArea
from registry.models.income import yuan
from registry.models.member import Member, MemberYear


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="LabourerYearEvent",
    meta={"verbose_name": "劳动力卡变更"},
)
class LabourerYear(models.Model):
    """贫困劳动力卡: hangs on a member's year, as the household hangs on its village.

    Whether a member is a labourer is derived on MemberYear; after the household has left, its labourers' cards go on as followed up.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    member = models.ForeignKey(Member, models.RESTRICT, related_name="labourer_years", verbose_name="成员")
    member_year = models.OneToOneField(
        MemberYear, models.RESTRICT, related_name="labourer_card", verbose_name="成员年度情况"
    )
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveIntegerField("版本", default=1)
    hukou = models.CharField("户口性质", max_length=1, choices=Hukou.choices, blank=True)
    emp_status = models.CharField("就业失业类型", max_length=1, choices=EmploymentStatus.choices, blank=True)
    employer = models.CharField("就业单位", max_length=100, blank=True)
    job = models.CharField("工种", max_length=50, blank=True)
    job_addr = models.CharField("单位地址", max_length=200, blank=True)
    project_no = models.CharField("项目号", max_length=30, blank=True)
    contract = models.BooleanField("劳动合同", null=True, blank=True)
    contract_start = models.DateField("合同起始日期", null=True, blank=True)
    contract_end = models.DateField("合同终止日期", null=True, blank=True)
    wage = yuan("月工资")
    emp_months = models.PositiveSmallIntegerField(
        "年内就业月数", null=True, blank=True, validators=[MaxValueValidator(12)]
    )
    longest_stay = models.PositiveSmallIntegerField("同一单位连续就业月数", null=True, blank=True)
    stable_emp = models.BooleanField("是否稳定就业", default=False)
    work_area = models.CharField("务工区域", max_length=2, choices=WorkArea.choices, blank=True)
    unemp_reason = models.CharField("未就业/失业原因", max_length=200, blank=True)
    train_will = models.BooleanField("培训意愿", null=True, blank=True)
    train_job = models.CharField("意愿工种", max_length=50, blank=True)
    train_time = models.CharField("意愿培训时间", max_length=50, blank=True)
    train_place = models.CharField("意愿培训地点", max_length=100, blank=True)
    job_will = models.CharField("就业意愿行业", max_length=50, blank=True)
    job_will_area = models.CharField("就业意愿去向", max_length=2, choices=WorkArea.choices, blank=True)
    job_will_wage = yuan("期望薪资")
    certificate_note = models.CharField("无证书说明", max_length=200, blank=True)
    plan = models.CharField("劳动力帮扶计划", max_length=500, blank=True)
    measure = models.CharField("劳动力帮扶措施", max_length=500, blank=True)
    is_away_youth = models.BooleanField("外出青壮年", default=False)
    return_will = models.BooleanField("返乡意向", null=True, blank=True)
    is_tech_backbone = models.BooleanField("农业技术骨干", null=True, blank=True)
    remarks = models.JSONField("提示", default=list)
    open_remarks = models.PositiveSmallIntegerField("待说明提示数", default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="修改人"
    )
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = ScopedQuerySet["LabourerYear"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贫困劳动力卡"
        indexes = [models.Index(name="labourer_list", fields=["year", "division", "member"])]
        constraints = [
            models.UniqueConstraint(
                name="labourer_once_a_year",
                fields=["member", "year"],
                violation_error_message="该劳动力本年度已有卡",
            ),
            models.CheckConstraint(
                name="labourer_contract_in_order",
                condition=Q(contract_start__isnull=True)
                | Q(contract_end__isnull=True)
                | Q(contract_end__gte=F("contract_start")),
                violation_error_message="合同终止日期不应早于起始日期",
            ),
            models.CheckConstraint(
                name="labourer_months_within_year",
                condition=Q(emp_months__isnull=True) | Q(emp_months__lte=12),
                violation_error_message="年内就业月数应在 0–12 之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.year} 劳动力"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="TrainingEvent",
    meta={"verbose_name": "培训经历变更"},
)
class Training(models.Model):
    """培训经历: one course of a labourer."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    member = models.ForeignKey(Member, models.RESTRICT, related_name="trainings", verbose_name="成员")
    institution = models.CharField("培训机构", max_length=100)
    job = models.CharField("培训工种", max_length=50)
    start = models.DateField("培训起始日期")
    end = models.DateField("培训终止日期")
    hours = models.PositiveSmallIntegerField("学时", null=True, blank=True)
    certificate_no = models.CharField("证书号", max_length=50, blank=True)
    subsidy = models.DecimalField(
        "补助额",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    is_thousand_villages = models.BooleanField("是否“千村万人”", default=False)

    objects = ScopedQuerySet["Training"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训经历"
        constraints = [
            models.UniqueConstraint(name="training_once", fields=["member", "institution", "job", "start"]),
            models.CheckConstraint(
                name="training_in_order",
                condition=Q(end__gte=F("start")),
                violation_error_message="培训终止日期不应早于起始日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.job}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="CertificateEvent",
    meta={"verbose_name": "技能证书变更"},
)
class Certificate(models.Model):
    """技能证书 of a labourer."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    member = models.ForeignKey(Member, models.RESTRICT, related_name="certificates", verbose_name="成员")
    category = models.CharField("证书类别", max_length=50)
    job = models.CharField("工种", max_length=50)
    level = models.CharField("等级", max_length=20, blank=True)
    number = models.CharField("号码", max_length=50)
    issued_on = models.DateField("日期")

    objects = ScopedQuerySet["Certificate"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "技能证书"
        constraints = [
            models.UniqueConstraint(name="certificate_once", fields=["member", "category", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.number}"
