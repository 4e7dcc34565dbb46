"""The DOCX, read back: numbers, layout, marks."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document as open_docx
from docx.document import Document as Package
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, Twips
from lxml import etree
from openpyxl import load_workbook

from taizhang.documents.format import format_number
from taizhang.documents.render.docx import to_docx
from taizhang.documents.render.html import to_html
from taizhang.documents.render.xlsx import to_xlsx
from taizhang.documents.template.composition import compose
from taizhang.documents.tree import Document, Quoted, Text
from tests.documents.ledger import Ledger, make, subject, template

BODY = """
{{ period }}，{{ unit }}举办讲座{{ fig('lectures') }}，{{ fig('attendance') }}参加，
发放资料{{ fig('materials') }}。

# 主要工作

## 讲座

### 场次

#### 分布

表：各社区讲座

{{ table('lectures', 'attendance', by='unit') }}

又见{{ fig('lectures') }}，完成率{{ fig('lecture_completion') }}，{{ blank('下一步打算') }}

1. 甲**乙**

{{ annex('明细') }}

正文。
"""
LEDGER = Ledger(
    {
        "lectures": 48,
        "attendance": make("attendance", 1234, high=None, flags=("incomplete 2/3",)),
        "lecture_completion": make(
            "lecture_completion", "83.333", numerator=5, denominator=6, decimals=1
        ),
    },
    by_unit={"lectures": [10, 18, 20], "attendance": [300, None, 934]},
)


@pytest.fixture(scope="module")
def document() -> Document:
    made = template(BODY, to="{{ unit.parent }}人民政府")
    return compose(made, LEDGER, subject(), synthetic=True)


@pytest.fixture(scope="module")
def package(document: Document) -> Package:
    return open_docx(BytesIO(to_docx(document)))


def linked(package: Package) -> list[tuple[str, str]]:
    """Give (anchor, text) of every number of the file."""
    return [
        (str(link.get(qn("w:anchor"))), "".join(text.text for text in link.iter(qn("w:t"))))
        for link in package.element.body.iter(qn("w:hyperlink"))
    ]


def test_the_numbers_of_the_file_are_the_figures(document: Document, package: Package) -> None:
    links = linked(package)
    in_text = [(anchor, text) for anchor, text in links if anchor.startswith("n")]
    assert len(in_text) == 13
    for anchor, text in in_text:
        number = document.numbers[int(anchor[1:]) - 1]
        if number.figure.value is None:
            assert text in ("〔未报〕", format_number(number).text)
        else:
            digits = re.search(r"\d+(\.\d+)?", text)
            assert digits is not None
            assert digits[0] == number.figure.shown()


def test_no_digit_stands_outside_figures_dates_numberings(package: Package) -> None:
    explained = package.tables[-1]._element  # the annex of numbers, which explains with digits

    def within(text: BaseOxmlElement) -> bool:
        above = list(text.iterancestors())
        return explained in above or any(ancestor.tag == qn("w:hyperlink") for ancestor in above)

    loose = [
        text.text
        for text in package.element.body.iter(qn("w:t"))
        if re.search(r"\d", text.text) and not within(text)
    ]
    assert loose == [
        "2025年", "2025年", "1.", "（1）", "表1　", "1.", "附件：1.", "2.", "附件1", "附件2",
        "2025年12月31日", "2025年",
    ]  # fmt: skip


def test_every_number_links_to_its_annex_row_and_back(document: Document, package: Package) -> None:
    names = [
        str(mark.get(qn("w:name"))) for mark in package.element.body.iter(qn("w:bookmarkStart"))
    ]
    keys = [mark.get(qn("w:id")) for mark in package.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)
    assert {anchor for anchor, _ in linked(package)} == set(names)
    assert {f"n{number.ref}" for number in document.numbers} <= set(names)


def test_the_annex_lists_every_way_of_counting_once(document: Document, package: Package) -> None:
    rows = package.tables[-1].rows
    assert [cell.text for cell in rows[0].cells] == [
        "序号", "口径和算法", "文中数字（分子÷分母，说明，依据的记录数）",
    ]  # fmt: skip
    ways = dict.fromkeys((n.figure.key, n.figure.sentence) for n in document.numbers)
    assert [row.cells[1].text for row in rows[1:]] == [sentence for _, sentence in ways]
    rate = next(i for i, (key, _) in enumerate(ways, 1) if key == "lecture_completion")
    assert "（5÷6" in rows[rate].cells[2].text


def test_the_page_is_that_of_the_standard(package: Package) -> None:
    (section,) = package.sections
    assert (section.page_width, section.page_height) == (Twips(11906), Twips(16838))
    for margin, wanted in (
        (section.top_margin, 37),
        (section.bottom_margin, 35),
        (section.left_margin, 28),
        (section.right_margin, 26),
    ):
        assert abs(margin - Mm(wanted)) < Mm(0.05)
    text_width = section.page_width - section.left_margin - section.right_margin
    text_height = section.page_height - section.top_margin - section.bottom_margin
    assert abs(text_width - Mm(156)) < Mm(0.1)
    assert abs(text_height - Mm(225)) < Mm(0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch")))
    assert Twips(pitch) * 22 <= text_height < Twips(pitch) * 23
    character = Pt(16) + Pt(1) * int(grid.get(qn("w:charSpace"))) / 4096
    assert character * 28 <= text_width < character * 29


def test_lines_and_characters_are_exact_in_every_program(package: Package) -> None:
    normal = package.styles["Normal"].element
    spacing = normal.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    assert normal.rPr.find(qn("w:sz")).get(qn("w:val")) == "32"
    tight = int(normal.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert (16 + tight) * 28 <= 156 / 25.4 * 72


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("附件标记", "黑体", 16),
        ("页码", "宋体", 14),
    ],
)
def test_fonts_are_named_for_east_asian_text(
    package: Package, style: str, font: str, points: int
) -> None:
    look = package.styles[style].element.rPr
    fonts = look.find(qn("w:rFonts")) if look is not None else None
    assert fonts is not None
    assert {fonts.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "eastAsia")} == {font}
    size = look.find(qn("w:sz"))
    assert size is None or size.get(qn("w:val")) == str(points * 2)


def test_headings_are_real_and_numbered(package: Package) -> None:
    headings = [
        (p.style.name, p.text) for p in package.paragraphs if p.style.name.startswith("Head")
    ]
    assert headings == [
        ("Heading 1", "一、主要工作"),
        ("Heading 2", "（一）讲座"),
        ("Heading 3", "1.场次"),
        ("Heading 4", "（1）分布"),
    ]
    for level in range(1, 5):
        outline = package.styles[f"Heading {level}"].element.pPr.find(qn("w:outlineLvl"))
        assert outline.get(qn("w:val")) == str(level - 1)


def test_body_text_is_indented_by_two_characters(package: Package) -> None:
    indent = package.styles["Body Text"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_outside_between_dashes(package: Package) -> None:
    (section,) = package.sections
    assert package.settings.odd_and_even_pages_header_footer
    for footer, side, other in (
        (section.footer, "right", "left"),
        (section.even_page_footer, "left", "right"),
    ):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "— 1 —"
        properties = paragraph._p.pPr
        assert properties.find(qn("w:jc")).get(qn("w:val")) == side
        indent = properties.find(qn("w:ind"))
        assert indent.get(qn(f"w:{side}")) == "280"  # one character of 4号
        assert indent.get(qn(f"w:{other}")) is None
        instructions = [
            instruction.text.strip() for instruction in paragraph._p.iter(qn("w:instrText"))
        ]
        assert instructions == ["PAGE"]
    # The dashes stand 7 mm below the text: in the middle of a line of 20 pt.
    middle = section.bottom_margin - section.footer_distance - Pt(10)
    assert abs(middle - Mm(7)) < Mm(0.1)


def test_synthetic_data_is_marked_on_every_page(package: Package, document: Document) -> None:
    (section,) = package.sections
    assert section.header.paragraphs[0].text == "演示数据（合成）"
    assert section.even_page_header.paragraphs[0].text == "演示数据（合成）"
    real = compose(template("正文。"), LEDGER, subject())
    plain = open_docx(BytesIO(to_docx(real))).sections[0]
    assert plain.header.paragraphs[0].text == plain.even_page_header.paragraphs[0].text == ""


def test_a_blank_is_a_control_to_type_into(package: Package) -> None:
    texts = [
        "".join(text.text for text in control.iter(qn("w:t")))
        for control in package.element.body.iter(qn("w:sdt"))
    ]
    assert texts == ["【待填：下一步打算】", "【待填：成文日期】"]


def test_tables_fill_the_text_and_repeat_their_head(package: Package) -> None:
    assert len(package.tables) > 1
    for table in package.tables:
        columns = table._tbl.tblGrid.findall(qn("w:gridCol"))
        assert sum(int(column.get(qn("w:w"))) for column in columns) == 8844
        head = table.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_annexes_begin_pages_and_are_listed_before_the_signature(package: Package) -> None:
    texts = [p.text for p in package.paragraphs]
    at = texts.index("附件：1.明细")
    assert texts[at - 1] == ""
    assert texts[at + 1] == "2.数字来源表"
    assert texts[at + 2 : at + 4] == ["", "绿荫街道"]
    labels = [p for p in package.paragraphs if p.style.name == "附件标记"]
    assert [p.text for p in labels] == ["附件1", "附件2"]
    style = package.styles["附件标记"].element.pPr
    assert style.find(qn("w:pageBreakBefore")) is not None
    after = texts[texts.index("附件1") :]
    assert after[1:4] == ["", "明细", ""]


def test_the_same_tree_gives_the_same_bytes(document: Document) -> None:
    assert to_docx(document) == to_docx(document)


def test_the_file_says_who_and_what(package: Package) -> None:
    properties = package.core_properties
    assert properties.title == "绿荫街道2025年健康教育工作总结"
    assert properties.author == "绿荫街道"
    assert properties.category == "总结"


def test_control_characters_of_the_ledger_do_not_break_the_file() -> None:
    made = template("{% for row in records('f', 'title') %}{{ row.title }}{% endfor %}")
    ledger = Ledger({}, latest=[{"title": Quoted("甲\x00\x0b乙<&>", "record:1")}])
    package = open_docx(BytesIO(to_docx(compose(made, ledger, subject()))))
    assert "甲乙<&>" in [p.text for p in package.paragraphs]


def test_every_part_of_the_file_is_well_formed(document: Document) -> None:
    with zipfile.ZipFile(BytesIO(to_docx(document))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        types = archive.read("[Content_Types].xml").decode()
        for part in ("header", "footer"):
            assert types.count(f"{part}+xml") == 2


def test_a_name_stored_long_ago_with_signs_that_nobody_sees_blocks_no_paper(
    document: Document,
) -> None:
    """Older instances took such names; the title goes into the file's properties."""
    named = (Text("西\x07湖\x00社区\u200b"),)
    head = replace(document.head, title=named, issuer=named, subject="a\x01b", kind="总\x02结")
    made = replace(document, head=head)
    package = open_docx(BytesIO(to_docx(made)))
    properties = package.core_properties
    assert properties.title == properties.author == "西湖社区"
    assert (properties.subject, properties.category) == ("ab", "总结")
    assert "西湖社区" in [p.text for p in package.paragraphs]
    assert "西湖社区" in to_html(made)
    assert load_workbook(BytesIO(to_xlsx(made))).properties.title == "西湖社区"
