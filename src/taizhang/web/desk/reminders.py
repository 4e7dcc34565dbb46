"""Things that fall due: boards to change, agreements to renew, matters to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from taizhang.core.book import Book
from taizhang.core.form import Form
from taizhang.core.unit.body import Body
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.models import User
from taizhang.web.ledger.models import Entity, EntityState
from taizhang.web.ledger.phone.form_payload import units_recorded
from taizhang.web.ledger.record.present import unit_named
from taizhang.web.ledger.registry import ThingWords, register_of
from taizhang.web.plans.calendar import forms_of_things
from taizhang.web.plans.schedule import AHEAD
from taizhang.web.things.due import DueName, names_due


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


def things_found(book: Book, unit: Unit | Body, wanted: ReminderFilter) -> list[DueName]:
    """Find the things below a unit that fall due or are over, the longest due first.

    Those of a body stand at the unit beside it: they are what the body's records spoke of last.
    """
    of_body = isinstance(unit, Body)
    home = unit.parent if isinstance(unit, Body) else unit.code
    codes = [home] if of_body else [home, *book.history.tree(book.today).homes(home)]
    last = wanted.day or book.today + AHEAD
    names = names_due(book.programmes, codes, wanted.day or date.min, last, wanted.dataset)
    if not of_body:
        return names
    entities = Entity.objects.filter(latest__record__unit=unit.code)
    own = set(entities.values_list("dataset", "unit", "key"))
    return [name for name in names if (name.dataset, name.namer, name.key) in own]


def things_shown(book: Book, user: User, names: Iterable[DueName], now: datetime) -> list[Reminder]:
    """Say things in words, each with the form by which it goes on."""
    tree = book.history.tree(book.today)
    forms = forms_of_things(book.programmes)
    records = {unit.code for unit in units_recorded(user, now)}
    names = [*names]
    words, entities = _named(names, book.today), _entities(names)
    return [
        Reminder(
            label=words[name].name if name in words else _label(name, entities),
            key=name.key,
            number=words[name].number if name in words else "",
            address=words[name].address if name in words else "",
            unit=name.unit,
            unit_name=unit_named(tree, name.unit),
            form=forms.get(name.dataset),
            day=name.due,
            late=name.due < book.today,
            record=entities[name].record.uid if name in entities else "",
            may_record=name.unit in records,
        )
        for name in names
    ]


def _label(name: DueName, entities: Mapping[DueName, EntityState]) -> str:
    return (entities[name].label if name in entities else "") or name.key


def _entities(names: Sequence[DueName]) -> Mapping[DueName, EntityState]:
    """Give what the last record under each name said."""
    rows = Entity.objects.filter(
        dataset__in={name.dataset for name in names},
        unit__in={name.namer for name in names},
        key__in={name.key for name in names},
    )
    latest = {
        (row.dataset, row.unit, row.key): row.latest
        for row in rows.select_related("latest__record")
        if row.latest is not None
    }
    known = {name: latest.get((name.dataset, name.namer, name.key)) for name in names}
    return {name: state for name, state in known.items() if state is not None}


def _named(names: Sequence[DueName], today: date) -> Mapping[DueName, ThingWords]:
    """Give the words for those of the names that are things of a kind."""
    register = register_of(today)
    words: dict[DueName, ThingWords] = {}
    for dataset in {name.dataset for name in names}:
        if register is None or not register.kept(dataset):
            continue
        own = [name for name in names if name.dataset == dataset]
        named = register.named(dataset, [(name.namer, name.key) for name in own])
        for name in own:
            if (name.namer, name.key) in named:
                words[name] = named[name.namer, name.key]
    return words


def kinds_due(book: Book, unit: Unit | Body) -> list[tuple[str, str, int]]:
    """Give the kinds of things that fall due below a unit: dataset, name, how many."""
    forms = forms_of_things(book.programmes)
    counted = Counter(name.dataset for name in things_found(book, unit, ReminderFilter()))
    return [
        (dataset, forms[dataset].title if dataset in forms else dataset, number)
        for dataset, number in sorted(counted.items())
    ]
