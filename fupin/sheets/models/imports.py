"""Workbooks that came in: the batch, and what each of its rows would do."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.jobs.models import JobStatus


class ImportStatus(models.TextChoices):
    """Where a workbook stands on its way in."""

    READING = "READING", "核对中"
    REFUSED = "REFUSED", "不能读取"
    READY = "READY", "待办理"
    APPLYING = "APPLYING", "写入中"
    APPLIED = "APPLIED", "已写入"
    DISCARDED = "DISCARDED", "已放弃"
    UNDOING = "UNDOING", "撤销中"
    UNDONE = "UNDONE", "已撤销"


OPEN = (ImportStatus.READING, ImportStatus.READY, ImportStatus.APPLYING)
"""Statuses in which something of the workbook still waits to be done."""

ENDED = (ImportStatus.REFUSED, ImportStatus.APPLIED, ImportStatus.DISCARDED, ImportStatus.UNDONE)


class ImportMode(models.TextChoices):
    """What is written of a workbook that has wrong rows."""

    ALL = "ALL", "全部"
    GOOD = "GOOD", "只写入无误的"


class ImportBatch(models.Model):
    """导入批次: a workbook that somebody sent. Nothing of it is in the register before somebody else has decided so.

    ``division`` is that of the uploader's post: nothing outside of it can be written. ``attempt`` is the run that
    works on it now; a run that finds another one there has been given up and stops.
    """

    id = models.UUIDField(primary_key=True)
    serial = models.CharField("编号", max_length=24, unique=True)
    division = DivisionKey(verbose_name="范围")
    kind = models.CharField("内容", max_length=40)
    title = models.CharField("标题", max_length=120)
    year = models.PositiveSmallIntegerField("年度", null=True)
    options = models.JSONField("选项", default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    post = models.ForeignKey("accounts.Post", models.RESTRICT, related_name="+", verbose_name="岗位")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    files = models.JSONField("文件", default=list, help_text="逐个：name 文件名, size 字节数, sha256")
    sha256 = models.CharField("SHA-256", max_length=64)
    status = models.CharField(
        "状态", max_length=9, choices=ImportStatus.choices, default=ImportStatus.READING
    )
    message = models.CharField("说明", max_length=1000, blank=True)
    attempt = models.UUIDField("执行", null=True)
    job = models.ForeignKey("jobs.Job", models.RESTRICT, null=True, related_name="+", verbose_name="后台任务")

    rows = models.PositiveIntegerField("行数", default=0)
    new = models.PositiveIntegerField("新增", default=0)
    changed = models.PositiveIntegerField("变更", default=0)
    unchanged = models.PositiveIntegerField("不变", default=0)
    wrong = models.PositiveIntegerField("有误", default=0)
    ambiguous = models.PositiveIntegerField("不能确定", default=0)
    applied = models.PositiveIntegerField("已写入", default=0)

    mode = models.CharField("写入", max_length=4, choices=ImportMode.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="办理人"
    )
    decided_at = models.DateTimeField("办理时间", null=True)
    at_console = models.BooleanField("在控制台办理", default=False)
    ended_at = models.DateTimeField("结束时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="撤销人"
    )
    undo_reason = models.CharField("撤销理由", max_length=500, blank=True)

    objects = ScopedQuerySet["ImportBatch"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        indexes = [
            models.Index(name="importbatch_division", fields=["division", "-uploaded_at"]),
            models.Index(name="importbatch_same_file", fields=["uploaded_by", "sha256"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="importbatch_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(at_console=True) | ~Q(decided_by=F("uploaded_by")),
                violation_error_message="导入须由上传人以外的人办理",
            ),
            models.CheckConstraint(
                name="importbatch_written_after_decision",
                condition=Q(applied=0) | Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message="导入未经办理不能写入",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def is_stuck(self) -> bool:
        """Whether its work was cancelled or failed on the way: it can be asked for again and goes on from there."""
        return (
            self.status in {ImportStatus.READING, ImportStatus.APPLYING, ImportStatus.UNDOING}
            and self.job is not None
            and self.job.status in {JobStatus.FAILED, JobStatus.CANCELLED}
        )

    @property
    def writable(self) -> int:
        """How many of its rows have something to write."""
        return self.new + self.changed


class Verdict(models.TextChoices):
    """What a row would do."""

    NEW = "NEW", "新增"
    CHANGED = "CHANGED", "变更"
    UNCHANGED = "UNCHANGED", "不变"
    WRONG = "WRONG", "有误"
    AMBIGUOUS = "AMBIGUOUS", "不能确定"


class StagedUnit(models.Model):
    """暂存: what a workbook says of one thing (a household with its members), checked and compared, not yet written.

    ``payload`` is what will be written, for its kind alone to read; numbers of persons, telephones and accounts
    stand in it sealed. ``before`` is what an undoing puts back.
    """

    division = DivisionKey(db_constraint=False, verbose_name="范围")
    # Tied by the key (batch, division), which says more; found by the key (batch, ordinal).
    batch = models.ForeignKey(
        ImportBatch,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="units",
        verbose_name="批次",
    )
    ordinal = models.PositiveIntegerField("次序")
    row = models.PositiveIntegerField("行")
    key = models.CharField("编号", max_length=40, blank=True)
    label = models.CharField("名称", max_length=100, blank=True)
    place = models.BigIntegerField("所在村", null=True)
    verdict = models.CharField("结论", max_length=9, choices=Verdict.choices)
    object_id = models.BigIntegerField("对象", null=True)
    base_version = models.PositiveIntegerField("原版本", null=True)
    entry_key = models.UUIDField("录入键", null=True)
    changes = models.JSONField("变更", default=list, help_text="逐项：label 项目, old 原值, new 新值")
    findings = models.JSONField(
        "问题", default=list, help_text="逐条：level, sheet, row, column, value, rule, message"
    )
    payload = models.TextField("待写", blank=True)
    before = models.JSONField("写前", null=True)
    version = models.PositiveIntegerField("写后版本", null=True)
    applied_at = models.DateTimeField("写入时间", null=True)

    objects = ScopedQuerySet["StagedUnit"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "暂存"
        constraints = [
            models.UniqueConstraint(name="stagedunit_once", fields=["batch", "ordinal"]),
        ]
        indexes = [
            models.Index(
                name="stagedunit_to_write",
                fields=["batch", "ordinal"],
                condition=Q(applied_at__isnull=True, verdict__in=["NEW", "CHANGED"]),
            ),
            models.Index(name="stagedunit_verdict", fields=["batch", "verdict", "ordinal"]),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.ordinal}"
