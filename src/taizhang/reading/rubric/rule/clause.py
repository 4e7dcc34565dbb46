"""Atoms of a scoring clause → frames: the atoms that together make one rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from taizhang.reading.tokens.atom import Atom, Effect, atoms_find
from taizhang.reading.tokens.bound import Bound, bounds_find

#: what happens and is lost for, against what was to be done and was not
_EVENT = re.compile(
    r"出现|发生|发现|存在|弄虚作假|造假|作假|虚假|虚报|瞒报|谎报|伪造|一旦|凡"
    r"|被[^，。；]{0,14}(?:通报|曝光|查处|点名|批评|问责|约谈)"
    r"|(?:受到?|有)[^，。；]{0,16}(?:通报|曝光|查处|处分|行为|事件|事故|案件|现象|问题|投诉)"
    r"|吃拿卡要|舞弊|徇私|收受|索要|泄密|泄露|失职|渎职|造成|引发|导致|违反|违规|擅自|拒绝|拒不|抄袭"
)
#: worse than before: it forfeits beside a class or bound, and is a step beside another trend
_TREND = re.compile(
    r"(?:较|比)(?:上年度?|去年|上月|上季度?|同期|上一?年度|上期)[^，。；]{0,6}"
    r"(?:下降|恶化|变差|退步|上升|增加|降低|提高|下滑)"
)
#: 在此基础上每提高1个百分点加0.5分: a step that adds to a base
STEP_UP = re.compile(
    r"每?(?:提高|提升|增加|上升|增长|超过?|高出?|多)(?:了|出)?\s?(?P<step>\d+(?:\.\d+)?|[一两二三五十])\s?"
    r"(?:个?百分点|%|个?点)"
)
STEP_DOWN = re.compile(
    r"每?(?:降低|下降|降|低|减少|少|差)(?:了|于)?\s?(?:\d+(?:\.\d+)?|[一两二三五十])\s?(?:个?百分点|%|个?点)"
)
_NEGATION = re.compile(
    r"^(?:如|若|有|的|其中)?(?:否则|反之|不|未|无|没有?|缺|低于|少于|小于|不足|<|达不|其他|其余"
    r"|超过|高于|大于|逾期|全无|均?未)|未(?:达|完成"
    r"|开展|按|落实|建立|制定|组织)|没有|不达标|达不到|不合格|低于|不足\d|以下$|无(?:资料|记录"
    r"|台账)"
)
_WHOLE_ITEM = re.compile(r"[该本此]项")
LEVEL = re.compile(
    r"国家|全国|中央|部级|省|市级|地级|设区|县级|区级|区、|镇级|乡级|街道级|[一二三四五]等(?:奖"
    r"|次)?|[一二三四]级|优秀?|良好?|较好|较差|合格|中等?|一般"
    r"|差|好|[A-D]级|[甲乙丙丁]等|第[一二三四五]名|特等|基本|部分|满意|达标|及时|到位|逾期|迟"
)
_PARTIAL = re.compile(
    r"基本|部分|只|仅|较|一般|不够|欠|不完全|个别|少数|逾期|迟|不及时|滞后|还不|仍|补|不太|不全"
    r"|不齐|其他|其余|良|合格|中|差"
)


@dataclass
class Frame:
    """Atoms that make one rule."""

    awards: list[Atom] = field(default_factory=list)
    adds: list[Atom] = field(default_factory=list)
    deducts: list[Atom] = field(default_factory=list)
    zeros: list[Atom] = field(default_factory=list)
    ranges: list[Atom] = field(default_factory=list)
    other: Atom | None = None  # a rate, scale, judge or veto
    cap: Atom | None = None
    floor: Atom | None = None
    trigger: bool = False
    sentence: int = 0

    @property
    def raised(self) -> bool:
        """Say whether the frame is a base and what each step above it adds."""
        return bool(self.awards and self.adds)

    @property
    def atoms(self) -> list[Atom]:
        """Give all atoms in the order of the text."""
        lists = (self.awards, self.adds, self.deducts, self.zeros, self.ranges)
        single = [atom for atom in (self.other, self.cap, self.floor) if atom is not None]
        return sorted(
            [atom for many in lists for atom in many] + single, key=lambda atom: atom.start
        )


@dataclass(frozen=True)
class Scheme:
    """One rule as read: kind, most points (``None``: those of the item), parameters, place."""

    kind: str
    points: Fraction | None
    params: dict[str, object]
    text: str
    start: int
    end: int
    condition: str = ""
    #: names of what is open: partial, zero, target, conversion, garbled 得, gap with its ends
    doubts: tuple[tuple[str, dict[str, object]], ...] = ()
    #: bounds of the item's own text that the rule uses
    used: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What a clause is read in: the item's full points, bounds its text states, its words."""

    full: Fraction | None = None
    bounds: tuple[Bound, ...] = ()
    content: str = ""
    bonus: bool = False


def frames_find(text: str, setting: Setting) -> list[Frame]:
    """Join the atoms of a clause to the rules they make, in order."""
    atoms = atoms_find(text)
    frames: list[Frame] = []
    for atom in atoms:
        current = frames[-1] if frames else None
        if current is None or not _joined(current, atom, setting):
            # A cap, a floor or a word that takes nothing off is no rule by itself.
            if atom.effect in (Effect.CAP, Effect.FLOOR) and not (
                atom.effect is Effect.CAP and setting.bonus
            ):
                continue
            if atom.effect is Effect.KEEP and not list(bounds_find(atom.condition)):
                continue
            current = Frame(sentence=atom.sentence)
            _put(current, atom)
            frames.append(current)
    judged = [frame for frame in frames if frame.other and frame.other.effect is Effect.JUDGE]
    # "The group judges" beside a rule that says how is no rule of its own.
    if len(frames) > len(judged):
        frames = [frame for frame in frames if frame not in judged]
    return frames


def _put(frame: Frame, atom: Atom) -> None:
    match atom.effect:
        case Effect.AWARD | Effect.KEEP:
            frame.awards.append(atom)
        case Effect.ADD:
            frame.adds.append(atom)
        case Effect.DEDUCT:
            frame.deducts.append(atom)
        case Effect.ZERO:
            frame.zeros.append(atom)
            frame.trigger = _triggers(atom) or _forfeits(atom)
        case Effect.RANGE:
            frame.ranges.append(atom)
        case Effect.CAP:
            frame.cap = atom
        case Effect.FLOOR:
            frame.floor = atom
        case _:
            frame.other = atom


def _triggers(atom: Atom) -> bool:
    happens = _EVENT.search(atom.condition) or _TREND.search(atom.condition)
    return bool(happens) and not _NEGATION.search(atom.condition)


def _forfeits(atom: Atom) -> bool:
    """Say whether what happens loses the whole item, whatever its words: 脱岗的，该项不得分."""
    text = atom.condition
    less = _NEGATION.search(text) or _PARTIAL.search(text) or LEVEL.search(text)
    return bool(text and _WHOLE_ITEM.match(atom.text)) and not less and not list(bounds_find(text))


def _trend(condition: str) -> bool:
    return bool(re.search(r"较|比|下降|上升|增加|减少|持平", condition))


def _joined(frame: Frame, atom: Atom, setting: Setting) -> bool:
    """Add an atom to the rule before it when it goes on with it; say whether it did."""
    if frame.other is not None and frame.other.effect is Effect.VETO:
        # 一票否决，年度考核为不合格: the second says what the first means.
        return atom.effect is Effect.VETO and atom.sentence == frame.sentence
    near = atom.sentence == frame.sentence or atom.sentence == frame.atoms[-1].sentence + 1
    if frame.raised and atom.effect in (Effect.DEDUCT, Effect.ZERO):
        return near and _below_base(frame, atom)
    goes_on = {
        Effect.AWARD: _award_goes_on,
        Effect.KEEP: _award_goes_on,
        Effect.ADD: _add_goes_on,
        Effect.DEDUCT: _deduct_goes_on,
        Effect.ZERO: _zero_goes_on,
        Effect.RANGE: _range_goes_on,
        Effect.SCALE: _scale_goes_on,
        Effect.RATE: _rate_goes_on,
    }.get(atom.effect)
    if goes_on is not None:
        return near and goes_on(frame, atom, setting)
    if atom.effect is Effect.CAP and (frame.adds or frame.awards):
        frame.cap = atom
        return True
    if atom.effect is Effect.FLOOR and not frame.trigger:
        frame.floor = atom
        return True
    if atom.effect is Effect.JUDGE and near and (frame.ranges or frame.awards or frame.deducts):
        return True
    return False


def _award_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    if atom.each and frame.awards and frame.awards[-1].each and not frame.deducts:
        # 区级每篇得1分，市级每篇得2分: the same thing at another level.
        alike = _counted(frame.awards[-1]) == _counted(atom)
        if alike and LEVEL.search(atom.condition):
            frame.awards.append(atom)
            return True
    if frame.trigger or frame.other is not None or atom.each:
        return False
    if frame.adds and not frame.awards and atom.verb == "bare" and LEVEL.search(atom.condition):
        frame.adds.append(atom)
        return True
    if frame.ranges and not frame.awards and LEVEL.search(atom.condition):
        frame.ranges.append(atom)
        return True
    if frame.zeros and not frame.awards and not frame.deducts:
        ours, theirs = (
            list(bounds_find(atom.condition)),
            list(bounds_find(frame.zeros[0].condition)),
        )
        if ours and theirs and same_figure(theirs[-1], ours[0]):
            frame.awards.append(atom)
            return True
        return False
    if not frame.awards or frame.deducts:
        return False
    before = frame.awards[-1]
    if before.each:
        return False
    if atom.share is not None or before.full:
        frame.awards.append(atom)
        return True
    ours, theirs = list(bounds_find(atom.condition)), list(bounds_find(before.condition))
    if re.match(r"只|仅|其中", atom.condition) and (before.points or 0) > (atom.points or 0):
        goes_on = True  # 两项全部达到得10分，只达到一项得5分
    elif ours and theirs:
        goes_on = same_figure(theirs[-1], ours[0])
    elif ours or theirs:
        falls = (before.points or 0) > (atom.points or 0)
        # The first step gives all the points there are: what gives less is another step.
        whole = setting.full is not None and _top(frame) == setting.full
        met = ours and re.search(r"^(?:全部)?(?:达到|达标|完成)", before.condition)
        goes_on = falls and bool(whole or _PARTIAL.search(atom.condition) or met)
        goes_on = goes_on and not frame.zeros
    else:
        levels = LEVEL.search(before.condition) and LEVEL.search(atom.condition)
        falls = (before.points or 0) > (atom.points or 0)
        partial = falls and _PARTIAL.search(atom.condition)
        fits = setting.full is not None and falls and _top(frame) == setting.full
        goes_on = bool(partial or fits or (levels and _short(atom) and _short(before)))
        goes_on = goes_on and (atom.sentence == before.sentence or not frame.zeros)
    if goes_on:
        frame.awards.append(atom)
    return goes_on


def _counted(atom: Atom) -> str:
    """Give what an award is for each of: 篇 of 每篇得1分, of 1分/篇."""
    per = re.search(r"[/／每]([\u4e00-\u9fff]{1,2})$", atom.text)
    return per[1] if per else atom.condition[-1:]


def _top(frame: Frame) -> Fraction:
    return max((award.points or Fraction(0) for award in frame.awards), default=Fraction(0))


def _short(atom: Atom) -> bool:
    return len(atom.condition) <= 14


def same_figure(award: Bound, other: Bound) -> bool:
    """Say whether two bounds can be of one figure."""
    kin = (
        award.unit == other.unit or not award.unit or not other.unit or (award.rate and other.rate)
    )
    name = not other.figure or not award.figure or other.figure == award.figure
    return kin and (name or other.figure in award.figure or award.figure in other.figure)


def _below_base(frame: Frame, atom: Atom) -> bool:
    """Join what falls short of a base: 每降低1个百分点扣0.5分, 低于80%的不得分."""
    if atom.effect is Effect.DEDUCT and STEP_DOWN.search(atom.condition):
        frame.deducts.append(atom)
        return True
    if atom.effect is Effect.ZERO and not _triggers(atom):
        frame.zeros.append(atom)
        return True
    return False


def _add_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    lone = len(frame.awards) == 1 and not (frame.adds or frame.deducts or frame.ranges)
    if lone and frame.other is None and not frame.awards[0].each and not setting.bonus:
        if STEP_UP.search(atom.condition) and list(bounds_find(frame.awards[0].condition)):
            frame.adds.append(atom)
            return True
    if not frame.adds or frame.cap is not None:
        return False
    levels = LEVEL.search(frame.adds[-1].condition) and LEVEL.search(atom.condition)
    levelled = levels and _short(atom) and atom.each == frame.adds[-1].each
    ours = list(bounds_find(atom.condition))
    theirs = list(bounds_find(frame.adds[-1].condition))
    steps = ours and theirs and same_figure(theirs[-1], ours[0])
    # 省厅表彰的加5分，市局表彰的加3分: the same thing at another level.
    alike = frame.adds[-1].condition[-2:] == atom.condition[-2:] and not atom.each
    if levelled or steps or alike:
        frame.adds.append(atom)
        return True
    return False


def _deduct_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    if frame.trigger or frame.adds or frame.ranges or frame.other is not None:
        return False
    if frame.awards and not frame.awards[-1].each:
        whole = setting.full is None or _top(frame) in (setting.full, 0) or frame.awards[-1].full
        if atom.sentence == frame.sentence or (
            whole and not atom.listed and len(frame.awards) == 1
        ):
            frame.deducts.append(atom)
            return True
        return False
    only_zero = frame.zeros and not frame.deducts and atom.sentence == frame.sentence
    ours = [bound for bound in bounds_find(atom.condition) if not atom.each]
    theirs = list(bounds_find(frame.deducts[-1].condition)) if frame.deducts else []
    steps = ours and theirs and not frame.deducts[-1].each and same_figure(theirs[-1], ours[0])
    if only_zero or steps:
        frame.deducts.append(atom)
        return True
    return False


def _zero_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    if _TREND.search(atom.condition) and frame.awards:
        # 达到Ⅲ类得15分；较上年下降的不得分: another thing than the class itself.
        if not any(_trend(award.condition) for award in frame.awards):
            return False
    event = bool(_EVENT.search(atom.condition)) and _triggers(atom)
    if frame.deducts and not frame.awards and atom.sentence != frame.sentence and _forfeits(atom):
        return False
    if frame.trigger or event or frame.other is not None or frame.adds:
        if not (frame.other is not None and frame.other.effect is Effect.SCALE):
            if not (frame.other is not None and frame.other.effect is Effect.RATE):
                return False
        if event:
            return False
    if frame.awards or frame.deducts or frame.ranges or frame.other is not None:
        frame.zeros.append(atom)
        return True
    return False


def _range_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    if frame.other is not None and frame.other.effect is Effect.JUDGE:
        frame.other = None
        frame.ranges.append(atom)
        return True
    same = frame.ranges and frame.ranges[-1].verb == atom.verb and atom.verb == "得"
    partial = frame.awards and atom.sentence == frame.sentence and not frame.awards[-1].each
    if same or partial:
        frame.ranges.append(atom)
        return True
    return False


def _rate_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    """Join 不足1册的，得分=实际÷1×10分 to the award of the same full marks before it."""
    before = frame.awards[-1] if frame.awards else None
    alike = before is not None and (before.full or before.points == atom.points)
    here = before is not None and (before.full or before.sentence == atom.sentence)
    return alike and here and _scale_goes_on(frame, atom, setting)


def _scale_goes_on(frame: Frame, atom: Atom, setting: Setting) -> bool:
    if frame.trigger or frame.adds or frame.other is not None or frame.ranges:
        return False
    if frame.awards or (frame.zeros and not frame.deducts):
        frame.other = atom
        return True
    return False
