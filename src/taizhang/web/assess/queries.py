"""Reads of decisions, as a Book asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.utils import timezone

from taizhang.core.book import Book
from taizhang.core.period import Period
from taizhang.core.quantity import SCALE
from taizhang.web.assess.models import Decision

_COLUMNS = ("item", "unit", "points", "errors", "checked", "reason")


class StoredAnswers:
    """The decisions of the instance (``core.book.Answers``); one query per rubric and period.

    :param as_of: the day up to whose end decisions count, ``None`` for all of them
    """

    def __init__(self, as_of: date | None) -> None:
        self._before = None
        if as_of is not None:
            midnight = datetime.combine(as_of + timedelta(days=1), time.min)
            self._before = timezone.make_aware(midnight)
        self._known: dict[tuple[str, Period], Mapping[tuple[str, str], Mapping[str, object]]] = {}

    def answer(self, rubric: str, item: str, unit: str, period: Period) -> Mapping[str, object]:
        """Give the decision that stands for an item, ``{}`` while there is none."""
        key = (rubric, period)
        if key not in self._known:
            self._known[key] = self._read(rubric, period)
        return self._known[key].get((item, unit), {})

    def _read(self, rubric: str, period: Period) -> Mapping[tuple[str, str], Mapping[str, object]]:
        rows = Decision.objects.filter(
            rubric=rubric, first_month=period.first.number, last_month=period.last.number
        )
        if self._before is not None:
            rows = rows.filter(decided_at__lt=self._before)
        found: dict[tuple[str, str], Mapping[str, object]] = {}
        for item, unit, points, errors, checked, reason in rows.order_by("id").values_list(
            *_COLUMNS
        ):
            answer: dict[str, object] = {"reason": reason}
            if points is not None:
                answer["points"] = Fraction(points, SCALE)
            if checked is not None:
                answer |= {"errors": errors, "checked": checked}
            found[item, unit] = answer
        return found


def with_answers(book: Book) -> Book:
    """Give the book with the instance's decisions in it."""
    as_of = None if book.as_of >= book.today else book.as_of
    return replace(book, answers=StoredAnswers(as_of))
