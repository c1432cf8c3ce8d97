"""What import-linter can't say: which part of Django the rules may know, and how long a module may grow."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ["fupin", "registry", "projects", "funds", "assessment"]
LONGEST = 500
RULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("rules/*.py"))
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts and "__pycache__" not in path.parts
)


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of each module or member that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_knows_no_django_but_its_queries(path: Path) -> None:
    foreign = {
        found
        for found in imports(path)
        if found.split(".")[0] in {"django", "rest_framework", "celery"}
        and not found.startswith("django.db.models")
    }
    assert not foreign


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_reads_no_clock(path: Path) -> None:
    calls = {
        ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    }
    assert not {
        call for call in calls if call.endswith(("date.today", "datetime.now", "timezone.now", "localdate"))
    }


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_one_concept(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_a_drawer(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "misc", "common"}
    assert not any(found.endswith(".*") for found in imports(path) if "settings" not in path.parts)
