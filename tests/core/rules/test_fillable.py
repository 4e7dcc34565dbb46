"""What the converter for phones adds or drops is noticed, whatever it may be."""

import pytest

from taizhang.core.form import form_from_table
from taizhang.core.form.phone import nodes, xform
from taizhang.core.rules import fillable

TABLE = """| survey |
| | type | name | label | repeat_count |
| | integer | n | 数 | |
| | begin repeat | r | 行 | ${n} + 1 |
| | text | said | 内容 | |
| | end repeat | | | |
"""


def test_what_a_phone_fills_in_is_what_the_form_asks() -> None:
    form = form_from_table(TABLE)
    text, _ = xform(form)
    assert nodes(text) == {"n", "r", "said", "r_count"}
    assert fillable.beyond(form, text) == set()


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("<n/>", "<n/><made_up/>", {"made_up"}),
        ("<n/>", "<n/><g><n_other/></g>", {"g", "n_other"}),
        ("<said/>", "", {"said"}),
        ("<r_count/>", "<q_count/>", {"q_count"}),
    ],
)
def test_a_name_on_one_side_only_is_named(old: str, new: str, names: set[str]) -> None:
    form = form_from_table(TABLE)
    text, _ = xform(form)
    assert old in text
    assert fillable.beyond(form, text.replace(old, new)) == names
