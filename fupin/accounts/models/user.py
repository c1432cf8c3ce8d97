"""The person who signs in."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models

if TYPE_CHECKING:
    from fupin.accounts.models.post import Post


class User(AbstractUser):
    """用户: one natural person; what he may do comes only from his posts, never from flags or groups of Django.

    ``post`` is the post that the present session acts under; the scope middleware sets it, nobody stores it.
    """

    first_name = None  # type: ignore[assignment]  # Chinese names have one field
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("姓名", max_length=50)
    unit = models.CharField("单位", max_length=100, blank=True)
    password_changed_at = models.DateTimeField("口令修改时间", null=True)
    must_change_password = models.BooleanField("下次登录须改口令", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    toured_at = models.DateTimeField("看过引导", null=True)

    REQUIRED_FIELDS = ["full_name"]

    post: "Post | None" = None

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name as people say it."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the name as people say it."""
        return self.full_name


class PasswordRecord(models.Model):
    """A former password's hash, kept so that the last five can be refused (security.md row 1)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="password_records", verbose_name="用户")
    password = models.CharField("口令散列", max_length=128)
    replaced_at = models.DateTimeField("停用时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史口令"

    def __str__(self) -> str:
        return f"{self.user_id} {self.replaced_at:%Y-%m-%d}"
