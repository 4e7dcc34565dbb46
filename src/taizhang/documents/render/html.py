"""Document tree → accessible HTML: one file, no outside request, every number a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from taizhang.core.base.figure import Figure
from taizhang.documents.format import NumberText, plain
from taizhang.documents.render.base import DocumentWriter
from taizhang.documents.render.html_style import CSS, SYNTHETIC_CSS
from taizhang.documents.tree import (
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
from taizhang.documents.wording import ANNEX, SYNTHETIC, annex_label

MEDIA_TYPE = "text/html; charset=utf-8"
#: Gives the address that explains a figure; ``None`` sends the reader to the annex instead.
Link = Callable[[Figure], "str | None"]
Translate = Callable[[str], str]
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _no_link(figure: Figure) -> str | None:
    return None


def _same(text: str) -> str:
    return text


def to_html(document: Document, *, link: Link = _no_link, translate: Translate = _same) -> str:
    """Write a document as one HTML file that needs nothing else."""
    title = escape(plain(document.head.title))
    mark = f"\n{SYNTHETIC_CSS}" if document.head.synthetic else ""
    return (
        '<!DOCTYPE html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{CSS}{mark}\n</style>\n</head>\n<body>\n"
        f"{to_fragment(document, link=link, translate=translate)}\n</body>\n</html>\n"
    )


def to_fragment(document: Document, *, link: Link = _no_link, translate: Translate = _same) -> str:
    """Write a document as a ``<main>`` element, for a page that brings its own head."""
    writer = HtmlWriter(document, link, translate)
    return f'<main class="taizhang-document">\n{"".join(writer.parts())}</main>'


class HtmlWriter(DocumentWriter):
    """Writes one document; a number's first place in the text and its annex row have ids."""

    def __init__(self, document: Document, link: Link, translate: Translate) -> None:
        super().__init__(document)
        self.link = link
        self.translate = translate

    def top(self, head: Head) -> str:
        """Write marks and warnings, title, number, addressee."""
        written = f'<p class="synthetic" role="note">{SYNTHETIC}</p>\n' if head.synthetic else ""
        written += f"{self._warnings()}<h1>{self.inlines(head.title)}</h1>\n"
        if head.number:
            written += f'<p class="centre">{escape(head.number)}</p>\n'
        if head.addressee:
            written += f'<p class="to">{self.inlines(head.addressee)}：</p>\n'
        return written

    def _warnings(self) -> str:
        """Show what the writer of the document should mend; it is not printed."""
        lines = [
            f"{issue.sentence(self.translate)} {issue.remedy(self.translate)}"
            for issue in self.document.issues
        ]
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f'<ul class="warnings" role="note">{items}</ul>\n' if items else ""

    def heading(self, heading: Heading) -> str:
        """Write a heading one level below the title."""
        level = min(heading.level + 1, 6)
        text = escape(heading.numbering) + self.inlines(heading.inlines)
        return f"<h{level}>{text}</h{level}>\n"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""
        return f"<p>{self.inlines(paragraph.inlines)}</p>\n"

    def items(self, items: List) -> str:
        """Write a list; the style sheet sets its numbers or dashes."""
        tag = "ol" if items.ordered else "ul"
        written = "".join(f"<li>{self.inlines(item)}</li>\n" for item in items.items)
        return f'<{tag} class="items">\n{written}</{tag}>\n'

    def table(self, table: Table) -> str:
        """Write a table in a region that scrolls, reachable by keyboard and with a name."""
        caption = f"<caption>{self.inlines(table.caption)}</caption>" if table.caption else ""
        heads = "".join(f'<th scope="col">{self.inlines(cell)}</th>' for cell in table.header)
        rows = "".join(self._row(table, row) for row in table.rows)
        label = escape(plain(table.caption)) or "表格"
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n'
            f"<table>{caption}\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
            f"{rows}</tbody>\n</table>\n</div>\n"
        )

    def _row(self, table: Table, row: tuple[Inlines, ...]) -> str:
        cells = ""
        for index, cell in enumerate(row):
            tag, scope = ("th", ' scope="row"') if index == 0 else ("td", "")
            align = table.column_align(index).value
            cells += f'<{tag}{scope} class="{align}">{self.inlines(cell)}</{tag}>'
        return f"<tr>{cells}</tr>\n"

    def page_break(self) -> str:
        """Begin a new page on paper."""
        return '<div style="break-after:page"></div>\n'

    def note(self, note: Note) -> str:
        """Write a remark in brackets."""
        return f"<p>（{self.inlines(note.inlines)}）</p>\n"

    def signature(self, signature: Signature) -> str:
        """Write issuer and date."""
        issuer, day = self.inlines(signature.issuer), self.inlines((signature.day,))
        return f'<div class="signature"><p>{issuer}</p><p>{day}</p></div>\n'

    def annex_list(self, annexes: Sequence[Annex]) -> str:
        """Write the titles of the annexes as links."""
        links = [
            f'<a href="#annex-{index}">{self.inlines(annex.title)}</a>'
            for index, annex in enumerate(annexes, 1)
        ]
        if len(links) == 1:
            listed = f"<p>{ANNEX}：{links[0]}</p>"
        else:
            items = "".join(f"<li>{link}</li>" for link in links)
            listed = f'<p>{ANNEX}：</p><ol class="several">{items}</ol>'
        return f'<nav class="annexes" aria-label="{ANNEX}">{listed}</nav>\n'

    def annex(self, annex: Annex, index: int) -> str:
        """Write an annex as a section with its title as name."""
        key = f"annex-{index + 1}"
        label = annex_label(index, len(self.document.annexes))
        return (
            f'<section class="annex" id="{key}" aria-labelledby="{key}-title">\n'
            f'<p class="annex-label">{label}</p>\n'
            f'<h1 id="{key}-title">{self.inlines(annex.title)}</h1>\n'
            f"{self.annex_blocks(annex)}</section>\n"
        )

    def words(self, text: str) -> str:
        """Write plain words."""
        return escape(text)

    def blank(self, text: str) -> str:
        """Write a gap."""
        return f'<mark class="blank">{escape(text)}</mark>'

    def strong(self, inlines: Inlines) -> str:
        """Write emphasis."""
        return f"<strong>{self.inlines(inlines)}</strong>"

    def number(self, number: Number, text: NumberText, anchor: str, target: str) -> str:
        """Write a number as a link, to the page that explains its figure where there is one."""
        if text.missing:
            shown = f'<span class="missing">{escape(text.missing)}</span>'
        else:
            data = f'<data value="{escape(text.digits)}">{escape(text.digits)}</data>'
            mark = f"<sup>{escape(text.mark)}</sup>" if text.mark else ""
            shown = f"{escape(text.word)}{data}{escape(text.unit)}{mark}"
        key = f' id="{anchor}"' if anchor else ""
        outside = self.link(number.figure)
        address = escape(f"#{target}" if outside is None else outside)
        title = escape(number.figure.sentence)
        return f'<a class="number"{key} href="{address}" title="{title}">{shown}</a>'
