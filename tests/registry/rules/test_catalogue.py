"""Every number that a check may answer with has a title."""

import re
from pathlib import Path

import registry.rules
from registry.errors import CardRefused, StaleCard, YearClosed
from registry.rules.catalogue import TITLES, title_of
from registry.rules.checks import check_card
from tests.registry.rules.cards import card_with, context, good_card


def test_every_number_in_the_code_has_a_title():
    sources = [path.read_text(encoding="utf-8") for path in Path(registry.rules.__path__[0]).rglob("*.py")]
    used = {number for source in sources for number in re.findall(r'"([RF]-\d\d)"', source)}
    assert used == set(TITLES)
    assert all(title_of(number) for number in used)
    assert title_of("R-00") == ""


def test_refusal_says_everything_at_once():
    findings = check_card(card_with(address=None, phone=None)(good_card()), ctx=context())
    refused = CardRefused(findings)
    assert len(refused.findings) == 2
    assert "家庭住址" in str(refused)
    assert "联系电话" in str(refused)


def test_refusals_name_the_versions_and_the_year():
    assert "第3版" in str(StaleCard(base=3, current=4))
    assert "2013年度" in str(YearClosed(2013))
