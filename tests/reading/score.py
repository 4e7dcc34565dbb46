"""Measure reading on the labelled texts: `python -m tests.reading.score [tuned|held] [--misses]`.

A labelled text carries its labels where they stand: ``{{600余份|>=600 份|宣传资料}}`` marks
600余份 as at least 600, unit 份, of something called 宣传资料.  The marks are taken out before
the text is read.  The head of a file (``#key: value`` lines) says field, types of the documents
in it and encoding.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from taizhang.core.base.quantity import QuantityKind
from taizhang.reading.figure.figure import ReadFigure
from taizhang.reading.read import Reading, read

TEXTS = Path(__file__).parent / "labelled" / "figures"
SETS = ("tuned", "held", "fresh", "second", "third", "fourth", "fifth", "sixth")
_MARK = re.compile(r"\{\{(?P<text>[^|{}]*)\|(?P<said>[^|{}]*)(?:\|(?P<what>[^|{}]*))?\}\}")
_SAID = re.compile(
    r"(?P<sign>>=|<=|~|=|\?)?(?P<low>\d+(?:\.\d+)?)?(?:\.\.(?P<high>\d+(?:\.\d+)?))?\s?(?P<unit>\S*)"
)
_KINDS = {
    ">=": QuantityKind.AT_LEAST,
    "<=": QuantityKind.AT_MOST,
    "~": QuantityKind.ABOUT,
    "=": QuantityKind.EXACT,
    "?": QuantityKind.MISSING,
    None: QuantityKind.BETWEEN,
}


@dataclass(frozen=True)
class Label:
    """One figure as a person reads it."""

    line: int
    start: int
    end: int
    text: str
    kind: QuantityKind
    low: Decimal | None
    high: Decimal | None
    unit: str
    what: str


@dataclass(frozen=True)
class Text:
    """One labelled text: its bytes, labels and the types of its documents."""

    name: str
    data: bytes
    labels: tuple[Label, ...]
    types: tuple[str, ...]
    field: str


@dataclass
class Score:
    """Counts over texts."""

    labels: int = 0
    found: int = 0
    matched: int = 0
    right: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("kind", "value", "unit"), 0)
    )
    kind_and_unit: int = 0
    named: int = 0
    named_right: int = 0
    documents: int = 0
    typed: int = 0
    texts: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Give the share of labelled figures that were found."""
        return self.matched / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Give the share of found figures that are labelled."""
        return self.matched / self.found if self.found else 1.0


def labelled(which: str) -> Iterator[Text]:
    """Read the labelled texts of one set."""
    for path in sorted((TEXTS / which).glob("*.txt")):
        yield text_read(path)


def text_read(path: Path) -> Text:
    """Read one labelled text and take its marks out."""
    head: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").split("\n")
    while lines and (match := re.match(r"#(\w+):\s*(.*)$", lines[0])):
        head[match[1]] = match[2]
        lines.pop(0)
    labels: list[Label] = []
    plain: list[str] = []
    for number, line in enumerate(lines, 1):
        parts: list[str] = []
        at = done = 0
        for mark in _MARK.finditer(line):
            parts += [line[done : mark.start()], mark["text"]]
            at += mark.start() - done
            labels.append(_label(mark, number, at))
            at += len(mark["text"])
            done = mark.end()
        plain.append("".join([*parts, line[done:]]))
    data = "\n".join(plain).encode(head.get("encoding", "utf-8"))
    types = tuple(head["type"].split())
    return Text(path.stem, data, tuple(labels), types, head.get("field", ""))


def _label(mark: re.Match[str], line: int, at: int) -> Label:
    said = _SAID.fullmatch(mark["said"])
    if said is None:
        raise ValueError(f"line {line}: {mark[0]}")
    kind = _KINDS[said["sign"]]
    low = Decimal(said["low"]) if said["low"] else None
    high = Decimal(said["high"]) if said["high"] else low
    if kind is QuantityKind.AT_LEAST:
        high = None
    if kind is QuantityKind.AT_MOST:
        low = Decimal(0)
    what = mark["what"] or ""
    return Label(
        line, at, at + len(mark["text"]), mark["text"], kind, low, high, said["unit"], what
    )


def text_score(text: Text, score: Score) -> None:
    """Read one text and add what is right and wrong to the score."""
    result = read([(text.name, text.data)])
    score.texts += 1
    types = tuple(one.document.type.value for one in result.readings)
    score.documents += len(text.types)
    score.typed += sum(a == b for a, b in zip(types, text.types, strict=False))
    if types != text.types:
        score.misses.append(f"{text.name}: types {types}, not {text.types}")
    found = [figure for one in result.readings for figure in one.figures]
    score.found += len(found)
    score.labels += len(text.labels)
    rest = list(found)
    for label in text.labels:
        one = next((figure for figure in rest if _same(figure, label)), None)
        tally = score.by_kind.setdefault(label.kind.name.lower(), [0, 0, 0])
        tally[0] += 1
        if one is None:
            score.misses.append(f"{text.name}:{label.line} missed {label.text} ({label.what})")
            continue
        rest.remove(one)
        tally[1] += 1
        score.matched += 1
        tally[2] += _compare(one, label, text, score)
    score.misses += [f"{text.name}:{one.line} extra {one.text} ({one.what})" for one in rest]


def _same(figure: ReadFigure, label: Label) -> bool:
    if figure.line == label.line:
        return figure.column < label.end and label.start < figure.column + len(figure.text)
    return False


def _compare(figure: ReadFigure, label: Label, text: Text, score: Score) -> bool:
    checks = {
        "kind": figure.quantity.kind is label.kind,
        "value": (figure.quantity.low, figure.quantity.high) == (label.low, label.high),
        "unit": figure.unit == label.unit,
    }
    for name, right in checks.items():
        score.right[name] += right
    score.kind_and_unit += checks["kind"] and checks["unit"]
    if label.what:
        score.named += 1
        score.named_right += label.what in figure.what
        if label.what not in figure.what:
            score.misses.append(
                f"{text.name}:{label.line} {label.text}: what {figure.what!r}, not {label.what}"
            )
    if not all(checks.values()):
        wrong = ", ".join(name for name, right in checks.items() if not right)
        read_as = figure.quantity
        said = f"{read_as.kind.name} {read_as.low} {read_as.high} {figure.unit}"
        score.misses.append(f"{text.name}:{label.line} {label.text}: wrong {wrong}: {said}")
    return all(checks.values())


def score_of(which: str) -> Score:
    """Score all texts of one set."""
    score = Score()
    for text in labelled(which):
        text_score(text, score)
    return score


def readings_of(text: Text) -> tuple[Reading, ...]:
    """Read one labelled text."""
    return read([(text.name, text.data)]).readings


def main(arguments: list[str]) -> int:
    """Print the scores of the sets named."""
    for which in [one for one in arguments if one in SETS] or SETS:
        score = score_of(which)
        total = max(score.matched, 1)
        lines = [
            f"{which}: {score.texts} texts, {score.documents} documents, {score.labels} figures",
            f"  recall {score.recall:.3f} precision {score.precision:.3f}",
            f"  kind and unit {score.kind_and_unit / total:.3f} "
            + " ".join(f"{name} {count / total:.3f}" for name, count in score.right.items()),
            f"  what {score.named_right}/{score.named}  types {score.typed}/{score.documents}",
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        if "--misses" in arguments:
            sys.stdout.write("".join(f"    {miss}\n" for miss in score.misses))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
