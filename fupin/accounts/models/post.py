"""A post: a role in a division for a time."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from fupin.accounts.roles import Role
from fupin.divisions.codes import code_range
from fupin.divisions.models import Division


class _Term(Func):
    """The days of a post as a half-open date range."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PostQuerySet(models.QuerySet["Post"]):
    """Posts by the day on which they hold."""

    def held_on(self, day: date) -> Self:
        """Keep the approved posts whose term contains ``day``."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=day),
            since__lte=day,
            approved_by__isnull=False,
            revoked_at__isnull=True,
        )


class Post(models.Model):
    """岗位: role × division × from–to. A session acts under exactly one; the grant needs two people (security.md §3)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="posts", verbose_name="用户"
    )
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    division = models.ForeignKey(Division, models.RESTRICT, related_name="posts", verbose_name="区划")
    enterprise_code = models.CharField(
        "企业代码", max_length=18, blank=True, help_text="企业岗位填统一社会信用代码或组织机构代码"
    )
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True, help_text="自该日起不再任此岗")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="授予人"
    )
    granted_at = models.DateTimeField("授予时间", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            models.CheckConstraint(
                name="post_term_in_order",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="任职止日应晚于起日",
            ),
            models.CheckConstraint(
                name="post_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | Q(granted_by__isnull=True)
                | ~Q(approved_by=F("granted_by")),
                violation_error_message="授予人与批准人不能是同一人",
            ),
            models.CheckConstraint(
                name="post_not_granted_to_oneself",
                condition=(Q(granted_by__isnull=True) | ~Q(granted_by=F("user")))
                & (Q(approved_by__isnull=True) | Q(granted_by__isnull=True) | ~Q(approved_by=F("user"))),
                violation_error_message="不能给自己授予或批准岗位",
            ),
            ExclusionConstraint(
                name="post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("division", RangeOperators.EQUAL),
                    (_Term("since", "until", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
                violation_error_message="同一人同一时段已任此岗",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division.name} · {self.get_role_display()}"

    def is_held_on(self, day: date) -> bool:
        """Return whether the post holds on ``day``; twin of ``PostQuerySet.held_on``."""
        in_term = self.since <= day and (self.until is None or day < self.until)
        return in_term and self.approved_by_id is not None and self.revoked_at is None

    @property
    def code_range(self) -> tuple[int, int]:
        """The half-open range of division codes that this post may see."""
        return code_range(self.division_id)
