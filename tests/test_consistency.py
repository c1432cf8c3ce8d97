"""What has to agree across the house: standard and columns, rules and tables, templates and pages, pages and queries."""

import importlib
import inspect
import json
import os
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection, models
from django.db.models import GeneratedField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import funds
import fupin
import registry
from fupin.accounts.models import User
from fupin.policy.articles import ARTICLES
from fupin.policy.cites import citations
from registry import models as register
from registry.models import HouseholdYear
from registry.rules.catalogue import TITLES
from registry.rules.checks import RULES
from registry.standard.fields import MAX_DIGITS, Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.lists import CODE_LISTS
from registry.standard.member import MEMBER
from registry.standard.village import VILLAGE_YEAR
from tests.registry import factories
from tests.registry.factories import VILLAGE, card, saved

ROOT: Final = Path(__file__).parents[1]
COUNTS: Final = Path(__file__).with_name("query_counts.json")

# Rules --------------------------------------------------------------------------------------------------------------------------------

OF_A_CARD: Final = {
    number
    for first, last in (
        (1, 5),
        (11, 20),
        (31, 34),
        (41, 43),
        (51, 57),
        (61, 67),
        (71, 76),
        (81, 82),
        (91, 91),
        (95, 95),
    )
    for number in range(first, last + 1)
}
"""The rules of data-standard §7 that a card can break; R-92 and R-93 come with identification and exit, R-94 is a village's."""


def test_every_rule_of_the_standard_is_checked_and_has_its_table() -> None:
    numbers = {f"R-{number:02}" for number in OF_A_CARD}
    assert numbers <= set(RULES)
    tables = "".join(path.read_text() for path in (ROOT / "tests/registry/rules").glob("test_*.py"))
    assert {number for number in TITLES if f'"{number}"' not in tables} == set()


def test_every_article_quoted_exists() -> None:
    for package in (fupin, registry, funds):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(settings|wsgi|celery|migrations|management)\b", module.name):
                importlib.import_module(module.name)
    assert citations()
    assert {one.number for one in citations()} <= set(ARTICLES)
    assert [one.where for one in citations() if not one.summary] == []


# Standard and columns -----------------------------------------------------------------------------------------------------------------

TABLES: Final[Mapping[str, tuple[tuple[Field, ...], tuple[type[models.Model], ...]]]] = {
    "household": (HOUSEHOLD_YEAR, (register.HouseholdYear, register.Household)),
    "income": (INCOME, (register.HouseholdYear,)),
    "condition": (CONDITION, (register.HouseholdYear,)),
    "relocation": (RELOCATION, (register.Relocation,)),
    "member": (MEMBER, (register.MemberYear, register.Member)),
    "labourer": (LABOURER, (register.LabourerYear,)),
    "training": (TRAINING, (register.Training,)),
    "certificate": (CERTIFICATE, (register.Certificate,)),
    "village": (VILLAGE_YEAR, (register.VillageYear, register.Village)),
}
ELSEWHERE: Final = {"village_code", "member_no", "household_no", "name"}
"""Columns of another table, reached through a key."""


def columns() -> Iterator[Any]:
    for table, (fields, homes) in TABLES.items():
        for field in fields:
            yield pytest.param(field, homes, id=f"{table}.{field.name}")


@pytest.mark.parametrize(("field", "homes"), list(columns()))
def test_a_field_of_the_standard_has_its_column(field: Field, homes: tuple[type[models.Model], ...]) -> None:
    found = [column_of(model, field.name) for model in homes]
    column = next((one for one in found if one is not None), None)
    if column is None:  # derived, an attachment, or another table's
        assert field.need == "D" or field.kind == "file" or field.name in ELSEWHERE
        return
    plain = (
        column.output_field if isinstance(column, GeneratedField) else getattr(column, "base_field", column)
    )
    assert column.verbose_name == field.label
    if field.kind == "str" and not column.name.endswith("_masked"):
        assert plain.max_length == field.digits
    if field.codes:
        assert list(plain.choices or ()) == list(CODE_LISTS[field.codes].choices)
    if field.kind in MAX_DIGITS:
        assert plain.decimal_places == field.decimals
        digits = MAX_DIGITS[field.kind]
        assert plain.max_digits >= digits if field.need == "D" else plain.max_digits == digits, (
            "sums may be longer"
        )


def column_of(model: type[models.Model], name: str) -> Any:
    """Return the column of a field, of a sealed one the masked form."""
    names = {column.name: column for column in model._meta.concrete_fields}
    return names.get(name) or names.get(f"{name}_masked")


# Templates ----------------------------------------------------------------------------------------------------------------------------

BY_NAME: Final = {"400.html", "403.html", "404.html", "500.html"}


def test_every_template_is_used() -> None:
    named = "\n".join(
        path.read_text()
        for folder in ("fupin", "registry", "projects", "funds", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    )
    folder = ROOT / "templates"
    unused = [
        name
        for path in folder.rglob("*.html")
        if (name := str(path.relative_to(folder))) not in BY_NAME
        and f'"{name}"' not in named
        and f"'{name}'" not in named
    ]
    assert [name for name in unused if f"errors/{Path(name).name}" != name] == []


def test_every_script_and_stylesheet_is_loaded() -> None:
    pages = [path for folder in ("templates", "fupin") for path in (ROOT / folder).rglob("*")]
    named = "\n".join(path.read_text() for path in pages if path.suffix in {".py", ".html"})
    scripts = "\n".join(path.read_text() for path in (ROOT / "static/js").glob("*.js"))
    for path in [*(ROOT / "static/js").glob("*.js"), *(ROOT / "static/css").glob("*.css")]:
        assert f"{path.parent.name}/{path.name}" in named or path.name in scripts, path.name


# Factories ----------------------------------------------------------------------------------------------------------------------------

BUILDERS: Final = [
    one
    for name, one in inspect.getmembers(factories, inspect.isfunction)
    if one.__module__ == factories.__name__
    and all(
        p.default is not p.empty or p.kind in {p.VAR_KEYWORD, p.VAR_POSITIONAL}
        for p in inspect.signature(one).parameters.values()
    )
]


@pytest.mark.parametrize("build", BUILDERS, ids=lambda one: one.__name__)
def test_every_factory_builds(build: Any) -> None:
    assert build() is not None


# Queries ------------------------------------------------------------------------------------------------------------------------------

LISTS: Final = (
    "home",
    "household_list",
    "village_list",
    "labourer_list",
    "correction_list",
    "moving_list",
    "export_approval_list",
    "draft_list",
    "api:households-list",
    "api:members-list",
)


def counted(browser: Client, url: str, data: Mapping[str, str] | None = None) -> int:
    """Return how many statements a request takes, once what is kept between requests is there."""
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.post(url, data) if data is not None else browser.get(url)
    assert answer.status_code in {200, 302}, answer.status_code
    return len(queries)


@pytest.mark.django_db
def test_pages_take_as_many_queries_however_many_rows(bo: User, in_scope: Any, client_for: Any) -> None:
    """The numbers are checked in: whoever changes one sees it in the diff. Anew with FUPIN_COUNT_QUERIES=1."""
    with in_scope(bo):
        first = saved(bo)
        saved(bo, card(phone="13800000002"))
    browser = client_for(bo)
    number = first.household.household_no
    pages = {name: reverse(name) for name in LISTS}
    pages |= {
        "household_card": reverse("household_card", args=[number, 2014]),
        "household_history": reverse("household_history", args=[number]),
        "household_recent": reverse("household_recent", args=[number]),
        "village_grid": reverse("village_grid", args=[VILLAGE, 2014]),
        "village_table": reverse("village_table", args=[VILLAGE, 2014]),
    }
    few = {name: counted(browser, url) for name, url in pages.items()}
    few["search POST"] = counted(browser, reverse("search"), {"q": "zhangjianguo"})
    with in_scope(bo):
        for serial in range(3, 7):
            saved(bo, card(phone=f"1380000000{serial}"))
    many = {name: counted(browser, url) for name, url in pages.items()}
    many["search POST"] = counted(browser, reverse("search"), {"q": "zhangjianguo"})
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    many["household_card POST"] = saving(browser, number)
    agree(many)


def saving(browser: Client, number: str) -> int:
    """Return the statements of saving a card as its own form would send it."""
    from registry.forms.card import CardForms
    from registry.reports.cards import read_card

    row = HouseholdYear.objects.select_related("household").get(household__household_no=number)
    forms = CardForms(year=2014, card=read_card(row))
    sent: dict[str, Any] = {"year": "2014", "version": str(row.version), "household_no": number}
    for form in forms.everyone():
        sent |= {
            form.add_prefix(name): form[name].value()
            for name in form.fields
            if form[name].value() not in (None, "", [])
        }
    sent["address"] = "白文镇前庄13号"
    url = reverse("household_card", args=[number, 2014])
    with CaptureQueriesContext(connection) as queries:
        assert browser.post(url, sent).status_code == 302
    return len(queries)


def agree(counts: Mapping[str, int]) -> None:
    """Compare with what is checked in, or check it in."""
    if os.environ.get("FUPIN_COUNT_QUERIES") == "1":
        COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n")
    assert json.loads(COUNTS.read_text()) == counts
