"""Running text that is a table in disguise → grids: cards of keys and values.

A key that comes again and again (分值：…, 【评分】…) is the head of a column, the values between
two of the same key are one row.  Nothing here knows what the keys mean; that is the work of
:mod:`reading.column`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from taizhang.reading.base.line import Cell, Line
from taizhang.reading.rubric.points.heading import head_read
from taizhang.reading.text.label import head_label

_KEY = re.compile(
    r"(?:(?<=[；;，,。\s|｜/])|^)(?P<plain>[\u4e00-\u9fff]{1,3}\s{0,4}[\u4e00-\u9fff]{1,7})\s?[：:=＝]"
    r"|【(?P<square>[^】\d]{1,10})】[：:]?"
)
_RULED = re.compile(r"^[\s\-—=_*·─━+|｜]+$")
#: a key has to come so often
_LEAST = 3
_LONGEST_HEADING = 40


@dataclass
class Records:
    """Rows of cells with the line and the place of each; the first row is the head."""

    rows: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    #: places of further lines that the rows took in
    taken: set[int] = field(default_factory=set)

    def add(self, texts: Sequence[str], line: int, place: int) -> None:
        """Add a row."""
        self.rows.append([Cell(text, column) for column, text in enumerate(texts)])
        self.lines.append(line)
        self.places.append(place)
        self.taken.add(place)


@dataclass
class _Card:
    """One card: the headings just above it and its values by key."""

    line: int
    place: int
    heads: list[_Piece]
    values: dict[str, str] = field(default_factory=dict)
    places: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Piece:
    """A key with its value, or a line between the cards (no key)."""

    key: str
    text: str
    line: int
    place: int


def card_records(lines: Sequence[Line]) -> Iterator[Records]:
    """Walk the cards of a text: keys that recur, with their values and the headings between."""
    matches = [list(_KEY.finditer(line.text)) if not line.cells else [] for line in lines]
    often = Counter(_name(match) for key_match in matches for match in key_match)
    keys = {name for name, count in often.items() if count >= _LEAST}
    if len(keys) < 2:
        return
    cards = _cards(_pieces(lines, matches, keys))
    if len(cards) < _LEAST:
        return
    titled = sum(bool(card.heads) for card in cards) >= 0.8 * len(cards)
    order = list(dict.fromkeys(key for card in cards for key in card.values))
    records = Records()
    records.add([*([""] if titled else []), *order], cards[0].line, cards[0].place)
    for card in cards:
        title = [card.heads.pop().text if card.heads else ""] if titled else []
        for head in card.heads:
            records.add([head.text], head.line, head.place)
        records.add([*title, *(card.values.get(key, "") for key in order)], card.line, card.place)
        records.taken |= card.places
    yield records


def _name(match: re.Match[str]) -> str:
    return re.sub(r"\s", "", match["plain"] or match["square"])


def _pieces(
    lines: Sequence[Line], matches: Sequence[Sequence[re.Match[str]]], keys: set[str]
) -> Iterator[_Piece]:
    inside = False
    for place, (line, matched) in enumerate(zip(lines, matches, strict=True)):
        text = line.text
        known = [match for match in matched if _name(match) in keys]
        before = text[: known[0].start()] if known else text
        label = head_label(before)
        rest = before[label.end :].strip(" ；，。|/") if label and known else before.strip()
        if rest and not _RULED.match(rest):
            heads = bool(known) or head_label(rest) or head_read(rest)[1] is not None
            if heads or not inside:
                yield _Piece("", rest, line.number, place)
            else:
                yield _Piece("+", rest, line.number, place)
        inside = bool(known) or (inside and bool(rest) and not _RULED.match(rest))
        ends = [*(match.start() for match in known), len(text)][1:]
        for match, end in zip(known, ends, strict=True):
            value = text[match.end() : end].strip(" ；，。|/")
            yield _Piece(_name(match), value, line.number, place)


def _cards(pieces: Iterator[_Piece]) -> list[_Card]:
    """Group pieces to cards: a key that comes again, or a heading, begins the next one."""
    cards: list[_Card] = []
    heads: list[_Piece] = []
    last = ""
    for piece in pieces:
        if not piece.key:
            if len(piece.text) <= _LONGEST_HEADING:
                heads.append(piece)
            else:
                heads.clear()
            continue
        if piece.key == "+":
            if cards and last:
                cards[-1].values[last] += piece.text
                cards[-1].places.add(piece.place)
            continue
        if heads or not cards or piece.key in cards[-1].values:
            cards.append(_Card(piece.line, piece.place, heads))
            heads = []
        cards[-1].values[piece.key] = piece.text
        cards[-1].places |= {piece.place, *(head.place for head in cards[-1].heads)}
        last = piece.key
    return cards
