"""Answers that name things, in the words by which people know them; the things of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from taizhang.core.form import Field, Form
from taizhang.core.form.entity_reference import list_of
from taizhang.web.ledger.facts.entity import before_of
from taizhang.web.ledger.registry import Name, ThingWords, register_of
from taizhang.web.units.queries import history

Answers = Mapping[str, object]


class ThingNamed(NamedTuple):
    """A thing that a record names: the question, and how people know it."""

    label: str
    words: ThingWords


class RecordAnswers(NamedTuple):
    """The answers of a record with what says whose things they name."""

    form: Form | None
    answers: Answers
    unit: str
    day: date


class _Asked(NamedTuple):
    """An answer that may name a thing."""

    field: Field
    row: Answers
    dataset: str
    names: tuple[Name, ...]  # under which the ledger may know it


def words_of(words: ThingWords) -> str:
    """Say a thing in one text: name, number and place."""
    beside = "，".join(text for text in (words.number, words.place) if text)
    return f"{words.name}（{beside}）" if beside else words.name


class ThingNames:
    """The words for all things that some records name, asked of the register at once."""

    def __init__(self, records: Iterable[RecordAnswers], today: date) -> None:
        self._register = register_of(today)
        self._words: dict[tuple[str, Name], ThingWords] = {}
        if self._register is None:
            return
        wanted: dict[str, set[Name]] = {}
        for record in records:
            for asked in self._asked(record):
                wanted.setdefault(asked.dataset, set()).update(asked.names)
        for dataset, names in wanted.items():
            named = self._register.named(dataset, names)
            self._words.update({(dataset, name): words for name, words in named.items()})

    def worded(self, record: RecordAnswers) -> Answers:
        """Give answers with the words of things in the place of their ids."""
        worded = {**record.answers}
        for asked, words in self._named(record):
            field = asked.field
            if not field.repeat:
                worded[field.name] = words_of(words)
                continue
            rows = worded[field.repeat]
            if isinstance(rows, list):
                worded[field.repeat] = [
                    {**row, field.name: words_of(words)}
                    if row.get(field.name) == asked.row[field.name]
                    else row
                    for row in rows
                ]
        return worded

    def things(self, record: RecordAnswers) -> list[ThingNamed]:
        """Give the things that a record names, each once."""
        named: dict[str, ThingNamed] = {}
        for asked, words in self._named(record):
            label = asked.field.label or asked.field.name
            named.setdefault(words.address, ThingNamed(label, words))
        return list(named.values())

    def _named(self, record: RecordAnswers) -> Iterator[tuple[_Asked, ThingWords]]:
        for asked in self._asked(record):
            words = (self._words.get((asked.dataset, name)) for name in asked.names)
            known = next((each for each in words if each is not None), None)
            if known is not None:
                yield asked, known

    def _asked(self, record: RecordAnswers) -> Iterator[_Asked]:
        """Walk the answers that may name a thing of a list with kinds."""
        form, register = record.form, self._register
        if form is None or register is None:
            return
        spec = form.entity
        codes: tuple[str, ...] = ()
        for field in form.fields:
            is_id = spec is not None and field.path == spec.id_field
            dataset = spec.dataset if spec is not None and is_id else list_of(field)
            if not dataset or not register.kept(dataset):
                continue
            codes = codes or (record.unit, *before_of(record.unit, record.day, history()))
            answers = record.answers
            rows = answers.get(field.repeat, ()) if field.repeat else (answers,)
            for row in rows if isinstance(rows, (list, tuple)) else ():
                key = row.get(field.name)
                if key not in (None, ""):
                    yield _Asked(field, row, dataset, tuple((code, str(key)) for code in codes))


def things_worded(record: RecordAnswers, today: date) -> Answers:
    """Give the answers of one record with the words of things in the place of their ids."""
    return ThingNames([record], today).worded(record)
