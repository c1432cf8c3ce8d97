"""The papers of a case's steps: scanned application, vote sheet, minutes, survey, certificate."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.case import Case
from registry.rules.procedure import Evidence


class CasePaper(models.Model):
    """证据材料: a file that proves a step. Written once, with the step that it proves; never changed or withdrawn.

    ``number`` is the step's and the database's to write: a paper belongs to the step that is taken next. One sheet that proves a step
    of many households, such as the minutes of a meeting, is stored once; each case has a row of its own.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="papers", verbose_name="档案")
    number = models.PositiveSmallIntegerField("步骤序号")
    kind = models.CharField("种类", max_length=20, choices=Evidence.choices)
    file = models.FileField("文件", upload_to="cases/%Y/%m/", max_length=200)
    content_type = models.CharField("类型", max_length=60)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ScopedQuerySet["CasePaper"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证据材料"
        indexes = [models.Index(name="casepaper_of_step", fields=["case", "number"])]
        constraints = [
            models.CheckConstraint(
                name="casepaper_not_empty", condition=Q(size__gt=0), violation_error_message="文件是空的"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case_id}/{self.number}"
