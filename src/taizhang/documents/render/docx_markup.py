"""Blocks and inlines of the tree as WordprocessingML: paragraphs, tables, bookmarks, blanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from taizhang.core.base.invisible_sign import seen
from taizhang.documents.format import NumberText, plain
from taizhang.documents.render.base import DocumentWriter
from taizhang.documents.render.docx_style import HEITI, PLAIN, Look, indent, twips
from taizhang.documents.render.layout import (
    TEXT,
    columns,
    signature_place,
    stays_whole,
    title_lines,
    width,
)
from taizhang.documents.tree import (
    Align,
    Annex,
    Document,
    Head,
    Heading,
    Inlines,
    List,
    Note,
    Number,
    Paragraph,
    Signature,
    Table,
)
from taizhang.documents.wording import ANNEX, annex_label, annex_lead

_JUSTIFY = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
EMPTY = "<w:p/>"
KEEP = "<w:keepNext/>"
_MARGINS = "".join(
    f'<w:{side} w:w="{wide}" w:type="dxa"/>'
    for side, wide in (("top", 30), ("left", 60), ("bottom", 30), ("right", 60))
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_AFTER_TABLE = '<w:spacing w:line="200" w:lineRule="exact"/>'


def run(text: str, look: Look = PLAIN) -> str:
    """Write one run of text."""
    # What XML 1.0 forbids, and what nobody sees, is dropped.
    return f'<w:r>{look.xml()}<w:t xml:space="preserve">{escape(seen(text))}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """Write one paragraph in a style."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{inner}{content}</w:p>"


class DocxWriter(DocumentWriter):
    """Writes one document; a number's first place in the text and its annex row are bookmarked."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.look = PLAIN

    def top(self, head: Head) -> str:
        """Write title, number, addressee."""
        written = self._title(head.title)
        if head.number:
            written += paragraph(run(head.number), "", '<w:jc w:val="center"/>')
        written += EMPTY
        if head.addressee:
            written += paragraph(f"{self.inlines(head.addressee)}{run('：')}")
        return written

    def _title(self, title: Inlines) -> str:
        lines = [self.inlines(line) for line in title_lines(title)]
        return paragraph("<w:r><w:br/></w:r>".join(lines), "Title")

    @property
    def _keep(self) -> str:
        return KEEP if self.kept else ""

    def heading(self, heading: Heading) -> str:
        """Write a heading that office programs know as one."""
        content = run(heading.numbering) if heading.numbering else ""
        return paragraph(content + self.inlines(heading.inlines), f"Heading{heading.level}")

    def paragraph(self, block: Paragraph) -> str:
        """Write a paragraph of the body."""
        return paragraph(self.inlines(block.inlines), "BodyText", self._keep)

    def items(self, items: List) -> str:
        """Write each item as a paragraph."""
        last = len(items.items) - 1
        return "".join(
            paragraph(
                run(items.lead(index)) + self.inlines(item),
                "BodyText",
                self._keep if index == last else "",
            )
            for index, item in enumerate(items.items)
        )

    def page_break(self) -> str:
        """Begin a new page."""
        return paragraph('<w:r><w:br w:type="page"/></w:r>')

    def note(self, note: Note) -> str:
        """Write a remark in brackets."""
        return paragraph(f"{run('（')}{self.inlines(note.inlines)}{run('）')}", "BodyText")

    def annex_list(self, annexes: Sequence[Annex]) -> str:
        """Write 附件说明: one line below the text, two characters in, no full stops."""
        written = paragraph("", "", KEEP)
        for index, annex in enumerate(annexes):
            lead = annex_lead(index, len(annexes))
            left = 2 + width(f"{ANNEX}：") + width(lead.removeprefix(f"{ANNEX}："))
            place = indent(left=left, hanging=width(lead))
            written += paragraph(run(lead) + self.inlines(annex.title), "", KEEP + place)
        return written

    def signature(self, signature: Signature) -> str:
        """Write issuer and date at their places, with room for a seal."""
        day: Inlines = (signature.day,)
        place = signature_place(plain(signature.issuer), plain(day), signature.sealed)
        right = '<w:jc w:val="right"/>'
        return (
            paragraph("", "", KEEP) * (2 if signature.sealed else 1)
            + paragraph(
                self.inlines(signature.issuer),
                "",
                f"{KEEP}{indent(right=place.issuer_right)}{right}",
            )
            + paragraph(
                self.inlines(day), "", f"{self._keep}{indent(right=place.day_right)}{right}"
            )
        )

    def annex(self, annex: Annex, index: int) -> str:
        """Write an annex; the style of its label begins a new page."""
        return (
            paragraph(run(annex_label(index, len(self.document.annexes))), "AnnexLabel")
            + paragraph("", "", KEEP)
            + self._title(annex.title)
            + paragraph("", "", KEEP)
            + self.annex_blocks(annex)
        )

    # tables ----------------------------------------------------------------------------------

    def table(self, table: Table) -> str:
        """Write a table as wide as the text, its head repeated on every page."""
        caption = paragraph(self.inlines(table.caption), "Caption") if table.caption else ""
        if not table.header:
            return caption
        fit = columns(table)
        widths = [round(points * 20) for points in fit.widths]
        widths[-1] += twips(TEXT[0]) - sum(widths)
        grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
        # A short table stays on one page, a long one begins with two rows below its head.
        together = len(table.rows) - 1 if stays_whole(table, fit) else 2
        with self._looking(font=HEITI, points=fit.size):
            rows = self._row(table, table.header, widths, KEEP)
        with self._looking(points=fit.size):
            for index, row in enumerate(table.rows):
                rows += self._row(table, row, widths, KEEP if index < together else "")
        return (
            f'{caption}<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{_MARGINS}</w:tblCellMar>'
            '<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
            f"{paragraph('', '', _AFTER_TABLE)}"
        )

    def _row(
        self, table: Table, cells: tuple[Inlines, ...], widths: Sequence[int], keep: str
    ) -> str:
        written = ""
        for index, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
            align = Align.CENTRE if cells is table.header else table.column_align(index)
            content = paragraph(
                self.inlines(cell), "TableText", f'{keep}<w:jc w:val="{_JUSTIFY[align]}"/>'
            )
            written += (
                f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/><w:vAlign w:val="center"/>'
                f"</w:tcPr>{content}</w:tc>"
            )
        repeat = "<w:tblHeader/>" if cells is table.header else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{written}</w:tr>"

    # inlines ---------------------------------------------------------------------------------

    @contextmanager
    def _looking(self, **look: Any) -> Iterator[None]:
        """Let what is written meanwhile look otherwise."""
        outer, self.look = self.look, replace(self.look, **look)
        yield
        self.look = outer

    def words(self, text: str) -> str:
        """Write plain words."""
        return run(text, self.look)

    def strong(self, inlines: Inlines) -> str:
        """Write emphasis."""
        with self._looking(bold=True):
            return self.inlines(inlines)

    def blank(self, text: str) -> str:
        """Write a gap as a content control: a click selects the prompt, typing replaces it."""
        return (
            '<w:sdt><w:sdtPr><w:alias w:val="待填"/><w:tag w:val="blank"/><w:showingPlcHdr/>'
            "<w:text/></w:sdtPr><w:sdtContent>"
            f"{run(text, replace(self.look, style='Blank'))}</w:sdtContent></w:sdt>"
        )

    def number(self, number: Number, text: NumberText, anchor: str, target: str) -> str:
        """Write a number as a link; its place is a bookmark."""
        link = f'<w:hyperlink w:anchor="{target}" w:history="1">{self._figure(text)}</w:hyperlink>'
        if not anchor:
            return link
        mark = f'w:id="{len(self.anchors)}"'
        return f'<w:bookmarkStart {mark} w:name="{anchor}"/>{link}<w:bookmarkEnd {mark}/>'

    def _figure(self, text: NumberText) -> str:
        if text.missing:
            return run(text.missing, replace(self.look, style="MissingFigure"))
        look = replace(self.look, style="Figure")
        parts = "".join(run(part, look) for part in (text.word, text.digits, text.unit) if part)
        return parts + (run(text.mark, replace(look, raised=True)) if text.mark else "")
