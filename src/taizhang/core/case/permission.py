"""Permissions: the steps that a unit may do with a case on a day, and to whom it may hand it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from taizhang.core.aggregate.reference_engine import ZONE
from taizhang.core.case.fold import CaseWorld, Standing, settled, unfit
from taizhang.core.case.step import Idle, StepRecord
from taizhang.core.definition.case import (
    ACROSS,
    ASSIGN,
    BUILT_IN,
    DIRECTIONS,
    DOWN,
    PARENT,
)


class Choice(NamedTuple):
    """A step that leads on; ``why`` says what stands in the way of this unit and account."""

    step: str
    why: Idle | None = None


def choices(
    standing: Standing, unit: str, account: str, world: CaseWorld, on: date
) -> tuple[Choice, ...]:
    """Give the steps that lead on from where a case stands, the declared ones first.

    Reasons and receivers are still to be given: they stand in nobody's way, unless there is nobody
    to hand it to.
    """
    current = settled(standing, on, world)
    keys = (*current.next_steps, *(key for key in BUILT_IN if key not in current.kind.steps))
    return tuple(
        Choice(key, _why(current, key, unit, account, world, on))
        for key in dict.fromkeys(keys)
        if not current.over or key in current.next_steps
    )


def _why(
    current: Standing, key: str, unit: str, account: str, world: CaseWorld, on: date
) -> Idle | None:
    step = current.kind.steps.get(key)
    reason = next(iter(step.reasons), "-") if step is not None else "-"
    record = StepRecord(
        record="",
        case=current.uid,
        step=key,
        date=max(on, current.opened),
        unit=unit,
        account=account,
        answers={"reason": reason, "reason_text": "-"},
        accepted_at=datetime.combine(on, time.max, ZONE),
    )
    why = unfit(current, record, world)
    direction = DOWN if key == ASSIGN else (step.hands_over if step is not None else "")
    is_named = direction in (DOWN, ACROSS) or (direction != "" and direction not in DIRECTIONS)
    if why is Idle.NO_RECEIVER and is_named and any(receivers(current, key, world, on)):
        return None
    return why


def receivers(standing: Standing, key: str, world: CaseWorld, on: date) -> Iterator[str]:
    """Give the codes of the units and bodies to which a step may hand a case, the nearest first."""
    step = standing.kind.steps.get(key)
    direction = DOWN if key == ASSIGN else (step.hands_over if step is not None else "")
    if direction not in (DOWN, ACROSS, PARENT) and (not direction or direction in DIRECTIONS):
        return
    owners, owner = world.ownership, standing.owner
    tree = owners.history.tree(on)
    around = (owner, *owners.above(owner, on))
    beside = [body.code for unit in around for body in owners.bodies.beside(unit, on)]
    below = [unit.code for unit in tree.below(owner)] if tree.unit(owner) is not None else []
    inner = {body.code for unit in below for body in owners.bodies.beside(unit, on)}
    if direction == DOWN:
        codes = [*below, *sorted(inner)]
    elif direction == PARENT:
        codes = [*around[1:], *(code for code in beside if code not in inner)]
    else:
        near = [unit.code for unit in tree.children(around[1])] if len(around) > 1 else []
        codes = [*near, *around[1:], *beside, *below]
    for code in dict.fromkeys(codes):
        wanted = direction in DIRECTIONS or owners.kind(code, on) == direction
        if code != owner and wanted and owners.may_own(code, on):
            yield code
