"""What the database itself knows of the procedure: its copy of the allowed steps, of the figures, and how mergers ended households."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AllowedStep(models.Model):
    """允许的转移: the database's copy of `registry.rules.transitions`; only its owner writes it, a migration does.

    What stands in no row is refused by the trigger on the steps, whoever asks and by whatever way.
    """

    track = models.CharField("事项", max_length=14)
    source = models.CharField("由", max_length=3)
    target = models.CharField("至", max_length=3)
    name = models.CharField("步骤", max_length=30)
    label = models.CharField("说法", max_length=30)
    actors = ArrayField(models.CharField(max_length=20), verbose_name="经办岗位")
    evidence = ArrayField(models.CharField(max_length=20), verbose_name="须附证据")
    level = models.BooleanField("审批层级")
    after_notice = models.BooleanField("须公示期满")
    opens_notice = models.BooleanField("张贴公示")
    votes = models.BooleanField("须票决")
    quota = models.PositiveIntegerField("规模跨度")
    opinion = models.BooleanField("须写理由")
    system = models.BooleanField("由系统办理")
    ends = models.BooleanField("结档")

    class Meta:
        db_table = "registry_transition"
        verbose_name = verbose_name_plural = "允许的转移"
        constraints = [
            models.UniqueConstraint(name="transition_once", fields=["track", "source", "name", "target"]),
        ]

    def __str__(self) -> str:
        return f"{self.source}→{self.target} {self.label}"


class ProcedureFigure(models.Model):
    """程序参数: the database's copy of those figures of `fupin.policy.standards` that decide steps, by the year since which they hold."""

    key = models.CharField("参数", max_length=30)
    since = models.PositiveSmallIntegerField("自年度")
    value = models.DecimalField("值", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "程序参数"
        constraints = [models.UniqueConstraint(name="procedurefigure_once", fields=["key", "since"])]

    def __str__(self) -> str:
        return f"{self.key} {self.since} {self.value}"


class MergerEnd(models.Model):
    """并户注销: what a household's status was, and which case was open, when a merger closed it; so that undoing it brings both back."""

    link = models.OneToOneField(
        "registry.HouseholdLink", models.RESTRICT, primary_key=True, related_name="+", verbose_name="并户"
    )
    status_before = models.CharField("原状态", max_length=3)
    exited_on_before = models.DateField("原退出日期", null=True)
    case = models.ForeignKey(
        "registry.Case", models.RESTRICT, null=True, related_name="+", verbose_name="原档案"
    )

    class Meta:
        verbose_name = verbose_name_plural = "并户注销"

    def __str__(self) -> str:
        return f"{self.link_id} {self.status_before}"
