"""The embedded queue keeps what it was told."""

from pathlib import Path

import redis

from fupin.servers import valkey


def test_it_remembers_over_a_restart(queue: Path) -> None:
    with redis.Redis.from_url(valkey.url(queue)) as client:
        client.set("临县", "141124")
    valkey.stop(queue)
    assert not valkey.is_ready(queue)
    with redis.Redis.from_url(valkey.start(queue)) as client:
        assert client.get("临县") == b"141124"


def test_starting_what_runs_is_nothing(queue: Path) -> None:
    before = (queue / "valkey.pid").read_text()
    assert valkey.start(queue) == valkey.url(queue)
    assert (queue / "valkey.pid").read_text() == before


def test_its_socket_is_private(queue: Path) -> None:
    assert valkey.socket_path(queue).stat().st_mode & 0o077 == 0
