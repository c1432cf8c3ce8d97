"""A card as JSON and back: for correction slips, which keep a whole card until it is decided on."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

from registry.rules.card import Card, Condition, Income, IncomeLine, MemberCard, Relocation, Subsidy
from registry.standard.fields import Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.member import MEMBER
from registry.standard.values import parse, present


def _entered(fields: Iterable[Field], *besides: str) -> tuple[Field, ...]:
    return tuple(f for f in fields if (f.need != "D" and f.kind != "file") or f.name in besides)


_HOUSEHOLD: Final = _entered(HOUSEHOLD_YEAR, "household_no")
_INCOME: Final = _entered(INCOME)
_CONDITION: Final = _entered(CONDITION)
_RELOCATION: Final = _entered(RELOCATION)
_MEMBER: Final = _entered(MEMBER, "member_no", "birth_date")


def dumps(card: Card) -> str:
    """Return the card as JSON text, full numbers included: encrypt it before it is kept anywhere."""
    move = card.relocation
    return json.dumps(
        {
            "household": _texts(card, _HOUSEHOLD),
            "income": _texts(card.income, _INCOME),
            "lines": [asdict(line) for line in card.income.lines],
            "condition": _texts(card.condition, _CONDITION),
            "members": [_texts(member, _MEMBER) for member in card.members],
            "relocation": None if move is None else _texts(move, _RELOCATION),
            "follow_up_note": move.follow_up_note if move else None,
            "subsidies": [asdict(subsidy) for subsidy in move.subsidies] if move else [],
        },
        ensure_ascii=False,
        default=str,
    )


def loads(text: str) -> Card:
    """Return the card that `dumps` wrote."""
    stored = json.loads(text)
    lines = tuple(
        IncomeLine(**{**line, **{n: _decimal(line[n]) for n in ("amount", "quantity", "unit_price")}})
        for line in stored["lines"]
    )
    subsidies = tuple(Subsidy(**{**one, "amount": Decimal(one["amount"])}) for one in stored["subsidies"])
    move = stored["relocation"]
    return Card(
        **_values(stored["household"], _HOUSEHOLD),
        income=Income(**_values(stored["income"], _INCOME), lines=lines),
        condition=Condition(**_values(stored["condition"], _CONDITION)),
        members=tuple(MemberCard(**_values(member, _MEMBER)) for member in stored["members"]),
        relocation=None
        if move is None
        else Relocation(
            **_values(move, _RELOCATION), follow_up_note=stored["follow_up_note"], subsidies=subsidies
        ),
    )


def _texts(values: object, fields: Iterable[Field]) -> dict[str, str]:
    return {field.name: present(field, getattr(values, field.name)) for field in fields}


def _values(texts: Mapping[str, str], fields: Iterable[Field]) -> dict[str, Any]:
    return {field.name: parse(field, texts[field.name]) for field in fields}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
