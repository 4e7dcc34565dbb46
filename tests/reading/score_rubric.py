"""Measures how well old rubrics are read: labelled texts against what the reader gives.

A label file stands beside each text of ``tests/reading/labelled/rubrics/{tuned,held}``; sections,
items and rules are compared in the order of the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from taizhang.reading.base.line import Document, DocumentType
from taizhang.reading.rubric.rubric_json import rubric_json, rubric_of
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.document import split

FOLDER = Path(__file__).resolve().parent / "labelled/rubrics"
SETS = ("tuned", "held", "fresh", "second", "third", "fourth", "fifth", "sixth")
Table = Mapping[str, object]


@dataclass
class Score:
    """Right and all of each kind of label, with every miss in words."""

    right: dict[str, int] = field(default_factory=dict)
    all: dict[str, int] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def count(self, what: str, wanted: object, found: object, where: str) -> None:
        """Count one label."""
        self.all[what] = self.all.get(what, 0) + 1
        if wanted == found:
            self.right[what] = self.right.get(what, 0) + 1
        else:
            self.misses.append(f"{where}: {what} {wanted!r}, found {found!r}")

    def add(self, other: Score) -> None:
        """Add the counts of another score."""
        for what, number in other.all.items():
            self.all[what] = self.all.get(what, 0) + number
            self.right[what] = self.right.get(what, 0) + other.right.get(what, 0)
        self.misses += other.misses

    def share(self, what: str) -> float:
        """Give the share that is right, 1 where nothing was asked."""
        return self.right.get(what, 0) / self.all[what] if self.all.get(what) else 1.0


def rubric_document(path: Path) -> Document:
    """Give the document of a file that holds a rubric, else its first."""
    documents = split(source_clean(source_read(path.read_bytes(), path.name)))
    kinds = [one for one in documents if one.type is DocumentType.RUBRIC]
    return (kinds or list(documents))[0]


def texts(part: str) -> list[Path]:
    """Give the labelled texts of one part (tuned, held)."""
    return sorted(one for one in (FOLDER / part).iterdir() if one.suffix != ".yaml")


def part_score(part: str) -> Score:
    """Measure one part of the labelled set."""
    total = Score()
    for path in texts(part):
        total.add(text_score(path))
    return total


def text_score(path: Path) -> Score:
    """Measure one labelled text."""
    labels = YAML(typ="safe").load(path.with_suffix(".yaml").read_text("utf-8"))
    read, _ = rubric_of(rubric_document(path), path.name)
    found: Table = (
        rubric_json(read) if read is not None else {"sections": [], "bonus": [], "penalties": []}
    )
    score = Score()
    name = path.stem
    score.count("points and sums", labels["total"], found.get("total"), f"{name} total")
    sections = _tables(found["sections"])
    _levels(score, _tables(labels["sections"]), sections, name)
    items = [item for section in sections for item in _tables(section["items"])]
    _items(score, _tables(labels["items"]), items, name)
    for outside in ("bonus", "penalties"):
        wanted = [
            rule for item in _tables(labels.get(outside, [])) for rule in _tables(item["rules"])
        ]
        given = [rule for item in _tables(found[outside]) for rule in _tables(item["rules"])]
        _rules(score, wanted, given, f"{name} {outside}")
    if "bonus_cap" in labels:
        score.count(
            "points and sums", labels["bonus_cap"], found.get("bonus_cap"), f"{name} bonus_cap"
        )
    return score


def _tables(value: object) -> list[Table]:
    return list(value) if isinstance(value, Sequence) else []


def _levels(score: Score, wanted: Sequence[Table], found: Sequence[Table], name: str) -> None:
    for index, one in enumerate(wanted):
        given: Table = found[index] if index < len(found) else {}
        where = f"{name} section {one.get('label') or one.get('title')}"
        for key in ("max", "sum"):
            score.count("points and sums", one[key], given.get(key), f"{where} {key}")
    if len(found) > len(wanted):
        score.misses.append(f"{name}: {len(found)} sections, {len(wanted)} labelled")


def _items(score: Score, wanted: Sequence[Table], found: Sequence[Table], name: str) -> None:
    for index, one in enumerate(wanted):
        given: Table = found[index] if index < len(found) else {}
        where = f"{name} item {one['at']} ({given.get('title', '')})"
        for key in ("max", "sum"):
            score.count("points and sums", one[key], given.get(key), f"{where} {key}")
        _rules(score, _tables(one["rules"]), _tables(given.get("rules", [])), where)
    if len(found) != len(wanted):
        score.misses.append(f"{name}: {len(found)} items, {len(wanted)} labelled")


def _rules(score: Score, wanted: Sequence[Table], found: Sequence[Table], where: str) -> None:
    for index, one in enumerate(wanted):
        given: Table = found[index] if index < len(found) else {}
        score.count("rule kinds", one["kind"], given.get("kind"), where)
        for key, value in one.items():
            if key != "kind":
                what = "points and sums" if key == "points" else "thresholds"
                score.count(what, value, given.get(key), f"{where} {key}")
    for extra in found[len(wanted) :]:
        score.count("rule kinds", None, extra.get("kind"), f"{where} (not labelled)")


if __name__ == "__main__":
    import sys

    for part in sys.argv[1:] or SETS:
        result = part_score(part)
        print(  # noqa: T201
            part,
            {what: f"{result.right.get(what, 0)}/{number}" for what, number in result.all.items()},
        )
        print("\n".join(result.misses))  # noqa: T201
