"""Frames → rules of the kinds of core, with what each clause leaves open."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from taizhang.core.scoring.kinds.all_of import AllOf
from taizhang.core.scoring.kinds.all_or_nothing import AllOrNothing
from taizhang.core.scoring.kinds.bonus import Bonus
from taizhang.core.scoring.kinds.discretionary import Discretionary
from taizhang.core.scoring.kinds.manual import Manual
from taizhang.core.scoring.kinds.proportional import Proportional
from taizhang.core.scoring.kinds.rate_points import RatePoints
from taizhang.core.scoring.kinds.threshold import Threshold
from taizhang.core.scoring.kinds.tiers import Tiers
from taizhang.core.scoring.kinds.zero_trigger import ZeroTrigger
from taizhang.reading.rubric.rule.base import (
    COMPLETE,
    MET,
    RuleReading,
    class_of,
    condition_of,
    conditions_of,
    full_of,
    rates_of,
    spread,
    subject_of,
)
from taizhang.reading.rubric.rule.clause import Frame, Scheme, Setting, frames_find, same_figure
from taizhang.reading.rubric.rule.deduction import SAMPLE, deduct_read, raised_read
from taizhang.reading.rubric.rule.tiers import tiers_read
from taizhang.reading.tokens.atom import Atom, Effect
from taizhang.reading.tokens.bound import Bound, bounds_find, figure_name

ALL = re.compile(
    r"(?:全部|均|都|各项|所有|同时)(?:[^，。；]{0,6})(?:达到|达标|完成|合格|符合|满足)"
    r"|以上(?:各项)?均"
)
OWN_POINTS = re.compile(
    r"(?:[本此该]项(?:工作|指标)?(?:满分|共计?|计|分值|总分)?|满分"
    r"|分值|(?<=[，。；])共计?)[为是]?[:：]?\s?(\d+(?:\.\d+)?)\s?分(?!钟|以)"
)
_COUNT_ZERO = re.compile(r"^(?:没有?|无|零|未)[^，。；\d]{0,10}$")


@lru_cache(maxsize=4096)
def schemes_find(text: str, setting: Setting | None = None) -> tuple[Scheme, ...]:
    """Read the rules of one scoring clause, in order.

    Each reading of a text in turn asks for the same clauses.
    """
    around = setting or Setting()
    if SAMPLE.search(text):
        # What is drawn is said once, in front of all that may be wrong with it.
        around = replace(around, content=f"{around.content}。{text}")
    rules: list[Scheme] = []
    done = 0
    for frame in frames_find(text, around):
        # 满分7分 beside a rule is that rule's share of the item.
        own = OWN_POINTS.search(text, done, frame.atoms[-1].end)
        local = replace(around, full=Fraction(own[1])) if own and rules else around
        scheme = _scheme(frame, text, local)
        if own and rules and scheme.points is None and scheme.kind != ZeroTrigger.kind:
            scheme = replace(scheme, points=local.full)
        rules.append(scheme)
        done = scheme.end
    return tuple(rules)


def _scheme(frame: Frame, text: str, setting: Setting) -> Scheme:
    atoms = frame.atoms
    start = min(_begins(atom, text) for atom in atoms)
    kind = _kind(frame, text, setting)
    doubts = list(kind.doubts)
    if any(atom.verb == "的" or "得不得" in atom.text for atom in atoms):
        doubts.append(
            (
                "garbled",
                {
                    "word": next(
                        atom.text for atom in atoms if atom.verb == "的" or "得不得" in atom.text
                    )
                },
            )
        )
    return Scheme(
        kind.kind,
        kind.points,
        kind.params,
        text[max(0, start) : atoms[-1].end].strip("，。；（： "),
        max(0, start),
        atoms[-1].end,
        kind.condition,
        tuple(doubts),
        kind.used,
    )


def _begins(atom: Atom, text: str) -> int:
    """Give where the words of an atom begin; signs between them and the effect were cut off."""
    at = text.rfind(atom.condition, 0, atom.start) if atom.condition else atom.start
    return at if at >= 0 else atom.start - len(atom.condition)


def _kind(frame: Frame, text: str, setting: Setting) -> RuleReading:
    """Choose the kind: the outer word decides first, then what stands together."""
    if frame.raised and not setting.bonus:
        return raised_read(frame, setting)
    if frame.adds or (setting.bonus and (frame.awards or frame.ranges or frame.cap)):
        return _bonus(frame)
    if frame.other is not None and frame.other.effect is Effect.VETO:
        phrase = frame.other.text
        return RuleReading(
            ZeroTrigger.kind,
            None,
            frame.other.condition,
            when=frame.other.condition,
            scope="total",
            effect=phrase,
        )
    if frame.trigger and not frame.awards and not frame.deducts:
        zero = frame.zeros[0]
        return RuleReading(ZeroTrigger.kind, None, zero.condition, when=subject_of(zero.condition))
    if frame.ranges:
        return _discretionary(frame, setting)
    if frame.other is not None:
        return _by_share(frame, frame.other, setting)
    if frame.awards:
        return _award(frame, text, setting)
    if frame.deducts:
        return deduct_read(frame, setting, None)
    return _zero_alone(frame, setting)


def _bonus(frame: Frame) -> RuleReading:
    adds = [*frame.adds, *frame.awards, *frame.ranges]
    adds.sort(key=lambda atom: atom.start)
    cap = frame.cap.points if frame.cap else None
    if not adds:
        return RuleReading(Bonus.kind, cap, cap=cap)
    most = max((atom.points for atom in adds if atom.points is not None), default=None)
    first = adds[0]
    each = frame.cap is not None or any(atom.each for atom in adds)
    reading = RuleReading(
        Bonus.kind, cap or most, first.condition, figure=subject_of(first.condition), cap=cap
    )
    if len(adds) > 1:
        reading.params["levels"] = [[atom.condition, atom.points] for atom in adds]
    elif first.low != first.points:
        reading.params["range"] = [first.low, first.points]
    elif first.points is not None:
        reading.params["each" if each else "points"] = first.points
    if cap is None and any(atom.each for atom in adds):
        reading.points = None
        reading.doubt("cap")
    return reading


def _discretionary(frame: Frame, setting: Setting) -> RuleReading:
    deducts = [atom for atom in frame.ranges if atom.verb == "扣"]
    award = frame.ranges[0]
    full = full_of(frame, setting)
    if deducts and not (frame.awards and not full):
        low, high = deducts[0].low, deducts[-1].points
        reading = RuleReading(
            Discretionary.kind,
            full if frame.awards else None,
            award.condition,
            mode="deduct",
            full=full,
        )
    else:
        points = [each.points for each in frame.ranges + frame.awards if each.points is not None]
        lows = [each.low for each in frame.ranges if each.low is not None]
        low = (
            Fraction(0)
            if frame.zeros or (len(frame.ranges) == 1 and award.low == award.points)
            else min(lows, default=None)
        )
        high = max(points, default=full)
        reading = RuleReading(Discretionary.kind, high, award.condition, mode="award", full=high)
    if low == high and reading.params["mode"] == "deduct":
        low = Fraction(0)
    if high is None:
        low, high = Fraction(0), full
    reading.params["range"] = [low if low is not None else Fraction(0), high]
    if award.points is None:
        reading.doubt("range")
    return reading


def _by_share(frame: Frame, other: Atom, setting: Setting) -> RuleReading:
    full = full_of(frame, setting)
    if other.effect is Effect.JUDGE:
        return RuleReading(Manual.kind, full, other.condition, by=other.text)
    if other.effect is Effect.RATE:
        factor = other.condition
        full = other.points or full
        counts = re.search(r"[÷/]|数(?:量)?$|次数", factor)
        kind = Proportional.kind if counts else RatePoints.kind
        reading = RuleReading(kind, full, factor, figure=figure_name(factor), full=full)
        if counts and (parts := re.split(r"[÷/]", factor)) and len(parts) == 2:
            reading.params |= {"figure": parts[0].strip("（） "), "of": parts[1].strip("（） ")}
        return reading
    bounds = [bound for award in frame.awards for bound in bounds_find(award.condition)] or list(
        setting.bounds[:1]
    )
    reading = RuleReading(
        Proportional.kind,
        full,
        other.condition or (frame.awards[0].condition if frame.awards else ""),
        full=full,
    )
    if bounds:
        reading.params |= {
            "figure": bounds[0].figure,
            "of": bounds[0].value,
            "unit": bounds[0].unit,
        }
        reading.used = tuple(bound for bound in bounds if bound in setting.bounds)
    zero = [bound for atom in frame.zeros for bound in bounds_find(atom.condition)]
    if zero:
        reading.params["zero_below"] = zero[0].value
    return reading


def _award(frame: Frame, text: str, setting: Setting) -> RuleReading:
    awards = frame.awards
    first = awards[0]
    full = full_of(frame, setting)
    if len(awards) > 1 and first.each:
        most = (frame.cap.points if frame.cap else None) or setting.full
        levels = [[award.condition, award.points] for award in awards]
        return RuleReading(Tiers.kind, most, first.condition, levels=levels, each=True, full=most)
    if len(awards) > 1:
        return tiers_read(frame, full, setting)
    if frame.deducts:
        return deduct_read(frame, setting, first)
    if first.each:
        reading = RuleReading(
            Proportional.kind,
            (frame.cap.points if frame.cap else None) or setting.full,
            first.condition,
            figure=subject_of(first.condition),
            each=first.points,
        )
        most = _most(first, text)
        if frame.cap is None and most is not None and (reading.points or most) >= most:
            reading.points = most
        if frame.cap:
            reading.params["cap"] = frame.cap.points
        elif setting.full is None:
            reading.doubt("cap")
        return reading
    if first.effect is Effect.KEEP:
        return _zero_alone(frame, setting)
    if (graded := class_of(first.condition)) is not None:
        return _close(
            RuleReading(Threshold.kind, full, first.condition, full=full, **graded), frame
        )
    own = spread(conditions_of(first.condition), setting.content)
    if own:
        return _bounded(frame, own, full)
    if (
        MET.search(first.condition)
        or not first.condition
        or (first.full and not COMPLETE.search(first.condition))
    ):
        rates = rates_of(setting.bounds) or setting.bounds
        if rates:
            reading = _bounded(frame, rates, full)
            reading.used = rates
            return reading
        if ALL.search(first.condition):
            return _close(
                RuleReading(AllOf.kind, full, first.condition, when=first.condition, full=full),
                frame,
            )
    reading = RuleReading(AllOrNothing.kind, full, first.condition, when=first.condition, full=full)
    if re.search(r"完成|达到|达标", first.condition):
        reading.doubt("target")
    elif COMPLETE.search(first.condition):
        reading.doubt("partial")
    return _close(reading, frame)


def _most(each: Atom, text: str) -> Fraction | None:
    """Give what 6次，每次1.5分 comes to: the count that is asked, times what each is worth."""
    unit = re.search(r"每([\u4e00-\u9fff]{1,2})$", each.condition)
    if unit is None or each.points is None:
        return None
    before = text[: each.start]
    asked = [bound for bound in bounds_find(before) if bound.unit == unit[1] and bound.value > 1]
    return asked[-1].value * each.points if asked else None


def _close(reading: RuleReading, frame: Frame) -> RuleReading:
    if not frame.zeros:
        reading.doubt("zero")
    reading.params["else"] = Fraction(0)
    return reading


def _bounded(frame: Frame, bounds: tuple[Bound, ...], full: Fraction | None) -> RuleReading:
    first = frame.awards[0]
    if len({(bound.figure, bound.start) for bound in bounds}) > 1:
        conditions = [condition_of(bound) for bound in bounds]
        reading = RuleReading(
            AllOf.kind, full, first.condition, conditions=conditions, full=full, split="none"
        )
        if len(bounds) > 3:
            reading.doubt("many", count=len(bounds))
        return _close(reading, frame)
    bound = bounds[0]
    reading = RuleReading(Threshold.kind, full, first.condition, **condition_of(bound), full=full)
    zeros = [bound for atom in frame.zeros for bound in bounds_find(atom.condition)]
    nothing = any(_COUNT_ZERO.search(atom.condition) for atom in frame.zeros)
    if nothing and not bound.rate and bound.operator in ("at_least", "above") and bound.value > 1:
        reading.params["zero_at"] = Fraction(0)
        return reading.doubt("gap", low=Fraction(1), high=bound.value - 1, unit=bound.unit)
    if zeros and same_figure(bound, zeros[0]) and zeros[0].value != bound.value:
        reading.params["zero_at"] = zeros[0].value
        low, high = sorted((zeros[0].value, bound.value))
        return reading.doubt("gap", low=low, high=high, unit=bound.unit)
    return _close(reading, frame)


def _zero_alone(frame: Frame, setting: Setting) -> RuleReading:
    atom = frame.zeros[0] if frame.zeros else frame.atoms[0]
    bounds = conditions_of(atom.condition)
    if bounds:
        bound = bounds[0]
        turned = {
            "below": "at_least",
            "at_most": "above",
            "at_least": "below",
            "above": "at_most",
            "equal": "at_least",
        }
        params = {"figure": bound.figure, turned[bound.operator]: bound.value, "unit": bound.unit}
        return RuleReading(
            Threshold.kind, setting.full, atom.condition, full=setting.full, **params
        )
    rates = rates_of(setting.bounds)
    if rates and re.search(r"未达|不达|达不到|低于", atom.condition):
        reading = RuleReading(
            Threshold.kind,
            setting.full,
            atom.condition,
            full=setting.full,
            **condition_of(rates[0]),
        )
        reading.used = rates[:1]
        return reading
    return RuleReading(
        AllOrNothing.kind,
        setting.full,
        atom.condition,
        when=atom.condition,
        full=setting.full,
    )
