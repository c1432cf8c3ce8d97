"""What the bench sends is what a browser would."""

import pytest

from benchmarks.forms import read_form

PAGE = """
<form action="/other/" method="post"><input name="a" value="not this one" /></form>
<form action="/card/" method="post">
  <input type="hidden" name="version" value="3" />
  <input name="address" value="临县&amp;白文镇" />
  <input type="checkbox" name="health" value="02" checked /><input type="checkbox" name="health" value="04" checked />
  <input type="checkbox" name="health" value="01" />
  <input name="gone" value="x" disabled /><input type="submit" name="go" value="保存" />
  <select name="poor_type"><option value="01">一般</option><option value="02" selected>低保</option></select>
  <textarea name="cause_note">
两行
字</textarea>
  <template><input name="members-__prefix__-name" value="" /></template>
</form>
"""


def test_the_values_of_one_form_are_read() -> None:
    assert read_form(PAGE, "/card/") == {
        "version": ["3"],
        "address": ["临县&白文镇"],
        "health": ["02", "04"],
        "poor_type": ["02"],
        "cause_note": ["两行\n字"],
    }


def test_a_page_without_the_form_stops_the_bench() -> None:
    with pytest.raises(SystemExit, match="/nowhere/"):
        read_form(PAGE, "/nowhere/")
