"""`manage.py up`: bring the whole product up, from whatever state it is in, and keep it up."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management import BaseCommand, call_command
from django.db import DatabaseError, connections

from fupin import env
from fupin.servers import logins, place, postgres, supervisor, valkey
from fupin.servers.console import say, say_failure
from fupin.servers.errors import ServerFailed
from fupin.servers.supervisor import Plan

_INTERRUPTED = 130  # the shell's code for Ctrl-C
_EVERYWHERE = "0.0.0.0"  # noqa: S104  (an office works on it, not one computer)


class Command(BaseCommand):
    """Servers, logins, migrations, divisions, demo data; then web, worker and beat until Ctrl-C."""

    help = "启动全部服务:数据库、队列、迁移、区划、演示数据、网站、后台任务(前台运行,Ctrl-C 停止)"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then become the supervisor; exit 1 with one line when something is in the way."""
        home = env.home()
        signal.signal(signal.SIGTERM, _interrupt)
        plan = Plan(
            home=str(home),
            port=env.number("PORT", default=8000),
            listen_fd=-1,
            postgres=not os.environ.get("DATABASE_URL"),
            valkey=not os.environ.get("REDIS_URL"),
            banner="",
        )
        started = False
        try:
            with _failures_in_one_line(home):
                place.occupy(home)
                listener = place.listen(_host(), plan.port)
                started = True
                _remember_mode(home)
                _start_servers(plan, home)
                call_command("prepare")
                banner = _banner(plan.port)
        except BaseException as stop:
            connections.close_all()
            if isinstance(stop, ServerFailed):
                say_failure(stop)
            if started:
                supervisor.stop_servers(plan)
            if isinstance(stop, ServerFailed | KeyboardInterrupt):
                raise SystemExit(1 if isinstance(stop, ServerFailed) else _INTERRUPTED) from None
            raise
        connections.close_all()
        supervisor.become(replace(plan, listen_fd=listener.detach(), banner=banner))


@contextmanager
def _failures_in_one_line(home: Path) -> Iterator[None]:
    """Turn what a server or the disk answers into a ServerFailed."""
    try:
        yield
    except DatabaseError as error:
        text = str(error).strip().partition("\n")[0]
        if "No space left" in text:
            raise ServerFailed(f"磁盘已满:{home}", f"disk full: no space left at {home}") from error
        raise ServerFailed("数据库出错", f"the database failed: {text}") from error
    except OSError as error:
        raise place.unusable(home, error) from error


def _host() -> str:
    return os.environ.get("FUPIN_HOST") or _EVERYWHERE


def _start_servers(plan: Plan, home: Path) -> None:
    """Start the embedded servers or reach the given ones; leave every login's URL in the environment."""
    if plan.postgres:
        if not (home / "postgres" / "pgdata").exists():
            say("首次启动,正在建立数据库", "first start, creating the database")
        dsn = postgres.start(home / "postgres")
    else:
        dsn = os.environ["DATABASE_URL"]
    os.environ.update(logins.ensure_logins(dsn, home))
    if plan.valkey:
        valkey.start(home / "valkey")
    else:
        _reach_redis()


def _remember_mode(home: Path) -> None:
    """Leave word for commands at the console, which are not told DEMO each time."""
    marker = home / "demo"
    if settings.DEMO:
        marker.touch()
    else:
        marker.unlink(missing_ok=True)


def _reach_redis() -> None:
    try:
        redis.Redis.from_url(env.redis_url(0), socket_connect_timeout=10).ping()
    except redis.RedisError as error:
        raise ServerFailed(
            "连不上 Redis,请检查 REDIS_URL",
            f"cannot reach Redis, check REDIS_URL: {str(error).splitlines()[0]}",
        ) from error


def _banner(port: int) -> str:
    lines = ["", f"  精准扶贫建档立卡网络管理系统  http://localhost:{port}/"]
    if _host() == _EVERYWHERE and (address := env.own_address()):
        lines.append(f"  本单位其他电脑 / other computers:  http://{address}:{port}/")
    if settings.DEMO:
        lines += ["", "  演示数据,均系虚构 / demo data, all invented", *_demo_accounts()]
    elif not get_user_model()._default_manager.exists():
        lines += [
            "",
            "  尚无用户,请建立首批管理员(见 docs/operations.md)/ no users yet, see docs/operations.md:",
            "  .venv/bin/python manage.py bootstrap",
        ]
    return "\n".join([*lines, "", "  Ctrl-C 停止 / stops everything", ""])


def _demo_accounts() -> list[str]:
    """Say who can sign in: the accounts of the demo data with their posts."""
    posts = (
        apps.get_model("accounts", "Post")
        ._default_manager.filter(since__lte=date.today())  # noqa: DTZ011  (the console's day)
        .filter(user__is_active=True, approved_at__isnull=False, revoked_at__isnull=True)
        .exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .select_related("user", "division")
        .order_by("pk")[:30]
    )
    names = [post.user.get_username() for post in posts]
    width = max((len(name) for name in names), default=0) + 2
    lines = [
        f"    {name:<{width}}{post.get_role_display()} · {post.division}"
        for name, post in zip(names, posts, strict=True)
    ]
    password = getattr(settings, "DEMO_PASSWORD", "fupin-demo-2014")
    return [f"  密码 / password: {password}", *lines] if lines else []


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
