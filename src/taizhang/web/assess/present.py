"""What the pages of assessments show, put together from stored rows and scores."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period, parse_period, periods_of
from taizhang.core.book import Book
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Rubric
from taizhang.core.indicator import Question, figures
from taizhang.core.scoring import ItemScore, Score, units_below
from taizhang.core.scoring.kinds import decision_of
from taizhang.core.scoring.rule import Decision as DecisionKind
from taizhang.core.text.unit_sign import unit_sign
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import home_unit, may, reach, tops_reached
from taizhang.web.accounts.models import User
from taizhang.web.assess.access import assessments_for
from taizhang.web.assess.code import AssessCode
from taizhang.web.assess.models import (
    Appeal,
    Assessment,
    Circumstance,
    Decision,
    Outcome,
    Round,
    Stage,
    State,
    Version,
    months_of,
)
from taizhang.web.assess.queries import Overlap, decisions_on, overlapping
from taizhang.web.assess.round_actions import archived_score, final_score, sign_hindrances
from taizhang.web.assess.scores import (
    ScoreDifference,
    decided_by_person,
    differences,
    item_of,
    scores_now,
    undecided,
)
from taizhang.web.ledger.open_book import open_book
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history


@dataclass(frozen=True, kw_only=True)
class RoundRow:
    """A round in the list; it leads to its one unit where the reader sees one only."""

    round: Round
    period: Period
    units: int
    appeals: int
    address: str


def round_rows(user: User, rounds: Sequence[Round], now: datetime) -> list[RoundRow]:
    """Give rounds with what the reader may see of them."""
    mine: dict[int, list[str]] = {}
    held = assessments_for(user, now).filter(round__in=rounds)
    for number, unit in held.values_list("round_id", "unit"):
        mine.setdefault(number, []).append(unit)
    waiting = dict(
        held.order_by()
        .filter(appeals__outcome="")
        .exclude(appeals=None)
        .values_list("round_id")
        .annotate(count=Count("appeals", filter=Q(appeals__outcome="")))
    )
    return [
        RoundRow(
            round=round_,
            period=round_.period,
            units=len(mine.get(round_.pk, [])),
            appeals=waiting.get(round_.pk, 0),
            address=_round_address(round_, mine.get(round_.pk, [])),
        )
        for round_ in rounds
    ]


def _round_address(round_: Round, units: Sequence[str]) -> str:
    if len(units) == 1:
        return reverse("assess:unit", args=(units[0], round_.pk))
    return reverse("assess:round", args=(round_.pk,))


@dataclass(frozen=True, kw_only=True)
class AssessmentRow:
    """A unit in the table of a round."""

    assessment: Assessment
    appeals: int
    unanswered: int


def assessment_rows(user: User, round_: Round, now: datetime) -> list[AssessmentRow]:
    """Give the units of a round that the reader may see, in code order, never ranked."""
    rows = (
        assessments_for(user, now)
        .filter(round=round_)
        .defer("draft")
        .annotate(asked=Count("appeals"), open=Count("appeals", filter=Q(appeals__outcome="")))
    )
    return [AssessmentRow(assessment=row, appeals=row.asked, unanswered=row.open) for row in rows]


@dataclass(frozen=True, kw_only=True)
class UnitChoice:
    """A unit that a round can take in, unless another one assesses it already."""

    unit: Unit
    taken: bool
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class RoundOffer:
    """What the page that opens a round offers, and which rounds overlap with it."""

    rubrics: list[Rubric]
    rubric: Rubric | None
    offices: list[Unit]
    office: str
    periods: list[str]
    period: str
    units: list[UnitChoice]
    overlaps: list[Overlap] = field(default_factory=list)
    why_not: Refused | None = None


def round_offer(
    user: User, query: dict[str, str], ticked: Collection[str] | None, now: datetime
) -> RoundOffer:
    """Give what can be opened for the rubric, period and office of the query.

    :param ticked: codes of the units that were chosen, ``None`` before anybody chose
    """
    today = timezone.localdate(now)
    programmes = programmes_on(today)
    rubrics = [pack.rubric for pack in programmes.packs if pack.rubric is not None]
    rubric = next(
        (candidate for candidate in rubrics if candidate.key == query.get("rubric")), None
    ) or (rubrics[0] if rubrics else None)
    offices = _offices(user, today)
    codes = [office.code for office in offices]
    office = query.get("unit", "")
    office = office if office in codes else (codes[0] if codes else "")
    periods = _periods(rubric.period if rubric else "year", today)
    period = query.get("period", "")
    period = period if period in periods else periods[0]
    units: list[Unit] = []
    why_not = None
    if rubric is not None and office:
        asked = parse_period(period)
        try:
            book = open_book(now=now)
            tree = history().tree(min(asked.end, today))
            units = [tree.units[code] for code in units_below(book, rubric, office, asked)]
        except Refused as refused:
            why_not = refused
    taken: frozenset[str] = frozenset()
    overlaps: list[Overlap] = []
    if rubric is not None:
        overlaps = overlapping(rubric.key, parse_period(period), [unit.code for unit in units])
        months = months_of(parse_period(period))
        rows = Assessment.objects.filter(rubric=rubric.key, live=True, **months)
        taken = frozenset(rows.values_list("unit", flat=True))
    return RoundOffer(
        rubrics=rubrics,
        rubric=rubric,
        offices=offices,
        office=office,
        periods=periods,
        period=period,
        units=[
            UnitChoice(
                unit=unit,
                taken=unit.code in taken,
                ticked=ticked is None or unit.code in ticked,
            )
            for unit in units
        ],
        overlaps=overlaps,
        why_not=why_not,
    )


def _offices(user: User, today: date) -> list[Unit]:
    """Give the units for which the person may open an assessment, the uppermost first."""
    tree = history().tree(today)
    units: dict[str, Unit] = {}
    for top in tops_reached(user, "assessment.open", tree):
        units[top.code] = top
        units.update((child.code, child) for child in tree.children(top.code))
    return list(units.values())


def _periods(kind: str, today: date) -> list[str]:
    """Give the periods of a rubric that lie in this and the last two years, the latest first."""
    years = range(today.year, today.year - 3, -1)
    periods = [period for year in years for period in reversed(periods_of(year, kind))]
    return [str(period) for period in periods if period.start <= today]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One unit's score as its page shows it.

    ``version`` is what the score was read from, ``None`` for one that was computed just now.
    """

    score: Score
    version: Version | None
    versions: list[Version]
    appeals: dict[str, Appeal]
    differences: list[ScoreDifference] = field(default_factory=list)
    today_unknown: bool = False

    @property
    def titled_appeals(self) -> list[tuple[str, Appeal]]:
        """Give the appeals with the titles of their items."""
        items = (*self.score.items, *self.score.bonus_items)
        titles = {item.key: item.title for item in items}
        return [(titles.get(key, ""), appeal) for key, appeal in self.appeals.items()]


def standing(assessment: Assessment, now: datetime) -> Standing:
    """Give the score that stands: the last frozen version, before publication that of this moment.

    :raises Refused: ASSESS_026; before publication SCORE_001 to 003
    """
    versions = list(assessment.versions.select_related("made_by").order_by("number"))
    appeals = {appeal.item: appeal for appeal in assessment.appeals.select_related("filed_by")}
    if not versions:
        score = _now(assessment, now)
        return Standing(score=score, version=None, versions=[], appeals=appeals)
    last = versions[-1]
    score = final_score(assessment) if last.stage == Stage.PUBLISHED else archived_score(last)
    other, unknown = differences_today(assessment, score, now)
    return Standing(
        score=score,
        version=last,
        versions=versions,
        appeals=appeals,
        differences=other,
        today_unknown=unknown,
    )


def _now(assessment: Assessment, now: datetime) -> Score:
    language = get_language() or "zh-hans"
    return scores_now(assessment.rubric, [assessment.unit], assessment.period, now, language)[0]


def differences_today(
    assessment: Assessment, score: Score, now: datetime
) -> tuple[list[ScoreDifference], bool]:
    """Name the items that would be scored otherwise today; True where that cannot be said."""
    try:
        return differences(score, _now(assessment, now)), False
    except Refused:  # the rubric or the unit is no longer there
        return [], True


@dataclass(frozen=True, kw_only=True)
class FigureLink:
    """A figure that an item was scored by, with the page that explains it."""

    label: str
    value: str
    unit: str
    sentence: str
    records: int | None
    address: str


@dataclass(frozen=True, kw_only=True)
class ItemShown:
    """Everything about one item of one unit."""

    item: ItemScore
    section: str
    figures: list[FigureLink]
    decisions: list[Decision]
    seen: int
    appeal: Appeal | None
    may_decide: bool
    may_appeal: bool
    may_answer: bool
    own_decision: bool  # the reader decided the item, so that somebody else answers
    sampled: bool
    circumstance: Circumstance | None
    may_state: bool
    may_adjust: bool


def item_shown(
    user: User, assessment: Assessment, standing: Standing, key: str, now: datetime
) -> ItemShown | None:
    """Give an item of a unit's assessment, ``None`` if the rubric has none of this key."""
    titles = {item.key: s.title for s in standing.score.sections for item in s.items}
    items = {item.key: item for item in (*standing.score.items, *standing.score.bonus_items)}
    item = items.get(key)
    if item is None:
        return None
    rows = decisions_on(assessment.rubric, assessment.unit, assessment.period, key)
    decisions = list(rows.select_related("decided_by"))
    state = assessment.round.state
    appeal = standing.appeals.get(key)
    unit = assessment.unit
    decider = decisions[0].decided_by_id if decisions else None
    waiting = state == State.PUBLISHED and appeal is not None and not appeal.outcome
    answers = waiting and may(user, "appeal.answer", unit)
    return ItemShown(
        item=item,
        section=titles.get(key, ""),
        figures=_figures(assessment, standing, item, now),
        decisions=decisions,
        seen=decisions[0].pk if decisions else 0,
        appeal=appeal,
        may_decide=state != State.PUBLISHED
        and state != State.WITHDRAWN
        and (decided_by_person(item) or bool(decisions))
        and may(user, "score.decide", unit),
        may_appeal=may_appeal(user, assessment, now)
        and appeal is None
        and decision_of(item.kind) is not DecisionKind.NOBODY,
        may_answer=answers and decider != user.pk,
        own_decision=answers and decider == user.pk,
        sampled=decision_of(item.kind) is DecisionKind.SAMPLE,
        **_circumstance(user, assessment, item, decider),
    )


def _circumstance(
    user: User, assessment: Assessment, item: ItemScore, decider: int | None
) -> dict[str, Any]:
    """Give what the unit stated about an item, and whether the reader may state or answer."""
    stated = assessment.circumstances.filter(item=item.key).select_related("stated_by").first()
    before = assessment.round.state in (State.OPEN, State.SCORED)
    asked = before and stated is not None and not stated.outcome
    return {
        "circumstance": stated,
        "may_state": before
        and stated is None
        and decision_of(item.kind) is not DecisionKind.NOBODY
        and may(user, "circumstance.state", assessment.unit),
        "may_adjust": asked
        and user.pk not in (decider, stated.stated_by_id if stated else None)
        and may(user, "circumstance.answer", assessment.unit),
    }


def may_appeal(user: User, assessment: Assessment, now: datetime) -> bool:
    """Say whether the reader may appeal for the unit now."""
    round_ = assessment.round
    return (
        round_.state == State.PUBLISHED
        and round_.appeal_until is not None
        and timezone.localdate(now) <= round_.appeal_until
        and assessment.accepted_at is None
        and may(user, "appeal.file", assessment.unit)
    )


def _figures(
    assessment: Assessment, standing: Standing, item: ItemScore, now: datetime
) -> list[FigureLink]:
    """Give the figures of an item as they were known on the day of the score."""
    if not item.figures:
        return []
    as_of = standing.score.as_of
    book = open_book(as_of=as_of, language=get_language() or "zh-hans", now=now)
    home = _home(book.programmes, assessment.rubric)
    answered = _answers(book, item.figures, assessment.unit, assessment.period, home)
    return [_link(figure, as_of, now) for figure in answered]


def _home(programmes: Programmes, rubric: str) -> str:
    return next(
        (pack.key for pack in programmes.packs if pack.rubric and pack.rubric.key == rubric), ""
    )


def _answers(
    book: Book, keys: Sequence[str], unit: str, period: Period, home: str
) -> Sequence[Figure]:
    try:
        return figures(
            book, Question(indicators=tuple(keys), units=(unit,), period=period, home=home)
        )
    except Refused:  # a pack that was taken out of force since
        return ()


def _link(figure: Figure, as_of: date, now: datetime) -> FigureLink:
    query = {"unit": figure.unit_code, "key": figure.key, "period": figure.period}
    if as_of != timezone.localdate(now):
        query["as_of"] = as_of.isoformat()
    return FigureLink(
        label=figure.label,
        value=figure.shown(),
        unit=unit_sign(figure.unit),
        sentence=figure.sentence,
        records=figure.records.count,
        address=f"{reverse('figures:figure')}?{urlencode(query)}",
    )


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """What has to be known before a round is signed."""

    hindrances: Refused | None
    undecided: list[str]
    changed: list[tuple[Appeal, str]]  # with the item's title


def sign_off(round_: Round, now: datetime) -> SignOff:
    """Give what stands in the way of signing, and what is signed."""
    rows = list(round_.assessments.order_by("unit"))
    issues = sign_hindrances(round_, rows, timezone.localdate(now))
    scores = {row.pk: final_score(row) for row in rows}
    changed = Appeal.objects.filter(assessment__in=rows, outcome=Outcome.ALLOWED)
    return SignOff(
        hindrances=Refused(issues) if issues else None,
        undecided=undecided(scores.values()),
        changed=[
            (
                appeal,
                item.title if (item := item_of(scores[appeal.assessment_id], appeal.item)) else "",
            )
            for appeal in changed.select_related("assessment", "decision").order_by("pk")
        ],
    )


def points_typed(text: str) -> Fraction | None:
    """Read points that somebody typed, in full-width digits too; ``None`` for nothing.

    :raises Refused: ASSESS_027
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return None
    if not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", typed):
        raise Refused([Issue(AssessCode.ASSESS_027, facts={"text": text.strip()[:40]})])
    return Fraction(typed)


def count_typed(text: str) -> int | None:
    """Read a count that somebody typed; ``None`` for nothing.

    :raises Refused: ASSESS_027
    """
    points = points_typed(text)
    if points is None:
        return None
    if points.denominator != 1 or points < 0:
        raise Refused([Issue(AssessCode.ASSESS_027, facts={"text": text.strip()[:40]})])
    return points.numerator


def may_open(user: User) -> bool:
    """Say whether the reader may open assessments anywhere."""
    return bool(reach(user, "assessment.open"))


def notice_facts(round_: Round) -> dict[str, Any]:
    """Give what the notice of results says: the versions that stand, in code order."""
    rows = list(round_.assessments.order_by("unit"))
    last: dict[int, Version] = {}
    for version in Version.objects.filter(assessment__in=rows).order_by("number"):
        last[version.assessment_id] = version
    appeals = Appeal.objects.filter(assessment__in=rows)
    signed = round_.state == State.SIGNED and round_.closed_at is not None
    return {
        "title": round_.title,
        "plan_number": round_.plan_number,
        "scores": [(archived_score(last[row.pk]), last[row.pk].digest) for row in rows],
        "appeals": (appeals.count(), appeals.filter(outcome=Outcome.ALLOWED).count()),
        "signed_on": timezone.localdate(round_.closed_at) if signed else None,
        "reason": round_.closed_reason if signed else "",
    }


@dataclass(frozen=True, kw_only=True)
class SelfScore:
    """What a unit would have by today's figures in the running period: asked for, never stored."""

    rubrics: list[Rubric]
    rubric: Rubric | None
    score: Score | None


def self_score(unit: str, wanted: str, now: datetime) -> SelfScore:
    """Score a unit in the running period of a rubric, as if the period ended now.

    :param wanted: key of the rubric; the first one otherwise
    """
    today = timezone.localdate(now)
    kind = history().tree(today).required(unit).kind
    packs = programmes_on(today).packs
    rubrics = [pack.rubric for pack in packs if pack.rubric and kind in pack.rubric.unit_kinds]
    rubric = next(
        (offered for offered in rubrics if offered.key == wanted), rubrics[0] if rubrics else None
    )
    if rubric is None:
        return SelfScore(rubrics=[], rubric=None, score=None)
    period = parse_period(_periods(rubric.period, today)[0])
    language = get_language() or "zh-hans"
    (score,) = scores_now(rubric.key, [unit], period, now, language, so_far=True)
    return SelfScore(rubrics=rubrics, rubric=rubric, score=score)


def own_unit(user: User, now: datetime) -> Unit | None:
    """Give the unit at which the reader is at home, where a rubric in force binds its kind."""
    today = timezone.localdate(now)
    unit = history().tree(today).unit(home_unit(user, now))
    rubrics = [pack.rubric for pack in programmes_on(today).packs if pack.rubric]
    bound = unit is not None and any(unit.kind in rubric.unit_kinds for rubric in rubrics)
    return unit if bound else None
