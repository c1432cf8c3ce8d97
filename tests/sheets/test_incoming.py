"""Files wait for the worker encrypted, and not for ever."""

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from fupin.sheets import incoming

CONTENT = "姓名,身份号码\n张建国,149901197005060012".encode()


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def test_a_file_comes_back_and_lies_unreadable_meanwhile() -> None:
    key = incoming.put_by(CONTENT)
    (path,) = incoming._folder().iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"149901197005060012" not in path.read_bytes()
    assert incoming.fetch(key) == CONTENT
    incoming.throw_away(key)
    incoming.throw_away(key)
    with pytest.raises(incoming.Gone, match="重新上传"):
        incoming.fetch(key)


def test_nobody_fetches_what_was_never_kept() -> None:
    with pytest.raises(incoming.Gone):
        incoming.fetch(uuid.uuid4())


@pytest.mark.parametrize(("hours", "left"), [(23.9, 1), (24.1, 0)])
def test_a_days_old_file_is_removed(hours: float, left: int) -> None:
    incoming.put_by(CONTENT)
    (path,) = incoming._folder().iterdir()
    then = timezone.now().timestamp() - hours * 3600
    os.utime(path, (then, then))
    assert incoming.remove_old(timezone.now()) == 1 - left
    assert len(list(incoming._folder().iterdir())) == left
