"""System checks: settings that would let the wrong people in stop the start, and say so.

Those marked ``deploy`` run with ``check --deploy`` only: `make run` on an office computer may do without TLS,
a province may not.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from fupin import env

MIN_SECRET = 40
"""Characters of a secret key that nobody guesses: 40 of 64 kinds are 240 bits."""

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@register(Tags.security)
def keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every installation has keys of its own, one for each purpose."""
    return list(_keys())


@register(Tags.security)
def logins(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each process enters the database as what it is, and web and worker never as the owner of the tables."""
    return list(_logins())


@register(Tags.security)
def demonstration(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demo accounts have a password that everybody knows: they must not stand where the world comes in."""
    if settings.DEMO and settings.SECURE:
        return [
            Error(
                "演示模式不得经 TLS 对外提供 / demo mode must not be served over TLS to the world",
                hint="设 DEMO=0,或去掉 FUPIN_TLS / set DEMO=0 or unset FUPIN_TLS",
                id="fupin.E005",
            )
        ]
    return []


@register(Tags.security)
def hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Outside of a demonstration only named hosts are answered."""
    if "*" in settings.ALLOWED_HOSTS and not settings.DEMO:
        return [
            Error(
                "FUPIN_HOSTS 不得为 * / FUPIN_HOSTS must name the hosts that are served, not *",
                hint="设 FUPIN_HOSTS=名称1,名称2;不设则只应答本机的名称和地址 / unset: this machine's own names",
                id="fupin.E010",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def deployment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What a province's installation needs on top: TLS, and hosts that are named."""
    return list(_deployment())


@register(Tags.security)
def walls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The walls around each request stand in the order in which they lean on each other."""
    return list(_walls())


def _keys() -> Iterator[CheckMessage]:
    if len(settings.SECRET_KEY) < MIN_SECRET or len(set(settings.SECRET_KEY)) < 10:
        yield Error(
            f"FUPIN_SECRET_KEY 太弱,至少 {MIN_SECRET} 个随机字符 / the secret key is too weak",
            hint="去掉它,首次启动会自动生成 / unset it and one is drawn at first start",
            id="fupin.E001",
        )
    vault = list(settings.VAULT_KEYS.values())
    if len(set(vault)) < len(vault) or settings.VAULT_INDEX_KEY in vault:
        yield Error(
            "密钥文件中同一密钥用了两处 / one key serves two purposes in the key file",
            hint="每个密钥应各自随机生成 / draw each key at random",
            id="fupin.E002",
        )


def _logins() -> Iterator[CheckMessage]:
    user = connections["default"].settings_dict["USER"]
    variable = f"DATABASE_URL_{settings.LOGIN.upper()}"
    if settings.LOGIN in {"web", "worker"} and user != f"fupin_{settings.LOGIN}":
        yield (Error if user == env.database("owner")["USER"] else checks.Warning)(
            f"{settings.LOGIN} 进程以数据库用户 {user} 登录 / the {settings.LOGIN} process logs in as {user}",
            hint=f"检查 {variable} / check that variable: owners pass the row policies",
            id="fupin.E003",
        )
    if connections["record"].settings_dict["USER"] != user:
        yield Error(
            "两条数据库连接的用户不同 / the two database connections use different logins",
            id="fupin.E004",
        )


def _deployment() -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Warning(
            "没有限定主机名 / any host name is answered",
            hint="设 FUPIN_HOSTS=名称1,名称2 / set FUPIN_HOSTS",
            id="fupin.W006",
        )
    if not settings.SECURE:
        yield checks.Warning(
            "没有启用 TLS,口令与身份证号在网上明文传送 / without TLS passwords travel in the clear",
            hint="在反向代理上启用 TLS 并设 FUPIN_TLS=1 / put TLS in front and set FUPIN_TLS=1",
            id="fupin.W007",
        )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if urlsplit(origin).scheme != "https" and urlsplit(origin).hostname not in _LOCAL:
            yield checks.Warning(
                f"可信来源不是 https:{origin} / a trusted origin is not https", id="fupin.W008"
            )


def _walls() -> Iterator[CheckMessage]:
    order = [
        "fupin.accounts.middleware.unavailable.DatabaseAway",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django_otp.middleware.OTPMiddleware",
        "fupin.accounts.middleware.session.SessionLimits",
        "fupin.accounts.middleware.scope.Scope",
        "fupin.accounts.middleware.doors.Doors",
    ]
    standing = [name for name in settings.MIDDLEWARE if name in order]
    if standing != order:
        yield Error(
            "MIDDLEWARE 缺少访问控制的一道,或次序不对 / a wall of access control is missing or misplaced",
            hint=f"应有且依次为 / needed, in this order: {', '.join(order)}",
            id="fupin.E009",
        )
