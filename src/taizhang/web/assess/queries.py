"""Reads of decisions, appeals, overlapping rounds; all of units as a Book asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.core.base.period import Period
from taizhang.core.base.quantity import SCALE
from taizhang.core.book import AppealedPoints, Book
from taizhang.web.assess.models import (
    Assessment,
    Circumstance,
    CircumstanceOutcome,
    Decision,
    Round,
    State,
    months_of,
)

_COLUMNS = (
    *("item", "unit", "points", "errors", "checked", "reason"),
    *("appeal_id", "circumstance_id"),
)


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
        """Give by item what appeals and stated circumstances changed in a unit's score."""
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
        for item, unit, points, errors, checked, reason, *beside in rows.order_by("id").values_list(
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
            appeal, circumstance = beside
            if appeal is not None or circumstance is not None:
                given = Fraction(points, SCALE)
                adjusted = circumstance is not None
                appealed[item] = AppealedPoints(given, reason, adjusted=adjusted)
        self._circumstances(stored, rubric, period)
        return stored

    def _circumstances(self, stored: _Stored, rubric: str, period: Period) -> None:
        """Put what units state of their circumstances beside what was given for it."""
        rows = Circumstance.objects.filter(
            assessment__live=True,
            assessment__rubric=rubric,
            **{f"assessment__{name}": month for name, month in months_of(period).items()},
        )
        if self._before is not None:
            rows = rows.filter(stated_at__lt=self._before)
        for row in rows.select_related("assessment").order_by("pk"):
            answered = row.answered_at is not None and (
                self._before is None or row.answered_at < self._before
            )
            appealed = stored.appealed.setdefault(row.assessment.unit, {})
            declined = answered and row.outcome == CircumstanceOutcome.DECLINED
            stands = appealed.get(row.item) or AppealedPoints(None, row.reason if declined else "")
            appealed[row.item] = replace(stands, circumstance=row.text)


def decisions_on(rubric: str, unit: str, period: Period, item: str) -> QuerySet[Decision]:
    """Give what was decided on an item of a unit, the decision that stands first."""
    rows = Decision.objects.filter(rubric=rubric, unit=unit, item=item, **months_of(period))
    return rows.order_by("-id")


@dataclass(frozen=True, slots=True)
class Overlap:
    """A round of the same units for an overlapping period: which, and who signed it."""

    round: Round
    units: tuple[str, ...]  # codes, of those that were asked for

    @property
    def signer(self) -> str:
        """Name who signed it, '' while nobody has."""
        signed = self.round.state == State.SIGNED
        return str(self.round.closed_by) if signed else ""

    @property
    def sentence(self) -> str:
        """Name rubric, period, filed plan number and who signed it when."""
        round_ = self.round
        told = f"{round_.title} {round_.period}（{round_.plan_number}"
        if self.signer and round_.closed_at is not None:
            told += f"，{self.signer} {timezone.localdate(round_.closed_at).isoformat()}"
        return f"{told}）"


def overlapping(rubric: str, period: Period, codes: Sequence[str]) -> list[Overlap]:
    """Give the rounds that assess some of ``codes`` for a period that shares months with this one.

    One by the same rubric for the same period is none of them: that is not allowed at all.
    """
    months = months_of(period)
    rows = Assessment.objects.filter(
        live=True,
        unit__in=codes,
        first_month__lte=months["last_month"],
        last_month__gte=months["first_month"],
    ).exclude(rubric=rubric, **months)
    units: dict[int, list[str]] = {}
    for number, unit in rows.order_by("unit").values_list("round_id", "unit"):
        units.setdefault(number, []).append(unit)
    rounds = Round.objects.filter(pk__in=units).select_related("closed_by").order_by("pk")
    return [Overlap(round_, tuple(units[round_.pk])) for round_ in rounds]


def with_answers(book: Book) -> Book:
    """Give the book with the instance's decisions in it, those that answer appeals among them."""
    as_of = book.known_at
    return replace(book, answers=StoredAnswers(as_of))
