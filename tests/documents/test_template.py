"""Templates: what they print, what they refuse, how often they ask."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.base.figure import Flag, FlagName, Reason, ReasonCode
from taizhang.core.base.issue import Code, Level, Refused
from taizhang.core.text.flag import FLAG_TEXTS, flag_remark
from taizhang.documents.annex import numbers_annex
from taizhang.documents.code import DocumentCode as D
from taizhang.documents.format import format_number, plain
from taizhang.documents.template.composition import compose
from taizhang.documents.template.data_source import DayRow, PlanRow
from taizhang.documents.tree import (
    Blank,
    DateText,
    Document,
    Head,
    Heading,
    LawRef,
    List,
    Number,
    PageBreak,
    Paragraph,
    Quoted,
    Signature,
    Strong,
    Table,
    flat,
)
from tests.documents.ledger import LABELS, Ledger, make, subject, template


def body(text: str, ledger: Ledger | None = None, **head: object) -> Document:
    return compose(template(text, **head), ledger or Ledger({"lectures": 12}), subject())


def text_of(text: str, ledger: Ledger | None = None) -> str:
    blocks = body(text, ledger).blocks
    return "\n".join(plain(block.inlines) for block in blocks if isinstance(block, Paragraph))


def refused(text: str, ledger: Ledger | None = None, **head: object) -> list[tuple[Code, int]]:
    with pytest.raises(Refused) as caught:
        body(text, ledger, **head)
    return [(issue.code, issue.place.line or 0) for issue in caught.value.issues]


def test_a_figure_prints_with_its_unit_and_keeps_its_figure() -> None:
    document = body("举办讲座{{ fig('lectures') }}。")
    (paragraph,) = [block for block in document.blocks if isinstance(block, Paragraph)]
    (number,) = [inline for inline in flat(paragraph.inlines) if isinstance(inline, Number)]
    assert plain(paragraph.inlines) == "举办讲座12次。"
    assert number.figure.key == "lectures"
    assert document.numbers[number.ref - 1].figure is number.figure


def test_title_addressee_and_signature_come_from_the_head() -> None:
    document = body("正文。", to="{{ unit.parent }}人民政府", sealed=True)
    signature = document.blocks[-1]
    assert plain(document.head.title) == "绿荫街道2025年健康教育工作总结"
    assert plain(document.head.addressee) == "月湖区人民政府"
    assert isinstance(signature, Signature)
    assert plain(signature.issuer) == "绿荫街道"
    assert signature.sealed
    assert isinstance(signature.day, Blank)


def test_a_document_is_dated_by_what_it_speaks_of_when_the_template_says_so() -> None:
    signature = body("正文。", date="as_of").blocks[-1]
    assert isinstance(signature, Signature)
    assert signature.day == DateText("2025年12月31日")


@pytest.mark.parametrize(
    ("value", "more", "printed"),
    [
        ("12", {}, "12次"),
        ("1234567", {}, "1234567次"),
        ("500", {"high": None, "flags": ("inexact",)}, "不少于500次"),
        ("200", {"high": 999}, "不少于200次"),
        ("300", {"flags": ("about",)}, "约300次"),
        ("0", {"high": 500}, "近500次"),
        ("156", {"high": None, "flags": ("incomplete 78/94",)}, "156次"),
        ("156", {"high": None, "flags": ("incomplete 78/94", "blank 1")}, "不少于156次"),
        ("156", {"high": 170, "flags": ("incomplete 78/94", "inexact")}, "不少于156次"),
        ("0", {}, "0次"),
        (None, {}, "【缺数：绿荫街道2025年没有报结，健康知识讲座没有数字】"),
    ],
)
def test_a_number_is_said_as_it_is_known(
    value: str | None, more: dict[str, object], printed: str
) -> None:
    ledger = Ledger({"lectures": make("lectures", value, **more)})
    assert text_of("{{ fig('lectures') }}", ledger) == printed


def test_a_rate_is_rounded_half_up_and_bears_its_sign() -> None:
    ledger = Ledger({"lecture_completion": make("lecture_completion", "66.65", decimals=1)})
    assert text_of("{{ fig('lecture_completion') }}", ledger) == "66.7%"


def test_an_unknown_number_is_short_in_a_table_and_never_a_nought() -> None:
    ledger = Ledger({}, by_unit={"lectures": [3, None, 5]})
    document = body("{{ table('lectures', by='unit') }}", ledger)
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    cells = [[plain(cell) for cell in row] for row in table.rows]
    assert cells == [
        ["梅园社区", "3"],
        ["胜利社区", "〔未报〕"],
        ["东湖社区", "5"],
        ["合计", "〔未报〕"],
    ]
    assert plain(table.header[1]) == "健康知识讲座（次）"


def test_all_figures_of_a_template_are_asked_in_one_question() -> None:
    ledger = Ledger({"lectures": 12, "attendance": 300, "materials": 9})
    text_of("{{ fig('lectures') }}{{ fig('attendance') }}{{ fig('lectures') }}", ledger)
    names = [[request.name for request in asked] for asked in ledger.asked]
    assert names == [["lectures", "attendance"]]


def test_a_choice_that_brings_up_new_figures_costs_one_more_question() -> None:
    ledger = Ledger({"lectures": 12, "attendance": 300})
    text = "{% if has('lectures') %}{{ fig('attendance') }}{% endif %}"
    assert text_of(text, ledger) == "300人次"
    assert len(ledger.asked) == 2


def test_filters_and_other_periods_reach_the_source() -> None:
    ledger = Ledger({"lectures[topic=tb]": 3, "lectures@2024": 5, "lectures@2026": 9})
    text = (
        "{{ fig('lectures', topic='tb') }}{{ fig('lectures', at='year_before') }}"
        "{{ fig('lectures', at='next') }}{{ fig('lectures', at='2024', word='场') }}"
    )
    assert text_of(text, ledger) == "3次5次9次5场"


def test_rows_can_be_walked() -> None:
    ledger = Ledger({}, by_unit={"lectures": [3, 4, 5], "attendance": [30, 40, 50]})
    text = (
        "| 单位 | 讲座 | 人次 |\n|---|---|---|\n"
        "{% for row in rows('lectures', 'attendance') %}"
        "| {{ row.name }} | {{ row.lectures }} | {{ row['attendance'] }} |\n{% endfor %}"
    )
    (table,) = [block for block in body(text, ledger).blocks if isinstance(block, Table)]
    assert [plain(cell) for cell in table.rows[1]] == ["胜利社区", "4", "40"]


@pytest.mark.parametrize(
    ("lectures", "word"), [(40, "超额完成"), (36, "完成"), (30, "未完成"), (None, None)]
)
def test_cmp_chooses_a_word_or_leaves_it_to_a_person(lectures: int | None, word: str) -> None:
    ledger = Ledger({"lectures": lectures, "norm(lectures)": 36})
    text = "{{ cmp('lectures', 'norm(lectures)', '超额完成', '完成', '未完成') }}"
    assert text_of(text, ledger) == (word or "【待填：超额完成、完成或未完成】")


def test_a_known_part_above_the_norm_decides_and_one_below_it_does_not() -> None:
    text = "{{ cmp('lectures', 'norm(lectures)', '达到', '达到', '未达到') }}"
    above = {"lectures": make("lectures", 36, high=None), "norm(lectures)": 36}
    below = {"lectures": make("lectures", 30, high=None), "norm(lectures)": 36}
    assert text_of(text, Ledger(above)) == "达到"
    assert text_of(text, Ledger(below)) == "【待填：达到或未达到】"


def test_trend_compares_with_the_year_before() -> None:
    ledger = Ledger({"lectures": 12, "lectures@2024": 15})
    assert text_of("同比{{ trend('lectures', '增长', '持平', '下降') }}", ledger) == "同比下降"


def test_word_leaves_a_blank_while_a_comparison_is_undecided() -> None:
    text = "{{ word(value('lectures') >= 12, '完成', '未完成') }}"
    assert text_of(text, Ledger({"lectures": 12})) == "完成"
    assert text_of(text, Ledger({})) == "【待填：完成或未完成】"


def test_a_choice_on_an_unknown_figure_is_refused_with_its_line() -> None:
    text = "一\n\n{% if value('lectures') >= 12 %}完成{% else %}未完成{% endif %}"
    assert refused(text, Ledger({})) == [(D.DOCUMENT_005, 10)]
    guarded = "{% if has('lectures') and value('lectures') >= 12 %}完成{% endif %}好"
    assert text_of(guarded, Ledger({})) == "好"


@pytest.mark.parametrize(
    ("lectures", "more", "wording"),
    [
        ("0", {}, "没有"),
        ("0", {"high": None, "flags": ("incomplete 78/94",)}, "有"),
        ("3", {}, "有"),
        (None, {}, "有"),
    ],
)
def test_nought_is_told_apart_from_what_is_not_known_yet(
    lectures: str | None, more: dict[str, object], wording: str
) -> None:
    ledger = Ledger({"lectures": make("lectures", lectures, **more), "attendance": 0})
    assert text_of("{% if zero('lectures') %}没有{% else %}有{% endif %}", ledger) == wording
    both = "{% if zero('lectures', 'attendance') %}没有{% else %}有{% endif %}"
    assert text_of(both, ledger) == wording


def test_typed_digits_are_refused_with_their_lines() -> None:
    text = "开展讲座12次。\n\n{% for x in [1, 2] %}\n发放３份\n{% endfor %}\n\n# 共5项\n\n①"
    issues = refused(text)
    assert {code for code, _ in issues} == {D.DOCUMENT_004}
    assert [line for _, line in issues] == [8, 11, 11, 14, 16]


@pytest.mark.parametrize(
    "text",
    [
        "2025年12月4日国家宪法日、5月31日、2026年上半年",
        "按照《办法》（国办函〔2026〕12号）和GB/T 9704—2012，第67条",
        "{{ date('2025-12-04') }}{{ date(2025, 3, 8) }}{{ period.next }}{{ as_of }}",
        "{{ law('国家基本公共卫生服务规范（第三版）', '2017年版') }}",
        "# 1. 加强领导\n\n1. 一是\n2. 二是",
    ],
)
def test_dates_law_numbers_and_numberings_may_hold_digits(text: str) -> None:
    assert body(text).issues == ()


def test_a_count_in_chinese_numerals_is_a_warning() -> None:
    (issue,) = body("开展讲座二十三次，一次性完成。").issues
    assert (issue.code, issue.level) == (D.DOCUMENT_004, Level.WARNING)
    assert issue.facts["digits"] == "二十三次"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("一\n\n{{ fig('lecturs') }}", D.DOCUMENT_003, 10),
        ("一\n{{ nothing }}", D.DOCUMENT_002, 9),
        ("一\n{% if %}", D.DOCUMENT_001, 9),
        ("一\n{{ 'a' * 9 }}", D.DOCUMENT_001, 9),
        ("一\n\n{{ value('lectures') }}", D.DOCUMENT_001, 10),
        ("一\n\n{{ unit.secret }}", D.DOCUMENT_001, 10),
        ("{{ ''.__class__ }}", D.DOCUMENT_001, 8),
        ("{{ date('2025-13-01') }}", D.DOCUMENT_010, 8),
        ("{{ fig('lectures', at='sometime') }}", D.DOCUMENT_010, 8),
        ("{{ cmp('lectures') }}", D.DOCUMENT_010, 8),
        ("{{ fig(lectures) }}", D.DOCUMENT_002, 8),
        ("{{ range }}", D.DOCUMENT_002, 8),
    ],
)
def test_a_broken_template_is_refused_at_its_line(text: str, code: Code, line: int) -> None:
    assert (code, line) in refused(text)


def test_all_faults_are_named_at_once() -> None:
    text = "{{ fig('a') }}\n\n讲座9次\n\n{{ date('x') }}\n\n{{ law() }}"
    assert sorted(code.name for code, _ in refused(text)) == [
        "DOCUMENT_003",
        "DOCUMENT_004",
        "DOCUMENT_010",
        "DOCUMENT_010",
    ]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"kind": "小说"}, D.DOCUMENT_007),
        ({"sealed": "maybe"}, D.DOCUMENT_007),
        ({"colour": "red"}, D.DOCUMENT_007),
        ({"period": "half"}, D.DOCUMENT_008),
        ({"title": "{{ unit }}第3次总结"}, D.DOCUMENT_004),
        ({"title": "{{ nobody }}"}, D.DOCUMENT_002),
        ({"to": "{% if"}, D.DOCUMENT_001),
    ],
)
def test_a_head_that_is_not_understood_is_refused(head: dict[str, object], code: Code) -> None:
    assert code in [refusal for refusal, _ in refused("正文。", **head)]


def test_words_of_the_ledger_are_never_read_as_markup() -> None:
    words = "**3** | # {{ fig('x') }} \ue000\ue100\ue001 <b>"
    evil = {"held_on": DateText("3月4日"), "title": Quoted(words, "record:r1")}
    text = (
        "{% for row in records('lecture', 'held_on', 'title') %}"
        "{{ row.held_on }}{{ row.title }}{% endfor %}"
    )
    document = body(text, Ledger({}, latest=[evil]))
    (paragraph,) = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert paragraph.inlines == (DateText("3月4日"), Quoted(words, "record:r1"))


def test_a_template_cannot_forge_a_mark() -> None:
    assert text_of("甲\ue000\ue100\ue001乙{{ unit }}") == "甲乙绿荫街道"


def test_markdown_becomes_blocks() -> None:
    text = (
        "# 一、甲\n\n## 乙\n\n### 丙\n\n#### 丁\n\n## 戊\n\n# 己\n\n"
        "1. 一\n2. 二\n\n- 三\n- 四\n\n---\n\n　　这是**重点：**内容\n折行"
    )
    blocks = body(text).blocks
    headings = [
        (block.numbering, plain(block.inlines)) for block in blocks if isinstance(block, Heading)
    ]
    assert headings == [
        ("一、", "甲"),
        ("（一）", "乙"),
        ("1.", "丙"),
        ("（1）", "丁"),
        ("（二）", "戊"),
        ("二、", "己"),
    ]
    lists = [block for block in blocks if isinstance(block, List)]
    assert [(block.ordered, [plain(item) for item in block.items]) for block in lists] == [
        (True, ["一", "二"]),
        (False, ["三", "四"]),
    ]
    assert any(isinstance(block, PageBreak) for block in blocks)
    (paragraph,) = [block for block in blocks if isinstance(block, Paragraph)]
    assert plain(paragraph.inlines) == "这是重点：内容折行"
    assert isinstance(paragraph.inlines[1], Strong)


def test_headings_of_a_letter_are_not_numbered() -> None:
    (heading,) = [o for o in body("# 事由", numbering="no").blocks if isinstance(o, Heading)]
    assert heading.numbering == ""


def test_plan_matrix_and_timetable() -> None:
    tasks = [
        PlanRow(key="l", label="举办讲座", lead="专干", support=("服务站", "志愿者"),
                quota=make("norm(lectures)", 6), done=make("lectures", 5)),
        PlanRow(key="h", label="报送小结", lead="专干", due=date(2025, 7, 10)),
        PlanRow(key="r", label="整理取阅架", every="month"),
    ]  # fmt: skip
    tb, april = date(2025, 3, 24), date(2025, 4, 1)
    days = [
        DayRow(key="tb", label="防治结核病日", first=tb, last=tb),
        DayRow(key="m", label="爱国卫生月", first=april, last=date(2025, 4, 30)),
    ]
    text = (
        "{% for row in plan() %}"
        "{{ row.name }}{{ row.done }}/{{ row.quota }}，{{ row.due }}。{% endfor %}\n\n"
        "{{ annex('责任分工表') }}\n\n{{ matrix() }}\n\n{{ annex('进度表') }}\n\n{{ timetable() }}"
    )
    document = body(text, Ledger({}, tasks=tasks, theme_days=days))
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    assert plain(first.inlines) == (
        "举办讲座5次/6次，全年。报送小结/，2025年7月10日。整理取阅架/，每月。"
    )
    assert [plain(annex.title) for annex in document.annexes] == [
        "责任分工表",
        "进度表",
        "数字来源表",
    ]
    matrix, timetable = (annex.blocks[0] for annex in document.annexes[:2])
    assert isinstance(matrix, Table)
    assert isinstance(timetable, Table)
    assert plain(matrix.header[1]) == "工作任务（●牵头○配合）"
    assert [plain(c) for c in matrix.header[2:5]] == ["专干", "服务站", "志愿者"]
    assert [plain(c) for c in matrix.rows[0]] == ["1", "举办讲座", "●", "○", "○", "6次", "全年"]
    assert [plain(cell) for cell in timetable.rows[0]] == [
        "3月",
        "3月24日防治结核病日；4月爱国卫生月",
        "举办讲座；报送小结；整理取阅架",
    ]


def test_a_matrix_of_many_departments_names_them_in_its_cells() -> None:
    tasks = [
        PlanRow(key=f"t{name}", label=f"任务{name}", lead=f"科室{name}", support=("街道",))
        for name in "甲乙丙丁戊己"
    ]
    (annex,) = [block for block in body("{{ matrix() }}", Ledger({}, tasks=tasks)).blocks
                if isinstance(block, Table)]  # fmt: skip
    assert [plain(cell) for cell in annex.header] == [
        "序号", "工作任务", "牵头", "配合", "任务指标", "完成时限",
    ]  # fmt: skip
    assert [plain(cell) for cell in annex.rows[1]] == ["2", "任务乙", "科室乙", "街道", "", "全年"]


def test_every_number_has_a_row_in_the_annex_once() -> None:
    ledger = Ledger({"lectures": 12, "attendance": make("attendance", 300, flags=("of 78/94",))})
    document = body("{{ fig('lectures') }}{{ fig('attendance') }}，又{{ fig('lectures') }}", ledger)
    assert [number.ref for number in document.numbers] == [1, 2]
    (annex,) = document.annexes
    remark, table = annex.blocks
    assert isinstance(remark, Paragraph)
    assert plain(remark.inlines) == (
        "数字截至2025年12月31日，未注明单位、时段的是绿荫街道2025年数，“条”是依据的记录数。"
    )
    assert isinstance(table, Table)
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["1", "绿荫街道2025年健康知识讲座：各社区记录之和。", "12次（7条）"],
        [
            "2",
            "绿荫街道2025年讲座受益人次：各社区记录之和。",
            "300人次（计94个单位中的78个，7条）",
        ],
    ]


def test_numbers_counted_alike_share_a_row_that_never_outgrows_a_page() -> None:
    units = [f"3606020010{index:02}" for index in range(1, 33)]
    rows = [
        make("rate", 50, unit="percent", decimals=1, numerator=Fraction(1),
             denominator=Fraction(2), unit_code=code, unit_name=f"{code[-2:]}社区",
             method="甲 ÷ 乙。", flags=("unverified_source",))
        for code in units
    ]  # fmt: skip
    total = make("rate", None, unit="percent", period="2024", method="甲 ÷ 乙。",
                 reason=Reason(ReasonCode.NOT_APPLICABLE, "分母为0，不适用。"))  # fmt: skip
    numbers = tuple(
        Number(figure=rate, ref=ref, unit="%") for ref, rate in enumerate([*rows, total], 1)
    )
    head = Head(title=(), unit_code="360602001000", period="2025", as_of=date(2025, 12, 31))
    _, table = numbers_annex(numbers, head).blocks
    assert isinstance(table, Table)
    cells = [[plain(cell) for cell in row] for row in table.rows]
    assert [row[:2] for row in cells] == [
        ["1", "甲 ÷ 乙。口径或规范来源待核。"], ["2", "（同上，续）"],
    ]  # fmt: skip
    assert cells[0][2].startswith("01社区50%（1÷2，7条）；02社区50%")
    assert cells[0][2].count("；") == 29
    assert cells[1][2] == (
        "31社区50%（1÷2，7条）；32社区50%（1÷2，7条）；2024年〔不适用〕（分母为0）"
    )


def test_every_flag_has_its_few_words() -> None:
    assert set(FLAG_TEXTS) == set(FlagName)
    assert flag_remark(Flag.read("incomplete 0/1")) == "未报齐"
    assert flag_remark(Flag.read("incomplete 78/94")) == "94个单位中78个报齐"
    assert flag_remark(Flag.read("to_date 2026-11-22")) == "计至2026-11-22"


def test_what_is_reported_so_far_is_said_where_it_adds_up_to_nought() -> None:
    figure = make("lectures", 0, high=None, flags=("incomplete 1/3", "blank 1"))
    assert format_number(Number(figure=figure, unit="次")).text == "已报0次"


def test_what_does_not_apply_is_not_called_missing() -> None:
    reason = Reason(ReasonCode.NOT_APPLICABLE, "分母为0，不适用。")
    assert format_number(Number(figure=make("rate", None, reason=reason))).text == "〔不适用〕"


def test_a_footnote_mark_is_explained_below_the_signature() -> None:
    ledger = Ledger({"lectures": make("lectures", 5, flags=("moved 2",))})
    last = body("{{ fig('lectures') }}", ledger).blocks[-1]
    assert "带“*”的数字" in plain(getattr(last, "inlines", ()))


def test_laws_are_set_in_their_brackets() -> None:
    assert LawRef("统计法").text == "《统计法》"
    assert LawRef("《统计法》", "2024年修正").text == "《统计法》（2024年修正）"
    assert LawRef("", "国办函〔2026〕12号").text == "国办函〔2026〕12号"


def test_a_caption_is_numbered_and_taken_from_the_line_above() -> None:
    text = "表：各单位情况\n\n| 甲 | 乙 |\n|---|--:|\n| 丙 | 丁 |\n"
    (table,) = [block for block in body(text).blocks if isinstance(block, Table)]
    assert plain(table.caption) == "表1　各单位情况"
    assert re.fullmatch("left|right", table.column_align(1).value)


def test_labels_are_those_of_the_pack() -> None:
    assert text_of("{{ label('lectures') }}") == LABELS["lectures"][0]


def test_two_renderings_are_the_same() -> None:
    text = "# 甲\n\n{{ fig('lectures') }}{{ blank('乙') }}"
    assert body(text) == body(text)


def test_a_tag_at_the_end_of_a_paragraph_does_not_join_the_next_one() -> None:
    text = (
        "甲{% if true %}乙{% endif %}\n\n{% if true %}丙{% endif %}\n\n丁{# 注 #}\n\n"
        "{% if true %}\n戊\n{% endif %}\n\n己"
    )
    assert text_of(text).split("\n") == ["甲乙", "丙", "丁", "戊", "己"]


def test_rows_made_by_a_loop_stay_in_their_table() -> None:
    text = (
        "| 甲 |\n|---|\n{% for x in ['乙', '丙'] %}\n| {{ x }} |\n{% endfor %}\n"
        "{% for x in ['丁'] %}| {{ x }} |\n{% endfor %}"
    )
    (table,) = [block for block in body(text).blocks if isinstance(block, Table)]
    assert [plain(row[0]) for row in table.rows] == ["乙", "丙", "丁"]


def completed(**parts: object) -> Ledger:
    """Make a ledger with a completion rate over twelve units, or over one."""
    stated = {
        "done": Fraction(114),
        "owed": Fraction(108),
        "reached": 10,
        "of": 12,
        "reach": "12个村（社区）中10个达到",
    }
    rate = make(
        "lecture_completion", Fraction(1060, 108), unit="percent", decimals=1, **{**stated, **parts}
    )
    return Ledger({"lecture_completion": rate})


def test_a_capped_rate_tells_how_many_reach_it() -> None:
    text = (
        "完成率{{ fig('lecture_completion') }}（{{ fig('lecture_completion').reach }}）："
        "应完成{{ fig('lecture_completion').owed }}，共完成{{ fig('lecture_completion').done }}，"
        "{{ fig('lecture_completion').of }}中{{ fig('lecture_completion').reached }}达到。"
    )
    assert text_of(text, completed()) == (
        "完成率9.8%（12个村（社区）中10个达到）：应完成108，共完成114，12个中10个达到。"
    )


def test_what_is_said_of_many_units_is_left_out_of_one() -> None:
    text = (
        "{% set rate = fig('lecture_completion') %}"
        "完成率{{ rate }}{% if rate.reach %}（{{ rate.reach }}）{% endif %}。"
    )
    assert text_of(text, completed(reach="")) == "完成率9.8%。"


@pytest.mark.parametrize(("verdict", "said"), [(True, "是"), (False, "否")])
def test_a_share_of_one_unit_is_yes_or_no(verdict: bool, said: str) -> None:
    ledger = completed(reach="", reached=int(verdict), of=1, verdict=verdict)
    assert text_of("达标：{{ fig('lecture_completion') }}。", ledger) == f"达标：{said}。"


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [(100, 1, "100%"), (0, 1, "0%"), (Fraction(75, 2), 2, "37.5%"), (Fraction(200, 3), 1, "66.7%")],
)
def test_a_rate_is_printed_without_zeros_at_its_end(
    value: Fraction, decimals: int, said: str
) -> None:
    rate = make("lecture_completion", Fraction(value), unit="percent", decimals=decimals)
    assert text_of("{{ fig('lecture_completion') }}", Ledger({"lecture_completion": rate})) == said
