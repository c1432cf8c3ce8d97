"""Save the card of a labourer (data standard §5): his year, his trainings and his certificates as one thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, name_of
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import CardRefused, FieldConflict, HouseholdEnded, StaleCard, YearClosed
from registry.models import Certificate, Household, HouseholdYear, LabourerYear, Member, MemberYear, Training
from registry.reports.assembly import member_card
from registry.reports.cards import read_card
from registry.reports.labourers import read_labourer
from registry.rules.findings import Finding, error, errors_in, warnings_in
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow, check_labourer
from registry.rules.people import is_away_youth, is_stable, is_zero_employment
from registry.services.remarks import open_in, remarks_of
from registry.services.stored import employed_members
from registry.services.years import require_open
from registry.standard.labourer import LABOURER
from registry.standard.values import present

_COLUMNS: Final = tuple(
    f.name
    for f in fields(LabourerCard)
    if f.name not in {"year", "member_no", "trainings", "certificates", "posted"}
)
_TEXT: Final = frozenset(
    field.name for field in LabourerYear._meta.concrete_fields if isinstance(field, models.CharField)
)


@dataclass(frozen=True, slots=True)
class SavedLabourer:
    """A labourer's card as it now stands: `findings` are its warnings."""

    labourer_year: LabourerYear
    findings: tuple[Finding, ...]


def check(*, member_year: MemberYear, card: LabourerCard, on: date) -> list[Finding]:
    """Return everything wrong with a labourer's card; nothing is stored."""
    return check_labourer(card, member_card(member_year.member, member_year), today=on)


def save_labourer_card(
    *,
    actor: User,
    member: Member,
    card: LabourerCard,
    base_version: int | None,
    confirmed: Mapping[str, str] = MappingProxyType({}),
    on: date,
) -> SavedLabourer:
    """Store a labourer's card of a year; `base_version` is the one that it started from, None for a new card.

    Raise CardRefused with every error, StaleCard where somebody saved in between, YearClosed, HouseholdEnded,
    Refused.
    """
    try:
        with transaction.atomic():
            return _save(
                actor, member, replace(card, member_no=member.member_no), base_version, confirmed, on
            )
    except IntegrityError as violation:
        if name_of(violation) == "year_is_open":
            raise YearClosed(card.year) from violation
        if message := message_of(violation):
            raise CardRefused([error("R-20", "", message)]) from violation
        raise


def _save(
    actor: User,
    member: Member,
    card: LabourerCard,
    base_version: int | None,
    confirmed: Mapping[str, str],
    on: date,
) -> SavedLabourer:
    household = Household.objects.select_for_update(of=("self",)).get(pk=member.household_id)
    require(actor, "registry.change_labourer", at=household.division_id)
    if not household.is_live:
        raise HouseholdEnded(household.status)
    require_open(card.year)
    member_year = MemberYear.objects.select_related("member").filter(member=member, year=card.year).first()
    if member_year is None:
        raise CardRefused([error("R-20", "member_no", f"该成员没有{card.year}年度的户卡，请先建户卡")])
    row = LabourerYear.objects.filter(member_year=member_year).first()
    if (row.version if row else None) != base_version:
        raise StaleCard(
            base=base_version or 0,
            current=row.version if row else 0,
            conflicts=_conflicts(row, card) if row else (),
        )
    findings = check(member_year=member_year, card=card, on=on)
    if errors := errors_in(findings):
        raise CardRefused(errors)
    if row is None:
        row = LabourerYear(
            division_id=household.division_id,
            member=member,
            member_year=member_year,
            year=card.year,
            version=0,
        )
    write_labourer(row, card, member_year, findings=findings, confirmed=confirmed, by=actor)
    _keep_rows(Training, member, card.trainings, _TRAINING)
    _keep_rows(Certificate, member, card.certificates, _CERTIFICATE)
    note(
        object_key=member.member_no,
        division=household.division_id,
        detail={"year": card.year, "version": row.version},
    )
    return SavedLabourer(row, tuple(warnings_in(findings)))


def write_labourer(
    row: LabourerYear,
    card: LabourerCard,
    member_year: MemberYear,
    *,
    findings: Sequence[Finding],
    confirmed: Mapping[str, str] = MappingProxyType({}),
    by: User,
) -> None:
    """Store the facts of the year as its next version, and what follows from them for the household."""
    _fill(row, card, member_year)
    row.version += 1
    row.updated_by = by
    row.remarks = remarks_of(warnings_in(findings), confirmed, row.remarks)
    row.open_remarks = open_in(row.remarks)
    row.save()
    _recount(member_year.household_year_id)


def _fill(row: LabourerYear, card: LabourerCard, member_year: MemberYear) -> None:
    for name in _COLUMNS:
        value = getattr(card, name)
        setattr(row, name, "" if value is None and name in _TEXT else value)
    row.stable_emp = is_stable(card.longest_stay, card.year)
    row.is_away_youth = is_away_youth(member_card(member_year.member, member_year), card.year)


def _keep_rows(
    model: type[models.Model], member: Member, rows: Iterable[object], columns: "_Columns"
) -> None:
    """Let the member's rows be the given ones: those known by their key are changed, others made or taken off."""
    manager = model._default_manager
    stored = {columns.key_of(row): row for row in manager.filter(member=member)}
    fresh, changed = [], []
    for given in rows:
        values = {name: _stored(model, name, getattr(given, name)) for name in columns.names}
        row = stored.pop(tuple(values[name] for name in columns.key), None)
        if row is None:
            fresh.append(model(member=member, division_id=member.division_id, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    if stored:
        manager.filter(pk__in=[row.pk for row in stored.values()]).delete()
    manager.bulk_create(fresh)
    if changed:
        manager.bulk_update(changed, columns.names)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of a labourer's rows, and those by which a row is known."""

    names: tuple[str, ...]
    key: tuple[str, ...]

    def key_of(self, row: object) -> tuple[Any, ...]:
        """Return what tells a row apart."""
        return tuple(getattr(row, name) for name in self.key)


_TRAINING: Final = _Columns(tuple(f.name for f in fields(TrainingRow)), ("institution", "job", "start"))
_CERTIFICATE: Final = _Columns(tuple(f.name for f in fields(CertificateRow)), ("category", "number"))


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    if value is None and isinstance(field, models.CharField):
        return ""
    return bool(value) if isinstance(field, models.BooleanField) else value


def _recount(household_year: int) -> None:
    """Tell the household's card anew whether it is 零就业家庭, which its labourers' cards decide."""
    card = HouseholdYear.objects.select_related("household").get(pk=household_year)
    is_zero = is_zero_employment(read_card(card), employed=employed_members(card.household, card.year))
    if is_zero != card.is_zero_employment:
        card.is_zero_employment = is_zero
        card.save(update_fields=["is_zero_employment"])


def _conflicts(row: LabourerYear, mine: LabourerCard) -> list[FieldConflict]:
    """Return the fields in which my card differs from the stored one."""
    theirs = read_labourer(row)
    found = []
    for field in LABOURER:
        if field.name not in _COLUMNS:
            continue
        is_now, wanted = (present(field, getattr(card, field.name)) for card in (theirs, mine))
        if is_now != wanted:
            who, at = row.updated_by.full_name, row.updated_at
            found.append(FieldConflict(field.name, field.label, "", is_now, wanted, who, at))
    return found
