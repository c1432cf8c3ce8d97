"""The typesetter: same record, same bytes; only what it was given; a batch in processes of its own."""

import base64
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from fupin.prints.typesetter import Manuscript, TypesettingFailed, typeset, typeset_batch

TEMPLATE = """
#import "/prints/form.typ": *
#import "neighbour.typ": greeting
#set text(font: serif)
#greeting #record.name #num(record.amount) #coded(record.cause)
"""
DATA = {
    "printed_on": "2015-01-20",
    "printed_by": "示意甲",
    "demo": True,
    "name": "王有田",
    "amount": Decimal("-1234567.80"),
    "cause": ["01 因病", "02 因残"],
}


@pytest.fixture
def template(tmp_path):
    (tmp_path / "neighbour.typ").write_text('#let greeting = "户主"')
    path = tmp_path / "letter.typ"
    path.write_text(TEMPLATE)
    return path


def words(pdf):
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_values_stand_in_the_text(template):
    assert words(typeset(template, DATA)).split() == [
        "户主",
        "王有田",
        "−1,234,567.80",
        "01",
        "因病、02",
        "因残",
    ]


def test_the_same_record_gives_the_same_bytes(template):
    assert typeset(template, DATA) == typeset(template, DATA)
    assert typeset(template, DATA) != typeset(template, DATA | {"printed_on": "2015-01-21"})


def test_the_date_of_the_file_is_that_of_the_print(template):
    created = PdfReader(BytesIO(typeset(template, DATA))).metadata.creation_date
    assert created.isoformat() == "2015-01-20T00:00:00+00:00"


def test_the_file_is_written_where_asked(template, tmp_path):
    out = tmp_path / "out.pdf"
    assert typeset(template, DATA, out=out) == out.read_bytes()


def test_a_template_sees_the_files_it_was_given_and_no_others(template):
    template.write_text('#read("note.txt")')
    assert words(typeset(template, DATA, files={"note.txt": "随附".encode()})) == "随附"
    template.write_text('#read("/etc/hostname")')
    with pytest.raises(TypesettingFailed, match=r"letter\.typ"):
        typeset(template, DATA)


def test_a_picture_is_printed_and_a_broken_one_refused(template):
    template.write_text('#image(read("photo", encoding: none), width: 2cm)')
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    assert b"/Image" in typeset(template, DATA, files={"photo": pixel})
    with pytest.raises(TypesettingFailed, match=r"letter\.typ"):
        typeset(template, DATA, files={"photo": b"no picture"})


def test_a_refusal_says_where(template):
    template.write_text("#record.missing")
    with pytest.raises(TypesettingFailed, match=r"letter\.typ"):
        typeset(template, DATA)


def test_a_batch_writes_one_file_a_manuscript(template, tmp_path):
    folder = tmp_path / "batch"
    folder.mkdir()
    manuscripts = [Manuscript(template, DATA | {"name": name}) for name in ("冯来福", "杜兰香")]
    paths = list(typeset_batch(manuscripts, folder=folder))
    assert [path.name for path in paths] == ["0001.pdf", "0002.pdf"]
    assert [path.read_bytes() for path in paths] == [manuscript.typeset() for manuscript in manuscripts]


def test_a_batch_says_what_a_template_refused(template, tmp_path):
    template.write_text("#record.missing")
    with pytest.raises(TypesettingFailed, match=r"letter\.typ"):
        list(typeset_batch([Manuscript(template, DATA)], folder=tmp_path))
