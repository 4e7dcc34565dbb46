"""Rules that read one figure or two: threshold, all_of, proportional, rate_points, tiers, …"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from taizhang.core.scoring.known import Known, constant, difference, holds, ratio, reach
from taizhang.core.scoring.outcome import (
    Case,
    Loss,
    Outcome,
    advice,
    settle,
    undecided,
    waits_of,
)
from taizhang.core.scoring.rule import (
    AllOf,
    Comparison,
    PercentStep,
    PerEvent,
    Proportional,
    RatePoints,
    Threshold,
    Tiers,
)
from taizhang.core.text.bilingual import NOTHING, Said, joined, say
from taizhang.core.text.number import number_text
from taizhang.core.text.unit_sign import RATES, WHOLE

SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}
ZERO = Fraction(0)
#: What a rate of everything is, by the unit of the figure.


def threshold(params: Threshold, case: Case) -> Outcome:
    """Score full marks at a bound."""
    one = params.comparison
    value, bound, required, found = _compared(one, case)
    verdict = holds(one.operator, value, bound)
    possible: set[Fraction | None] = set()
    if verdict is not False:
        possible.add(case.full(params))
    if verdict is not True:
        possible |= _missed(params, value, case.max)
    return settle(
        case,
        params,
        (value, bound),
        possible,
        required,
        found,
        _fell_short(value, found, required),
        _gap_advice(one, value, bound),
    )


def _missed(params: Threshold, value: Known, most: Fraction) -> set[Fraction | None]:
    """Give what a missed bound may earn; ``None`` in the stretch that a source text leaves open."""
    if params.zero_at is None or params.otherwise is not None:
        return {min(most, params.otherwise or ZERO)}
    worse = "at_most" if params.comparison.operator in ("at_least", "above") else "at_least"
    at_zero = holds(worse, value, constant(params.zero_at))
    if at_zero is None:
        return {ZERO, None}
    return {ZERO} if at_zero else {None}


def _compared(one: Comparison, case: Case) -> tuple[Known, Known, Said, Said]:
    """Give (value, bound, required, found) of a comparison."""
    value = case.source.value(one.figure)
    bound = case.source.value(one.bound, like=value)
    label = one.label or value.label
    required = say(
        "%(label)s%(sign)s%(bound)s%(note)s",
        "%(label)s %(sign)s %(bound)s%(note)s",
        label=label,
        sign=SIGNS[one.operator],
        bound=bound.said(),
        note=bound.note,
    )
    return value, bound, required, value.said(against=bound.exact)


def _fell_short(value: Known, found: Said, required: Said) -> Said:
    return say(
        "%(label)s为%(found)s，未达到“%(required)s”",
        "%(label)s is %(found)s, which misses '%(required)s'",
        label=value.label,
        found=found,
        required=required,
    )


def _gap_advice(one: Comparison, value: Known, bound: Known) -> Said:
    """Say how far it is to the bound."""
    if value.exact is None or bound.exact is None:
        return NOTHING
    gap = abs(bound.exact - value.exact)
    if one.operator in ("at_least", "above"):
        if value.unit in (*RATES, ""):
            return say(
                "把%(label)s提高到%(bound)s可得满分。",
                "Raise %(label)s to %(bound)s for full marks.",
                label=value.label,
                bound=bound.said(),
            )
        return say(
            "再完成%(gap)s%(unit)s可得满分。",
            "%(gap)s%(unit)s more earn full marks.",
            gap=number_text(gap, value.decimals),
            unit=value.suffix,
        )
    return say(
        "把%(label)s降到%(bound)s可得满分。",
        "Bring %(label)s down to %(bound)s for full marks.",
        label=value.label,
        bound=bound.said(),
    )


def all_of(params: AllOf, case: Case) -> Outcome:
    """Score several bounds together, or each with its share."""
    compared = [(one, *_compared(one, case)) for one in params.conditions]
    values = tuple(value for _, value, *_ in compared)
    fitting = [row for row in compared if not (row[1].not_applicable or row[2].not_applicable)]
    required = joined([row[3] for row in compared])
    found = joined(
        [
            say("%(a)s%(b)s", "%(a)s %(b)s", a=row[0].label or row[1].label, b=row[4])
            for row in compared
        ]
    )
    if not fitting or (len(fitting) < len(compared) and params.not_applicable != "rescale"):
        return settle(case, params, values, {ZERO}, required, found, NOTHING)
    verdicts = [(row, holds(row[0].operator, row[1], row[2])) for row in fitting]
    shares = _shares(params, case, [row[0] for row in fitting])
    missed = [_fell_short(row[1], row[4], row[3]) for row, verdict in verdicts if verdict is False]
    if params.split == "none":
        bad = any(verdict is False for _, verdict in verdicts)
        unknown = not bad and any(verdict is None for _, verdict in verdicts)
        full, otherwise = case.full(params), min(case.max, params.otherwise)
        possible = {otherwise} if bad else {full, otherwise} if unknown else {full}
        open_values = tuple(row[1] for row, verdict in verdicts if verdict is None)
        why = say("须全部达标；%(missed)s", "all must hold; %(missed)s", missed=joined(missed))
        return settle(case, params, open_values, {*possible}, required, found, why)
    return _split(case, verdicts, shares, required, found)


Row = tuple[Comparison, Known, Known, Said, Said]


def _shares(params: AllOf, case: Case, conditions: list[Comparison]) -> list[Fraction]:
    """Share full marks among the conditions that apply."""
    full = case.full(params)
    if params.split == "points":
        own = [one.points or ZERO for one in conditions]
        return [full * one / sum(own) if sum(own) else ZERO for one in own]
    return [full / len(conditions)] * len(conditions)


def _split(
    case: Case,
    verdicts: list[tuple[Row, bool | None]],
    shares: list[Fraction],
    required: Said,
    found: Said,
) -> Outcome:
    sure = sum((share for (_, v), share in zip(verdicts, shares, strict=True) if v), ZERO)
    open_ = sum((share for (_, v), share in zip(verdicts, shares, strict=True) if v is None), ZERO)
    if open_:
        waits = waits_of(*(row[1] for row, verdict in verdicts if verdict is None))
        return undecided(required, found, waits, (sure, sure + open_))
    losses = [
        Loss(
            points=share,
            why=_fell_short(row[1], row[4], row[3]),
            remedy=advice(case, _gap_advice(row[0], row[1], row[2])),
        )
        for (row, verdict), share in zip(verdicts, shares, strict=True)
        if verdict is False and share
    ]
    return Outcome(
        points=sure, required=required, found=found, losses=with_rest(case, sure, losses)
    )


def with_rest(case: Case, points: Fraction, losses: list[Loss]) -> tuple[Loss, ...]:
    """Make losses add up to what is missing from the maximum.

    A floor takes back what goes beyond it, the last losses first; full marks below the maximum
    are a loss of their own.
    """
    left = case.max - points
    found = []
    for loss in losses:
        taken = min(loss.points, left)
        if taken > 0:
            found.append(Loss(points=taken, why=loss.why, remedy=loss.remedy))
            left -= taken
    if left > 0:
        why = say("细则的满分低于本项分值", "the rule's full marks are below the item's maximum")
        found.append(Loss(points=left, why=why, remedy=advice(case, NOTHING)))
    return tuple(found)


def proportional(params: Proportional, case: Case) -> Outcome:
    """Score full marks × figure ÷ target."""
    value = case.source.value(params.figure)
    target = case.source.value(params.of, like=value)
    share = ratio(value, target)
    full = case.full(params)
    most = full if params.at_most is None else min(params.at_most, full)

    def points(one: Fraction) -> Fraction:
        if params.lower_is_better:
            return most if one <= 1 else min(most, full / one)
        return min(most, full * max(ZERO, one))

    possible = reach(points, share, (ZERO, Fraction(1)))
    if params.lower_is_better and share.high is None:
        possible.add(ZERO)
    required = say(
        "%(label)s应为%(target)s%(note)s",
        "%(label)s: %(target)s%(note)s",
        label=value.label,
        target=target.said(),
        note=target.note,
    )
    found = value.said(against=target.exact)
    why = say(
        "%(label)s为%(found)s，应为%(target)s，完成%(share)s%%",
        "%(label)s is %(found)s of %(target)s, %(share)s%% of it",
        label=value.label,
        found=found,
        target=target.said(),
        share=number_text((share.exact or ZERO) * 100),
    )
    one = Comparison(
        figure=params.figure,
        operator="at_most" if params.lower_is_better else "at_least",
        bound=params.of,
    )
    remedy = _gap_advice(one, value, target)
    return settle(case, params, (value, target, share), possible, required, found, why, remedy)


def rate_points(params: RatePoints, case: Case) -> Outcome:
    """Score full marks × a rate."""
    value = case.source.value(params.figure)
    whole = Fraction(WHOLE.get(value.unit, 1))
    full = case.full(params)
    possible = reach(
        lambda one: full * min(max(one / whole, ZERO), Fraction(1)), value, (ZERO, whole)
    )
    bound = constant(whole, like=value)
    required = say(
        "按%(label)s×%(full)s分计", "%(label)s × %(full)s points", label=value.label, full=full
    )
    found = value.said(against=whole)
    why = say(
        "%(label)s为%(found)s，满分需%(bound)s",
        "%(label)s is %(found)s; full marks need %(bound)s",
        label=value.label,
        found=found,
        bound=bound.said(),
    )
    one = Comparison(figure=params.figure, operator="at_least", bound=whole)
    remedy = _gap_advice(one, value, bound)
    return settle(case, params, (value,), possible, required, found, why, remedy)


def tiers(params: Tiers, case: Case) -> Outcome:
    """Score by steps or bands of a figure."""
    value = case.source.value(params.figure)
    stops = sorted({row[0] for row in params.tiers} | {x for row in params.bands for x in row[:2]})
    possible = reach(lambda one: _tier_points(params, case.max, one), value, stops)
    exact = value.exact
    found = value.said()
    if exact is not None:
        nearest = min(stops, key=lambda stop: abs(stop - exact))
        found = value.said(against=nearest)
    why = say(
        "%(label)s为%(found)s，按档次“%(tiers)s”计分",
        "%(label)s is %(found)s, scored by the steps '%(tiers)s'",
        label=value.label,
        found=found,
        tiers=_steps_said(params, value),
    )
    required = say(
        "%(label)s：%(tiers)s",
        "%(label)s: %(tiers)s",
        label=value.label,
        tiers=_steps_said(params, value),
    )
    remedy = _next_tier(params, case, value)
    return settle(case, params, (value,), possible, required, found, why, remedy)


def _tier_points(params: Tiers, most: Fraction, one: Fraction) -> Fraction | None:
    """Give the points of one value; ``None`` in a hole and where bands disagree."""
    rising = params.compare == "at_least"
    if params.bands:
        inside = {row[2] for row in params.bands if row[0] <= one <= row[1]}
        if inside:
            return min(most, inside.pop()) if len(inside) == 1 else None
        lowest = min(row[0] for row in params.bands)
        highest = max(row[1] for row in params.bands)
        beyond = one < lowest if rising else one > highest
        return min(most, params.below) if beyond else None
    steps = sorted(params.tiers, reverse=rising)
    for bound, points in steps:
        if one >= bound if rising else one <= bound:
            return min(most, points)
    return min(most, params.below)


def _steps_said(params: Tiers, value: Known) -> Said:
    sign = SIGNS[params.compare]
    if params.bands:
        parts = [
            say(
                "%(a)s–%(b)s得%(p)s分",
                "%(a)s–%(b)s: %(p)s",
                p=row[2],
                a=number_text(row[0]),
                b=number_text(row[1]) + value.suffix,
            )
            for row in params.bands
        ]
    else:
        parts = [
            say(
                "%(sign)s%(bound)s得%(p)s分",
                "%(sign)s %(bound)s: %(p)s",
                sign=sign,
                p=row[1],
                bound=number_text(row[0]) + value.suffix,
            )
            for row in params.tiers
        ]
    return joined([*parts, say("其余%(p)s分", "else %(p)s", p=params.below)])


def _next_tier(params: Tiers, case: Case, value: Known) -> Said:
    """Say which bound earns the next points."""
    if value.exact is None or not params.tiers:
        return NOTHING
    now = _tier_points(params, case.max, value.exact)
    better = [row for row in params.tiers if now is not None and row[1] > now]
    if not better:
        return NOTHING
    bound, points = min(better, key=lambda row: abs(row[0] - (value.exact or ZERO)))
    return say(
        "%(label)s达到%(bound)s可得%(points)s分。",
        "%(bound)s of %(label)s earns %(points)s points.",
        label=value.label,
        bound=number_text(bound) + value.suffix,
        points=points,
    )


def percent_step(params: PercentStep, case: Case) -> Outcome:
    """Score full marks less a deduction for each step beyond the target."""
    value = case.source.value(params.figure)
    target = case.source.value(params.target, like=value)
    below = params.side == "below"
    gap = difference(target, value) if below else difference(value, target)
    full, least = case.full(params), min(params.floor, case.full(params))

    def points(one: Fraction) -> Fraction:
        return max(least, full - params.deduct * _steps(params, one))

    breaks = [ZERO]
    if params.deduct > 0:
        breaks.append(params.step * (ceil((full - least) / params.deduct) + 1))
    possible = reach(points, gap, breaks)
    sign = "≥" if below else "≤"
    required = say(
        "%(label)s%(sign)s%(target)s，每差%(step)s扣%(deduct)s分",
        "%(label)s %(sign)s %(target)s, minus %(deduct)s for each %(step)s",
        label=value.label,
        sign=sign,
        target=target.said(),
        step=number_text(params.step) + value.suffix,
        deduct=params.deduct,
    )
    found = value.said(against=target.exact)
    counted = _steps(params, gap.exact) if gap.exact is not None else ZERO
    why = say(
        "%(label)s为%(found)s，与%(target)s相差%(gap)s，计%(steps)s档，每档扣%(deduct)s分",
        "%(label)s is %(found)s, %(gap)s from %(target)s: %(steps)s steps of %(deduct)s points",
        label=value.label,
        found=found,
        target=target.said(),
        gap=number_text(abs(gap.exact or ZERO), 4) + value.suffix,
        steps=number_text(counted),
        deduct=params.deduct,
    )
    one = Comparison(
        figure=params.figure, operator="at_least" if below else "at_most", bound=params.target
    )
    remedy = _gap_advice(one, value, target)
    return settle(case, params, (value, target), possible, required, found, why, remedy)


def _steps(params: PercentStep, gap: Fraction) -> Fraction:
    steps = max(ZERO, gap) / params.step
    return {"whole": Fraction(floor(steps)), "started": Fraction(ceil(steps))}.get(
        params.count, steps
    )


def per_event(params: PerEvent, case: Case) -> Outcome:
    """Score start marks less a deduction for each event that was not put right."""
    events = case.source.value(params.figure)
    counted = events
    if params.resolved is not None:
        counted = difference(events, case.source.value(params.resolved))
    start = case.full(params) if params.start is None else min(case.max, params.start)
    least = min(params.floor, start)

    def points(one: Fraction) -> Fraction:
        return max(least, start - params.deduct * max(ZERO, one))

    breaks = [ZERO]
    if params.deduct > 0:
        breaks.append((start - least) / params.deduct)
    possible = reach(points, counted, breaks)
    required = say(
        "%(label)s为0，每%(unit)s扣%(deduct)s分，最低%(floor)s分",
        "%(label)s: 0; minus %(deduct)s for each, not below %(floor)s",
        label=events.label,
        unit=events.suffix or "个",
        deduct=params.deduct,
        floor=least,
    )
    why = say(
        "%(label)s%(count)s，每%(unit)s扣%(deduct)s分",
        "%(label)s: %(count)s, minus %(deduct)s points for each",
        label=events.label,
        count=counted.said(),
        unit=events.suffix or "个",
        deduct=params.deduct,
    )
    remedy = NOTHING
    if counted.exact:
        remedy = say("整改这%(count)s。", "Put these right: %(count)s.", count=counted.said())
    return settle(case, params, (counted,), possible, required, counted.said(), why, remedy)
