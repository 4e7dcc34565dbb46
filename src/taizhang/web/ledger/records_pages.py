"""What the pages of records show: the list with its filters, revisions, what reads a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.core.form import Field, Form
from taizhang.core.pack.model import Indicator, Pack
from taizhang.core.period import Period
from taizhang.core.programme import Programmes
from taizhang.core.rubric import Item
from taizhang.core.task import Task
from taizhang.core.unit import Tree
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import WIDE, by_date, credited_for, records_for, records_listed
from taizhang.web.ledger.models import Fact, Record, Review
from taizhang.web.ledger.reviewing import with_review
from taizhang.web.ledger.shown import answers_shown, gist, labels_of, said_as, unit_named
from taizhang.web.programmes.reads import NOBODY, readers
from taizhang.web.units.queries import history

#: States by which the list is filtered, besides the kinds of a review.
UNREVIEWED, WITHDRAWN, CORRECTED = "unreviewed", "withdrawn", "corrected"
#: Words of a search; each is looked for in every answer.
MOST_WORDS = 5
CREDITED = "credited"  # by other units, to those of whoever looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list shows; '' and ``None`` leave a part open."""

    unit: str = ""
    form: str = ""
    period: Period | None = None
    state: str = ""  # a kind of review, or one of the states above
    mine: bool = False
    words: str = ""

    def query(self) -> str:
        """Give the query string that asks for the same again."""
        parts = {
            "unit": self.unit,
            "form": self.form,
            "period": "" if self.period is None else str(self.period),
            "state": self.state,
            "mine": "1" if self.mine else "",
            "q": self.words,
        }
        return urlencode({name: value for name, value in parts.items() if value})


def records_found(
    user: User, wanted: Wanted, now: datetime, programmes: Programmes
) -> QuerySet[Record]:
    """Give the records that the user may see and wants, the newest date first."""
    if wanted.state == CREDITED:
        found = credited_for(user, now)
    elif wanted.mine or wanted.state not in ("", UNREVIEWED):
        found = records_for(user, now)  # these are few, and have an index of their own
    else:
        found = records_listed(user, now)
    if wanted.unit:
        codes = [wanted.unit, *history().tree(timezone.localdate(now)).homes(wanted.unit)]
        credited = Fact.objects.filter(joint=True, unit__in=codes).values("record_id")
        if len(codes) > WIDE:
            found = by_date(found).filter(Q(home__in=codes) | Q(pk__in=credited))
        else:
            found = found.filter(Q(unit__in=codes) | Q(pk__in=credited))
    if wanted.form:
        found = found.filter(form=wanted.form)
    if wanted.period is not None:
        found = found.filter(date__gte=wanted.period.start, date__lte=wanted.period.end)
    if wanted.mine:
        found = found.filter(accepted_by=user)
    for word in wanted.words.split()[:MOST_WORDS]:
        found = found.filter(_holds(word, programmes))
    found = _in_state(found, wanted.state)
    if wanted.state in Review.Kind.values:
        found = with_review(found).filter(review=wanted.state)  # type: ignore[misc]
    elif wanted.state == UNREVIEWED:
        found = found.filter(~Exists(Review.objects.filter(record=OuterRef("pk"))))
    return found.order_by("-date", "-pk")


def records_with_review(keys: Sequence[int]) -> list[Record]:
    """Give the records of keys in their order, each with its ``review``."""
    found = with_review(Record.objects.filter(pk__in=keys)).in_bulk()
    return [found[key] for key in keys]


def _in_state(found: QuerySet[Record], state: str) -> QuerySet[Record]:
    """Keep what stands; what was corrected or withdrawn is shown where it is asked for."""
    if state == WITHDRAWN:
        return found.filter(withdrawn_by__isnull=False)
    if state == CORRECTED:
        return found.filter(replaced_by__isnull=False)
    return found.filter(retired_at=None, withdraws=None)


def _holds(word: str, programmes: Programmes) -> Q:
    """Keep records whose id, answers, chosen answers or form hold a word of their own version."""
    holds = Q(uid__icontains=word) | Q(
        answers__icontains=json.dumps(word, ensure_ascii=False)[1:-1]
    )
    keys = {key for pack in (*programmes.packs, *programmes.others()) for key in pack.forms}
    for key in sorted(keys):
        forms = programmes.forms_ever(key)
        titled = [version for version, form in forms if word in form.title]
        holds |= _of_versions(key, titled, len(forms)) if titled else Q()
        chosen: dict[str, list[str]] = {}
        for version, form in forms:
            for name in {
                choice.name for one in form.fields for choice in one.choices if word in choice.label
            }:
                chosen.setdefault(name, []).append(version)
        for name, versions in chosen.items():  # stored by its name, alone or among several
            held = Q(answers__contains=f'"{name}"')
            holds |= _of_versions(key, versions, len(forms)) & held
    return holds


def _of_versions(key: str, versions: Sequence[str], known: int) -> Q:
    """Keep the records of a form that were filled in with some of its ``known`` versions."""
    found = Q(form=key)
    return found if len(versions) == known else found & Q(pack_version__in=versions)


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the list."""

    record: Record
    unit_name: str
    title: str
    gist: str
    review: str  # kind of its last review, '' without one
    review_words: str


def rows_of(records: Sequence[Record], programmes: Programmes, tree: Tree) -> list[Row]:
    """Give records as rows of the list, with the words of their own forms and of the tree."""
    labels = dict(Review.Kind.choices)
    shown = []
    for record in records:
        kind = getattr(record, "review", None) or ""
        form = programmes.form_in(record.form, record.pack_version)
        shown.append(
            Row(
                record=record,
                unit_name=unit_named(tree, record.unit),
                title=form.title if form else record.form,
                gist=gist(form, json.loads(record.answers)),
                review=kind,
                review_words=str(labels[kind]) if kind else "",
            )
        )
    return shown


@dataclass(frozen=True, slots=True)
class Change:
    """One question of a record and its answer in each revision, the oldest first."""

    label: str
    values: tuple[str, ...]
    marks: tuple[bool, ...]  # where the answer differs from the revision before

    @property
    def cells(self) -> list[tuple[str, bool]]:
        """Give each answer with its mark."""
        return list(zip(self.values, self.marks, strict=True))


def revisions_of(user: User, record: Record, now: datetime) -> list[Record]:
    """Give the chain of corrections that a record stands in, the oldest first.

    A correction may move a record to another unit: what the user may not see is left out.
    """
    first = record
    while first.replaces is not None:
        first = first.replaces
    chain = [first]
    while (later := Record.objects.filter(replaces=chain[-1]).first()) is not None:
        chain.append(later)
    seen = set(records_for(user, now).filter(pk__in=[one.pk for one in chain]).values_list("pk"))
    return [one for one in chain if (one.pk,) in seen]


def reviews_upto(record: Record, chain: Sequence[Record]) -> list[Review]:
    """Give what was said of a record and of those that it corrects: the correction answers that."""
    upto = [one.pk for one in chain if one.pk <= record.pk]
    found = Review.objects.filter(record__in=upto).select_related("record", "reviewed_by")
    return list(found.order_by("pk"))


def revisions_compared(chain: Sequence[Record], programmes: Programmes) -> list[Change]:
    """Put the answers of revisions side by side, each in the words of its version.

    Each that changed is marked; a question is called as the latest revision calls it.
    """
    columns = []
    labels: dict[str, str] = {}
    for record in chain:
        form = programmes.form_in(record.form, record.pack_version)
        shown = answers_shown(form, json.loads(record.answers))
        columns.append({one.path: one.value for one in shown})
        labels |= {one.path: one.label for one in shown}
    days = tuple(str(record.date) for record in chain)
    changes = [
        _change(label, [column.get(path, "—") for column in columns])
        for path, label in labels.items()
    ]
    return changes if len(set(days)) == 1 else [*changes, _change(_("Date"), list(days))]


def _change(label: str, values: Sequence[str]) -> Change:
    marks = [False, *(one != before for before, one in pairwise(values))]
    return Change(label, tuple(values), tuple(marks))


@dataclass(frozen=True, slots=True)
class CountedFor:
    """One measure that a record states, and what reads it."""

    key: str
    label: str
    values: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    tasks: tuple[tuple[Pack, Task], ...]
    items: tuple[tuple[Pack, Item], ...]


def counted_for(
    facts: Sequence[Fact], said: Sequence[str], programmes: Programmes
) -> Iterator[CountedFor]:
    """Walk the measures of a record's facts with what reads each.

    :param said: the value of each fact in words
    """
    index = readers(programmes)
    values: dict[str, list[str]] = {}
    for fact, words in zip(facts, said, strict=True):
        values.setdefault(fact.measure, []).append(words)
    for key, found in values.items():
        reading = index.get(key, NOBODY)
        measure = programmes.measure_ever(key)
        yield CountedFor(
            key=key,
            label=measure.label if measure else key,
            values=tuple(dict.fromkeys(found)),
            indicators=reading.indicators,
            tasks=reading.tasks,
            items=reading.items,
        )


#: The same question in two versions of a form: its path and its type.
Column = tuple[str, str]


def export_rows(
    records: Sequence[Record], form: str, programmes: Programmes, tree: Tree
) -> tuple[list[str], list[list[str | int | None]]]:
    """Give header and rows of the list as a file; with one form, a column for each question.

    Each record is told in the words of its own version.  The questions of the version in force
    come first, then those that only earlier versions asked.

    :param form: qualified key, '' for all
    """
    columns = _columns(records, form, programmes) if form else {}
    header = [_("Date"), _("Unit code"), _("Unit"), _("Form"), _("Record"), _("Review")]
    header += [_("Accepted at"), *columns.values()]
    words = _Words(programmes)
    reviews = {kind: str(label) for kind, label in Review.Kind.choices}
    units = {code: unit_named(tree, code) for code in {record.unit for record in records}}
    zone = timezone.get_current_timezone()
    rows = []
    for record in records:
        shown = programmes.form_in(record.form, record.pack_version)
        title = shown.title if shown is not None else record.form
        line: list[str | int | None] = [
            record.date.isoformat(),
            record.unit,
            units[record.unit],
            title,
            record.uid,
            reviews.get(getattr(record, "review", None) or "", ""),
            record.accepted_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        ]
        if columns:
            line += words.cells(record, columns)
        rows.append(line)
    return header, rows


def _columns(records: Sequence[Record], form: str, programmes: Programmes) -> dict[Column, str]:
    """Name the questions of a form: of the version in force, then of those that records bear."""
    used = {record.pack_version for record in records if record.form == form}
    columns: dict[Column, str] = {}
    for at, (version, one) in enumerate(programmes.forms_ever(form)):
        now = at == 0 and form in programmes.forms
        if not now and version not in used:
            continue
        for column, field in _asked(one).items():
            label = field.label or field.name
            said = label if now else _("%(label)s (earlier version)") % {"label": label}
            columns.setdefault(column, said)
    return columns


def _asked(form: Form) -> dict[Column, Field]:
    return {
        (field.name, field.type): field
        for field in form.fields
        if field.type != "note" and not field.repeat
    }


class _Words:
    """Answers in the words of the version that each record was filled in with, read once each."""

    def __init__(self, programmes: Programmes) -> None:
        self._programmes = programmes
        self._labels: dict[tuple[str, str], dict[Column, Mapping[str, str]]] = {}

    def cells(self, record: Record, columns: Iterable[Column]) -> Iterator[str | int | None]:
        """Give the answers of a record to the questions of a list, empty where it has none."""
        version = record.form, record.pack_version
        if version not in self._labels:
            form = self._programmes.form_in(*version)
            asked = _asked(form) if form is not None else {}
            self._labels[version] = {column: labels_of(field) for column, field in asked.items()}
        labels, answers = self._labels[version], json.loads(record.answers)
        for column in columns:
            value = answers.get(column[0]) if column in labels else None
            if value is None or value == "" or isinstance(value, int):
                yield None if value == "" else value
            else:
                yield said_as(labels[column], value)
