"""Rules that read conditions and complete records, and rules that hold another rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from taizhang.core.rubric import Rule, RuleKind
from taizhang.core.scoring.by_figure import ZERO, with_rest
from taizhang.core.scoring.known import Known, difference, reach, truth
from taizhang.core.scoring.outcome import (
    Case,
    Loss,
    Outcome,
    advice,
    by_person,
    decided,
    not_applicable,
    settle,
    unapplied,
    undecided,
    waits_of,
)
from taizhang.core.scoring.rule import AllOrNothing, Bonus, Completeness, ZeroTrigger, nested
from taizhang.core.text.bilingual import NOTHING, Said, joined, say

#: Scores the rule inside another one.
Inner = Callable[[Rule, Case], Outcome]


def all_or_nothing(params: AllOrNothing, case: Case) -> Outcome:
    """Score full marks when all conditions hold, nothing when none does."""
    full = case.full(params)
    if not params.when:
        required = say("齐全得%(full)s分，没有不得分", "all: %(full)s points; none: 0", full=full)
        return by_person(case, required, NOTHING, ZERO, full)
    values = tuple(case.source.value(one) for one in params.when)
    verdicts = [truth(value) for value in values]
    some = None if params.partial == "pending" else min(case.max, Fraction(params.partial))
    may_be_true = [verdict is not False for verdict in verdicts]
    may_be_false = [verdict is not True for verdict in verdicts]
    possible: set[Fraction | None] = set()
    if all(may_be_true):
        possible.add(full)
    if all(may_be_false):
        possible.add(min(case.max, params.otherwise))
    if any(
        one and other
        for i, one in enumerate(may_be_true)
        for j, other in enumerate(may_be_false)
        if i != j
    ):
        possible.add(some)
    required = joined([say("%(a)s", "%(a)s", a=value.label) for value in values])
    found = joined(
        [_verdict_said(value, verdict) for value, verdict in zip(values, verdicts, strict=True)]
    )
    missed = [value.label for value, verdict in zip(values, verdicts, strict=True) if not verdict]
    why = say("不具备：%(missed)s", "does not hold: %(missed)s", missed="、".join(missed))
    return settle(case, params, values, possible, required, found, why)


def _verdict_said(value: Known, verdict: bool | None) -> Said:
    words = {True: ("有", "yes"), False: ("无", "no"), None: ("未知", "not known")}
    zh, en = words[verdict]
    return say(f"%(label)s：{zh}", f"%(label)s: {en}", label=value.label)


def completeness(params: Completeness, case: Case) -> Outcome:
    """Score full marks less a deduction for each missing part of the records."""
    records = case.source.value(params.records)
    quota = records if params.quota is None else case.source.value(params.quota, like=records)
    counts = [(label, case.source.value(formula)) for label, formula in params.parts]
    values = (records, quota, *(count for _, count in counts))
    gaps = [(label, _at_least_zero(difference(quota, count))) for label, count in counts]
    if params.per == "record" and params.complete is not None:
        complete = case.source.value(params.complete)
        values = (*values, complete)
        whole = say("齐全的记录", "complete records")
        gaps = [(whole.zh, _at_least_zero(difference(quota, complete)))]
    missing = _missing(params, gaps)
    full = case.full(params)
    least = min(params.floor, full)

    def points(one: Fraction) -> Fraction:
        return max(least, full - params.deduct_each * max(ZERO, one))

    breaks = [ZERO]
    if params.deduct_each > 0:
        breaks.append((full - least) / params.deduct_each)
    any_record = truth(records)
    possible: set[Fraction | None] = set()
    if any_record is not False:
        possible |= reach(points, missing, breaks)
    if any_record is not True:
        possible.add(min(case.max, params.none))
    required = _completeness_required(params, records, quota)
    found = joined(
        [
            say("%(l)s%(n)s", "%(l)s %(n)s", l=label, n=value.said())
            for label, value in [(records.label, records), *counts]
        ]
    )
    outcome = settle(case, params, values, possible, required, found, _no_record(records, quota))
    if outcome.points is None or any_record is False:
        return outcome
    losses = _part_losses(params, case, gaps)
    return replace(outcome, losses=with_rest(case, outcome.points, losses))


def _at_least_zero(value: Known) -> Known:
    low = max(ZERO, value.low) if value.low is not None else ZERO
    return replace(value, low=low, high=None if value.high is None else max(ZERO, value.high))


def _missing(params: Completeness, gaps: list[tuple[str, Known]]) -> Known:
    """Add up what is missing, as the rule counts it."""
    low = sum((gap.low or ZERO for _, gap in gaps), ZERO)
    highs = [gap.high for _, gap in gaps]
    high = None if None in highs else sum((one for one in highs if one is not None), ZERO)
    if params.per == "once":
        low = min(low, Fraction(1))
        high = None if high is None else min(high, Fraction(1))
    return Known(low=low, high=high)


def _completeness_required(params: Completeness, records: Known, quota: Known) -> Said:
    parts = "、".join(label for label, _ in params.parts)
    per = {
        "part": ("每少一项", "each missing part"),
        "record": ("每少一份齐全的记录", "each record that is not complete"),
        "once": ("有缺少", "anything missing"),
    }[params.per]
    return say(
        f"%(label)s%(quota)s%(note)s，均有%(parts)s；{per[0]}扣%(deduct)s分",
        f"%(label)s: %(quota)s%(note)s, each with %(parts)s; {per[1]}: minus %(deduct)s",
        label=records.label,
        quota=quota.said(),
        note=quota.note,
        parts=parts,
        deduct=params.deduct_each,
    )


def _no_record(records: Known, quota: Known) -> Said:
    return say(
        "没有%(label)s记录，应有%(quota)s",
        "there is no record of %(label)s; required: %(quota)s",
        label=records.label,
        quota=quota.said(),
    )


def _part_losses(params: Completeness, case: Case, gaps: list[tuple[str, Known]]) -> list[Loss]:
    """Explain the deduction part by part."""
    found = []
    for label, gap in gaps:
        if not gap.exact:
            continue
        times = Fraction(1) if params.per == "once" else gap.exact
        why = say(
            "缺%(label)s%(count)s，按细则扣%(points)s分",
            "%(count)s without %(label)s: minus %(points)s points",
            label=label,
            count=gap.said(),
            points=params.deduct_each * times,
        )
        remedy = say(
            "补齐%(count)s的%(label)s（如实补记，不需要照片）。",
            "Complete %(label)s of %(count)s (truthfully; no photo is needed).",
            count=gap.said(),
            label=label,
        )
        found.append(Loss(points=params.deduct_each * times, why=why, remedy=advice(case, remedy)))
        if params.per == "once":
            break
    return found


def zero_trigger(params: ZeroTrigger, case: Case, inner: Inner) -> Outcome:
    """Score nothing when the trigger happened, else what the inner rule gives."""
    event = case.source.value(params.when)
    fired = truth(event)
    required = say("没有发生：%(label)s", "must not happen: %(label)s", label=event.label)
    unfit = unapplied(event)
    if unfit:
        return not_applicable(case, params, required, unfit)
    if fired:
        why = say(
            "发生%(label)s（%(value)s），本项不得分",
            "%(label)s happened (%(value)s): no points for the item",
            label=event.label,
            value=event.said(),
        )
        return decided(case, ZERO, required, event.said(), why)
    if params.rule is None:
        otherwise = decided(case, case.full(params), required, event.said(), _below_max())
    else:
        own = Rule(kind=RuleKind.ZERO_TRIGGER)
        otherwise = inner(nested(params.rule, own), case)
        both = joined([one for one in (required, otherwise.required) if one])
        otherwise = replace(otherwise, required=both)
    if fired is False or otherwise.points == ZERO:
        return otherwise
    most = (
        otherwise.points
        if otherwise.points is not None
        else (otherwise.possible or (case.max,))[-1]
    )
    return undecided(required, event.said(), waits_of(event), {ZERO, most})


def _below_max() -> Said:
    return say("细则的满分低于本项分值", "the rule's full marks are below the item's maximum")


def bonus(params: Bonus, case: Case, inner: Inner) -> Outcome:
    """Score points outside the total, up to a cap."""
    cap = case.max if params.cap is None else min(params.cap, case.max)
    if params.rule is not None:
        outcome = inner(nested(params.rule, Rule(kind=RuleKind.BONUS)), replace(case, max=cap))
        return replace(outcome, losses=())
    value = case.source.value(params.figure or "")
    each = params.each or ZERO
    breaks = [ZERO, cap / each] if each else [ZERO]
    possible = reach(lambda one: min(cap, each * max(ZERO, one)), value, breaks)
    required = say(
        "每%(unit)s加%(each)s分，最多%(cap)s分",
        "%(each)s points for each, at most %(cap)s",
        unit=value.suffix or "个",
        each=each,
        cap=cap,
    )
    outcome = settle(case, params, (value,), possible, required, value.said(), NOTHING)
    return replace(outcome, losses=())
