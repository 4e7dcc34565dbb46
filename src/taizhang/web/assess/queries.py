"""Reads of decisions and appeals: on one item, and of all units as a Book asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.core.base.period import Period
from taizhang.core.base.quantity import SCALE
from taizhang.core.book import AppealedPoints, Book
from taizhang.web.assess.models import Decision, months_of

_COLUMNS = ("item", "unit", "points", "errors", "checked", "reason", "appeal_id")


@dataclass(frozen=True, slots=True)
class _Stored:
    """What stands of the decisions on one rubric and period; an appeal's is among the answers."""

    answers: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    appealed: dict[str, dict[str, AppealedPoints]] = field(default_factory=dict)


class StoredAnswers:
    """The decisions of the instance (``core.book.Answers``); one query per rubric and period.

    :param as_of: the day up to whose end decisions count, ``None`` for all of them
    """

    def __init__(self, as_of: date | None) -> None:
        self._before = None
        if as_of is not None:
            midnight = datetime.combine(as_of + timedelta(days=1), time.min)
            self._before = timezone.make_aware(midnight)
        self._known: dict[tuple[str, Period], _Stored] = {}

    def answer(self, rubric: str, item: str, unit: str, period: Period) -> Mapping[str, object]:
        """Give the decision that stands for an item, ``{}`` while there is none."""
        return self._stored(rubric, period).answers.get((item, unit), {})

    def appealed(self, rubric: str, unit: str, period: Period) -> Mapping[str, AppealedPoints]:
        """Give by item what appeals changed in a unit's score, where nobody decided anew since."""
        return self._stored(rubric, period).appealed.get(unit, {})

    def _stored(self, rubric: str, period: Period) -> _Stored:
        key = (rubric, period)
        if key not in self._known:
            self._known[key] = self._read(rubric, period)
        return self._known[key]

    def _read(self, rubric: str, period: Period) -> _Stored:
        rows = Decision.objects.filter(rubric=rubric, **months_of(period))
        if self._before is not None:
            rows = rows.filter(decided_at__lt=self._before)
        stored = _Stored()
        for item, unit, points, errors, checked, reason, appeal in rows.order_by("id").values_list(
            *_COLUMNS
        ):
            answer: dict[str, object] = {"reason": reason}
            if points is not None:
                answer["points"] = Fraction(points, SCALE)
            if checked is not None:
                answer |= {"errors": errors, "checked": checked}
            stored.answers[item, unit] = answer
            appealed = stored.appealed.setdefault(unit, {})
            appealed.pop(item, None)
            if appeal is not None:
                appealed[item] = AppealedPoints(Fraction(points, SCALE), reason)
        return stored


def decisions_on(rubric: str, unit: str, period: Period, item: str) -> QuerySet[Decision]:
    """Give what was decided on an item of a unit, the decision that stands first."""
    rows = Decision.objects.filter(rubric=rubric, unit=unit, item=item, **months_of(period))
    return rows.order_by("-id")


def with_answers(book: Book) -> Book:
    """Give the book with the instance's decisions in it, those that answer appeals among them."""
    as_of = book.known_at
    return replace(book, answers=StoredAnswers(as_of))
