"""A flat run of headings with points → sections and items, told by the sums alone.

Labels and styles are lost in many layouts (lists of a page, text copied out of a table).  Points
remain: a heading whose text does not score, and whose points those that follow add up to, is above
them.  Where labels say what stands below, they are believed, unless all adds up
without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from taizhang.reading.rubric.points.heading import BONUS, PENALTY, Node
from taizhang.reading.tokens.atom import clause_signs

_DEEPEST = 3


def nodes_nested(roots: Sequence[Node], *, labelled: bool = True) -> list[Node]:
    """Nest the headings of a text anew by their points; what adds and takes stays as it is.

    :param labelled: what labels say stays as it is, too
    """
    flat: list[Node] = []
    outside: list[Node] = []
    for root in roots:
        for child in root.children:
            _flatten(child, flat, outside, labelled)
    tops: list[Node] = []
    at = 0
    while at < len(flat):
        node, at = _node(flat, at, _DEEPEST)
        tops.append(node)
    first = roots[0] if roots else Node("", "", "", 0)
    return [replace(first, children=[*tops, *outside])]


def _flatten(node: Node, flat: list[Node], outside: list[Node], labelled: bool) -> None:
    if BONUS.match(node.title) or PENALTY.match(node.title):
        outside.append(node)
        return
    if (
        labelled
        and node.label
        and any(child.label and child.points is not None for child in node.children)
    ):
        flat.append(node)  # labels say what stands below, whether it adds up or not
        return
    if node.points is not None or not flat:
        flat.append(replace(node, children=[]))
    else:
        # What has no points of its own goes on with the item before it.
        text = node.text if node.title in node.text else f"{node.label}{node.title}。{node.text}"
        before = flat[-1] = replace(flat[-1])
        before.text += text if not before.text or before.text[-1] in "。；：，" else f"。{text}"
    for child in node.children:
        _flatten(child, flat, outside, labelled)


def _node(flat: Sequence[Node], at: int, depth: int) -> tuple[Node, int]:
    """Give the node that begins at a place, with what adds up to it, and the place behind."""
    head = flat[at]
    if head.children:
        return head, at + 1
    if depth > 1 and head.points and not clause_signs(head.text):
        for inner in range(1, depth):
            child_nodes = _children(flat, at, inner)
            if child_nodes is not None:
                return child_nodes
    return replace(head, children=[]), at + 1


def _children(flat: Sequence[Node], at: int, depth: int) -> tuple[Node, int] | None:
    head = flat[at]
    children: list[Node] = []
    left = head.points or Fraction(0)
    place = at + 1
    while left > 0 and place < len(flat):
        kin = bool(head.label) and bool(flat[place].label) and flat[place].rank == head.rank
        if kin:
            return None
        child, place = _node(flat, place, depth)
        left -= child.points or Fraction(0)
        children.append(child)
    return (replace(head, children=children), place) if not left and children else None
