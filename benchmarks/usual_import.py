"""What a Django project would do otherwise: django-import-export with bulk, cleaning and foreign keys, as its documentation shows.

The tables have the data standard's columns and nothing of what the register adds: no history, no encryption, no row policies.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ |= {"DJANGO_SETTINGS_MODULE": "fupin.settings.base", "FUPIN_LOGIN": "owner", "DEMO": "1"}
django.setup()

from django.db import connection, models
from import_export import fields, resources, widgets
from tablib import Dataset

from registry.services.importing.households import HOUSEHOLD_FIELDS, MEMBER_FIELDS
from registry.standard.workbooks import HOUSEHOLDS


def _column(name: str, standard: Any) -> "models.Field[Any, Any]":
    if standard is None or standard.kind in {"str", "enum", "enums"}:
        return models.CharField(max_length=500, blank=True)
    if standard.kind == "bool":
        return models.CharField(max_length=2, blank=True, choices=[("是", "是"), ("否", "否")])
    if standard.kind in {"int", "year"}:
        return models.IntegerField(null=True, blank=True)
    if standard.kind == "date":
        return models.DateField(null=True, blank=True)
    return models.DecimalField(max_digits=14, decimal_places=standard.decimals, null=True, blank=True)


def _model(name: str, sheet: int, standard: dict[str, Any], **more: Any) -> type[models.Model]:
    columns = {
        heading.name.replace(".", "_"): _column(heading.name, standard.get(heading.name))
        for heading in HOUSEHOLDS.sheets[sheet].headings
        if heading.name != "serial"
    }
    meta = type("Meta", (), {"app_label": "sheets", "db_table": f"usual_{name.lower()}"})
    return type(name, (models.Model,), {**columns, **more, "Meta": meta, "__module__": __name__})


UsualHousehold = _model(
    "UsualHousehold", 0, dict(HOUSEHOLD_FIELDS), serial=models.CharField(max_length=40, unique=True)
)
UsualMember = _model(
    "UsualMember",
    1,
    dict(MEMBER_FIELDS),
    household=models.ForeignKey(UsualHousehold, models.CASCADE, related_name="people"),
)


def _resource(model: type[models.Model], sheet: int, key: list[str]) -> type[resources.ModelResource]:
    declared: dict[str, Any] = {}
    for heading in HOUSEHOLDS.sheets[sheet].headings:
        name = heading.name.replace(".", "_")
        if name == "serial" and sheet == 1:
            declared["household"] = fields.Field(
                attribute="household",
                column_name=heading.text,
                widget=widgets.ForeignKeyWidget(UsualHousehold, field="serial"),
            )
            continue
        kind = resources.ModelResource.widget_from_django_field(model._meta.get_field(name))
        declared[name] = fields.Field(attribute=name, column_name=heading.text, widget=kind())
    options = {
        "model": model,
        "import_id_fields": key,
        "use_bulk": True,
        "batch_size": 1000,
        "clean_model_instances": True,
        "force_init_instance": True,
        "skip_unchanged": False,
        "fields": list(declared),
    }
    return type(
        f"{model.__name__}Resource",
        (resources.ModelResource,),
        {**declared, "Meta": type("Meta", (), options)},
    )


def run(path: Path) -> tuple[float, int]:
    """Import both sheets; return the seconds and how many rows they have."""
    with connection.schema_editor() as editor, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS usual_usualmember, usual_usualhousehold")
        editor.create_model(UsualHousehold)
        editor.create_model(UsualMember)
    began = time.perf_counter()
    rows = 0
    import tablib

    book = tablib.Databook().load(path.read_bytes(), format="xlsx")
    for data, resource in zip(
        book.sheets(),
        (_resource(UsualHousehold, 0, ["serial"]), _resource(UsualMember, 1, ["id_no"])),
        strict=False,
    ):
        assert isinstance(data, Dataset)
        result = resource().import_data(data, dry_run=False, raise_errors=True)
        assert not result.has_errors(), result.row_errors()[:3]
        rows += len(data)
    return time.perf_counter() - began, rows


if __name__ == "__main__":
    print(*run(Path(sys.argv[1])))
