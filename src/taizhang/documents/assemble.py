"""Numbering the numbers of a document; remarks and annexes around its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import assert_never

from taizhang.core.base.figure import Figure, FlagName
from taizhang.core.text.unit_sign import unit_sign
from taizhang.documents.annex import numbers_annex
from taizhang.documents.format import footnoted
from taizhang.documents.tree import (
    Annex,
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
    Signature,
    Strong,
    Table,
    Text,
)
from taizhang.documents.wording import ANALOGY_NOTE, FOOTNOTE_NOTE

Identity = tuple[object, ...]


def assemble(
    head: Head,
    blocks: tuple[Block, ...],
    annexes: tuple[Annex, ...] = (),
    signature: Signature | None = None,
) -> Document:
    """Number every number in reading order and add signature, footnote remark and annex."""
    register = _Register()
    head = replace(
        head,
        title=register.inlines(head.title),
        issuer=register.inlines(head.issuer),
        addressee=register.inlines(head.addressee),
    )
    body = [register.block(block) for block in blocks]
    numbered = tuple(register.annex(annex) for annex in annexes)
    numbers = tuple(register.numbers)
    if signature is not None:
        body.append(signature)
    remarks = _remarks(numbers)
    if remarks:
        body.append(Note((Text(remarks),)))
    if numbers:
        numbered = (*numbered, numbers_annex(numbers, head))
    return Document(head=head, blocks=tuple(body), annexes=numbered, numbers=numbers)


def _remarks(numbers: tuple[Number, ...]) -> str:
    """Say once what holds for several numbers: the footnote mark, norms followed by analogy."""
    figures = [number.figure for number in numbers]
    remarks = FOOTNOTE_NOTE if any(footnoted(figure) for figure in figures) else ""
    by_analogy = any(figure.flag(FlagName.BY_ANALOGY) for figure in figures)
    return remarks + (ANALOGY_NOTE if by_analogy else "")


def identity(figure: Figure) -> Identity:
    """Tell figures apart: the same question with the same answer is one row of the annex."""
    return (
        figure.key,
        figure.unit_code,
        figure.period,
        figure.bucket,
        figure.sentence,
        figure.value,
        figure.label,
    )


@dataclass
class _Register:
    """Gives each figure its number at its first place in the document."""

    numbers: list[Number] = field(default_factory=list)
    refs: dict[Identity, int] = field(default_factory=dict)

    def inlines(self, inlines: Inlines) -> Inlines:
        return tuple(self._inline(inline) for inline in inlines)

    def _inline(self, inline: Inline) -> Inline:
        match inline:
            case Number():
                return replace(inline, ref=self._ref(inline))
            case Strong():
                return Strong(self.inlines(inline.inlines))
            case _:
                return inline

    def _ref(self, number: Number) -> int:
        key = identity(number.figure)
        if key not in self.refs:
            self.refs[key] = len(self.numbers) + 1
            unit = number.unit or unit_sign(number.figure.unit)
            self.numbers.append(replace(number, ref=len(self.numbers) + 1, unit=unit))
        return self.refs[key]

    def block(self, block: Block) -> Block:
        return map_inlines(block, self.inlines)

    def annex(self, annex: Annex) -> Annex:
        blocks = tuple(self.block(block) for block in annex.blocks)
        return replace(annex, title=self.inlines(annex.title), blocks=blocks)


def map_inlines(block: Block, change: Callable[[Inlines], Inlines]) -> Block:
    """Change every run of inlines of a block, in reading order."""
    match block:
        case Heading() | Paragraph() | Note():
            return replace(block, inlines=change(block.inlines))
        case List():
            return replace(block, items=tuple(change(item) for item in block.items))
        case Table():
            return replace(
                block,
                caption=change(block.caption),
                header=tuple(change(cell) for cell in block.header),
                rows=tuple(tuple(change(cell) for cell in row) for row in block.rows),
            )
        case Annex() | Signature() | PageBreak():
            return block
        case _:
            assert_never(block)
