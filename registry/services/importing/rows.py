"""Workbooks whose units are written one by one by the service that their page uses: what these kinds have in common."""

import base64
import marshal
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from fupin.accounts.models import User
from fupin.sheets.intake import About, Fault, Judged, Packed, Written
from fupin.sheets.layouts import Layout
from fupin.sheets.models import StagedUnit, Verdict
from fupin.sheets.opening import FileRefused, Opened
from fupin.vault.cipher import decrypt_bytes, encrypt_bytes
from registry.errors import CardRefused, RegistryError
from registry.rules.findings import Finding
from registry.services.importing.cells import RowValues, SheetReader, without
from registry.services.importing.households import text_of, year_of
from registry.services.importing.undoing import BUILT_ON
from registry.services.years import require_open
from registry.standard.fields import Field
from registry.standard.workbooks import VERSION

_KIND: Final = "import"
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the first sheet with the rows of the others that belong to it, read."""

    ordinal: int
    own: RowValues
    parts: Sequence[Sequence[RowValues]]
    """For each further sheet its rows."""
    raw: Mapping[tuple[int, int], Sequence[Any]]
    """The cells as they were, by sheet and row."""
    told: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """The values of the first sheet's row."""
        return self.own.values

    def faults(self) -> list[Fault]:
        """Return what could not be read."""
        return [*self.own.faults, *(fault for rows in self.parts for row in rows for fault in row.faults)]


class ByService(ABC):
    """A kind of workbook; the work on it is done unit by unit."""

    sheets: Layout
    key: str
    """The column of the first sheet by which a unit is known; further sheets have it too."""
    fields: Sequence[Mapping[str, Field]]
    """For each sheet the standard's fields by the name of their column."""

    def layout(self, year: int | None) -> Layout:
        """Return the layout; the same for every year so far."""
        return self.sheets

    def apart(self, layout: Layout) -> Sequence[Sequence[str]]:
        """Return the columns by which rows are put together."""
        return [(self.key, "year"), *((self.key,) for _ in layout.sheets[1:])]

    def gather(self, opened: Opened) -> tuple[int | None, list[Packed]]:
        """Put rows of one key together; raise FileRefused for no rows or several years."""
        first, *others = opened.sheets
        if not first:
            raise FileRefused("文件里没有数据行，没有可导入的内容")
        year = year_of(row.apart[1] for row in first)
        keys = [text_of(row.apart[0]) for row in first]
        count = Counter(keys)
        by_key: dict[str, list[tuple[int, int, bytes]]] = defaultdict(list)
        for sheet, rows in enumerate(others, start=1):
            for row in rows:
                by_key[text_of(row.apart[0])].append((sheet, row.number, row.blob))
        units: list[Packed] = []
        for ordinal, (row, key) in enumerate(zip(first, keys, strict=True), start=1):
            told = {"twice": True} if count[key] > 1 else {}
            units.append((ordinal, row.number, row.blob, by_key.pop(key, []), told))
        for ordinal, (key, parts) in enumerate(by_key.items(), start=len(units) + 1):
            units.append((ordinal, 0, b"", parts, {"orphans": key}))
        return year, units

    def judge(self, units: Sequence[Packed], about: About) -> Iterator[Judged]:
        """Yield what each unit would do."""
        readers = self._readers(about.missing)
        whole = [one for one in units if one[1]]
        read = [(one, self._read(one, readers)) for one in whole]
        known = self.known([text_of(unit.values[self.key]) for _, unit in read], about)
        for packed, unit in read:
            yield self._judge(packed, unit, readers, known, about)
        for packed in units:
            if not packed[1]:
                yield self._orphan(packed, readers)

    def _judge(
        self,
        packed: Packed,
        unit: Unit,
        readers: Sequence[SheetReader],
        known: Mapping[str, Any],
        about: About,
    ) -> Judged:
        key = text_of(unit.values[self.key])
        result = Judged(unit.ordinal, unit.own.row, Verdict.UNCHANGED, key=key[:40])
        heading = self.sheets.first.headings[self.sheets.first.places[self.key]].text
        raw = unit.raw[0, unit.own.row][self.sheets.first.places[self.key]]
        if unit.told.get("twice"):
            text = f"{heading}在本文件中出现不止一次，不能确定以哪一行为准"
            result.verdict, result.faults = (
                Verdict.AMBIGUOUS,
                [readers[0].fault(unit.own.row, self.key, raw, text)],
            )
            return result
        thing = known.get(key)
        if thing is None:
            text = f"没有{heading}为{key or '空'}的记录，或不在您的岗位范围内，请核对"
            result.verdict, result.faults = (
                Verdict.WRONG,
                [readers[0].fault(unit.own.row, self.key, raw, text)],
            )
            return result
        version, given = self.version_of(thing), unit.values.get(VERSION)
        if given is not None and str(given) != str(version or ""):
            text = f"此表依据第{given}版填写，现为第{version or 0}版，已被他人修改；请重新下载后再填"
            result.verdict = Verdict.WRONG
            result.faults = [readers[0].fault(unit.own.row, VERSION, given, text)]
            return result
        result.base_version = version
        faults = unit.faults()
        found = [self._placed(finding, unit, readers) for finding in self.check(unit, thing, about)]
        faults += without(found, faults)
        result.label, result.place, result.object_id = self.about(thing)
        if any(one.level == "E" for one in faults):
            result.verdict, result.faults = Verdict.WRONG, faults
            return result
        changes = self.changes(unit, thing, about)
        result.faults = faults
        result.changes = [{"label": label, "old": old, "new": new} for label, old, new in changes]
        if version is None:
            result.verdict, result.changes = Verdict.NEW, []
        elif changes:
            result.verdict = Verdict.CHANGED
        if result.verdict in {Verdict.NEW, Verdict.CHANGED}:
            result.payload = _kept(packed, about.missing)
        return result

    def write(self, units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
        """Write some units, each through the service that its page uses."""
        require_open(about.year or 0)
        known = self.known([unit.key for unit in units], about)
        for unit in units:
            packed, missing = _opened(unit.payload)
            thing = known.get(unit.key)
            if thing is None:
                yield Written(unit, refused="核对之后已不在您的岗位范围内")
                continue
            if self.version_of(thing) != unit.base_version:
                yield Written(unit, refused="核对之后已被他人修改，请重新核对")
                continue
            read = self._read(packed, self._readers(missing))
            before = self.kept(thing)
            try:
                version = self.save(read, thing, about)
            except CardRefused as refused:
                yield Written(unit, refused="；".join(one.message for one in refused.findings)[:500])
            except RegistryError as told:
                yield Written(unit, refused=str(told))
            else:
                yield Written(unit, key=unit.key, object_id=unit.object_id, version=version, before=before)

    def undo(self, units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
        """Give what was changed its values back, as long as nobody has changed it since."""
        require_open(about.year or 0)
        known = self.known([unit.key for unit in units], about)
        for unit in units:
            thing = known.get(unit.key)
            if thing is None or self.version_of(thing) != unit.version:
                yield Written(unit, refused=BUILT_ON)
            elif unit.before is None:
                yield Written(unit, refused="由本次导入新建的不能撤销，请在页面上改正")
            else:
                try:
                    yield Written(unit, version=self.put_back(thing, unit.before, about))
                except CardRefused as refused:
                    yield Written(unit, refused="；".join(one.message for one in refused.findings)[:500])
                except RegistryError as told:
                    yield Written(unit, refused=str(told))

    @abstractmethod
    def known(self, keys: Sequence[str], about: About) -> Mapping[str, Any]:
        """Return, by key, what the units are about; those out of scope are missing."""

    @abstractmethod
    def about(self, thing: Any) -> tuple[str, int, int]:
        """Return what a thing is called, in which village it lies, and its key in its table."""

    @abstractmethod
    def version_of(self, thing: Any) -> int | None:
        """Return the version that stands, None where the year has none."""

    @abstractmethod
    def check(self, unit: Unit, thing: Any, about: About) -> Iterable[Finding]:
        """Return everything wrong with a unit."""

    @abstractmethod
    def changes(self, unit: Unit, thing: Any, about: About) -> list[tuple[str, str, str]]:
        """Return label, old and new of what would change."""

    @abstractmethod
    def save(self, unit: Unit, thing: Any, about: About) -> int:
        """Write a unit; return its version. Raise CardRefused or RegistryError."""

    @abstractmethod
    def kept(self, thing: Any) -> Any:
        """Return, as JSON holds it, what stands before a unit is written; None where nothing does."""

    @abstractmethod
    def put_back(self, thing: Any, before: Any, about: About) -> int:
        """Write what `kept` kept; return the version. Raise CardRefused or RegistryError."""

    @abstractmethod
    def prefilled(self, actor: User, year: int, division: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield sheet and cells of what stands."""

    def part_of(self, path: str) -> tuple[int, int, str] | None:
        """Return sheet, place and column of a finding's path that is about a row of a further sheet."""
        return None

    def _readers(self, missing: Sequence[frozenset[str]]) -> list[SheetReader]:
        gone = missing or [frozenset[str]() for _ in self.sheets.sheets]
        return [
            SheetReader(sheet, fields, absent)
            for sheet, fields, absent in zip(self.sheets.sheets, self.fields, gone, strict=True)
        ]

    def _read(self, packed: Packed, readers: Sequence[SheetReader]) -> Unit:
        ordinal, row, blob, parts, told = packed
        cells = marshal.loads(blob)  # noqa: S302  (our own reader wrote it)
        raw: dict[tuple[int, int], Sequence[Any]] = {(0, row): cells}
        rows: list[list[RowValues]] = [[] for _ in readers[1:]]
        for sheet, number, part in parts:
            raw[sheet, number] = marshal.loads(part)  # noqa: S302
            rows[sheet - 1].append(readers[sheet].read(number, raw[sheet, number]))
        return Unit(ordinal, readers[0].read(row, cells), rows, raw, told)

    def _placed(self, finding: Finding, unit: Unit, readers: Sequence[SheetReader]) -> Fault:
        sheet, row, name = 0, unit.own.row, finding.field
        part = self.part_of(finding.field)
        if part is not None and part[1] < len(unit.parts[part[0] - 1]):
            sheet, name = part[0], part[2]
            row = unit.parts[sheet - 1][part[1]].row
        place = self.sheets.sheets[sheet].places.get(name)
        raw = "" if place is None else unit.raw[sheet, row][place]
        return readers[sheet].fault(row, name, raw, finding.message, rule=finding.rule, level=finding.level)

    def _orphan(self, packed: Packed, readers: Sequence[SheetReader]) -> Judged:
        key = packed[4]["orphans"]
        text = f"“{self.sheets.first.name}”表中没有这一编号，请核对"
        faults = [readers[sheet].fault(row, self.key, key, text) for sheet, row, _ in packed[3]]
        return Judged(packed[0], 0, Verdict.WRONG, key=key[:40], faults=faults)


def _kept(packed: Packed, missing: Sequence[frozenset[str]]) -> str:
    """Return cells as they are kept until they are written: encrypted, because a telephone may stand in them."""
    key = uuid4()
    ordinal, row, blob, parts, told = packed
    content = marshal.dumps((ordinal, row, blob, list(parts), dict(told), [sorted(one) for one in missing]))
    return f"{key} {base64.b64encode(encrypt_bytes(content, row=key, kind=_KIND)).decode()}"


def _opened(text: str) -> tuple[Packed, Sequence[frozenset[str]]]:
    key, _, sealed = text.partition(" ")
    content = decrypt_bytes(base64.b64decode(sealed), row=UUID(key), kind=_KIND)
    *packed, missing = marshal.loads(content)  # noqa: S302  (authenticated, and our own)
    return tuple(packed), [frozenset(one) for one in missing]
