"""Blanks of a document tree: each has a key that stays, and can be filled by a person's words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape

from taizhang.documents.format import blank_text
from taizhang.documents.render.html import Link, Translate, to_fragment
from taizhang.documents.tree import (
    Annex,
    Blank,
    Block,
    DateText,
    Document,
    Heading,
    Inline,
    Inlines,
    List,
    Note,
    Paragraph,
    Quoted,
    Signature,
    Strong,
    Table,
)

#: Whose words stand in a filled blank.
SOURCE = "office:draft"
#: A blank of so many characters or fewer in its prompt asks for a few words, not a paragraph.
SHORT_PROMPT = ("日期", "文号", "编号", "电话", "联系人", "组别", "备案", "单位", "地点", "时间")


@dataclass(frozen=True, slots=True)
class BlankPlace:
    """One blank of a document: its key, its prompt, and whether a few words fill it."""

    key: str
    prompt: str
    short: bool


@dataclass
class _Walk:
    """Walks a tree in reading order and puts something into the place of each blank."""

    put: Callable[[BlankPlace], Inline]
    put_day: Callable[[BlankPlace], DateText | Blank]
    change: Callable[[Inline], Inline] = lambda inline: inline

    def __post_init__(self) -> None:
        self.places: list[BlankPlace] = []
        self._seen: dict[str, int] = {}

    def document(self, document: Document) -> Document:
        head = document.head
        head = replace(
            head,
            title=self.inlines(head.title),
            issuer=self.inlines(head.issuer),
            addressee=self.inlines(head.addressee),
        )
        blocks = tuple(self.block(block) for block in document.blocks)
        annexes = tuple(self.annex(annex) for annex in document.annexes)
        return replace(document, head=head, blocks=blocks, annexes=annexes)

    def inlines(self, inlines: Inlines, short: bool = False) -> Inlines:
        return tuple(self._inline(inline, short) for inline in inlines)

    def _inline(self, inline: Inline, short: bool) -> Inline:
        if isinstance(inline, Strong):
            return Strong(self.inlines(inline.inlines, short))
        if isinstance(inline, Blank):
            return self.put(self._place(inline, short))
        return self.change(inline)

    def _place(self, blank: Blank, short: bool) -> BlankPlace:
        """Name a blank: by its prompt, and which of those with the same prompt it is."""
        count = self._seen[blank.prompt] = self._seen.get(blank.prompt, 0) + 1
        digest = hashlib.sha256(blank.prompt.encode()).hexdigest()[:12]
        few = short or any(word in blank.prompt for word in SHORT_PROMPT)
        place = BlankPlace(f"{digest}-{count}", blank.prompt, few)
        self.places.append(place)
        return place

    def block(self, block: Block) -> Block:
        match block:
            case Heading():
                return replace(block, inlines=self.inlines(block.inlines, True))
            case Paragraph() | Note():
                alone = len(block.inlines) == 1
                return replace(block, inlines=self.inlines(block.inlines, not alone))
            case List():
                return replace(block, items=tuple(self.inlines(item) for item in block.items))
            case Table():
                return replace(
                    block,
                    caption=self.inlines(block.caption, True),
                    header=tuple(self.inlines(cell, True) for cell in block.header),
                    rows=tuple(
                        tuple(self.inlines(cell, True) for cell in row) for row in block.rows
                    ),
                )
            case Signature():
                issuer = self.inlines(block.issuer, True)
                day = block.day
                if isinstance(day, Blank):
                    day = self.put_day(self._place(day, True))
                return replace(block, issuer=issuer, day=day)
            case Annex():
                return self.annex(block)
            case _:
                return block

    def annex(self, annex: Annex) -> Annex:
        title = self.inlines(annex.title, True)
        return replace(
            annex, title=title, blocks=tuple(self.block(block) for block in annex.blocks)
        )


def blank_places(document: Document) -> list[BlankPlace]:
    """Give the blanks of a document in reading order."""
    walk = _Walk(lambda place: Blank(place.prompt), lambda place: Blank(place.prompt))
    walk.document(document)
    return walk.places


def filled(document: Document, words: Mapping[str, str]) -> Document:
    """Put people's words into the blanks that they filled; others stay blanks."""

    def put(place: BlankPlace) -> Inline:
        typed = words.get(place.key, "")
        return Quoted(typed, SOURCE) if typed else Blank(place.prompt)

    def put_day(place: BlankPlace) -> DateText | Blank:
        typed = words.get(place.key, "")
        return DateText(_one_line(typed)) if typed else Blank(place.prompt)

    whole = _Walk(put, put_day).document(document)
    annexes = tuple(replace(annex, blocks=_paragraphs(annex.blocks)) for annex in whole.annexes)
    return replace(whole, blocks=_paragraphs(whole.blocks), annexes=annexes)


def _paragraphs(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Make of each line that fills a paragraph a paragraph; elsewhere lines run on."""
    split_blocks: list[Block] = []
    for block in blocks:
        match block:
            case Paragraph(inlines=(Quoted(text=text, source=source),)) if source == SOURCE:
                lines = [line.strip() for line in text.splitlines() if line.strip()]
                split_blocks += [replace(block, inlines=(Quoted(line, SOURCE),)) for line in lines]
            case Annex():
                split_blocks.append(replace(block, blocks=_paragraphs(block.blocks)))
            case _:
                split_blocks.append(_Walk(_same, _same_day, _joined).block(block))
    return tuple(split_blocks)


def _same(place: BlankPlace) -> Inline:
    return Blank(place.prompt)


def _same_day(place: BlankPlace) -> DateText | Blank:
    return Blank(place.prompt)


def _joined(inline: Inline) -> Inline:
    if isinstance(inline, Quoted) and inline.source == SOURCE:
        return replace(inline, text=_one_line(inline.text))
    return inline


def _one_line(text: str) -> str:
    return " ".join(text.split())


def blanks_open(document: Document, words: Mapping[str, str]) -> list[BlankPlace]:
    """Give the blanks that nobody has filled."""
    return [place for place in blank_places(document) if not words.get(place.key)]


def form_fragment(
    document: Document,
    field: Callable[[BlankPlace], str],
    *,
    link: Link,
    translate: Translate,
) -> str:
    """Write a document as HTML with a field of a form in the place of each blank.

    :param field: gives the HTML of a field, escaped
    """
    # Each blank gets a prompt that cannot occur in a text and is found again in the HTML.
    places: list[BlankPlace] = []

    def put(place: BlankPlace) -> Blank:
        places.append(place)
        return Blank(f"\ue000{len(places) - 1}\ue001")

    marked = _Walk(put, put).document(document)
    html = to_fragment(marked, link=link, translate=translate)
    pattern = re.escape(f'<mark class="blank">{escape(blank_text(Blank("#")))}</mark>')
    pattern = pattern.replace(re.escape("#"), "\ue000([0-9]+)\ue001")
    return re.sub(pattern, lambda match: field(places[int(match[1])]), html)
