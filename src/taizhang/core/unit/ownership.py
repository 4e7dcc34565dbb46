"""Ownership: who holds on a later day what a unit or body held: successor, parent, itself.

Merge and recode hand everything to the successor; after a split, and when a unit or body ends
without one, the parent holds it until somebody is assigned.  A unit that goes on under its own code
through a split keeps what it has, as it keeps its facts.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from taizhang.core.unit.body import NO_BODIES, Bodies, Body
from taizhang.core.unit.tree import DAY, ChangeKind, History, Unit, UnitChange


class HeldBy(StrEnum):
    """Why somebody holds something on a day."""

    ITSELF = "itself"
    SUCCESSOR = "successor"  # merge or recode
    PARENT = "parent"  # split, or an end without a successor: until assigned


class Holder(NamedTuple):
    """Who holds something, since when, and why."""

    code: str
    since: date
    why: HeldBy = HeldBy.ITSELF


class Ownership:
    """Follows what units and bodies hold through every change of them."""

    def __init__(self, history: History, bodies: Bodies = NO_BODIES) -> None:
        self.history = history
        self.bodies = bodies
        self._leaving: dict[tuple[str, date], UnitChange] = {
            (code, change.date): change
            for change in history.changes
            if change.kind is not ChangeKind.RENAME
            for code in change.sources
        }

    def known(self, code: str) -> bool:
        """Say whether a unit or body ever had the code."""
        return bool(self.history.rows(code)) or code in self.bodies

    def exists(self, code: str, day: date) -> bool:
        """Say whether a unit or body has the code on ``day``."""
        unit = self.history.unit_on(code, day)
        return unit is not None or self.bodies.body_on(code, day) is not None

    def kind(self, code: str, day: date) -> str:
        """Give the kind of a unit or body on ``day``, ``""`` where there is none."""
        row = self.history.unit_on(code, day) or self.bodies.body_on(code, day)
        return "" if row is None else row.kind

    def may_own(self, code: str, day: date) -> bool:
        """Say whether a case may be handed to it: any unit, and a body that says so."""
        body = self.bodies.body_on(code, day)
        return self.history.unit_on(code, day) is not None or (body is not None and body.may_own)

    def parent(self, code: str, day: date) -> str | None:
        """Give the unit above a unit, or the one beside a body; ``None`` at the top."""
        body = self.bodies.body_on(code, day)
        return self.history.tree(day).above(code) if body is None else body.parent

    def above(self, code: str, day: date) -> tuple[str, ...]:
        """Give the units above a unit or body, nearest first."""
        body = self.bodies.body_on(code, day)
        tree = self.history.tree(day)
        return tree.ancestors(code) if body is None else (body.parent, *tree.ancestors(body.parent))

    def holder(self, code: str, since: date, day: date) -> Holder:
        """Give who holds on ``day`` what ``code`` has held from ``since`` on.

        A code never known, and a top that ended without a successor, hold what they had: nothing
        is ever without a holder.
        """
        held = Holder(code, since)
        while (step := self._step(held, day)) is not None:
            held = step
        return held

    def _step(self, held: Holder, day: date) -> Holder | None:
        """Give who takes over at the next change up to ``day``; ``None`` where none does."""
        rows = self.history.rows(held.code)
        if not rows:
            return self._from_body(held, day)
        start = max(held.since, rows[0].first_day)
        last = self._last_row(rows, start)
        if last is None or last.last_day >= day:
            return None
        turn = last.last_day + DAY
        change = self._leaving.get((held.code, turn))
        if change is not None and change.kind is not ChangeKind.SPLIT:
            return Holder(change.targets[0], turn, HeldBy.SUCCESSOR)
        return None if last.parent is None else Holder(last.parent, turn, HeldBy.PARENT)

    def _last_row(self, rows: tuple[Unit, ...], start: date) -> Unit | None:
        """Give the last of the rows from ``start`` on that follow each other without a gap."""
        last: Unit | None = None
        for row in rows:
            if last is None:
                if row.last_day >= start:
                    last = row
                continue
            turn = last.last_day + DAY
            change = self._leaving.get((row.code, turn))
            if row.first_day != turn or (change is not None and row.code not in change.targets):
                break
            last = row
        # Named after its end: it had ended already.
        return last if last is not None else rows[-1]

    def _from_body(self, held: Holder, day: date) -> Holder | None:
        """Give the unit beside a body once the body has ended, or may no longer own."""
        rows = self.bodies.rows(held.code)
        if not rows:
            return None
        last: Body | None = None
        for row in rows:
            follows = last is None or row.first_day == last.last_day + DAY
            if row.last_day >= held.since and (not follows or not row.may_own):
                break
            if row.last_day >= held.since:
                last = row
        if last is None:
            there = next((row for row in rows if row.last_day >= held.since), rows[-1])
            return Holder(there.parent, held.since, HeldBy.PARENT)
        turn = last.last_day
        return None if turn >= day else Holder(last.parent, turn + DAY, HeldBy.PARENT)
