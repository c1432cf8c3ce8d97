"""A person of a household: who he is, and how it stood with him in a year."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import (
    ChangeType,
    Education,
    Ethnic,
    Health,
    IdType,
    Labor,
    Political,
    Relation,
    Sex,
    Student,
    WorkArea,
)
from registry.models.household import Household
from registry.models.household_year import HouseholdYear

JOINING = (ChangeType.MARRIED_IN, ChangeType.NEWBORN, ChangeType.MOVED_IN)


class MemberQuerySet(ScopedQuerySet["Member"]):
    """Members by who they are."""


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="MemberEvent",
    meta={"verbose_name": "成员变更"},
)
class Member(models.Model):
    """家庭成员: who the person is. The ID number lies in the vault; here stand its blind index and its first six digits.

    ``member_no`` is the household's number and two digits, never given again (data-standard §1.3). A person who joins another
    household gets that household's number; ``came_from`` keeps the link.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    # Tied by the key (household, division), which says more.
    household = models.ForeignKey(
        Household, models.RESTRICT, db_constraint=False, related_name="members", verbose_name="户"
    )
    member_no = models.CharField("人编号", max_length=18, unique=True)
    nat_person_id = models.CharField("国家系统人编号", max_length=32, blank=True)
    name = models.CharField("姓名", max_length=50)
    name_pinyin = models.CharField("姓名拼音", max_length=150, blank=True, db_collation="C")
    name_initials = models.CharField("拼音首字母", max_length=50, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    id_type = models.CharField("证件类型", max_length=2, choices=IdType.choices)
    id_no_sealed = models.UUIDField("证件号码密文")
    id_no_index = models.BinaryField("证件号码盲索引", max_length=16)
    id_no_masked = models.CharField("证件号码", max_length=22)
    ethnic = models.CharField("民族", max_length=2, choices=Ethnic.choices, blank=True)
    came_from = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="went_to", verbose_name="原人编号"
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭成员"
        indexes = [
            models.Index(name="member_division_no", fields=["division", "member_no"]),
            models.Index(name="member_id_index", fields=["id_no_index"]),
            models.Index(name="member_name", fields=["name"], opclasses=["text_pattern_ops"]),
            models.Index(name="member_pinyin", fields=["name_pinyin"]),
            models.Index(name="member_initials", fields=["name_initials"], opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="member_no_has_18_digits",
                condition=Q(member_no__regex=r"^[0-9]{18}$"),
                violation_error_message="人编号应为 18 位数字",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberYearQuerySet(ScopedQuerySet["MemberYear"]):
    """Members' years by whether they still count."""

    def counted(self) -> "MemberYearQuerySet":
        """Keep those who count among the household at the year's end."""
        return self.filter(is_counted=True)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    model_name="MemberYearEvent",
    meta={"verbose_name": "成员年度变更"},
)
class MemberYear(models.Model):
    """成员年度情况 (data-standard §4).

    ``holds_id``: the person counts and the household stands, so no other card of the year may carry the same ID number; a unique
    index over the whole province says so, and the trigger on the household's status keeps the column right.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    # Both tied by keys with the division, which say more; found by the keys (member, year) and (household_year, seat).
    member = models.ForeignKey(
        Member,
        models.RESTRICT,
        db_constraint=False,
        db_index=False,
        related_name="years",
        verbose_name="成员",
    )
    household_year = models.ForeignKey(
        HouseholdYear,
        models.RESTRICT,
        db_constraint=False,
        db_index=False,
        related_name="members",
        verbose_name="户年度卡",
    )
    year = models.PositiveSmallIntegerField("年度")
    seat = models.PositiveSmallIntegerField("序号")
    relation = models.CharField("与户主关系", max_length=2, choices=Relation.choices, blank=True)
    political = models.CharField("政治面貌", max_length=2, choices=Political.choices, blank=True)
    education = models.CharField("文化程度", max_length=2, choices=Education.choices, blank=True)
    student = models.CharField("在校生状况", max_length=2, choices=Student.choices, blank=True)
    school = models.CharField("就读学校", max_length=100, blank=True)
    dropout_reason = models.CharField("失学辍学原因", max_length=100, blank=True)
    health = ArrayField(
        models.CharField(max_length=2, choices=Health.choices),
        verbose_name="健康状况",
        default=list,
        blank=True,
    )
    disability_no_sealed = models.UUIDField("残疾证号密文", null=True)
    disability_no_index = models.BinaryField("残疾证号盲索引", max_length=16, null=True)
    disability_no_masked = models.CharField("残疾证号", max_length=22, blank=True)
    disease = models.CharField("患病名称", max_length=100, blank=True)
    disease_level = models.CharField("患病等级", max_length=50, blank=True)
    labor = models.CharField("劳动能力", max_length=2, choices=Labor.choices, blank=True)
    work_area = models.CharField("务工状况", max_length=2, choices=WorkArea.choices, blank=True)
    work_months = models.PositiveSmallIntegerField(
        "务工时间", null=True, blank=True, validators=[MaxValueValidator(12)]
    )
    work_org = models.CharField("务工企业", max_length=100, blank=True)
    work_place = models.CharField("务工地点", max_length=100, blank=True)
    in_ncms = models.BooleanField("参加新农合", null=True, blank=True)
    in_major_ins = models.BooleanField("参加大病保险", null=True, blank=True)
    in_pension = models.BooleanField("参加城乡居民养老保险", null=True, blank=True)
    is_dibao = models.BooleanField("享受农村低保", null=True, blank=True)
    is_wubao = models.BooleanField("五保供养", null=True, blank=True)
    is_soldier = models.BooleanField("是否现役军人", null=True, blank=True)
    phone_sealed = models.UUIDField("联系电话密文", null=True)
    phone_index = models.BinaryField("联系电话盲索引", max_length=16, null=True)
    phone_masked = models.CharField("联系电话", max_length=20, blank=True)
    change_type = models.CharField("变动类型", max_length=2, choices=ChangeType.choices, blank=True)
    change_date = models.DateField("变动日期", null=True, blank=True)
    is_counted = models.GeneratedField(
        expression=Q(change_type__in=("", *JOINING)),  # type: ignore[arg-type]  # a Q is one
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name="年末在册",
    )
    is_labourer = models.BooleanField(
        "劳动力", default=False, help_text="按年龄、劳动能力、在校和现役推定（data-standard §5）"
    )
    id_no_index = models.BinaryField("证件号码盲索引", max_length=16)
    is_live = models.BooleanField("户未注销", default=True)
    holds_id = models.GeneratedField(
        expression=Q(change_type__in=("", *JOINING), is_live=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name="占用证件号",
    )

    objects = MemberYearQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成员年度情况"
        indexes = [
            models.Index(
                name="memberyear_labourers", fields=["year", "division", "id"], condition=Q(is_labourer=True)
            ),
            models.Index(name="memberyear_list", fields=["year", "division", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="memberyear_once_a_year",
                fields=["member", "year"],
                violation_error_message="该成员本年度已登记",
            ),
            models.UniqueConstraint(
                name="memberyear_one_seat",
                fields=["household_year", "seat"],
                violation_error_message="成员序号重复",
            ),
            models.UniqueConstraint(
                name="memberyear_id_no_once_a_year",
                fields=["year", "id_no_index"],
                condition=Q(holds_id=True),
                violation_error_message="该证件号码本年度已在另一户登记（R-04）",
            ),
            models.UniqueConstraint(
                name="memberyear_one_head",
                fields=["household_year"],
                condition=Q(relation=Relation.HEAD, is_counted=True),
                violation_error_message="一户只能有一名户主（R-16）",
            ),
            models.CheckConstraint(
                name="memberyear_change_dated",
                condition=Q(change_type="", change_date__isnull=True)
                | (~Q(change_type="") & Q(change_date__isnull=False)),
                violation_error_message="变动类型与变动日期应同时填写",
            ),
            models.CheckConstraint(
                name="memberyear_work_months_within_year",
                condition=Q(work_months__isnull=True) | Q(work_months__lte=12),
                violation_error_message="务工时间应在 0–12 个月之间（R-63）",
            ),
            models.CheckConstraint(
                name="memberyear_dibao_excludes_wubao",
                condition=~Q(is_dibao=True, is_wubao=True),
                violation_error_message="低保与五保不能同时享受",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.year}"
