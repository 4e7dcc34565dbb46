"""Styles, settings, header and footer of the DOCX, as WordprocessingML."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from taizhang.documents.render.layout import (
    BODY_SIZE,
    BOTTOM,
    CHARACTER_PITCH,
    DASH_BELOW,
    LEFT,
    LINE_PITCH,
    PAGE_SIZE,
    PAPER,
    RIGHT,
    TITLE_SIZE,
    TOP,
)
from taizhang.documents.wording import SYNTHETIC

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FANGSONG, KAITI, HEITI = "仿宋_GB2312", "楷体_GB2312", "黑体"
XIAOBIAOSONG, SONGTI = "方正小标宋简体", "宋体"


def twips(millimetres: float) -> int:
    """Turn millimetres into twentieths of a point."""
    return round(millimetres / 25.4 * 1440)


PITCH = round(LINE_PITCH * 20)
CHARACTER = round(CHARACTER_PITCH * 20)
#: Difference between the pitch of the grid and the font size, in 1/4096 point, rounded down so
#: that 28 characters are never wider than the line.
CHARACTER_SPACE = int((CHARACTER_PITCH - BODY_SIZE) * 4096) - 2
_FOOTER_LINE = 400  # twips; the dash stands in its middle
FOOTER = twips(BOTTOM - DASH_BELOW) - _FOOTER_LINE // 2
#: Word would add a quarter of a character between Chinese and digits and break the grid.
_NO_AUTO_SPACE = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
#: The grid is declared, so that page set-up says 22 × 28, and not snapped to: exact line pitch and
#: character spacing give the same page in every office program (some give a character that is
#: wider than its cell two cells).
_OFF_GRID = '<w:snapToGrid w:val="0"/>'
TIGHT = f'<w:spacing w:val="{floor((CHARACTER_PITCH - BODY_SIZE) * 20)}"/>'
#: Numbers are links in a paper that is printed: they look like the words around them.
_NO_LINK = '<w:color w:val="000000"/><w:u w:val="none"/>'
EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{PITCH}" w:lineRule="exact"/>'


def fonts(name: str) -> str:
    """Name one font for all kinds of characters, as East Asian text."""
    return (
        f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="Times New Roman"'
        ' w:hint="eastAsia"/>'
    )


def size(points: float) -> str:
    """Set a font size."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def indent(*, first: float = 0, left: float = 0, right: float = 0, hanging: float = 0) -> str:
    """Indent by characters of the grid; twips stand beside for readers that know no characters."""
    parts = [
        f' w:{name}Chars="{round(value * 100)}" w:{name}="{round(value * CHARACTER)}"'
        for name, value in (("left", left), ("right", right), ("firstLine", first))
        if value
    ]
    if hanging:
        value = round(hanging * CHARACTER)
        parts.append(f' w:hangingChars="{round(hanging * 100)}" w:hanging="{value}"')
    return f"<w:ind{''.join(parts)}/>" if parts else ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks beside its paragraph's style; written in the order the schema wants."""

    style: str = ""
    font: str = ""
    bold: bool = False
    points: float = 0
    raised: bool = False

    def xml(self) -> str:
        """Write the run properties, nothing where the paragraph's style says all."""
        parts = [f'<w:rStyle w:val="{self.style}"/>'] if self.style else []
        parts += [fonts(self.font)] if self.font else []
        parts += ["<w:b/><w:bCs/>"] if self.bold else []
        parts += [size(self.points)] if self.points else []
        parts += ['<w:vertAlign w:val="superscript"/>'] if self.raised else []
        return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


PLAIN = Look()


def _style(
    key: str,
    name: str,
    paragraph: str = "",
    run: str = "",
    *,
    based: str = "Normal",
    following: str = "",
    extra: str = "",
) -> str:
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    after = f'<w:next w:val="{following}"/>' if following else ""
    default = ' w:default="1"' if key == "Normal" else ""
    default += "" if name.isascii() else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"{default}><w:name w:val="{name}"/>{base}'
        f"{after}{extra}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _heading(level: int, font: str) -> str:
    return _style(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/>{indent(first=2)}<w:outlineLvl w:val="{level - 1}"/>',
        fonts(font) + size(BODY_SIZE),
        following="BodyText",
        extra='<w:uiPriority w:val="9"/>',
    )


def styles_xml() -> str:
    """Write the style sheet: body on the grid of 22 × 28, headings, title, tables, page number."""
    body = f'<w:widowControl w:val="0"/>{_NO_AUTO_SPACE}{_OFF_GRID}{EXACT}<w:jc w:val="both"/>'
    small = '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" {}/>'
    cell = small.format('w:line="300" w:lineRule="atLeast"')
    page = small.format(f'w:line="{_FOOTER_LINE}" w:lineRule="exact"')
    parts = [
        "<w:docDefaults><w:rPrDefault><w:rPr>",
        fonts(FANGSONG) + size(BODY_SIZE),
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>',
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>",
        _style(
            "Normal",
            "Normal",
            body,
            f'{fonts(FANGSONG)}<w:color w:val="000000"/>{TIGHT}{size(BODY_SIZE)}',
            based="",
        ),
        _style("BodyText", "Body Text", indent(first=2)),
        _heading(1, HEITI),
        _heading(2, KAITI),
        _heading(3, FANGSONG),
        _heading(4, FANGSONG),
        _style(
            "Title",
            "Title",
            '<w:keepNext/><w:jc w:val="center"/>',
            fonts(XIAOBIAOSONG) + size(TITLE_SIZE),
            following="BodyText",
        ),
        _style("AnnexLabel", "附件标记", "<w:keepNext/><w:pageBreakBefore/>", fonts(HEITI)),
        _style(
            "Caption",
            "caption",
            '<w:keepNext/><w:jc w:val="center"/>',
            fonts(HEITI) + size(14),
        ),
        _style("TableText", "表格文字", f'{cell}<w:jc w:val="left"/>', size(12)),
        _style("PageNumber", "页码", page, fonts(SONGTI) + size(PAGE_SIZE)),
        _style(
            "SyntheticMark",
            "演示标记",
            small.format('w:line="320" w:lineRule="exact"') + '<w:jc w:val="center"/>',
            fonts(HEITI) + '<w:color w:val="C00000"/>' + size(12),
        ),
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>',
        '<w:style w:type="character" w:customStyle="1" w:styleId="Figure">'
        f'<w:name w:val="数字"/><w:rPr>{_NO_LINK}</w:rPr></w:style>',
        '<w:style w:type="character" w:customStyle="1" w:styleId="MissingFigure">'
        '<w:name w:val="缺数"/><w:rPr><w:b/>'
        + _NO_LINK
        + '<w:shd w:val="clear" w:color="auto" w:fill="FFE08A"/></w:rPr></w:style>',
        '<w:style w:type="character" w:customStyle="1" w:styleId="Blank"><w:name w:val="待填"/>'
        '<w:rPr><w:shd w:val="clear" w:color="auto" w:fill="D9E8FB"/></w:rPr></w:style>',
    ]
    return f'<w:styles xmlns:w="{W}">{"".join(parts)}</w:styles>'


def settings_xml() -> str:
    """Write the settings: odd and even pages differ, punctuation compresses at line ends."""
    compatible = "http://schemas.microsoft.com/office/word"
    return (
        f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
        '<w:drawingGridVerticalSpacing w:val="579"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        "<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
        "<w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>"
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{compatible}" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def section_xml(relations: dict[str, str]) -> str:
    """Write the section: A4, margins, grid; ``relations`` maps header and footer kinds to ids."""
    references = "".join(
        f'<w:{kind}Reference w:type="{page}" r:id="{relations[f"{kind}-{page}"]}"/>'
        for kind in ("header", "footer")
        for page in ("default", "even")
        if f"{kind}-{page}" in relations
    )
    return (
        f'<w:sectPr xmlns:w="{W}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'{references}<w:pgSz w:w="{twips(PAPER[0])}" w:h="{twips(PAPER[1])}"/>'
        f'<w:pgMar w:top="{twips(TOP)}" w:right="{twips(RIGHT)}" w:bottom="{twips(BOTTOM)}" '
        f'w:left="{twips(LEFT)}" w:header="{twips(20)}" w:footer="{FOOTER}" w:gutter="0"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{PITCH}" '
        f'w:charSpace="{CHARACTER_SPACE}"/></w:sectPr>'
    )


def footer_xml(*, odd: bool) -> str:
    """Write the page number between dashes: odd pages right, even ones left, one character in."""
    align = "right" if odd else "left"
    side = f'<w:ind w:{align}="{round(PAGE_SIZE * 20)}"/>'
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="PageNumber"/>{side}'
        f'<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">— </w:t></w:r>{field}'
        '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )


def header_xml(synthetic: bool) -> str:
    """Write the header: the mark of synthetic data, or nothing."""
    run = f"<w:r><w:t>{SYNTHETIC}</w:t></w:r>" if synthetic else ""
    style = '<w:pPr><w:pStyle w:val="SyntheticMark"/></w:pPr>'
    return f'<w:p xmlns:w="{W}">{style}{run}</w:p>'
