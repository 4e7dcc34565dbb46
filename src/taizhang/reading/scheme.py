"""Frames → rules of the kinds of core, with what each clause leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from taizhang.core.rubric import RuleKind
from taizhang.reading.bound import UNIT, Bound, bounds_find, figure_name, number_read
from taizhang.reading.clause import Atom, Effect
from taizhang.reading.frame import LEVEL, Frame, Scheme, Setting, frames_find, same_figure

MET = re.compile(r"达标|达到(?:上述|规定|以上|要求|标准|目标|指标)|符合(?:要求|标准|规定)|^(?:全部|均|都)?(?:达到|完成|落实)(?:的|目标|任务|要求)?$|按要求|完成(?:目标|任务|指标)|全部(?:达到|完成|合格|达标)|^(?:各项)?(?:指标|任务)?(?:均|都)?(?:达到|完成)")
ALL = re.compile(r"(?:全部|均|都|各项|所有|同时)(?:[^，。；]{0,6})(?:达到|达标|完成|合格|符合|满足)|以上(?:各项)?均")
COMPLETE = re.compile(r"齐全|完整|齐备|完备|健全|完善|规范|齐$|全$")
DOCUMENT = (
    r"资料|材料|台[账帐]|记录|档案|方案|计划|总结|报表|表格?|册|照片|图片|影像|文件|制度|名单|签到|信息|痕迹|佐证|文本|登记|卡|合同|协议|"
    r"纪要|简报|清单|手续|内容|要素|单据|凭证|教案|课件|讲稿|通知|日志|笔记|预案|责任书|图纸|公示牌|数据|项目|报告|证"
)
_PAPERS = r"资料|材料|台[账帐]|记录|档案"
MISSING_DOCUMENT = re.compile(
    rf"(?:缺少?|少|无|没有|欠缺?|不见|未见|缺失|漏)[^，。；]{{0,12}}(?:{DOCUMENT})|(?:{DOCUMENT})[^，。；]{{0,14}}(?:不全|不完整|不齐|不健全|不规范|不完善|缺失|缺漏|缺少?|每?少|遗漏|漏)"
)
PERCENT = re.compile(
    r"(?:每|低|降|差|少|高|超|下降|增|上升|减)[^，。；]{0,10}?(?P<step>\d+(?:\.\d+)?|[一两二三五十])\s?(?P<unit>个?百分点|%|个?点|‰|个千分点)"
)
STEP_ABOVE = re.compile(r"每?(?:超过?|高|增加|上升|多|增)")
SAMPLE = re.compile(r"抽(?!象|调|水|烟)|随机|入户核(?:查|实|对)|比对|核对|走访核实|现场核")
ERROR = re.compile(r"错|差错|有误|误差|不符|不一致|不准|不实|漏(?:登|报|录|项|统|采|管|填|访|巡|检|查)|答不|不知|不清楚|失实|逻辑|不真实|虚假|不相符")

OWN_POINTS = re.compile(
    r"(?:[本此该]项(?:工作|指标)?(?:满分|共计?|计|分值|总分)?|满分|分值)[为是]?[:：]?\s?(\d+(?:\.\d+)?)\s?分(?!钟|以)"
)
_PARAM = {"at_least": "at_least", "at_most": "at_most", "above": "above", "below": "below", "equal": "at_least"}
_COUNT_ZERO = re.compile(r"^(?:没有?|无|零|未)[^，。；\d]{0,10}$")


def schemes_find(text: str, setting: Setting | None = None) -> tuple[Scheme, ...]:
    """Read the rules of one scoring clause, in order."""
    around = setting or Setting()
    found: list[Scheme] = []
    done = 0
    for frame in frames_find(text, around):
        # 满分7分 beside a rule is that rule's share of the item.
        own = OWN_POINTS.search(text, done, frame.atoms[-1].end)
        local = replace(around, full=Fraction(own[1])) if own and found else around
        scheme = _scheme(frame, text, local)
        if own and found and scheme.points is None and scheme.kind is not RuleKind.ZERO_TRIGGER:
            scheme = replace(scheme, points=local.full)
        found.append(scheme)
        done = scheme.end
    return tuple(found)


def _scheme(frame: Frame, text: str, setting: Setting) -> Scheme:
    atoms = frame.atoms
    start = min(one.start - len(one.condition) for one in atoms)
    found = _kind(frame, text, setting)
    doubts = list(found.doubts)
    if any(one.verb == "的" or "得不得" in one.text for one in atoms):
        doubts.append(("garbled", {"word": next(one.text for one in atoms if one.verb == "的" or "得不得" in one.text)}))
    return Scheme(
        found.kind, found.points, found.params, text[max(0, start) : atoms[-1].end].strip("，。；（： "),
        max(0, start), atoms[-1].end, found.condition, tuple(doubts), found.used,
    )


class _Found:
    """A kind with its parameters while it is put together."""

    def __init__(self, kind: RuleKind, points: Fraction | None, condition: str = "", **params: object) -> None:
        self.kind, self.points, self.condition = kind, points, condition
        self.params = {name: one for name, one in params.items() if one is not None and one != ""}
        self.doubts: list[tuple[str, dict[str, object]]] = []
        self.used: tuple[Bound, ...] = ()

    def doubt(self, name: str, **facts: object) -> _Found:
        self.doubts.append((name, facts))
        return self


def _kind(frame: Frame, text: str, setting: Setting) -> _Found:
    """Choose the kind: the outer word decides first, then what stands together."""
    if frame.adds or (setting.bonus and (frame.awards or frame.ranges or frame.cap)):
        return _bonus(frame)
    if frame.other is not None and frame.other.effect is Effect.VETO:
        said = frame.other.text
        return _Found(RuleKind.ZERO_TRIGGER, None, frame.other.condition, when=frame.other.condition, scope="total", effect=said)
    if frame.trigger and not frame.awards and not frame.deducts:
        one = frame.zeros[0]
        return _Found(RuleKind.ZERO_TRIGGER, None, one.condition, when=subject_of(one.condition))
    if frame.ranges:
        return _discretionary(frame, setting)
    if frame.other is not None:
        return _by_share(frame, setting)
    if frame.awards:
        return _award(frame, text, setting)
    if frame.deducts:
        return _deduct(frame, text, setting, None)
    return _zero_alone(frame, setting)


def _full(frame: Frame, setting: Setting) -> Fraction | None:
    said = [one.points for one in frame.awards if one.points is not None]
    return max(said) if said else setting.full


def _bonus(frame: Frame) -> _Found:
    adds = [*frame.adds, *frame.awards, *frame.ranges]
    adds.sort(key=lambda one: one.start)
    cap = frame.cap.points if frame.cap else None
    if not adds:
        return _Found(RuleKind.BONUS, cap, cap=cap)
    most = max((one.points for one in adds if one.points is not None), default=None)
    first = adds[0]
    each = frame.cap is not None or any(one.each for one in adds)
    found = _Found(RuleKind.BONUS, cap or most, first.condition, figure=subject_of(first.condition), cap=cap)
    if len(adds) > 1:
        found.params["levels"] = [[one.condition, one.points] for one in adds]
    elif first.low != first.points:
        found.params["range"] = [first.low, first.points]
    elif first.points is not None:
        found.params["each" if each else "points"] = first.points
    if cap is None and any(one.each for one in adds):
        found.points = None
        found.doubt("cap")
    return found


def _discretionary(frame: Frame, setting: Setting) -> _Found:
    deducts = [one for one in frame.ranges if one.verb == "扣"]
    one = frame.ranges[0]
    full = _full(frame, setting)
    if deducts and not (frame.awards and not full):
        low, high = deducts[0].low, deducts[-1].points
        found = _Found(RuleKind.DISCRETIONARY, full if frame.awards else None, one.condition, mode="deduct", full=full)
    else:
        said = [each.points for each in frame.ranges + frame.awards if each.points is not None]
        lows = [each.low for each in frame.ranges if each.low is not None]
        low = Fraction(0) if frame.zeros or len(frame.ranges) == 1 and one.low == one.points else min(lows, default=None)
        high = max(said, default=full)
        found = _Found(RuleKind.DISCRETIONARY, high, one.condition, mode="award", full=high)
    if low == high and found.params["mode"] == "deduct":
        low = Fraction(0)
    if high is None:
        low, high = Fraction(0), full
    found.params["range"] = [low if low is not None else Fraction(0), high]
    if one.points is None:
        found.doubt("range")
    return found


def _by_share(frame: Frame, setting: Setting) -> _Found:
    other = frame.other
    assert other is not None
    full = _full(frame, setting)
    if other.effect is Effect.JUDGE:
        return _Found(RuleKind.MANUAL, full, other.condition, by=other.text)
    if other.effect is Effect.RATE:
        factor = other.condition
        full = other.points or full
        counts = re.search(r"[÷/]|数(?:量)?$|次数", factor)
        kind = RuleKind.PROPORTIONAL if counts else RuleKind.RATE_POINTS
        found = _Found(kind, full, factor, figure=figure_name(factor), full=full)
        if counts and (parts := re.split(r"[÷/]", factor)) and len(parts) == 2:
            found.params |= {"figure": parts[0].strip("（） "), "of": parts[1].strip("（） ")}
        return found
    bounds = [one for award in frame.awards for one in bounds_find(award.condition)] or list(setting.bounds[:1])
    found = _Found(RuleKind.PROPORTIONAL, full, other.condition or (frame.awards[0].condition if frame.awards else ""), full=full)
    if bounds:
        found.params |= {"figure": bounds[0].figure, "of": bounds[0].value, "unit": bounds[0].unit}
        found.used = tuple(one for one in bounds if one in setting.bounds)
    zero = [one for atom in frame.zeros for one in bounds_find(atom.condition)]
    if zero:
        found.params["zero_below"] = zero[0].value
    return found


def _award(frame: Frame, text: str, setting: Setting) -> _Found:
    awards = frame.awards
    first = awards[0]
    full = _full(frame, setting)
    if len(awards) > 1:
        return _tiers(frame, full, setting)
    if frame.deducts:
        return _deduct(frame, text, setting, first)
    if first.each:
        found = _Found(RuleKind.PROPORTIONAL, (frame.cap.points if frame.cap else None) or setting.full, first.condition, figure=subject_of(first.condition), each=first.points)
        if frame.cap:
            found.params["cap"] = frame.cap.points
        elif setting.full is None:
            found.doubt("cap")
        return found
    if first.effect is Effect.KEEP:
        return _zero_alone(frame, setting)
    own = conditions_of(first.condition)
    if own:
        return _bounded(frame, own, full)
    if MET.search(first.condition) or not first.condition or (first.full and not COMPLETE.search(first.condition)):
        rates = rates_of(setting.bounds) or setting.bounds
        if rates:
            found = _bounded(frame, rates, full)
            found.used = rates
            return found
        if ALL.search(first.condition):
            return _close(_Found(RuleKind.ALL_OF, full, first.condition, when=first.condition, full=full), frame)
    found = _Found(RuleKind.ALL_OR_NOTHING, full, first.condition, when=first.condition, full=full)
    if re.search(r"完成|达到|达标", first.condition):
        found.doubt("target")
    elif COMPLETE.search(first.condition):
        found.doubt("partial")
    return _close(found, frame)


def _close(found: _Found, frame: Frame) -> _Found:
    if not frame.zeros:
        found.doubt("zero")
    found.params["else"] = Fraction(0)
    return found


def _bounded(frame: Frame, bounds: tuple[Bound, ...], full: Fraction | None) -> _Found:
    first = frame.awards[0]
    if len({(one.figure, one.start) for one in bounds}) > 1:
        conditions = [_condition(one) for one in bounds]
        found = _Found(RuleKind.ALL_OF, full, first.condition, conditions=conditions, full=full, split="none")
        if len(bounds) > 3:
            found.doubt("many", count=len(bounds))
        return _close(found, frame)
    bound = bounds[0]
    found = _Found(RuleKind.THRESHOLD, full, first.condition, **_condition(bound), full=full)
    zeros = [one for atom in frame.zeros for one in bounds_find(atom.condition)]
    nothing = any(_COUNT_ZERO.search(atom.condition) for atom in frame.zeros)
    if nothing and not bound.rate and bound.operator in ("at_least", "above") and bound.value > 1:
        found.params["zero_at"] = Fraction(0)
        return found.doubt("gap", low=Fraction(1), high=bound.value - 1, unit=bound.unit)
    if zeros and same_figure(bound, zeros[0]) and zeros[0].value != bound.value:
        found.params["zero_at"] = zeros[0].value
        low, high = sorted((zeros[0].value, bound.value))
        return found.doubt("gap", low=low, high=high, unit=bound.unit)
    return _close(found, frame)


def _condition(bound: Bound) -> dict[str, object]:
    return {"figure": bound.figure, _PARAM[bound.operator]: bound.value, "unit": bound.unit}


def _tiers(frame: Frame, full: Fraction | None, setting: Setting) -> _Found:
    rows: list[list[object]] = []
    levels: list[list[object]] = []
    bounds: list[Bound] = []
    below: Fraction | None = Fraction(0)
    for atom in frame.awards:
        points = atom.points
        if points is None and full is not None:
            points = full * atom.share if atom.share is not None else full
        found = list(bounds_find(atom.condition))
        if not found and MET.search(atom.condition) and setting.bounds:
            found = [setting.bounds[0]]
        if len(rows) and len(found) == 1 and found[0].operator == "below" and bounds[-1].operator == "at_least":
            below = points  # 低于200平方米的得1分 is what is left, no step
            continue
        if found:
            bounds.append(_span(found))
            rows.append([bounds[-1].value, points])
        levels.append([atom.condition, points])
    said = [one[1] for one in levels if isinstance(one[1], Fraction)]
    best = max(said) if said else full
    first = frame.awards[0]
    if len(rows) < len(levels):
        scheme = _Found(RuleKind.TIERS, best, first.condition, levels=levels, full=best)
    else:
        low_good = _falls(bounds, [row[1] for row in rows])
        if low_good:
            rows = [[one.high if one.high is not None else one.value, row[1]] for one, row in zip(bounds, rows, strict=True)]
        figure = next((one.figure for one in bounds if one.figure), "")
        scheme = _Found(RuleKind.TIERS, best, first.condition, figure=figure, unit=bounds[0].unit, tiers=rows, full=best)
        if low_good:
            scheme.params["compare"] = "at_most"
        _holes(scheme, frame, bounds)
    scheme.params["below"] = below
    return scheme


def _span(bounds: list[Bound]) -> Bound:
    """Take 80%以上不足90% as one band, else the last bound."""
    last = bounds[-1]
    if len(bounds) > 1 and last.high is None:
        low, high = sorted(bounds[-2:], key=lambda one: one.value)
        ends = low.operator in ("at_least", "above") and high.operator in ("at_most", "below")
        if ends and low.unit == high.unit:
            return replace(low, high=high.value, high_in=high.operator == "at_most")
    return last


def _falls(bounds: list[Bound], points: list[object]) -> bool:
    """Say whether a low figure is good: the bounds rise while the points fall."""
    ends = [one.value for one in bounds]
    best = max(range(len(points)), key=lambda index: Fraction(str(points[index] or 0)))
    return ends[best] == min(ends) and len(set(ends)) > 1


def _holes(scheme: _Found, frame: Frame, bounds: list[Bound]) -> None:
    """Find stretches between and below the steps that no step holds."""
    spans = sorted(((one.value, one.high) for one in bounds), key=lambda span: span[0])
    rising = [one for one in bounds if one.operator in ("at_least", "above")]
    if len(rising) == len(bounds):
        for (_low, high), (low2, _high) in zip(spans, spans[1:], strict=False):
            if high is not None and high < low2:
                scheme.doubt("gap", low=high, high=low2, unit=bounds[0].unit)
    zeros = [one for atom in frame.zeros for one in bounds_find(atom.condition)]
    lowest = spans[0][0]
    if zeros and zeros[-1].operator in ("below", "at_most") and zeros[-1].value < lowest and scheme.params.get("compare") is None:
        scheme.params["zero_below"] = zeros[-1].value
        scheme.doubt("gap", low=zeros[-1].value, high=lowest, unit=bounds[0].unit)


def _deduct(frame: Frame, text: str, setting: Setting, award: Atom | None) -> _Found:
    full = _full(frame, setting)
    points = full if award is not None else None
    one = next((each for each in frame.deducts if each.each), frame.deducts[0])
    around = f"{award.condition if award else ''}，{one.condition}"
    sampled = bool(SAMPLE.search(one.condition) or SAMPLE.search(setting.content))
    step = PERCENT.search(one.condition)
    floor = frame.floor.points if frame.floor else None
    if full is None and floor is not None:
        points = full = floor  # 最多扣5分 is all that the item can lose
    if step and (one.each or re.search(r"[一1]个?百分点|1%", step[0])):
        found = _percent_step(frame, one, step, setting, points)
    elif len([1 for each in frame.deducts if not each.each and list(bounds_find(each.condition))]) > 1 or (award is not None and award.effect is Effect.KEEP and not one.each):
        return _taken_tiers(frame, full)
    elif sampled and (ERROR.search(one.condition) or _sampled_unit(one.condition, setting.content)):
        found = _Found(RuleKind.SAMPLE_ERROR, points, one.condition, figure=subject_of(one.condition), deduct=one.points)
    elif MISSING_DOCUMENT.search(one.condition) or (
        award is not None
        and re.search(rf"{COMPLETE.pattern}|制度|{_PAPERS}", award.condition)
        and re.search(r"缺|少(?!于)|漏|不全|无|不完整", one.condition)
        and not re.search(r"每?少\d?[一1]?(?:次|场|期)$", one.condition)
    ):
        found = _Found(RuleKind.COMPLETENESS, points, one.condition, parts=subject_of(one.condition), deduct_each=one.points)
        if not one.each:
            found.params["per"] = "once"
            if award is not None:
                found.doubt("per")
        if frame.zeros:
            found.params["none"] = Fraction(0)
    elif award is not None and not one.each and conditions_of(award.condition):
        found = _Found(RuleKind.TIERS, points, award.condition, levels=[[award.condition, full], [one.condition, (full or 0) - (one.points or 0)]])
    else:
        found = _Found(RuleKind.PER_EVENT, points, around.strip("，"), figure=subject_of(one.condition), deduct=one.points)
        if one.each is False:
            found.params["once"] = True
    if full is not None and found.kind is not RuleKind.TIERS:
        found.params["start" if found.kind is RuleKind.PER_EVENT else "full"] = full
    if frame.floor is not None:
        found.params["floor"] = full - floor if floor is not None and full is not None and full > floor else Fraction(0)
    more = [each for each in frame.deducts if each is not one]
    if more:
        found.params["more"] = [[each.condition, each.points] for each in more]
    return found


def _sampled_unit(condition: str, content: str) -> bool:
    """Say whether what is counted are the things drawn: 抽取10份卷宗，发现1份不规范."""
    drawn = re.search(rf"抽[^，。；]{{0,6}}?\d+\s?(?P<unit>{UNIT})", f"{content}。{condition}")
    return bool(drawn and re.search(rf"(?:每|发现)\s?[1一]?{drawn['unit']}", condition))


def _percent_step(frame: Frame, one: Atom, step: re.Match[str], setting: Setting, points: Fraction | None) -> _Found:
    own = [each for award in frame.awards for each in conditions_of(award.condition)]
    before = one.condition[: step.start()]
    own = own or [each for each in bounds_find(before) if each.rate]
    rates = rates_of(setting.bounds)
    target = own[0] if own else rates[0] if rates else None
    found = _Found(RuleKind.PERCENT_STEP, points, one.condition, deduct=one.points, step=number_read(step["step"]))
    if target is not None:
        found.params |= {"figure": target.figure or subject_of(before), "target": target.value}
        found.used = (target,) if not own else ()
    else:
        found.params["figure"] = subject_of(before) or subject_of(setting.content[-20:])
        found.doubt("target")
    above = STEP_ABOVE.match(step[0]) or re.search(r"(?:超过?|高于?|增加|上升|多)(?:出)?[^，]{0,6}$", one.condition[: step.start("step")])
    if above and not re.search(r"低|少|降|差", step[0]):
        found.params["side"] = "above"
    return found


def _taken_tiers(frame: Frame, full: Fraction | None) -> _Found:
    rows: list[list[object]] = []
    for atom in sorted([*frame.awards, *frame.deducts], key=lambda each: each.start):
        taken = atom.points if atom in frame.deducts else Fraction(0)
        left = full - taken if full is not None and taken is not None else None
        bounds = list(bounds_find(atom.condition))
        rows.append([bounds[-1].value if bounds else atom.condition, left])
    bounds = list(bounds_find(frame.atoms[0].condition))
    name = bounds[0].figure if bounds else ""
    return _Found(RuleKind.TIERS, full if frame.awards else None, frame.atoms[0].condition, figure=name, tiers=rows, taken=True)


def _zero_alone(frame: Frame, setting: Setting) -> _Found:
    one = frame.zeros[0] if frame.zeros else frame.atoms[0]
    bounds = conditions_of(one.condition)
    if bounds:
        bound = bounds[0]
        turned = {"below": "at_least", "at_most": "above", "at_least": "below", "above": "at_most", "equal": "at_least"}
        params = {"figure": bound.figure, turned[bound.operator]: bound.value, "unit": bound.unit}
        return _Found(RuleKind.THRESHOLD, setting.full, one.condition, full=setting.full, **params)
    rates = rates_of(setting.bounds)
    if rates and re.search(r"未达|不达|达不到|低于", one.condition):
        found = _Found(RuleKind.THRESHOLD, setting.full, one.condition, full=setting.full, **_condition(rates[0]))
        found.used = rates[:1]
        return found
    return _Found(RuleKind.ALL_OR_NOTHING, setting.full, one.condition, when=one.condition, full=setting.full)


def conditions_of(text: str) -> tuple[Bound, ...]:
    """Give the bounds that a condition states, without those of how many were looked at."""
    return tuple(one for one in bounds_find(text) if not re.search(r"抽|随机|走访|测|查$|问", one.figure[-6:]))


def rates_of(bounds: Iterable[Bound]) -> tuple[Bound, ...]:
    """Keep the bounds that are shares."""
    return tuple(one for one in bounds if one.rate)


def subject_of(condition: str) -> str:
    """Name what a condition is about, without 每, counts and words of failing."""
    text = re.sub(r"^(?:如|若|凡|其中|对|经|每)+", "", condition)
    return figure_name(text)[-40:]
