"""Rendered Markdown → blocks of the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from taizhang.core.base.issue import Place
from taizhang.documents.template.placeholder import BLOCK, INLINE, Placeholders, lines_taken
from taizhang.documents.tree import (
    Align,
    Annex,
    Block,
    DateText,
    Heading,
    Inline,
    Inlines,
    LawRef,
    List,
    Number,
    Ordinal,
    PageBreak,
    Paragraph,
    Strong,
    Table,
    Text,
)
from taizhang.documents.wording import heading_number

#: Numbers of documents and standards, articles, dates: the typed digits a text may hold.
TYPED = re.compile(
    r"(?P<law>[\u4e00-\u9fff]{0,6}〔\d{4}〕\d{1,4}号"
    r"|(?:GB|DB|WS|HJ|MZ)\d{0,4}(?:/[TZ])?\s?\d+(?:\.\d+)*[—–-]\d{4}"
    r"|第\d{1,3}(?:、\d{1,3})*条)"
    r"|(?P<date>(?<!\d)(?:19|20)\d\d年(?:(?:1[0-2]|[1-9])月(?:(?:3[01]|[12]\d|[1-9])日)?)?"
    r"|(?<!\d)(?:1[0-2]|[1-9])月(?:3[01]|[12]\d|[1-9])日)"
)
_TYPED_NUMBER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]"
    r"|\d+[.．、](?!\d)|[（(]\d+[）)])\s*"
)
_CAPTION = re.compile(r"^表[：:]\s*")
_STRONG = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")
_ESCAPED = re.compile(r"\\([\\*#|_.+-])")
# Chinese lines join without a space; between two Latin words a line end is one.
_SOFT_BREAK = re.compile(r" *\n *(?![A-Za-z])|(?<![A-Za-z]) *\n *")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["table", "list", "heading", "hr"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_PARSER = _parser()


@dataclass(frozen=True, slots=True)
class Parts:
    """The text of a template as blocks, and its annexes."""

    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]


def inlines_of(text: str, marks: Placeholders) -> Inlines:
    """Turn a text with marks, without Markdown, into inlines (titles and other heads)."""
    return tuple(_spans(text, marks))


def parts_of(rendered: str, marks: Placeholders, place: Place, *, numbered: bool = True) -> Parts:
    """Turn a rendered template into blocks and annexes; headings are numbered on the way.

    ``place`` is where the template's text begins; blocks carry the line they come from.
    """
    text, lines = lines_taken(rendered)
    builder = _Builder(marks, place, lines, numbered)
    builder.walk(_PARSER.parse(text))
    return builder.parts()


def _spans(text: str, marks: Placeholders) -> Iterator[Inline]:
    at = 0
    for mark in INLINE.finditer(text):
        yield from _typed(text[at : mark.start()])
        yield marks.inline_at(mark)
        at = mark.end()
    yield from _typed(text[at:])


def _typed(text: str) -> Iterator[Inline]:
    at = 0
    for match in TYPED.finditer(text):
        if match.start() > at:
            yield Text(text[at : match.start()])
        yield LawRef("", match[0]) if match["law"] else DateText(match[0])
        at = match.end()
    if at < len(text):
        yield Text(text[at:])


def _inline(content: str, marks: Placeholders) -> Inlines:
    """Read inline Markdown: ``**emphasis**`` and backslash escapes are all there is.

    CommonMark's own rule for ``**`` depends on spaces around words, which Chinese does not have.
    """
    text = _SOFT_BREAK.sub("", content.strip(" \n\u3000"))
    text = text.replace("\n", " ")
    done: list[Inline] = []
    for index, piece in enumerate(_STRONG.split(text)):
        inlines = tuple(_spans(_ESCAPED.sub(r"\1", piece), marks))
        if index % 2:
            done.append(Strong(inlines))
        else:
            done.extend(inlines)
    return tuple(done)


@dataclass
class _Builder:
    """Walks the tokens of markdown-it once and gathers blocks."""

    marks: Placeholders
    place: Place
    lines: list[int]
    numbered: bool
    blocks: list[Block] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)
    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    tables: int = 0

    def walk(self, tokens: Sequence[Token]) -> None:
        """Take each top-level group of tokens."""
        index = 0
        while index < len(tokens):
            end = _group_end(tokens, index)
            self._group(tokens[index : end + 1])
            index = end + 1

    def parts(self) -> Parts:
        """Give what was gathered; what follows an annex mark belongs to that annex."""
        return Parts(tuple(self.blocks), tuple(self.annexes))

    def _place(self, token: Token) -> Place:
        if token.map is None or not self.lines:
            return self.place
        line = self.lines[min(token.map[0], len(self.lines) - 1)]
        return replace(self.place, line=(self.place.line or 1) + line - 1) if line else self.place

    def _add(self, block: Block) -> None:
        if self.annexes:
            last = self.annexes[-1]
            self.annexes[-1] = replace(last, blocks=(*last.blocks, block))
        else:
            self.blocks.append(block)

    def _last(self) -> Block | None:
        blocks = self.annexes[-1].blocks if self.annexes else self.blocks
        return blocks[-1] if blocks else None

    def _drop_last(self) -> None:
        if self.annexes:
            self.annexes[-1] = replace(self.annexes[-1], blocks=self.annexes[-1].blocks[:-1])
        else:
            self.blocks.pop()

    def _group(self, group: Sequence[Token]) -> None:
        first = group[0]
        place = self._place(first)
        match first.type:
            case "heading_open":
                self._heading(group[1], min(int(first.tag[1:]), 4), place)
            case "paragraph_open":
                self._paragraph(group[1], place)
            case "bullet_list_open" | "ordered_list_open":
                items = tuple(_items(group, self.marks))
                self._add(List(first.type == "ordered_list_open", items, place))
            case "table_open":
                self._table(group, place)
            case "hr":
                self._add(PageBreak(place))
            case kind:
                raise ValueError(f"markdown-it gave {kind}, which the rules in use exclude")

    def _heading(self, token: Token, level: int, place: Place) -> None:
        text = _TYPED_NUMBER.sub("", token.content)
        inlines = _inline(text, self.marks)
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (4 - level)
        numbering = heading_number(level, self.counts[level - 1]) if self.numbered else ""
        self._add(Heading(level, inlines, numbering, place))

    def _paragraph(self, token: Token, place: Place) -> None:
        text = token.content
        at = 0
        for mark in BLOCK.finditer(text):
            self._words(text[at : mark.start()], place)
            self._given(self.marks.block_at(mark), place)
            at = mark.end()
        if at:
            self._words(text[at:], place)
        else:
            self._add(Paragraph(_inline(text, self.marks), place))

    def _words(self, text: str, place: Place) -> None:
        if text.strip():
            self._add(Paragraph(_inline(text, self.marks), place))

    def _given(self, block: Block, place: Place) -> None:
        if isinstance(block, Annex):
            self.annexes.append(replace(block, place=place))
            self.counts = [0, 0, 0, 0]
        elif isinstance(block, Table):
            self._captioned(replace(block, place=place))
        else:
            self._add(block)

    def _table(self, group: Sequence[Token], place: Place) -> None:
        rows = list(_rows(group, self.marks))
        header, align = rows[0]
        body = tuple(_padded(cells, len(header)) for cells, _ in rows[1:])
        self._captioned(Table(tuple(header), body, (), tuple(align), place))

    def _captioned(self, table: Table) -> None:
        """Add a table; a paragraph 表：… just above it is its caption."""
        before = self._last()
        caption = table.caption
        if isinstance(before, Paragraph) and before.inlines:
            first = before.inlines[0]
            if isinstance(first, Text) and _CAPTION.match(first.text):
                rest = _CAPTION.sub("", first.text)
                caption = ((Text(rest),) if rest else ()) + before.inlines[1:]
                self._drop_last()
        if caption:
            self.tables += 1
            caption = (Ordinal(f"表{self.tables}　"), *caption)
        cells = tuple(tuple(_compact(cell) for cell in row) for row in table.rows)
        self._add(replace(table, caption=caption, rows=cells))


def _group_end(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _items(group: Sequence[Token], marks: Placeholders) -> Iterator[Inlines]:
    """Give the items of a list; a list inside an item continues that item's text."""
    depth = 0
    item: list[Inline] = []
    for token in group:
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
            if depth == 0:
                yield tuple(item)
                item = []
        elif token.type == "inline":
            item.extend(_inline(token.content, marks))


def _rows(
    group: Sequence[Token], marks: Placeholders
) -> Iterator[tuple[list[Inlines], list[Align]]]:
    cells: list[Inlines] = []
    align: list[Align] = []
    for token in group:
        if token.type in ("th_open", "td_open"):
            style = str(token.attrGet("style") or "")
            right, centre = "right" in style, "center" in style
            align.append(Align.RIGHT if right else Align.CENTRE if centre else Align.LEFT)
        elif token.type == "inline":
            cells.append(_inline(token.content, marks))
        elif token.type == "tr_close":
            yield cells, align
            cells, align = [], []


def _padded(cells: list[Inlines], columns: int) -> tuple[Inlines, ...]:
    return tuple(cells[:columns]) + ((),) * (columns - len(cells))


def _compact(cell: Inlines) -> Inlines:
    """Shorten missing numbers in a cell: their sentence stands in the annex."""
    return tuple(
        replace(inline, compact=True)
        if isinstance(inline, Number)
        else Strong(_compact(inline.inlines))
        if isinstance(inline, Strong)
        else inline
        for inline in cell
    )
