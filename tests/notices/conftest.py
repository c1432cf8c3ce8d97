"""A kind of notice as an app would contribute it, and a notice of two households in Ai's village."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.notices.kinds import KINDS, Drawing, Group, notice_kind
from fupin.notices.models import Notice, NoticeDraft, Objection
from fupin.notices.rules import Column, ReasonGroup, Row
from fupin.notices.services.drawing import draw_up
from fupin.notices.services.posting import post
from tests.clock import on_day
from tests.conftest import VILLAGE

POSTED = date(2014, 4, 10)
LAST = date(2014, 4, 17)
PASSES = date(2014, 4, 18)
KIND = "TEST_FIRST"
ROWS = (
    Row(
        "郝玉生", "case:1", natural_village="上庙坪", persons=6, kind="一般贫困户", reason=ReasonGroup.CAPITAL
    ),
    Row("王四旺", "case:2", natural_village="上庙坪", persons=5, kind="低保贫困户", reason=ReasonGroup.OTHER),
)


@dataclass
class App:
    """What an app would do when an objection is accepted or settled."""

    suspended: list[str] = field(default_factory=list)
    resumed: list[tuple[str, bool | None]] = field(default_factory=list)


@pytest.fixture
def app() -> Iterator[App]:
    """The kind of notice TEST_FIRST, and what its objections did."""
    done = App()

    def suspend(objection: Objection, actor: User) -> None:
        done.suspended.append(objection.subject_key)

    def resume(objection: Objection, actor: User) -> None:
        done.resumed.append((objection.subject_key, objection.upheld))

    @notice_kind(
        KIND,
        "新识别贫困户第一次公示",
        (Column.NAME, Column.NATURAL_VILLAGE, Column.PERSONS, Column.KIND, Column.REASON),
        group=Group.IDENTIFICATION,
        days="pub1_days",
        on_objection=suspend,
        on_settled=resume,
    )
    def write(drawing: Drawing) -> str:
        sums, days = drawing.sums, drawing.period
        return (
            f"经农户申请、村民代表会议评议，下列 {sums.rows} 户 {sums.persons} 人拟列为建档立卡贫困户。"
            f"现予公示，自 {days.first} 起至 {days.last} 24:00 止，共 {days.days} 天。"
        )

    yield done
    del KINDS[KIND]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    cache.clear()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*hidden: bytes) -> bytes:
    """A picture of one dot, with texts hidden in it."""
    texts = b"".join(chunk(b"tEXt", text) for text in hidden)
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = zlib.compress(b"\x00\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + texts + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


def photo(content: bytes | None = None, name: str = "wall.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png() if content is None else content)


def body_of(answer: Any) -> bytes:
    """Return the body; reading a file's to its end closes the file."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def draft_of(actor: User, *, on: date = POSTED, rows: tuple[Row, ...] = ROWS, **more: Any) -> NoticeDraft:
    village = Division.objects.get(pk=VILLAGE)
    return draw_up(actor=actor, kind=KIND, division=village, rows=rows, year=2014, on=on, **more)


def posted_by(actor: User, *, on: date = POSTED, rows: tuple[Row, ...] = ROWS) -> Notice:
    with on_day(on):
        return post(
            actor=actor,
            draft=draft_of(actor, on=on, rows=rows),
            place="村委会公示栏",
            photo=photo(),
            photographed_on=on,
            on=on,
            today=on,
        )


@pytest.fixture
def notice(app: App, ai: User, in_scope: Callable[[User], Any]) -> Notice:
    """A notice of two households, posted by Ai on 2014-04-10."""
    with in_scope(ai):
        return posted_by(ai)
