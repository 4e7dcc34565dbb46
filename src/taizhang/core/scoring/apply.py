"""Applies a rule of any kind to one case."""

from __future__ import annotations

from taizhang.core.rubric import Rule
from taizhang.core.scoring.by_figure import (
    all_of,
    per_event,
    percent_step,
    proportional,
    rate_points,
    threshold,
    tiers,
)
from taizhang.core.scoring.by_person import discretionary, manual, sample_error
from taizhang.core.scoring.by_record import all_or_nothing, bonus, completeness, zero_trigger
from taizhang.core.scoring.outcome import Case, Outcome
from taizhang.core.scoring.rule import (
    AllOf,
    AllOrNothing,
    Bonus,
    Completeness,
    Discretionary,
    Manual,
    Params,
    PercentStep,
    PerEvent,
    Proportional,
    RatePoints,
    SampleError,
    Threshold,
    Tiers,
    ZeroTrigger,
    read_rule,
)


def apply(rule: Rule, case: Case) -> Outcome:
    """Score one case by a rule.

    :raises ValueError: if the rule's parameters cannot be read; a checked pack's always can
    """
    params, faults = read_rule(rule)
    if params is None:
        said = ", ".join(f"{one.parameter} {one.problem}" for one in faults)
        raise ValueError(f"{rule.kind.value} at {rule.place}: {said}")
    return apply_params(params, case)


def apply_params(params: Params, case: Case) -> Outcome:
    """Score one case by the parameters of a rule."""
    match params:
        case AllOrNothing():
            return all_or_nothing(params, case)
        case Completeness():
            return completeness(params, case)
        case Threshold():
            return threshold(params, case)
        case AllOf():
            return all_of(params, case)
        case Proportional():
            return proportional(params, case)
        case RatePoints():
            return rate_points(params, case)
        case Tiers():
            return tiers(params, case)
        case PerEvent():
            return per_event(params, case)
        case ZeroTrigger():
            return zero_trigger(params, case, apply)
        case PercentStep():
            return percent_step(params, case)
        case Discretionary():
            return discretionary(params, case)
        case Bonus():
            return bonus(params, case, apply)
        case SampleError():
            return sample_error(params, case)
        case Manual():
            return manual(params, case)
    raise TypeError(f"{type(params).__name__} is no rule kind")
