"""What the assessor decided about the first year: most papers, some practices, a few still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from taizhang.core.unit import Tree
from taizhang.demo.profile import SEED
from taizhang.demo.records import KINDS


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: the points of an item of a unit, with the reason."""

    unit: str
    item: str
    points: Fraction
    reason: str


def decisions(tree: Tree) -> Iterator[Decided]:
    """Decide the papers of nine communities in ten, and praise a practice here and there."""
    for code, unit in sorted(tree.units.items()):
        if unit.kind not in KINDS:
            continue
        random = Random(f"{SEED}:decide:{code}")
        if random.random() < 0.9:
            if random.random() < 0.85:
                yield Decided(code, "papers", Fraction(5), "年初计划和年末总结都在，内容与记录一致")
            else:
                yield Decided(code, "papers", Fraction(0), "只有计划，没有总结")
        if random.random() < 0.12:
            points = Fraction(random.choice((1, 2)))
            yield Decided(code, "innovation", points, "做法经区里评议后推广")
