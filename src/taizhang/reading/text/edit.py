"""Edits of a text, step by step: each character keeps the place where it came from."""

from __future__ import annotations

from collections.abc import Iterable

from taizhang.reading.base.line import Edit, EditKind


class Editing:
    """A text under change; ``starts``/``ends`` bound the source of each character."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source
        self._starts: list[int] | None = None
        self._ends: list[int] = []
        self._notes: list[tuple[int, int, EditKind]] = []

    def _track(self) -> list[int]:
        if self._starts is None:
            self._starts = list(range(len(self.source)))
            self._ends = list(range(1, len(self.source) + 1))
        return self._starts

    def same_length(self, text: str, kind: EditKind) -> None:
        """Take ``text``, which differs from the present one character by character."""
        if text == self.text:
            return
        starts = self._track()
        for index, (old, new) in enumerate(zip(self.text, text, strict=True)):
            if old != new:
                self._notes.append((starts[index], self._ends[index], kind))
        self.text = text

    def replace(self, spans: Iterable[tuple[int, int, str]], kind: EditKind) -> None:
        """Replace [start, end) of the present text by new text, for spans in order, apart."""
        spans = [span for span in spans if self.text[span[0] : span[1]] != span[2]]
        if not spans:
            return
        old_starts, old_ends = self._track(), self._ends
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end, new in spans:
            parts += [self.text[done:start], new]
            starts += old_starts[done:start]
            ends += old_ends[done:start]
            low = old_starts[start] if start < len(old_starts) else len(self.source)
            high = old_ends[end - 1] if end > start else low
            starts += [low] * len(new)
            ends += ([high] + [low] * (len(new) - 1)) if new else []
            self._notes.append((low, high, kind))
            done = end
        parts.append(self.text[done:])
        starts += old_starts[done:]
        ends += old_ends[done:]
        self.text, self._starts, self._ends = "".join(parts), starts, ends

    def edits(self) -> tuple[Edit, ...]:
        """Give all changes against the source, in order, neighbours of one kind joined."""
        if self._starts is None:
            return ()
        steps: list[Edit] = []
        done = 0  # of the source
        index = 0
        text, starts, ends = self.text, self._starts, self._ends
        while index < len(text) or done < len(self.source):
            if (
                index < len(text)
                and starts[index] == done
                and ends[index] == done + 1
                and (text[index] == self.source[done])
            ):
                index += 1
                done += 1
                continue
            index, done = self._one(index, done, steps)
        return tuple(steps)

    def _one(self, index: int, done: int, edits: list[Edit]) -> tuple[int, int]:
        """Take one changed stretch: source up to the next character that stands for itself."""
        text, starts, ends = self.text, self._starts or [], self._ends
        begin_index, begin = index, done
        while (
            index < len(text) and starts[index] <= done and ends[index] <= max(done, starts[index])
        ):
            index += 1  # characters that were put in
        if index < len(text) and starts[index] <= done:
            done = max(done, ends[index])
            index += 1
            while index < len(text) and ends[index] <= done:
                index += 1
        else:
            done = starts[index] if index < len(text) else len(self.source)
        kind = self._kind(begin, done)
        edits.append(Edit(begin, self.source[begin:done], text[begin_index:index], kind))
        return index, done

    def _kind(self, start: int, end: int) -> EditKind:
        best = EditKind.SPACE
        width = -1
        for low, high, kind in self._index.get(start, ()) or self._notes:
            overlap = min(high, end) - max(low, start)
            if overlap > width and overlap >= 0:
                best, width = kind, overlap
        return best

    @property
    def _index(self) -> dict[int, list[tuple[int, int, EditKind]]]:
        cached = self.__dict__.get("_by_start")
        if cached is None or cached[0] != len(self._notes):
            table: dict[int, list[tuple[int, int, EditKind]]] = {}
            for note in self._notes:
                table.setdefault(note[0], []).append(note)
            cached = (len(self._notes), table)
            self.__dict__["_by_start"] = cached
        return cached[1]
