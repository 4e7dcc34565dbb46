"""Rules that need a person's judgement or a drawn sample."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

from taizhang.core.scoring.by_figure import ZERO
from taizhang.core.scoring.known import Known, reach
from taizhang.core.scoring.outcome import (
    Case,
    Outcome,
    by_person,
    settle,
    undecided,
)
from taizhang.core.scoring.parameter import as_number
from taizhang.core.scoring.rule import Discretionary, Manual, SampleError
from taizhang.core.text.bilingual import NOTHING, Said, same, say
from taizhang.core.text.number import number_text
from taizhang.core.text.unit_sign import WHOLE

#: Two-sided 95 % point of the normal distribution.
Z95 = 1.959963984540054


def discretionary(params: Discretionary, case: Case) -> Outcome:
    """Take points within a range, with the reason for them."""
    low, high = params.range
    if params.mode == "deduct":
        low, high = case.full(params) - high, case.full(params) - low
        required = say(
            "酌情扣%(a)s–%(b)s分",
            "minus %(a)s–%(b)s points by judgement",
            a=params.range[0],
            b=params.range[1],
        )
    else:
        required = say("酌情给%(a)s–%(b)s分", "%(a)s–%(b)s points by judgement", a=low, b=high)
    low, high = max(ZERO, low), min(case.max, high)
    return by_person(case, required, NOTHING, low, high, params.reason == "required")


def manual(params: Manual, case: Case) -> Outcome:
    """Take the points that the assessor states."""
    required = say("由考核员评定", "by the assessor")
    occasion = same(params.waits_for) if params.waits_for else NOTHING
    return by_person(case, required, occasion, ZERO, case.full(params), params.reason == "required")


def sample_error(params: SampleError, case: Case) -> Outcome:
    """Turn the error rate of checked fields into points; its interval is always shown."""
    full = case.full(params)
    rate, counts, waits = _rate(params, case)
    if rate is None:
        return undecided(_conversion(params, full, "%"), NOTHING, waits)
    required = _conversion(params, full, rate.suffix)
    found = _with_interval(rate, counts)
    if params.zero_at is None or params.zero_at <= 0:
        occasion = say(
            "细则没有写差错率怎样折算成分数（%(found)s）",
            "the rubric does not say how errors become points (%(found)s)",
            found=found,
        )
        return by_person(case, required, occasion, ZERO, full)
    end = params.zero_at

    def points(one: Fraction) -> Fraction:
        return full * max(ZERO, 1 - max(ZERO, one) / end)

    spread = rate
    if params.decide_by == "interval" and counts is not None:
        low, high = wilson(*counts)
        spread = Known(low=low * _unit(rate), high=high * _unit(rate), waits=_too_wide(counts))
    possible = reach(points, spread, (ZERO, end))
    why = say(
        "差错率%(found)s，到%(end)s为0分，按比例计分",
        "error rate %(found)s; nothing is left at %(end)s, in proportion below",
        found=found,
        end=number_text(end) + rate.suffix,
    )
    remedy = say(
        "按核对清单逐条更正差错记录。", "Correct the wrong records one by one from the check list."
    )
    values = (rate, spread) if rate.not_applicable or rate.waits else (spread,)
    return settle(case, params, values, possible, required, found, why, remedy)


Counts = tuple[Fraction, Fraction]  # errors, checked


def _rate(params: SampleError, case: Case) -> tuple[Known | None, Counts | None, Said]:
    """Give (error rate, its counts, what is waited for)."""
    if params.figure is not None:
        value = case.source.value(params.figure)
        figure = value.figure
        if figure is not None and figure.numerator is not None and figure.denominator:
            return value, (figure.numerator, figure.denominator), NOTHING
        return value, None, NOTHING
    stated = case.answer.get("errors"), case.answer.get("checked")
    if None in stated:
        waits = say(
            "等待抽样核对的结果（差错数、核对数）%(until)s。",
            "Waits for the checks (errors, checked)%(until)s.",
            until=Said(f"：{params.waits_for}", f": {params.waits_for}")
            if params.waits_for
            else NOTHING,
        )
        return None, None, waits
    try:
        errors, checked = (as_number(one) for one in stated)
    except ValueError:
        errors, checked = ZERO, ZERO
    if not 0 <= errors <= checked or checked == 0:
        waits = say(
            "核对结果“%(errors)s/%(checked)s”不能用，等待更正。",
            "The checks '%(errors)s/%(checked)s' cannot be used; waits for a correction.",
            errors=stated[0],
            checked=stated[1],
        )
        return None, None, waits
    rate = errors / checked * 100
    label = say("抽样差错率", "error rate of the sample")
    known = Known(low=rate, high=rate, label=label.zh, unit="percent")
    return known, (errors, checked), NOTHING


def _conversion(params: SampleError, full: Fraction, suffix: str) -> Said:
    if params.zero_at is None:
        return say("抽样核对（没有折算办法）", "sample check (no conversion stated)")
    return say(
        "%(full)s×max(0,1−差错率÷%(end)s)",
        "%(full)s × max(0, 1 − error rate ÷ %(end)s)",
        full=full,
        end=number_text(params.zero_at) + suffix,
    )


def _with_interval(rate: Known, counts: Counts | None) -> Said:
    if counts is None:
        return rate.said()
    low, high = (number_text(one * _unit(rate), 2) for one in wilson(*counts))
    return say(
        "%(rate)s（%(k)s/%(n)s，95%%区间%(low)s–%(high)s%(suffix)s）",
        "%(rate)s (%(k)s/%(n)s, 95%% interval %(low)s–%(high)s%(suffix)s)",
        rate=rate.said(),
        k=number_text(counts[0]),
        n=number_text(counts[1]),
        low=low,
        high=high,
        suffix=rate.suffix,
    )


def _unit(rate: Known) -> int:
    return WHOLE.get(rate.unit, 1)


def _too_wide(counts: Counts) -> Said:
    return say(
        "抽样%(n)s项，区间两端得分不同，需加大样本。",
        "%(n)s were checked; both ends of the interval earn different points: check more.",
        n=number_text(counts[1]),
    )


def wilson(errors: Fraction, checked: Fraction) -> tuple[Fraction, Fraction]:
    """Give the Wilson 95 % interval of a share ``errors / checked`` (Wilson 1927).

    :raises ZeroDivisionError: if nothing was checked
    """
    n, p = float(checked), float(errors / checked)
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
    low = Fraction(max(0.0, middle - half)).limit_denominator(10**9)
    high = Fraction(min(1.0, middle + half)).limit_denominator(10**9)
    return (ZERO if errors == 0 else low), (Fraction(1) if errors == checked else high)
