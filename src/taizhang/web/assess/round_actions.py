"""The course of a round: opened, computed, published, signed off, corrected, withdrawn.

A round runs open → scored → published → signed.  Publishing freezes each unit's score; signing
freezes it again with what appeals changed, and nothing else: what the unit could appeal against
is what is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.db.models import F, Max, Model, Q, QuerySet
from django.utils import timezone

from taizhang.core.base.invisible_sign import words_of
from taizhang.core.base.issue import Issue, Marked, Refused
from taizhang.core.base.period import Period
from taizhang.core.base.quantity import SCALE
from taizhang.core.book import AppealedPoints
from taizhang.core.scoring import Score, rubric_named
from taizhang.core.scoring.appeal import with_appeals
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.assess.actions import too_long, unit_check
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
from taizhang.web.assess.queries import overlapping
from taizhang.web.assess.scores import scores_now, sums_shown, undecided
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.audit.snapshot import Rows
from taizhang.web.base.archive_json import archive_digest, archive_read, archive_text
from taizhang.web.base.working_days import working_days_after
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

#: Units computed in one request, so that a page can show how far it has come.
STEP = 25
#: Working days for appeals that may be set, and the usual ones.
MOST_DAYS, USUAL_DAYS = 60, 5
LONGEST_NUMBER = 120


@transaction.atomic
def round_open(
    *,
    rubric: str,
    period: Period,
    plan_number: str,
    office: str,
    units: Sequence[str],
    overlap_reason: str = "",
    acting_user: User,
    now: datetime,
) -> Round:
    """Open the assessment of units by a rubric for a period under its filed plan number.

    :param office: the unit that assesses; ``units`` lie below it
    :param overlap_reason: why units are assessed although another assessment of them overlaps
    :raises Refused: ACCESS_001, SCORE_001 to 003, ASSESS_005, 009 to 011, 028
    """
    require(acting_user, "assessment.open", office)
    for unit in units:
        require(acting_user, "assessment.open", unit)
    today = timezone.localdate(now)
    rubric_in_force = rubric_named(programmes_on(today), rubric)
    number = " ".join(plan_number.split())
    codes = sorted(set(units))
    for code in codes:
        unit_check(rubric_in_force, code, period, now)
    months = months_of(period)
    write_lock()
    issues = _opening_faults(rubric_in_force.key, months, number, codes)
    reason, beside = words_of(overlap_reason), overlapping(rubric_in_force.key, period, codes)
    if beside and not reason:
        names = names_shortened([overlap.sentence for overlap in beside])
        issues.append(Issue(AssessCode.ASSESS_028, facts={"rounds": names}))
    issues += too_long(reason)
    if issues:
        raise Refused(issues)
    opened = Round.objects.create(
        rubric=rubric_in_force.key,
        title=rubric_in_force.title,
        unit=office,
        plan_number=number,
        opened_at=now,
        opened_by=acting_user,
        overlap_reason=reason if beside else None,
        **months,
    )
    tree = history().tree(min(period.end, today))
    rows = Assessment.objects.bulk_create(
        Assessment(
            round=opened,
            rubric=rubric_in_force.key,
            unit=code,
            unit_name=tree.units[code].name,
            **months,
        )
        for code in codes
    )
    _log(opened, "assessment.open", acting_user, now, {Assessment: rows})
    return opened


def _opening_faults(
    rubric: str, months: Mapping[str, int], number: str, codes: Sequence[str]
) -> list[Issue]:
    """Find why a round cannot be opened so."""
    issues = []
    if not number:
        issues.append(Issue(AssessCode.ASSESS_009))
    issues += too_long(number, LONGEST_NUMBER)
    if not codes:
        issues.append(Issue(AssessCode.ASSESS_011))
    taken = Assessment.objects.filter(rubric=rubric, live=True, unit__in=codes, **months)
    if names := list(taken.order_by("unit").values_list("unit_name", flat=True)):
        issues.append(Issue(AssessCode.ASSESS_010, facts={"names": names_shortened(names)}))
    return issues


@dataclass(frozen=True, slots=True)
class ScoringProgress:
    """How many of how many units are computed."""

    done: int
    all: int

    @property
    def finished(self) -> bool:
        """Say whether every unit is computed."""
        return self.done == self.all


def round_score(
    *, number: int, begin: bool = False, acting_user: User, now: datetime
) -> ScoringProgress:
    """Compute the scores of some more units; of all anew from the start with ``begin``.

    Called again until it is finished, each time for a few units in a transaction of its own, so
    that a page can show how far it has come and a broken connection loses nothing.

    :raises Refused: ACCESS_001, ASSESS_012, 013
    """
    with transaction.atomic():
        round_ = _round(number, acting_user, "assessment.open", State.OPEN, State.SCORED)
        if begin or round_.run_at is None:
            round_.run_at = _after_scored(round_, now)
            round_.state = State.OPEN
            round_.save(update_fields=("run_at", "state"))
            _log(round_, "assessment.score", acting_user, now)
        run = round_.run_at
        # A clock that was put back must not leave units waiting for ever.
        moment = max([now, run, *_decided_last(round_).values()])
        waiting = _waiting(round_).order_by("unit")[:STEP]
        units = list(waiting.values_list("unit", flat=True))
    # Outside the transaction: computing must not keep others from writing.
    scores = scores_now(round_.rubric, units, round_.period, now) if units else ()
    with transaction.atomic():
        round_ = _round(number, acting_user, "assessment.open", State.OPEN, State.SCORED)
        if round_.run_at != run:  # somebody began anew meanwhile
            return _progress(round_)
        for score in scores:
            round_.assessments.filter(unit=score.unit_code).update(
                draft=archive_text(score), scored_at=moment, shown=sums_shown(score)
            )
        progress = _progress(round_)
        done = progress.finished and round_.state != State.SCORED
        if done:
            round_.state = State.SCORED
            round_.save(update_fields=("state",))
        if scores or done:
            scored = round_.assessments.filter(unit__in=[score.unit_code for score in scores])
            _log(round_, "assessment.score", acting_user, now, {Assessment: scored})
        return progress


@transaction.atomic
def round_publish(*, number: int, days: int, acting_user: User, now: datetime) -> Round:
    """Publish the computed scores: freeze them and let the units appeal for some working days.

    :raises Refused: ACCESS_001, ASSESS_012 to 015
    """
    round_ = _round(number, acting_user, "assessment.open", State.SCORED)
    issues = []
    if not 1 <= days <= MOST_DAYS:
        issues.append(Issue(AssessCode.ASSESS_015, facts={"days": days}))
    rows = list(round_.assessments.select_for_update().order_by("unit"))
    if names := _stale(round_, rows):
        issues.append(Issue(AssessCode.ASSESS_014, facts={"names": names}))
    if issues:
        raise Refused(issues)
    round_.state = State.PUBLISHED
    round_.published_at, round_.published_by = now, acting_user
    round_.appeal_until = working_days_after(timezone.localdate(now), days)
    round_.save(update_fields=("state", "published_at", "published_by", "appeal_until"))
    versions = [_version(row, 1, Stage.PUBLISHED, row.draft, "", acting_user, now) for row in rows]
    _freeze(round_, "assessment.publish", rows, versions, acting_user, now)
    return round_


def names_shortened(names: Sequence[str], most: int = 6) -> str:
    """Join names; of many only the first few and how many there are."""
    joined = "、".join(names[:most])
    return joined if len(names) <= most else f"{joined} … ({len(names)})"


def _stale(round_: Round, rows: Sequence[Assessment]) -> str:
    """Name the units that were decided again after their score was computed."""
    latest = _decided_last(round_)
    return names_shortened(
        [
            row.unit_name
            for row in rows
            if row.scored_at is None or (row.unit in latest and latest[row.unit] > row.scored_at)
        ]
    )


def _after_scored(round_: Round, now: datetime) -> datetime:
    """Give the moment of a new computing: after every score of the one before."""
    latest = round_.assessments.aggregate(last=Max("scored_at"))["last"]
    return now if latest is None else max(now, latest + timedelta(microseconds=1))


def _decided_last(round_: Round) -> dict[str, datetime]:
    """Give for each unit of a round the moment of the last decision or statement about it."""
    decided = Decision.objects.filter(
        rubric=round_.rubric,
        **months_of(round_.period),
        unit__in=round_.assessments.values("unit"),
    )
    latest = dict(decided.values_list("unit").annotate(last=Max("decided_at")).order_by())
    stated = Circumstance.objects.filter(assessment__round=round_)
    for unit, *moments in stated.values_list("assessment__unit", "stated_at", "answered_at"):
        known = [moment for moment in (latest.get(unit), *moments) if moment is not None]
        latest[unit] = max(known)
    return latest


@transaction.atomic
def round_sign(*, number: int, reason: str = "", acting_user: User, now: datetime) -> Round:
    """Sign off: freeze for each unit what was published with what appeals changed.

    :param reason: why it is signed although items are not decided
    :raises Refused: ACCESS_001, ASSESS_005, 012, 013, 021 to 023, 026
    """
    round_ = _round(number, acting_user, "assessment.sign", State.PUBLISHED)
    rows = list(round_.assessments.select_for_update().order_by("unit"))
    scores = [final_score(row) for row in rows]
    reason = words_of(reason)
    issues = sign_hindrances(round_, rows, timezone.localdate(now))
    open_items = undecided(scores)
    if open_items and not reason:
        issues.append(Issue(AssessCode.ASSESS_023, facts={"items": names_shortened(open_items)}))
    issues += too_long(reason)
    if issues:
        raise Refused(issues)
    round_.state = State.SIGNED
    round_.closed_at, round_.closed_by, round_.closed_reason = now, acting_user, reason
    round_.save(update_fields=("state", "closed_at", "closed_by", "closed_reason"))
    versions = []
    for row, score in zip(rows, scores, strict=True):
        why = reason if undecided([score]) else ""
        versions.append(_version(row, 2, Stage.SIGNED, archive_text(score), why, acting_user, now))
        row.shown = sums_shown(score)
        row.save(update_fields=("shown",))
    _freeze(round_, "assessment.sign", rows, versions, acting_user, now)
    return round_


def sign_hindrances(round_: Round, rows: Sequence[Assessment], today: date) -> list[Issue]:
    """Find what stands in the way of signing, undecided items left aside."""
    issues = []
    if round_.appeal_until is not None and today <= round_.appeal_until:
        names = names_shortened([row.unit_name for row in rows if row.accepted_at is None])
        if names:
            facts = {"day": round_.appeal_until.isoformat(), "names": names}
            issues.append(Issue(AssessCode.ASSESS_021, facts=facts))
    if count := Appeal.objects.filter(assessment__in=rows, outcome="").count():
        issues.append(Issue(AssessCode.ASSESS_022, facts={"count": count}))
    return issues


def final_score(assessment: Assessment) -> Score:
    """Give the published score with what answered appeals changed.

    :raises Refused: ASSESS_026 when the published version is not as it was frozen
    """
    published = archived_score(assessment.versions.get(stage=Stage.PUBLISHED))
    answered = assessment.appeals.filter(outcome=Outcome.ALLOWED).select_related("decision")
    appeals = {
        appeal.item: AppealedPoints(Fraction(appeal.decision.points or 0, SCALE), appeal.reason)
        for appeal in answered
    }
    return with_appeals(published, appeals)


def archived_score(version: Version) -> Score:
    """Read a frozen score.

    :raises Refused: ASSESS_026 when its text does not fit its digest
    """
    if archive_digest(version.content) != version.digest:
        raise Refused([Issue(AssessCode.ASSESS_026, facts={"number": version.number})])
    score = archive_read(version.content)
    if not isinstance(score, Score):
        raise TypeError(f"version {version.pk} holds no score")
    return score


def version_correct(
    *, number: int, unit: str, reason: str, acting_user: User, now: datetime
) -> Version:
    """Freeze a unit's score of today as a new version after sign-off; the older ones stay.

    :raises Refused: ACCESS_001, ASSESS_005, 012, 013, 024
    """
    reason = words_of(reason)
    require(acting_user, "assessment.sign", unit)
    round_ = _round(number, acting_user, "assessment.sign", State.SIGNED)
    issues = too_long(reason) if reason else [Issue(AssessCode.ASSESS_024)]
    if issues:
        raise Refused(issues)
    (score,) = scores_now(round_.rubric, [unit], round_.period, now)
    with transaction.atomic():
        round_ = _round(number, acting_user, "assessment.sign", State.SIGNED)
        row = round_.assessments.select_for_update().filter(unit=unit).first()
        if row is None:
            raise Refused([Issue(AssessCode.ASSESS_012)])
        last = row.versions.aggregate(last=Max("number"))["last"]
        text = archive_text(score)
        version = _version(row, last + 1, Stage.CORRECTED, text, reason, acting_user, now)
        row.shown = sums_shown(score)
        row.save(update_fields=("shown",))
        _freeze(round_, "assessment.correct", [row], [version], acting_user, now)
        return Version.objects.get(assessment=row, number=last + 1)


@transaction.atomic
def round_withdraw(*, number: int, reason: str, acting_user: User, now: datetime) -> Round:
    """Withdraw a round that was not published, so that its units can be assessed anew.

    :raises Refused: ACCESS_001, ASSESS_005, 012, 013, 024
    """
    round_ = _round(number, acting_user, "assessment.open", State.OPEN, State.SCORED)
    reason = words_of(reason)
    issues = too_long(reason) if reason else [Issue(AssessCode.ASSESS_024)]
    if issues:
        raise Refused(issues)
    round_.state = State.WITHDRAWN
    round_.closed_at, round_.closed_by, round_.closed_reason = now, acting_user, reason
    round_.save(update_fields=("state", "closed_at", "closed_by", "closed_reason"))
    round_.assessments.update(live=False)
    _log(round_, "assessment.withdraw", acting_user, now, {Assessment: round_.assessments.all()})
    return round_


def _round(number: int, user: User, action: str, *states: State) -> Round:
    """Lock a round in one of some states.

    :raises Refused: ASSESS_012, ACCESS_001, ASSESS_013
    """
    rows = Round.objects.all()
    if transaction.get_connection().in_atomic_block:
        rows = rows.select_for_update()
    round_ = rows.filter(pk=number).first()
    if round_ is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    require(user, action, round_.unit)
    round_state_check(round_, *states)
    return round_


def round_state_check(round_: Round, *states: State) -> None:
    """See that a round is in one of some states.

    :raises Refused: ASSESS_013
    """
    if round_.state not in states:
        # A marked text, translated with its message.
        facts = {"state": Marked(_STATES[State(round_.state)])}
        raise Refused([Issue(AssessCode.ASSESS_013, facts=facts)])


_STATES = {
    State.OPEN: "open",
    State.SCORED: "scored",
    State.PUBLISHED: "published, appeals are heard",
    State.SIGNED: "signed off",
    State.WITHDRAWN: "withdrawn",
}


def _waiting(round_: Round) -> QuerySet[Assessment]:
    return round_.assessments.filter(
        Q(scored_at__isnull=True) | Q(scored_at__lt=F("round__run_at"))
    )


def _progress(round_: Round) -> ScoringProgress:
    count = round_.assessments.count()
    return ScoringProgress(count - _waiting(round_).count(), count)


def _version(
    row: Assessment,
    number: int,
    stage: Stage,
    text: str,
    reason: str,
    user: User,
    now: datetime,
) -> Version:
    return Version(
        assessment=row,
        number=number,
        stage=stage,
        content=text,
        digest=archive_digest(text),
        reason=reason,
        made_at=now,
        made_by=user,
    )


def _freeze(
    round_: Round,
    action: str,
    rows: Sequence[Assessment],
    versions: Sequence[Version],
    user: User,
    now: datetime,
) -> None:
    """Store versions and the row of the log that covers them with their assessments."""
    made = Version.objects.bulk_create(versions)
    _log(round_, action, user, now, {Assessment: rows, Version: made})


def _log(
    round_: Round,
    action: str,
    user: User,
    now: datetime,
    rows: Mapping[type[Model], Iterable[Model]] | None = None,
) -> None:
    """Write to the log what became of a round and, beside it, of other rows."""
    others = {model: [row.pk for row in instances] for model, instances in (rows or {}).items()}
    touched: Rows = {Round: [round_.pk], **others}
    audit_append(actor=user, action=action, objects=[str(round_.pk)], rows=touched, now=now)
