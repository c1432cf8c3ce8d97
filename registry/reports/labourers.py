"""A labourer's card of a year, read from its rows into plain data."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TypeVar

from registry.models import Certificate, LabourerYear, Training
from registry.reports.columns import value_of
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow

_BESIDES = frozenset({"year", "member_no", "trainings", "certificates", "posted"})


def read_labourer(labourer_year: LabourerYear) -> LabourerCard:
    """Return the card with the labourer's trainings and certificates, the earliest first. Two queries."""
    return read_labourers([labourer_year])[0][1]


def read_labourers(rows: Sequence[LabourerYear]) -> list[tuple[LabourerYear, LabourerCard]]:
    """Return the cards of several labourers beside their rows, with two queries for all of them."""
    members = [row.member_id for row in rows]
    trainings = Training.objects.filter(member_id__in=members).order_by("member_id", "start", "pk")
    certificates = Certificate.objects.filter(member_id__in=members).order_by("member_id", "issued_on", "pk")
    trained, certified = _by_member(trainings), _by_member(certificates)
    return [(row, _card(row, trained[row.member_id], certified[row.member_id])) for row in rows]


R = TypeVar("R", Training, Certificate)


def _by_member(rows: Iterable[R]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for row in rows:
        found[row.member_id].append(row)
    return found


def _card(
    labourer_year: LabourerYear, trainings: Iterable[Training], certificates: Iterable[Certificate]
) -> LabourerCard:
    return LabourerCard(
        year=labourer_year.year,
        member_no=labourer_year.member.member_no,
        **{f.name: value_of(labourer_year, f.name) for f in fields(LabourerCard) if f.name not in _BESIDES},
        trainings=tuple(
            TrainingRow(**{f.name: value_of(row, f.name) for f in fields(TrainingRow)}) for row in trainings
        ),
        certificates=tuple(
            CertificateRow(**{f.name: value_of(row, f.name) for f in fields(CertificateRow)})
            for row in certificates
        ),
    )
