"""A labourer's card of a year, read from its rows into plain data."""

from dataclasses import fields

from registry.models import Certificate, LabourerYear, Training
from registry.reports.columns import value_of
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow

_BESIDES = frozenset({"year", "member_no", "trainings", "certificates", "posted"})


def read_labourer(labourer_year: LabourerYear) -> LabourerCard:
    """Return the card with the labourer's trainings and certificates, the earliest first. Two queries."""
    trainings = Training.objects.filter(member_id=labourer_year.member_id).order_by("start", "pk")
    certificates = Certificate.objects.filter(member_id=labourer_year.member_id).order_by("issued_on", "pk")
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
