"""Several readings of one old rubric, and the choice of the one whose points add up best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from taizhang.core.scoring.kinds.manual import Manual
from taizhang.reading.base.line import Document
from taizhang.reading.rubric.points.grid import Table, tables_hidden, tables_of
from taizhang.reading.rubric.points.heading import Node, nodes_of
from taizhang.reading.rubric.points.heading_points import headings_plain
from taizhang.reading.rubric.points.scorer import adds_up, nodes_fit
from taizhang.reading.rubric.points.sum_tree import nodes_nested
from taizhang.reading.rubric.rubric import ReadItem, ReadRubric, rubric_built

#: a rubric of more lines is many that nothing parts: no other reading makes them add up
_MOST_LINES = 2000


def rubric_read(document: Document) -> ReadRubric | None:
    """Read the rubric of a document from its tables and running text, if there is one.

    Where the points of the plain reading do not add up, the text is read as a table in disguise
    and with looser headings as well; the reading that explains most of its points is kept.
    """
    tables = list(tables_of(document))
    roots = _running(document, tables)
    best = rubric_built(document, tables, roots)
    if len(document.lines) > _MOST_LINES or (best is not None and _sound(best)):
        return best
    most = _fit(best)
    for candidate in _others(document, tables, roots):
        fit = _fit(candidate)
        if fit > most:
            best, most = candidate, fit
            if candidate is not None and _sound(candidate):
                return best
    # Against its labels a text is read only where all of it then adds up.
    bare = rubric_built(document, tables, nodes_nested(roots, labelled=False))
    return bare if bare is not None and _sound(bare) and _fit(bare) > most else best


def _others(
    document: Document, tables: Sequence[Table], roots: Sequence[Node]
) -> Iterator[ReadRubric | None]:
    """Walk the other readings of a document."""
    hidden = list(tables_hidden(document, tables))
    if hidden:
        known = [*tables, *hidden]
        yield rubric_built(document, known, _running(document, known))
    # Rows stay as they are when headings are written anew, and so do the tables.
    plain = headings_plain(document)
    loose = _running(plain, tables, loose=True)
    yield rubric_built(plain, tables, loose)
    yield rubric_built(plain, tables, nodes_nested(loose))
    yield rubric_built(document, tables, nodes_nested(roots))


def _running(document: Document, tables: Sequence[Table], *, loose: bool = False) -> list[Node]:
    places = frozenset(place for grid in tables for place in grid.places)
    return nodes_of(document, places, loose=loose)


def _sound(rubric: ReadRubric) -> bool:
    """Say whether the points add up and no section is one item that swallowed several.

    Sections that each agree with their items are believed, whatever the total says.
    """
    if any(
        len(section.items) == 1 and len(section.items[0].rules) > 2 for section in rubric.sections
    ):
        return False
    agree = all(
        len(section.items) > 1 and section.max == section.sum and all(map(_worth, section.items))
        for section in rubric.sections
    )
    return (agree and len(rubric.sections) > 1) or adds_up(_nodes(rubric), rubric.total)


def _fit(rubric: ReadRubric | None) -> float:
    return nodes_fit(_nodes(rubric), rubric.total) if rubric is not None else 0.0


def _nodes(rubric: ReadRubric) -> list[Node]:
    """Give a reading as the bare tree that is weighed."""
    return [
        Node(
            section.label,
            section.title,
            "",
            section.line,
            section.max,
            children=[
                Node("", item.title, "", item.line, _worth(item), clause=_weighed(item))
                for item in section.items
            ],
        )
        for section in rubric.sections
    ]


def _worth(item: ReadItem) -> Fraction | None:
    return item.mended if item.mended is not None else item.max


def _weighed(item: ReadItem) -> str:
    scored = any(rule.kind != Manual.kind for rule in item.rules)
    return "".join(item.clauses) if scored else ""
