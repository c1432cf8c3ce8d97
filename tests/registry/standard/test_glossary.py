"""docs/glossary.md says what the code says."""

from pathlib import Path

from registry.rules.checks import RULES
from registry.standard.glossary import BEGIN, tables

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"


def test_glossary_holds_every_field_and_code():
    written = GLOSSARY.read_text(encoding="utf-8").split(BEGIN, 1)[1].lstrip("\n")
    assert written == tables()


def test_glossary_names_every_warning_of_the_field_tables():
    text = GLOSSARY.read_text(encoding="utf-8")
    for number, rule in RULES.items():
        if number.startswith("F"):
            assert f"{number} {rule.title}" in text
