"""How well a reading of a rubric explains its text: points that add up are the best witness.

A rubric says its points more than once: at items, at sections, as a total.  Of several readings of
the same text the one whose points agree at most levels is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.reading.rubric.points.heading import BONUS, PENALTY, Node
from taizhang.reading.tokens.atom import clause_signs

#: totals that a rubric has when it says none; 200 would be one whose sections count twice
USUAL = frozenset(map(Fraction, (50, 60, 100, 120, 150, 1000)))


def nodes_fit(sections: Sequence[Node], total: Fraction | None) -> float:
    """Score a tree of sections and items; higher is better, a wrong sum costs."""
    inside = [
        section
        for section in sections
        if not (BONUS.match(section.title) or PENALTY.match(section.title))
    ]
    items = [child for section in inside for child in section.children]
    if not items:
        return 0.0
    score = sum(map(_item_fit, items))
    # The same word over and over (名称, 事项) is the name of none.
    score += 0.25 * len(
        {item.title for item in items if item.title and not clause_signs(item.title)}
    )
    # A section that is its own only item and scores nothing most likely heads those behind it.
    score -= sum(
        len(section.children) == 1 and not _scores(section.children[0]) for section in inside
    )
    for section in inside:
        told = any(child.points is not None for child in section.children)
        if section.points is not None and len(section.children) > 1 and told:
            agree = _sum(section.children) == section.points
            score += len(section.children) * (1.0 if agree else -0.5)
    if len(inside) > 1 and all(section.title for section in inside):
        score += 0.25 * len(items)  # items under names of sections say more than one long list
    stated = sum(
        (
            (section.points if section.points is not None else _sum(section.children))
            for section in inside
        ),
        Fraction(0),
    )
    if total is not None:
        score += len(items) * (1.0 if stated == total else -0.5)
    elif stated in USUAL:
        score += 0.5 * len(items)
    return score


def adds_up(sections: Sequence[Node], total: Fraction | None) -> bool:
    """Say whether nothing is left to mend: points everywhere, and every sum that is said agrees."""
    inside = [
        section
        for section in sections
        if not (BONUS.match(section.title) or PENALTY.match(section.title))
    ]
    items = [child for section in inside for child in section.children]
    if not items or any(item.points is None for item in items):
        return False
    if not all(section.title for section in inside):
        return False
    if sum(map(_scores, items)) < len(items) / 2:
        return False
    if any(
        section.points is not None and _sum(section.children) != section.points
        for section in inside
    ):
        return False
    whole = _sum(items)
    return whole == total if total is not None else whole in USUAL


def _item_fit(item: Node) -> float:
    return float((item.points is not None) + _scores(item))


def _scores(item: Node) -> bool:
    return bool(item.clause) or bool(clause_signs(item.text))


def _sum(nodes: Sequence[Node]) -> Fraction:
    return sum((node.points or Fraction(0) for node in nodes), Fraction(0))
