"""Figures: knownness, division, caps, reasons, flags, sentences, suppression — once, for all."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.core.book import Book
from taizhang.core.figure import Figure
from taizhang.core.formula.evaluate import Group, Leaf, needs
from taizhang.core.indicator.answer import Answer, Draft
from taizhang.core.indicator.gather import Gather
from taizhang.core.indicator.look import Look
from taizhang.core.indicator.message import QuestionCode
from taizhang.core.indicator.public import Wall
from taizhang.core.indicator.question import Plan, Question, Row

__all__ = ["Question", "QuestionCode", "figures"]


def figures(book: Book, question: Question) -> tuple[Figure, ...]:
    """Answer a question, by unit, then indicator, then month or value of the dimension.

    The engine is asked a handful of times however many units and indicators there are.

    :raises Refused: with every issue, if a name or formula of the question is wrong
    """
    plan = Plan(book, question)
    rows = list(plan.rows())
    gather = Gather(book, plan.tree, _wanted(plan, rows), plan.dimension)
    answer = Answer(plan)
    looks: dict[tuple[str, str | None], Look] = {}
    drafts = ((row, draft) for row in rows for draft in _drafts(plan, gather, answer, looks, row))
    if book.public:
        wall = Wall(plan)
        return tuple(wall.shown(row, draft, answer.words) for row, draft in drafts)
    return tuple(draft.figure for _, draft in drafts)


def _wanted(plan: Plan, rows: list[Row]) -> dict[tuple[Leaf, Group], dict[str, None]]:
    """Find every aggregate that evaluation will look at, with the units it looks at it for."""
    wanted: dict[tuple[Leaf, Group], dict[str, None]] = {}
    asked = [unit for unit in plan.units if plan.tree.unit(unit) is not None]
    for definition, window in {(row.definition, row.window): None for row in rows}:
        pending = [(plan.needs_of(definition, window), asked)]
        while pending:
            found, units = pending.pop()
            for leaf in found.leaves:
                wanted.setdefault(leaf, {}).update(dict.fromkeys(units))
            for condition, kinds, context in found.surveys:
                below = [one.code for unit in asked for one in plan.tree.members(unit, kinds)]
                pending.append((needs(condition, context), below))
    return wanted


def _drafts(
    plan: Plan,
    gather: Gather,
    answer: Answer,
    looks: dict[tuple[str, str | None], Look],
    row: Row,
) -> Iterator[Draft]:
    """Make the figures of a row: one, or one for each value of the dimension."""
    values: tuple[str | None, ...] = (None,)
    if plan.dimension is not None and plan.splits(row.definition):
        values = gather.buckets(plan.leaves(row.definition, row.window)) or (None,)
    for value in values:
        bucket = row.bucket if plan.dimension is None else value
        place = (row.unit, value)
        if place not in looks:
            looks[place] = Look(plan.book, gather, row.unit, value)
        yield answer.draft(row, looks[place], bucket)
