"""A cluster and a queue of this folder's own, thrown away afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fupin.servers import postgres, valkey


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The superuser's URL of a running cluster without data."""
    base = tmp_path_factory.mktemp("cluster")
    yield postgres.start(base, durable=False)
    postgres.stop(base)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Path]:
    """The folder of a running Valkey."""
    base = tmp_path / "valkey"
    valkey.start(base)
    yield base
    valkey.stop(base)
