"""Decisions on items that figures alone do not score: points with a reason; the last stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.invisible_sign import words_of
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period
from taizhang.core.base.quantity import SCALE
from taizhang.core.definition.rubric import Item, Rubric
from taizhang.core.scoring import ScoreCode, rubric_named
from taizhang.core.scoring.kinds import decision_of
from taizhang.core.scoring.rule import Decision as DecisionKind
from taizhang.core.text.number import points_text
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.assess.code import AssessCode
from taizhang.web.assess.models import Assessment, Decision, State, months_of
from taizhang.web.assess.queries import decisions_on
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

#: A reason is a few sentences about the work of a unit.
LONGEST = 2_000


@transaction.atomic
def decision_make(
    *,
    rubric: str,
    item: str,
    unit: str,
    period: Period,
    points: Fraction | None = None,
    errors: int | None = None,
    checked: int | None = None,
    reason: str = "",
    seen: int | None = None,
    acting_user: User,
    now: datetime,
) -> Decision:
    """Decide an item of a unit's assessment; an earlier decision stays on record, the last stands.

    :param seen: id of the last decision that the person has seen, 0 for none; a newer one of
        somebody else then refuses theirs
    :raises Refused: ACCESS_001, SCORE_001, SCORE_002, SCORE_003 or every ASSESS_… issue
    """
    require(acting_user, "score.decide", unit)
    rubric_in_force = rubric_named(programmes_on(timezone.localdate(now)), rubric)
    unit_check(rubric_in_force, unit, period, now)
    reason = words_of(reason)
    issues = _faults(rubric_in_force, item, points, errors, checked, reason)
    issues += _not_now(rubric_in_force, item, unit, period, seen)
    if issues:
        raise Refused(issues)
    decision = Decision.objects.create(
        rubric=rubric_in_force.key,
        item=item,
        unit=unit,
        **months_of(period),
        points=None if points is None else int(points * SCALE),
        errors=errors,
        checked=checked,
        reason=reason,
        decided_at=decision_moment(rubric_in_force.key, unit, period, now),
        decided_by=acting_user,
    )
    audit_append(
        actor=acting_user,
        action="score.decide",
        objects=[str(decision.pk)],
        rows={Decision: [decision.pk]},
        now=now,
    )
    return decision


def decision_moment(rubric: str, unit: str, period: Period, now: datetime) -> datetime:
    """Give the moment of a decision: ``now``, but after the score that it makes stale.

    Where a clock was put back, the score would else seem to know of the decision.
    """
    rows = Assessment.objects.filter(rubric=rubric, unit=unit, live=True, **months_of(period))
    scored = rows.exclude(scored_at=None).values_list("scored_at", flat=True).first()
    return now if scored is None else max(now, scored + timedelta(microseconds=1))


def _not_now(rubric: Rubric, item: str, unit: str, period: Period, seen: int | None) -> list[Issue]:
    """Find why a decision comes at the wrong moment: results are out, or another was quicker."""
    stated = item_stated(rubric, item)
    title = item if stated is None else stated.title
    issues = []
    # Locked, so that nothing is decided while somebody publishes.
    rows = Assessment.objects.select_for_update().filter(rubric=rubric.key, unit=unit, live=True)
    held = rows.filter(**months_of(period)).first()
    if held is not None and held.round.state == State.PUBLISHED:
        issues.append(Issue(AssessCode.ASSESS_008, facts={"item": title}))
    if seen is not None:
        write_lock()  # where no round is open, no assessment could be locked
        decisions = decisions_on(rubric.key, unit, period, item)
        if (decisions.values_list("id", flat=True).first() or 0) != seen:
            issues.append(Issue(AssessCode.ASSESS_007, facts={"item": title}))
    return issues


def unit_check(rubric: Rubric, code: str, period: Period, now: datetime) -> None:
    """See that a unit exists and that the rubric scores its kind.

    :raises Refused: SCORE_002, SCORE_003
    """
    tree = history().tree(min(period.end, timezone.localdate(now)))
    unit = tree.required(code)
    if unit.kind not in rubric.unit_kinds:
        facts = {
            "rubric": rubric.key,
            "kinds": "、".join(rubric.unit_kinds),
            "unit": code,
            "name": unit.name,
            "kind": unit.kind,
        }
        raise Refused([Issue(ScoreCode.SCORE_003, facts=facts)])


def _faults(
    rubric: Rubric,
    key: str,
    points: Fraction | None,
    errors: int | None,
    checked: int | None,
    reason: str,
) -> list[Issue]:
    """Find all that is wrong with a decision."""
    stated_item = item_stated(rubric, key)
    if stated_item is None:
        known = ", ".join(item.key for item in items_stated(rubric))
        facts = {"rubric": rubric.key, "item": key, "known": known}
        return [Issue(AssessCode.ASSESS_001, facts=facts)]
    issues = nobody_decides(stated_item.title, stated_item.rule.kind)
    if points is not None:
        issues += points_faults(stated_item.title, points, stated_item.max)
        if not reason:
            issues.append(Issue(AssessCode.ASSESS_006, facts={"item": stated_item.title}))
    if (errors, checked) != (None, None) and not (
        errors is not None and checked is not None and 0 <= errors <= checked and checked > 0
    ):
        counts: dict[str, object] = {"errors": "-" if errors is None else errors}
        counts["checked"] = "-" if checked is None else checked
        issues.append(Issue(AssessCode.ASSESS_003, facts=counts))
    if points is None and errors is None and checked is None:
        issues.append(Issue(AssessCode.ASSESS_004, facts={"item": stated_item.title}))
    return issues + too_long(reason)


def nobody_decides(title: str, kind: str) -> list[Issue]:
    """Find that an item of a kind waits for its source, whoever would decide it: ASSESS_029."""
    if decision_of(kind) is not DecisionKind.NOBODY:
        return []
    return [Issue(AssessCode.ASSESS_029, facts={"item": title})]


def item_stated(rubric: Rubric, key: str) -> Item | None:
    """Find an item of a rubric, a bonus too, by its key."""
    return next((item for item in items_stated(rubric) if item.key == key), None)


def items_stated(rubric: Rubric) -> Iterator[Item]:
    """Walk the items of a rubric, those of the bonus last."""
    for section in rubric.sections:
        yield from section.items
    yield from rubric.bonus


def points_faults(title: str, points: Fraction, most: Fraction) -> list[Issue]:
    """Find why an item worth ``most`` cannot have ``points``: ASSESS_002."""
    if 0 <= points <= most and (points * SCALE).denominator == 1:
        return []
    shown = {"points": points_text(points), "max": points_text(most)}
    return [Issue(AssessCode.ASSESS_002, facts={"item": title, **shown})]


def too_long(text: str, most: int = LONGEST) -> list[Issue]:
    """Find that a text has more than ``most`` characters: ASSESS_005."""
    if len(text) <= most:
        return []
    return [Issue(AssessCode.ASSESS_005, facts={"found": len(text), "most": most})]
