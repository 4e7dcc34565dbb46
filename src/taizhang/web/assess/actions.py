"""Writes of the assess app: decide an item."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from taizhang.core.issue import Code, Issue, Refused, gettext_noop
from taizhang.core.period import Period
from taizhang.core.quantity import SCALE
from taizhang.core.rubric import Item, Rubric
from taizhang.core.scoring import ScoreCode, rubric_named
from taizhang.core.scoring.said import points_text
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.assess.models import Decision
from taizhang.web.audit.actions import audit_append
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

#: A reason is a few sentences about the work of a unit.
LONGEST = 2_000


class AssessCode(Code):
    """What can be wrong with a decision."""

    ASSESS_001 = (
        gettext_noop("The rubric %(rubric)s has no item '%(item)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    ASSESS_002 = (
        gettext_noop("%(points)s points do not fit item '%(item)s', which is worth %(max)s."),
        gettext_noop("Decide 0 to %(max)s points, with at most four decimals."),
    )
    ASSESS_003 = (
        gettext_noop("%(errors)s errors in %(checked)s checked fields is no result of a check."),
        gettext_noop("Give how many were checked, above 0, and how many of these were wrong."),
    )
    ASSESS_004 = (
        gettext_noop("The decision on item '%(item)s' says nothing."),
        gettext_noop("Give --points with a --reason, or --errors and --checked."),
    )
    ASSESS_005 = (
        gettext_noop("The reason has %(found)s characters, more than %(most)s."),
        gettext_noop("Say it in a few sentences; put the rest on record elsewhere."),
    )
    ASSESS_006 = (
        gettext_noop("The points of item '%(item)s' come without a reason."),
        gettext_noop("Write the reason: whoever is assessed may read it and appeal."),
    )


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
    acting_user: User,
    now: datetime,
) -> Decision:
    """Decide an item of a unit's assessment; an earlier decision stays on record, the last stands.

    :raises Refused: ACCESS_001, SCORE_001, SCORE_002, SCORE_003 or every ASSESS_… issue
    """
    require(acting_user, "score.decide", unit)
    found = rubric_named(programmes_on(timezone.localdate(now)), rubric)
    _check_unit(found, unit, period, now)
    reason = reason.strip()
    issues = _faults(found, item, points, errors, checked, reason)
    if issues:
        raise Refused(issues)
    decision = Decision.objects.create(
        rubric=found.key,
        item=item,
        unit=unit,
        first_month=period.first.number,
        last_month=period.last.number,
        points=None if points is None else int(points * SCALE),
        errors=errors,
        checked=checked,
        reason=reason,
        decided_at=now,
        decided_by=acting_user,
    )
    audit_append(
        actor=acting_user,
        action="score.decide",
        objects=[str(decision.pk)],
        contents=[f"{found.key}\n{item}\n{unit}\n{period}\n{points}\n{errors}/{checked}\n{reason}"],
        now=now,
    )
    return decision


def _check_unit(rubric: Rubric, code: str, period: Period, now: datetime) -> None:
    tree = history().tree(min(period.end, timezone.localdate(now)))
    unit = tree.unit(code)
    if unit is None:
        facts = {"unit": code, "day": tree.day.isoformat()}
        raise Refused([Issue(ScoreCode.SCORE_002, facts=facts)])
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
    items = (*(item for section in rubric.sections for item in section.items), *rubric.bonus)
    found: Item | None = next((item for item in items if item.key == key), None)
    if found is None:
        known = ", ".join(item.key for item in items)
        facts = {"rubric": rubric.key, "item": key, "known": known}
        return [Issue(AssessCode.ASSESS_001, facts=facts)]
    issues = []
    if points is not None:
        if not 0 <= points <= found.max or (points * SCALE).denominator != 1:
            shown = {"points": points_text(points), "max": points_text(found.max)}
            issues.append(Issue(AssessCode.ASSESS_002, facts={"item": key, **shown}))
        if not reason:
            issues.append(Issue(AssessCode.ASSESS_006, facts={"item": key}))
    if (errors, checked) != (None, None) and not (
        errors is not None and checked is not None and 0 <= errors <= checked and checked > 0
    ):
        counts: dict[str, object] = {"errors": "-" if errors is None else errors}
        counts["checked"] = "-" if checked is None else checked
        issues.append(Issue(AssessCode.ASSESS_003, facts=counts))
    if points is None and errors is None and checked is None:
        issues.append(Issue(AssessCode.ASSESS_004, facts={"item": key}))
    if len(reason) > LONGEST:
        facts_long = {"found": len(reason), "most": LONGEST}
        issues.append(Issue(AssessCode.ASSESS_005, facts=facts_long))
    return issues
