"""Frames of several awards → steps of a figure (tiers), with the holes between them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from taizhang.core.scoring.kinds.tiers import Tiers
from taizhang.reading.rubric.rule.base import MET, RuleReading
from taizhang.reading.rubric.rule.clause import Frame, Setting
from taizhang.reading.tokens.bound import Bound, bounds_find


def tiers_read(frame: Frame, full: Fraction | None, setting: Setting) -> RuleReading:
    rows: list[list[object]] = []
    levels: list[list[object]] = []
    bounds: list[Bound] = []
    below: Fraction | None = Fraction(0)
    for atom in frame.awards:
        points = atom.points
        if points is None and full is not None:
            points = full * atom.share if atom.share is not None else full
        limits = list(bounds_find(atom.condition))
        if not limits and MET.search(atom.condition) and setting.bounds:
            limits = [setting.bounds[0]]
        if (
            len(rows)
            and len(limits) == 1
            and limits[0].operator == "below"
            and bounds[-1].operator == "at_least"
        ):
            below = points  # 低于200平方米的得1分 is what is left, no step
            continue
        if limits:
            bounds.append(_span(limits))
            rows.append([bounds[-1].value, points])
        levels.append([atom.condition, points])
    award_points = [level[1] for level in levels if isinstance(level[1], Fraction)]
    best = max(award_points) if award_points else full
    first = frame.awards[0]
    if len(rows) < len(levels):
        scheme = RuleReading(Tiers.kind, best, first.condition, levels=levels, full=best)
    else:
        low_good = _falls(bounds, [row[1] for row in rows])
        if low_good:
            rows = [
                [bound.high if bound.high is not None else bound.value, row[1]]
                for bound, row in zip(bounds, rows, strict=True)
            ]
        figure = next((bound.figure for bound in bounds if bound.figure), "")
        scheme = RuleReading(
            Tiers.kind,
            best,
            first.condition,
            figure=figure,
            unit=bounds[0].unit,
            tiers=rows,
            full=best,
        )
        if low_good:
            scheme.params["compare"] = "at_most"
        _holes(scheme, frame, bounds)
    scheme.params["below"] = below
    return scheme


def _span(bounds: list[Bound]) -> Bound:
    """Take 80%以上不足90% as one band, else the last bound."""
    last = bounds[-1]
    if len(bounds) > 1 and last.high is None:
        low, high = sorted(bounds[-2:], key=lambda bound: bound.value)
        ends = low.operator in ("at_least", "above") and high.operator in ("at_most", "below")
        if ends and low.unit == high.unit:
            return replace(low, high=high.value, high_in=high.operator == "at_most")
    return last


def _falls(bounds: list[Bound], points: list[object]) -> bool:
    """Say whether a low figure is good: the bounds rise while the points fall."""
    ends = [bound.value for bound in bounds]
    best = max(range(len(points)), key=lambda index: Fraction(str(points[index] or 0)))
    return ends[best] == min(ends) and len(set(ends)) > 1


def _holes(scheme: RuleReading, frame: Frame, bounds: list[Bound]) -> None:
    """Find stretches between and below the steps that no step holds."""
    spans = sorted(((bound.value, bound.high) for bound in bounds), key=lambda span: span[0])
    rising = [bound for bound in bounds if bound.operator in ("at_least", "above")]
    if len(rising) == len(bounds):
        for (_low, high), (low2, _high) in pairwise(spans):
            if high is not None and high < low2:
                scheme.doubt("gap", low=high, high=low2, unit=bounds[0].unit)
    zeros = [bound for atom in frame.zeros for bound in bounds_find(atom.condition)]
    lowest = spans[0][0]
    if (
        zeros
        and zeros[-1].operator in ("below", "at_most")
        and zeros[-1].value < lowest
        and scheme.params.get("compare") is None
    ):
        scheme.params["zero_below"] = zeros[-1].value
        scheme.doubt("gap", low=zeros[-1].value, high=lowest, unit=bounds[0].unit)


def taken_tiers(frame: Frame, full: Fraction | None) -> RuleReading:
    rows: list[list[object]] = []
    for atom in sorted([*frame.awards, *frame.deducts], key=lambda each: each.start):
        taken = atom.points if atom in frame.deducts else Fraction(0)
        left = full - taken if full is not None and taken is not None else None
        bounds = list(bounds_find(atom.condition))
        rows.append([bounds[-1].value if bounds else atom.condition, left])
    bounds = list(bounds_find(frame.atoms[0].condition))
    name = bounds[0].figure if bounds else ""
    return RuleReading(
        Tiers.kind,
        full if frame.awards else None,
        frame.atoms[0].condition,
        figure=name,
        tiers=rows,
        taken=True,
    )
