"""A form is read from a Markdown table or a workbook, and every fault has its cell."""
# ruff: noqa: E501 - forms are tables

import io
from datetime import date, datetime

import openpyxl
import pytest

from taizhang.core.base.issue import Code, Refused
from taizhang.core.form import FormCode, form_from_table, read_form
from taizhang.core.form.expression.code import ExpressionCode
from taizhang.core.form.xform import xform

LECTURE = """
| survey |
|        | type              | name    | label::中文 (zh) | required | constraint | relevant         | about    | save_to |
|        | text              | board   | 编号             | yes      |            |                  | place    |         |
|        | date              | held_on | 日期             | yes      |            |                  | activity |         |
|        | select_one yes_no | held    | 是否举办         | yes      |            |                  | activity | state   |
|        | begin group       | more    | 更多             |          |            | ${held} = 'yes'  |          |         |
|        | integer           | people  | 人次             | ${held} = 'yes' | . >= 0 | . = '' or ${board} != '' | activity | |
|        | end group         |         |                  |          |            |                  |          |         |
|        | begin repeat      | rows    | 资料             |          |            |                  | place    |         |
|        | integer           | copies  | 份数             |          |            |                  | place    |         |
|        | end repeat        |         |                  |          |            |                  |          |         |
|        | date              | due     | 下次             |          |            |                  | place    | due     |
| choices |
|         | list_name | name | label::中文 (zh) | label::English (en) |
|         | yes_no    | yes  | 是               | Yes |
|         | yes_no    | no   | 否               | No  |
| settings |
|          | form_title | form_id | version | default_language | about    | mark_form_no | why |
|          | 讲座       | lecture | 7       | 中文 (zh)        | activity | 卫1表        | 找得到宣传栏 |
| entities |
|          | dataset | entity_id | label    |
|          | boards  | ${board}  | ${board} |
"""


def found(table: str) -> list[Code]:
    with pytest.raises(Refused) as caught:
        form_from_table(table)
    return [issue.code for issue in caught.value.issues]


def test_a_whole_form() -> None:
    form = form_from_table(LECTURE, "he.lecture")
    assert (form.key, form.title, form.version) == ("he.lecture", "讲座", "7")
    assert form.repeats == ("rows",)
    assert [one.path for one in form.fields] == [
        "board",
        "held_on",
        "held",
        "people",
        "rows.copies",
        "due",
    ]
    assert form.marks == {"mark_form_no": "卫1表"}
    assert form.why == "找得到宣传栏"
    people = form.field("people")
    assert people is not None
    assert people.relevant == "(${held} = 'yes') and (. = '' or ${board} != '')"
    assert (people.required, people.required_when) == (False, "${held} = 'yes'")
    held = form.field("held")
    assert held is not None
    assert [(one.name, one.label) for one in held.choices] == [("yes", "是"), ("no", "否")]
    entity = form.entity
    assert entity is not None
    assert (entity.dataset, entity.id_field, entity.due_field) == ("boards", "board", "due")
    assert entity.saves == {"state": "held", "due": "due"}


def test_a_single_table_is_the_survey() -> None:
    form = form_from_table(
        """
        | type    | name | label | constraint |
        | ------- | ---- | ----- | ---------- |
        | integer | age  | 年龄  | . >= 0     |
        """
    )
    assert [one.name for one in form.fields] == ["age"]
    assert "| survey |" in form.source


def test_a_workbook_reads_as_the_table_does() -> None:
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label", "required", "parameters"])
    survey.append(["date", "held_on", "日期", True])
    survey.append([None, None, None])
    survey.append(["select_one size", "size", "规模"])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", "label"])
    choices.append(["size", 1, "大"])
    choices.append(["size", 2.0, "小"])
    settings = book.create_sheet("settings")
    settings.append(["form_title", "version"])
    settings.append(["讲座", datetime(2026, 1, 1)])  # noqa: DTZ001 - a cell of a sheet has no zone
    book.create_sheet("_notes").append(["left alone"])
    data = io.BytesIO()
    book.save(data)
    form, issues = read_form(data.getvalue(), "lecture.xlsx", "he.lecture")
    assert issues == ()
    assert form is not None
    assert [(one.name, one.required, one.place.row) for one in form.fields] == [
        ("held_on", True, 2),
        ("size", False, 4),
    ]
    assert [one.name for one in form.fields[1].choices] == ["1", "2"]
    assert form.version == date(2026, 1, 1).isoformat()
    again, issues = read_form(form.source.encode(), "lecture.md", "he.lecture")
    assert issues == ()
    assert again is not None
    assert again.source == form.source
    assert xform(form)[1] == ()


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"", b"\x00" * 100])
def test_a_broken_workbook_is_an_issue(data: bytes) -> None:
    form, issues = read_form(data, "a.xlsx", "p.a")
    assert form is None
    assert [issue.code for issue in issues] == [FormCode.FORM_001]


def test_all_faults_come_at_once_at_their_cells() -> None:
    form, issues = read_form(
        """
| survey |
|        | type          | name | label | constraint  | abuot |
|        | intger        | a    | 甲    |             |       |
|        | select_one xy | 乙   | 乙    |             |       |
|        | integer       | a    |       | ${c} > now( |       |
|        | end repeat    |      |       |             |       |
""".encode(),
        "f.md",
        "p.f",
    )
    assert form is None
    places = {(issue.code.name, issue.place.line, issue.place.column) for issue in issues}
    assert places == {
        ("FORM_005", 2, "abuot"),
        ("FORM_009", 4, "type"),
        ("FORM_010", 5, "type"),
        ("FORM_006", 6, "label"),
        ("FORM_015", 7, "type"),
        ("FORM_011", 5, None),
        ("FORM_018", 6, None),
        ("EXPRESSION_001", 6, "constraint"),
    }


def test_a_row_with_too_few_cells_is_no_row_of_blanks() -> None:
    table = """
| survey |
|        | type | name  | label | required | about |
|        | text | board | 编号  | activity |
"""
    with pytest.raises(Refused) as caught:
        form_from_table(table)
    (short,) = [one for one in caught.value.issues if one.code is FormCode.FORM_004]
    assert (short.place.line, short.facts["found"], short.facts["wanted"]) == (4, 4, 5)


def test_escaped_bars_and_comments() -> None:
    form = form_from_table(
        r"""
        # a remark
        | survey |
        |        | type | name | label | constraint |
        |        | text | code | 编号\|代码 | regex(., '^(a\|b)$') |
        """
    )
    assert form.fields[0].label == "编号|代码"
    assert form.fields[0].constraint == "regex(., '^(a|b)$')"


def test_choice_filter_reads_the_columns_of_its_choices() -> None:
    table = """
    | survey |
    |        | type              | name   | label | choice_filter       |
    |        | select_one region | region | 片区  |                     |
    |        | select_one place  | place  | 地点  | region = ${%s}  |
    | choices |
    |         | list_name | name | label | region |
    |         | region    | east | 东片  |        |
    |         | place     | hall | 礼堂  | east   |
    """
    form = form_from_table(table % "region")
    assert form.fields[1].choices[0].extra == {"region": "east"}
    assert found(table % "regon") == [FormCode.FORM_019]


def test_a_circle_of_calculations_is_refused() -> None:
    assert found(
        """
        | type      | name | label | calculation |
        | calculate | a    | 甲    | ${b} + 1    |
        | calculate | b    | 乙    | ${a} + 1    |
        """
    ) == [FormCode.FORM_021]


def test_tracking_types_are_read_so_that_the_wall_can_refuse_them() -> None:
    form = form_from_table("| type | name |\n| audit | audit |\n| geopoint | at |")
    assert [one.type for one in form.fields] == ["audit", "geopoint"]


@pytest.mark.parametrize(
    ("expression", "codes"),
    [
        ("${a} = 'x'", []),
        ("a = 'x'", [FormCode.FORM_022]),
        ("${a} == 'x'", [FormCode.FORM_022]),
        ("a == 'x'", [FormCode.FORM_022, FormCode.FORM_022]),
        ("floor(${a}) = 1", [ExpressionCode.EXPRESSION_002]),
        ("coalesce(${a}, 1, 2) = 1", [ExpressionCode.EXPRESSION_004]),
        ("sum(${copies}) > 1 and count(${rows}) < 9", []),
        ("max(${copies}) > min(${copies})", []),
        ("${copies} > 1", [FormCode.FORM_023]),
        ("max(${copies}, 3) > 1", [FormCode.FORM_023]),
        ("sum(${copies}) > ${copies}", [FormCode.FORM_023]),
        ("${rows} != ''", [FormCode.FORM_023]),
    ],
)
def test_a_form_says_only_what_phones_read(expression: str, codes: list[Code]) -> None:
    form, issues = read_form(
        f"""
| survey |
| | type         | name   | label | about    | relevant      |
| | text         | a      | 甲    | activity |               |
| | begin_repeat | rows   | 行    |          |               |
| | integer      | copies | 份    | activity |               |
| | text         | own    | 乙    | activity | ${{copies}} > 1 |
| | end_repeat   |        |       |          |               |
| | text         | b      | 丙    | activity | {expression}  |
""".encode(),
        "f.md",
        "p.f",
    )
    assert [issue.code for issue in issues] == codes
    assert (form is None) is bool(codes)
