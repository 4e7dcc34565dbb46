"""Appeals against published points, and circumstances stated before: filed once, answered once."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.invisible_sign import words_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.quantity import SCALE
from taizhang.core.definition.rubric import Item
from taizhang.core.scoring import rubric_named
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.assess.actions import (
    decision_moment,
    item_stated,
    items_stated,
    nobody_decides,
    points_faults,
    too_long,
)
from taizhang.web.assess.code import AssessCode
from taizhang.web.assess.models import (
    Appeal,
    Assessment,
    Circumstance,
    CircumstanceOutcome,
    Decision,
    Outcome,
    Round,
    Stage,
    State,
    months_of,
)
from taizhang.web.assess.queries import decisions_on
from taizhang.web.assess.round_actions import archived_score, final_score, round_state_check
from taizhang.web.assess.scores import item_of, items_of, sums_shown
from taizhang.web.audit.actions import audit_append
from taizhang.web.audit.snapshot import Rows
from taizhang.web.programmes.queries import programmes_on


@transaction.atomic
def appeal_file(
    *, number: int, unit: str, item: str, text: str, acting_user: User, now: datetime
) -> Appeal:
    """Appeal against the points of one item, before the deadline, once.

    :raises Refused: ACCESS_001, ASSESS_001, 005, 012, 013, 016 to 018, 025
    """
    row = _published(number, unit, "appeal.file", acting_user)
    text = words_of(text)
    score = archived_score(row.versions.get(stage=Stage.PUBLISHED))
    scored = item_of(score, item)
    if scored is None:
        known = ", ".join(known_item.key for known_item in items_of(score))
        facts = {"rubric": row.rubric, "item": item, "known": known}
        raise Refused([Issue(AssessCode.ASSESS_001, facts=facts)])
    issues = _deadline(row.round, now) + nobody_decides(scored.title, scored.kind)
    if not text:
        issues.append(Issue(AssessCode.ASSESS_017))
    issues += too_long(text)
    if row.accepted_at is not None:
        issues.append(Issue(AssessCode.ASSESS_025))
    if row.appeals.filter(item=item).exists():
        issues.append(Issue(AssessCode.ASSESS_018, facts={"item": scored.title}))
    if issues:
        raise Refused(issues)
    appeal = Appeal.objects.create(
        assessment=row, item=item, text=text, filed_at=now, filed_by=acting_user
    )
    rows: Rows = {Appeal: [appeal.pk]}
    audit_append(
        actor=acting_user, action="appeal.file", objects=[str(appeal.pk)], rows=rows, now=now
    )
    return appeal


@transaction.atomic
def appeal_answer(
    *,
    number: int,
    unit: str,
    item: str,
    allowed: bool,
    points: Fraction | None,
    reason: str,
    acting_user: User,
    now: datetime,
) -> Appeal:
    """Answer an appeal with a reason: dismissed, the score stands; allowed, it is ``points``.

    :param points: on the rubric's own scale, as a decision; what they count here follows

    :raises Refused: ACCESS_001, ASSESS_002, 005, 012, 013, 019, 020
    """
    row = _published(number, unit, "appeal.answer", acting_user)
    appeal = row.appeals.select_for_update().filter(item=item).first()
    if appeal is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    reason = words_of(reason)
    points = points if allowed else None
    issues = _answer_faults(row, appeal, points, reason, acting_user)
    if allowed and points is None and reason:
        issues.append(Issue(AssessCode.ASSESS_020))
    if issues:
        raise Refused(issues)
    appeal.outcome = Outcome.ALLOWED if allowed else Outcome.DISMISSED
    appeal.reason, appeal.answered_at, appeal.answered_by = reason, now, acting_user
    appeal.save(update_fields=("outcome", "reason", "answered_at", "answered_by"))
    rows: Rows = {Appeal: [appeal.pk]}
    if points is not None:
        told = {"reason": reason, "decided_at": now, "decided_by": acting_user}
        decision = _given(row, item, points, appeal=appeal, **told)
        row.shown = sums_shown(final_score(row))
        row.save(update_fields=("shown",))
        rows = {**rows, Decision: [decision.pk], Assessment: [row.pk]}
    audit_append(
        actor=acting_user, action="appeal.answer", objects=[str(appeal.pk)], rows=rows, now=now
    )
    return appeal


def _given(row: Assessment, item: str, points: Fraction, **more: object) -> Decision:
    """Put points that stand in the place of the rule's on record as a decision."""
    return Decision.objects.create(
        rubric=row.rubric,
        item=item,
        unit=row.unit,
        **months_of(row.period),
        points=int(points * SCALE),
        **more,
    )


def _answer_faults(
    row: Assessment, appeal: Appeal, points: Fraction | None, reason: str, user: User
) -> list[Issue]:
    item = item_of(archived_score(row.versions.get(stage=Stage.PUBLISHED)), appeal.item)
    title = appeal.item if item is None else item.title
    if appeal.outcome:
        return [Issue(AssessCode.ASSESS_018, facts={"item": title})]
    issues = []
    if not reason:
        issues.append(Issue(AssessCode.ASSESS_020))
    issues += too_long(reason)
    if points is not None:
        applies = item is not None and not item.not_applicable
        issues += points_faults(title, points, item.stated_max if item and applies else Fraction(0))
    if decided_by(row, appeal.item) == user.pk:
        issues.append(Issue(AssessCode.ASSESS_019, facts={"item": title}))
    return issues


def decided_by(row: Assessment, item: str) -> int | None:
    """Give the id of whoever decided an item last, ``None`` where only the rule gave points."""
    decisions = decisions_on(row.rubric, row.unit, row.period, item)
    return decisions.values_list("decided_by_id", flat=True).first()


@transaction.atomic
def assessment_accept(*, number: int, unit: str, acting_user: User, now: datetime) -> Assessment:
    """Let a unit accept its published result, so that nobody need wait for the deadline.

    :raises Refused: ACCESS_001, ASSESS_012, 013, 022
    """
    row = _published(number, unit, "appeal.file", acting_user)
    if count := row.appeals.filter(outcome="").count():
        raise Refused([Issue(AssessCode.ASSESS_022, facts={"count": count})])
    if row.accepted_at is None:
        row.accepted_at, row.accepted_by = now, acting_user
        row.save(update_fields=("accepted_at", "accepted_by"))
        audit_append(
            actor=acting_user,
            action="assessment.accept",
            objects=[str(row.pk)],
            rows={Assessment: [row.pk]},
            now=now,
        )
    return row


@transaction.atomic
def circumstance_state(
    *, number: int, unit: str, item: str, text: str, acting_user: User, now: datetime
) -> Circumstance:
    """State a circumstance of one item, before publication, once.

    :raises Refused: ACCESS_001, ASSESS_001, 005, 012, 013, 029, 030, 031
    """
    row = _unpublished(number, unit, "circumstance.state", acting_user)
    stated = _item_asked(row, item, now)
    text = words_of(text)
    issues = nobody_decides(stated.title, stated.rule.kind) + too_long(text)
    if not text:
        issues.append(Issue(AssessCode.ASSESS_030))
    if row.circumstances.filter(item=item).exists():
        issues.append(Issue(AssessCode.ASSESS_031, facts={"item": stated.title}))
    if issues:
        raise Refused(issues)
    moment = decision_moment(row.rubric, unit, row.period, now)
    circumstance = Circumstance.objects.create(
        assessment=row, item=item, text=text, stated_at=moment, stated_by=acting_user
    )
    audit_append(
        actor=acting_user,
        action="circumstance.state",
        objects=[str(circumstance.pk)],
        rows={Circumstance: [circumstance.pk]},
        now=now,
    )
    return circumstance


@transaction.atomic
def circumstance_answer(
    *,
    number: int,
    unit: str,
    item: str,
    adjusted: bool,
    points: Fraction | None,
    reason: str,
    acting_user: User,
    now: datetime,
) -> Circumstance:
    """Answer a stated circumstance with a reason: not adjusted, or adjusted to ``points``.

    :param points: on the rubric's own scale; never fewer than the rule gives

    :raises Refused: ACCESS_001, ASSESS_001, 002, 005, 012, 013, 020, 031, 032
    """
    row = _unpublished(number, unit, "circumstance.answer", acting_user)
    circumstance = row.circumstances.select_for_update().filter(item=item).first()
    if circumstance is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    stated = _item_asked(row, item, now)
    if circumstance.outcome:
        raise Refused([Issue(AssessCode.ASSESS_031, facts={"item": stated.title})])
    reason, points = words_of(reason), points if adjusted else None
    issues = too_long(reason)
    if not reason or (adjusted and points is None):
        issues.append(Issue(AssessCode.ASSESS_020))
    if points is not None:
        issues += points_faults(stated.title, points, stated.max)
    if acting_user.pk in (decided_by(row, item), circumstance.stated_by_id):
        issues.append(Issue(AssessCode.ASSESS_032, facts={"item": stated.title}))
    if issues:
        raise Refused(issues)
    moment = decision_moment(row.rubric, unit, row.period, now)
    outcome = CircumstanceOutcome.ADJUSTED if adjusted else CircumstanceOutcome.DECLINED
    circumstance.outcome, circumstance.reason = outcome, reason
    circumstance.answered_at, circumstance.answered_by = moment, acting_user
    circumstance.save(update_fields=("outcome", "reason", "answered_at", "answered_by"))
    rows: Rows = {Circumstance: [circumstance.pk]}
    if points is not None:
        told = {"reason": reason, "decided_at": moment, "decided_by": acting_user}
        decision = _given(row, item, points, circumstance=circumstance, **told)
        rows = {**rows, Decision: [decision.pk]}
    audit_append(
        actor=acting_user,
        action="circumstance.answer",
        objects=[str(circumstance.pk)],
        rows=rows,
        now=now,
    )
    return circumstance


def _item_asked(row: Assessment, key: str, now: datetime) -> Item:
    """Give an item of the rubric in force.

    :raises Refused: SCORE_001, ASSESS_001
    """
    rubric = rubric_named(programmes_on(timezone.localdate(now)), row.rubric)
    stated = item_stated(rubric, key)
    if stated is None:
        known = ", ".join(item.key for item in items_stated(rubric))
        facts = {"rubric": row.rubric, "item": key, "known": known}
        raise Refused([Issue(AssessCode.ASSESS_001, facts=facts)])
    return stated


def _unpublished(number: int, unit: str, action: str, user: User) -> Assessment:
    """Lock a unit's assessment before its result is published.

    :raises Refused: ACCESS_001, ASSESS_012, 013
    """
    return _assessment(number, unit, action, user, State.OPEN, State.SCORED)


def _published(number: int, unit: str, action: str, user: User) -> Assessment:
    """Lock a unit's assessment while appeals are heard.

    :raises Refused: ACCESS_001, ASSESS_012, 013
    """
    return _assessment(number, unit, action, user, State.PUBLISHED)


def _assessment(number: int, unit: str, action: str, user: User, *states: State) -> Assessment:
    require(user, action, unit)
    round_ = Round.objects.select_for_update().filter(pk=number).first()
    if round_ is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    row = round_.assessments.select_for_update().filter(unit=unit).first()
    if row is None:
        raise Refused([Issue(AssessCode.ASSESS_012)])
    round_state_check(round_, *states)
    return row


def _deadline(round_: Round, now: datetime) -> list[Issue]:
    until = round_.appeal_until
    if until is not None and timezone.localdate(now) > until:
        return [Issue(AssessCode.ASSESS_016, facts={"day": until.isoformat()})]
    return []
