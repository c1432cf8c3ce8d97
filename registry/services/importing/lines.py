"""A card that is not there yet as the lines that COPY reads, so that a thousand households are written in a few statements.

Says the same as `registry.services.mapping`, column for column; a test holds the two together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fupin.lib.pinyin import name_keys
from fupin.sheets.copying import encoders_of
from fupin.vault.sealing import VaultLines, mask
from registry.codes import Relation
from registry.models import HouseholdYear, Member, MemberYear
from registry.reports import columns
from registry.rules.card import Card, MemberCard
from registry.rules.people import is_labourer, is_zero_employment
from registry.services.mapping import index_of, stored_lines
from registry.services.remarks import open_in

Encode = Callable[[Any], str]

_LEFT_TO_WRITING: Final[Mapping[type[models.Model], frozenset[str]]] = {
    HouseholdYear: frozenset({"id", "household_id", "updated_by_id", "updated_at"}),
    Member: frozenset({"id", "household_id", "member_no"}),
    MemberYear: frozenset({"id", "member_id", "household_year_id"}),
}
"""Columns that are only known when a card is written."""


_REMEMBERED: Final = 20_000


class _Texts(dict[Any, str]):
    """How a column's values are written; what is said again and again is written once."""

    def __init__(self, encoders: Mapping[type, Encode]) -> None:
        super().__init__()
        self._encoders = encoders

    def __missing__(self, value: Any) -> str:
        text = self._encoders[type(value)](value)
        if len(self) < _REMEMBERED:
            self[value] = text
        return text


def _repeats(column: "models.Field[Any, Any]") -> bool:
    """Tell whether a column's values are few: codes, numbers and days, not what is typed freely."""
    plain = (models.BooleanField, models.DecimalField, models.IntegerField, models.DateField, ArrayField)
    return bool(column.choices) or isinstance(column, plain)


def _getter(paths: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return what gives the values at some paths of a card; a tuple also of one."""
    get = attrgetter(*paths)
    return get if len(paths) > 1 else lambda source: (get(source),)


class Line:
    """A table's columns in a fixed order: those that a card says, then those worked out for it, then fixed ones."""

    def __init__(self, model: type[models.Model], said: Mapping[str, str], worked_out: Sequence[str]) -> None:
        named = {
            field.attname: field
            for field in model._meta.concrete_fields
            if not isinstance(field, models.GeneratedField)
        }
        fixed = [name for name in named if name not in {*said, *worked_out, *_LEFT_TO_WRITING[model]}]
        repeated = [name for name in said if _repeats(named[name])]
        free = [name for name in said if name not in repeated]
        order = [*repeated, *free, *worked_out, *fixed]
        self.columns: Final[tuple[str, ...]] = tuple(str(named[name].column) for name in order)
        self._get_repeated: Final = _getter([said[name] for name in repeated])
        self._get_free: Final = _getter([said[name] for name in free])
        self._texts: Final = [_Texts(encoders_of(named[name])) for name in repeated]
        self._encoders: Final = [encoders_of(named[name]) for name in (*free, *worked_out)]
        defaults = [(encoders_of(named[name]), named[name].get_default()) for name in fixed]
        self._fixed: Final = [encoders[type(value)](value) for encoders, value in defaults]

    def of(self, source: object, worked_out: Sequence[Any]) -> str:
        """Return the line of a card or member."""
        said = [texts[value] for texts, value in zip(self._texts, self._get_repeated(source), strict=True)]
        values = (*self._get_free(source), *worked_out)
        said += [encoders[type(value)](value) for encoders, value in zip(self._encoders, values, strict=True)]
        return "\t".join(said + self._fixed)


def _sealed(name: str) -> tuple[str, str, str]:
    return f"{name}_sealed", f"{name}_index", f"{name}_masked"


YEAR: Final = Line(
    HouseholdYear,
    {
        **{name: name for name in columns.HOUSEHOLD},
        **{name: f"income.{name}" for name in columns.INCOME},
        **{column: f"condition.{name}" for name, column in columns.CONDITION.items()},
        "year": "year",
    },
    (
        "division_id", "income_lines", "member_count", "labourer_count", "head_name", "head_pinyin", "head_initials",
        "is_zero_employment", "remarks", "open_remarks", *_sealed("phone"), *_sealed("bank_account"),
    ),
)  # fmt: skip
PERSON: Final = Line(
    Member,
    {name: name for name in columns.IDENTITY},
    ("division_id", "name_pinyin", "name_initials", *_sealed("id_no")),
)
PERSON_YEAR: Final = Line(
    MemberYear,
    {name: name for name in columns.YEARLY},
    (
        "division_id",
        "year",
        "seat",
        "is_labourer",
        "id_no_index",
        *_sealed("disability_no"),
        *_sealed("phone"),
    ),
)
_NOTHING: Final = (None, None, "")
FORMAT: Final = blake2s(
    repr((YEAR.columns, PERSON.columns, PERSON_YEAR.columns)).encode(), digest_size=8
).hexdigest()
"""Names the order of the columns: lines that another version of the system has left are not written."""


@dataclass(frozen=True, slots=True)
class CardLines:
    """The lines of a household: its numbers for the vault, its year, and each member with his place among the numbers."""

    sealed: Sequence[str]
    year: str
    members: Sequence[tuple[int, str, str]]

    def dumps(self) -> str:
        """Return them as text; the separators stand in no card, which holds no control characters."""
        members = [f"{seat}\x1f{person}\x1f{of_year}" for seat, person, of_year in self.members]
        return "\x1d".join([FORMAT, self.year, "\x1e".join(self.sealed), "\x1e".join(members)])

    @classmethod
    def loads(cls, text: str) -> "CardLines | None":
        """Return what `dumps` was given, None where another version of the system wrote it."""
        form, year, sealed, members = text.split("\x1d")
        if form != FORMAT:
            return None
        parts = (member.split("\x1f") for member in members.split("\x1e"))
        return cls(
            sealed.split("\x1e"), year, [(int(seat), person, of_year) for seat, person, of_year in parts]
        )

    @staticmethod
    def are_in(text: str) -> bool:
        """Tell whether a text holds lines, and not a card that is kept whole."""
        return "\x1d" in text


def card_lines(
    card: Card, *, village: int, remarks: Sequence[Mapping[str, str]], indexes: Mapping[int, bytes]
) -> CardLines:
    """Return the lines of a prepared card of a new household whose members all have numbers.

    `indexes` are the blind indexes of their ID numbers by place.
    """
    vault = VaultLines(village, most=2 + 3 * len(card.members))
    phone = _seal(vault, "phone", card.phone)
    account = _seal(vault, "account", card.bank_account)
    full, initials = _keys(card.head_name)
    labourers = [is_labourer(member, card.year) for member in card.members]
    year = YEAR.of(
        card,
        (
            village, stored_lines(card.income), card.member_count, sum(labourers), card.head_name, full, initials,
            is_zero_employment(card), remarks, open_in(remarks), *phone, *account,
        ),
    )  # fmt: skip
    places = sorted(range(len(card.members)), key=lambda place: card.members[place].relation != Relation.HEAD)
    numbers = {place: number for number, place in enumerate(places, start=1)}
    members = []
    for place, member in enumerate(card.members):
        index = indexes[place]
        known = _keys(member.name or "")
        id_no = _seal(vault, "id_no", member.id_no, index)
        certificate = _seal(vault, "id_no", member.disability_no)
        own_phone = _seal(vault, "phone", member.phone)
        person = PERSON.of(member, (village, *known, *id_no))
        of_year = PERSON_YEAR.of(
            member,
            (village, card.year, place + 1, labourers[place], index, *certificate, *own_phone),
        )
        members.append((numbers[place], person, of_year))
    return CardLines(vault.lines, year, members)


def _seal(
    vault: VaultLines, kind: str, value: str | None, index: bytes | None = None
) -> tuple[UUID | None, bytes | None, str]:
    """Let a value lie in the vault; return what the row keeps of it."""
    if value is None:
        return _NOTHING
    return vault.add(kind, value), index or index_of(kind, value), mask(kind, value)


@lru_cache(maxsize=50_000)
def _keys(name: str) -> tuple[str, str]:
    return tuple(name_keys(name))  # type: ignore[return-value]  # full and initials


def has_all_numbers(members: Iterable[MemberCard]) -> bool:
    """Tell whether nobody waits for a temporary number."""
    return all(member.id_no for member in members)
