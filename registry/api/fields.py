"""A field of the data standard in JSON: codes and decimals as text, dates ISO 8601, 是/否 as true and false."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from registry.standard.fields import Field
from registry.standard.lists import codes_of, label_of
from registry.standard.values import Unreadable, parse

_DECIMAL: Final = r"^-?\d+(\.\d+)?$"


class StandardField(serializers.Field[Any, Any, Any, Any]):
    """One field of the standard; `standard` says how it is read and shown."""

    def __init__(self, standard: Field, **kwargs: Any) -> None:
        kwargs.setdefault("allow_null", True)
        kwargs.setdefault("label", standard.label)
        super().__init__(**kwargs)
        self.standard = standard

    def to_internal_value(self, data: Any) -> Any:
        """Return the value that the JSON means."""
        try:
            return parse(self.standard, data)
        except Unreadable as unreadable:
            raise serializers.ValidationError(unreadable.message, code=unreadable.rule) from unreadable

    def to_representation(self, value: Any) -> Any:
        """Return the value as JSON."""
        return as_json(self.standard, value)


def as_json(field: Field, value: Any) -> Any:
    """Return a value of the standard as JSON has it; what was not collected is null, an empty set of codes a list."""
    if field.kind == "enums":
        return list(value or ())
    if value is None or value == "":
        return None
    if field.numeric and field.kind != "int":
        return f"{round(Decimal(value), field.decimals):f}"
    return value.isoformat() if isinstance(value, date) else value


class StandardFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # its registration
    """How OpenAPI describes it."""

    target_class = "registry.api.fields.StandardField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the schema of the kind, with the codes and their names."""
        field: Field = self.target.standard
        return {**_schema(field), "title": field.label, "description": _described(field)}


def _schema(field: Field) -> dict[str, Any]:
    match field.kind:
        case "enum":
            return {"type": "string", "enum": list(codes_of(str(field.codes)))}
        case "enums":
            return {
                "type": "array",
                "items": {"type": "string", "enum": list(codes_of(str(field.codes)))},
            }
        case "bool":
            return {"type": "boolean"}
        case "int" | "year":
            return {"type": "integer"}
        case "date":
            return {"type": "string", "format": "date"}
        case "str":
            return {"type": "string", **({"maxLength": field.digits} if field.digits else {})}
    return {"type": "string", "format": "decimal", "pattern": _DECIMAL}


def _described(field: Field) -> str:
    said = [
        field.label,
        field.unit and f"单位{field.unit}",
        field.note,
        field.nat_code and f"国标 {field.nat_code}",
    ]
    if field.codes:
        said.append("；".join(f"{code} {label_of(field.codes, code)}" for code in codes_of(field.codes)))
    return "。".join(part for part in said if part)


def standard_fields(
    table: Iterable[Field], *, without: Collection[str] = (), typed: Collection[str] = ()
) -> dict[str, StandardField]:
    """Return the fields of a table but attachments; derived ones are answered only, but for those `typed`."""
    return {
        field.name: StandardField(
            field,
            read_only=field.need == "D" and field.name not in typed,
            required=False if field.need == "D" and field.name not in typed else is_asked(field),
        )
        for field in table
        if field.kind != "file" and field.name not in without
    }


def is_asked(field: Field) -> bool:
    """Tell whether the field must be sent with a whole card."""
    return field.need == "Y" and not field.attached and not field.defaulted


def serializer(
    name: str, *parts: Mapping[str, serializers.Field[Any, Any, Any, Any]], doc: str
) -> type[serializers.Serializer[Any]]:
    """Return a serializer of these fields, called `name` in the schema."""
    fields = {key: field for part in parts for key, field in part.items()}
    return type(name, (serializers.Serializer,), {**fields, "__doc__": doc, "__module__": __name__})
