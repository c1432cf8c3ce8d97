"""The document, its articles, and who cites them."""

import importlib
import pkgutil

import pytest

import registry.rules
from fupin.policy.articles import ARTICLES, article, article_texts
from fupin.policy.cites import citations, cites
from fupin.policy.documents import DOCUMENTS, EXIT_2016, OPINIONS_2014


def test_forty_two_articles_each_begin_with_their_title():
    assert list(ARTICLES) == list(range(1, 43))
    texts = article_texts()
    for number, entry in ARTICLES.items():
        assert texts[number].startswith(f"{entry.title}。")


def test_article_by_mark():
    assert article("§28").title == "扎实抓好千村万人就业培训行动计划"
    assert article("§28").mark == "§28"
    for mark in ("28", "§0", "§43", "§x"):
        with pytest.raises(KeyError):
            article(mark)


def test_documents():
    assert DOCUMENTS["opinions-2014"] is OPINIONS_2014
    assert OPINIONS_2014.title in OPINIONS_2014.text()
    with pytest.raises(LookupError):
        EXIT_2016.text()


def test_quotation_must_stand_in_the_article():
    with pytest.raises(ValueError, match="一年"):
        cites("§3", "扶贫对象每一年进行一次动态调整")
    with pytest.raises(ValueError, match="动态管理"):
        cites("§3", "做到户有卡……实行扶贫对象动态管理")  # not in this order
    assert cites("§3", "扶贫对象每三年进行一次动态调整……户有卡")(len) is len


def test_rules_of_the_registry_cite_articles_that_exist():
    for module in pkgutil.walk_packages(registry.rules.__path__, "registry.rules."):
        importlib.import_module(module.name)
    cited = [entry for entry in citations() if entry.module.startswith("registry.")]
    assert {1, 2, 3, 20, 28} <= {entry.number for entry in cited}
    for entry in cited:
        assert entry.summary, entry.where
        assert hasattr(importlib.import_module(entry.module), entry.qualname.split(".")[0])
