"""Give the sender his wrong rows back as a workbook of the same kind, with the reason in each row and at each cell."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlsxwriter

from fupin.sheets.cells import xml_text
from fupin.sheets.intake import IMPORTS
from fupin.sheets.keeping import kept
from fupin.sheets.layouts import RETURNED
from fupin.sheets.models import ImportBatch, StagedUnit, Verdict
from fupin.sheets.opening import open_files

_LONGEST: Final = 1000

Reasons = Mapping[tuple[str, int], Sequence[Mapping[str, Any]]]


def corrected_workbook(batch: ImportBatch) -> bytes:
    """Return the units that are wrong or cannot be told, whole, ready to be mended and sent again.

    The rows come from the file itself, which is kept for its sender. Raise FileNotFoundError when it is gone.
    """
    intake = IMPORTS[batch.kind].intake
    layout = intake.layout(batch.year)
    opened = open_files(
        kept(batch.pk, [one["name"] for one in batch.files]), layout, apart=intake.apart(layout)
    )
    _, units = intake.gather(opened)
    wrong = StagedUnit.objects.filter(batch=batch, verdict__in=(Verdict.WRONG, Verdict.AMBIGUOUS))
    findings = dict(wrong.values_list("ordinal", "findings"))
    reasons: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    chosen: list[set[int]] = [set() for _ in layout.sheets]
    for ordinal, row, _, parts, _ in units:
        if ordinal not in findings:
            continue
        if row:
            chosen[0].add(row)
        for part, number, _ in parts:
            chosen[part].add(number)
        for one in findings[ordinal]:
            reasons[one["sheet"] or layout.first.name, one["row"]].append(one)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    heading = book.add_format({"bold": True, "bg_color": "#EFEDEA", "bottom": 1})
    bad = book.add_format({"bg_color": "#FBE3E1", "num_format": "@"})
    plain = book.add_format({"num_format": "@"})
    for place, sheet in enumerate(layout.sheets):
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 3)
        texts = [RETURNED, *(one.text for one in sheet.headings)]
        for column, text in enumerate(texts):
            page.write_string(0, column, text, heading)
        page.set_column(0, 0, 60)
        at = 1
        for row_read in opened.sheets[place]:
            if row_read.number not in chosen[place]:
                continue
            told = reasons.get((sheet.name, row_read.number), [])
            said = "；".join(f"{one['column']}：{one['message']}（{one['rule']}）" for one in told)
            page.write_string(at, 0, xml_text(said)[:_LONGEST])
            wrong_columns = {one["column"] for one in told if one["level"] == "E"}
            for column, cell in enumerate(row_read.cells(), start=1):
                _write(page, at, column, cell, bad if texts[column] in wrong_columns else plain)
            for one in told:
                if one["column"] in texts:
                    page.write_comment(at, texts.index(one["column"]), xml_text(one["message"])[:_LONGEST])
            at += 1
    book.close()
    return out.getvalue()


def _write(page: Any, row: int, column: int, cell: Any, form: Any) -> None:
    if cell == "":
        page.write_blank(row, column, None, form)
    elif isinstance(cell, bool):
        page.write_string(row, column, "是" if cell else "否", form)
    elif isinstance(cell, str):
        page.write_string(row, column, xml_text(cell), form)
    else:
        page.write_number(row, column, cell)
