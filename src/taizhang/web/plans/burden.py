"""What records cost the people who type them: counted from fields and published constants.

The minutes are computed; nobody's clock, phone or log-in is looked at.  docs/reference/burden.md
gives the source of each constant.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from taizhang.core.base.period import Month, Period, around, periods_of
from taizhang.core.base.rounding import rounded
from taizhang.core.book import Book
from taizhang.core.definition.programme import Programmes
from taizhang.core.form import Field, Form
from taizhang.core.unit.tree import Unit
from taizhang.web.ledger.models import Record
from taizhang.web.plans.beside import filled_cells

#: Seconds, from the keystroke-level model (Card, Moran, Newell 1980): a tap is pointing (1.1) and
#: pressing (0.1); a keystroke of an average typist is 0.28; thinking what to answer is 1.35.
TAP, KEY, THINK = Fraction(12, 10), Fraction(3, 10), Fraction(135, 100)
#: Taps and keystrokes that an answer of a type takes: our own assumptions, the same for all.
STROKES: Mapping[str, tuple[int, int]] = {
    "select_one": (1, 0),
    "select_multiple": (2, 0),
    "select_one_from_file": (2, 0),
    "integer": (1, 3),
    "decimal": (1, 4),
    "range": (1, 0),
    "date": (2, 0),
    "time": (2, 0),
    "text": (1, 24),
    "image": (3, 0),
    "file": (3, 0),
}
OTHERS = (1, 3)
#: To the form, and sending it.
AROUND = 4 * TAP
#: Types that the form itself answers.
_COMPUTED = frozenset(("calculate", "note", "hidden"))
#: By path of a field: whether it is known before, and the seconds that typing it takes.
Costs = Mapping[str, tuple[bool, Fraction]]


def seconds_of(field: Field) -> Fraction:
    """Give the seconds that typing an answer takes; 0 where the form answers itself."""
    if is_known(field):
        return Fraction(0)
    taps, keys = STROKES.get(field.type, OTHERS)
    return THINK + taps * TAP + keys * KEY


def is_known(field: Field) -> bool:
    """Say whether what is asked is worked out or filled in before, and at most confirmed."""
    return field.type in _COMPUTED or field.read_only or bool(field.calculation or field.default)


@dataclass(slots=True)
class Effort:
    """What the records of one form came to; ``seconds`` are computed."""

    form: Form
    records: int = 0
    typed: int = 0
    known: int = 0
    seconds: Fraction = field(default_factory=Fraction)

    @property
    def minutes(self) -> int:
        """Give whole minutes, rounded half up."""
        return int(rounded(self.seconds / 60))


@dataclass(frozen=True, slots=True)
class Burden:
    """What a unit's records of a period came to, by form, the costliest first; ``cells`` of other
    offices' forms were filled from them, so that nobody typed them."""

    forms: tuple[Effort, ...]
    cells: int = 0

    @property
    def records(self) -> int:
        """Count the records."""
        return sum(effort.records for effort in self.forms)

    @property
    def typed(self) -> int:
        """Count the answers that were typed."""
        return sum(effort.typed for effort in self.forms)

    @property
    def known(self) -> int:
        """Count the answers that were worked out or filled in before."""
        return sum(effort.known for effort in self.forms)

    @property
    def minutes(self) -> int:
        """Give whole minutes of all forms together."""
        whole = sum((effort.seconds for effort in self.forms), Fraction(0))
        return int(rounded(whole / 60))


def burden(book: Book, unit: Unit, period: Period) -> Burden:
    """Count what the records of a unit and those below it took in a period.

    Records that were corrected later were typed too and count; a withdrawal types only its reason.
    """
    codes = [unit.code, *book.history.tree(book.today).homes(unit.code)]
    forms = book.programmes.forms
    efforts: dict[str, Effort] = {}
    costs: dict[str, Costs] = {}
    answered: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Record.objects.filter(
        unit__in=codes, date__gte=period.start, date__lte=period.end, withdraws=None
    ).values_list("form", "answers")
    for key, answers in rows.iterator(chunk_size=2000):
        form = forms.get(key)
        if form is None:
            continue
        if key not in efforts:
            efforts[key] = Effort(form)
            costs[key] = {field.path: (is_known(field), seconds_of(field)) for field in form.fields}
        effort = efforts[key]
        effort.records += 1
        answered[key].update(_paths(form, json.loads(answers)))
    for key, effort in efforts.items():
        _add(effort, costs[key], answered[key])
    return Burden(
        tuple(sorted(efforts.values(), key=lambda effort: (-effort.seconds, effort.form.key))),
        filled_cells(codes, period),
    )


#: What stands for no answer.
_NOTHING: tuple[object, ...] = (None, "", [])


def _paths(form: Form, answers: Mapping[str, Any]) -> list[str]:
    """Name the fields that a record answers, one in a repeat once for each row."""
    paths = []
    for name, value in answers.items():
        if isinstance(value, list) and name in form.repeats:
            for row in value:
                paths += [f"{name}.{inner}" for inner, it in row.items() if it not in _NOTHING]
        elif value not in _NOTHING:
            paths.append(name)
    return paths


def _add(effort: Effort, costs: Costs, answered: Counter[str]) -> None:
    """Reckon how often each field was answered; once for all records, as fractions are slow."""
    effort.seconds += AROUND * effort.records
    for path, times in answered.items():
        if path not in costs:
            continue
        known, seconds = costs[path]
        if known:
            effort.known += times
        else:
            effort.typed += times
            effort.seconds += seconds * times


def quarters(chosen: Period) -> tuple[Period, ...]:
    """Give the four quarters of the year in which a period begins."""
    return periods_of(chosen.first.year, "quarter")


def quarter_of(day: date) -> Period:
    """Give the quarter that holds a day."""
    month = Month.of(day)
    return around(Period(month, month), "quarter")


@dataclass(frozen=True, slots=True)
class Twice:
    """A question that several programmes ask in the same words."""

    label: str
    asked: tuple[tuple[str, Form], ...]  # (label of the programme, form)


def asked_twice(programmes: Programmes, day: date) -> tuple[Twice, ...]:
    """Give the questions with the same words and kind of answer in several programmes on a day.

    What the form answers itself is not asked, nor what cases have replaced.  Days are left out:
    each record has its own.
    """
    ended = programmes.ended_forms(day)
    asking_forms: dict[tuple[str, str], list[tuple[str, Form]]] = defaultdict(list)
    for pack in programmes.packs:
        for form in (form for key, form in pack.forms.items() if key not in ended):
            for question in _asking(form):
                entry = (pack.label, form)
                if entry not in asking_forms[question.label.strip(), _kind(question)]:
                    asking_forms[question.label.strip(), _kind(question)].append(entry)
    twice = [
        Twice(label, tuple(asked))
        for (label, _), asked in asking_forms.items()
        if len({pack for pack, _ in asked}) > 1
    ]
    return tuple(sorted(twice, key=lambda question: (-len(question.asked), question.label)))


def _asking(form: Form) -> Iterable[Field]:
    return (
        field for field in form.fields if not is_known(field) and field.type not in ("date", "time")
    )


def _kind(field: Field) -> str:
    return "number" if field.type in ("integer", "decimal", "range") else field.type
