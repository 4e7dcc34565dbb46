"""Things that fall due: boards to change, agreements to renew, matters to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from taizhang.core.book import Book
from taizhang.core.form import Form
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.models import User
from taizhang.web.ledger.models import Entity
from taizhang.web.ledger.phone.form_payload import units_recorded
from taizhang.web.ledger.record.present import unit_named
from taizhang.web.ledger.registry import ThingWords, register_of
from taizhang.web.plans.calendar import forms_of_things
from taizhang.web.plans.schedule import AHEAD


@dataclass(frozen=True, slots=True)
class Reminder:
    """A board, agreement, matter … that falls due."""

    label: str
    key: str  # by which records speak of it
    number: str  # of a thing with a page, "" for any other
    address: str  # of its page
    unit: str
    unit_name: str
    form: Form | None  # by which it is recorded
    day: date
    late: bool
    record: str  # id of the record that spoke of it last
    may_record: bool  # by whoever asks

    @property
    def form_query(self) -> str:
        """Give the query with which the form opens: the unit, and the thing where it has a page."""
        asked = {"unit": self.unit, "thing": self.key if self.address else ""}
        return urlencode({name: text for name, text in asked.items() if text})


@dataclass(frozen=True, slots=True)
class ReminderFilter:
    """Which things are asked for: of one kind, on one day; of every kind, up to two weeks ahead."""

    dataset: str = ""
    day: date | None = None

    def query(self) -> str:
        """Write it as the query of an address."""
        day = self.day.isoformat() if self.day else ""
        return urlencode(
            {key: text for key, text in (("kind", self.dataset), ("day", day)) if text}
        )


def things_found(book: Book, unit: Unit, wanted: ReminderFilter) -> QuerySet[Entity]:
    """Find the things below a unit that fall due or are over, the longest due first.

    What became cases stands among the cases of the desk.
    """
    codes = [unit.code, *book.history.tree(book.today).homes(unit.code)]
    things = Entity.objects.filter(unit__in=codes).exclude(latest=None)
    things = things.exclude(dataset__in=book.programmes.adopted_lists)
    if wanted.dataset:
        things = things.filter(dataset=wanted.dataset)
    if wanted.day is not None:
        things = things.filter(due=wanted.day)
    else:
        things = things.filter(due__lte=book.today + AHEAD)
    return things.select_related("latest__record").order_by("due", "unit", "dataset", "key")


def things_shown(book: Book, user: User, rows: Iterable[Entity], now: datetime) -> list[Reminder]:
    """Say things in words, each with the form by which it goes on."""
    tree = book.history.tree(book.today)
    forms = forms_of_things(book.programmes)
    records = {unit.code for unit in units_recorded(user, now)}
    rows = [*rows]
    words = _named(rows, book.today)
    return [
        Reminder(
            label=words[row].name if row in words else _label(row),
            key=row.key,
            number=words[row].number if row in words else "",
            address=words[row].address if row in words else "",
            unit=row.unit,
            unit_name=unit_named(tree, row.unit),
            form=forms.get(row.dataset),
            day=row.due,
            late=row.due < book.today,
            record=row.latest.record.uid if row.latest else "",
            may_record=row.unit in records,
        )
        for row in rows
        if row.due is not None
    ]


def _label(row: Entity) -> str:
    return (row.latest.label if row.latest else "") or row.key


def _named(rows: Sequence[Entity], today: date) -> Mapping[Entity, ThingWords]:
    """Give the words for those of the rows that are things of a kind."""
    register = register_of(today)
    words: dict[Entity, ThingWords] = {}
    for dataset in {row.dataset for row in rows}:
        if register is None or not register.kept(dataset):
            continue
        own = [row for row in rows if row.dataset == dataset]
        named = register.named(dataset, [(row.unit, row.key) for row in own])
        for row in own:
            if (row.unit, row.key) in named:
                words[row] = named[row.unit, row.key]
    return words


def kinds_due(book: Book, unit: Unit) -> list[tuple[str, str, int]]:
    """Give the kinds of things that fall due below a unit: dataset, name, how many."""
    forms = forms_of_things(book.programmes)
    counted = things_found(book, unit, ReminderFilter()).order_by()
    rows = counted.values_list("dataset").annotate(number=Count("pk")).order_by("dataset")
    return [
        (dataset, forms[dataset].title if dataset in forms else dataset, number)
        for dataset, number in rows
    ]
