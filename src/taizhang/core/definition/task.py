"""Tasks of a plan, as a pack states them."""

from __future__ import annotations

from dataclasses import dataclass, field

from taizhang.core.base.issue import NOWHERE, Place

#: What a pack writes for a quota that no document asks for.
OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task of a plan.

    ``quota`` is a formula (a number, ``norm(lectures)``, …) for a whole year of one unit;
    ``own`` says instead that no document asks for an amount (``quota: own``): there is a quota
    once one is handed down to the unit for the year.  ``measure`` is the measure or indicator
    formula that shows progress, ``None`` for a task that is only dated.  ``spread`` is as in
    :class:`taizhang.core.definition.norm.NormVersion`.
    """

    key: str
    label: str
    measure: str | None = None
    quota: str | None = None
    own: bool = False  # the amount is the unit's own plan's; then ``quota`` is None
    spread: str | tuple[int, ...] = "even"
    every: str | None = None  # month, quarter, half, year: a recurring duty
    due: str | None = None  # "01-31" of every year, or one day "2026-01-31"
    lead: str = ""  # responsible role or department
    support: tuple[str, ...] = ()  # co-operating ones, for the responsibility matrix
    days: tuple[str, ...] = ()  # calendar keys it belongs to
    place: Place = NOWHERE

    @property
    def counted(self) -> bool:
        """Say whether an amount is asked of it, by a formula or by the unit's own plan."""
        return self.own or self.quota is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTemplate:
    """The default plan of a pack."""

    title: str = ""
    tasks: tuple[Task, ...] = field(default_factory=tuple)
