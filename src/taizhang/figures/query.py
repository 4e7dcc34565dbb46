"""The Ibis expressions behind every figure, one set for all stores.

Facts are added up per leaf code first; only then the closure valid on the tree day is joined and
the sums are added per asked unit.  Joint facts, few, are joined first and counted once per asked
unit and (record, ordinal).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from taizhang.core.quantity import Kind
from taizhang.figures.dialect import Dialect
from taizhang.figures.statement import (
    Statement,
    compiled,
    number_slot,
    text_slots,
    typed_slot,
)
from taizhang.figures.table import closure_table, cube_table, fact_table


class Read(StrEnum):
    """Which rows a statement reads and how it brings them together."""

    CUBE = "cube"  # the month cube, added up
    ALONE = "alone"  # facts that are not joint, added up
    JOINT = "joint"  # joint facts, counted once per asked unit
    LATEST = "latest"  # per code, dimensions and entity the latest fact, then added up
    TOKENS = "tokens"  # different persons or entities
    EVERYTHING = "everything"  # facts alone and joint in one table, for roll-ups


class Fold(StrEnum):
    """How the bounds of several facts become one."""

    SUM = "sum"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that decides the text of a statement; the values are bound later.

    ``measures`` and ``units`` are the padded lengths of their lists; 0 stands for all there are.
    """

    dialect: Dialect
    read: Read
    fold: Fold = Fold.SUM
    by: str | None = None  # "month" or a dimension
    measures: int = 0
    units: int = 0
    without: int = 0
    where: tuple[tuple[str, int, bool], ...] = ()  # dimension, number of values, negated
    as_of: bool = False


def _counts(shape: Shape) -> tuple[str, ...]:
    """Name the columns that are added up on the way from facts to an asked unit."""
    # Different records are dear to count over millions of facts, and no roll-up shows them.
    records = () if shape.read is Read.EVERYTHING else ("records",)
    return ("facts", "missing", "about", "open_high", *records)


@lru_cache(maxsize=4096)
def statement(shape: Shape) -> Statement:
    """Compile the statement of a shape."""
    return compiled(_ROUTES[shape.read](shape), shape.dialect)


def _dimension(table: ir.Table, name: str, dialect: Dialect) -> ir.StringValue:
    # The bucket of a fact that lacks the dimension is "".
    found = dialect.json_get(table.dims, ibis.literal(dialect.json_key(name)))
    return found.fill_null("")


def _codes(shape: Shape) -> ir.Table:
    """Give (ancestor, code, way) for the asked units on the tree day."""
    closure = closure_table(shape.dialect)
    chosen = list(_valid(closure, shape))
    if shape.units:
        chosen.insert(0, closure.ancestor.isin(text_slots("unit", shape.units)))
    return closure.filter(chosen).select("ancestor", "code", "way")


def _valid(closure: ir.Table, shape: Shape) -> tuple[ir.BooleanValue, ...]:
    tree = typed_slot("tree", shape.dialect.day_type)
    return closure.valid_from <= tree, closure.valid_to >= tree


def _chosen(table: ir.Table, shape: Shape) -> list[ir.BooleanValue]:
    """Give the conditions that cube and facts share."""
    chosen = [
        table.month >= number_slot("month_first"),
        table.month <= number_slot("month_last"),
    ]
    if shape.measures:
        chosen.append(table.measure.isin(text_slots("measure", shape.measures)))
    if shape.units:
        chosen.append(table.unit.isin(_codes(shape).code))
    if shape.without:
        closure = closure_table(shape.dialect)
        left = closure.filter(
            closure.ancestor.isin(text_slots("without", shape.without)), *_valid(closure, shape)
        )
        chosen.append(table.unit.notin(left.code))
    for place, (name, values, negated) in enumerate(shape.where):
        passes = _dimension(table, name, shape.dialect).isin(text_slots(f"where{place}_", values))
        chosen.append(~passes if negated else passes)
    return chosen


def _facts(shape: Shape, joint: bool | None = None) -> ir.Table:
    """Give the facts asked for, as the ledger knows them now or knew them at a moment."""
    facts = fact_table(shape.dialect)
    chosen = _chosen(facts, shape)
    day = shape.dialect.day_type
    chosen += [facts.date >= typed_slot("start", day), facts.date <= typed_slot("end", day)]
    if shape.as_of:
        cut = typed_slot("cut", shape.dialect.moment_type)
        chosen.append(facts.accepted_at.isnull() | (facts.accepted_at < cut))
        chosen.append(facts.retired_at.isnull() | (facts.retired_at >= cut))
    else:
        chosen.append(facts.retired_at.isnull())
    if joint is not None:
        chosen.append(facts.joint if joint else ~facts.joint)
    return facts.filter(chosen)


def _keys(table: ir.Table, shape: Shape) -> dict[str, ir.Value]:
    """Give the grouping columns apart from the unit."""
    keys: dict[str, ir.Value] = {"measure": table.measure}
    if shape.by == "month":
        keys["bucket"] = table.month
    elif shape.by is not None:
        keys["bucket"] = _dimension(table, shape.by, shape.dialect)
    return keys


def _folded(table: ir.Table, shape: Shape) -> dict[str, ir.Value]:
    if shape.fold is Fold.MAX:
        return {"low": table.low.max(), "high": table.high.max()}
    return {"low": table.low.sum(), "high": table.high.sum()}


def _counted(facts: ir.Table, shape: Shape) -> dict[str, ir.Value]:
    """Give the counts over fact rows."""
    counted = {
        "facts": facts.count(),
        "missing": (facts.kind == int(Kind.MISSING)).sum(),
        "about": (facts.kind == int(Kind.ABOUT)).sum(),
        "open_high": facts.high.isnull().sum(),
        "records": facts.record_id.nunique(),
    }
    return {name: counted[name] for name in _counts(shape)}


def _lifted(leaf: ir.Table, shape: Shape) -> ir.Table:
    """Add sums per leaf code up to the asked units."""
    codes = _codes(shape)
    rows = leaf.join(codes, leaf.unit == codes.code)
    counts = {name: rows[name].sum() for name in _counts(shape)}
    moved = {
        "moved": ibis.ifelse(rows.way != "own", rows.facts, 0).sum(),
        "split": ibis.ifelse(rows.way == "split", rows.facts, 0).sum(),
    }
    keys = [name for name in ("ancestor", "measure", "bucket") if name in rows.columns]
    return rows.group_by(keys).aggregate(**_folded(rows, shape), **counts, **moved)


def _cube(shape: Shape) -> ir.Table:
    cube = cube_table(shape.dialect)
    cells = cube.filter(_chosen(cube, shape))
    counts = {name: cells[name].sum() for name in _counts(shape)}
    leaf = cells.group_by(unit=cells.unit, **_keys(cells, shape)).aggregate(
        **_folded(cells, shape), **counts
    )
    return _lifted(leaf, shape)


def _alone(shape: Shape) -> ir.Table:
    facts = _facts(shape, joint=False)
    leaf = facts.group_by(unit=facts.unit, **_keys(facts, shape)).aggregate(
        **_folded(facts, shape), **_counted(facts, shape)
    )
    return _lifted(leaf, shape)


def _once(facts: ir.Table, shape: Shape) -> ir.Table:
    """Join facts to the asked units, each (record, ordinal) once per unit, and add them up."""
    codes = _codes(shape)
    rows = facts.select(
        "unit", "record_id", "ordinal", "low", "high", "kind", **_keys(facts, shape)
    ).join(codes, facts.unit == codes.code)
    keys = [name for name in ("ancestor", "measure", "bucket") if name in rows.columns]
    once = rows.group_by([*keys, "record_id", "ordinal"]).aggregate(
        low=rows.low.min(),
        high=rows.high.min(),
        kind=rows.kind.min(),
        moved=ibis.ifelse(rows.way != "own", 1, 0).min(),
        split=ibis.ifelse(rows.way == "split", 1, 0).min(),
    )
    return once.group_by(keys).aggregate(
        **_folded(once, shape),
        **_counted(once, shape),
        moved=once.moved.sum(),
        split=once.split.sum(),
    )


def _joint(shape: Shape) -> ir.Table:
    return _once(_facts(shape, joint=True), shape)


def _latest(shape: Shape) -> ir.Table:
    facts = _facts(shape)
    keys = [facts.measure, facts.unit, facts.dims, facts.entity.fill_null("")]
    if shape.by == "month":
        keys.append(facts.month)
    newest_first = [facts[name].desc() for name in ("date", "accepted_at", "record_id", "ordinal")]
    place = ibis.row_number().over(group_by=keys, order_by=newest_first)
    ordered = facts.mutate(place=place)
    return _once(ordered.filter(ordered.place == 0), shape)


def _tokens(shape: Shape) -> ir.Table:
    facts = _facts(shape)
    facts = facts.mutate(token=ibis.coalesce(facts.person.nullif(""), facts.entity.nullif("")))
    leaf = (
        facts.filter(facts.token.notnull())
        .select("unit", "token", **_keys(facts, shape))
        .distinct()
    )
    codes = _codes(shape)
    rows = leaf.join(codes, leaf.unit == codes.code)
    keys = [name for name in ("ancestor", "measure", "bucket") if name in rows.columns]
    return rows.group_by(keys).aggregate(tokens=rows.token.nunique())


def _everything(shape: Shape) -> ir.Table:
    rows = _alone(shape).union(_joint(shape))
    keys = [name for name in ("ancestor", "measure", "bucket") if name in rows.columns]
    counts = {name: rows[name].sum() for name in (*_counts(shape), "moved", "split")}
    return rows.group_by(keys).aggregate(**_folded(rows, shape), **counts)


_ROUTES = {
    Read.CUBE: _cube,
    Read.ALONE: _alone,
    Read.JOINT: _joint,
    Read.LATEST: _latest,
    Read.TOKENS: _tokens,
    Read.EVERYTHING: _everything,
}
