"""How well a reading of a rubric explains its text: points that add up are the best witness.

A rubric says its points more than once: at items, at sections, as a total.  Of several readings of
the same text the one whose points agree at most levels is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.reading.clause import clause_signs
from taizhang.reading.node import BONUS, PENALTY, Node

#: totals that a rubric has when it says none; 200 would be one whose sections count twice
USUAL = frozenset(map(Fraction, (50, 60, 100, 120, 150, 1000)))


def nodes_fit(sections: Sequence[Node], total: Fraction | None) -> float:
    """Score a tree of sections and items; higher is better, a wrong sum costs."""
    inside = [one for one in sections if not (BONUS.match(one.title) or PENALTY.match(one.title))]
    items = [child for one in inside for child in one.children]
    if not items:
        return 0.0
    found = sum(map(_item_fit, items))
    # The same word over and over (名称, 事项) is the name of none.
    found += 0.25 * len({one.title for one in items if one.title and not clause_signs(one.title)})
    # A section that is its own only item and scores nothing most likely heads those behind it.
    found -= sum(len(one.children) == 1 and not _scores(one.children[0]) for one in inside)
    for one in inside:
        told = any(child.points is not None for child in one.children)
        if one.points is not None and len(one.children) > 1 and told:
            agree = _sum(one.children) == one.points
            found += len(one.children) * (1.0 if agree else -0.5)
    if len(inside) > 1 and all(one.title for one in inside):
        found += 0.25 * len(items)  # items under names of sections say more than one long list
    said = sum(
        ((one.points if one.points is not None else _sum(one.children)) for one in inside),
        Fraction(0),
    )
    if total is not None:
        found += len(items) * (1.0 if said == total else -0.5)
    elif said in USUAL:
        found += 0.5 * len(items)
    return found


def adds_up(sections: Sequence[Node], total: Fraction | None) -> bool:
    """Say whether nothing is left to mend: points everywhere, and every sum that is said agrees."""
    inside = [one for one in sections if not (BONUS.match(one.title) or PENALTY.match(one.title))]
    items = [child for one in inside for child in one.children]
    if not items or any(one.points is None for one in items):
        return False
    if not all(one.title for one in inside):
        return False
    if sum(map(_scores, items)) < len(items) / 2:
        return False
    if any(one.points is not None and _sum(one.children) != one.points for one in inside):
        return False
    said = _sum(items)
    return said == total if total is not None else said in USUAL


def _item_fit(item: Node) -> float:
    return float((item.points is not None) + _scores(item))


def _scores(item: Node) -> bool:
    return bool(item.clause) or bool(clause_signs(item.text))


def _sum(nodes: Sequence[Node]) -> Fraction:
    return sum((one.points or Fraction(0) for one in nodes), Fraction(0))
