"""The PDF, measured: margins, lines on a page, characters on a line, page numbers, text."""

from __future__ import annotations

import itertools
from collections import defaultdict
from io import BytesIO

import pytest
from pypdf import PdfReader

from taizhang.core.issue import Refused
from taizhang.documents.font import fonts_find
from taizhang.documents.issue import DocumentCode
from taizhang.documents.pdf import to_pdf
from taizhang.documents.said import said
from taizhang.documents.template import render
from taizhang.documents.tree import Document, Quoted
from tests.documents.ledger import Ledger, make, subject, template

MM = 72 / 25.4


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    try:
        fonts_find()
    except Refused:
        pytest.skip("no font with Chinese characters on this machine")


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
    return render(template(BODY, to="{{ unit.parent }}"), LEDGER, subject(), synthetic=True)


@pytest.fixture(scope="module")
def reader(document: Document) -> PdfReader:
    return PdfReader(BytesIO(to_pdf(document)))


Run = tuple[float, float, str]  # x and y in points from the lower left corner, text


def runs(reader: PdfReader, page: int) -> list[Run]:
    found: list[Run] = []

    def visit(text: str, matrix: list[float], at: list[float], font: object, size: float) -> None:
        if text.strip():
            x = at[4] * matrix[0] + at[5] * matrix[2] + matrix[4]
            y = at[4] * matrix[1] + at[5] * matrix[3] + matrix[5]
            found.append((x, y, text.strip()))

    reader.pages[page].extract_text(visitor_text=visit)
    return found


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
    found = lines(reader, 1)
    left = min(x for line in found.values() for x, _, _ in line)
    assert left == pytest.approx(28 * MM, abs=0.5)
    top, bottom = max(found), min(found)
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
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    for number in document.numbers:
        words = said(number)
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
        found: list[str] = []
        for item in items:
            found += titles(item) if isinstance(item, list) else [str(item["/Title"])]  # type: ignore[index]
        return found

    assert titles(list(reader.outline)) == ["一、甲", "（一）乙", "1.丙", "（1）丁"]


def test_what_looks_like_markup_is_text(reader: PdfReader) -> None:
    text = "".join(page.extract_text() for page in reader.pages)
    assert "#$*_@<x>\\" in text.replace("\n", "")


def test_the_file_names_its_title_and_its_substitute_fonts(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "绿荫街道2025年健康教育工作总结"
    substitutes = fonts_find().substitutes
    assert all(part in str(reader.metadata.get("/Subject", "")) for part, _ in substitutes)


def test_the_same_tree_gives_the_same_bytes(document: Document) -> None:
    assert to_pdf(document) == to_pdf(document)


def test_a_character_that_no_font_has_is_refused_not_left_out() -> None:
    made = template("{% for row in records('f', 'title') %}{{ row.title }}{% endfor %}")
    ledger = Ledger({}, found=[{"title": Quoted("社区\U0010fffd", "record:1")}])
    with pytest.raises(Refused) as caught:
        to_pdf(render(made, ledger, subject()))
    assert [issue.code for issue in caught.value.issues] == [DocumentCode.DOCUMENT_015]
