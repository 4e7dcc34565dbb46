"""Tables that engines read — facts, month cube, closure of units — as Ibis sees them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from taizhang.figures.dialect import Dialect


def fact_table(dialect: Dialect) -> ir.Table:
    """Give ``ledger_fact``: one row a fact, retired ones included."""
    return ibis.table(
        {
            "record_id": "string",
            "ordinal": "int64",
            "measure": "string",
            "unit": "string",
            "date": dialect.day_type,
            "month": "int64",
            "low": "int64",
            "high": "int64",
            "kind": "int64",
            "dims": "string",
            "entity": "string",
            "person": "string",
            "joint": "boolean",
            "accepted_at": dialect.moment_type,
            "retired_at": dialect.moment_type,
        },
        name="ledger_fact",
    )


def cube_table(dialect: Dialect) -> ir.Table:
    """Give ``ledger_cube``: sums of live facts that are not joint."""
    numbers = ("month", "low", "high", "facts", "open_high", "about", "missing", "records")
    words = ("measure", "unit", "dims")
    columns = dict.fromkeys(words, "string") | dict.fromkeys(numbers, "int64")
    return ibis.table(columns, name="ledger_cube")


def closure_table(dialect: Dialect) -> ir.Table:
    """Give ``units_closure``: which code rolls up to which unit, from day to day."""
    return ibis.table(
        {
            "ancestor": "string",
            "code": "string",
            "depth": "int64",
            "way": "string",
            "valid_from": dialect.day_type,
            "valid_to": dialect.day_type,
        },
        name="units_closure",
    )
