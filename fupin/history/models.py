"""Where objects went that moved, and the chain of seals over everything that has happened."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet


class Whereabouts(models.Model):
    """去向: where an object lies now that once moved; its older events stay where they happened, and are read from here too.

    Written by the trigger `history_leaves` alone.
    """

    table_name = models.CharField("表", max_length=63)
    object_id = models.BigIntegerField("对象")
    division = DivisionKey(verbose_name="现在的区划")

    objects = ScopedQuerySet["Whereabouts"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "去向"
        constraints = [models.UniqueConstraint(name="whereabouts_once", fields=["table_name", "object_id"])]
        indexes = [models.Index(name="whereabouts_place", fields=["table_name", "division"])]

    def __str__(self) -> str:
        return f"{self.table_name} {self.object_id}"


class Mark(models.Model):
    """界标: how far each table had grown at a moment; it is sealed up to there once every transaction of that moment is over."""

    at = models.DateTimeField("时间", auto_now_add=True)
    transaction = models.BigIntegerField("事务号")
    reached = models.JSONField("各表最大编号", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "界标"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Seal(models.Model):
    """封条: the digest of some rows of one table, chained to the seal before it.

    ``keys`` are those that were there between ``after`` and ``upto``, as a multirange; ``digests`` the first 16 bytes of each row's
    SHA-256, in that order, by which a changed row is named; ``rows_sha256`` is taken over the whole ones.
    """

    number = models.BigAutoField("封号", primary_key=True)
    at = models.DateTimeField("封存时间")
    marked_at = models.DateTimeField("界标时间")
    table_name = models.CharField("表", max_length=63)
    after = models.BigIntegerField("此号之后")
    upto = models.BigIntegerField("至此号")
    rows = models.PositiveIntegerField("行数")
    columns = ArrayField(models.CharField(max_length=63), verbose_name="所摘列")
    keys = models.TextField("编号")
    digests = models.BinaryField("各行摘要")
    rows_sha256 = models.BinaryField("行摘要", max_length=32)
    previous = models.BinaryField("前一封条", max_length=32)
    head = models.BinaryField("封条", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "封条"
        constraints = [models.UniqueConstraint(name="seal_once", fields=["table_name", "after"])]

    def __str__(self) -> str:
        return f"{self.number} {self.table_name}"
