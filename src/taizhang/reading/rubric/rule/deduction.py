"""Frames that take points off → per_event, completeness, percent_step, sample_error, tiers."""

from __future__ import annotations

import re
from fractions import Fraction

from taizhang.core.scoring.kinds.all_of import AllOf
from taizhang.core.scoring.kinds.completeness import Completeness
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.percent_step import PercentStep
from taizhang.core.scoring.kinds.sample_error import SampleError
from taizhang.core.scoring.kinds.tiers import Tiers
from taizhang.reading.rubric.rule.base import (
    COMPLETE,
    RuleReading,
    condition_of,
    conditions_of,
    full_of,
    rates_of,
    spread,
    subject_of,
)
from taizhang.reading.rubric.rule.clause import STEP_UP, Frame, Setting
from taizhang.reading.rubric.rule.tiers import taken_tiers
from taizhang.reading.tokens.atom import Atom, Effect
from taizhang.reading.tokens.bound import UNIT, Bound, bounds_find, number_read

DOCUMENT = (
    r"资料|材料|台[账帐]|记录|档案|方案|计划|总结|报表|表格?|册|照片|图片|影像|文件|制度|名单"
    r"|签到|信息|痕迹|佐证|文本|登记|卡|合同|协议|"
    r"纪要|简报|清单|手续|内容|要素|单据|凭证|教案|课件|讲稿|通知|日志|笔记|预案|责任书|图纸"
    r"|公示牌|数据|项目|报告|证[书照]"
)
_PAPERS = r"资料|材料|台[账帐]|记录|档案"
MISSING_DOCUMENT = re.compile(
    rf"(?:缺少?|少|无|没有|欠缺?|不见|未见|缺失|漏)[^，。；]{{0,12}}(?:{DOCUMENT})"
    rf"|(?:{DOCUMENT})[^，。；]{{0,14}}(?:不全|不完整|不齐|不健全|不规范|不完善|缺失|缺漏|缺少?"
    rf"|每?少|遗漏|漏)"
)
PERCENT = re.compile(
    r"(?:每|低|降|差|少|高|超|下降|增|上升|减)[^，。；]{0,10}?(?P<step>\d+(?:\.\d+)?"
    r"|[一两二三五十])\s?(?P<unit>个?百分点"
    # 每低于90%一个百分点: the target stands before the step
    r"|%(?!(?:的|，)?(?:每)?(?:低|高|少|多|降|升|超)?[一\d.]+个?(?:百分点|%|点))|个?点|‰|个千分点)"
)
STEP_ABOVE = re.compile(r"每?(?:超过?|高|增加|上升|多|增)")
_LOOKED = r"(?:核实|核查|暗访|回访|查看|查阅|调阅|测试)"
SAMPLE = re.compile(
    r"抽(?!象|调|水|烟)|随机|入户核(?:查|实|对)|比对|核对|走访核实|现场核"
    # so many are looked at: 电话核实20条, 暗访10次
    rf"|{_LOOKED}\s?\d+\s?(?:{UNIT})"
)
#: one of the requirements that an award asks for together: 一项不达标, 有1项不符合, 每缺一项
_ONE_PART = re.compile(r"(?:每|有|缺少?|少|任何)*\s?[1一]项(?:不|未|没|达不|缺)?[^，。；]{0,6}$")
_TOGETHER = re.compile(
    r"要求|标准|均|都|同时|、|[二三四五六七八九]有|[二两三四五六七八九十\d]项|并"
)
ERROR = re.compile(
    r"错|差错|有误|误差|不符|不一致|不准|不实|漏(?:登|报|录|项|统|采|管|填|访|巡|检|查)|答不"
    r"|不知|不清楚|失实|逻辑|不真实|虚假|不相符"
)


def deduct_read(frame: Frame, setting: Setting, award: Atom | None) -> RuleReading:
    """Read a frame that takes points off, after an award of full marks or without one."""
    full = full_of(frame, setting)
    points = full if award is not None else None
    floor = frame.floor.points if frame.floor else None
    if full is None and floor is not None:
        points = full = floor  # 最多扣5分 is all that the item can lose
    deduct = next((each for each in frame.deducts if each.each), frame.deducts[0])
    kind = _kind(frame, deduct, setting, award, points)
    if kind is None:
        return taken_tiers(frame, full)
    if full is not None and kind.kind != Tiers.kind:
        kind.params["start" if kind.kind == PerEvent.kind else "full"] = full
    if frame.floor is not None:
        kept = full - floor if floor is not None and full is not None else Fraction(0)
        kind.params["floor"] = max(kept, Fraction(0))
    more = [each for each in frame.deducts if each is not deduct]
    if more:
        kind.params["more"] = [[each.condition, each.points] for each in more]
    return kind


def _kind(
    frame: Frame, atom: Atom, setting: Setting, award: Atom | None, points: Fraction | None
) -> RuleReading | None:
    """Choose the kind by what is counted; ``None``: steps, each with its deduction."""
    condition = atom.condition
    step = PERCENT.search(condition)
    if step and (atom.each or re.search(r"[一1]个?百分点|1%", step[0])):
        return _percent_step(frame, atom, step, setting, points)
    if award is not None and re.match(r"[1一][项个条][^，]{0,4}(?:未|不|没|达不)", condition):
        own = spread(rates_of(conditions_of(award.condition)), setting.content)
        conditions = own or rates_of(setting.bounds)
        if len(conditions) > 1:
            return _all_of(frame, atom, conditions, points)
    stepped = [
        each for each in frame.deducts if not each.each and list(bounds_find(each.condition))
    ]
    kept = award is not None and award.effect is Effect.KEEP and not atom.each
    if len(stepped) > 1 or kept:
        return None
    sampled = SAMPLE.search(condition) or SAMPLE.search(setting.content)
    if sampled and (ERROR.search(condition) or _sampled_unit(condition, setting.content)):
        kind = SampleError.kind
        return RuleReading(
            kind, points, condition, figure=subject_of(condition), deduct=atom.points
        )
    wanted, _comma, short = condition.rpartition("，")  # 制度健全并上墙，一项不健全
    papers = re.search(rf"制度|{_PAPERS}", wanted) and _lacks(wanted, short)
    if (
        MISSING_DOCUMENT.search(condition)
        or papers
        or (award is not None and _lacks(award.condition, condition))
        or (award is not None and _part_of(award.condition, condition))
        or ("、" in wanted and re.search(r"缺少?\s?[1一]项$", short))
    ):
        return _completeness(frame, atom, award, points)
    if award is not None and not atom.each and conditions_of(award.condition):
        best, left = points, (points or Fraction(0)) - (atom.points or Fraction(0))
        levels = [[award.condition, best], [condition, left]]
        return RuleReading(Tiers.kind, points, award.condition, levels=levels)
    around = f"{award.condition}，{condition}" if award is not None else condition
    reading = RuleReading(
        PerEvent.kind, points, around, figure=subject_of(condition), deduct=atom.points
    )
    if not atom.each:
        reading.params["once"] = True
    return reading


def raised_read(frame: Frame, setting: Setting) -> RuleReading:
    """Read 达到80%得6分，每提高5个百分点加1分，最高10分: a base and what each step above adds."""
    base, add = frame.awards[0], frame.adds[0]
    most = frame.cap.points if frame.cap else None
    low = base.points if base.points is not None else Fraction(0)
    full = setting.full if setting.full is not None else max(most or low, low)
    step = STEP_UP.search(add.condition)
    size = number_read(step["step"]) if step else Fraction(1)
    reading = RuleReading(PercentStep.kind, full, base.condition, full=full, base=base.points)
    reading.params |= {"step": size, "add": add.points}
    own = rates_of(conditions_of(base.condition)) or conditions_of(base.condition)
    if own:
        reading.params |= {"figure": own[0].figure, "target": own[0].value}
        if add.points:
            # where the steps have added up to all points
            reading.params["full_at"] = own[0].value + (full - low) / add.points * size
    if frame.deducts:
        reading.params["deduct"] = frame.deducts[0].points
    else:
        reading.params["zero_below"] = own[0].value if own else None
    if not reading.params.get("figure"):
        reading.params["figure"] = subject_of(setting.content[:20])
    return reading


def _all_of(
    frame: Frame, atom: Atom, bounds: tuple[Bound, ...], points: Fraction | None
) -> RuleReading:
    """Read 两项均达标得30分，一项不达标扣15分: each condition has its share."""
    conditions = [condition_of(each) for each in bounds]
    lost = (atom.points or Fraction(0)) * len(bounds)
    reading = RuleReading(AllOf.kind, points, frame.awards[0].condition, conditions=conditions)
    reading.params |= {"deduct_each": atom.points, "split": "equal" if lost == points else "none"}
    reading.used = bounds
    return reading


def _lacks(full: str, text: str) -> bool:
    """Say whether a deduction is for a part missing of what the award wants complete."""
    return bool(
        re.search(rf"{COMPLETE.pattern}|制度|{_PAPERS}", full)
        and re.search(r"缺|少(?!于)|漏|不全|无|不完整|不健全|不完善|不齐", text)
        and not re.search(r"每?少\d?[一1]?(?:次|场|期)$", text)
    )


def _part_of(full: str, text: str) -> bool:
    """Say whether a deduction counts the requirements that the award lists, one by one."""
    return bool(_ONE_PART.search(text) and _TOGETHER.search(full)) and not rates_of(
        conditions_of(full)
    )


def _completeness(
    frame: Frame, atom: Atom, award: Atom | None, points: Fraction | None
) -> RuleReading:
    parts = subject_of(atom.condition)
    kind = Completeness.kind
    reading = RuleReading(kind, points, atom.condition, parts=parts, deduct_each=atom.points)
    if not atom.each:
        reading.params["per"] = "once"
        if award is not None:
            reading.doubt("per")
    if frame.zeros:
        reading.params["none"] = Fraction(0)
    return reading


def _sampled_unit(condition: str, content: str) -> bool:
    """Say whether what is counted are the things drawn: 抽取10份卷宗，发现1份不规范."""
    drawn = re.search(
        # 抽查发现1人 draws no one: it says what came out
        rf"(?:抽|随机|{_LOOKED})(?:(?!发现|查出)[^，。；]){{0,6}}?\d+\s?(?P<unit>{UNIT})",
        f"{content}。{condition}",
    )
    return bool(
        drawn
        and re.search(
            rf"(?:每|发现|缺少?|有|漏|不合格|不达标|不规范)\s?[1一]?{drawn['unit']}"
            rf"|[1一]{drawn['unit']}$|[1一]{drawn['unit']}(?:不|未|缺|错|漏|有误|无)",
            condition,
        )
    )


def _titled(setting: Setting) -> str:
    """Give the name of the item: the first words of its content, where a column adds its target."""
    return subject_of(setting.content.partition("。")[0][:20])


def _percent_step(
    frame: Frame, atom: Atom, step: re.Match[str], setting: Setting, points: Fraction | None
) -> RuleReading:
    own = [each for award in frame.awards for each in conditions_of(award.condition)]
    before = atom.condition[: step.start()]
    own = own or [each for each in bounds_find(before) if each.rate]
    within = atom.condition[: step.start("step")]
    own = own or [each for each in bounds_find(within) if each.rate]
    rates = rates_of(setting.bounds)
    target = own[0] if own else rates[0] if rates else None
    reading = RuleReading(
        PercentStep.kind,
        points,
        atom.condition,
        deduct=atom.points,
        step=number_read(step["step"]),
    )
    if target is not None:
        reading.params |= {
            "figure": target.figure or subject_of(before) or _titled(setting),
            "target": target.value,
        }
        reading.used = (target,) if not own else ()
    else:
        reading.params["figure"] = subject_of(before) or subject_of(setting.content[-20:])
        reading.doubt("target")
    above = STEP_ABOVE.match(step[0]) or re.search(
        r"(?:超过?|高于?|增加|上升|多)(?:出)?[^，]{0,6}$", atom.condition[: step.start("step")]
    )
    if above and not re.search(r"低|少|降|差", step[0]):
        reading.params["side"] = "above"
    return reading
