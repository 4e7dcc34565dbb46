"""The list of records: its filters, the search over answers, and what a line of it shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from taizhang.core.base.period import Period
from taizhang.core.definition.programme import Programmes
from taizhang.core.unit.tree import Tree, Unit
from taizhang.web.accounts.access import reach
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import (
    WIDE,
    by_date,
    credited_for,
    crediting,
    records_for,
    records_listed,
)
from taizhang.web.ledger.models import Record, Review
from taizhang.web.ledger.record.present import gist, unit_named
from taizhang.web.ledger.record.review import with_review
from taizhang.web.ledger.record.things import RecordAnswers, ThingNames
from taizhang.web.units.models import Body
from taizhang.web.units.queries import history

#: States by which the list is filtered, besides the kinds of a review.
UNREVIEWED, WITHDRAWN, CORRECTED = "unreviewed", "withdrawn", "corrected"
#: Words of a search; each is looked for in every answer.
MOST_WORDS = 5
CREDITED = "credited"  # by other units, to those of whoever looks


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
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
    user: User, wanted: ListFilter, now: datetime, programmes: Programmes
) -> QuerySet[Record]:
    """Give the records that the user may see and wants, the newest date first."""
    if wanted.state == CREDITED:
        records = credited_for(user, now)
    elif wanted.mine or wanted.state not in ("", UNREVIEWED):
        records = records_for(user, now)  # these are few, and have an index of their own
    else:
        records = records_listed(user, now)
    if wanted.unit:
        codes = [wanted.unit, *history().tree(timezone.localdate(now)).homes(wanted.unit)]
        codes += Body.objects.filter(parent__in=codes).order_by().values_list("code", flat=True)
        credited = crediting(codes)
        if len(codes) > WIDE:
            records = by_date(records).filter(Q(home__in=codes) | Q(pk__in=credited))
        else:
            records = records.filter(Q(unit__in=codes) | Q(pk__in=credited))
    if wanted.form:
        records = records.filter(form=wanted.form)
    if wanted.period is not None:
        records = records.filter(date__gte=wanted.period.start, date__lte=wanted.period.end)
    if wanted.mine:
        records = records.filter(accepted_by=user)
    for word in wanted.words.split()[:MOST_WORDS]:
        records = records.filter(_holds(word, programmes))
    records = _in_state(records, wanted.state)
    if wanted.state in Review.Kind.values:
        records = with_review(records).filter(review=wanted.state)  # type: ignore[misc]
    elif wanted.state == UNREVIEWED:
        records = records.filter(~Exists(Review.objects.filter(record=OuterRef("pk"))))
    return records.order_by("-date", "-pk")


def records_with_review(keys: Sequence[int]) -> list[Record]:
    """Give the records of keys in their order, each with its ``review``."""
    by_key = with_review(Record.objects.filter(pk__in=keys)).in_bulk()
    return [by_key[key] for key in keys]


def _in_state(records: QuerySet[Record], state: str) -> QuerySet[Record]:
    """Keep what stands; what was corrected or withdrawn is shown where it is asked for."""
    if state == WITHDRAWN:
        return records.filter(withdrawn_by__isnull=False)
    if state == CORRECTED:
        return records.filter(replaced_by__isnull=False)
    return records.filter(retired_at=None, withdraws=None)


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
                choice.name
                for field in form.fields
                for choice in field.choices
                if word in choice.label
            }:
                chosen.setdefault(name, []).append(version)
        for name, versions in chosen.items():  # stored by its name, alone or among several
            held = Q(answers__contains=f'"{name}"')
            holds |= _of_versions(key, versions, len(forms)) & held
    return holds


def _of_versions(key: str, versions: Sequence[str], known: int) -> Q:
    """Keep the records of a form that were filled in with some of its ``known`` versions."""
    of_form = Q(form=key)
    return of_form if len(versions) == known else of_form & Q(pack_version__in=versions)


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """A record in the list."""

    record: Record
    unit_name: str
    title: str
    gist: str
    review: str  # kind of its last review, '' without one
    review_words: str


def rows_of(records: Sequence[Record], programmes: Programmes, tree: Tree) -> list[ListedRecord]:
    """Give records as rows of the list, with the words of their own forms and of the tree."""
    labels = dict(Review.Kind.choices)
    shown = []
    told = [
        RecordAnswers(
            programmes.form_in(record.form, record.pack_version),
            json.loads(record.answers),
            record.unit,
            record.date,
        )
        for record in records
    ]
    names = ThingNames(told, tree.day)
    for record, answers in zip(records, told, strict=True):
        kind = getattr(record, "review", None) or ""
        form = answers.form
        shown.append(
            ListedRecord(
                record=record,
                unit_name=unit_named(tree, record.unit),
                title=form.title if form else record.form,
                gist=gist(form, names.worded(answers)),
                review=kind,
                review_words=str(labels[kind]) if kind else "",
            )
        )
    return shown


def units_reached(user: User, tree: Tree) -> list[tuple[int, Unit]]:
    """Give the units below a person's roles with their depth, as a list to choose from."""
    reached = reach(user, "record.read")
    tops = tree.tops if "" in reached else [tree.unit(code) for code in sorted(reached)]
    units: dict[str, tuple[int, Unit]] = {}
    for top in tops:
        for unit in tree.below(top.code) if top is not None else ():
            above = tree.ancestors(unit.code)
            depth = above.index(top.code) + 1 if top is not None and unit != top else 0
            units.setdefault(unit.code, (depth, unit))
    return list(units.values())
