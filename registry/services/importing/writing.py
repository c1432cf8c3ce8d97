"""Households of a workbook into the register: new ones by COPY and a few statements for some hundred, others by the card's own service."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection, models
from django.utils import timezone

from fupin.sheets.copying import CopyBuffer, copy_lines
from fupin.sheets.intake import About, Written
from fupin.sheets.models import StagedUnit
from fupin.vault.models import Sealed
from registry.errors import CardRefused, NumbersExhausted, RegistryError
from registry.models import Household, HouseholdYear, Member, MemberYear, NaturalVillage
from registry.rules.card import Card
from registry.services.cards import enter_card, write_change
from registry.services.holders import held
from registry.services.importing.lines import PERSON, PERSON_YEAR, SEALED_COLUMNS, YEAR, CardLines
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
    _insert(writing, numbers, about)
    keys = dict(Household.objects.filter(household_no__in=numbers).values_list("household_no", "pk"))
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


def _insert(writing: Sequence[tuple[StagedUnit, CardLines]], numbers: Sequence[str], about: About) -> None:
    """Store everything of the households in the order of the tables' keys: nine statements, however many they are."""
    now = timezone.now()
    households = CopyBuffer(Household, numbered=False)
    for (unit, _), number in zip(writing, numbers, strict=True):
        households.add(
            {
                "division_id": unit.place,
                "household_no": number,
                "entry_key": unit.entry_key,
                "entered_by_id": about.uploader.pk,
                "entered_at": now,
            }
        )
    stamp = now.isoformat()
    sealed = [f"{line}\t{stamp}" for _, lines in writing for line in lines.sealed]
    years, people, people_years = [], [], []
    for (_, lines), number in zip(writing, numbers, strict=True):
        years.append(f"{number}\t{about.uploader.pk}\t{stamp}\t{lines.year}")
        for seat, person, of_year in lines.members:
            member = f"{number}{seat:02}"
            people.append(f"{number}\t{member}\t{person}")
            people_years.append(f"{member}\t{of_year}")
    with connection.cursor() as cursor:
        households.insert(cursor)
        _copied(cursor, Sealed, (*SEALED_COLUMNS, "sealed_at"), sealed, _SEALED)
        _copied(
            cursor,
            HouseholdYear,
            ("household_no", "updated_by_id", "updated_at", *YEAR.columns),
            years,
            _YEAR,
        )
        _copied(cursor, Member, ("household_no", "member_no", *PERSON.columns), people, _PERSON)
        _copied(cursor, MemberYear, ("member_no", *PERSON_YEAR.columns), people_years, _PERSON_YEAR)
    _keep_natural_villages(writing)


def _quoted(names: Sequence[str], table: str = "") -> str:
    return ", ".join(f'{table}"{name}"' for name in names)


_SEALED: Final = (
    f"INSERT INTO vault_sealed ({_quoted((*SEALED_COLUMNS, 'sealed_at'))})"
    f" SELECT {_quoted((*SEALED_COLUMNS, 'sealed_at'))} FROM import_vault_sealed"
)
_YEAR: Final = (
    f"INSERT INTO registry_householdyear (household_id, updated_by_id, updated_at, {_quoted(YEAR.columns)})"
    f" SELECT h.id, t.updated_by_id, t.updated_at, {_quoted(YEAR.columns, 't.')} FROM import_registry_householdyear t"
    " JOIN registry_household h ON h.household_no = t.household_no"
)
_PERSON: Final = (
    f"INSERT INTO registry_member (household_id, member_no, {_quoted(PERSON.columns)})"
    f" SELECT h.id, t.member_no, {_quoted(PERSON.columns, 't.')} FROM import_registry_member t"
    " JOIN registry_household h ON h.household_no = t.household_no"
)
_PERSON_YEAR: Final = (
    f"INSERT INTO registry_memberyear (member_id, household_year_id, {_quoted(PERSON_YEAR.columns)})"
    f" SELECT m.id, y.id, {_quoted(PERSON_YEAR.columns, 't.')} FROM import_registry_memberyear t"
    " JOIN registry_member m ON m.member_no = t.member_no"
    " JOIN registry_householdyear y ON y.household_id = m.household_id AND y.year = t.year"
    " ORDER BY t.id_no_index"
)


def _copied(
    cursor: Any, model: type[models.Model], columns: Sequence[str], lines: list[str], statement: str
) -> None:
    """Copy lines into a table of the session and let a statement store them: row policies stand, and triggers see all at once.

    A column that the model does not have is text by which the statement finds the row's owner.
    """
    waiting = f"import_{model._meta.db_table}"
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    declared = ", ".join(f'"{name}" {types.get(name, "text")}' for name in columns)
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {waiting} ({declared}) ON COMMIT DELETE ROWS")
    copy_lines(cursor.cursor, waiting, _quoted(columns), lines)
    cursor.execute(statement)
    cursor.execute(f"DELETE FROM {waiting}")


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
