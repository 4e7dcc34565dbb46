"""Open the Book on the instance's database: all that answering needs, at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from taizhang.core.book import Book
from taizhang.core.counting.measure import CountingRule
from taizhang.core.definition.programme import Programmes
from taizhang.figures.engine import IbisEngine
from taizhang.figures.fact_source import VENDORS, Connected
from taizhang.web.accounts.queries import closing_days_set
from taizhang.web.ledger.facts.closing import LedgerClosings, due_from
from taizhang.web.ledger.queries import LedgerEntities, LedgerRecords
from taizhang.web.ledger.registry import PARTS
from taizhang.web.programmes.queries import HandedQuotas, programmes_on
from taizhang.web.units.queries import history


def open_book(
    *,
    as_of: date | None = None,
    tree: date | None = None,
    public: bool = False,
    language: str | None = None,
    now: datetime,
) -> Book:
    """Open the instance's ledger as it is at ``now``, or as it was known on an earlier day.

    Reads go through Django's connection, so that a record counts as soon as it is written, inside
    its own transaction too.  Units and parsed packs are kept between calls and read again when
    the database says that they changed; figures are never kept longer than the Book.

    :param as_of: the day up to whose end the ledger's knowledge counts, today without
    :param tree: the day whose tree is used, the period's end without
    :param public: keep small numbers from outsiders
    """
    today = timezone.localdate(now)
    day = today if as_of is None else min(as_of, today)
    programmes = programmes_on(day)
    units = history()
    source = Connected(VENDORS[connection.vendor], connection.cursor)
    book = Book(
        programmes=programmes,
        history=units,
        engine=IbisEngine(source, today=today, scattered=scattered(programmes)),
        today=today,
        as_of=day,
        closings=LedgerClosings(units),
        targets=HandedQuotas(),
        entities=LedgerEntities(units),
        records=LedgerRecords(units),
        due_from=due_from(day),
        closing_days=closing_days_set(),
        tree=tree,
        public=public,
    )
    book = replace(book, **{name: part(units, today) for name, part in PARTS.items()})
    return book if language is None else replace(book, language=language)


def scattered(programmes: Programmes) -> frozenset[str]:
    """Name the measures of which one record may state facts in several months.

    These are dated by a field of a repeat, or by several rules of one form with different fields.
    """
    measures: set[str] = set()
    for rules in programmes.counting.values():
        measures |= _scattered(rules)
    return frozenset(measures)


def _scattered(rules: Iterable[CountingRule]) -> set[str]:
    dated: dict[str, set[str]] = {}
    for rule in rules:
        for measure in rule.facts:
            dated.setdefault(measure, set()).add(rule.date)
    return {
        measure
        for measure, fields in dated.items()
        if len(fields) > 1 or any("." in field for field in fields)
    }
