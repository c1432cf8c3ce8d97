"""A folder for one instance, a port for one server."""

import os
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from fupin.servers import place
from fupin.servers.errors import ServerFailed


def test_a_second_instance_is_told_who_is_there(tmp_path: Path) -> None:
    first = place.occupy(tmp_path)
    with pytest.raises(ServerFailed, match=str(os.getpid())):
        place.occupy(tmp_path)
    os.close(first)
    os.close(place.occupy(tmp_path))


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServerFailed, match=f"PORT={port + 1}"):
            place.listen("127.0.0.1", port)


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(ServerFailed, match="70000"):
        place.listen("127.0.0.1", 70_000)


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 90, 10 * 2**20))
    with pytest.raises(ServerFailed, match="磁盘空间不足"):
        place.occupy(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServerFailed, match="FUPIN_HOME"):
        place.occupy(tmp_path / "file" / "home")
