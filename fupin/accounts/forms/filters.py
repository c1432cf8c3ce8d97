"""Filters of the administrators' lists."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import DateInput, Select
from django.utils import timezone

from fupin.accounts.models import AccessRecord, ApiToken, AuditRecord, Post, User
from fupin.accounts.models.audit import Outcome
from fupin.accounts.permissions import actions
from fupin.accounts.roles import Role
from fupin.accounts.services.access import MANY

_DATE = DateInput(attrs={"type": "date"})
_CHOICE = Select(attrs={"data-plain": "1"})


def _actions() -> list[tuple[str, str]]:
    """The acts that can be asked for, by their words."""
    return sorted(actions().items(), key=lambda act: act[1])


class UserFilter(filters.FilterSet):
    """Users by name, unit and state."""

    q = filters.CharFilter(label="姓名、用户名、单位", method="named")
    state = filters.ChoiceFilter(
        label="状态",
        method="in_state",
        choices=[("on", "启用"), ("off", "停用")],
        empty_label="全部",
        widget=_CHOICE,
    )

    class Meta:
        model = User
        fields = ()

    def named(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep those whose name, user name or unit contains the text."""
        return rows.filter(
            Q(full_name__contains=value) | Q(username__icontains=value) | Q(unit__contains=value)
        )

    def in_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep those in use, or those disabled."""
        return rows.filter(is_active=value == "on")


class PostFilter(filters.FilterSet):
    """Posts by person, role and state."""

    q = filters.CharFilter(label="姓名、用户名", method="named")
    role = filters.ChoiceFilter(label="角色", choices=Role.choices, empty_label="全部", widget=_CHOICE)
    division = filters.CharFilter(label="区划", field_name="division__path_name", lookup_expr="contains")
    state = filters.ChoiceFilter(
        label="状态",
        method="in_state",
        choices=[("waiting", "待批准"), ("held", "在任"), ("over", "已撤销或到期")],
        empty_label="全部",
        widget=_CHOICE,
    )

    class Meta:
        model = Post
        fields = ()

    def named(self, rows: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        """Keep the posts of people whose name or user name contains the text."""
        return rows.filter(Q(user__full_name__contains=value) | Q(user__username__icontains=value))

    def in_state(self, rows: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        """Keep what waits for approval, what holds today, or what is over."""
        today = timezone.localdate()
        if value == "waiting":
            return rows.filter(approved_at=None, revoked_at=None)
        if value == "held":
            return rows.filter(pk__in=Post.objects.held_on(today).values("pk"))
        return rows.filter(Q(revoked_at__isnull=False) | Q(until__lte=today))


class TokenFilter(filters.FilterSet):
    """Tokens by person."""

    q = filters.CharFilter(label="姓名、用户名", method="named")

    class Meta:
        model = ApiToken
        fields = ()

    def named(self, rows: QuerySet[ApiToken], name: str, value: str) -> QuerySet[ApiToken]:
        """Keep the tokens of people whose name or user name contains the text."""
        return rows.filter(
            Q(post__user__full_name__contains=value) | Q(post__user__username__icontains=value)
        )


class AuditFilter(filters.FilterSet):
    """What was done: by whom, what, on what, when, how it ended."""

    who = filters.CharFilter(label="用户名", field_name="user__username")
    action = filters.ChoiceFilter(label="动作", choices=_actions, empty_label="全部", widget=_CHOICE)
    object_key = filters.CharFilter(label="对象")
    outcome = filters.ChoiceFilter(label="结果", choices=Outcome.choices, empty_label="全部", widget=_CHOICE)
    since = filters.DateFilter(label="自", field_name="at", lookup_expr="date__gte", widget=_DATE)
    until = filters.DateFilter(label="至", field_name="at", lookup_expr="date__lte", widget=_DATE)

    class Meta:
        model = AuditRecord
        fields = ()


class AccessFilter(filters.FilterSet):
    """What was opened: by whom, on what, when, and whether unusually often."""

    who = filters.CharFilter(label="用户名", field_name="user__username")
    object_key = filters.CharFilter(label="对象")
    since = filters.DateFilter(label="自", field_name="at", lookup_expr="date__gte", widget=_DATE)
    until = filters.DateFilter(label="至", field_name="at", lookup_expr="date__lte", widget=_DATE)
    many = filters.ChoiceFilter(
        label="频次",
        method="often",
        choices=[("1", f"一小时超过 {MANY} 次")],
        empty_label="全部",
        widget=_CHOICE,
    )

    class Meta:
        model = AccessRecord
        fields = ()

    def often(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep the accesses that came after 30 others of the same user within the hour before."""
        return rows.filter(within_the_hour__gt=MANY)
