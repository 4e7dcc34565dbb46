"""Figures: knownness, division, caps, reasons, flags, sentences, suppression — once, for all."""

from __future__ import annotations

from taizhang.core.base.figure import Figure
from taizhang.core.book import Book
from taizhang.core.indicator.build_figure import FigureBuilder
from taizhang.core.indicator.code import QuestionCode
from taizhang.core.indicator.disclosure import Disclosure
from taizhang.core.indicator.evaluate import evaluate
from taizhang.core.indicator.fetch import fetch
from taizhang.core.indicator.query_plan import QueryPlan
from taizhang.core.indicator.question import Question

__all__ = ["Question", "QuestionCode", "figures"]


def figures(book: Book, question: Question) -> tuple[Figure, ...]:
    """Answer a question, by unit, then indicator, then month or value of the dimension.

    The engine is asked a handful of times however many units and indicators there are.

    :raises Refused: with every issue, if a name or formula of the question is wrong
    """
    plan = QueryPlan(book, question)
    fetched = fetch(plan, book.engine, book.closings)
    cells = evaluate(plan, fetched)
    builder = FigureBuilder(plan)
    if not book.public:
        return tuple(builder.build(cell) for cell in cells)
    disclosure = Disclosure(plan)
    return tuple(disclosure.shown(cell, builder.build(cell)) for cell in cells)
