"""Take back a split, a merge or a move on which nothing has been built since; the link stays, marked as undone."""

from datetime import date

import pghistory
from django.db import transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.codes import ChangeType, Relation
from registry.errors import TransferRefused
from registry.models import Household, HouseholdLink, HouseholdYear, LinkKind, Member, MemberYear
from registry.reports.versions import card_versions
from registry.services.lineage import follow_link, move_rows, restate
from registry.services.years import require_open


@transaction.atomic
def undo_link(*, actor: User, link: HouseholdLink, reason: str, on: date) -> HouseholdLink:
    """Put both households back as they were before; raise TransferRefused when either was changed since."""
    link = HouseholdLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    require(actor, "registry.split_household", at=link.division_id)
    if link.undone_at is not None:
        raise TransferRefused("该项已经撤销")
    if not reason.strip():
        raise TransferRefused("请填写撤销理由")
    households = list(
        Household.objects.select_for_update(of=("self",))
        .filter(pk__in=[pk for pk in (link.household_id, link.other_id) if pk])
        .order_by("pk")
    )
    for household in households:
        _untouched_since(household, link)
    with pghistory.context(reason=f"撤销：{reason.strip()}"):
        by_pk = {household.pk: household for household in households}
        household, other = by_pk[link.household_id], by_pk.get(link.other_id or 0)
        if other is None:
            _move_back(link, household, actor, on)
        elif link.kind == LinkKind.SPLIT:
            _undone(link)
            _put_back(household, actor, on)
        else:
            _unmerge(link, household, other, actor, on)
        if other is None:
            _undone(link, follow=False)
    note(object_key=household.household_no, division=household.division_id, reason=reason)
    return link


def _untouched_since(household: Household, link: HouseholdLink) -> None:
    card = _card(household)
    require_open(card.year)
    later = HouseholdLink.objects.filter(household=household, undone_at__isnull=True, pk__gt=link.pk)
    later_from = HouseholdLink.objects.filter(other=household, undone_at__isnull=True, pk__gt=link.pk)
    if card.updated_at > link.done_at or later.exists() or later_from.exists():
        raise TransferRefused(f"{household.household_no}此后又有改动，不能撤销，请另办更正")


def _card(household: Household) -> HouseholdYear:
    card = HouseholdYear.objects.filter(household=household).order_by("-year").first()
    if card is None:
        raise TransferRefused("该户没有户卡")
    card.household = household
    return card


def _undone(link: HouseholdLink, *, follow: bool = True) -> None:
    """Mark the act as taken back; the database closes the household that it made, or opens the one that it closed."""
    link.undone_at = timezone.now()
    link.save(update_fields=["undone_at"])
    if follow:
        follow_link(link)


def _unmerge(link: HouseholdLink, household: Household, other: Household, actor: User, on: date) -> None:
    """Let those who joined leave again, and open the household that was closed."""
    target = _card(other)
    joined = Member.objects.filter(household=other, came_from__member_no__in=link.members)
    MemberYear.objects.filter(household_year=target, member__in=joined).update(
        change_type=ChangeType.MOVED_OUT, change_date=min(on, date(target.year, 12, 31))
    )
    restate(other, target, actor=actor, on=on, why="并户已撤销，请核对")
    _undone(link)
    _put_back(household, actor, on)


def _put_back(household: Household, actor: User, on: date) -> None:
    """Give the card's members the relations and changes that the version before the act had."""
    card = _card(household)
    before = card_versions(card)[-2].card
    was = {member.member_no: member for member in before.members}
    rows = list(card.members.select_related("member"))
    for row in rows:
        member = was.get(row.member.member_no)
        if member is not None:
            row.relation, row.change_type = member.relation or "", member.change_type or ""
            row.change_date = member.change_date
    rows.sort(key=lambda row: row.relation == Relation.HEAD and not row.change_type)
    for group in (rows[:-1], rows[-1:]):
        MemberYear.objects.bulk_update(group, ["relation", "change_type", "change_date"])
    restate(household, card, actor=actor, on=on, why="分户或并户已撤销，请核对")


def _move_back(link: HouseholdLink, household: Household, actor: User, on: date) -> None:
    require(actor, "registry.split_household", at=link.from_village)
    before = card_versions(_card(household))[-2].card
    move_rows(household, link.from_village)
    card = _card(household)
    card.natural_village = before.natural_village or ""
    restate(household, card, actor=actor, on=on, why="迁移已撤销，请核对")
    link.refresh_from_db()
