"""What the converter for phones adds or drops is noticed, whatever it may be."""

import pytest

from taizhang.core.definition.pack import Pack
from taizhang.core.form import form_from_table
from taizhang.core.form.parse import read_partly
from taizhang.core.form.xform import nodes, xform
from taizhang.core.rules.context import RuleContext
from taizhang.core.rules.phone import fillable

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


HEAD = (
    "| survey |\n"
    "| | type | name | label | required | read_only | default | calculation | parameters |\n"
)
CHOICES = "| choices |\n| | list_name | name | label |\n| | st | a | 甲 |\n| | st | b | 乙 |\n"


def found(kind: str, **cells: str) -> list[tuple[str, str | None]]:
    names = ("required", "read_only", "default", "calculation", "parameters")
    row = " | ".join((kind, "q", "问", *(cells.get(name, "") for name in names)))
    form = form_from_table(f"{HEAD}| | integer | n | 数 | | | | | |\n| | {row} |\n{CHOICES}")
    pack = Pack(key="p", version="1", label="试", unit_kinds=("社区",), forms={form.key: form})
    rules = (
        *(fillable.ranges_open, fillable.defaults_kept),
        *(fillable.required_answerable, fillable.pictures_taken),
    )
    issues = [issue for rule in rules for issue in rule(RuleContext(pack))]
    assert all(issue.remedy() and "%(" not in issue.sentence() for issue in issues)
    return [(issue.code.name, issue.place.column) for issue in issues]


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        *(("select_one st", "zz"), ("select_one st", "甲"), ("select_multiple st", "a zz")),
        *(("select_multiple st", "a,b"), ("select_one_from_file things.csv", "X1")),
        *(("date", "2026-13-45"), ("date", "today"), ("date", "2026/5/6"), ("time", "25:00")),
        *(("dateTime", "2026-05-06"), ("dateTime", "2026-05-06 14:30"), ("acknowledge", "yes")),
        *(("range", "11"), ("range", "2.5"), ("integer", "2.5"), ("decimal", "2.12345")),
        *(("integer", "1e2"), ("decimal", "200000000000"), ("text", "长" * 10_001)),
    ],
)
def test_a_default_that_is_no_answer_is_refused(kind: str, default: str) -> None:
    assert found(kind, default=default) == [("FILLABLE_008", "default")]


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        *(("select_one st", "a"), ("select_multiple st", "b a"), ("date", "2026-05-06")),
        *(("date", "today()"), ("dateTime", "now()"), ("time", "14:30"), ("acknowledge", "OK")),
        *(("integer", "1 + 2"), ("integer", "${n}"), ("integer", "-3"), ("decimal", "5 div 2")),
        *(("range", "10"), ("text", "甲-乙"), ("select_one st", "${n}"), ("hidden", "x")),
        *(("select_one_from_file things.csv", "${n}"), ("dateTime", "2026-05-06T14:30")),
    ],
)
def test_a_default_that_is_an_answer_or_worked_out_is_taken(kind: str, default: str) -> None:
    assert found(kind, default=default) == []


@pytest.mark.parametrize("required", ["yes", "${n} > 1"])
@pytest.mark.parametrize("kind", ["text", "integer", "date", "select_one st", "range", "hidden"])
def test_what_must_be_answered_can_be_answered(kind: str, required: str) -> None:
    locked = {"required": required, "read_only": "yes"}
    assert found("note", required=required) == [("FILLABLE_009", "required")]
    assert found(kind, **locked) == [("FILLABLE_010", "required")]
    assert found(kind, **locked, calculation="${n}") == []
    assert found(kind, **locked, default="${n}") == []
    assert found(kind, read_only="yes") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("start=5 end=1 step=-1", "FILLABLE_011"), ("start=20", "FILLABLE_011")),
        *(("start=1 end=5 step=0", "FILLABLE_011"), ("step=-1", "FILLABLE_011")),
        ("start=-5 end=5 step=5", ""),
        *(("", ""), ("start=0 end=1 step=0.25", "")),
    ],
)
def test_a_range_holds_a_number(said: str, code: str) -> None:
    assert found("range", parameters=said) == ([(code, "parameters")] if code else [])


def test_a_picture_is_taken_and_never_named() -> None:
    assert found("image", default="a.png") == [("FILLABLE_012", "default")]
    assert found("image", calculation="'a.png'") == [("FILLABLE_012", "calculation")]
    assert found("image") == []


def test_phones_do_not_demand_what_nobody_types() -> None:
    text, _ = xform(form_from_table(f"{HEAD}| | integer | n | 数 | yes | | | 1 div 0 | |\n"))
    assert "calculate=" in text
    assert "required=" not in text


def test_a_range_without_numbers_is_named_once_and_its_default_left_alone() -> None:
    table = f"{HEAD}| | range | q | 问 | | | 3 | | start=low end=0 |\n"
    form, issues = read_partly(table.encode(), "f.md", "p.f", "1")
    assert [issue.code.name for issue in issues] == ["FORM_024"]
    assert form is not None
    pack = Pack(key="p", version="1", label="试", unit_kinds=("社区",), forms={form.key: form})
    assert list(fillable.defaults_kept(RuleContext(pack))) == []
