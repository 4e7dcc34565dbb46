"""Statements: one text a shape, values only ever as parameters."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from itertools import product

import pytest

from taizhang.core.aggregate.query import DimensionFilter
from taizhang.figures.catalogue import LIVE, STATEMENTS, common_shapes, statement
from taizhang.figures.dialect import DUCKDB, POSTGRESQL, SQLITE, Dialect
from taizhang.figures.ibis_expression import compiled
from taizhang.figures.shape import Fold, Read, Shape, span_values, where_values
from tools.statements import statements_text

DIALECTS = (SQLITE, POSTGRESQL, DUCKDB)
DAY = date(2026, 5, 6)
#: Would change a statement if it ever stood in one.
EVIL = "x'); DROP TABLE ledger_fact; --%s"


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_values_only_travel_as_parameters(dialect: Dialect) -> None:
    reads = [(read, Fold.SUM) for read in Read]
    reads += [(read, Fold.MONTHS) for read in (Read.CUBE, Read.ALONE, Read.JOINT)]
    for (read, fold), as_of in product(reads, (False, True)):
        shape = Shape(
            dialect,
            read,
            fold,
            measures=True,
            units=True,
            without=True,
            without_months=True,
            where=(True,),
            as_of=as_of and read is not Read.CUBE,
        )
        values = {
            **span_values(dialect, tree=DAY, start=DAY, end=DAY),
            "measures": [EVIL],
            "units": [EVIL, EVIL, EVIL],
            "without": [EVIL],
            "without_months": [EVIL],
            **where_values(dialect, [DimensionFilter("topic", (EVIL,), negated=True)]),
            "cut": EVIL,
        }
        sql, params = statement(shape).bound(values)
        assert "DROP" not in sql
        assert "⟦" not in sql
        assert params["units3"] == EVIL, "a list is filled up to a power of two"
        assert sum(dialect.placeholder.format(name) in sql for name in params) == len(params)
        quoted = set(re.findall("'([^']*)'", sql))
        assert quoted <= {"", "own", "split", ",", "/"}, "no parameter stands inside a text"


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("name", ["", "a'b", 'a"b', "a\\b", "a[0]", "⟦units⟧"])
def test_a_dimension_that_no_form_can_have_is_refused(dialect: Dialect, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a dimension"):
        statement(Shape(dialect, Read.CUBE, by=name))
    with pytest.raises(ValueError, match="cannot be a dimension"):
        where_values(dialect, [DimensionFilter(name, ("x",))])


@pytest.mark.parametrize("dialect", LIVE, ids=lambda dialect: dialect.name)
def test_the_statements_that_lie_here_are_those_that_ibis_compiles(dialect: Dialect) -> None:
    found = (STATEMENTS / f"{dialect.name}.json").read_text(encoding="utf-8")
    assert found == statements_text(dialect), "run python -m tools.statements"
    for shape in common_shapes(dialect):
        assert statement(shape) == compiled(shape)


def test_a_common_question_loads_no_ibis() -> None:
    code = (
        "import sys\n"
        "from taizhang.figures.engine import IbisEngine\n"
        "from taizhang.figures.catalogue import LIVE, common_shapes, statement\n"
        "assert all(statement(one).text for live in LIVE for one in common_shapes(live))\n"
        "print([name for name in ('ibis', 'sqlglot', 'duckdb', 'pyarrow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
