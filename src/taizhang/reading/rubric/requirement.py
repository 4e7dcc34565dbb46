"""What an item of a rubric asks for without giving points for it."""

from __future__ import annotations

import re
from dataclasses import replace

from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.percent_step import PercentStep
from taizhang.core.scoring.kinds.proportional import Proportional
from taizhang.reading.rubric.rubric import ReadItem
from taizhang.reading.rubric.rule.clause import Scheme
from taizhang.reading.tokens.bound import Bound, bounds_find


def requirements_of(item: ReadItem) -> list[Bound]:
    """Give the bounds that an item's text states and no rule of it uses."""
    used = {(bound.start, bound.figure) for rule in item.rules for bound in rule.used}
    return [
        bound if bound.figure else replace(bound, figure=item.title)
        for bound in bounds_find(item.content)
        if bound.is_bound
        and not re.search(r"抽(?:查|取|样|检|测)", bound.figure)
        and (bound.start, bound.figure) not in used
        and bound.unit not in ("分", "天", "日", "点", "岁", "小时", "分钟")
        and not any(_uses(rule, bound) for rule in item.rules)
    ]


def _uses(rule: Scheme, bound: Bound) -> bool:
    """Say whether a rule rests on a bound: by its value, or by what falls short of it."""
    steps = rule.params.get("tiers")
    compared = [
        rule.params.get(name) for name in ("at_least", "at_most", "above", "below", "target", "of")
    ]
    compared += [row[0] for row in steps] if isinstance(steps, list) else []
    if bound.value in compared:
        return True
    if any(
        bound.unit == stated.unit and bound.value == stated.value
        for stated in bounds_find(rule.text)
    ):
        return True
    short = bound.unit and re.search(
        rf"(?:少|缺|每|差|增加)[^，。；]{{0,6}}{re.escape(bound.unit)}", rule.condition
    )
    return bool(short) and rule.kind in (
        PerEvent.kind,
        PercentStep.kind,
        Proportional.kind,
    )
