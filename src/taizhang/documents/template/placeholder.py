"""Marks: how typed inlines and blocks travel through a text of Jinja and Markdown unharmed.

A mark is a number between two characters of Unicode's private use area, written in characters of
that area too, so that neither Markdown nor the check for typed digits sees anything in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jinja2.ext import Extension
from jinja2.lexer import Token

from taizhang.documents.tree import Block, Inline

if TYPE_CHECKING:
    from jinja2.lexer import TokenStream

_ZERO = 0xE100
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_INLINE = ("\ue000", "\ue001")
_BLOCK = ("\ue002", "\ue003")
_LINE = ("\ue004", "\ue005")


def _pattern(pair: tuple[str, str]) -> re.Pattern[str]:
    return re.compile(f"{pair[0]}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){pair[1]}")


INLINE = _pattern(_INLINE)
BLOCK = _pattern(_BLOCK)
LINE = _pattern(_LINE)


def _mark(pair: tuple[str, str], number: int) -> str:
    return pair[0] + "".join(chr(_ZERO + int(digit)) for digit in str(number)) + pair[1]


def number_of(mark: re.Match[str]) -> int:
    """Give the number that a mark carries."""
    return int("".join(str(ord(digit) - _ZERO) for digit in mark[1]))


def without_private(text: str) -> str:
    """Drop characters of the private use area, so that no text can forge a mark."""
    return _PRIVATE.sub("", text)


class Placeholders:
    """The inlines and blocks behind the marks of one rendering."""

    def __init__(self) -> None:
        self._inlines: list[Inline] = []
        self._blocks: list[Block] = []

    def inline(self, inline: Inline) -> str:
        """Keep an inline and give its mark."""
        self._inlines.append(inline)
        return _mark(_INLINE, len(self._inlines) - 1)

    def block(self, block: Block) -> str:
        """Keep a block and give its mark, on lines of its own."""
        self._blocks.append(block)
        return f"\n\n{_mark(_BLOCK, len(self._blocks) - 1)}\n\n"

    def inline_at(self, mark: re.Match[str]) -> Inline:
        """Give the inline behind a mark found by ``INLINE``."""
        return self._inlines[number_of(mark)]

    def block_at(self, mark: re.Match[str]) -> Block:
        """Give the block behind a mark found by ``BLOCK``."""
        return self._blocks[number_of(mark)]


class LinePlaceholders(Extension):
    """Ends each line of a template with a mark of its line number.

    After rendering, :func:`lines_taken` reads them off again and knows which line of the template
    every line of the text comes from, loops and branches notwithstanding.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Mark the line ends in the text between tags."""
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", _marked(token.value, token.lineno))
            else:
                yield token


def _marked(text: str, first: int) -> str:
    lines = text.split("\n")
    ended = [f"{line}{_mark(_LINE, first + index)}" for index, line in enumerate(lines[:-1])]
    return "\n".join([*ended, lines[-1]])


def lines_kept(text: str) -> str:
    """Keep the line end after a tag that shares its line with words.

    Jinja drops the line end after any tag, which is right only for a tag alone on its line:
    ``…{% endif %}`` at the end of a paragraph would join the next one to it.
    """
    return "\n".join(map(_kept, text.split("\n")))


def _kept(line: str) -> str:
    bare = line.rstrip()
    tags = list(_TAG.finditer(bare))
    if not tags or tags[-1].end() != len(bare) or not _TAG.sub("", bare).strip():
        return line
    if bare[-3] in "+-":
        return line
    return f"{bare[:-2]}+{bare[-2:]}"


def lines_taken(text: str) -> tuple[str, list[int]]:
    """Take the line marks out of a rendered text.

    Gives the clean text and, for each of its lines, the line of the template (from 1; 0 where no
    mark tells).
    """
    lines: list[str] = []
    numbers: list[int] = []
    for line in text.split("\n"):
        marks = list(LINE.finditer(line))
        numbers.append(number_of(marks[-1]) if marks else 0)
        lines.append(LINE.sub("", line))
    for index in range(len(numbers) - 2, -1, -1):
        # A line that ends in a tag has no mark; it stands just above the next marked one.
        numbers[index] = numbers[index] or numbers[index + 1]
    return "\n".join(lines), numbers
