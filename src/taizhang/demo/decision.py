"""Decisions of the assessor on the first year: most papers, some practices, a few still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from taizhang.core.unit.tree import Tree
from taizhang.demo.profile import SEED
from taizhang.demo.records import KINDS

ANNUAL = "annual_assessment"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on an item of a unit: points with the reason, or what a sample found."""

    unit: str
    item: str
    points: Fraction | None
    reason: str
    rubric: str = "health_education"
    errors: int | None = None
    checked: int | None = None


def decisions(tree: Tree) -> Iterator[Decision]:
    """Decide the papers of nine communities in ten, and praise a practice here and there."""
    for code, unit in sorted(tree.units.items()):
        if unit.kind not in KINDS:
            continue
        random = Random(f"{SEED}:decide:{code}")
        if random.random() < 0.9:
            if random.random() < 0.85:
                yield Decision(
                    code, "papers", Fraction(5), "年初计划和年末总结都在，内容与记录一致"
                )
            else:
                yield Decision(code, "papers", Fraction(0), "只有计划，没有总结")
        if random.random() < 0.12:
            points = Fraction(random.choice((1, 2)))
            yield Decision(code, "innovation", points, "做法经区里评议后推广")
    yield from _yearly(tree)


def _yearly(tree: Tree) -> Iterator[Decision]:
    """Decide in the yearly assessment what was looked at; what needs residents' answers waits."""
    for code, unit in sorted(tree.units.items()):
        if unit.kind not in KINDS:
            continue
        random = Random(f"{SEED}:decide:annual_assessment:{code}")
        if random.random() < 0.9:
            points = Fraction(random.choice((3, 3, 3, 2)))
            reason = "有计划、有总结、有人管" if points == 3 else "有计划、有人管，没有总结"
            yield Decision(code, "papers", points, reason, ANNUAL)
        if random.random() < 0.6:
            yield Decision(
                code, "accuracy", None, "随机核对", ANNUAL, random.choice((0, 0, 1, 2)), 50
            )
