"""The PDF, measured: margins, lines on a page, characters on a line, page numbers, text."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from typst import Fonts

from taizhang.core.base.issue import Issue, Level, Refused
from taizhang.documents.code import DocumentCode
from taizhang.documents.format import format_number
from taizhang.documents.render import pdf
from taizhang.documents.render.font import FETCHED, SHIPPED, WANTED, FontSet, find_fonts
from taizhang.documents.render.pdf import to_pdf
from taizhang.documents.template.composition import compose
from taizhang.documents.tree import Document, Quoted
from tests.documents.ledger import Ledger, make, subject, template

MM = 72 / 25.4


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    try:
        find_fonts()
    except Refused:
        pytest.skip("no Chinese font: the system has none and script/setup could not fetch any")


BODY = (
    "讲座{{ fig('lectures') }}，{{ fig('attendance') }}，{{ fig('materials') }}，"
    "{{ blank('打算') }}。\n\n"
    "# 甲\n\n## 乙\n\n### 丙\n\n#### 丁\n\n"
    + ("社区健康教育" * 60 + "。\n\n")
    * 8
    + "1. 一\n\n- 二\n\n"
    "表：讲座\n\n{{ table('lectures', by='unit') }}\n\n**重点**“引号”#$*_@<x>\\\\。\n\n"
    "{{ annex('附表') }}\n\n正文。"
)
LEDGER = Ledger(
    {"lectures": 48, "attendance": make("attendance", 1234, high=None, flags=("incomplete 2/3",))},
    by_unit={"lectures": [1, None, 3]},
)


@pytest.fixture(scope="module")
def document() -> Document:
    return compose(template(BODY, to="{{ unit.parent }}"), LEDGER, subject(), synthetic=True)


@pytest.fixture(scope="module")
def reader(document: Document) -> PdfReader:
    return PdfReader(BytesIO(to_pdf(document)))


Run = tuple[float, float, str]  # x and y in points from the lower left corner, text


def runs(reader: PdfReader, page: int) -> list[Run]:
    merged: list[Run] = []

    def visit(text: str, matrix: list[float], at: list[float], font: object, size: float) -> None:
        if text.strip():
            x = at[4] * matrix[0] + at[5] * matrix[2] + matrix[4]
            y = at[4] * matrix[1] + at[5] * matrix[3] + matrix[5]
            merged.append((x, y, text.strip()))

    reader.pages[page].extract_text(visitor_text=visit)
    return merged


def lines(reader: PdfReader, page: int) -> dict[float, list[Run]]:
    """Give the lines of the text block by the height of their base line."""
    by_line: dict[float, list[Run]] = defaultdict(list)
    for run in runs(reader, page):
        if 35 * MM <= run[1] <= (297 - 37) * MM:
            by_line[round(run[1], 1)].append(run)
    return dict(sorted(by_line.items(), reverse=True))


def test_the_paper_is_a4(reader: PdfReader) -> None:
    for page in reader.pages:
        assert float(page.mediabox.width) == pytest.approx(210 * MM, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(297 * MM, abs=0.1)


def test_a_page_of_text_has_22_lines_of_like_pitch(reader: PdfReader) -> None:
    heights = list(lines(reader, 1))
    assert len(heights) == 22
    pitches = [a - b for a, b in itertools.pairwise(heights)]
    assert all(pitch == pytest.approx(28.95, abs=0.11) for pitch in pitches)


def test_the_text_stands_inside_its_block(reader: PdfReader) -> None:
    page = lines(reader, 1)
    left = min(x for line in page.values() for x, _, _ in line)
    assert left == pytest.approx(28 * MM, abs=0.5)
    top, bottom = max(page), min(page)
    assert top + 0.88 * 16 <= (297 - 37) * MM + 0.5
    assert bottom >= 35 * MM


def test_a_full_line_has_28_characters(reader: PdfReader) -> None:
    text = "".join(text for _, _, text in runs(reader, 1))
    assert "社区健康教育" * 8 in text.replace("\n", "")
    full = [
        "".join(text for _, _, text in sorted(line))
        for line in lines(reader, 1).values()
        if line[0][0] < 28 * MM + 1
    ]
    assert max(map(len, full)) == 28


def test_page_numbers_stand_outside_and_7_mm_below(reader: PdfReader) -> None:
    for index in range(min(4, len(reader.pages))):
        below = [run for run in runs(reader, index) if run[1] < 35 * MM]
        assert "".join(text for _, _, text in below).replace(" ", "") == f"—{index + 1}—"
        x = min(run[0] for run in below)
        if index % 2:  # an even page, counted from 1
            assert x == pytest.approx(28 * MM + 14, abs=1)
        else:
            assert x > 105 * MM
        # The dash is drawn about a third of a character above its base line.
        dash = below[0][1] + 0.35 * 14
        assert 35 * MM - dash == pytest.approx(7 * MM, abs=1)


def test_every_number_can_be_read_from_the_file(document: Document, reader: PdfReader) -> None:
    assert document.numbers
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    for number in document.numbers:
        words = format_number(number)
        assert (words.digits or words.missing) in text


def test_numbers_link_to_their_rows_and_back(document: Document, reader: PdfReader) -> None:
    links = [
        annotation.get_object()
        for page in reader.pages
        for annotation in page.get("/Annots", [])
        if annotation.get_object()["/Subtype"] == "/Link"
    ]
    assert len(links) >= 2 * len(document.numbers)


def test_synthetic_data_is_marked_on_every_page(reader: PdfReader) -> None:
    for page in reader.pages:
        assert "演示数据（合成）" in page.extract_text()


def test_headings_make_the_outline(reader: PdfReader) -> None:
    def titles(items: list[object]) -> list[str]:
        texts: list[str] = []
        for item in items:
            texts += titles(item) if isinstance(item, list) else [str(item["/Title"])]  # type: ignore[index]
        return texts

    assert titles(list(reader.outline)) == ["一、甲", "（一）乙", "1.丙", "（1）丁"]


def test_what_looks_like_markup_is_text(reader: PdfReader) -> None:
    text = "".join(page.extract_text() for page in reader.pages)
    assert "#$*_@<x>\\" in text.replace("\n", "")


def test_the_file_names_its_title_and_its_substitute_fonts(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "绿荫街道2025年健康教育工作总结"
    substitutes = find_fonts().substitutes
    assert all(part in str(reader.metadata.get("/Subject", "")) for part, _ in substitutes)


def test_the_same_tree_gives_the_same_bytes(document: Document) -> None:
    assert to_pdf(document) == to_pdf(document)


def titled(text: str) -> Document:
    """Make a document whose body is one text that a record holds."""
    made = template("{% for row in records('f', 'title') %}{{ row.title }}{% endfor %}")
    return compose(made, Ledger({}, latest=[{"title": Quoted(text, "record:1")}]), subject())


def printed(document: Document, doubts: list[Issue]) -> str:
    reader = PdfReader(BytesIO(to_pdf(document, doubts)))
    return "".join(page.extract_text() for page in reader.pages)


def test_a_character_that_no_font_has_blocks_no_paper() -> None:
    """A substitute stands in its place, a note names it, and all of them are told at once."""
    doubts: list[Issue] = []
    text = printed(titled("社区\U0010fffd卫生\U0010fffc站"), doubts)
    assert "社区〓卫生〓站" in text
    assert "U+10FFFD、U+10FFFC" in text
    assert {doubt.code for doubt in doubts} == {DocumentCode.DOCUMENT_015}
    assert {doubt.level for doubt in doubts} == {Level.WARNING}
    assert [doubt.facts["code"] for doubt in doubts] == ["U+10FFFD", "U+10FFFC"]
    assert all("社区" in str(doubt.facts["where"]) for doubt in doubts)


def test_a_rare_character_of_a_title_or_a_table_blocks_no_paper(document: Document) -> None:
    doubts: list[Issue] = []
    made = replace(document, head=replace(document.head, title=(Quoted("\U0010fffd社区总结"),)))
    assert "〓社区总结" in printed(made, doubts)
    assert [doubt.facts["code"] for doubt in doubts] == ["U+10FFFD"]


def test_a_mark_that_chooses_a_shape_goes_and_its_character_stays() -> None:
    doubts: list[Issue] = []
    text = printed(titled("葛\U000e0100城社区"), doubts)
    assert "葛" in text
    assert "城社区" in text
    assert "〓" not in text
    assert doubts == []


#: Rare characters of names and places, some outside GB 2312.
NAMES = "喆镕堃昇翀玥珺燊峣䶮𬭎𣲗"


def embedded(reader: PdfReader) -> set[str]:
    """Name the fonts embedded in a file, without the tag of the subset and the weight."""
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    names = [str(font.get_object()["/BaseFont"]) for font in fonts]
    return {name.rpartition("+")[2].partition("-")[0] for name in names}


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> FontSet:
    """Leave PDF nothing but what script/setup fetched."""
    if not any(SHIPPED.glob("*.ttf")):
        pytest.skip("script/setup could not fetch the fonts on this machine")
    fonts = Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(SHIPPED)]
    )
    assert set(fonts.families()) == set(FETCHED)
    serif, sans = FETCHED
    families = {part: (sans, serif) if part == "黑体" else (serif,) for part in WANTED}
    chosen = FontSet(families, (), fonts)
    monkeypatch.setattr(pdf, "find_fonts", lambda: chosen)
    return chosen


@pytest.mark.usefixtures("fetched")
def test_the_fetched_fonts_alone_print_rare_characters_of_names() -> None:
    reader = PdfReader(BytesIO(to_pdf(titled(NAMES))))
    assert NAMES in "".join(page.extract_text() for page in reader.pages)
    assert embedded(reader) == {"NotoSerifSC"}


@pytest.mark.usefixtures("fetched")
def test_the_fetched_fonts_alone_print_a_whole_document(document: Document) -> None:
    assert embedded(PdfReader(BytesIO(to_pdf(document)))) == {"NotoSerifSC", "NotoSansSC"}


def test_a_font_that_was_not_chosen_never_stands_in_unsaid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All characters are in some font at hand, yet not in the only one chosen."""
    there = find_fonts()
    latin = "Libertinus Serif"  # comes with typst
    families = dict.fromkeys(WANTED, (latin,))
    monkeypatch.setattr(pdf, "find_fonts", lambda: replace(there, families=families))
    doubts: list[Issue] = []
    assert "社区" in printed(titled("社区"), doubts)
    assert {doubt.code for doubt in doubts} == {DocumentCode.DOCUMENT_019}
    assert {"社", "区"} <= {doubt.facts["sign"] for doubt in doubts}


def test_a_doubt_of_the_typesetter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    there = find_fonts()
    families = {part: (*names, "No Such Font") for part, names in there.families.items()}
    monkeypatch.setattr(pdf, "find_fonts", lambda: replace(there, families=families))
    with pytest.raises(Refused) as caught:
        to_pdf(titled("社区"))
    assert {issue.code for issue in caught.value.issues} == {DocumentCode.DOCUMENT_016}
    assert "no such font" in str(caught.value.issues[0].facts["reason"])


def pages_of(text: str, ledger: Ledger) -> list[str]:
    reader = PdfReader(BytesIO(to_pdf(compose(template(text), ledger, subject()))))
    return [page.extract_text().replace("\n", "") for page in reader.pages]


@pytest.mark.parametrize("paragraphs", range(12, 21, 2))
def test_a_short_table_stays_whole_and_the_signature_never_stands_alone(paragraphs: int) -> None:
    rows = "".join(f"| 甲{at} | 乙 |\n" for at in "一二三四五")
    text = "短句。\n\n" * paragraphs + f"表：末表\n\n| 名称 | 数 |\n|---|---|\n{rows}"
    pages = pages_of(text, Ledger({}))
    (table,) = [page for page in pages if "甲一" in page]
    assert "末表" in table
    assert "甲五" in table
    assert "【待填：成文日期】" in table


def test_the_remark_below_the_signature_stays_with_it() -> None:
    figure = make("lectures", 5, high=None, flags=("inexact", "moved 1"))
    for paragraphs in range(9, 16):
        text = "短句。\n\n" * paragraphs + "讲座{{ fig('lectures') }}。"
        pages = pages_of(text, Ledger({"lectures": figure}))
        (signed,) = [page for page in pages if "成文日期" in page]
        assert "范围不全或有调整" in signed
        assert "不少于5次" in signed


def test_the_footnote_mark_never_begins_a_line() -> None:
    figure = make("lectures", 5, flags=("moved 2",))
    for before in range(15, 24):
        text = "字" * before + "{{ fig('lectures') }}，后面的文字。"
        document = compose(template(text), Ledger({"lectures": figure}), subject())
        reader = PdfReader(BytesIO(to_pdf(document)))
        (mark,) = [x for x, _, said_there in runs(reader, 0) if said_there == "*"]
        assert mark > 28 * MM + 16
