"""The folder, the port and the disk of an installation: what must be free before anything is started."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from pathlib import Path

from fupin.servers.errors import ServerFailed

_NEEDED_BYTES = 200 * 2**20


def occupy(home: Path) -> int:
    """Make the folder and take it for this process; return the descriptor that holds it, also over an exec.

    Raise ServerFailed when another instance has it, when it can't be written, or when the disk is full.
    """
    try:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        lock = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        free = shutil.disk_usage(home).free
    except OSError as error:
        raise unusable(home, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(lock, 20).decode().strip() or "?"
        raise ServerFailed(
            f"{home} 已有一个实例在运行(进程 {holder})",
            f"another instance (process {holder}) already runs on {home}",
        ) from error
    if free < _NEEDED_BYTES:
        raise ServerFailed(
            f"磁盘空间不足:{home} 至少需要 200 MB,现有 {free // 2**20} MB",
            f"disk full: {home} needs at least 200 MB, {free // 2**20} MB are free",
        )
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    os.set_inheritable(lock, True)
    return lock


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket; raise ServerFailed when the port is taken or may not be used."""
    listener = socket.socket(socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise ServerFailed(
                f"端口 {port} 已被占用,请换一个:make run PORT={port + 1}",
                f"port {port} is taken, choose another: make run PORT={port + 1}",
            ) from error
        raise ServerFailed(
            f"端口 {host}:{port} 不可用",
            f"cannot listen on {host}:{port}: {getattr(error, 'strerror', error)}",
        ) from error
    return listener


def unusable(home: Path, error: OSError) -> ServerFailed:
    """Return the one line for a folder that can't be written."""
    if error.errno == errno.ENOSPC:
        return ServerFailed(f"磁盘已满:{home}", f"disk full: no space left at {home}")
    return ServerFailed(
        f"无法写入 {home},请检查权限或另设 FUPIN_HOME",
        f"cannot write to {home}, check its permissions or set FUPIN_HOME: {error.strerror}",
    )
