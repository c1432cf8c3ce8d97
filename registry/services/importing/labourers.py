"""Labourers' cards of a year with their trainings and certificates, written as their page writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from fupin.accounts.models import User
from registry.models import LabourerYear, MemberYear
from registry.reports.labourers import read_labourer, read_labourers
from registry.rules.findings import Finding
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow
from registry.services.importing.filling import filled
from registry.services.importing.rows import ByService, Unit
from registry.services.labourers import check, save_labourer_card
from registry.standard.fields import by_name
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.values import parse, present
from registry.standard.workbooks import LABOURERS, VERSION

_OWN: Final = by_name(LABOURER)
_FIELDS: Final = (
    {**_OWN},
    {**by_name(TRAINING)},
    {**by_name(CERTIFICATE)},
)
_TYPED: Final = tuple(
    one.name for one in fields(LabourerCard) if one.name in _OWN and one.name not in {"year", "member_no"}
)
_POSTED: Final = ("is_female", "stable_emp", "is_away_youth")
_PARTS: Final = {"trainings": 1, "certificates": 2}
_PARTS_FIELDS: Final = {"trainings": _FIELDS[1], "certificates": _FIELDS[2]}
_PARTS_MADE: Final[Mapping[str, type[Any]]] = {"trainings": TrainingRow, "certificates": CertificateRow}


@dataclass(frozen=True, slots=True)
class _Stands:
    """A member's year with the labourer's card of it, if there is one."""

    member_year: MemberYear
    row: LabourerYear | None


class Labourers(ByService):
    """劳动力."""

    sheets = LABOURERS
    key = "member_no"
    fields = _FIELDS

    def known(self, keys: Sequence[str], about: Any) -> Mapping[str, _Stands]:
        """Return the members of the year with their labourer cards."""
        found = (
            MemberYear.objects.within(about.division)
            .filter(year=about.year, member__member_no__in=[key for key in keys if key])
            .select_related("member")
        )
        rows = {
            row.member_year_id: row
            for row in LabourerYear.objects.filter(member_year__in=found).select_related(
                "member", "updated_by"
            )
        }
        return {one.member.member_no: _Stands(one, rows.get(one.pk)) for one in found}

    def about(self, thing: _Stands) -> tuple[str, int, int]:
        """Return the name, the village and the member's key."""
        return thing.member_year.member.name, thing.member_year.division_id, thing.member_year.member_id

    def version_of(self, thing: _Stands) -> int | None:
        """Return the version of the labourer's card."""
        return thing.row.version if thing.row else None

    def check(self, unit: Unit, thing: _Stands, about: Any) -> Iterable[Finding]:
        """Hold the card against its rules."""
        return check(member_year=thing.member_year, card=_card(unit, about), on=about.on)

    def changes(self, unit: Unit, thing: _Stands, about: Any) -> list[tuple[str, str, str]]:
        """Return what becomes different, trainings and certificates each as one."""
        if thing.row is None:
            return []
        now, wanted = read_labourer(thing.row), _card(unit, about)
        found = [
            (field.label, old, new)
            for field in LABOURER
            if field.name in _TYPED
            and (old := present(field, getattr(now, field.name)))
            != (new := present(field, getattr(wanted, field.name)))
        ]
        for name, label in (("trainings", "培训经历"), ("certificates", "技能证书")):
            before, after = getattr(now, name), getattr(wanted, name)
            if sorted(map(repr, before)) != sorted(map(repr, after)):
                found.append((label, f"{len(before)} 条", f"{len(after)} 条"))
        return found

    def save(self, unit: Unit, thing: _Stands, about: Any) -> int:
        """Write the card."""
        saved = save_labourer_card(
            actor=about.uploader,
            member=thing.member_year.member,
            card=_card(unit, about),
            base_version=self.version_of(thing),
            on=about.on,
        )
        return saved.labourer_year.version

    def kept(self, thing: _Stands) -> Any:
        """Return the card as text, with its trainings and certificates."""
        if thing.row is None:
            return None
        card = read_labourer(thing.row)
        return {
            "card": {name: present(_OWN[name], getattr(card, name)) for name in _TYPED},
            **{
                part: [
                    {name: present(known[name], getattr(line, name)) for name in known if hasattr(line, name)}
                    for line in getattr(card, part)
                ]
                for part, known in _PARTS_FIELDS.items()
            },
        }

    def put_back(self, thing: _Stands, before: Any, about: Any) -> int:
        """Write the card of before, as its page would."""
        values: dict[str, Any] = {name: parse(_OWN[name], text) for name, text in before["card"].items()}
        for part, made in _PARTS_MADE.items():
            known = _PARTS_FIELDS[part]
            values[part] = tuple(
                made(**{name: parse(known[name], text) for name, text in line.items()})
                for line in before[part]
            )
        card = LabourerCard(year=about.year, member_no=thing.member_year.member.member_no, **values)
        saved = save_labourer_card(
            actor=about.uploader,
            member=thing.member_year.member,
            card=card,
            base_version=self.version_of(thing),
            on=about.on,
        )
        return saved.labourer_year.version

    def prefilled(self, actor: User, year: int, division: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield the labourers of the year, those without a card by who they are."""
        people = (
            MemberYear.objects.visible_to(actor)
            .within(division)
            .filter(year=year, is_labourer=True)
            .select_related("member")
            .order_by("division_id", "member__member_no", "pk")
        )
        rows = LabourerYear.objects.filter(member_year__in=people).select_related("member")
        cards = {row.member_year_id: (row, card) for row, card in read_labourers(list(rows))}
        sheets = self.sheets.sheets
        for one in people:
            row, card = cards.get(one.pk, (None, None))
            values: dict[str, Any] = {
                "member_no": one.member.member_no,
                "name": one.member.name,
                "year": year,
            }
            if row is not None and card is not None:
                values |= {**{name: getattr(card, name) for name in _TYPED}, VERSION: row.version}
            yield 0, filled(values, sheets[0].headings, _OWN)
            for part, sheet in _PARTS.items():
                for line in getattr(card, part, ()):
                    named = {
                        "member_no": one.member.member_no,
                        **{f.name: getattr(line, f.name) for f in fields(line)},
                    }
                    yield sheet, filled(named, sheets[sheet].headings, _FIELDS[sheet])

    def part_of(self, path: str) -> tuple[int, int, str] | None:
        """Return where a finding about a training or a certificate stands."""
        head, bracket, rest = path.partition("[")
        place, _, name = rest.partition("].")
        return (_PARTS[head], int(place), name) if bracket and head in _PARTS and place.isdigit() else None


def _card(unit: Unit, about: Any) -> LabourerCard:
    trainings, certificates = unit.parts
    return LabourerCard(
        year=about.year,
        member_no=unit.values["member_no"],
        **{name: unit.values[name] for name in _TYPED},
        trainings=tuple(
            TrainingRow(**{f.name: row.values[f.name] for f in fields(TrainingRow)}) for row in trainings
        ),
        certificates=tuple(
            CertificateRow(**{f.name: row.values[f.name] for f in fields(CertificateRow)})
            for row in certificates
        ),
        posted={name: given for name in _POSTED if (given := unit.values.get(name)) is not None},
    )
