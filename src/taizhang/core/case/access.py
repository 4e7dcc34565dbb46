"""Access to a case: who may do a step of it, and to whom it may be handed 转办."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from taizhang.core.case.step import StepRecord
from taizhang.core.definition.case import (
    ACCEPT,
    ACROSS,
    ANYONE,
    ASSIGN,
    BACK,
    DOWN,
    NOTE,
    OPENER,
    OWNER,
    PARENT,
    PROLONG,
    VOID,
)
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import UnitLevel


class Doers(NamedTuple):
    """Who stands around a case at one step."""

    owner: str
    owner_since: date
    opener: str
    helpers: tuple[str, ...]

    def may(self, by: str, record: StepRecord, owners: Ownership) -> bool:
        """Say whether the unit or body of a record may do a step.

        :param by: as the step says, or the key of a step that every kind has
        """
        actor, day = record.unit, record.date
        if not owners.exists(actor, day):
            return False
        is_owner = acts_for(actor, self.owner, record, owners)
        if by in (OWNER, ACCEPT, ASSIGN):
            return is_owner
        if by == NOTE:
            return is_owner or actor in self.helpers
        if by in (PARENT, PROLONG):
            above = owners.above(self.owner, day)
            # Nobody stands above the top: somebody else of its own does what the parent does.
            return actor in above or (is_owner and not above and by == PARENT)
        if by == OPENER:
            return acts_for(actor, self.opener, record, owners)
        if by == VOID:
            above = owners.above(self.opener, day)
            aside = is_owner and not acts_for(actor, self.opener, record, owners)
            return actor in above or aside or (is_owner and not above)
        if by == ANYONE:
            return True
        around = (self.owner, *owners.above(self.owner, day))
        near = actor in around or owners.parent(actor, day) in around
        return near and owners.kind(actor, day) == by


def acts_for(actor: str, holder: str, record: StepRecord, owners: Ownership) -> bool:
    """Say whether a unit acts for a holder on the day of a record.

    It does as the holder itself, as what the holder had become when the record came in, and as the
    community of a grid or the grid of a community: they share one desk.
    """
    day = record.date
    if actor == holder or owners.holder(holder, day, record.known_on).code == actor:
        return True
    acting, holding = owners.history.unit_on(actor, day), owners.history.unit_on(holder, day)
    if acting is None or holding is None:
        return False
    desk = acting.level is UnitLevel.GRID and acting.parent == holder
    return desk or (holding.level is UnitLevel.GRID and holding.parent == actor)


@dataclass(frozen=True, slots=True)
class Frame:
    """A hand-over that has not come back: who sent to whom, when, in which state, and if signed."""

    sender: str
    receiver: str
    day: date
    state: str
    accepted: bool = False


def receiver_of(
    direction: str,
    record: StepRecord,
    owner: str,
    opener: str,
    frames: Sequence[Frame],
    owners: Ownership,
) -> str | None:
    """Give the code of the new owner, ``None`` where nobody fitting is named.

    :param direction: as a step's ``hands_over`` says
    """
    day, named = record.date, record.text("to")
    if direction == BACK:
        if not frames:
            return None
        receiver: str | None = owners.holder(frames[-1].sender, frames[-1].day, day).code
    elif direction == OPENER:
        receiver = owners.holder(opener, day, day).code
    elif direction == PARENT:
        receiver = _up(named, owner, day, owners)
    elif direction == DOWN:
        receiver = named if owner in owners.above(named, day) else None
    elif direction == ACROSS:
        receiver = named
    else:
        receiver = _of_kind(direction, named, owner, day, owners)
    if receiver is None or receiver == owner or not owners.may_own(receiver, day):
        return None
    return receiver


def _up(named: str, owner: str, day: date, owners: Ownership) -> str | None:
    """Give the unit above, or the named one of those above and the bodies beside them."""
    if not named:
        return owners.parent(owner, day)
    above = owners.above(owner, day)
    body = owners.bodies.body_on(named, day)
    beside = body is not None and body.parent in above
    return named if beside or named in above else None


def _of_kind(kind: str, named: str, owner: str, day: date, owners: Ownership) -> str | None:
    """Give the named unit or body of a kind, or the only one there is, the nearest first."""
    if named:
        return named if owners.kind(named, day) == kind else None
    for unit in (owner, *owners.above(owner, day)):
        if unit != owner and owners.kind(unit, day) == kind:
            return unit
        bodies = [
            body.code
            for body in owners.bodies.beside(unit, day)
            if body.kind == kind and body.may_own
        ]
        if bodies:
            return bodies[0] if len(bodies) == 1 else None
    return None
