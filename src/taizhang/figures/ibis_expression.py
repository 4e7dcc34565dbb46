"""Ibis expressions behind every figure, one set for all stores.

Facts are added up per leaf code first; only then the closure valid on the tree day is joined and
the sums are added per asked unit.  Joint facts, few, are joined first and counted once per asked
unit and (record, ordinal).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from taizhang.core.base.quantity import QuantityKind
from taizhang.figures.compiler import compiled_text, json_value, number_slot, text_slot, typed_slot
from taizhang.figures.dialect import Dialect
from taizhang.figures.shape import Fold, Read, Shape, Statement
from taizhang.figures.table import closure_table, cube_table, fact_table


def _counts(shape: Shape) -> tuple[str, ...]:
    """Name the columns that are added up on the way from facts to an asked unit."""
    # Different records are dear to count over millions of facts, and no roll-up shows them.
    records = () if shape.read is Read.EVERYTHING else ("records",)
    return ("facts", "missing", "about", "open_high", *records)


def compiled(shape: Shape) -> Statement:
    """Compile the statement of a shape."""
    routes = _MONTHS if shape.fold is Fold.MONTHS else _ROUTES
    return compiled_text(routes[shape.read](shape), shape.dialect)


def _dimension(table: ir.Table, key: ir.StringValue, dialect: Dialect) -> ir.StringValue:
    # The bucket of a fact that lacks the dimension is "".
    return json_value(table.dims, key, dialect).fill_null("")


def _codes(shape: Shape) -> ir.Table:
    """Give (ancestor, code, way) for the asked units on the tree day.

    The rows differ anyway; ``distinct`` has SQLite write them down once and look codes up there,
    instead of trying every asked unit for every leaf.
    """
    closure = closure_table(shape.dialect)
    chosen = list(_valid(closure, shape))
    if shape.units:
        chosen.insert(0, closure.ancestor.isin([text_slot("units")]))
    return closure.filter(chosen).select("ancestor", "code", "way").distinct()


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
        chosen.append(table.measure.isin([text_slot("measures")]))
    if shape.units and shape.read is not Read.JOINT:
        # Joint facts are few and have an index of their own, which this would keep from use.
        chosen.append(table.unit.isin(_codes(shape).code))
    if shape.without:
        closure = closure_table(shape.dialect)
        left = closure.filter(
            closure.ancestor.isin([text_slot("without")]), *_valid(closure, shape)
        )
        chosen.append(table.unit.notin(left.code))
    if shape.without_months:
        cell = table.unit + "/" + table.month.cast("string")
        chosen.append(cell.notin([text_slot("without_months")]))
    for place, negated in enumerate(shape.where):
        dimension = _dimension(table, text_slot(f"key{place}"), shape.dialect)
        passes = dimension.isin([text_slot(f"where{place}_")])
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
        key: ir.StringValue = ibis.literal(shape.dialect.json_key(shape.by))
        keys["bucket"] = _dimension(table, key, shape.dialect)
    return keys


def _folded(table: ir.Table, shape: Shape) -> dict[str, ir.Value]:
    if shape.fold is Fold.MAX:
        return {"low": table.low.max(), "high": table.high.max()}
    if shape.fold is Fold.MIN:
        return {"low": table.low.min(), "high": table.high.min()}
    return {"low": table.low.sum(), "high": table.high.sum()}


def _counted(facts: ir.Table, shape: Shape) -> dict[str, ir.Value]:
    """Give the counts over fact rows."""
    counted = {
        "facts": facts.count(),
        "missing": (facts.kind == int(QuantityKind.MISSING)).sum(),
        "about": (facts.kind == int(QuantityKind.ABOUT)).sum(),
        "open_high": facts.high.isnull().sum(),
        "records": facts.record_id.nunique(),
    }
    return {name: counted[name] for name in _counts(shape)}


def _joined(facts: ir.Table, codes: ir.Table) -> ir.Table:
    """Join facts to the asked units, whichever unit each rolls up to.

    Written as a product with a condition, which SQLite reads from left to right: it looks up the
    unit of each fact, instead of reading all facts again for every code.
    """
    product = facts.cross_join(codes)
    return product.filter(product.unit == product.code)


def _keys_of(rows: ir.Table) -> list[str]:
    return [name for name in ("ancestor", "measure", "bucket") if name in rows.columns]


def _upwards(leaf: ir.Table, shape: Shape) -> ir.Table:
    """Give the sums of each leaf code to every asked unit that it rolls up to."""
    rows = _joined(leaf, _codes(shape))
    return rows.select(
        *_keys_of(rows),
        "low",
        "high",
        *_counts(shape),
        moved=ibis.ifelse(rows.way != "own", rows.facts, 0),
        split=ibis.ifelse(rows.way == "split", rows.facts, 0),
    )


def _added(rows: ir.Table, shape: Shape) -> ir.Table:
    """Add sums up per asked unit."""
    counts = {name: rows[name].sum() for name in (*_counts(shape), "moved", "split")}
    return rows.group_by(_keys_of(rows)).aggregate(**_folded(rows, shape), **counts)


def _cube(shape: Shape) -> ir.Table:
    cube = cube_table(shape.dialect)
    cells = cube.filter(_chosen(cube, shape))
    counts = {name: cells[name].sum() for name in _counts(shape)}
    leaf = cells.group_by(unit=cells.unit, **_keys(cells, shape)).aggregate(
        **_folded(cells, shape), **counts
    )
    return _added(_upwards(leaf, shape), shape)


def _leaves(shape: Shape) -> ir.Table:
    """Add up, per leaf code, the facts that are not joint."""
    facts = _facts(shape, joint=False)
    return facts.group_by(unit=facts.unit, **_keys(facts, shape)).aggregate(
        **_folded(facts, shape), **_counted(facts, shape)
    )


def _alone(shape: Shape) -> ir.Table:
    return _added(_upwards(_leaves(shape), shape), shape)


def _once(facts: ir.Table, shape: Shape) -> ir.Table:
    """Join facts to the asked units, each (record, ordinal) once per unit."""
    told = facts.select(
        "unit", "record_id", "ordinal", "low", "high", "kind", **_keys(facts, shape)
    )
    rows = _joined(told, _codes(shape))
    return rows.group_by([*_keys_of(rows), "record_id", "ordinal"]).aggregate(
        low=rows.low.min(),
        high=rows.high.min(),
        kind=rows.kind.min(),
        moved=ibis.ifelse(rows.way != "own", 1, 0).min(),
        split=ibis.ifelse(rows.way == "split", 1, 0).min(),
    )


def _once_added(facts: ir.Table, shape: Shape) -> ir.Table:
    once = _once(facts, shape)
    return once.group_by(_keys_of(once)).aggregate(
        **_folded(once, shape),
        **_counted(once, shape),
        moved=once.moved.sum(),
        split=once.split.sum(),
    )


def _joint(shape: Shape) -> ir.Table:
    return _once_added(_facts(shape, joint=True), shape)


def _latest(shape: Shape) -> ir.Table:
    facts = _facts(shape)
    keys = [facts.measure, facts.unit, facts.dims, facts.entity.fill_null("")]
    if shape.by == "month":
        keys.append(facts.month)
    newest_first = [facts[name].desc() for name in ("date", "accepted_at", "record_id", "ordinal")]
    place = ibis.row_number().over(group_by=keys, order_by=newest_first)
    ordered = facts.mutate(place=place)
    return _once_added(ordered.filter(ordered.place == 0), shape)


def _tokens(shape: Shape) -> ir.Table:
    facts = _facts(shape)
    facts = facts.mutate(token=ibis.coalesce(facts.person.nullif(""), facts.entity.nullif("")))
    leaf = (
        facts.filter(facts.token.notnull())
        .select("unit", "token", **_keys(facts, shape))
        .distinct()
    )
    codes = _codes(shape)
    rows = _joined(leaf, codes)
    return rows.group_by(_keys_of(rows)).aggregate(tokens=rows.token.nunique())


def _middle(shape: Shape) -> ir.Table:
    """Give twice the middle of the lower ends, and of the upper ends, of the facts of each unit.

    Ibis puts what is null last on every store: an upper end that is open, and facts without a
    value, which are no part of it.  Of an odd number of facts the middle one weighs two, of an even
    number the two in the middle weigh one.
    """
    once = _once(_facts(shape), shape)
    keys = [once[name] for name in _keys_of(once)]
    unknown = ibis.ifelse(once.kind == int(QuantityKind.MISSING), 1, 0)
    placed = once.mutate(
        place_low=ibis.row_number().over(group_by=keys, order_by=once.low),
        place_high=ibis.row_number().over(group_by=keys, order_by=once.high),
        known=(1 - unknown).sum().over(group_by=keys),
    )

    def weight(place: ir.IntegerValue) -> ir.IntegerValue:
        before = placed.known - 2 * place  # 2 and 0 beside the middle, 1 in it
        beside = ibis.ifelse((before == 2) | (before == 0), 1, 0)
        return ibis.ifelse(before == 1, 2, beside)

    low_weight, high_weight = weight(placed.place_low), weight(placed.place_high)
    counts = _counted(placed, shape)
    counts["open_high"] = ibis.ifelse(placed.high.isnull() & (high_weight > 0), 1, 0).sum()
    return placed.group_by(_keys_of(placed)).aggregate(
        low=(placed.low * low_weight).sum(),
        high=(placed.high * high_weight).sum(),
        **counts,
        moved=placed.moved.sum(),
        split=placed.split.sum(),
    )


def _everything(shape: Shape) -> ir.Table:
    once = _once(_facts(shape, joint=True), shape)
    single, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    joint = once.select(
        *_keys_of(once),
        "low",
        "high",
        facts=single,
        missing=ibis.ifelse(once.kind == int(QuantityKind.MISSING), single, none),
        about=ibis.ifelse(once.kind == int(QuantityKind.ABOUT), single, none),
        open_high=ibis.ifelse(once.high.isnull(), single, none),
        moved=once.moved.cast("int64"),
        split=once.split.cast("int64"),
    )
    return _added(_upwards(_leaves(shape), shape).union(joint), shape)


def _months(cells: ir.Table, shape: Shape) -> ir.Table:
    """Gather the months of each leaf code and measure into one text; then join the asked units.

    Few long rows: a page asks for the months of a hundred units and dozens of measures.
    """
    leaf = cells.group_by("unit", "measure").aggregate(**_gathered(cells))
    codes = _codes(shape)
    rows = _joined(leaf, codes)
    return rows.select("ancestor", "measure", "months", "missing")


def _gathered(rows: ir.Table) -> dict[str, ir.Value]:
    return {
        "months": rows.month.cast("string").group_concat(","),
        "missing": rows.missing.sum(),
    }


def _months_cube(shape: Shape) -> ir.Table:
    cube = cube_table(shape.dialect)
    return _months(cube.filter(_chosen(cube, shape)), shape)


def _months_alone(shape: Shape) -> ir.Table:
    facts = _facts(shape, joint=False)
    cells = facts.group_by("unit", "measure", "month").aggregate(
        missing=(facts.kind == int(QuantityKind.MISSING)).sum()
    )
    return _months(cells, shape)


def _months_joint(shape: Shape) -> ir.Table:
    facts = _facts(shape, joint=True)
    codes = _codes(shape)
    rows = _joined(facts.select("unit", "measure", "month", "record_id", "ordinal", "kind"), codes)
    once = rows.group_by("ancestor", "measure", "record_id", "ordinal").aggregate(
        month=rows.month.min(),
        missing=ibis.ifelse(rows.kind == int(QuantityKind.MISSING), 1, 0).min(),
    )
    return once.group_by("ancestor", "measure").aggregate(**_gathered(once))


_MONTHS = {Read.CUBE: _months_cube, Read.ALONE: _months_alone, Read.JOINT: _months_joint}
_ROUTES = {
    Read.CUBE: _cube,
    Read.ALONE: _alone,
    Read.JOINT: _joint,
    Read.LATEST: _latest,
    Read.TOKENS: _tokens,
    Read.MIDDLE: _middle,
    Read.EVERYTHING: _everything,
}
