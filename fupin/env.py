"""What the environment says, typed; a setting that is missing or malformed stops the program with its name.

Without `DATABASE_URL` and `REDIS_URL` the servers under FUPIN_HOME are meant (`manage.py up` starts them).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from fupin.servers import logins, postgres, valkey

ROOT = Path(__file__).resolve().parent.parent
_env = environ.Env()
_MISSING = environ.Env.NOTSET


def home() -> Path:
    """Return the folder of all data of this installation (FUPIN_HOME, default `var/` of the project)."""
    return Path(os.environ.get("FUPIN_HOME") or ROOT / "var").resolve()


def text(name: str, *, default: str | None = None) -> str:
    """Return a text; one without default must be set."""
    return str(_env.str(name, default=_MISSING if default is None else default))


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no, written 1 or 0; anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} 应为 1 或 0 / must be 1 or 0, not {value!r}")
    return default


def demo() -> bool:
    """Say whether this installation shows invented data: DEMO, else what it was last started with."""
    return flag("DEMO", default=(home() / "demo").exists())


def number(name: str, *, default: int) -> int:
    """Return a whole number."""
    try:
        return int(os.environ.get(name) or default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} 应为整数 / must be a whole number") from error


def names(name: str, *, default: list[str]) -> list[str]:
    """Return a list written with commas."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()] or default


def hosts(*, demonstrating: bool) -> list[str]:
    """Return the host names that are answered: FUPIN_HOSTS, else this machine's own name and addresses.

    Any name in a demonstration alone: a page that answers to every name builds links to whatever a stranger wrote there.
    """
    if demonstrating:
        return names("FUPIN_HOSTS", default=["*"])
    own = ["localhost", "127.0.0.1", "[::1]", socket.gethostname().lower(), own_address()]
    return names("FUPIN_HOSTS", default=list(dict.fromkeys(name for name in own if name)))


def own_address() -> str:
    """Return this machine's address on its network, nothing where it has none; sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        address = str(probe.getsockname()[0])
    return "" if address.startswith("127.") else address


def database_urls() -> dict[str, str]:
    """Return the URL of each database login by its variable (`DATABASE_URL`, `DATABASE_URL_WEB`, …)."""
    owner = os.environ.get("DATABASE_URL") or postgres.url(
        home() / "postgres", login=logins.OWNER, database=logins.DATABASE
    )
    return logins.login_urls(owner, home())


def database(login: str) -> dict[str, Any]:
    """Return Django's DATABASES entry of a login: owner, web, worker, ent, stats, audit or backup."""
    variable = "DATABASE_URL" if login == "owner" else f"DATABASE_URL_{login.upper()}"
    url = database_urls().get(variable)
    if url is None:
        raise ImproperlyConfigured(f"没有名为 {login} 的数据库用户 / no database login named {login!r}")
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{variable} 必须是 PostgreSQL 地址 / must be a postgresql:// URL")
    config: dict[str, Any] = _env.db_url_config(url)
    options = config.get("OPTIONS", {})
    if host := options.pop(
        "host", None
    ):  # a socket's folder stands in the query; Django's shells look for HOST
        config["HOST"] = host
    return config


def redis_url(number: int) -> str:
    """Return the URL of one of Redis's databases as its client wants it: 0 broker, 1 results, 2 cache."""
    url = os.environ.get("REDIS_URL") or valkey.url(home() / "valkey")
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    if parts.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(
            "REDIS_URL 应以 redis://、rediss:// 或 unix:// 开头 / must be redis://, rediss:// or unix://"
        )
    return urlunsplit((parts.scheme, parts.netloc, f"/{number}", parts.query, ""))


def celery_url(number: int) -> str:
    """Return the same as Celery writes it: 0 broker, 1 results."""
    url = redis_url(number)
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host={parse_qs(parts.query)['db'][0]}"
    return url


@dataclass(frozen=True)
class Keys:
    """The secrets of one installation: without them the sealed values can't be read again."""

    secret_key: str = field(repr=False)
    vault: dict[str, bytes] = field(repr=False)
    """Keys of 32 bytes by their id; old ones stay until their rows are purged."""
    vault_current: str
    """The id of the key that seals new values."""
    index: bytes = field(repr=False)
    """The key of the blind index (HMAC-SHA-256)."""

    def fingerprint(self) -> str:
        """Return what identifies the keys that data were sealed with, and tells nothing about them."""
        digest = hashlib.sha256(b"fupin keys")
        for key in (self.vault[min(self.vault)], self.index):
            digest.update(key)
        return digest.hexdigest()


def load_or_create_keys(folder: Path) -> Keys:
    """Return the keys kept in FUPIN_KEYS (default `folder`/keys.json); draw them at first start, mode 0600.

    FUPIN_SECRET_KEY, when set, replaces the kept secret key. A file that others can read is refused.
    """
    path = Path(os.environ.get("FUPIN_KEYS") or folder / "keys.json")
    if not path.exists():
        _draw_keys(path)
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(
            f"{path} 可被他人读取,请执行 chmod 600 / can be read by others: chmod 600 it"
        )
    try:
        kept = json.loads(path.read_text())
        vault = {key_id: base64.b64decode(value, validate=True) for key_id, value in kept["vault"].items()}
        index = base64.b64decode(kept["index"], validate=True)
        keys = Keys(
            os.environ.get("FUPIN_SECRET_KEY") or kept["secret_key"], vault, kept["vault_current"], index
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"密钥文件 {path} 已损坏 / the key file is damaged: {error!r}") from error
    if keys.vault_current not in vault or any(len(key) != 32 for key in [*vault.values(), index]):
        raise ImproperlyConfigured(f"密钥文件 {path} 不完整 / the key file is incomplete")
    return keys


def _draw_keys(path: Path) -> None:
    """Write a new key file; of two processes starting at once, the first one's keys stand."""
    drawn = {
        "secret_key": secrets.token_urlsafe(48),
        "vault_current": "1",
        "vault": {"1": base64.b64encode(secrets.token_bytes(32)).decode()},
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    logins.write_secret(draft, json.dumps(drawn, indent=2) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
