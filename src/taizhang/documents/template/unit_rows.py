"""The units below a unit as documents print them: directly below, or all of a level."""

from __future__ import annotations

from taizhang.core.unit.tree import Tree, Unit, UnitLevel
from taizhang.documents.template.data_source import Unanswerable, UnitRow


def unit_rows(tree: Tree, unit: str, level: str | None) -> tuple[UnitRow, ...]:
    """Give the units below one, in code order.

    :raises Unanswerable: if there is no such level
    """
    if level is None:
        return tuple(_row(tree, child) for child in _sorted(tree.children(unit)))
    if level not in set(UnitLevel):
        raise Unanswerable(f"there is no level '{level}'")
    units = (below for below in tree.below(unit) if below.level == level and below.code != unit)
    return tuple(_row(tree, below) for below in _sorted(tuple(units)))


def _row(tree: Tree, unit: Unit) -> UnitRow:
    return UnitRow(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        level=unit.level.value,
        units=tuple(_row(tree, child) for child in _sorted(tree.children(unit.code))),
    )


def _sorted(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    return tuple(sorted(units, key=lambda unit: unit.code))
