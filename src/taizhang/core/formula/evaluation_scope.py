"""Evaluation scope: where a formula stands, and what it asks of the world for one unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from taizhang.core.base.closing_day import DueMonths
from taizhang.core.formula.duty import Owing
from taizhang.core.formula.leaf import Group, Leaf, Window
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.node import Node
from taizhang.core.formula.value import Value


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """Where evaluation stands: name space, window, and the division around it, if any.

    ``due`` says which months are due, and so where a division that reads events is cut; without,
    it is not.
    """

    names: NameScope
    window: Window
    group: Group = None
    due: DueMonths | None = None


class EvaluationScope(Protocol):
    """What one unit's formula sees of the world."""

    def total(self, leaf: Leaf, group: Group) -> Value:
        """Give an aggregate, over the members known in the whole group where there is one."""
        ...

    def norm(self, key: str, window: Window, group: Group) -> Value:
        """Give what a norm (qualified key) asks."""
        ...

    def target(self, key: str, window: Window, group: Group) -> Value:
        """Give the quota of a measure or indicator (qualified key)."""
        ...

    def begun(self, window: Window) -> bool:
        """Say whether a window has begun by the day counted up to."""
        ...

    def units(self, kinds: tuple[str, ...]) -> Value:
        """Count the units of these kinds below."""
        ...

    def units_where(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> Value:
        """Count those of them that fulfil a condition."""
        ...

    def bound(self, owing: Owing, window: Window) -> Sequence[tuple[str, EvaluationScope]]:
        """Give the units that owe a duty, each by its kind with what a formula sees of it."""
        ...

    def share_of_units(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> tuple[Value, Value]:
        """Count those that fulfil a condition, and those of which it is known."""
        ...

    def reports(self, function: str, packs: tuple[str, ...], window: Window) -> tuple[Value, Value]:
        """Count what has been closed, and of how many units or unit-months that are due."""
        ...

    def above(self, node: Node, context: EvaluationContext) -> Value:
        """Give what a formula gives of the unit right above."""
        ...

    def per_thing(
        self, norm: str, dataset: str, window: Window, group: Group, *having: str
    ) -> Value:
        """Give what a norm asks for each entity of a dataset; ``having`` as for :meth:`overdue`."""
        ...

    def overdue(self, dataset: str, window: Window, *having: str) -> Value:
        """Count the entities of a dataset whose due date has passed.

        ``having`` is empty, or a property and the value that it must have.
        """
        ...

    def entities(self, dataset: str, window: Window, *having: str) -> Value:
        """Count the entities of a dataset; ``having`` as for :meth:`overdue`."""
        ...

    def cases(self, function: str, kind: str, window: Window, detail: str) -> Value:
        """Ask the state table of a kind of case (qualified key).

        ``detail`` is a clock for ``due``, ``in_time`` and ``standing``, else a state, or empty.
        """
        ...

    def things(self, kind: str, window: Window, what: str) -> Value:
        """Count the things of a kind (qualified key): new, standing, ended or overdue."""
        ...
