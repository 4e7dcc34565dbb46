"""The words that all files of this room share: lines, edits, documents, blocks of an outline.

A text runs through ``source`` (bytes → lines) → ``clean`` → ``split`` → ``outline`` → ``figure``,
``plan``, ``rubric``.  Whatever is changed on the way stays reversible: a :class:`Line` knows the
text it came from, every :class:`Edit` made to it and, for each character, the original place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class EditKind(StrEnum):
    """Why a text was changed."""

    WIDTH = "width"  # full-width letters and digits, half-width punctuation
    SPACE = "space"  # stray blanks
    TRADITIONAL = "traditional"  # traditional → simplified
    PINYIN = "pinyin"  # pinyin in brackets after a character
    BYTES = "bytes"  # characters whose bytes slid by one
    NUMBERING = "numbering"  # an odd glyph that stands for a numeral of the numbering
    SEPARATOR = "separator"  # a look-alike letter or sign that stands for a separator
    PAGE = "page"  # a page number inside the text
    SITE = "site"  # words of the web site around the text


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: ``before`` at ``start`` of the source became ``after``."""

    start: int
    before: str
    after: str
    kind: EditKind


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row; one that a merged cell covers carries the text of that cell."""

    text: str
    column: int
    #: False in the rows and columns that a merged cell only runs on into
    first: bool = True


@dataclass(frozen=True)
class Line:
    """One paragraph or table row after cleaning.

    ``number`` is the 1-based line of the file where it begins, ``source`` the text as it was
    there; ``joins`` says at which offsets of it a later line of the file begins, where lines
    that the page had broken in mid-sentence were joined.
    """

    number: int
    text: str
    edits: tuple[Edit, ...] = ()
    source: str = ""
    joins: tuple[tuple[int, int], ...] = ()
    cells: tuple[Cell, ...] = ()
    #: number of the table in the file, 0 outside tables
    table: int = 0

    def original(self) -> str:
        """Put every edit back and give the text as it stood in the file."""
        parts: list[str] = []
        at = 0  # in the clean text
        done = 0  # in the source
        for edit in self.edits:
            same = edit.start - done
            parts += [self.text[at : at + same], edit.before]
            at += same + len(edit.after)
            done = edit.start + len(edit.before)
        parts.append(self.text[at:])
        return "".join(parts)

    @cached_property
    def _anchors(self) -> tuple[list[int], list[int]]:
        clean, origin = [0], [0]
        at = done = 0
        for edit in self.edits:
            at += edit.start - done + len(edit.after)
            done = edit.start + len(edit.before)
            clean.append(at)
            origin.append(done)
        return clean, origin

    def place(self, index: int) -> tuple[int, int]:
        """Give (line, 0-based column) of the file for a character of the clean text."""
        clean, origin = self._anchors
        which = bisect_right(clean, index) - 1
        offset = origin[which] + index - clean[which]
        number, start = self.number, 0
        for at, joined in self.joins:
            if at <= offset:
                number, start = joined, at
        return number, max(0, offset - start)

    def line_at(self, index: int) -> int:
        """Give the line of the file for a character of the clean text."""
        return self.place(index)[0] if self.joins else self.number


class Style(StrEnum):
    """How an outline label is written; the order is the usual nesting, outermost first."""

    PART = "第一部分"
    CHAPTER = "第一章"
    ARTICLE = "第一条"
    HAN = "一、"
    HAN_BRACKET = "（一）"
    DIGIT = "1、"
    DECIMAL = "1.1"
    DIGIT_BRACKET = "（1）"
    CIRCLE = "①"
    LETTER = "a、"
    SPOKEN = "一是"  # 一是 … 二是 …, 第一, 首先
    NONE = ""


@dataclass
class Block:
    """One node of the outline: a heading with what stands below it, or a plain paragraph.

    ``level`` counts from 1; plain paragraphs have the level of their heading plus 1, an empty
    label and an empty title.  ``text`` is the body on the heading's own line; ``line`` the line of
    the file; ``at`` the place in ``lines`` of the document and the offset there where it begins.
    """

    level: int
    label: str
    title: str
    text: str
    line: int
    children: list[Block] = field(default_factory=list)
    style: Style = Style.NONE
    ordinal: int = 0
    at: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)
    #: the label stands inside a paragraph: a list within it, with its own level
    inside: bool = False
    #: a paragraph of its own whose break was lost in the file
    restored: bool = False

    def walk(self) -> Iterator[Block]:
        """Walk this block and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def whole(self) -> str:
        """Give title and text as one."""
        return f"{self.title}{self.text}"


class DocumentType(StrEnum):
    """What a text is by its content."""

    PLAN = "plan"
    SUMMARY = "summary"
    SELFCHECK = "selfcheck"
    RUBRIC = "rubric"
    NOTICE = "notice"
    OTHER = "other"


@dataclass
class Document:
    """One text of a file: its title, type, first and last line, lines and outline."""

    title: str
    type: DocumentType
    span: tuple[int, int]
    lines: tuple[Line, ...]
    outline: tuple[Block, ...] = ()
    #: the clean lines that only carry the title, or the empty tuple
    heading: tuple[Line, ...] = ()

    def blocks(self) -> Iterator[Block]:
        """Walk all blocks of the outline."""
        for block in self.outline:
            yield from block.walk()
