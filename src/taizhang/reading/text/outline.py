"""Clean lines → blocks: headings by their labels, with restarts, lost breaks and fused titles.

One rule decides the level: styles nest as in :class:`Style`, and a label closes every open block of
its own or an inner style.  A label inside a paragraph either goes on with a list that is open
around it (then the paragraph break was lost) or begins a list of the paragraph's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Block, Line, Style
from taizhang.reading.text.label import Label, head_label, inside_labels

_RANK = {style: index for index, style in enumerate(Style)}
#: what ends a title that is fused with its body
_END = re.compile(r"[。：；！？]")
_LONGEST_TITLE = 45
#: a parenthesis such as （10分） behind a title belongs to it
_POINTS = re.compile(r"（[^（）]{0,20}分[^（）]{0,12}）")


class _Builder:
    """Grows the outline of one document line by line."""

    def __init__(self) -> None:
        self.roots: list[Block] = []
        self.stack: list[Block] = []

    def heading(self, block: Block) -> None:
        while self.stack and (
            self.stack[-1].inside or _RANK[self.stack[-1].style] >= _RANK[block.style]
        ):
            self.stack.pop()
        self._attach(block)
        self.stack.append(block)

    def inner(self, block: Block, owner: Block) -> None:
        """Hang a list item inside a paragraph below the paragraph (or the item it stands in)."""
        while self.stack and self.stack[-1] is not owner:
            top = self.stack[-1]
            if top.inside and _RANK[top.style] < _RANK[block.style]:
                break
            self.stack.pop()
        if not self.stack:
            self.stack.append(owner)
        self._attach(block)
        self.stack.append(block)

    def paragraph(self, block: Block) -> None:
        while self.stack and (self.stack[-1].inside or not self.stack[-1].label):
            self.stack.pop()
        self._attach(block)

    def _attach(self, block: Block) -> None:
        if self.stack:
            block.level = self.stack[-1].level + 1
            self.stack[-1].children.append(block)
        else:
            block.level = 1
            self.roots.append(block)

    def goes_on(self, label: Label) -> bool:
        """Say whether a label is the next one of a list that is open around the paragraph."""
        return any(
            block.style is label.style and not block.inside and block.ordinal + 1 == label.ordinal
            for block in self.stack
        )


def outline_build(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Build the outline of the lines of one document; blank lines are passed over."""
    builder = _Builder()
    for index, line in enumerate(lines):
        check()
        if line.text and line.cells:
            block = Block(1, "", "", line.text, line.number, at=(index, 0))
            block.end = (index, len(line.text))
            builder.paragraph(block)
        elif line.text:
            _line(builder, index, line)
    return tuple(builder.roots)


def _line(builder: _Builder, index: int, line: Line) -> None:
    """Add one paragraph: its own label, then the labels inside it."""
    text = line.text
    label = head_label(text)
    if label and label.style is Style.SPOKEN and not builder.stack:
        label = None if label.ordinal != 1 else label
    cuts = _cuts(builder, text, label)
    bounds = [cut.start for cut in cuts[1:]] + [len(text)]
    owner: Block | None = None
    run: set[tuple[Style, int]] = set()
    for cut, end in zip(cuts, bounds, strict=True):
        block = _block(cut, text, end, line, index)
        if cut.start == 0 and not cut.text:
            builder.paragraph(block)
            # A list inside a plain paragraph hangs below it.
            builder.stack.append(block)
            owner = block
        elif cut.start == 0 or ((cut.style, cut.ordinal - 1) not in run and builder.goes_on(cut)):
            block.restored = cut.start > 0 and cut.style is not Style.SPOKEN
            builder.heading(block)
            owner, run = block, set()
        else:
            block.inside = True
            builder.inner(block, owner or block)
            run.add((cut.style, cut.ordinal))
    while builder.stack and (builder.stack[-1].inside or not builder.stack[-1].label):
        builder.stack.pop()


def _cuts(builder: _Builder, text: str, label: Label | None) -> list[Label]:
    """Choose the labels at which a paragraph is cut; the first stands at its beginning."""
    first = label or Label(Style.NONE, 0, "", 0, 0)
    labels = list(inside_labels(text, first.end))
    chosen: list[Label] = [first]
    last: dict[tuple[Style, int], int] = {}
    for index, inner_label in enumerate(labels):
        last[inner_label.style, inner_label.ordinal] = index
    taken = {(first.style, first.ordinal)}
    for index, inner_label in enumerate(labels):
        later = last.get((inner_label.style, inner_label.ordinal + 1), -1) > index
        before = (inner_label.style, inner_label.ordinal - 1) in taken
        broken = inner_label.ordinal in (2, 3) and inner_label.style is Style.SPOKEN
        if later or before or broken or builder.goes_on(inner_label):
            chosen.append(inner_label)
            taken.add((inner_label.style, inner_label.ordinal))
    return chosen


def _block(label: Label, text: str, end: int, line: Line, index: int) -> Block:
    body = text[label.end : end]
    title, rest = _title(body) if label.text else ("", body)
    block = Block(1, label.text, title, rest, line.line_at(label.start), style=label.style)
    block.ordinal = label.ordinal
    block.at, block.end = (index, label.start), (index, end)
    return block


def _title(body: str) -> tuple[str, str]:
    """Cut a heading's own line into title and body: at the first end of a sentence."""
    match = _END.search(body)
    if match is None:
        return (body, "") if len(body) <= _LONGEST_TITLE else ("", body)
    cut = match.start()
    points = _POINTS.match(body, match.end())
    if cut > _LONGEST_TITLE:
        return "", body
    if points:
        return body[: points.end()], body[points.end() :]
    return body[:cut], body[match.end() :]
