"""Provenance: the records behind a figure, how many they are and the query that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taizhang.core.base.figure import Behind
from taizhang.core.counting.measure import CountingRule
from taizhang.core.formula.evaluate import pooled
from taizhang.core.formula.leaf import Group, Leaf
from taizhang.core.formula.node import Binary
from taizhang.core.indicator.evaluate import Cell
from taizhang.core.indicator.evaluation_scope import UnitScope
from taizhang.core.indicator.query_plan import QueryPlan


def records_behind(plan: QueryPlan, cell: Cell) -> Behind:
    """Find the records behind: those of the numerator, or of the whole formula.

    Where one record may stand behind two of its aggregates the count is not given, as it would
    count that record twice.
    """
    scope, window = cell.scope, cell.row.window
    if scope is None:
        return Behind(None)
    node, context = cell.row.definition.node, plan.context(cell.row.definition, window)
    if isinstance(node, Binary) and node.operator == "/":
        inside = pooled(node, context)
        if inside is None:
            return Behind(None)
        node, context = node.left, inside
    groups = {
        leaf: group
        for leaf, group in plan.leaves_read(node, context).items()
        if leaf.window.back == window.back
    }
    counted = sorted(groups, key=lambda leaf: (leaf.measure, leaf.how, leaf.where))
    if not counted:
        return Behind(None)
    count = None
    if _apart(counted, plan.book.programmes.counting):
        count = sum(scope.records(leaf, groups[leaf]) for leaf in counted)
    return Behind(count, _query(plan, scope, counted, groups[counted[0]]))


def _apart(leaves: Sequence[Leaf], counting: Mapping[str, Sequence[CountingRule]]) -> bool:
    """Say whether no record can stand behind two of these aggregates."""
    if len(leaves) == 1:
        return True
    seen: set[str] = set()
    for leaf in leaves:
        forms = {
            form
            for form, rules in counting.items()
            if any(leaf.measure in rule.facts for rule in rules)
        }
        if forms & seen:
            return False
        seen |= forms
    return True


def _query(
    plan: QueryPlan, scope: UnitScope, counted: Sequence[Leaf], group: Group
) -> Mapping[str, str]:
    book = plan.book
    queries = [leaf.ask(book.as_of) for leaf in counted]
    query = {
        "measure": ",".join(dict.fromkeys(leaf.measure for leaf in counted)),
        "unit": scope.unit,
        "from": min(query.start for query in queries).isoformat(),
        "to": max(query.end for query in queries).isoformat(),
        "tree": plan.tree.day.isoformat(),
        "as_of": book.as_of.isoformat(),
    }
    wheres = {leaf.where for leaf in counted}
    if len(wheres) == 1:
        for where in wheres.pop():
            sign = "!" if where.negated else ""
            query[f"where.{where.dimension}"] = sign + "|".join(where.values)
    if scope.bucket is not None and plan.dimension is not None:
        query[f"where.{plan.dimension}"] = scope.bucket
    if group:
        members, months = scope.left_out(group)
        if members:
            query["without"] = ",".join(sorted(members))
        if months:
            query["without_months"] = ",".join(f"{code}/{month}" for code, month in sorted(months))
    return query
