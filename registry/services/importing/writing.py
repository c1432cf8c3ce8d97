"""Households of a workbook into the register: new ones by COPY and a few statements for some hundred, others by the card's own service."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection
from django.utils import timezone

from fupin.sheets.copying import CopyBuffer, insert_lines
from fupin.sheets.intake import About, Written
from fupin.sheets.models import StagedUnit
from fupin.vault.sealing import VaultLines
from registry.errors import CardRefused, NumbersExhausted, RegistryError
from registry.models import Household, NaturalVillage
from registry.rules.card import Card
from registry.services.cards import enter_card, write_change
from registry.services.holders import held
from registry.services.importing.lines import PERSON, PERSON_YEAR, YEAR, CardLines
from registry.services.importing.undoing import kept_before
from registry.services.slips import opened
from registry.services.stored import load_stored_many
from registry.services.writing import loads
from registry.services.years import require_open

_LAST: Final = 9999
OUTDATED: Final = "系统已升级，请放弃本次导入后重新上传"


def write(units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
    """Write new and changed households; each that cannot be written any more says why."""
    require_open(about.year or 0)
    ready: list[tuple[StagedUnit, CardLines]] = []
    others: list[StagedUnit] = []
    entered = {
        row.entry_key: row
        for row in Household.objects.filter(
            entry_key__in=[unit.entry_key for unit in units if unit.entry_key]
        )
    }
    for unit in units:
        there = entered.get(unit.entry_key) if unit.entry_key else None
        if there is not None:
            yield Written(unit, there=True, key=there.household_no, object_id=there.pk)
        elif CardLines.are_in(unit.payload):
            lines = CardLines.loads(unit.payload)
            if lines is None:
                yield Written(unit, refused=OUTDATED)
            else:
                ready.append((unit, lines))
        else:
            others.append(unit)
    yield from _enter(ready, about)
    yield from _by_service(others, about)


def kept_card(unit: StagedUnit) -> Card:
    """Return the card that a unit keeps; full numbers stand in it."""
    key, _, text = unit.payload.partition(" ")
    return loads(opened({"key": key, "sealed": text}))


def _enter(ready: Sequence[tuple[StagedUnit, CardLines]], about: About) -> Iterator[Written]:
    """Write households that are new, all at once; somebody may have entered their members meanwhile."""
    taken = {one.index: one for one in held(_indexes([lines for _, lines in ready]), about.year or 0)}
    writing: list[tuple[StagedUnit, CardLines]] = []
    for unit, lines in ready:
        if taken and any(index in taken for index in _indexes([lines])):
            yield Written(unit, refused="有成员的证件号码在核对之后已由另一户登记（R-04），请重新核对")
        else:
            writing.append((unit, lines))
    if not writing:
        return
    numbers = _numbers([unit.place or 0 for unit, _ in writing])
    keys = _insert(writing, numbers, about)
    for (unit, _), number in zip(writing, numbers, strict=True):
        yield Written(unit, key=number, object_id=keys[number], version=1)


_INDEX_PLACE: Final = PERSON_YEAR.columns.index("id_no_index")


def _indexes(lines: Sequence[CardLines]) -> list[bytes]:
    """Return the blind indexes of everybody on the cards, as the lines hold them."""
    return [
        bytes.fromhex(of_year.split("\t")[_INDEX_PLACE][3:])
        for card in lines
        for _, _, of_year in card.members
    ]


def _numbers(villages: Sequence[int]) -> list[str]:
    """Return the next 户编号 of each place; the villages stay locked, in their order, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT village, registry_last_household_serial(village) FROM unnest(%s::bigint[]) AS village",
            [sorted(set(villages))],
        )
        last: dict[int, int] = dict(cursor.fetchall())
    numbers = []
    for village in villages:
        last[village] += 1
        if last[village] > _LAST:
            raise NumbersExhausted("本村户编号 0001–9999 已用完，请报告系统管理员")
        numbers.append(f"{village}{last[village]:04}")
    return numbers


def _insert(
    writing: Sequence[tuple[StagedUnit, CardLines]], numbers: Sequence[str], about: About
) -> dict[str, int]:
    """Store everything of the households: nine statements, however many they are. Return their keys by 户编号.

    Each table tells the keys that its rows were given, and nothing is joined: of a register that has just grown
    nobody has taken statistics, and the planner would walk all of it to find three hundred households.
    """
    now = timezone.now()
    stamp = now.isoformat()
    author = about.uploader.pk
    named = [(number, unit, lines) for number, (unit, lines) in zip(numbers, writing, strict=True)]
    household_rows = CopyBuffer(Household, numbered=False)
    for number, unit, _ in named:
        household_rows.add(
            {
                "division_id": unit.place,
                "household_no": number,
                "entry_key": unit.entry_key,
                "entered_by_id": author,
                "entered_at": now,
            }
        )
    with connection.cursor() as cursor:
        households = household_rows.insert(cursor, key="household_no")
        sealed = [f"{line}\t{stamp}" for _, _, lines in named for line in lines.sealed]
        insert_lines(cursor, "vault_sealed", _SEALED, sealed)
        years = [f"{households[number]}\t{author}\t{stamp}\t{lines.year}" for number, _, lines in named]
        cards = insert_lines(cursor, "registry_householdyear", _YEAR, years, key="household_id")
        people = [
            f"{households[number]}\t{number}{seat:02}\t{person}"
            for number, _, lines in named
            for seat, person, _ in lines.members
        ]
        members = insert_lines(cursor, "registry_member", _PERSON, people, key="member_no")
        of_years = [
            f"{members[f'{number}{seat:02}']}\t{cards[households[number]]}\t{of_year}"
            for number, _, lines in named
            for seat, _, of_year in lines.members
        ]
        # In one order, so that two writers who bring the same people don't wait for each other crosswise.
        insert_lines(cursor, "registry_memberyear", _PERSON_YEAR, of_years, order="id_no_index")
    _keep_natural_villages(writing)
    return households


def _quoted(*names: str) -> str:
    return ", ".join(f'"{name}"' for name in names)


_SEALED: Final = _quoted(*VaultLines.COLUMNS, "sealed_at")
_YEAR: Final = _quoted("household_id", "updated_by_id", "updated_at", *YEAR.columns)
_PERSON: Final = _quoted("household_id", "member_no", *PERSON.columns)
_PERSON_YEAR: Final = _quoted("member_id", "household_year_id", *PERSON_YEAR.columns)


def _keep_natural_villages(writing: Sequence[tuple[StagedUnit, CardLines]]) -> None:
    """Let the cards' natural villages join their villages' tables."""
    place = YEAR.columns.index("natural_village")
    named = {(unit.place or 0, lines.year.split("\t")[place]) for unit, lines in writing}
    NaturalVillage.objects.bulk_create(
        [NaturalVillage(division_id=village, name=name) for village, name in sorted(named) if name],
        ignore_conflicts=True,
    )


def _by_service(units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
    """Write households that are known, or whose members wait for temporary numbers, as their cards are saved."""
    known = sorted(unit.object_id for unit in units if unit.object_id)
    locked = {
        row.pk: row
        for row in Household.objects.select_for_update(of=("self",)).filter(pk__in=known).order_by("pk")
    }
    stored = load_stored_many(list(locked.values()), about.year or 0) if locked else {}
    for unit in units:
        card = kept_card(unit)
        try:
            if unit.object_id is None:
                assert unit.entry_key is not None  # noqa: S101  (new units have one)
                saved = enter_card(about.uploader, card, unit.entry_key, on=about.on)
                yield Written(unit, key=saved.household.household_no, object_id=saved.household.pk, version=1)
                continue
            household = locked.get(unit.object_id)
            if household is None or not household.is_live:
                yield Written(unit, refused="该户已清退、注销或迁出，不能再修改")
                continue
            before = stored[household.pk]
            if before.version != unit.base_version:
                yield Written(
                    unit, refused=f"核对之后该户已被他人修改（现为第{before.version or 0}版），请重新核对"
                )
                continue
            kept = kept_before(before.rows)
            change = write_change(
                actor=about.uploader, household=household, stored=before, card=card, on=about.on
            )
            yield Written(
                unit,
                key=household.household_no,
                object_id=household.pk,
                version=change.household_year.version,
                before=kept,
            )
        except CardRefused as refused:
            yield Written(unit, refused="；".join(one.message for one in refused.findings)[:500])
        except RegistryError as told:
            yield Written(unit, refused=str(told))
