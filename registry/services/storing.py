"""Rows of a card into the database: a fixed number of statements, however many members it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Func
from django.db.models.functions import Cast

from fupin.vault.models import Sealed
from registry.codes import Relation as RelationToHead
from registry.models import HouseholdYear, Member, MemberYear, NaturalVillage, Relocation
from registry.services.mapping import CardRows, StoredCard

GENERATED: Final = tuple(f.name for f in HouseholdYear._meta.concrete_fields if f.generated)

Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """The stored rows of a card as they were before a card was written over them."""

    household_year: Snapshot
    people: dict[str, Snapshot]
    members: dict[str, Snapshot]
    relocation: Snapshot | None


def before_writing(stored: StoredCard) -> Before | None:
    """Return the rows as they are, to see later what changed; None where the year has no card."""
    if stored.household_year is None:
        return None
    return Before(
        household_year=snapshot(stored.household_year),
        people={number: snapshot(person) for number, person in stored.people.items()},
        members={number: snapshot(row) for number, row in stored.members.items()},
        relocation=snapshot(stored.relocation) if stored.relocation else None,
    )


def update_card(rows: CardRows, before: Before, *, gone: Sequence[MemberYear], author_id: int) -> bool:
    """Store what changed on a card, its next version with it; tell whether anything did.

    The card's own row goes first, in whose history its version stands. `gone` are members taken off a draft.
    """
    year_row = rows.household_year
    own = changed(year_row, before.household_year)
    people = [
        (p, changed(p, before.people[p.member_no])) for p, _ in rows.members if p.member_no in before.people
    ]
    years = [
        (r, changed(r, before.members[p.member_no])) for p, r in rows.members if p.member_no in before.members
    ]
    joined = [(person, row) for person, row in rows.members if row._state.adding]
    moved = rows.relocation is not None and (
        before.relocation is None or bool(changed(rows.relocation, before.relocation))
    )
    if not (own or joined or gone or moved or any(names for _, names in (*people, *years))):
        return False
    Sealed.objects.bulk_create(rows.sealed)
    year_row.version += 1
    year_row.updated_by_id = author_id
    year_row.save(update_fields=[*own, "version", "updated_by", "updated_at"])
    _take_off(gone)
    _update_people(people)
    _update_member_years(years)
    insert_members(year_row, joined)
    _update_relocation(rows.relocation, before.relocation)
    if "natural_village" in own:
        keep_natural_village(year_row)
    year_row.refresh_from_db(fields=GENERATED)
    return True


def _take_off(gone: Sequence[MemberYear]) -> None:
    """Delete members taken off a draft: the year, and the person if nothing else is known of him."""
    if gone:
        MemberYear.objects.filter(pk__in=[row.pk for row in gone]).delete()
        alone = {f"{name}__isnull": True for name in ("years", "trainings", "certificates", "went_to")}
        Member.objects.filter(pk__in=[row.member_id for row in gone], **alone).delete()


def snapshot(row: models.Model) -> Snapshot:
    """Return the columns of a row as they are now, to see later what changed."""
    return {name: _comparable(getattr(row, name)) for name in _columns(type(row))}


def changed(row: models.Model, before: Snapshot) -> list[str]:
    """Return the columns in which a row differs from its snapshot."""
    return [name for name, value in before.items() if _comparable(getattr(row, name)) != value]


def insert_card(rows: CardRows) -> None:
    """Store a card that was not there. Seven statements at most."""
    Sealed.objects.bulk_create(rows.sealed)
    rows.household_year.save(force_insert=True)
    insert_members(rows.household_year, rows.members)
    if rows.relocation is not None:
        rows.relocation.household_year = rows.household_year
        rows.relocation.save(force_insert=True)
    keep_natural_village(rows.household_year)


def insert_members(household_year: HouseholdYear, members: Sequence[tuple[Member, MemberYear]]) -> None:
    """Store members' years, and the members whom no year had before.

    In the order of their numbers' indexes, so that two cards with the same persons wait for each other in one
    direction and never in a circle.
    """
    Member.objects.bulk_create([person for person, _ in members if person._state.adding])
    for person, row in members:
        row.member, row.household_year = person, household_year
    MemberYear.objects.bulk_create(
        sorted((row for _, row in members), key=lambda row: bytes(row.id_no_index))
    )


def _update_people(people: Iterable[tuple[Member, list[str]]]) -> None:
    """Store members whose identity changed; two who swap numbers first let go of them."""
    rows = [(person, names) for person, names in people if names]
    if not rows:
        return
    renumbered = [person for person, names in rows if "id_no_index" in names]
    if len(renumbered) > 1:
        Member.objects.filter(pk__in=[person.pk for person in renumbered]).update(
            id_no_index=_nobodys_index()
        )
    Member.objects.bulk_update(
        [person for person, _ in rows], sorted({n for _, names in rows for n in names})
    )


def _update_member_years(members: Iterable[tuple[MemberYear, list[str]]]) -> None:
    """Store members' years that changed; who ceases to be the head goes first, because there is only one."""
    rows = [(row, [name for name in names if name != "id_no_index"]) for row, names in members]
    rows = [(row, names) for row, names in rows if names]
    columns = sorted({name for _, names in rows for name in names})
    groups = [[row for row, _ in rows]]
    if not {"relation", "change_type"}.isdisjoint(columns):
        heads = [row for row in groups[0] if row.relation == RelationToHead.HEAD and not row.change_type]
        groups = [[row for row in groups[0] if row not in heads], heads]
    for group in groups:
        if group:
            MemberYear.objects.bulk_update(group, columns)


def _update_relocation(row: Relocation | None, before: Snapshot | None) -> None:
    if row is not None and before is None:
        row.save(force_insert=True)
    elif row is not None and before is not None and (names := changed(row, before)):
        row.save(update_fields=names)


def keep_natural_village(household_year: HouseholdYear) -> None:
    """Let the card's natural village join the village's table (data standard §3.1)."""
    if household_year.natural_village:
        NaturalVillage.objects.bulk_create(
            [NaturalVillage(division_id=household_year.division_id, name=household_year.natural_village)],
            ignore_conflicts=True,
        )


def _columns(model: type[models.Model]) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields if not f.generated and not f.primary_key]


def _comparable(value: object) -> object:
    if isinstance(value, memoryview):
        return bytes(value)
    return list(value) if isinstance(value, list) else value


def _nobodys_index() -> Func:
    """Return sixteen bytes that are nobody's blind index, different in every row."""
    text = Cast(RandomUUID(), models.TextField())
    return Func(
        Func(text, models.Value("-"), models.Value(""), function="replace"),
        models.Value("hex"),
        function="decode",
        output_field=models.BinaryField(),
    )
