"""What the pages show, put together from the rooms below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min
from django.utils import timezone

from taizhang.core.book import Book
from taizhang.core.fact import dims_of
from taizhang.core.figure import Figure
from taizhang.core.form import Form
from taizhang.core.indicator import Question, figures
from taizhang.core.measure import Measure
from taizhang.core.pack.model import Pack
from taizhang.core.period import Month, Period
from taizhang.core.quantity import from_scaled
from taizhang.core.unit import Tree, Unit
from taizhang.documents.head import PERIODS, fits
from taizhang.web.accounts.models import User
from taizhang.web.desk.words import quantity_words
from taizhang.web.ledger.access import records_for
from taizhang.web.ledger.closings import day_end
from taizhang.web.ledger.models import Fact, Record
from taizhang.web.units.queries import history

#: A page lists so many records at most and says when there are more.
RECORDS = 200
#: What a title leaves open until it is written: unit and period.
_GAPS = re.compile(r"\{[{%].*?[%}]\}")


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """A record in a list."""

    uid: str
    date: date
    unit_name: str
    form_title: str


def tree_of(book: Book, period: Period) -> Tree:
    """Give the tree that figures of ``period`` use."""
    return book.history.tree(book.tree or min(period.end, book.as_of))


def years(today: date) -> list[int]:
    """Give the years that records speak of, and this one."""
    ends = Record.objects.aggregate(first=Min("date"), last=Max("date"))
    first, last = ends["first"] or today, ends["last"] or today
    return [*range(min(first.year, today.year), max(last.year, today.year) + 1)]


def figures_by_pack(book: Book, unit: str, period: Period) -> list[tuple[Pack, list[Figure]]]:
    """Give every figure of a unit, in the order of the packs."""
    answered = figures(book, Question(units=(unit,), period=period))
    packs = book.programmes.packs
    found: dict[str, list[Figure]] = {pack.key: [] for pack in packs}
    for figure in answered:
        found[figure.key.partition(".")[0]].append(figure)
    return [(pack, found[pack.key]) for pack in packs if found[pack.key]]


def figure_of(book: Book, key: str, unit: str, period: Period) -> Figure:
    """Give one figure.

    :raises Refused: if no indicator, measure or formula of that name is known
    """
    return figures(book, Question(units=(unit,), indicators=(key,), period=period))[0]


def figure_split(book: Book, key: str, unit: str, period: Period, by: str) -> tuple[Figure, ...]:
    """Give one figure by ``unit`` (the units right below) or by ``month``."""
    return figures(book, Question(units=(unit,), indicators=(key,), period=period, by=by))


def records_behind(
    query: Mapping[str, str], user: User, forms: Mapping[str, Form]
) -> tuple[list[RecordRow], bool]:
    """List the records that stand behind a figure, and say whether there are more.

    :param query: :class:`taizhang.core.figure.Behind`'s: measure, unit, from, to, tree, as_of,
        ``where.DIMENSION``, without
    """
    now = timezone.now()
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
    wheres = {key[6:]: value for key, value in query.items() if key.startswith("where.")}
    if wheres:
        held = facts.values_list("dims", flat=True).distinct()
        facts = facts.filter(dims__in=[dims for dims in held if _passes(dims_of(dims), wheres)])
    found = records_for(user, now).filter(pk__in=facts.values("record_id"))
    records = list(found.order_by("-date", "-pk")[: RECORDS + 1])
    rows = [
        RecordRow(
            uid=record.uid,
            date=record.date,
            unit_name=unit_named(tree, record.unit),
            form_title=forms[record.form].title if record.form in forms else record.form,
        )
        for record in records[:RECORDS]
    ]
    return rows, len(records) > RECORDS


def _passes(dimensions: Mapping[str, str], wheres: Mapping[str, str]) -> bool:
    for name, wanted in wheres.items():
        values = wanted.removeprefix("!").split("|")
        if (dimensions.get(name, "") in values) == wanted.startswith("!"):
            return False
    return True


def unit_named(tree: Tree, code: str) -> str:
    """Give a unit's name on the tree's day, its last name where it no longer exists."""
    unit = tree.unit(code) or next(
        (one for one in reversed(history().units) if one.code == code), None
    )
    return unit.name if unit else code


def trail(tree: Tree, code: str) -> list[Unit]:
    """Give the units above ``code``, the uppermost first."""
    above = (tree.unit(one) for one in reversed(tree.ancestors(code)))
    return [unit for unit in above if unit is not None]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question of a record, in words."""

    label: str
    value: str


def answers_shown(form: Form | None, answers: Mapping[str, object]) -> list[Answer]:
    """Give the answers of a record with the words of its form; names where it is unknown."""
    shown: list[Answer] = []
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value, 1):
                for key, one in row.items():
                    path = f"{name}.{key}"
                    shown.append(Answer(f"{number}. {_label(form, path)}", _said(form, path, one)))
        else:
            shown.append(Answer(_label(form, name), _said(form, name, value)))
    return shown


def _label(form: Form | None, path: str) -> str:
    field = form.field(path) if form else None
    return field.label if field and field.label else path.rpartition(".")[2]


def _said(form: Form | None, path: str, value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, Mapping):
        low, high = value.get("low"), value.get("high")
        return f"{'' if low is None else low}–{'' if high is None else high} ({value.get('kind')})"
    field = form.field(path) if form else None
    labels = {choice.name: choice.label for choice in field.choices} if field else {}
    values = value if isinstance(value, list) else str(value).split(" ") if labels else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact that a record states, in words."""

    label: str
    unit_name: str
    value: str
    dimensions: str


def facts_shown(
    facts: Iterable[Fact], measures: Mapping[str, Measure], tree: Tree
) -> list[FactRow]:
    """Give the facts of a record with the words of its measures."""
    rows = []
    for fact in facts:
        measure = measures.get(fact.measure)
        value = quantity_words(from_scaled(fact.low, fact.high, fact.kind))
        rows.append(
            FactRow(
                label=measure.label if measure else fact.measure,
                unit_name=unit_named(tree, fact.unit),
                value=f"{value} {measure.unit}" if measure else value,
                dimensions="、".join(dims_of(fact.dims).values()),
            )
        )
    return rows


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
            one.key, _GAPS.sub("", one.title).strip(), one.kind, _around(period, one.period)
        )
        for one in book.programmes.documents.values()
    ]


def _around(period: Period, kind: str) -> Period:
    """Give the year, half, quarter or month that holds the first month of ``period``."""
    months = PERIODS[kind]
    if not months or fits(period, kind):
        return period
    first = Month(period.first.year, (period.first.month - 1) // months * months + 1)
    return Period(first, first.plus(months - 1))
