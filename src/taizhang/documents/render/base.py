"""The walk over a document: order of its parts, every kind of block and inline, links of numbers.

HTML, DOCX and PDF differ in how a heading or a number looks, not in where it stands: that is
decided here once.  A kind of block or inline that the walk does not know is an error.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import assert_never

from taizhang.documents.format import NumberText, blank_text, format_number, inline_text
from taizhang.documents.tree import (
    Annex,
    Blank,
    Block,
    DateText,
    Document,
    Explanation,
    Head,
    Heading,
    Inline,
    Inlines,
    LawRef,
    List,
    Note,
    Number,
    Ordinal,
    PageBreak,
    Paragraph,
    Part,
    Quoted,
    Signature,
    Strong,
    Table,
    Text,
)


class DocumentWriter(ABC):
    """Writes a document as markup; a renderer says what each part, block and inline looks like.

    ``kept`` is set while a block is written that goes on one page with what follows it: the end of
    the text, so that no signature stands on a page of its own, and a signature with a remark.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.kept = False
        self._in_numbers = False
        self.anchors: set[str] = set()  # names of places that numbers can link to

    # the walk --------------------------------------------------------------------------------

    def parts(self) -> Iterator[str]:
        """Write title and text, the list of annexes, the signature, the annexes."""
        blocks, annexes = self.document.blocks, self.document.annexes
        signed = next(
            (at for at, block in enumerate(blocks) if isinstance(block, Signature)), len(blocks)
        )
        text, signature = blocks[:signed], blocks[signed:]
        yield self.top(self.document.head)
        yield from self._blocks(text, kept=len(text) - 1)
        if annexes:
            yield self.annex_list(annexes)
        yield from self._blocks(signature, kept=0 if len(signature) > 1 else -1)
        for index, annex in enumerate(annexes):
            yield self.annex(annex, index)

    def _blocks(self, blocks: Sequence[Block], kept: int = -1) -> Iterator[str]:
        for index, block in enumerate(blocks):
            self.kept = index == kept
            yield self.block(block)
        self.kept = False

    def block(self, block: Block) -> str:
        """Write one block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return self.paragraph(block)
            case List():
                return self.items(block)
            case Table():
                return self.table(block)
            case PageBreak():
                return self.page_break()
            case Signature():
                return self.signature(block)
            case Note():
                return self.note(block)
            case Annex():
                return self.annex(block, 0)
            case _:
                assert_never(block)

    def annex_blocks(self, annex: Annex) -> str:
        """Write what stands in an annex."""
        self._in_numbers = annex.kind == "numbers"
        written = "".join(self._blocks(annex.blocks))
        self._in_numbers = False
        return written

    def inlines(self, inlines: Inlines) -> str:
        """Write a run of inlines."""
        return "".join(self._inline(inline) for inline in inlines)

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Number():
                return self._number(inline)
            case Blank():
                return self.blank(blank_text(inline))
            case Strong():
                return self.strong(inline.inlines)
            case Text() | DateText() | LawRef() | Quoted() | Ordinal() | Explanation():
                return self.words(inline_text(inline))
            case _:
                assert_never(inline)

    def _number(self, number: Number) -> str:
        """Link a number to its row in the annex, or in the annex back to its first place."""
        text = format_number(number)
        if number.part is not Part.VALUE or not number.ref:
            return self.words(text.text)
        here, there = ("n", "t") if self._in_numbers else ("t", "n")
        anchor = f"{here}{number.ref}"
        first = anchor not in self.anchors
        self.anchors.add(anchor)
        return self.number(number, text, anchor if first else "", f"{there}{number.ref}")

    # what a renderer says ----------------------------------------------------------------------

    @abstractmethod
    def top(self, head: Head) -> str:
        """Write what stands above the text: title, number, addressee."""

    @abstractmethod
    def heading(self, heading: Heading) -> str:
        """Write a heading with its numbering."""

    @abstractmethod
    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""

    @abstractmethod
    def items(self, items: List) -> str:
        """Write a list."""

    @abstractmethod
    def table(self, table: Table) -> str:
        """Write a table with its caption."""

    @abstractmethod
    def page_break(self) -> str:
        """Begin a new page."""

    @abstractmethod
    def note(self, note: Note) -> str:
        """Write a remark in brackets."""

    @abstractmethod
    def signature(self, signature: Signature) -> str:
        """Write who issues the document, and when."""

    @abstractmethod
    def annex_list(self, annexes: Sequence[Annex]) -> str:
        """Write 附件说明: the titles of the annexes, below the text."""

    @abstractmethod
    def annex(self, annex: Annex, index: int) -> str:
        """Write an annex on a page of its own, with :meth:`annex_blocks`."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Write plain words."""

    @abstractmethod
    def blank(self, text: str) -> str:
        """Write a gap that a person fills, marked as one."""

    @abstractmethod
    def strong(self, inlines: Inlines) -> str:
        """Write emphasis."""

    @abstractmethod
    def number(self, number: Number, text: NumberText, anchor: str, target: str) -> str:
        """Write a number as a link to ``target``.

        :param anchor: the name of this place, ``""`` where the number stood earlier
        """
