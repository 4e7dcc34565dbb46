"""Measures that a formula reads, those of the indicators it names included."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.core.base.issue import Refused
from taizhang.core.counting.measure import Measure
from taizhang.core.formula.name_scope import NameScope, UnknownName, pack_of
from taizhang.core.formula.node import Name, Node, walk
from taizhang.core.formula.parse import parse


def measures_read(node: Node, scope: NameScope) -> Iterator[Measure]:
    """Walk the measures; what cannot be read, or has no such name, is named by its own check."""
    pending, seen = [(node, scope)], set[str]()
    while pending:
        formula, home = pending.pop()
        for part in walk(formula):
            if not isinstance(part, Name):
                continue
            try:
                named = home.find(part.key)
            except UnknownName:
                continue
            if isinstance(named, Measure):
                yield named
            elif named.key not in seen:
                seen.add(named.key)
                inner = home.at(pack_of(named.key))
                for text in (named.formula, named.numerator, named.denominator):
                    try:
                        pending += [(parse(text), inner)] if text is not None else []
                    except Refused:
                        continue
