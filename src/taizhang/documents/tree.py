"""The document tree: what a document says, before any layout.

Renderers (DOCX, HTML, PDF, XLSX) read the tree and nothing else.  A digit reaches a reader only
through an inline that says where it comes from; :mod:`taizhang.documents.digits` refuses the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import assert_never

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import NOWHERE, Issue, Place


class Part(StrEnum):
    """Which part of a figure a number shows."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    RECORDS = "records"
    DONE = "done"
    OWED = "owed"
    REACHED = "reached"
    OF = "of"


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the template's author."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A figure, or a part of it.

    ``ref`` is its row in the annex of numbers (from 1; 0 while the tree is being built).  ``unit``
    is the word printed after it, ``""`` for none.  ``compact`` shortens a missing one to two or
    three characters, for table cells.
    """

    figure: Figure
    ref: int = 0
    unit: str = ""
    part: Part = Part.VALUE
    compact: bool = False


@dataclass(frozen=True, slots=True)
class DateText:
    """A date, month, year or period in words."""

    text: str


@dataclass(frozen=True, slots=True)
class LawRef:
    """A document with its number: 《…》（国办函〔…〕…号), an edition or an article."""

    document: str
    number: str = ""

    @property
    def text(self) -> str:
        """Give it as printed; a number that follows the title stands in brackets."""
        title = self.document
        if title and not title.startswith("《"):
            title = f"《{title}》"
        return f"{title}（{self.number}）" if title and self.number else title or self.number


@dataclass(frozen=True, slots=True)
class Blank:
    """What only a person can write; the prompt says what."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the ledger or of a pack (unit name, label, title of an activity), never edited.

    ``source`` says whose words they are: ``unit:CODE``, ``record:ID``, ``pack:KEY``.
    """

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A numbering such as a row number; counts nothing of the field."""

    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sentence that explains a figure."""

    figure: Figure
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasis."""

    inlines: tuple[Inline, ...]


Inline = Text | Number | DateText | LawRef | Blank | Quoted | Ordinal | Explanation | Strong
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4 (一、 （一） 1. （1）); ``numbering`` is empty where it has none."""

    level: int
    inlines: Inlines
    numbering: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    inlines: Inlines
    place: Place = NOWHERE


class Align(StrEnum):
    """Where the text of a table column stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as ``header``.

    ``small`` sets it in the smallest type, for what is looked up and not read.
    """

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    caption: Inlines = ()
    align: tuple[Align, ...] = ()
    place: Place = NOWHERE
    small: bool = False

    def column_align(self, index: int) -> Align:
        """Give the alignment of a column, left where none is set."""
        return self.align[index] if index < len(self.align) else Align.LEFT


@dataclass(frozen=True, slots=True)
class List:
    """Enumerated items (1. 2. …) or items set off by dashes (——)."""

    ordered: bool
    items: tuple[Inlines, ...]
    place: Place = NOWHERE

    def lead(self, index: int) -> str:
        """Give what stands before an item."""
        return f"{index + 1}." if self.ordered else "——"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block begins a new page."""

    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """落款: who issues it and when.  ``sealed`` leaves room for the seal."""

    issuer: Inlines
    day: DateText | Blank
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """附注: a remark in brackets below the signature."""

    inlines: Inlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """附件: begins a new page; numbered where the document has several.

    ``kind`` is ``"numbers"`` for the annex that lists every number.
    """

    title: Inlines
    blocks: tuple[Block, ...]
    kind: str = ""
    place: Place = NOWHERE


Block = Heading | Paragraph | Table | List | PageBreak | Annex | Signature | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above and around the text."""

    title: Inlines
    issuer: Inlines = ()
    addressee: Inlines = ()
    day: date | None = None
    number: str = ""  # 发文字号, given by the office
    synthetic: bool = False
    kind: str = ""  # 计划, 总结, 自查报告 …
    subject: str = ""  # template key
    unit_code: str = ""
    period: str = ""
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document.  ``numbers[i]`` is the number whose ``ref`` is i + 1."""

    head: Head
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()
    numbers: tuple[Number, ...] = ()
    issues: tuple[Issue, ...] = field(default_factory=tuple)


def blocks_of(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Walk blocks in reading order, those inside annexes included."""
    for block in blocks:
        yield block
        if isinstance(block, Annex):
            yield from blocks_of(block.blocks)


def texts_of(block: Block) -> Iterator[Inlines]:
    """Walk the runs of inlines of one block (not of the blocks inside an annex)."""
    match block:
        case Heading() | Paragraph() | Note():
            yield block.inlines
        case List():
            yield from block.items
        case Table():
            yield block.caption
            yield from block.header
            for row in block.rows:
                yield from row
        case Annex():
            yield block.title
        case Signature():
            yield block.issuer
            yield (block.day,)
        case PageBreak():
            pass
        case _:
            assert_never(block)


def flat(inlines: Inlines) -> Iterator[Inline]:
    """Walk inlines in order, those inside emphasis included, emphasis itself not."""
    for inline in inlines:
        if isinstance(inline, Strong):
            yield from flat(inline.inlines)
        else:
            yield inline


def blanks_of(document: Document) -> Iterator[Blank]:
    """Walk what a person has still to write, in reading order."""
    for block in blocks_of((*document.blocks, *document.annexes)):
        for inlines in texts_of(block):
            for inline in flat(inlines):
                if isinstance(inline, Blank):
                    yield inline
