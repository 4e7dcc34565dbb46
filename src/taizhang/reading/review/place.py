"""Places of findings: in the clean text and in the file as it was."""

from __future__ import annotations

from bisect import bisect_right

from taizhang.reading.base.line import Document, Line
from taizhang.reading.review.finding import Spot

#: how many clean lines behind its own line a text is looked for: a list below a paragraph
_FAR = 40


class Locator:
    """Finds where texts of one document stand."""

    def __init__(self, document: Document) -> None:
        self.lines = [line for line in (*document.heading, *document.lines) if line.text]
        self.lines.sort(key=lambda line: line.number)
        self._numbers = [line.number for line in self.lines]

    def spot(self, number: int, start: int, end: int) -> Spot:
        """Give the place of [start, end) of the clean line with this number."""
        at = bisect_right(self._numbers, number) - 1
        return _spot(self.lines[at], start, end)

    def find(self, line: int, *texts: str) -> Spot:
        """Find the first of some texts from a line of the file on; else give the line alone."""
        first = max(0, bisect_right(self._numbers, line) - 1)
        for text in texts:
            wanted = text.strip(" 。；，、：")
            if not wanted:
                continue
            for candidate in self.lines[first : first + _FAR]:
                at = candidate.text.find(wanted)
                if at >= 0:
                    return _spot(candidate, at, at + len(wanted))
        held = self.lines[first].number if self.lines else line
        return Spot(line, held)


def _spot(line: Line, start: int, end: int) -> Spot:
    """Give both places; the original one ends with the file's line where the text runs on."""
    number, column = line.place(start)
    last = max(start, end - 1)
    while last > start and line.place(last)[0] != number:
        last -= 1
    return Spot(number, line.number, (start, end), (column, line.place(last)[1] + 1))
