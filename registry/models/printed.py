"""What was put on paper in batches: which sheet, of which version, under which check code."""

from django.db import models

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet


class PrintedSheet(models.Model):
    """成批打印记录: a sheet of a bound file; of one printed alone the audit record tells the same. Written once.

    A township's register takes its version from here: the next one where its check code under the last does not agree any more.
    """

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    file = models.ForeignKey("sheets.ExportLog", models.RESTRICT, related_name="+", verbose_name="文件")
    kind = models.CharField("种类", max_length=10)
    number = models.CharField("编号", max_length=18)
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveIntegerField("版本")
    code = models.CharField("校验码", max_length=14)

    objects = ScopedQuerySet["PrintedSheet"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成批打印记录"
        indexes = [models.Index(name="printedsheet_number", fields=["number", "year", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="printedsheet_once_a_file", fields=["file", "kind", "number", "year"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.year} {self.version}"
