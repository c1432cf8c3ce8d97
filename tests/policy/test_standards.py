"""Figures by year."""

from decimal import Decimal

import pytest

from fupin.policy.standards import (
    FIGURES,
    POVERTY_LINES,
    NoStandard,
    PovertyLine,
    figure,
    poverty_line,
)


@pytest.mark.parametrize(
    ("year", "amount"),
    [(2010, 2300), (2011, 2536), (2012, 2625), (2013, 2736), (2014, 2800), (2015, 2855), (2016, 2952)],
)
def test_published_lines(year: int, amount: int):
    line = poverty_line(year)
    assert (line.amount, line.published) == (Decimal(amount), True)
    assert line.source


def test_lines_not_held_against_a_document_say_so():
    assert [line.year for line in POVERTY_LINES if not line.published] == [2017, 2018, 2019, 2020]


def test_unknown_year_and_unknown_standard_are_refused():
    for year, standard in ((2009, "1"), (2021, "1"), (2013, "2")):
        with pytest.raises(NoStandard, match=str(year)):
            poverty_line(year, standard=standard)


def test_provincial_lines_come_from_the_caller():
    provincial = PovertyLine(2013, "2", Decimal(2800), "试算")
    assert poverty_line(2013, standard="2", lines=(*POVERTY_LINES, provincial)) is provincial


def test_every_figure_has_a_source_and_one_row_a_year():
    rows = [(row.key, row.since) for row in FIGURES]
    assert len(rows) == len(set(rows))
    assert all(row.source and row.meaning for row in FIGURES)


def test_figure_holds_from_its_year_on():
    assert figure("exit_rate", 2016) == Decimal("2.00")
    assert figure("exit_rate", 2020) == Decimal("2.00")
    with pytest.raises(NoStandard, match="2015"):
        figure("exit_rate", 2015)
    with pytest.raises(KeyError):
        figure("no_such_figure", 2014)
