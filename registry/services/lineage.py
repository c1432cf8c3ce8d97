"""Households split, merged and moved. Heads and counts are recomputed, both histories stay, the link is kept for good.

Splitting a household to qualify (拆户) is a known fraud: whoever looks at either card sees the link (lessons.md 8).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import uuid4

import pghistory
from django.db import IntegrityError, connection, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from registry.codes import ChangeType, Relation
from registry.errors import HouseholdEnded, TransferRefused
from registry.models import Household, HouseholdLink, HouseholdYear, LinkKind, Member, MemberYear
from registry.models.income import AMOUNTS
from registry.reports.cards import read_card
from registry.services.checking import findings_of
from registry.services.mapping import fill_derived
from registry.services.numbers import next_household_no, next_member_numbers
from registry.services.remarks import open_in
from registry.services.starting import copied
from registry.services.stored import employed_members, load_stored
from registry.services.storing import keep_natural_village
from registry.services.years import require_open

TRANSFER: Final = "分并迁"
"""The rule number of remarks that a split, merge or move leaves for the clerk."""


@transaction.atomic
def split_household(
    *,
    actor: User,
    household: Household,
    leaving: Sequence[str],
    relations: Mapping[str, str],
    reason: str,
    on: date,
) -> HouseholdLink:
    """Let members leave and found a new household in the same village; return the link, whose `other` it is.

    `leaving` are 人编号, `relations` new 与户主关系 by 人编号, for those who stay as well where the head leaves. The
    new household is a draft with the old one's living conditions; its income is asked anew. Raise TransferRefused
    when either household would be without a head or a member; HouseholdEnded, YearClosed, Refused.
    """
    old = _locked(actor, household)
    card = current_card(old)
    rows = _rows(card)
    gone = _named(rows, leaving)
    if len(gone) == sum(row.is_counted for row in rows):
        raise TransferRefused("不能把全部成员分出：原户须至少留一人")
    staying = [row for row in rows if row.is_counted and row not in gone]
    _one_head(_related(gone, relations), "新户")
    _one_head(_related(staying, relations), "原户")
    with because(reason):
        household_no = next_household_no(old.division_id)
        new = Household.objects.create(
            division_id=old.division_id,
            household_no=household_no,
            entry_key=uuid4(),
            entered_by=actor,
            is_demo=old.is_demo,
        )
        fresh = copied(card, household=new, version=1, updated_by=actor, fill_date=on, filler=actor.full_name)
        for name in (*AMOUNTS, "bank_account_sealed", "bank_account_index"):
            setattr(fresh, name, None)
        fresh.income_lines, fresh.bank_name, fresh.bank_account_masked = [], "", ""
        fresh.member_count = len(gone)
        fresh.save(force_insert=True)
        _leave(gone, card.year, on)
        for row, relation in zip(staying, _related(staying, relations), strict=True):
            row.relation = relation
        _write([*gone, *staying])
        _join(gone, new, fresh, on, relations)
        restate(old, card, actor=actor, on=on, why="有成员分户，请核对收入和致贫原因")
        restate(
            new, fresh, actor=actor, on=on, why=f"由{old.household_no}分户，请采集收入并逐项核对", first=True
        )
        return linked(actor, old, LinkKind.SPLIT, other=new, members=leaving, reason=reason, on=on)


@transaction.atomic
def merge_households(
    *,
    actor: User,
    household: Household,
    into: Household,
    relations: Mapping[str, str],
    reason: str,
    on: date,
) -> HouseholdLink:
    """Let everybody of a household join another of the same village; the emptied one is closed (状态 Z).

    `relations` are 与户主关系 to the other household's head, by 人编号, for everybody who joins.
    """
    if household.pk == into.pk:
        raise TransferRefused("不能与自身并户")
    first, second = sorted((household, into), key=lambda one: one.pk)
    locked = {one.pk: _locked(actor, one) for one in (first, second)}
    old, other = locked[household.pk], locked[into.pk]
    if old.division_id != other.division_id:
        raise TransferRefused("两户不在同一村，请先办理迁移")
    card, target = current_card(old), current_card(other)
    if card.year != target.year:
        raise TransferRefused(f"两户的户卡不是同一年度（{card.year}、{target.year}），请先建本年度户卡")
    gone = [row for row in _rows(card) if row.is_counted]
    numbers = [row.member.member_no for row in gone]
    if missing := [row.member.name for row in gone if row.member.member_no not in relations]:
        raise TransferRefused(f"请填{'、'.join(missing)}与新户主的关系")
    if any(relations[number] == Relation.HEAD for number in numbers):
        raise TransferRefused("并入后只能有一名户主")
    with because(reason):
        _leave(gone, card.year, on)
        MemberYear.objects.bulk_update(gone, ["change_type", "change_date"])
        _join(gone, other, target, on, relations)
        _take_count(card, actor)
        restate(other, target, actor=actor, on=on, why=f"{old.household_no}已并入，请核对收入和条件")
        link = linked(actor, old, LinkKind.MERGE, other=other, members=numbers, reason=reason, on=on)
        follow_link(link)
        return link


@transaction.atomic
def move_household(
    *, actor: User, household: Household, to_village: int, natural_village: str, reason: str, on: date
) -> HouseholdLink:
    """Let a household live in another village of the actor's division; number and history go with it.

    Both villages must lie in the actor's division: between counties it takes one above both.
    """
    old = _locked(actor, household)
    from_village = old.division_id
    require(actor, "registry.split_household", at=to_village)
    village = Division.objects.valid_on(on).filter(code=to_village).first()
    if village is None or not village.is_administrative_village or to_village == from_village:
        raise TransferRefused("请选择要迁往的行政村")
    if not natural_village.strip():
        raise TransferRefused("请填新村的村民小组/自然村")
    card = current_card(old)
    with because(reason):
        move_rows(old, to_village)
        card.refresh_from_db()
        card.natural_village = natural_village.strip()
        restate(old, card, actor=actor, on=on, why="已迁村，请核对家庭住址和生产生活条件")
        keep_natural_village(card)
        return linked(
            actor, old, LinkKind.MOVE, members=[], reason=reason, on=on, villages=(from_village, to_village)
        )


def follow_link(link: HouseholdLink) -> None:
    """Let the database close or open the household as the link says: nobody but it writes a status."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT registry_follow_link(%s)", [link.pk])
    except IntegrityError as violation:
        raise TransferRefused(said_by_database(violation)) from violation


def move_rows(household: Household, to_village: int) -> None:
    """Move a household with all that hangs on it, its history and its sealed numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_move_household(%s, %s)", [household.pk, to_village])
    household.refresh_from_db()


def restate(
    household: Household, card: HouseholdYear, *, actor: User, on: date, why: str, first: bool = False
) -> None:
    """Count a card anew after its members changed, and let all that is wrong with it stand as open remarks."""
    card.household = household
    stored = load_stored(household, card.year)
    read = read_card(card)
    fill_derived(card, read, employed_members(household, card.year))
    findings = findings_of(
        read, village=household.division_id, on=on, household=household, stored=stored.numbers
    )
    told = [(TRANSFER, "members", why), *((f.rule, f.field, f.message) for f in findings)]
    card.remarks = [{"rule": r, "field": f, "message": m, "reason": ""} for r, f, m in told]
    card.open_remarks = open_in(card.remarks)
    card.version += 0 if first else 1
    card.updated_by = actor
    card.save()
    card.refresh_from_db()


def _locked(actor: User, household: Household) -> Household:
    locked = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    require(actor, "registry.split_household", at=locked.division_id)
    if not locked.is_live:
        raise HouseholdEnded(locked.status)
    return locked


def current_card(household: Household) -> HouseholdYear:
    """Return a household's latest card; raise TransferRefused where it has none, YearClosed where its year is closed."""
    card = HouseholdYear.objects.filter(household=household).order_by("-year").first()
    if card is None:
        raise TransferRefused("该户没有户卡")
    require_open(card.year)
    return card


def _rows(card: HouseholdYear) -> list[MemberYear]:
    return list(card.members.select_related("member").order_by("seat"))


def _named(rows: Iterable[MemberYear], numbers: Sequence[str]) -> list[MemberYear]:
    by_number = {row.member.member_no: row for row in rows if row.is_counted}
    if not numbers or any(number not in by_number for number in numbers):
        raise TransferRefused("请选择本户的在册成员")
    return [by_number[number] for number in dict.fromkeys(numbers)]


def _related(rows: Iterable[MemberYear], relations: Mapping[str, str]) -> list[str]:
    """Return what each person will be to the head of his household."""
    found = []
    for row in rows:
        relation = relations.get(row.member.member_no, row.relation)
        if relation not in Relation.values:
            raise TransferRefused(f"{row.member.name}与户主关系不在码表内")
        found.append(relation)
    return found


def _one_head(relations: Sequence[str], which: str) -> None:
    heads = relations.count(Relation.HEAD)
    if heads != 1:
        raise TransferRefused(f"{which}须有且只有一名户主（与户主关系 01），现有{heads}名")


def _leave(rows: Iterable[MemberYear], year: int, on: date) -> None:
    for row in rows:
        row.change_type, row.change_date = ChangeType.MOVED_OUT, min(on, date(year, 12, 31))


def _write(rows: Sequence[MemberYear]) -> None:
    """Store relations and departures; whoever leaves goes first, so that a new head finds the place free."""
    ordered = sorted(rows, key=lambda row: row.relation == Relation.HEAD and not row.change_type)
    for group in (ordered[:-1], ordered[-1:]):
        MemberYear.objects.bulk_update(group, ["relation", "change_type", "change_date"])


def _join(
    gone: Sequence[MemberYear],
    household: Household,
    card: HouseholdYear,
    on: date,
    relations: Mapping[str, str],
) -> None:
    """Let persons who left one household stand in another, under its numbers and with a link to who they were."""
    numbers = next_member_numbers(household)
    seat = max(card.members.values_list("seat", flat=True), default=0)
    people = [
        copied(row.member, household=household, member_no=next(numbers), came_from=row.member) for row in gone
    ]
    try:
        with transaction.atomic():
            Member.objects.bulk_create(people)
            MemberYear.objects.bulk_create(
                copied(
                    row,
                    member=person,
                    household_year=card,
                    seat=seat + place,
                    relation=relation,
                    change_type=ChangeType.MOVED_IN,
                    change_date=min(on, date(card.year, 12, 31)),
                    is_live=True,
                )
                for place, (row, person, relation) in enumerate(
                    zip(gone, people, _related(gone, relations), strict=True), start=1
                )
            )
    except IntegrityError as violation:
        raise TransferRefused(message_of(violation) or "成员无法转入，请核对") from violation


def _take_count(card: HouseholdYear, actor: User) -> None:
    """Let the card of a household that nobody is left in say so."""
    card.refresh_from_db()
    card.member_count = card.labourer_count = 0
    card.is_zero_employment = False
    card.version += 1
    card.updated_by = actor
    card.save()


def linked(
    actor: User,
    household: Household,
    kind: LinkKind,
    *,
    other: Household | None = None,
    members: Sequence[str],
    reason: str,
    on: date,
    villages: tuple[int, int] | None = None,
) -> HouseholdLink:
    """Write down the link that an act leaves, and say so in the record."""
    from_village, to_village = villages or (household.division_id, household.division_id)
    link = HouseholdLink.objects.create(
        division_id=household.division_id,
        household=household,
        kind=kind,
        other=other,
        from_village=from_village,
        to_village=to_village,
        members=list(members),
        on=on,
        reason=reason.strip(),
        done_by=actor,
    )
    note(
        object_key=household.household_no,
        division=household.division_id,
        reason=reason,
        detail={"kind": kind.value, "other": other.household_no if other else str(to_village)},
    )
    return link


def because(reason: str) -> "pghistory.context":
    """Return the context in which the history of an act carries its reason; raise TransferRefused without one."""
    if not reason.strip():
        raise TransferRefused("请填写理由")
    return pghistory.context(reason=reason.strip())
