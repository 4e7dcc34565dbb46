"""What all kinds of rules share while a frame is read: the kind put together, names, bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from taizhang.reading.rubric.rule.clause import Frame, Setting
from taizhang.reading.tokens.bound import Bound, bounds_find, figure_name, number_read

MET = re.compile(
    r"达标|达到(?:上述|规定|以上|要求|标准|目标|指标)|符合(?:要求|标准|规定)|^(?:全部|均"
    r"|都)?(?:达到|完成|落实)(?:的|目标|任务|要求)?$|按要求|完成(?:目标|任务|指标)|全部(?:达到"
    r"|完成|合格|达标)|^(?:各项)?(?:指标|任务)?(?:均|都)?(?:达到|完成)"
)
COMPLETE = re.compile(r"齐全|完整|齐备|完备|健全|完善|规范|齐$|全$")

_EACH_ONE = re.compile(r"[^，。；]{0,3}(?:均|都|全|齐|同时|具备|俱)")
_COUNTED = re.compile(
    r"(?:^|以上|上述)(?P<count>[两二三四五六])(?:项|个|大)?(?:率|指标|比例)(?:均|都)?$"
)
_RATE = re.compile(r"[\u4e00-\u9fff]{2,10}?率(?![\u4e00-\u9fff]{0,1}先)")

#: a bare number (5篇得1分) asks for as much
PARAM = {name: name for name in ("at_least", "at_most", "above", "below")} | {"equal": "at_least"}


#: a class of water, a grade of a toilet: the first is the best
CLASS = re.compile(
    r"(?:达到|达|符合|优于|不低于|为|保持)[^，。；]{0,8}?(?P<rank>[ⅠⅡⅢⅣⅤ一二三四五])(?P<unit>类|等)"
)
_RANKS = {sign: n for signs in ("ⅠⅡⅢⅣⅤ", "一二三四五") for n, sign in enumerate(signs, 1)}


def class_of(condition: str) -> dict[str, object] | None:
    """Give 达到Ⅲ类 as a bound (a lower number is better), ``None`` where no class is named."""
    match = CLASS.search(condition)
    if match is None:
        return None
    name = figure_name(condition[: match.start()])
    return {"figure": name, "at_most": Fraction(_RANKS[match["rank"]]), "unit": match["unit"]}


class RuleReading:
    """A kind with its parameters while it is put together."""

    def __init__(
        self, kind: str, points: Fraction | None, condition: str = "", **params: object
    ) -> None:
        self.kind, self.points, self.condition = kind, points, condition
        self.params = {
            name: param for name, param in params.items() if param is not None and param != ""
        }
        self.doubts: list[tuple[str, dict[str, object]]] = []
        self.used: tuple[Bound, ...] = ()

    def doubt(self, name: str, **facts: object) -> RuleReading:
        self.doubts.append((name, facts))
        return self


def full_of(frame: Frame, setting: Setting) -> Fraction | None:
    points = [award.points for award in frame.awards if award.points is not None]
    return max(points) if points else setting.full


def conditions_of(text: str) -> tuple[Bound, ...]:
    """Give the bounds that a condition states, without those of how many were looked at."""
    return tuple(
        bound
        for bound in bounds_find(text)
        if not re.search(r"抽|随机|走访|测|查$|问", bound.figure[-6:])
        # 三项均具备 counts the conditions themselves
        and not (
            bound.unit in ("项", "个") and not bound.is_bound and _EACH_ONE.match(text, bound.end)
        )
    )


def spread(bounds: tuple[Bound, ...], content: str) -> tuple[Bound, ...]:
    """Give 两率均达到98% as one bound for each of the rates that the item names."""
    if len(bounds) != 1 or (counted := _COUNTED.search(bounds[0].figure)) is None:
        return bounds
    names = list(dict.fromkeys(_RATE.findall(content)))
    names = [name for name in names if not _COUNTED.search(name)]
    if len(names) != number_read(counted["count"]):
        return bounds
    return tuple(replace(bounds[0], figure=name) for name in names)


def condition_of(bound: Bound) -> dict[str, object]:
    """Give a bound as the condition of a rule."""
    return {"figure": bound.figure, PARAM[bound.operator]: bound.value, "unit": bound.unit}


def rates_of(bounds: Iterable[Bound]) -> tuple[Bound, ...]:
    """Keep the bounds that are shares."""
    return tuple(bound for bound in bounds if bound.rate)


def subject_of(condition: str) -> str:
    """Name what a condition is about, without 每, counts and words of failing."""
    text = re.sub(r"^(?:如|若|凡|其中|对|经|每)+", "", condition)
    return figure_name(text)[-40:]
