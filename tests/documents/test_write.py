"""Documents from a real Book: the skeleton pack and a ledger written in the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import parse_period
from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.book import Book
from taizhang.core.definition.pack import DocumentTemplate, Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.pack.load import load
from taizhang.core.pack.reader import PackReader
from taizhang.core.pack.test_ledger import ledger_of
from taizhang.core.scoring import rubric_named, score
from taizhang.documents.code import DocumentCode as D
from taizhang.documents.digits import typed_numbers
from taizhang.documents.format import format_number, plain
from taizhang.documents.pack_check.template_check import check_documents
from taizhang.documents.render.docx import to_docx
from taizhang.documents.render.renderers import RENDERERS, renderer_for
from taizhang.documents.render.xlsx import to_xlsx
from taizhang.documents.score_document import score_document
from taizhang.documents.template.book_source import formula_of
from taizhang.documents.template.data_source import FigureRequest, Unanswerable
from taizhang.documents.tree import (
    Document,
    Head,
    Number,
    Paragraph,
    Part,
    Quoted,
    Table,
    Text,
    blocks_of,
    flat,
    texts_of,
)
from taizhang.documents.write import write

LEDGER = """
today: 2027-01-05
as_of: 2026-12-31
closed:
  - {unit: 东一社区, period: 2026}
  - {unit: 东二社区, period: 2026H2}
records:
  - form: activity
    unit: 东一社区
    date: 2026-03-12
    answers:
      held_on: 2026-03-12
      kind: talk
      people: 40
      result: "讲解3个要点 **好**"
      handed: [{item: leaflet, copies: 60}, {item: bag, copies: 20}]
  - form: activity
    unit: 东一社区
    date: 2026-06-05
    answers:
      held_on: 2026-06-05
      kind: market
      people: {low: 200, kind: at_least}
      result: 广场宣传
  - form: activity
    unit: 东二社区
    date: 2026-09-01
    answers: {held_on: 2026-09-01, kind: talk}
  - form: station_check
    unit: 东一社区
    date: 2026-12-02
    times: 3
    answers: {station: T-01, checked_on: 2026-12-02, clean: 'yes'}
expect: {}
"""
STREET, FIRST, SECOND = "900101001000", "900101001001", "900101001002"


def skeleton() -> dict[str, bytes]:
    root = Path(str(resources.files("taizhang.cli").joinpath("skeleton")))
    return {
        path.relative_to(root).as_posix(): path.read_bytes().replace(b"key: KEY", b"key: waste")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def packs() -> tuple[Pack, ...]:
    common = Path(str(resources.files("taizhang").joinpath("packs", "common")))
    loaded = [load(common)[0], load(skeleton())[0]]
    assert None not in loaded
    return tuple(pack for pack in loaded if pack is not None)


@pytest.fixture(scope="module")
def book(packs: tuple[Pack, ...]) -> Book:
    content, issues = read_yaml(LEDGER.encode(), "ledger.yaml")
    assert isinstance(content, YamlMap)
    reader = PackReader("ledger.yaml", list(issues))
    trial = ledger_of(content, Programmes(packs), "waste", reader)
    assert reader.issues == []
    return trial.book()


def made(body: str, kind: str = "总结", period: str = "year") -> DocumentTemplate:
    head = {"title": "{{ unit }}{{ period }}总结", "kind": kind, "period": period}
    return DocumentTemplate(key="waste.test", title=str(head["title"]), kind=kind, period=period,
                            body=body, head=head)  # fmt: skip


def text(book: Book, body: str, unit: str = FIRST, period: str = "2026") -> str:
    document = write(book, made(body, period="any"), unit, parse_period(period))
    return "\n".join(
        plain(inlines)
        for block in document.blocks
        if isinstance(block, (Paragraph, Table))
        for inlines in texts_of(block)
        if plain(inlines)
    )


def test_a_summary_is_written_from_the_ledger(book: Book) -> None:
    document = write(book, "year_summary", FIRST, parse_period("2026"))
    words = "".join(plain(inlines) for block in document.blocks for inlines in texts_of(block))
    assert plain(document.head.title) == "东一社区2026年垃圾分类宣传工作总结"
    assert "开展宣传活动2次，参加不少于240人次，发放宣传物品80份。" in words
    assert "检查投放点3次，投放点整洁率100%。" in words
    assert plain(document.head.addressee) == "东街道"


def test_the_numbers_of_the_docx_equal_the_figures_of_the_ledger(book: Book) -> None:
    document = write(book, "year_summary", STREET, parse_period("2026"))
    rows = open_docx(BytesIO(to_docx(document))).tables[-1].rows[1:]
    assert len(rows) == len(document.numbers)
    for row, number in zip(rows, document.numbers, strict=True):
        assert row.cells[1].text.startswith(number.figure.method)
        assert row.cells[2].text.startswith(format_number(replace(number, compact=True)).text)
        count, above, below = (
            number.figure.records.count,
            number.figure.numerator,
            number.figure.denominator,
        )
        assert count is None or f"{count}条" in row.cells[2].text
        assert above is None or f"（{above}÷{below}" in row.cells[2].text
    assert any(number.figure.numerator is not None for number in document.numbers)


def test_a_unit_that_is_said_twice_is_noticed(packs: tuple[Pack, ...]) -> None:
    for body, codes in (
        ("开展{{ fig('activities') }}次活动。", [D.DOCUMENT_017]),
        ("| 整洁率 |\n|---|\n| {{ fig('clean_rate') }}%以上 |", [D.DOCUMENT_017]),
        ("开展{{ fig('activities', word='') }}次活动，{{ fig('activities') }}。", []),
    ):
        changed = replace(packs[1], documents={"waste.test": made(body)})
        assert [issue.code for issue in check_documents(changed, packs[:1])] == codes


def test_the_sheet_of_numbers_has_a_row_for_each(book: Book) -> None:
    document = write(book, "year_summary", STREET, parse_period("2026"))
    rows = list(load_workbook(BytesIO(to_xlsx(document)))["数字来源表"].values)[2:]
    assert [row[2] for row in rows] == [number.figure.sentence for number in document.numbers]
    assert {row[4] for row in rows} == {
        number.figure.as_of.isoformat() for number in document.numbers
    }


def test_a_street_says_what_is_not_known(book: Book) -> None:
    line = text(book, "开展{{ fig('activities') }}，{{ fig('handouts') }}。", STREET)
    assert line.split("\n") == [
        "截至2026年12月31日，1个单位6个月（东二社区1—6月）未报结，下列为已收到数的合计。",
        "开展3次，80份。",
    ]


def test_filters_reach_the_facts(book: Book) -> None:
    body = (
        "{{ fig('activities', kind='talk') }}{{ fig('activities', kind=['talk', 'market']) }}"
        "{{ fig('activities', kind_not='talk') }}{{ fig('handouts', item='bag') }}"
    )
    assert text(book, body) == "1次2次1次20份"


def test_figures_by_unit_month_and_dimension(book: Book) -> None:
    by_unit = text(book, "{{ table('activities', by='unit') }}", STREET)
    assert by_unit.split("\n")[1:] == [
        "单位", "宣传活动（次）", "东一社区", "2", "东二社区", "1", "合计", "3",
    ]  # fmt: skip
    by_kind = text(book, "{{ table('activities', by='kind', total=False) }}")
    assert by_kind.split("\n") == ["类别", "宣传活动（次）", "广场活动", "1", "讲解", "1"]
    by_month = text(book, "{{ table('activities', by='month', total=False) }}", period="2026Q1")
    assert by_month.split("\n") == ["月份", "宣传活动（次）", "1月", "0", "2月", "0", "3月", "1"]


def test_records_are_quoted_with_their_labels(book: Book) -> None:
    body = (
        "{% for row in records('activity', 'held_on', 'kind', 'result') %}"
        "{{ row.held_on }}{{ row.kind }}：{{ row.result }}。{% endfor %}"
    )
    assert (
        text(book, body)
        == "2026年3月12日讲解：讲解3个要点 **好**。2026年6月5日广场活动：广场宣传。"
    )


def test_plan_and_calendar(book: Book) -> None:
    body = (
        "{% for row in plan() %}{{ row.name }}{{ row.done }}/{{ row.quota }}{{ row.due }}。"
        "{% endfor %}{% for day in days('2026-06') %}{{ day.date }}{{ day.name }}。{% endfor %}"
    )
    assert text(book, body) == (
        "开展宣传活动2次/4次全年。检查投放点3次/12次每月。报送年度总结/2026年12月20日。"
        "6月5日世界环境日。6月25日投放点月度检查。"
    )


def test_the_annex_says_what_a_quota_is_and_not_how_far_its_task_has_come(book: Book) -> None:
    template = made("{% for row in plan() %}{{ row.quota }}{% endfor %}")
    (annexed,) = write(book, template, FIRST, parse_period("2026")).annexes
    annex = "".join(plain(inlines) for block in annexed.blocks for inlines in texts_of(block))
    assert "计划任务「开展宣传活动」的任务数。" in annex
    assert "已完成" not in annex


def test_a_norm_can_be_named_and_compared(book: Book) -> None:
    body = (
        "应{{ fig('norm(activities)') }}，"
        "{{ cmp('activities', 'norm(activities)', '多', '平', '少') }}"
    )
    assert text(book, body) == "应4次，少"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ fig('nothing') }}", D.DOCUMENT_003),
        ("{{ fig('activities', colour='red') }}", D.DOCUMENT_003),
        ("{{ fig('activities', kind='dance') }}", D.DOCUMENT_003),
        ("{{ fig('activities + attendance') }}", D.DOCUMENT_003),
        ("{{ fig('activities', kind=\"it's\") }}", D.DOCUMENT_003),
        ("{{ fig('norm(activities)', kind='talk') }}", D.DOCUMENT_003),
        ("{{ table('activities', by='colour') }}", D.DOCUMENT_003),
        ("{{ table('activities', by='unit', level='planet') }}", D.DOCUMENT_003),
        ("{{ records('nothing', 'x') }}", D.DOCUMENT_003),
        ("{{ records('activity', 'people') }}", D.DOCUMENT_003),
        ("{{ records('activity', 'nothing') }}", D.DOCUMENT_003),
        ("{{ label('nothing') }}", D.DOCUMENT_003),
    ],
)
def test_what_nothing_answers_is_refused(book: Book, body: str, code: D) -> None:
    with pytest.raises(Refused) as caught:
        write(book, made(body), FIRST, parse_period("2026"))
    assert {issue.code for issue in caught.value.issues} == {code}


def test_unknown_templates_units_and_wrong_periods_are_refused(book: Book) -> None:
    for template, unit, period, code in (
        ("no_such", FIRST, "2026", D.DOCUMENT_011),
        ("year_summary", "999999999999", "2026", D.DOCUMENT_013),
        ("year_summary", FIRST, "2026-05", D.DOCUMENT_008),
    ):
        with pytest.raises(Refused) as caught:
            write(book, template, unit, parse_period(period))
        assert [issue.code for issue in caught.value.issues] == [code]


def test_formulas_of_demands() -> None:
    def wanted(name: str, **filters: tuple[str, ...]) -> FigureRequest:
        return FigureRequest(name=name, period=parse_period("2026"), filters=tuple(filters.items()))

    assert formula_of(wanted("a.b")) == "a.b"
    assert formula_of(wanted("a", x=("1",), y=("2", "3"))) == "a[x == '1' and y in ('2', '3')]"
    assert formula_of(wanted("a", x_not=("1", "2"))) == "a[x not in ('1', '2')]"
    with pytest.raises(Unanswerable):
        formula_of(wanted("a + b", x=("1",)))


def test_the_check_of_a_pack_renders_every_branch_it_can_reach(packs: tuple[Pack, ...]) -> None:
    files = skeleton()
    assert check_documents(packs[1], packs[:1]) == ()
    files["documents/bad.md.j2"] = (
        "---\ntitle: 坏\nkind: 总结\nperiod: half\n---\n好。\n\n"
        "{% if has('activities') and value('activities') > 100 %}\n办了120次\n{% endif %}\n"
        "{% if value('checks') > 3 %}多{% endif %}\n\n{{ fig('missing') }}\n"
    ).encode()
    pack, _ = load(files)
    assert pack is not None
    issues = {
        (issue.code, issue.place.file, issue.place.line)
        for issue in check_documents(pack, packs[:1])
    }
    assert issues == {
        (D.DOCUMENT_004, "documents/bad.md.j2", 9),
        (D.DOCUMENT_005, "documents/bad.md.j2", 11),
        (D.DOCUMENT_003, "documents/bad.md.j2", 13),
    }


@pytest.fixture(scope="module")
def scored(book: Book) -> Document:
    return score_document(
        score(book, rubric_named(book.programmes, "waste"), FIRST, parse_period("2026"))
    )


def test_a_score_becomes_a_document_that_explains_every_lost_point(
    book: Book, scored: Document
) -> None:
    whole = score(book, rubric_named(book.programmes, "waste"), FIRST, parse_period("2026"))
    words = "\n".join(plain(i) for block in scored.blocks for i in texts_of(block))
    for item in whole.items:
        assert item.title in words
        for loss in item.losses:
            assert loss.why.text("zh").rstrip("。") in words
            assert loss.remedy.text("zh") in words
    values = {number.figure.key: number.figure.value for number in scored.numbers}
    assert values[f"{whole.rubric}.total"] == whole.total
    assert values[f"{whole.rubric}.max"] == whole.max


@pytest.mark.parametrize("pending", [0, 4])
def test_the_points_that_are_still_open_are_named_where_there_are_some(
    book: Book, pending: int
) -> None:
    whole = score(book, rubric_named(book.programmes, "waste"), FIRST, parse_period("2026"))
    first, *rest = whole.sections
    item, *items = first.items
    item = replace(item, pending=Fraction(pending), sure=item.sure - pending)
    rest = [
        replace(section, items=tuple(replace(i, pending=0) for i in section.items))
        for section in rest
    ]
    items = [replace(item, pending=Fraction(0)) for item in items]
    changed = replace(whole, sections=(replace(first, items=(item, *items)), *rest))
    assert changed.pending_max == pending
    document = score_document(changed)
    words = "\n".join(plain(i) for block in document.blocks for i in texts_of(block))
    assert ("尚未评定" in words) == bool(pending)
    assert (f"其中{pending}" in words.replace(" ", "")) == bool(pending)


def test_every_number_of_a_score_document_is_a_figure(scored: Document) -> None:
    assert list(typed_numbers(scored.blocks)) == []
    shown = [
        inline
        for block in blocks_of(scored.blocks)
        for inlines in texts_of(block)
        for inline in flat(inlines)
        if isinstance(inline, Number)
    ]
    assert len(shown) >= 8
    assert all(number.ref and number.part is Part.VALUE for number in shown)


def test_a_template_can_print_the_score(book: Book) -> None:
    body = (
        "{% set s = score() %}{% if s %}得{{ s.total }}，满分{{ s.max }}，待定{{ s.pending }}。"
        "{% for row in s.lost %}{{ row.name }}{{ row.points }}/{{ row.max }}：{{ row.why }}。"
        "{{ row.remedy }}{% endfor %}{% else %}不评分{% endif %}"
    )
    whole = score(book, rubric_named(book.programmes, "waste"), FIRST, parse_period("2026"))
    words = text(book, body)
    assert words.startswith("得70分，满分100分，待定0分。宣传活动达到规定次数30/60：")
    assert whole.total == 70
    assert "按年度安排补足活动。" in words
    assert text(book, body, STREET) == "不评分"


def test_a_notice_lists_the_scores_below_in_code_order(book: Book) -> None:
    body = (
        "{% for row in scores() %}{{ row.name }}{{ row.total }}，待定{{ row.pending }}："
        "{% for part in row.sections %}{{ part.name }}{{ part.points }}/{{ part.max }}"
        "（待定{{ part.pending }}）{% endfor %}。{% endfor %}完"
    )
    rubric = rubric_named(book.programmes, "waste")
    words = text(book, body, STREET)
    assert words.startswith("东一社区70分，待定0分：宣传活动30分/60（待定0分）投放点")
    second = score(book, rubric, SECOND, parse_period("2026"))
    said_of_second = f"东二社区{second.total}分，待定{second.pending_max}分"
    assert words.index("东一社区") < words.index(said_of_second)
    assert text(book, body).startswith("东一社区70分")
    no_rubric = replace(book.programmes.by_key["waste"], rubric=None)
    assert text(replace(book, programmes=Programmes((no_rubric,))), body, STREET) == "完"


def test_the_units_below_can_be_listed(book: Book) -> None:
    inner = "{% for one in top.units %}{{ one.name }}、{% endfor %}"
    body = "{% for top in units() %}{{ top.name }}（{{ top.kind }}）：" + inner + "；{% endfor %}"
    assert text(book, body, "900101000000").startswith(
        "东街道（街道）：东一社区、东二社区、；西街道（街道）：西一社区、西村、；"
    )
    half_days = (
        "{% for one in units(level='community') %}{{ loop.cycle('上午', '下午') }}{{ one }}，"
        "{% endfor %}"
    )
    district = "上午东一社区，下午东二社区，上午西一社区，下午西村，"
    assert text(book, half_days, "900101000000") == district
    assert text(book, half_days, STREET) == "上午东一社区，下午东二社区，"
    with pytest.raises(Refused) as refused:
        text(book, "{% for one in units(level='planet') %}{{ one }}{% endfor %}", STREET)
    assert [issue.code for issue in refused.value.issues] == [D.DOCUMENT_003]


def test_tables_become_sheets_with_exact_numbers(book: Book) -> None:
    body = "表：活动\n\n{{ table('activities', 'clean_rate', by='unit') }}"
    document = write(book, made(body), STREET, parse_period("2026"), synthetic=True)
    workbook = load_workbook(BytesIO(to_xlsx(document)))
    assert workbook.sheetnames == ["表1 活动", "数字来源表"]
    rows = list(workbook.worksheets[0].values)
    assert rows[0][0] == "表1　活动"
    assert rows[1][0] == "演示数据（合成）"
    assert rows[2] == ("单位", "宣传活动（次）", "投放点整洁率（%）")
    assert rows[3] == ("东一社区", 2, 100)
    assert rows[4][:2] == ("东二社区", 1)
    assert workbook.worksheets[0]["C4"].number_format == "0"


def test_a_workbook_never_holds_a_formula_of_the_ledger() -> None:
    table = Table(((Text("甲"),),), (((Quoted("=1+1", "record:1"),),),))
    document = Document(head=Head(title=(Text("甲"),)), blocks=(table,))
    cell = load_workbook(BytesIO(to_xlsx(document))).worksheets[0]["A3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("ending", sorted(RENDERERS))
def test_every_ending_gives_a_file(book: Book, ending: str) -> None:
    document = write(book, "year_summary", FIRST, parse_period("2026"))
    data = renderer_for(f"S{ending.upper()}")(document, str)
    assert data.startswith({".html": b"<!DOCTYPE", ".pdf": b"%PDF"}.get(ending, b"PK"))


@pytest.mark.parametrize("name", ["summary.doc", "summary", "docx"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        renderer_for(name)
    assert [issue.code for issue in caught.value.issues] == [D.DOCUMENT_012]


def test_an_unanswered_field_lets_a_template_leave_its_clause_out() -> None:
    from taizhang.documents.template.template_values import PrintedInline
    from taizhang.documents.tree import Blank, Quoted

    assert not PrintedInline(Quoted("", "record:1"), str)
    assert PrintedInline(Quoted("世界无烟日", "record:1"), str)
    assert PrintedInline(Blank("由人填写"), str)


def test_a_paper_on_a_running_year_is_titled_with_its_months(book: Book) -> None:
    day = date(2026, 12, 25)
    running = replace(book, as_of=day, today=day)
    body = "{{ period }}{{ unit }}开展{{ fig('activities') }}。"
    document = write(running, made(body), STREET, parse_period("2026"))
    assert plain(document.head.title) == "东街道2026年1—11月总结"
    assert text(running, body, STREET).split("\n")[0] == (
        "截至2026年12月25日，1个单位6个月（东二社区1—6月）未报结，下列为已收到数的合计；"
        "比率按已到报结日的1—11月计算。"
    )
    plan = write(running, made(body, kind="计划"), STREET, parse_period("2026"))
    assert plain(plan.head.title) == "东街道2026年总结"
