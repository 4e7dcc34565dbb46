"""Reads of the pages of figures: one figure, its splits, the records behind it, the units above."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min

from taizhang.core.base.figure import Figure
from taizhang.core.base.period import Period, around
from taizhang.core.book import Book
from taizhang.core.counting.fact import dims_of
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.core.indicator import Question, figures
from taizhang.core.unit.tree import Tree, Unit
from taizhang.documents.template.head import title_bare
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import records_for
from taizhang.web.ledger.facts.closing import day_end
from taizhang.web.ledger.models import Fact, Record
from taizhang.web.ledger.record.present import gist, unit_named
from taizhang.web.units.queries import history

#: A page lists so many records at most and says when there are more.
RECORDS = 200


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """A record in a list."""

    uid: str
    date: date
    unit_name: str
    form_title: str
    gist: str


def tree_of(book: Book, period: Period) -> Tree:
    """Give the tree that figures of ``period`` use."""
    return book.history.tree(book.tree or min(period.end, book.as_of))


def years(today: date) -> list[int]:
    """Give the years that records speak of, and this one."""
    ends = Record.objects.aggregate(first=Min("date"), last=Max("date"))
    first, last = ends["first"] or today, ends["last"] or today
    return [*range(min(first.year, today.year), max(last.year, today.year) + 1)]


def figure_of(book: Book, key: str, unit: str, period: Period) -> Figure:
    """Give one figure.

    :raises Refused: if no indicator, measure or formula of that name is known
    """
    return figures(book, Question(units=(unit,), indicators=(key,), period=period))[0]


def is_defined(book: Book, key: str) -> bool:
    """Say whether a pack defines a measure or an indicator of that name; a formula it is not."""
    for find in (book.programmes.measure, book.programmes.indicator):
        try:
            find(key)
        except UnknownName:
            continue
        return True
    return False


def figure_split(book: Book, key: str, unit: str, period: Period, by: str) -> tuple[Figure, ...]:
    """Give one figure by ``unit`` (the units right below) or by ``month``."""
    return figures(book, Question(units=(unit,), indicators=(key,), period=period, by=by))


def records_behind(
    query: Mapping[str, str], user: User, programmes: Programmes, now: datetime
) -> tuple[list[RecordRow], bool]:
    """List the records that stand behind a figure, and say whether there are more.

    :param query: :class:`taizhang.core.base.figure.Behind`'s: measure, unit, from, to, tree, as_of,
        ``where.DIMENSION``, without, without_months (``unit/yyyymm,…``)
    """
    tree = history().tree(date.fromisoformat(query["tree"]))
    codes = set(tree.homes(query["unit"]))
    for left_out in filter(None, query.get("without", "").split(",")):
        codes -= set(tree.homes(left_out))
    end = day_end(date.fromisoformat(query["as_of"]))
    facts = Fact.objects.filter(
        measure__in=query["measure"].split(","),
        unit__in=codes,
        date__gte=query["from"],
        date__lte=query["to"],
        accepted_at__lt=end,
    ).exclude(retired_at__lt=end)
    for cell in filter(None, query.get("without_months", "").split(",")):
        member, _, month = cell.partition("/")
        facts = facts.exclude(unit__in=tree.homes(member), month=int(month))
    wheres = {key[6:]: value for key, value in query.items() if key.startswith("where.")}
    if wheres:
        held = facts.values_list("dims", flat=True).distinct()
        facts = facts.filter(dims__in=[dims for dims in held if _passes(dims_of(dims), wheres)])
    visible = records_for(user, now).filter(pk__in=facts.values("record_id"))
    records = list(visible.order_by("-date", "-pk")[: RECORDS + 1])
    rows = [
        RecordRow(
            uid=record.uid,
            date=record.date,
            unit_name=unit_named(tree, record.unit),
            form_title=form.title if form else record.form,
            gist=gist(form, json.loads(record.answers)),
        )
        for record in records[:RECORDS]
        for form in [programmes.form_in(record.form, record.pack_version)]
    ]
    return rows, len(records) > RECORDS


def _passes(dimensions: Mapping[str, str], wheres: Mapping[str, str]) -> bool:
    for name, wanted in wheres.items():
        values = wanted.removeprefix("!").split("|")
        if (dimensions.get(name, "") in values) == wanted.startswith("!"):
            return False
    return True


def trail(tree: Tree, code: str) -> list[Unit]:
    """Give the units above ``code``, the uppermost first."""
    above = (tree.unit(ancestor) for ancestor in reversed(tree.ancestors(code)))
    return [unit for unit in above if unit is not None]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document that can be written of a unit, for the period of its kind around the asked one."""

    key: str
    title: str
    kind: str
    period: Period


def documents(book: Book, period: Period) -> list[DocumentRow]:
    """Give the documents of all packs."""
    return [
        DocumentRow(
            document.key, title_bare(document), document.kind, around(period, document.period)
        )
        for document in book.programmes.documents.values()
    ]
