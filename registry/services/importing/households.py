"""The workbook of households: rows of 户 and 成员 put together, made cards, checked as cards are, compared with the register."""

import hashlib
import hmac
import marshal
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from fupin.divisions.codes import contains
from fupin.lib import idnumber
from fupin.lib.masking import is_masked
from fupin.lib.plaintext import tight
from fupin.sheets.intake import About, Fault, Judged, Packed
from fupin.sheets.layouts import Layout
from fupin.sheets.models import Verdict
from fupin.sheets.opening import FileRefused, Opened
from registry.codes import LEAVING_CHANGES
from registry.models import Household
from registry.reports import columns
from registry.reports.columns import values_of
from registry.reports.differences import differences
from registry.rules.card import Card, Condition, Income, MemberCard
from registry.rules.findings import Finding, warnings_in
from registry.rules.people import NUMBERED
from registry.services.checking import NOTHING, findings_with, id_indexes
from registry.services.importing.cells import RowValues, SheetReader, shown, without
from registry.services.importing.lines import card_lines, has_all_numbers
from registry.services.importing.lookups import Lookups, look_up
from registry.services.mapping import TOTAL_ONLY
from registry.services.refusals import named_village
from registry.services.remarks import remarks_of
from registry.services.slips import sealed
from registry.services.stored import Stored, masks, named_by_id
from registry.services.writing import dumps
from registry.standard.fields import Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME
from registry.standard.member import MEMBER
from registry.standard.workbooks import HOUSEHOLDS, NUMBER, SERIAL, VERSION

HOUSEHOLD_FIELDS: Final[Mapping[str, Field]] = {
    **{field.name: field for field in HOUSEHOLD_YEAR},
    **{f"income.{field.name}": field for field in INCOME},
    **{f"condition.{field.name}": field for field in CONDITION},
}
MEMBER_FIELDS: Final[Mapping[str, Field]] = {field.name: field for field in MEMBER}

_CARD: Final = tuple(
    field.name for field in fields(Card) if field.name in HOUSEHOLD_FIELDS and field.name != NUMBER
)
_INCOME: Final = tuple(field.name for field in fields(Income) if field.name != "lines")
_CONDITION: Final = tuple(field.name for field in fields(Condition))
_MEMBER: Final = tuple(field.name for field in fields(MemberCard))
_POSTED: Final = (
    "member_count",
    "head_name",
    "is_zero_employment",
    *(f"income.{one.name}" for one in INCOME if one.need == "D"),
    *(f"condition.{one.name}" for one in CONDITION if one.need == "D"),
)
_STANDING: Final = ("first_identified_year", *columns.STANDING)
_APART: Final = (
    (NUMBER, SERIAL, "year", "phone"),
    (NUMBER, SERIAL, "id_no", "change_type"),
)


def apart(_layout: Layout) -> Sequence[Sequence[str]]:
    """Return the columns by which rows are put together and by which the file is looked over as a whole."""
    return _APART


def gather(opened: Opened) -> tuple[int | None, list[Packed]]:
    """Put households and members together; tell each what the rest of the file says of it.

    Raise FileRefused for a workbook of more than one year, or of none.
    """
    households, people = opened.sheets
    if not households and not people:
        raise FileRefused("文件里没有数据行，没有可导入的户")
    year = year_of(row.apart[2] for row in households)
    keys = [(text_of(row.apart[0]), text_of(row.apart[1])) for row in households]
    numbers, serials = Counter(number for number, _ in keys if number), Counter(s for _, s in keys if s)
    by_key: dict[tuple[int, str], list[tuple[int, int, bytes]]] = defaultdict(list)
    persons: dict[str, list[tuple[tuple[int, str], int]]] = defaultdict(list)
    for row in people:
        number, serial = text_of(row.apart[0]), text_of(row.apart[1])
        key = (0, number) if number else (1, serial)
        by_key[key].append((1, row.number, row.blob))
        id_no = _person(row.apart[2])
        if id_no and not _leaves(row.apart[3]):
            persons[id_no].append((key, row.number))
    twice = {
        (key, number): sorted(at for other, at in places if other != key)
        for places in persons.values()
        if len(places) > 1
        for key, number in places
    }
    phones = Counter(filter(None, (text_of(row.apart[3]) for row in households)))
    units: list[Packed] = []
    for ordinal, (row, (number, serial)) in enumerate(zip(households, keys, strict=True), start=1):
        parts: list[tuple[int, int, bytes]] = []
        for key in ((0, number), (1, serial)):
            if key[1]:
                parts += by_key.pop(key, [])
        parts.sort(key=lambda part: part[1])
        told: dict[str, Any] = {}
        if numbers[number] > 1 or (serials[serial] > 1 and not number):
            told["twice"] = True
        own = ((0, number), (1, serial))
        if found := {at: twice[key, at] for _, at, _ in parts for key in own if twice.get((key, at))}:
            told["persons"] = found
        if (others := phones[text_of(row.apart[3])] - 1) > 0:
            told["phone"] = others
        units.append((ordinal, row.number, row.blob, parts, told))
    for ordinal, ((_, stray), rest) in enumerate(by_key.items(), start=len(units) + 1):
        units.append((ordinal, 0, b"", rest, {"orphans": stray}))
    return year, units


def year_of(cells: Iterable[Any]) -> int:
    """Return the one year of a workbook; raise FileRefused for several, or none."""
    years = {text_of(cell).removesuffix("年度").removesuffix("年") for cell in cells}
    years.discard("")
    if len(years) > 1:
        raise FileRefused(f"一个工作簿只能有一个年度，文件里有：{'、'.join(sorted(years)[:5])}")
    year = next(iter(years), "")
    if not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise FileRefused("没有填年度，或年度不是四位年份")
    return int(year)


def text_of(cell: Any) -> str:
    """Return a key as it is compared: without spaces, half-width, a number without its point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return cell if cell.isascii() and cell.isalnum() else tight(cell)


def _person(cell: Any) -> str:
    if not isinstance(cell, str) or "*" in cell:
        return ""
    return (cell if cell.isascii() and cell.isalnum() else tight(cell)).upper()[:18]


def _leaves(cell: Any) -> bool:
    return bool(cell) and text_of(cell)[:2] in LEAVING_CHANGES


@dataclass(slots=True)
class _Unit:
    """A household as the file has it."""

    packed: Packed
    own: RowValues
    people: list[RowValues]
    card: Card
    raw: Sequence[Any]
    raw_people: list[Sequence[Any]]
    indexes: Mapping[int, bytes]
    """Blind indexes of the whole ID numbers on the card, by place."""

    @property
    def told(self) -> Mapping[str, Any]:
        return self.packed[4]


class Judge:
    """Checks and compares households, some hundred at a time."""

    def __init__(self, about: About) -> None:
        self._about = about
        first, second = HOUSEHOLDS.sheets
        missing = about.missing or (frozenset[str](), frozenset[str]())
        self._missing = missing
        self._households = SheetReader(first, HOUSEHOLD_FIELDS, missing[0])
        self._people = SheetReader(second, MEMBER_FIELDS, missing[1])
        self._key = settings.VAULT_INDEX_KEY + about.uploader.pk.to_bytes(8)

    def judge(self, packed: Sequence[Packed]) -> Iterator[Judged]:
        """Yield what each unit would do."""
        units = []
        for one in packed:
            if one[1] == 0:
                yield self._orphans(one)
            else:
                units.append(self._read(one))
        known = look_up(
            [(unit.card, unit.indexes) for unit in units],
            numbers=[str(unit.own.values[NUMBER] or "") for unit in units],
            entry_keys=[self._entry_key(unit.packed) for unit in units],
            year=self._about.year or 0,
            within=self._about.division,
        )
        for unit in units:
            yield self._judge(unit, known)

    def _orphans(self, packed: Packed) -> Judged:
        key = packed[4]["orphans"]
        text = (
            f"“户”表中没有编号或序号为“{key[:20]}”的户，请核对"
            if key
            else "成员没有填户编号或户序号，不知属于哪一户"
        )
        column = "户编号" if len(key) == 16 else "户序号"
        rows = [row for _, row, _ in packed[3]]
        faults = [Fault("E", "成员", row, column, shown(SERIAL, key), "R-82", text) for row in rows]
        return Judged(packed[0], 0, Verdict.WRONG, key=key[:40], faults=faults)

    def _entry_key(self, packed: Packed) -> UUID:
        """Return the key of exactly these cells: sent again, in this file or in another, they are the same household."""
        digest = hmac.new(self._key, packed[2], hashlib.sha256)
        for _, _, blob in packed[3]:
            digest.update(blob)
        return UUID(bytes=digest.digest()[:16])

    def _read(self, packed: Packed) -> _Unit:
        raw = marshal.loads(packed[2])  # noqa: S302  (our own reader wrote it)
        own = self._households.read(packed[1], raw)
        raw_people = [marshal.loads(blob) for _, _, blob in packed[3]]  # noqa: S302
        people = [
            self._people.read(row, cells) for (_, row, _), cells in zip(packed[3], raw_people, strict=True)
        ]
        card = self._card(own, people)
        return _Unit(packed, own, people, card, raw, raw_people, id_indexes(card, NOTHING))

    def _card(self, own: RowValues, people: Sequence[RowValues]) -> Card:
        """Return the card that the rows make: as `preparing.prepared` would leave it."""
        values = own.values
        about = self._about
        card = Card(
            **{name: values[name] for name in _CARD},
            household_no=values[NUMBER],
            income=Income(*[values[f"income.{name}"] for name in _INCOME]),
            condition=Condition(*[values[f"condition.{name}"] for name in _CONDITION]),
            members=tuple([_member(one.values) for one in people]),
            posted={path: given for path in _POSTED if (given := values[path]) is not None},
        )
        card.year = about.year or 0
        card.filler = card.filler or about.uploader.full_name
        card.fill_date = card.fill_date or about.on
        return card

    def _judge(self, unit: _Unit, known: Lookups) -> Judged:
        number = unit.own.values[NUMBER]
        result = Judged(
            unit.packed[0],
            unit.packed[1],
            Verdict.NEW,
            key=(number or unit.own.values[SERIAL] or "")[:40],
            label=unit.card.head_name[:100],
        )
        if unit.told.get("twice"):
            return self._ambiguous(
                result, unit, NUMBER if number else SERIAL, "在本文件中出现不止一次，不能确定以哪一行为准"
            )
        if number is None:
            return self._judge_new(unit, known, result)
        stored = known.households.get(number)
        if stored is None:
            text = f"没有户编号为{number}的户，或不在您的岗位范围内；新户请留空户编号、填户序号"
            return self._wrong(result, unit, [self._fault(unit, NUMBER, text)])
        return self._judge_known(unit, known, result, *stored)

    def _judge_new(self, unit: _Unit, known: Lookups, result: Judged) -> Judged:
        card = unit.card
        key = self._entry_key(unit.packed)
        if (there := known.entered.get(key)) is not None:
            result.key, result.object_id, result.verdict = there.household_no, there.pk, Verdict.UNCHANGED
            return result
        village = named_village(card)
        faults = []
        if village is not None and not contains(self._about.division, village):
            faults.append(self._fault(unit, "village_code", "省市县乡村不在上传人的岗位所属区划之内"))
            village = None
        indexes = unit.indexes
        if owner := known.only_holder(indexes, card):
            text = f"成员已在户{owner}登记：更新该户请填户编号；确为另一户请先核对证件号码"
            return self._ambiguous(result, unit, SERIAL, text)
        found = findings_with(
            card,
            known.of(card, indexes, village, unit.told.get("phone", 0)),
            indexes=indexes,
            village=village,
            on=self._about.on,
        )
        faults += self._faults(unit, card, found)
        if any(one.level == "E" for one in faults):
            return self._wrong(result, unit, faults)
        assert village is not None  # noqa: S101  (R-20 asks for it)
        result.place, result.entry_key, result.faults = village, key, faults
        if has_all_numbers(card.members):
            remarks = remarks_of(warnings_in(found), {})
            result.payload = card_lines(card, village=village, remarks=remarks, indexes=indexes).dumps()
        else:
            result.payload = _kept(card)
        return result

    def _judge_known(
        self, unit: _Unit, known: Lookups, result: Judged, household: Household, stored: Stored
    ) -> Judged:
        result.object_id, result.place = household.pk, household.division_id
        result.base_version = stored.version
        if not household.is_live:
            return self._wrong(result, unit, [self._fault(unit, NUMBER, "该户已清退或注销，不能再修改")])
        version = unit.own.values[VERSION]
        if version is not None and str(version) != str(stored.version or ""):
            text = f"此表依据第{version}版填写，该户现为第{stored.version or 0}版，已被他人修改；请重新下载后再填"
            return self._wrong(result, unit, [self._fault(unit, VERSION, text)])
        card = self._completed(unit, stored)
        standing = values_of(household, _STANDING)
        faults = [
            self._fault(unit, name, f"{HOUSEHOLD_FIELDS[name].label}由识别、退出步骤登记，不能在表中填改")
            for name in _STANDING
            if unit.own.values[name] is not None and unit.own.values[name] != standing[name]
        ]
        del standing["first_identified_year"]
        card = named_by_id(replace(card, household_no=household.household_no, **standing), stored)
        indexes = id_indexes(card, stored.numbers)
        found = findings_with(
            card,
            known.of(card, indexes, household.division_id, unit.told.get("phone", 0), besides=household),
            indexes=indexes,
            village=household.division_id,
            on=self._about.on,
            household=household,
            stored=stored.numbers,
        )
        faults += self._faults(unit, card, found)
        faults += self._missing_people(unit, card, stored)
        if any(one.level == "E" for one in faults):
            return self._wrong(result, unit, faults)
        result.faults = faults
        if stored.card is None:
            result.payload = _kept(card)
            return result
        changes = differences(stored.card, masks(card, stored))
        result.changes = [{"label": one.label, "old": one.old, "new": one.new} for one in changes]
        result.verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
        result.payload = _kept(card) if changes else ""
        return result

    def _completed(self, unit: _Unit, stored: Stored) -> Card:
        """Return the card with what its columns do not say as it stands, lines of amounts that stay included."""
        card, before = unit.card, stored.card
        if before is None:
            return card
        own, people = self._missing
        gone = {name: getattr(before, name) for name in own if name in _CARD}
        conditions = {
            name: getattr(before.condition, name) for name in _CONDITION if f"condition.{name}" in own
        }
        gone |= {
            name: getattr(before, name) for name in ("filler", "fill_date") if unit.own.values[name] is None
        }
        lines = tuple(
            line
            for line in before.income.lines
            if getattr(card.income, line.kind) == getattr(before.income, line.kind)
            and line.item != TOTAL_ONLY
        )
        members = card.members
        if absent := [name for name in people if name in _MEMBER and name != "member_no"]:
            members = tuple(
                replace(one, **{name: getattr(was, name) for name in absent})
                if (was := stored.cards.get(one.member_no or ""))
                else one
                for one in members
            )
        members = tuple(self._as_known(one, stored.cards.get(one.member_no or "")) for one in members)
        return replace(
            card,
            **gone,
            income=replace(card.income, lines=lines),
            condition=replace(card.condition, **conditions) if conditions else card.condition,
            relocation=before.relocation,
            members=members,
        )

    @staticmethod
    def _as_known(member: MemberCard, was: MemberCard | None) -> MemberCard:
        """Return a member whose masked number means the sex and birth date that stand."""
        if was is None or not (member.id_no and is_masked(member.id_no)):
            return member
        return replace(member, sex=member.sex or was.sex, birth_date=member.birth_date or was.birth_date)

    def _missing_people(self, unit: _Unit, card: Card, stored: Stored) -> Iterator[Fault]:
        for row in stored.missing_from(card):
            text = f"{row.member.name}（{row.member.member_no}）在“成员”表中没有：人口减少请保留该行并填变动类型和变动日期"
            yield self._fault(unit, NUMBER, text)

    def _faults(self, unit: _Unit, card: Card, found: Iterable[Finding]) -> list[Fault]:
        """Return everything wrong with the cells and with the card, each at its cell."""
        faults = [*unit.own.faults, *(fault for one in unit.people for fault in one.faults)]
        placed = [self._placed(unit, finding) for finding in found]
        faults += without(placed, faults)
        for row, others in unit.told.get("persons", {}).items():
            at = next(place for place, (_, number, _) in enumerate(unit.packed[3]) if number == row)
            raw = unit.raw_people[at][HOUSEHOLDS.sheets[1].places["id_no"]]
            name = card.members[at].name or ""
            text = f"{name}的证件号码在本文件“成员”表第{'、'.join(map(str, others[:5]))}行也有，请核对"
            faults.append(self._people.fault(row, "id_no", raw, text, rule="R-04"))
        return faults

    def _placed(self, unit: _Unit, finding: Finding) -> Fault:
        """Return a finding of the rules at its cell."""
        path = finding.field
        if path.startswith("members["):
            place, _, name = path.removeprefix("members[").partition("].")
            at = int(place)
            if at < len(unit.people) and name in HOUSEHOLDS.sheets[1].places:
                raw = unit.raw_people[at][HOUSEHOLDS.sheets[1].places[name]]
                return self._people.fault(
                    unit.people[at].row, name, raw, finding.message, rule=finding.rule, level=finding.level
                )
        name = path if path in HOUSEHOLDS.first.places else ""
        raw = unit.raw[HOUSEHOLDS.first.places[name]] if name else ""
        return self._households.fault(
            unit.own.row, name, raw, finding.message, rule=finding.rule, level=finding.level
        )

    def _fault(self, unit: _Unit, name: str, text: str) -> Fault:
        raw = unit.raw[HOUSEHOLDS.first.places[name]]
        return self._households.fault(unit.own.row, name, raw, text)

    def _wrong(self, result: Judged, unit: _Unit, faults: Sequence[Fault]) -> Judged:
        told = {(one.sheet, one.row, one.column, one.message) for one in faults}
        unread = [
            one
            for one in (*unit.own.faults, *(fault for row in unit.people for fault in row.faults))
            if (one.sheet, one.row, one.column, one.message) not in told
        ]
        result.verdict, result.faults = Verdict.WRONG, [*faults, *unread]
        return result

    def _ambiguous(self, result: Judged, unit: _Unit, name: str, text: str) -> Judged:
        result.verdict, result.faults = Verdict.AMBIGUOUS, [self._fault(unit, name, text)]
        return result


def _member(values: Mapping[str, Any]) -> MemberCard:
    member = MemberCard(**{name: values[name] for name in _MEMBER})
    if member.id_no and member.id_type in NUMBERED and (holder := idnumber.read(member.id_no[:18])):
        member.sex = member.sex or holder.sex
        member.birth_date = member.birth_date or holder.birth_date
    return member


def _kept(card: Card) -> str:
    """Return a card as it is kept until it is written: encrypted, because full numbers stand in it."""
    payload = sealed(dumps(card))
    return f"{payload['key']} {payload['sealed']}"
