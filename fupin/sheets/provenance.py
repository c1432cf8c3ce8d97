"""What an export says of itself, in the file and in the log."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Protocol

from django.utils import timezone

from fupin.accounts.models import User
from fupin.sheets.kinds import Selection
from fupin.sheets.resources import Cell, Column

ROWS: Final = "行数"
DEMO_MARK: Final = "演示数据，所有人和户均为虚构"
_ALGORITHM: Final = (
    "各表数据行（不含标题行）按 CSV 写成，UTF-8 编码，行尾 CRLF；有几个表时，"
    "全部数据行的摘要是各表摘要（十六进制小写）依次相接后的 SHA-256"
)
_FEN: Final = Decimal("0.01")


class Counted(Protocol):
    """What has gone into one sheet, however it was read."""

    @property
    def rows(self) -> int:
        """How many rows."""

    @property
    def sums(self) -> Mapping[str, Decimal]:
        """The sums by heading."""

    @property
    def sha256(self) -> str:
        """The digest of the lines."""


class Tally:
    """What has gone into one sheet so far: its rows, the sums of its columns, the digest of its lines."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.rows: int = 0
        self._summed = [(place, column) for place, column in enumerate(columns) if column.summed]
        self._sums = [Decimal(0)] * len(self._summed)
        self._digest = hashlib.sha256()

    def add(self, cells: Sequence[Cell], line: bytes) -> None:
        """Count a row."""
        self.rows += 1
        self._digest.update(line)
        for place, (at, _) in enumerate(self._summed):
            value = cells[at]
            if isinstance(value, int | Decimal):
                self._sums[place] += value

    @property
    def sums(self) -> dict[str, Decimal]:
        """The sums by heading."""
        return {column.heading: total for (_, column), total in zip(self._summed, self._sums, strict=True)}

    @property
    def sha256(self) -> str:
        """The digest of the sheet's lines."""
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who took what out, when, by which filters, and what it comes to."""

    serial: str
    selection: Selection
    actor: User
    at: datetime
    demo: bool
    tallies: Sequence[Counted]
    counts: Mapping[str, int] = field(default_factory=dict)
    rows_sha256: str = ""
    day: date | None = None
    """The day at whose end the data stood; None where they are those of `at`."""
    sealed: str = ""
    """Up to where the history is sealed."""

    @property
    def mark(self) -> str:
        """The line at the edge of each sheet and page."""
        demo = "演示数据 · " if self.demo else ""
        return f"{demo}导出编号 {self.serial} · {self.actor.full_name or self.actor.username} · {self.when}"

    @property
    def when(self) -> str:
        """The moment as people write it."""
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S}"

    def figures(self) -> dict[str, dict[str, str]]:
        """Return rows and sums by sheet as text, with the figures of the page at the first one."""
        named = {
            table.name: {
                ROWS: str(tally.rows),
                **{heading: f"{total:f}" for heading, total in tally.sums.items()},
            }
            for table, tally in zip(self.selection.tables, self.tallies, strict=True)
        }
        first = named[self.selection.tables[0].name]
        first |= {label: str(number) for label, number in self.counts.items()}
        sums = self.tallies[0].sums
        for label, (above, below) in self.selection.ratios.items():
            first[label] = (
                f"{(sums[above] / sums[below]).quantize(_FEN, ROUND_HALF_UP):f}" if sums[below] else ""
            )
        return named

    @property
    def persons(self) -> int:
        """How many people the file is about."""
        if not self.selection.about_people:
            return 0
        tally = self.tallies[0]
        return int(tally.sums[self.selection.persons]) if self.selection.persons else tally.rows

    def lines(self) -> list[tuple[str, str]]:
        """Return the provenance as label and text, line by line."""
        post = self.actor.post
        said = [
            ("内容", self.selection.title),
            ("导出编号", self.serial),
            ("导出人", f"{self.actor.full_name}（{self.actor.username}）"),
            ("岗位", f"{post.get_role_display()}（{post.division.path_name}）" if post else ""),
            ("导出时间", self.when),
            ("数据截至", f"{self.day} 日终" if self.day else self.when),
            *([("年度", str(self.selection.year))] if self.selection.year else []),
            ("范围", f"{self.selection.scope} {self.selection.division}"),
        ]
        said += [(f"筛选：{label}", text) for label, text in self.selection.filters] or [("筛选", "无")]
        for name, figures in self.figures().items():
            said += [(f"{name}：{label}", text) for label, text in figures.items()]
        for table, tally in zip(self.selection.tables, self.tallies, strict=True):
            said.append((f"{table.name}：数据行 SHA-256", tally.sha256))
        said += [
            ("全部数据行 SHA-256", self.rows_sha256),
            (
                "SHA-256 的算法",
                _ALGORITHM,
            ),
            ("历史封存至", self.sealed),
            ("证件号码", "只显示前六位；银行账号、电话只显示后四位。查看全部须另行申请并记录"),
            ("以 = + - @ 开头的文字", "xlsx 中为文本单元格；csv 中在前面加一个撇号，导回时请去掉"),
        ]
        if self.demo:
            said.insert(0, ("演示数据", DEMO_MARK))
        return said
