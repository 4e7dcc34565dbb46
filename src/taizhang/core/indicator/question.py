"""Questions for figures: units, period, indicators, and what they are split by."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.base.period import Period

UNIT = "unit"
MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class Question:
    """Figures wanted: "measure or indicator, unit, period", split ``by`` something or not.

    ``indicators`` are keys of indicators or measures, bare or qualified, or formulas; none means
    all current indicators and all measures in the order of the packs.  ``by`` is ``"unit"`` (the
    children of each unit, or the units of ``level`` below it), ``"month"`` or a dimension.
    ``home`` is the pack whose names may be written bare.  What asks for thousands of figures and
    shows none of their sentences leaves them, and the records behind, away (``explained``).
    Ledger knowledge, tree, public view and language are those of the book.
    """

    units: tuple[str, ...]
    period: Period
    indicators: tuple[str, ...] = ()
    by: str | None = None
    level: str | None = None
    home: str = ""
    explained: bool = True
