"""Other departments' lists, the people on them, and what became of those who stand on the register too."""

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from fupin.accounts.models import User
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.codes import lineage
from registry.codes.outside import HitState, ListKind
from registry.models.household import Household
from registry.models.member import Member


class OutsideListQuerySet(ScopedQuerySet["OutsideList"]):
    """Lists by whether they stand; those of the levels above reach down and are seen, their rows are not."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the lists of the user's divisions and of those above them."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        low, high = user.post.code_range
        above = list(lineage(user.post.division_id))
        return self.filter(Q(division_id__gte=low, division_id__lt=high) | Q(division_id__in=above))

    def standing(self) -> "OutsideListQuerySet":
        """Keep the lists that were not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)


class OutsideList(models.Model):
    """外部名册: a list that another department handed over, for a division, as of a day. The same file is taken once.

    A list is never changed: a newer one follows it, a mistaken one is withdrawn with a reason, and its undecided hits go with it.
    """

    division = DivisionKey(verbose_name="名册范围")
    kind = models.CharField("种类", max_length=10, choices=ListKind.choices)
    source = models.CharField("提供单位", max_length=60)
    document = models.CharField("文号", max_length=100)
    as_of = models.DateField("截止日期")
    file_name = models.CharField("文件名", max_length=120)
    file_sha256 = models.CharField("文件 SHA-256", max_length=64)
    row_count = models.PositiveIntegerField("行数", default=0)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="装入人"
    )
    loaded_at = models.DateTimeField("装入时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤销日期", null=True)
    withdrawn_because = models.CharField("撤销理由", max_length=200, blank=True)

    objects = OutsideListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "外部名册"
        indexes = [models.Index(name="outsidelist_newest", fields=["kind", "-as_of", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="outsidelist_file_once",
                fields=["kind", "division", "file_sha256"],
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message="这个文件已经装入过，名册不重复装入",
            ),
            models.CheckConstraint(
                name="outsidelist_withdrawn_with_reason",
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="")),
                violation_error_message="撤销名册须写明理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}名册 {self.as_of}"


class OutsideRow(models.Model):
    """名册的一行. The ID number is not kept: its blind index finds the person, its first six digits and the row lead back to the file.

    ``division`` is the place that the row names, else that of its list. ``note`` holds the other columns, ``fact`` those that tell
    one thing of a person from another. Rows are written by the database's own function alone, which knows the list: no key is checked
    for each of 200,000.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在地")
    list = models.ForeignKey(
        OutsideList, models.RESTRICT, related_name="rows", db_constraint=False, verbose_name="名册"
    )
    number = models.PositiveIntegerField("行号")
    id_no_index = models.BinaryField("证件号码盲索引", max_length=16)
    id_no_masked = models.CharField("证件号码", max_length=22)
    name = models.CharField("姓名", max_length=50)
    note = models.JSONField("其他栏目", default=dict)
    fact = models.CharField("事项", max_length=120, blank=True)

    objects = ScopedQuerySet["OutsideRow"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册行"
        indexes = [models.Index(name="outsiderow_id_index", fields=["id_no_index"])]
        constraints = [
            models.UniqueConstraint(name="outsiderow_once", fields=["list", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} 第 {self.number} 行"


class MatchHitQuerySet(ScopedQuerySet["MatchHit"]):
    """Hits by what stands in the way."""

    def unsettled(self) -> "MatchHitQuerySet":
        """Keep those that are undecided, or true and not yet dealt with."""
        return self.filter(state__in=[HitState.OPEN, HitState.CONFIRMED])


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="MatchHitEvent",
    meta={"verbose_name": "比对结果变更"},
)
class MatchHit(models.Model):
    """比对命中: a member who counts on a card stands on a list as well. Found by the database; people decide what it means.

    What the list says is copied here, because whoever decides need not see the list. One hit for one fact of a person: a waiver
    stands when the next list says the same. ``blocks``: the county does not pass the household while it is unsettled.

    Household and member are held by keys that take the division in as well (migration `matching`); a second key of each alone would
    double what writing a hit costs.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household = models.ForeignKey(
        Household, models.RESTRICT, related_name="hits", db_constraint=False, verbose_name="户"
    )
    member = models.ForeignKey(
        Member,
        models.RESTRICT,
        related_name="hits",
        db_constraint=False,
        db_index=False,
        verbose_name="成员",
    )
    list = models.ForeignKey(
        OutsideList,
        models.RESTRICT,
        related_name="hits",
        db_constraint=False,
        db_index=False,
        verbose_name="名册",
    )
    kind = models.CharField("种类", max_length=10, choices=ListKind.choices)
    row_number = models.PositiveIntegerField("行号")
    source = models.CharField("提供单位", max_length=60)
    as_of = models.DateField("截止日期")
    fact = models.CharField("事项", max_length=120, blank=True)
    note = models.JSONField("名册所载", default=dict)
    name_given = models.CharField("名册姓名", max_length=50)
    same_name = models.BooleanField("姓名一致")
    blocks = models.BooleanField("复审前须办结")
    state = models.CharField("状态", max_length=9, choices=HitState.choices, default=HitState.OPEN)
    reason = models.CharField("理由", max_length=300, blank=True)
    evidence = models.CharField("证据", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="核实人",
    )
    decided_at = models.DateTimeField("核实时间", null=True)
    found_at = models.DateTimeField("发现时间", auto_now_add=True)

    objects = MatchHitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "比对结果"
        indexes = [
            models.Index(name="matchhit_queue", fields=["division", "state", "kind", "id"]),
            models.Index(name="matchhit_of_list", fields=["list", "division", "state"]),
            models.Index(
                name="matchhit_blocking",
                fields=["household"],
                condition=Q(blocks=True, state__in=["OPEN", "CONFIRMED"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="matchhit_once", fields=["member", "kind", "fact"]),
            models.CheckConstraint(
                name="matchhit_decided_with_reason",
                condition=Q(
                    state=HitState.OPEN,
                    reason="",
                    evidence="",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | (~Q(state=HitState.OPEN) & ~Q(reason="") & Q(decided_at__isnull=False)),
                violation_error_message="核实结论须写明理由",
            ),
            models.CheckConstraint(
                name="matchhit_closed_with_evidence",
                condition=~Q(state__in=[HitState.WAIVED, HitState.NOT_SAME]) | ~Q(evidence=""),
                violation_error_message="“不是本人”“不影响认定”须有证据：写明材料名称和存放处",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.member_id}"
