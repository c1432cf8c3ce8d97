"""Draft schemes of the factors side by side, submit one, and let a second person settle it; then its shares stand frozen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from funds.codes.allotment import SchemeStatus
from funds.errors import MoneyRefused, NotComplete
from funds.models import Appropriation, FactorKind, Scheme, SchemeCounty, SchemeShare, SchemeWeight
from funds.reports.scheme import POOR, Reckoned, previous_of, reckon
from funds.rules.allotment import CountyShare, weight_refusals
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import PROVINCE_CODE


@dataclass(frozen=True, slots=True)
class Given:
    """What a scheme is drafted with. `weights` are by code of factor."""

    name: str
    year: int
    weights_document: str
    weights: Mapping[str, Decimal]
    counties: Collection[int]
    bonus_yuan: Decimal = Decimal(0)
    unit_yuan: Decimal = Decimal("100.00")


def _may(actor: User | None, permission: str) -> None:
    """Ask for the permission; the console stands for the province."""
    if actor is not None:
        require(actor, permission, at=PROVINCE_CODE)


@transaction.atomic
def draft(*, actor: User | None, document: Appropriation, given: Given) -> Scheme:
    """Draft a scheme of a document. Raise MoneyRefused at the field, Refused."""
    _may(actor, "funds.draft_scheme")
    if not given.counties:
        raise MoneyRefused({"counties": "请选参与分配的县"})
    scheme = Scheme(
        division_id=PROVINCE_CODE,
        appropriation=document,
        name=given.name,
        year=given.year,
        unit_yuan=given.unit_yuan,
        weights_document=given.weights_document,
        bonus_yuan=given.bonus_yuan,
        entered_by=actor,
    )
    scheme.previous = previous_of(scheme)
    insert(scheme)
    with refusing():
        for kind in _kinds(given.weights):
            SchemeWeight.objects.create(
                division_id=PROVINCE_CODE,
                scheme=scheme,
                kind=kind,
                weight=given.weights[kind.code],
                document_no=given.weights_document,
                changed_by=actor,
            )
        SchemeCounty.objects.bulk_create(
            SchemeCounty(division_id=PROVINCE_CODE, scheme=scheme, county_id=code)
            for code in sorted(given.counties)
        )
    note(object_key=f"{document.number} {scheme}", division=PROVINCE_CODE)
    return scheme


def _kinds(weights: Mapping[str, Decimal]) -> Sequence[FactorKind]:
    kinds = list(FactorKind.objects.filter(code__in=weights).order_by("place", "pk"))
    if unknown := set(weights) - {kind.code for kind in kinds}:
        raise MoneyRefused({"weights": f"没有因素 {'、'.join(sorted(unknown))}"})
    return kinds


@transaction.atomic
def copy(*, actor: User, scheme: Scheme, name: str) -> Scheme:
    """Copy a scheme beside it, to try other weights. Raise MoneyRefused, Refused."""
    _may(actor, "funds.draft_scheme")
    made = draft(
        actor=actor,
        document=scheme.appropriation,
        given=Given(
            name=name,
            year=scheme.year,
            weights_document=scheme.weights_document,
            weights={one.kind.code: one.weight for one in scheme.weights.select_related("kind")},
            counties=list(scheme.counties.values_list("county_id", flat=True)),
            bonus_yuan=scheme.bonus_yuan,
            unit_yuan=scheme.unit_yuan,
        ),
    )
    made.copied_from = scheme
    made.save(update_fields=["copied_from"])
    for one in scheme.counties.exclude(grade="", is_barred=False).order_by("pk"):
        made.counties.filter(county=one.county_id).update(
            grade=one.grade, is_barred=one.is_barred, grade_document=one.grade_document
        )
    return made


def _open(scheme: Scheme) -> Scheme:
    """Hold a scheme that may still be changed."""
    held = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if held.status not in {SchemeStatus.DRAFT, SchemeStatus.RETURNED}:
        raise MoneyRefused("方案已提交或定案，不能改动")
    return held


@transaction.atomic
def change(
    *, actor: User, scheme: Scheme, weights: Mapping[str, Decimal], weights_document: str, **facts: Any
) -> Scheme:
    """Change a draft's weights, by a document, and its bonus and unit. Raise MoneyRefused at the field, Refused."""
    _may(actor, "funds.draft_scheme")
    held = _open(scheme)
    _kinds(weights)
    changed = {}
    with refusing():
        for row in held.weights.select_related("kind").order_by("kind__place"):
            wanted = weights.get(row.kind.code, row.weight)
            if wanted != row.weight:
                changed[row.kind.title] = [str(row.weight), str(wanted)]
                row.weight, row.document_no, row.changed_by = wanted, weights_document, actor
                row.save(update_fields=["weight", "document_no", "changed_by"])
        held.weights_document = weights_document
        for name, value in facts.items():
            setattr(held, name, value)
        held.save(update_fields=["weights_document", *facts])
    note(object_key=f"{held.appropriation} {held}", division=PROVINCE_CODE, detail={"weights": changed})
    return held


@transaction.atomic
def grade(
    *, actor: User, scheme: Scheme, county: int, grade: str, is_barred: bool, grade_document: str
) -> None:
    """Say a county's grade by the document of its assessment, for the bonus. Raise MoneyRefused, Refused."""
    _may(actor, "funds.draft_scheme")
    held = _open(scheme)
    row = held.counties.filter(county=county).first()
    if row is None:
        raise MoneyRefused({"county": "该县不在方案中"})
    row.grade, row.is_barred, row.grade_document = grade, is_barred, grade_document.strip()
    with refusing():
        row.save(update_fields=["grade", "is_barred", "grade_document"])
    note(object_key=f"{held.appropriation} {held}", division=PROVINCE_CODE, detail={"graded": county})


@transaction.atomic
def submit(*, actor: User | None, scheme: Scheme) -> Scheme:
    """Submit a complete draft. Raise NotComplete naming the counties whose figures are missing, MoneyRefused, Refused."""
    _may(actor, "funds.draft_scheme")
    held = _open(scheme)
    _settled(held)
    held.status, held.submitted_at, held.opinion = SchemeStatus.SUBMITTED, timezone.now(), ""
    with refusing():
        held.save(update_fields=["status", "submitted_at", "opinion"])
    note(object_key=f"{held.appropriation} {held}", division=PROVINCE_CODE)
    return held


def _settled(scheme: Scheme) -> Reckoned:
    """Reckon a scheme that must be complete."""
    found = reckon(scheme, trial=False)
    if refused := weight_refusals(found.factors):
        raise MoneyRefused(refused)
    if found.missing:
        raise NotComplete(found.missing)
    if found.refusals:
        raise MoneyRefused(found.refusals)
    return found


@transaction.atomic
def send_back(*, actor: User, scheme: Scheme, opinion: str) -> Scheme:
    """Give a submitted scheme back to its drafter, with the reason. Raise MoneyRefused, Refused."""
    held = _submitted(actor, scheme)
    if not opinion.strip():
        raise MoneyRefused({"opinion": "请写明退回的理由"})
    held.status, held.opinion = SchemeStatus.RETURNED, opinion.strip()
    with refusing():
        held.save(update_fields=["status", "opinion"])
    note(object_key=f"{held.appropriation} {held}", division=PROVINCE_CODE, reason=opinion)
    return held


@transaction.atomic
def settle(*, actor: User | None, scheme: Scheme, opinion: str = "") -> Scheme:
    """Approve a scheme: every county's amount is written down with what it rests on. Raise NotComplete, MoneyRefused, Refused."""
    held = _submitted(actor, scheme)
    found = _settled(held)
    shares = found.run.counties if found.run else ()
    with refusing():
        SchemeShare.objects.bulk_create(_frozen(found, share) for share in shares)
        held.status, held.opinion = SchemeStatus.APPROVED, opinion.strip()
        held.approved_by, held.approved_at = actor, timezone.now()
        held.save(update_fields=["status", "opinion", "approved_by", "approved_at"])
    note(object_key=f"{held.appropriation} {held}", division=PROVINCE_CODE, detail={"counties": len(shares)})
    return held


def _submitted(actor: User | None, scheme: Scheme) -> Scheme:
    """Hold a scheme that waits for somebody else than its drafter."""
    held = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if actor is not None:
        require(actor, "funds.approve_scheme", at=PROVINCE_CODE, not_entered_by=held.entered_by_id)
    if held.status != SchemeStatus.SUBMITTED:
        raise MoneyRefused(f"方案现为“{held.get_status_display()}”，不能复核")
    return held


def _frozen(found: Reckoned, share: CountyShare) -> SchemeShare:
    """Return a county's amount with all that it rests on, as it stood."""
    rows = {part.factor.code: found.rows[part.factor.code, share.division] for part in share.parts}
    return SchemeShare(
        division_id=share.division,
        scheme=found.scheme,
        appropriation=found.scheme.appropriation,
        amount_yuan=share.amount,
        bonus_yuan=found.bonus.get(share.division, Decimal(0)),
        score=round(Decimal(share.score.numerator) / Decimal(share.score.denominator), 18),
        poor_population=int(rows[POOR].value) if POOR in rows else None,
        last_year_yuan=found.last_year.get(share.division),
        factors=[
            {
                "code": part.factor.code,
                "title": part.factor.title,
                "value": str(part.value),
                "unit": rows[part.factor.code].kind.unit,
                "source": rows[part.factor.code].source,
                "data_on": rows[part.factor.code].data_on.isoformat(),
                "weight": str(part.factor.weight),
                "share": str(round(Decimal(part.share.numerator) / Decimal(part.share.denominator), 9)),
                "brought_yuan": str(part.yuan),
            }
            for part in share.parts
        ],
    )
