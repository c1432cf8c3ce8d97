"""Sign-ins in the browser and tokens of departments."""

from django.conf import settings
from django.db import models

from fupin.accounts.models.post import Post


class SignIn(models.Model):
    """登录记录: one browser session from sign-in to its end; what a person sees under 我的会话 and may end.

    Only the digest of the session key is kept: the row must not be able to open the session.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="sign_ins", verbose_name="用户"
    )
    post = models.ForeignKey(Post, models.RESTRICT, null=True, related_name="+", verbose_name="当前岗位")
    key_digest = models.CharField("会话摘要", max_length=64, unique=True)
    address = models.GenericIPAddressField("地址", null=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    started_at = models.DateTimeField("登录时间", auto_now_add=True)
    last_seen_at = models.DateTimeField("最近活动")
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_because = models.CharField("结束原因", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        indexes = [models.Index(name="signin_user_open", fields=["user", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """接口令牌: a department's key to the API under one post. Only its digest is stored; the token is shown once."""

    post = models.ForeignKey(Post, models.RESTRICT, related_name="tokens", verbose_name="岗位")
    digest = models.CharField("摘要", max_length=64, unique=True)
    hint = models.CharField("末四位", max_length=4)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间", auto_now_add=True)
    expires_at = models.DateTimeField("失效时间")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"

    def __str__(self) -> str:
        return f"…{self.hint}"
