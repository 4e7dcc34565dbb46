"""Document tree → accessible HTML: one file, no outside request, every number a link."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from taizhang.core.figure import Figure
from taizhang.documents.html_style import CSS, SYNTHETIC_CSS
from taizhang.documents.said import blank_text, inline_text, plain, said
from taizhang.documents.tree import (
    Annex,
    Blank,
    Block,
    Document,
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
from taizhang.documents.words import ANNEX, SYNTHETIC, annex_label

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
    writer = _Writer(document, link, translate)
    return f'<main class="taizhang-document">\n{"".join(writer.parts())}</main>'


@dataclass
class _Writer:
    document: Document
    link: Link
    translate: Translate
    met: set[int] = field(default_factory=set)
    in_numbers: bool = False

    def parts(self) -> Iterable[str]:
        document = self.document
        head = document.head
        if head.synthetic:
            yield f'<p class="synthetic" role="note">{SYNTHETIC}</p>\n'
        yield from self._warnings()
        yield f"<h1>{self._inlines(head.title)}</h1>\n"
        if head.number:
            yield f'<p class="centre">{escape(head.number)}</p>\n'
        if head.addressee:
            yield f'<p class="to">{self._inlines(head.addressee)}：</p>\n'
        blocks = document.blocks
        signed = next(
            (i for i, one in enumerate(blocks) if isinstance(one, Signature)), len(blocks)
        )
        for block in blocks[:signed]:
            yield from self._block(block)
        yield from self._annex_list()
        for block in blocks[signed:]:
            yield from self._block(block)
        for index, annex in enumerate(document.annexes):
            yield from self._annex(annex, index)

    def _block(self, block: Block, below: int = 1) -> Iterable[str]:
        match block:
            case Heading():
                level = min(block.level + below, 6)
                text = escape(block.numbering) + self._inlines(block.inlines)
                yield f"<h{level}>{text}</h{level}>\n"
            case Paragraph():
                yield f"<p>{self._inlines(block.inlines)}</p>\n"
            case List():
                tag = "ol" if block.ordered else "ul"
                items = "".join(f"<li>{self._inlines(item)}</li>\n" for item in block.items)
                yield f'<{tag} class="items">\n{items}</{tag}>\n'
            case Table():
                yield from self._table(block)
            case PageBreak():
                yield '<div style="break-after:page"></div>\n'
            case Signature():
                yield self._signature(block)
            case Note():
                yield f"<p>（{self._inlines(block.inlines)}）</p>\n"
            case Annex():
                yield from self._annex(block, 0)

    def _table(self, table: Table) -> Iterable[str]:
        caption = f"<caption>{self._inlines(table.caption)}</caption>" if table.caption else ""
        heads = "".join(f'<th scope="col">{self._inlines(cell)}</th>' for cell in table.header)
        # A region that scrolls must be reachable by keyboard and have a name.
        label = escape(plain(table.caption)) or "表格"
        yield f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n'
        yield f"<table>{caption}\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        for row in table.rows:
            yield self._row(table, row)
        yield "</tbody>\n</table>\n</div>\n"

    def _row(self, table: Table, row: tuple[Inlines, ...]) -> str:
        cells = []
        for index, cell in enumerate(row):
            tag, scope = ("th", ' scope="row"') if index == 0 else ("td", "")
            align = table.column_align(index).value
            cells.append(f'<{tag}{scope} class="{align}">{self._inlines(cell)}</{tag}>')
        return f"<tr>{''.join(cells)}</tr>\n"

    def _signature(self, block: Signature) -> str:
        issuer = f"<p>{self._inlines(block.issuer)}</p>"
        return f'<div class="signature">{issuer}<p>{self._inlines((block.day,))}</p></div>\n'

    def _annex_list(self) -> Iterable[str]:
        annexes = self.document.annexes
        if not annexes:
            return
        links = [
            f'<a href="#annex-{index}">{self._inlines(annex.title)}</a>'
            for index, annex in enumerate(annexes, 1)
        ]
        yield f'<nav class="annexes" aria-label="{ANNEX}">'
        if len(links) == 1:
            yield f"<p>{ANNEX}：{links[0]}</p>"
        else:
            items = "".join(f"<li>{link}</li>" for link in links)
            yield f'<p>{ANNEX}：</p><ol class="several">{items}</ol>'
        yield "</nav>\n"

    def _annex(self, annex: Annex, index: int) -> Iterable[str]:
        label = annex_label(index, len(self.document.annexes))
        key = f"annex-{index + 1}"
        yield f'<section class="annex" id="{key}" aria-labelledby="{key}-title">\n'
        yield f'<p class="annex-label">{label}</p>\n'
        yield f'<h1 id="{key}-title">{self._inlines(annex.title)}</h1>\n'
        self.in_numbers = annex.kind == "numbers"
        for block in annex.blocks:
            yield from self._block(block)
        self.in_numbers = False
        yield "</section>\n"

    def _inlines(self, inlines: Inlines) -> str:
        return "".join(self._inline(inline) for inline in inlines)

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Number():
                return self._number(inline)
            case Blank():
                return f'<mark class="blank">{escape(blank_text(inline))}</mark>'
            case Strong():
                return f"<strong>{self._inlines(inline.inlines)}</strong>"
            case _:
                return escape(inline_text(inline))

    def _number(self, number: Number) -> str:
        words = said(number)
        if number.part is not Part.VALUE or not number.ref:
            return escape(words.text)
        if words.missing:
            text = f'<span class="missing">{escape(words.missing)}</span>'
        else:
            data = f'<data value="{escape(words.digits)}">{escape(words.digits)}</data>'
            mark = f"<sup>{escape(words.mark)}</sup>" if words.mark else ""
            text = f"{escape(words.word)}{data}{escape(words.unit)}{mark}"
        title = escape(number.figure.sentence, quote=True)
        address = self._address(number)
        key = f' id="n{number.ref}"' if self.in_numbers else ""
        if not self.in_numbers and number.ref not in self.met:
            self.met.add(number.ref)
            key = f' id="t{number.ref}"'
        return f'<a class="number"{key} href="{escape(address)}" title="{title}">{text}</a>'

    def _address(self, number: Number) -> str:
        outside = self.link(number.figure)
        if outside is not None:
            return outside
        return f"#{'t' if self.in_numbers else 'n'}{number.ref}"

    def _warnings(self) -> Iterable[str]:
        """Show what the writer of the document should mend; it is not printed."""
        issues = self.document.issues
        if issues:
            lines = (
                escape(f"{i.sentence(self.translate)} {i.remedy(self.translate)}") for i in issues
            )
            items = "".join(f"<li>{line}</li>" for line in lines)
            yield f'<ul class="warnings" role="note">{items}</ul>\n'
