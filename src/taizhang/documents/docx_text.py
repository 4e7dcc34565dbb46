"""Blocks and inlines of the tree → WordprocessingML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

from taizhang.core.sign import seen
from taizhang.documents.docx_style import HEITI, PLAIN, Look, indent, twips
from taizhang.documents.layout import (
    TEXT,
    columns,
    signature_place,
    stays_whole,
    title_lines,
    width,
)
from taizhang.documents.said import Said, blank_text, inline_text, plain, said
from taizhang.documents.tree import (
    Align,
    Annex,
    Blank,
    Block,
    Document,
    Head,
    Heading,
    Inline,
    Inlines,
    List,
    Note,
    Number,
    PageBreak,
    Paragraph,
    Part,
    Signature,
    Strong,
    Table,
)
from taizhang.documents.words import ANNEX, annex_label

_JUSTIFY = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
EMPTY = "<w:p/>"
KEEP = "<w:keepNext/>"
_MARGINS = "".join(
    f'<w:{side} w:w="{wide}" w:type="dxa"/>'
    for side, wide in (("top", 30), ("left", 60), ("bottom", 30), ("right", 60))
)


def run(text: str, look: Look = PLAIN) -> str:
    """Write one run of text."""
    return f'<w:r>{look.xml()}<w:t xml:space="preserve">{_clean(text)}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """Write one paragraph in a style."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{inner}{content}</w:p>"


def _clean(text: str) -> str:
    """Escape a text; what XML 1.0 forbids, and what nobody sees, is dropped."""
    return escape(seen(text))


@dataclass
class Writer:
    """Writes one document; a number's first place in the text and its annex row are bookmarked."""

    document: Document
    bookmarks: set[str] = field(default_factory=set)
    in_numbers: bool = False
    keep: str = ""

    def body(self) -> Iterable[str]:
        """Write title, addressee, text, signature, annexes."""
        document = self.document
        yield from self._top(document.head)
        blocks = document.blocks
        signed = next(
            (i for i, one in enumerate(blocks) if isinstance(one, Signature)), len(blocks)
        )
        for index, block in enumerate(blocks[:signed]):
            # The signature never stands on a page without text: the last paragraph goes with it.
            self.keep = KEEP if index == signed - 1 else ""
            yield from self.block(block)
        self.keep = ""
        yield from self._annex_list()
        for block in blocks[signed:]:
            yield from self.block(block)
        for index, annex in enumerate(document.annexes):
            yield from self._annex(annex, annex_label(index, len(document.annexes)))

    def _top(self, head: Head) -> Iterable[str]:
        yield self._title(head.title)
        if head.number:
            yield paragraph(run(head.number), "", '<w:jc w:val="center"/>')
        yield EMPTY
        if head.addressee:
            yield paragraph(f"{self.inlines(head.addressee)}{run('：')}")

    def _title(self, title: Inlines) -> str:
        lines = [self.inlines(line) for line in title_lines(title)]
        return paragraph("<w:r><w:br/></w:r>".join(lines), "Title")

    def block(self, block: Block) -> Iterable[str]:
        """Write one block of text."""
        match block:
            case Heading():
                content = run(block.numbering) if block.numbering else ""
                yield paragraph(content + self.inlines(block.inlines), f"Heading{block.level}")
            case Paragraph():
                yield paragraph(self.inlines(block.inlines), "BodyText", self.keep)
            case List():
                for index, item in enumerate(block.items, 1):
                    lead = f"{index}." if block.ordered else "——"
                    last = self.keep if index == len(block.items) else ""
                    yield paragraph(run(lead) + self.inlines(item), "BodyText", last)
            case Table():
                yield from self.table(block)
            case PageBreak():
                yield paragraph('<w:r><w:br w:type="page"/></w:r>')
            case Note():
                yield paragraph(f"{run('（')}{self.inlines(block.inlines)}{run('）')}", "BodyText")
            case Signature():
                yield from self._signature(block)
            case Annex():
                yield from self._annex(block, ANNEX)

    def _annex_list(self) -> Iterable[str]:
        """Write 附件说明: one line below the text, two characters in, no full stops."""
        annexes = self.document.annexes
        if not annexes:
            return
        yield paragraph("", "", KEEP)
        single = len(annexes) == 1
        for index, annex in enumerate(annexes):
            number = "" if single else f"{index + 1}."
            lead = f"{ANNEX}：{number}" if index == 0 else number
            left = 2 + width(f"{ANNEX}：") + width(number)
            place = indent(left=left, hanging=width(lead))
            yield paragraph(run(lead) + self.inlines(annex.title), "", KEEP + place)

    def _signature(self, block: Signature) -> Iterable[str]:
        day = block.day.text if not isinstance(block.day, Blank) else blank_text(block.day)
        place = signature_place(plain(block.issuer), day, block.sealed)
        right = '<w:jc w:val="right"/>'
        yield from [paragraph("", "", KEEP)] * (2 if block.sealed else 1)
        yield paragraph(
            self.inlines(block.issuer), "", f"{KEEP}{indent(right=place.issuer_right)}{right}"
        )
        # 附注 stays with the signature above it.
        noted = KEEP if any(isinstance(one, Note) for one in self.document.blocks) else ""
        day_place = f"{noted}{indent(right=place.day_right)}{right}"
        yield paragraph(self.inlines((block.day,)), "", day_place)

    def _annex(self, annex: Annex, label: str) -> Iterable[str]:
        yield paragraph(run(label), "AnnexLabel")
        yield paragraph("", "", KEEP)
        yield self._title(annex.title)
        yield paragraph("", "", KEEP)
        self.in_numbers = annex.kind == "numbers"
        for block in annex.blocks:
            yield from self.block(block)
        self.in_numbers = False

    # tables ----------------------------------------------------------------------------------

    def table(self, table: Table) -> Iterable[str]:
        """Write a table as wide as the text, its head repeated on every page."""
        if table.caption:
            yield paragraph(self.inlines(table.caption), "Caption")
        if not table.header:
            return
        fit = columns(table)
        widths = [round(one * 20) for one in fit.widths]
        widths[-1] += twips(TEXT[0]) - sum(widths)
        grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
        edge = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        # A short table stays on one page, a long one begins with two rows below its head.
        last = len(table.rows) - 1
        together = last if stays_whole(table, fit) else 2
        head = self._row(table, table.header, widths, Look(font=HEITI, points=fit.size), KEEP)
        rows = "".join(
            self._row(table, row, widths, Look(points=fit.size), KEEP if at < together else "")
            for at, row in enumerate(table.rows)
        )
        yield (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{_MARGINS}</w:tblCellMar>"
            '<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
        )
        yield paragraph("", "", '<w:spacing w:line="200" w:lineRule="exact"/>')

    def _row(
        self,
        table: Table,
        cells: tuple[Inlines, ...],
        widths: list[int],
        look: Look,
        keep: str,
    ) -> str:
        written = []
        for index, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
            align = Align.CENTRE if cells is table.header else table.column_align(index)
            content = paragraph(
                self.inlines(cell, look), "TableText", f'{keep}<w:jc w:val="{_JUSTIFY[align]}"/>'
            )
            written.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/><w:vAlign w:val="center"/>'
                f"</w:tcPr>{content}</w:tc>"
            )
        repeat = "<w:tblHeader/>" if cells is table.header else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(written)}</w:tr>"

    # inlines ---------------------------------------------------------------------------------

    def inlines(self, inlines: Inlines, look: Look = PLAIN) -> str:
        """Write a run of inlines; ``look`` holds for all of them."""
        return "".join(self._inline(inline, look) for inline in inlines)

    def _inline(self, inline: Inline, look: Look) -> str:
        match inline:
            case Number():
                return self._number(inline, look)
            case Blank():
                return _blank(inline, look)
            case Strong():
                return self.inlines(inline.inlines, replace(look, bold=True))
            case _:
                return run(inline_text(inline), look)

    def _number(self, number: Number, look: Look) -> str:
        """Write a number as a link to its row in the annex, or in the annex back to the text."""
        words = said(number)
        if number.part is not Part.VALUE or not number.ref:
            return run(words.text, look)
        here, there = ("n", "t") if self.in_numbers else ("t", "n")
        link = (
            f'<w:hyperlink w:anchor="{there}{number.ref}" w:history="1">'
            f"{_said(words, look)}</w:hyperlink>"
        )
        name = f"{here}{number.ref}"
        if name in self.bookmarks:
            return link
        self.bookmarks.add(name)
        key = len(self.bookmarks)
        return f'<w:bookmarkStart w:id="{key}" w:name="{name}"/>{link}<w:bookmarkEnd w:id="{key}"/>'


def _said(words: Said, look: Look) -> str:
    if words.missing:
        return run(words.missing, replace(look, style="MissingFigure"))
    figure = replace(look, style="Figure")
    return "".join(
        run(text, this)
        for text, this in (
            (words.word, figure),
            (words.digits, figure),
            (words.unit, figure),
            (words.mark, replace(figure, raised=True)),
        )
        if text
    )


def _blank(blank: Blank, look: Look) -> str:
    """Write a blank as a content control: a click selects the prompt, typing replaces it."""
    content = run(blank_text(blank), replace(look, style="Blank"))
    return (
        '<w:sdt><w:sdtPr><w:alias w:val="待填"/><w:tag w:val="blank"/><w:showingPlcHdr/><w:text/>'
        f"</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )
