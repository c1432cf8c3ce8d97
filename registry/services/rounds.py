"""Open a round, set its quotas from level to level, change them: lowered first, then raised, each with its reason in history."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pghistory
from django.db import IntegrityError, connection, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import PROVINCE_CODE
from fupin.divisions.models import Division
from registry.errors import QuotaRefused
from registry.models import Quota, Round
from registry.rules.quota import shared_out


@transaction.atomic
def open_round(
    *, actor: User, year: int, kind: str, opens_on: date, closes_on: date, document: str, persons: int | None
) -> Round:
    """Open a round for the province, with its own quota where one is given; raise QuotaRefused, Refused."""
    require(actor, "registry.open_round", at=PROVINCE_CODE)
    opened = Round(
        year=year,
        kind=kind,
        income_year=year - 1,
        opens_on=opens_on,
        closes_on=closes_on,
        document=document.strip(),
        opened_by=actor,
    )
    try:
        with transaction.atomic():
            opened.save(force_insert=True)
    except IntegrityError as violation:
        raise _refused(violation) from violation
    if persons is not None:
        _write(actor, opened, {PROVINCE_CODE: persons}, {}, basis=opened.document, reason=opened.document)
    note(object_key=str(opened), division=PROVINCE_CODE)
    return opened


@transaction.atomic
def set_quotas(
    *,
    actor: User,
    in_round: Round,
    above: int,
    persons: Mapping[int, int],
    weights: Mapping[int, Decimal],
    basis: str,
) -> None:
    """Set the quotas of all divisions below one, for the first time; they must add up to its own.

    `basis` says by which weight. Raise QuotaRefused, Refused.
    """
    require(actor, "registry.set_quota", at=above)
    below = set(Division.objects.filter(parent_id=above).values_list("code", flat=True))
    if set(persons) - below:
        raise QuotaRefused("只能给直接下级下达规模")
    if Quota.objects.filter(round=in_round, division_id__in=persons).exists():
        raise QuotaRefused("本轮规模已下达，请用“调整”")
    _write(actor, in_round, persons, weights, basis=basis, reason=basis)
    note(object_key=str(in_round), division=above, detail={"set": len(persons)})


@transaction.atomic
def change_quotas(*, actor: User, in_round: Round, changes: Mapping[int, int], reason: str) -> None:
    """Change quotas that are set, and what has been shared out of them, by the weights it was shared by.

    Those that fall are written before those that rise (先减后增). Raise QuotaRefused where the sums no longer agree, where a quota would
    fall below those already listed, or without a reason.
    """
    if not reason.strip():
        raise QuotaRefused("请写明调整的依据和理由")
    for division in changes:
        require(actor, "registry.set_quota", at=division)
    now = dict(
        Quota.objects.filter(round=in_round, division_id__in=changes).values_list("division_id", "persons")
    )
    if missing := set(changes) - set(now):
        raise QuotaRefused(f"{min(missing)} 本轮还没有规模")
    wanted = {code: persons for code, persons in changes.items() if persons != now[code]}
    if not wanted:
        raise QuotaRefused("没有改动")
    level = wanted
    while level:
        level = _shared_anew(in_round, level)
        wanted |= level
    _write(actor, in_round, wanted, {}, basis="", reason=reason.strip())
    note(object_key=str(in_round), reason=reason, detail={"changed": len(wanted)})


def _shared_anew(in_round: Round, above: Mapping[int, int]) -> dict[int, int]:
    """Return what the divisions below changed ones get, by the weights that their quotas were set by."""
    found: dict[int, int] = {}
    below = Quota.objects.filter(round=in_round, division__parent_id__in=above)
    groups: dict[int, list[Quota]] = {}
    for quota in below.select_related("division").order_by("division_id"):
        groups.setdefault(quota.division.parent_id or 0, []).append(quota)
    for parent, quotas in groups.items():
        weights = {quota.division_id: quota.weight or Decimal(0) for quota in quotas}
        if not any(weights.values()):
            weights = {quota.division_id: Decimal(quota.persons) for quota in quotas}
        before = {quota.division_id: quota.persons for quota in quotas}
        for share in shared_out(above[parent], weights):
            if share.persons != before[share.division]:
                found[share.division] = share.persons
    return found


def _write(
    actor: User,
    in_round: Round,
    persons: Mapping[int, int],
    weights: Mapping[int, Decimal],
    *,
    basis: str,
    reason: str,
) -> None:
    """Write quotas, the falling ones first, and ask at once whether they add up."""
    known = {
        quota.division_id: quota
        for quota in Quota.objects.select_for_update(of=("self",)).filter(
            round=in_round, division_id__in=persons
        )
    }
    rise = {
        code: number - known[code].persons if code in known else number for code, number in persons.items()
    }
    try:
        with transaction.atomic(), pghistory.context(reason=reason):
            for code in sorted(persons, key=lambda one: (rise[one] > 0, one)):
                quota = known.get(code) or Quota(round=in_round, division_id=code)
                quota.persons, quota.set_by = persons[code], actor
                quota.weight = weights.get(code, quota.weight)
                quota.basis = basis or quota.basis
                quota.save()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as violation:
        raise _refused(violation) from violation


def _refused(violation: IntegrityError) -> QuotaRefused:
    """Return what the database says of a quota or round that it refuses; what is our fault is raised as it is."""
    message = message_of(violation)
    if not message and name_of(violation).startswith("quota_"):
        message = said_by_database(violation)
    if not message:
        raise violation
    return QuotaRefused(message)
