"""分配方案和下达: how a document's money is shared out among counties, and what came to each of them."""

from decimal import Decimal
from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from funds.codes.allotment import AllotmentSource, SchemeStatus
from funds.models.document import MOST_YUAN, Appropriation, CarveOut, yuan
from funds.models.factor import FactorKind
from funds.rules.bonus import Grade
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.models import Division
from fupin.ledgers.models import Entry


class Scheme(models.Model):
    """分配方案: one run of the factors over a document's money; others may stand beside it as copies.

    ``year`` is the year of the factors' figures. Of a document one scheme at most is approved, by somebody else than who drafted it,
    and from then on nothing of it changes: its shares stand frozen beside it.
    """

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="schemes", verbose_name="资金文件"
    )
    name = models.CharField("方案", max_length=30)
    year = models.PositiveSmallIntegerField("因素年度")
    unit_yuan = models.DecimalField(
        "取整单位（元）", max_digits=8, decimal_places=2, default=Decimal("100.00")
    )
    weights_document = models.CharField("权重依据文号", max_length=100)
    bonus_yuan = yuan("奖励池（元）", default=0)
    status = models.CharField("状态", max_length=10, choices=SchemeStatus.choices, default=SchemeStatus.DRAFT)
    opinion = models.CharField("复核意见", max_length=300, blank=True)
    copied_from = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="copies", verbose_name="复制自"
    )
    previous = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="上年方案"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="拟定人"
    )
    entered_at = models.DateTimeField("拟定时间", auto_now_add=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="复核人"
    )
    approved_at = models.DateTimeField("定案时间", null=True)

    objects = ScopedQuerySet["Scheme"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分配方案"
        constraints = [
            models.UniqueConstraint(
                name="scheme_named_once",
                fields=["appropriation", "name"],
                violation_error_message="本文件已有同名方案",
            ),
            models.UniqueConstraint(
                name="scheme_approved_once",
                fields=["appropriation"],
                condition=Q(status=SchemeStatus.APPROVED),
                violation_error_message="本文件已有定案的方案",
            ),
            models.CheckConstraint(
                name="scheme_unit_sensible",
                condition=Q(unit_yuan__in=("0.01", "1.00", "100.00", "10000.00")),
                violation_error_message="取整单位为 0.01、1、100 或 10000 元",
            ),
            models.CheckConstraint(
                name="scheme_bonus_not_negative",
                condition=Q(bonus_yuan__gte=0, bonus_yuan__lt=MOST_YUAN),
                violation_error_message="奖励池不能为负",
            ),
            models.CheckConstraint(
                name="scheme_weights_by_a_document",
                condition=~Q(weights_document=""),
                violation_error_message="权重须填依据文号",
            ),
            models.CheckConstraint(
                name="scheme_by_two",
                condition=Q(approved_at__isnull=True)
                | Q(status=SchemeStatus.APPROVED, entered_by__isnull=True)
                | (
                    Q(status=SchemeStatus.APPROVED, approved_by__isnull=False)
                    & ~Q(approved_by=F("entered_by"))
                ),
                violation_error_message="拟定人不能复核自己的方案",
            ),
            models.CheckConstraint(
                name="scheme_approved_at_a_time",
                condition=(Q(status=SchemeStatus.APPROVED, approved_at__isnull=False))
                | (~Q(status=SchemeStatus.APPROVED) & Q(approved_at__isnull=True, approved_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"方案{self.name}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="SchemeWeightEvent",
    meta={"verbose_name": "权重变更"},
)
class SchemeWeight(models.Model):
    """权重: what a factor counts in a scheme, by which document. They add up to one before the scheme is submitted."""

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    scheme = models.ForeignKey(Scheme, models.RESTRICT, related_name="weights", verbose_name="方案")
    kind = models.ForeignKey(FactorKind, models.RESTRICT, related_name="+", verbose_name="因素")
    weight = models.DecimalField("权重", max_digits=6, decimal_places=4)
    document_no = models.CharField("依据文号", max_length=100)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="改动人"
    )

    objects = ScopedQuerySet["SchemeWeight"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "权重"
        constraints = [
            models.UniqueConstraint(name="schemeweight_once", fields=["scheme", "kind"]),
            models.CheckConstraint(
                name="schemeweight_in_bounds",
                condition=Q(weight__gte=0, weight__lte=1),
                violation_error_message="权重应在 0 和 1 之间",
            ),
            models.CheckConstraint(
                name="schemeweight_by_a_document",
                condition=~Q(document_no=""),
                violation_error_message="改权重须填文号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.kind_id} {self.weight}"


class SchemeCounty(models.Model):
    """参与分配的县 with its 等次 of the assessment, until assessments stand in the system by themselves (F-02).

    A county that was called in or held to account gets no bonus; the document that says so is named.
    """

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    scheme = models.ForeignKey(Scheme, models.RESTRICT, related_name="counties", verbose_name="方案")
    county = models.ForeignKey(Division, models.RESTRICT, related_name="+", verbose_name="县")
    grade = models.CharField("考核等次", max_length=1, choices=Grade.choices, blank=True)
    is_barred = models.BooleanField("被约谈或问责", default=False)
    grade_document = models.CharField("考核结果文号", max_length=100, blank=True)

    objects = ScopedQuerySet["SchemeCounty"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参与分配的县"
        constraints = [
            models.UniqueConstraint(name="schemecounty_once", fields=["scheme", "county"]),
            models.CheckConstraint(
                name="schemecounty_grade_by_a_document",
                condition=Q(grade="", is_barred=False) | ~Q(grade_document=""),
                violation_error_message="考核等次、约谈问责须填结果文号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.county_id}"


class SchemeShare(models.Model):
    """方案中一县的数: frozen at approval, with each factor's figure, source, day and share, and how much of the amount it brought."""

    division = DivisionKey(verbose_name="县")
    scheme = models.ForeignKey(Scheme, models.RESTRICT, related_name="shares", verbose_name="方案")
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="shares", verbose_name="资金文件"
    )
    amount_yuan = yuan("切块金额（元）")
    bonus_yuan = yuan("奖励（元）", default=0)
    score = models.DecimalField("得分", max_digits=20, decimal_places=18)
    poor_population = models.PositiveIntegerField("贫困人口", null=True)
    last_year_yuan = yuan("上年（元）", null=True)
    factors = models.JSONField(
        "因素构成", help_text="code, value, source, data_on, weight, share, brought_yuan"
    )

    objects = ScopedQuerySet["SchemeShare"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分县金额"
        constraints = [
            models.UniqueConstraint(name="schemeshare_once", fields=["scheme", "division"]),
            models.CheckConstraint(
                name="schemeshare_not_negative",
                condition=Q(amount_yuan__gte=0, bonus_yuan__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.amount_yuan}"


class AllotmentQuerySet(ScopedQuerySet["Allotment"]):
    """Allotments by how far they have come."""

    def at_city(self) -> Self:
        """Keep what a city has and has not passed on."""
        return self.filter(via_city=True, passed_on__isnull=True)

    def under_way(self) -> Self:
        """Keep what is on its way to the county and may be received."""
        return self.filter(Q(via_city=False) | Q(passed_on__isnull=False), received_on__isnull=True)

    def received(self) -> Self:
        """Keep what the county has."""
        return self.filter(received_on__isnull=False)


class Allotment(models.Model):
    """下达到县: what of a document goes to a county, with the day of each level (policy-trace 6.2) and the tasks that go with it (5.3)."""

    division = DivisionKey(verbose_name="县")
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="allotments", verbose_name="资金文件"
    )
    scheme_share = models.OneToOneField(
        SchemeShare, models.RESTRICT, null=True, blank=True, related_name="allotment", verbose_name="分县金额"
    )
    carve_out = models.ForeignKey(
        CarveOut, models.RESTRICT, null=True, blank=True, related_name="allotments", verbose_name="重大任务"
    )
    source = models.CharField("来源", max_length=20, choices=AllotmentSource.choices)
    amount_yuan = yuan("金额（元）")
    document_no = models.CharField("下达文号", max_length=100)
    via_city = models.BooleanField("经市级", default=True)
    tasks = models.TextField("任务清单", max_length=2000)
    answerable = models.CharField("县责任人", max_length=60)
    issued_on = models.DateField("下达日期")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="下达人"
    )
    passed_on = models.DateField("市级转下日期", null=True)
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="转下人"
    )
    received_on = models.DateField("到账日期", null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记到账人"
    )
    issue_entry = models.OneToOneField(Entry, models.RESTRICT, related_name="+", verbose_name="下达凭证")
    pass_entry = models.OneToOneField(
        Entry, models.RESTRICT, null=True, related_name="+", verbose_name="转下凭证"
    )
    receive_entry = models.OneToOneField(
        Entry, models.RESTRICT, null=True, related_name="+", verbose_name="到账凭证"
    )

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "下达到县"
        indexes = [
            models.Index(name="allotment_appropriation", fields=["appropriation", "division", "id"]),
            models.Index(name="allotment_division", fields=["division", "-issued_on", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="allotment_amount_positive",
                condition=Q(amount_yuan__gt=0, amount_yuan__lt=MOST_YUAN),
                violation_error_message="金额应大于 0，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="allotment_has_its_source",
                condition=Q(source=AllotmentSource.SCHEME, scheme_share__isnull=False, carve_out__isnull=True)
                | Q(source=AllotmentSource.CARVE_OUT, scheme_share__isnull=True, carve_out__isnull=False)
                | Q(
                    source__in=(AllotmentSource.REDISTRIBUTION, AllotmentSource.PROVINCE_PROJECT),
                    scheme_share__isnull=True,
                    carve_out__isnull=True,
                ),
                violation_error_message="切块资金须出自定案的方案，单列资金须出自重大任务",
            ),
            models.CheckConstraint(
                name="allotment_with_tasks",
                condition=~Q(tasks="") & ~Q(answerable="") & ~Q(document_no=""),
                violation_error_message="下达须附文号、任务清单和责任人",
            ),
            models.CheckConstraint(
                name="allotment_entered_in_the_books",
                condition=(
                    Q(passed_on__isnull=True, pass_entry__isnull=True)
                    | Q(passed_on__isnull=False, pass_entry__isnull=False)
                )
                & (
                    Q(received_on__isnull=True, receive_entry__isnull=True)
                    | Q(received_on__isnull=False, receive_entry__isnull=False)
                ),
                violation_error_message="每级的日期须有记账凭证",
            ),
            models.CheckConstraint(
                name="allotment_each_level_by_another",
                condition=(
                    Q(passed_by__isnull=True) | Q(issued_by__isnull=True) | ~Q(passed_by=F("issued_by"))
                )
                & (Q(received_by__isnull=True) | Q(passed_by__isnull=True) | ~Q(received_by=F("passed_by")))
                & (Q(received_by__isnull=True) | Q(issued_by__isnull=True) | ~Q(received_by=F("issued_by"))),
                violation_error_message="下达、转下、到账须由不同的人登记",
            ),
            models.CheckConstraint(
                name="allotment_days_in_order",
                condition=(
                    Q(via_city=True, passed_on__gte=F("issued_on"))
                    | Q(via_city=True, passed_on__isnull=True, received_on__isnull=True)
                    | Q(via_city=False, passed_on__isnull=True)
                )
                & (
                    Q(received_on__isnull=True)
                    | Q(via_city=True, received_on__gte=F("passed_on"))
                    | Q(via_city=False, received_on__gte=F("issued_on"))
                ),
                violation_error_message="各级日期应依次不早于上一级；省直管县不经市级",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_no} {self.division_id} {self.amount_yuan}"
