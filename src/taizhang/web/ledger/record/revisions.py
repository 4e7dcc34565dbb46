"""Revisions of a record: the chain of corrections it stands in, compared answer by answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from taizhang.core.definition.programme import Programmes
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import records_for
from taizhang.web.ledger.models import Record, Review
from taizhang.web.ledger.record.present import answers_shown
from taizhang.web.ledger.record.things import RecordAnswers, things_worded


@dataclass(frozen=True, slots=True)
class AnswerChange:
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
    seen = set(
        records_for(user, now).filter(pk__in=[revision.pk for revision in chain]).values_list("pk")
    )
    return [revision for revision in chain if (revision.pk,) in seen]


def reviews_upto(record: Record, chain: Sequence[Record]) -> list[Review]:
    """Give what was said of a record and of those that it corrects: the correction answers that."""
    upto = [revision.pk for revision in chain if revision.pk <= record.pk]
    reviews = Review.objects.filter(record__in=upto).select_related("record", "reviewed_by")
    return list(reviews.order_by("pk"))


def revisions_compared(
    chain: Sequence[Record], programmes: Programmes, today: date
) -> list[AnswerChange]:
    """Put the answers of revisions side by side, each in the words of its version.

    Each that changed is marked; a question is called as the latest revision calls it.
    """
    columns = []
    labels: dict[str, str] = {}
    for record in chain:
        form = programmes.form_in(record.form, record.pack_version)
        told = RecordAnswers(form, json.loads(record.answers), record.unit, record.date)
        shown = answers_shown(form, things_worded(told, today))
        columns.append({answer.path: answer.value for answer in shown})
        labels |= {answer.path: answer.label for answer in shown}
    days = tuple(str(record.date) for record in chain)
    changes = [
        _change(label, [column.get(path, "—") for column in columns])
        for path, label in labels.items()
    ]
    return changes if len(set(days)) == 1 else [*changes, _change(_("Date"), list(days))]


def _change(label: str, values: Sequence[str]) -> AnswerChange:
    marks = [False, *(value != before for before, value in pairwise(values))]
    return AnswerChange(label, tuple(values), tuple(marks))
