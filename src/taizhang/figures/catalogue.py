"""Catalogue of statements: where the SQL of a shape comes from, stored texts first, else Ibis.

The texts are those that Ibis compiles (:mod:`taizhang.figures.ibis_expression`).  Those of the
common shapes on a live store lie beside the code in ``statements/``, written by ``python -m
tools.statements``; a test compares them with what Ibis compiles.  Ibis needs a quarter of a second
to be loaded and 20 ms a shape, a store one to answer it: only an unusual question waits for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from taizhang.figures.dialect import POSTGRESQL, SQLITE, Dialect
from taizhang.figures.shape import Fold, Read, Shape, Statement

#: The dialects of live stores, which answer pages and commands.
LIVE = (SQLITE, POSTGRESQL)
STATEMENTS = Path(__file__).with_name("statements")


@lru_cache(maxsize=4096)
def statement(shape: Shape) -> Statement:
    """Give the statement of a shape: as it lies here, else compiled now."""
    stored = _stored(shape.dialect.name).get(shape.name)
    if stored is not None:
        return Statement(stored["text"], tuple(stored["columns"]), shape.dialect)
    # Imported here: it loads Ibis, which the common shapes do without.
    from taizhang.figures.ibis_expression import compiled

    return compiled(shape)


@cache
def _stored(dialect: str) -> Mapping[str, Any]:
    if dialect not in {live.name for live in LIVE}:
        return {}
    file = STATEMENTS / f"{dialect}.json"
    texts: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return texts


def common_shapes(dialect: Dialect) -> Iterator[Shape]:
    """Give the shapes whose statements lie beside the code: those of pages, scores and plans."""
    wheres: tuple[tuple[bool, ...], ...] = ((), (False,), (True,), (False, False))
    asked = Shape(dialect, Read.CUBE, measures=True, units=True)
    for without, where in product((False, True), wheres):
        kept = replace(asked, without=without, where=where)
        for by in (None, "month"):
            for read in (Read.CUBE, Read.JOINT, Read.ALONE):
                yield replace(kept, read=read, by=by)
        for read in (Read.JOINT, Read.ALONE):
            yield replace(kept, read=read, as_of=True)
        for read, as_of in product((Read.LATEST, Read.TOKENS), (False, True)):
            if len(where) < 2:
                yield replace(kept, read=read, as_of=as_of)
        if not where:
            yield replace(kept, read=Read.TOKENS, by="month")
    for where, by in product(wheres[:2], (None, "month")):
        kept = replace(asked, without_months=True, where=where, by=by)
        for read in (Read.CUBE, Read.JOINT, Read.ALONE):
            yield replace(kept, read=read)
        for read in (Read.JOINT, Read.ALONE):
            yield replace(kept, read=read, as_of=True)
    months = replace(asked, fold=Fold.MONTHS)
    yield months
    for as_of, read in product((False, True), (Read.ALONE, Read.JOINT)):
        yield replace(months, read=read, as_of=as_of)
