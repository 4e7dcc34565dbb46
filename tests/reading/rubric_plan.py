"""Rubrics of the labelled set without their layout, to be laid out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from taizhang.reading.rubric.candidate import rubric_read
from taizhang.reading.rubric.rubric import ReadSection
from tests.reading.score_rubric import FOLDER, rubric_document

SOURCES = (
    "tuned/elderly.txt",
    "tuned/river.txt",
    "tuned/school.html",
    "tuned/safety.html",
    "held/culture.txt",
    "held/parking.txt",
    "third/reservoir.txt",
)
HAN = "一二三四五六七八九十"
TITLE = "某镇年度考核评分表"


@dataclass(frozen=True)
class Item:
    """One item as it is laid out."""

    title: str
    points: str
    clause: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One section as it is laid out."""

    title: str
    points: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Plan:
    """A rubric without any layout."""

    name: str
    total: str
    sections: tuple[Section, ...]


def plans() -> Iterator[Plan]:
    """Read the rubrics that are laid out again."""
    for name in SOURCES:
        path = FOLDER / name
        read = rubric_read(rubric_document(path))
        assert read is not None
        yield Plan(path.stem, said(read.sum), tuple(map(_section, read.sections)))


def said(points: Fraction | None) -> str:
    """Write points as a table has them."""
    return "" if points is None else f"{float(points):g}"


def _section(one: ReadSection) -> Section:
    items = tuple(
        Item(
            item.title[:24],
            said(item.max),
            "。".join(one.strip("。；") for one in item.clauses),
            tuple(rule.kind for rule in item.rules),
        )
        for item in one.items
    )
    return Section(one.title, said(one.max if one.max is not None else one.sum), items)


def rows(plan: Plan) -> Iterator[tuple[int, Section, int, Item]]:
    """Walk the items with the number of their section and their own."""
    for number, section in enumerate(plan.sections):
        for index, item in enumerate(section.items):
            yield number, section, index, item
