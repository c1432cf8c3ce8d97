"""The workbook that a department fills in: its headings are those by which the columns are found."""

from io import BytesIO

from xlsxwriter import Workbook

from registry.codes.outside import ListKind
from registry.rules.matching import ID_HEADING, MEANINGS, NAME_HEADING, headings


def template(kind: ListKind) -> bytes:
    """Return an empty workbook of a kind of list, every column as text, so that no number loses its last digits."""
    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        text, head = (
            book.add_format({"num_format": "@"}),
            book.add_format({"bold": True, "bg_color": "#E6E9ED"}),
        )
        sheet = book.add_worksheet(f"{kind.label}名册")
        for column, heading in enumerate(headings(kind)):
            sheet.set_column(column, column, 24 if heading == ID_HEADING else 16, text)
            sheet.write_string(0, column, heading, head)
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("填写说明")
        about.set_column(0, 0, 90)
        for row, line in enumerate(_about(kind)):
            about.write_string(row, 0, line)
    return made.getvalue()


def _about(kind: ListKind) -> list[str]:
    fact = "、".join(column for column in MEANINGS[kind].columns if column in MEANINGS[kind].fact)
    return [
        f"“{NAME_HEADING}”“{ID_HEADING}”必填，其余各列可空；列的先后不限，表头名称不改，表头须在第一行。",
        "身份号码填 18 位完整号码；15 位旧号自动升位；残疾人证号取前 18 位。",
        "区划代码填 12 位，不知道的留空；填了的，所在乡镇、村也能看到该行。",
        f"同一人有几项的一项一行，以{fact}区分。" if fact else "一人一行，不重复。",
        "系统只留号码的前 6 位和比对用的摘要，不留完整号码；文件读完即删。",
    ]
