"""Steps by which a project moved, the files that prove them, and the spot checks of the levels above (policy §9)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.roles import Role
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from projects.codes import FileKind, Link, Stage
from projects.models.project import Project


class ProjectStep(models.Model):
    """项目环节记录: who moved a project from one stage to the next on which day, by what document, and what he said. Written once.

    The database takes the step: its trigger refuses what the table of stages does not allow, and moves the project.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在地")
    project = models.ForeignKey(Project, models.RESTRICT, related_name="steps", verbose_name="项目")
    position = models.PositiveSmallIntegerField("序号", help_text="由数据库给出")
    name = models.CharField("步骤", max_length=20)
    source = models.CharField("由", max_length=10, choices=Stage.choices)
    target = models.CharField("至", max_length=10, choices=Stage.choices)
    on = models.DateField("日期")
    document_no = models.CharField("文号", max_length=60, blank=True)
    opinion = models.CharField("意见", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="经办人")
    role = models.CharField("岗位", max_length=20, choices=Role.choices)
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["ProjectStep"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目环节记录"
        constraints = [
            models.UniqueConstraint(name="projectstep_position", fields=["project", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.source}→{self.target}"


class ProjectFile(models.Model):
    """项目材料: a stored file. Withdrawn files stay on disk and in the table, marked; one that proved a step stays for good."""

    division = DivisionKey(db_constraint=False, verbose_name="所在地")
    project = models.ForeignKey(Project, models.RESTRICT, related_name="files", verbose_name="项目")
    kind = models.CharField("种类", max_length=12, choices=FileKind.choices)
    title = models.CharField("说明", max_length=100, blank=True)
    file = models.FileField("文件", upload_to="projects/%Y/%m/", max_length=200)
    content_type = models.CharField("类型", max_length=60)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    objects = ScopedQuerySet["ProjectFile"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目材料"
        indexes = [models.Index(name="projectfile_project", fields=["project", "kind"])]
        constraints = [
            models.CheckConstraint(
                name="projectfile_not_empty", condition=Q(size__gt=0), violation_error_message="文件是空的"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"


class ProjectCheck(models.Model):
    """监管抽查单: what the city or the province found at one of the five supervised links of a project, how it was mended, and by when.

    The finding is written once; the county writes how it was mended, whoever checks closes it.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在地")
    project = models.ForeignKey(Project, models.RESTRICT, related_name="checks", verbose_name="项目")
    link = models.CharField("环节", max_length=8, choices=Link.choices)
    on = models.DateField("抽查日期")
    finding = models.CharField("抽查情况", max_length=500)
    has_problem = models.BooleanField("有问题")
    mend_by = models.DateField("整改期限", null=True, blank=True)
    mended_on = models.DateField("整改日期", null=True, blank=True)
    mended_how = models.CharField("整改情况", max_length=500, blank=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="整改登记人"
    )
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="销号人"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="抽查人")
    role = models.CharField(
        "抽查级别",
        max_length=20,
        choices=[(Role.CITY, Role.CITY.label), (Role.PROVINCE, Role.PROVINCE.label)],
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["ProjectCheck"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "监管抽查单"
        indexes = [models.Index(name="projectcheck_project", fields=["project", "on"])]
        constraints = [
            models.CheckConstraint(
                name="projectcheck_problem_has_day",
                condition=Q(has_problem=True, mend_by__isnull=False, mend_by__gte=F("on"))
                | Q(has_problem=False, mend_by__isnull=True),
                violation_error_message="有问题的须定整改期限，期限不早于抽查日期；没有问题的不定",
            ),
            models.CheckConstraint(
                name="projectcheck_mended_in_words",
                condition=Q(mended_on__isnull=True, mended_how="", mended_by__isnull=True)
                | (
                    Q(
                        has_problem=True,
                        mended_on__isnull=False,
                        mended_on__gte=F("on"),
                        mended_by__isnull=False,
                    )
                    & ~Q(mended_how="")
                ),
                violation_error_message="整改须写明日期和情况，日期不早于抽查日期",
            ),
            models.CheckConstraint(
                name="projectcheck_closed_after_mending",
                condition=Q(closed_on__isnull=True, closed_by__isnull=True)
                | (
                    Q(
                        closed_on__isnull=False,
                        mended_on__isnull=False,
                        closed_on__gte=F("mended_on"),
                        closed_by__isnull=False,
                    )
                    & ~Q(closed_by=F("mended_by"))
                ),
                violation_error_message="整改后由另一人销号，销号日期不早于整改日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.get_link_display()} {self.on}"
