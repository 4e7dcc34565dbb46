"""Scoring clauses → atoms: a condition and what it earns or costs.

The grammar is small: a clause is a run of *conditions*, each followed by an *effect* (得5分,
每…扣1分, 不得分, 按比例得分, 酌情扣1—3分, 加2分, 最多加5分, 一票否决, 由考核组评定).
:mod:`reading.scheme` joins atoms to rules of the kinds of core.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from taizhang.reading.base.deadline import check
from taizhang.reading.tokens.bound import DASH, NUMBER, UNIT, number_read

_R = (
    rf"(?:{NUMBER}\s?{DASH}\s?)?{NUMBER}\s?分(?!点|钟|类|之|百|比|制|别|期|管|工|部|支|公司|级|组|局"
    rf"|数线|以[上下]|及以|{DASH}|值占)"
)
_EACH_PER = rf"(?:/|／|每)(?:{UNIT})"
_WHOLE = (
    r"(?:该|本|此|全|整|这)(?:大|小|一|条|分|单)?(?:项|指标|内容|部分|条|款|题)?(?:工作|指标"
    r"|内容|考核)?(?:的)?(?:得分|分值|分数|分)?"
)


class Effect(StrEnum):
    """What a condition earns or costs."""

    AWARD = "award"
    DEDUCT = "deduct"
    ADD = "add"
    ZERO = "zero"
    VETO = "veto"
    SCALE = "scale"
    RATE = "rate"
    RANGE = "range"
    JUDGE = "judge"
    CAP = "cap"
    FLOOR = "floor"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition with its effect; ``points`` is ``None`` for full marks (满分) or not said."""

    effect: Effect
    condition: str
    low: Fraction | None
    points: Fraction | None
    start: int
    end: int
    text: str
    #: the sign that gave a word for itself: 扣 or 加 of a range, × of a rate, 的 written for 得
    verb: str = ""
    #: for each of something (每…, 发现一起, /次)
    each: bool = False
    #: number of the sentence in the clause; sentences end at 。 and at list numbers
    sentence: int = 0
    #: written as a fraction of full marks: 得一半分, 得60%的分
    share: Fraction | None = None
    #: its sentence begins with a list mark of its own
    listed: bool = False

    @property
    def full(self) -> bool:
        """Say whether the effect gives full marks without saying how many."""
        return self.effect is Effect.AWARD and self.points is None and self.share is None


_TAKE = (
    r"(?:倒扣|扣减|扣除|扣罚|扣|减)(?:去|掉|除|减|其|其他|当月|当年|总|单位|年度考核)?(?:该项"
    r"|本项|此项|考核|总成绩)?(?:分值|得分|总分)?"
)
_GIVE = (
    r"(?:可以?|即|方可|才|予以|仅|只|各|均|分别)?"
    r"(?:得|计|记|积|给予?|评|赋|打|获|的(?=\s?\d))(?:满)?"
)
_JUDGES = (
    r"(?:考核|考评|评审|检查|督查|督导|领导|评定|测评|验收)(?:小?组|专家组?|办公室|人员|办"
    r"|领导小组|团|部门|单位)?|主管部门|专家组?|评委|职能部门"
)
#: tried in this order at every place; the group name is ``effect`` or ``effect_more``
_EFFECTS = (
    rf"(?P<floor>(?:直至|直到|至|以|到)?(?:{_WHOLE}|总分|分值|分数|得分)?(?:扣|减)(?:完"
    rf"|光|到0分?)(?:{_WHOLE}"
    rf"|分值|分数|得分)?(?:为止|止)|(?:直至|直到)(?:{_WHOLE})?扣完|扣完即止"
    rf"|不(?:再)?倒扣|不计负分|不出现负分|不扣负分)",
    rf"(?P<cap_take>(?:(?:累计|合计|总共|总计|最多|最高|共"
    rf"|上限)[^，。；\d]{{0,4}})+(?:扣|减)(?:分"
    rf"|除)?(?:不(?:得)?超过|至|为|不高于)?{_R}|(?:扣|减)分(?:累计|总计|合计|最多"
    rf"|最高)*不?(?:得?超过|以"
    rf"|至)?(?:最多)?{_R}(?:为限|封顶)?)",
    rf"(?P<cap>(?:最多|最高|累计|合计|封顶|总计|上限|总加?分|加满|[本此该]项(?=最|总|累"
    rf"|不|加分|得分不))(?:可"
    rf"|只)?[^，。；：\d（）扣减]{{0,8}}?(?:不(?:得)?超过|为|加|得|至|到|计"
    rf"|以)?\s?{_R}(?:封顶|为限|为止)?"
    rf"|不(?:得)?(?:超过|高于){_R}|{_R}(?:封顶|为限|为上限)|以{_R}为限)",
    r"(?P<veto>(?:实行|执行)?(?:考核)?[“”]?一票否决(?:制)?[“”]?|(?:直接|一律)?(?:评|定"
    r"|判|列|认定|确定"
    r"|降)(?:定)?为(?:不合格|末等|最低)(?:等次|等级|档次)?|取消[^，。；]{0,12}(?:(?:评先"
    r"|评优|考核|先进|评选|评比"
    r"|参评)[^，。；]{0,10}(?:资格)?|资格)"
    r"|(?:总分|总成绩|总得分|(?:[当本][月季年次期]|年度|月度|季度|半年|全年|绩效|综合)+(?:考核|考评)+(?:总分|成绩"
    r"|得分|结果|等次)?)(?:直接|均|一律|为|作|按|记|计|得|评|定|判){0,3}(?:0分|零分|不合格)"
    r"(?:计算?|处理)?)",
    rf"(?P<zero>(?:则|均|一律|都|按|全部?|即|直接)?(?:{_WHOLE})?(?:则|均|一律|都|按"
    rf"|全部?)?(?:不得(?:该项)?分"
    rf"|不得得分|得不得分?|不计分|不给分|不记分|不予?(?:计|得|记|给)分|无分|(?:得|计|记"
    rf"|给|为|按|判|打|评|以)?(?:作"
    rf"|为)?(?<![\d.])(?:0|零|〇)分(?!以|钟)(?:计算?|处理)?|扣完(?!为)"
    rf"|(?<![健齐完])全扣(?!\d)|扣全分|扣(?:除|完"
    rf"|去)?{_WHOLE}(?:全部)?(?:分值?|得分)?(?![\d值得])|扣(?:除|完)?全部(?:分值?"
    rf"|得分)?|扣除?满分|清零|归零))",
    r"(?P<keep>不扣分|不予扣分|不作扣分|不加分|不影响得分|不减分)",
    rf"(?P<rate_led>(?:{_R}|分值|标准分|满分|权重(?:分值?)?|基础分"
    rf"|{_WHOLE})\s?[×xX*＊✕╳·]\s?(?P<factor1>[^，。；（）×]{{2,30}}?(?:率|比例|比|数"
    rf"|百分比"
    rf"|[÷/].{{1,14}}?))(?=[，。；）（]|$))",
    rf"(?P<rate>(?:得分|分值|计分"
    rf"|分数)?[=＝为]?\s?(?P<factor2>[^，。；（）×=＝]{{2,30}}?)\s?(?:[×xX*＊✕╳]|乘以"
    rf"|乘)\s?(?:{_R}"
    rf"|{NUMBER}(?![\d%])|{NUMBER}%(?:计入|记入|折算|计算)|{_WHOLE}|分值|标准分|满分|权重(?:分值?)?|基础分))",
    r"(?P<scale>(?:其余|其他|不足(?:的|部分)?|未完成的?|未达到的?|则|否则)?(?:按|依|以"
    r"|根据|按照"
    r"|依据)[^，。；（）]{0,18}?(?:率(?=(?:实际)?折算)|比例|比率|占比|百分比|完成率|达标率|正确率|得票率"
    r"|满意率|覆盖率|合格率"
    r"|程度)[^，。；（）扣]{0,6}?(?:得分|计分|给分|记分|赋分|打分|折算[^，。；）]{0,3}"
    r"|计算[^，。；）]{0,3}|递减|扣减|扣分|折分"
    r"|减分|换算[^，。；）]{0,3})|(?:同?比例|等比例)(?:得分|计分|给分|扣分"
    r"|折算[^，。；）]{0,3}|递减|扣减|赋分))",
    rf"(?P<range>(?:视|酌|依|按|根据|区分|结合|视其)?[^，。；（）\d]{{0,10}}?(?:酌情|酌"
    rf"|适当|视情节?轻重|视情况?|视情形"
    rf"|视程度|酌量|情况|情节|程度|轻重|质量|效果|优劣)[^，。；（）\d]{{0,4}}?(?:给予?"
    rf"|予以)?(?P<v1>扣减|扣除|扣|减|加|奖"
    rf"|给予?|得|计|记|评|赋|打)(?:除|予)?(?:{_R}|分))",
    rf"(?P<add>(?:可|另|再|额外|给予|分别|各|予以)*(?:加|奖励|奖|增加|增|附加|加计"
    rf"|加记)(?:计"
    rf"|记)?\s?{_R}(?:{_EACH_PER})?)",
    rf"(?P<deduct>{_TAKE}\s?{_R}(?:{_EACH_PER})?)",
    rf"(?P<award>{_GIVE}\s?(?:{_R}|满分|全分|(?:分值|满分|该项分)的?一半"
    rf"|一半(?:的)?(?:分值?)?"
    rf"|(?:百分之{NUMBER}|\d+%)的?(?:分值?|得分)|(?:该|本)项分(?:值)?的\d+%)|减半(?:得"
    rf"|计|给|扣)分)",
    rf"(?P<judge>(?:由"
    rf"|经)[^，。；（）]{{0,10}}?(?:{_JUDGES})[^，。；（）酌]{{0,16}}?(?:评定|打分|评分"
    rf"|评价|认定"
    rf"|确定|赋分|评议|评判|给分|评审|计分|审定)|(?:综合|现场|实地|集体|民主"
    rf"|当场)(?:评定|打分|评分|评议|测评|评价|赋分)(?:得分|计分"
    rf"|确定)?)",
    rf"(?P<bare>(?<![\d≥>＞＝=<≤达于过至到—\-–~～得扣加减计记共为足第])\s?{_R}(?:{_EACH_PER})?)",
)
#: signs without which no rate and no discretion stands; those are dear to look for
_RATE_SIGN = re.compile(r"[×xX*＊✕╳·乘]")
_RANGE_SIGN = re.compile(r"酌|适当|视|情况|情节|程度|轻重|质量|效果|优劣")


@lru_cache(maxsize=4)
def _effects(rated: bool, ranged: bool) -> re.Pattern[str]:
    kept = [
        effect
        for effect in _EFFECTS
        if (rated or not effect.startswith("(?P<rate"))
        and (ranged or not effect.startswith("(?P<range"))
    ]
    return re.compile("|".join(kept))


def _effects_in(text: str) -> Iterator[re.Match[str]]:
    """Walk the effects that a text states, in order."""
    rated, ranged = _RATE_SIGN.search(text), _RANGE_SIGN.search(text)
    return _effects(rated is not None, ranged is not None).finditer(text)


#: 齐全可操作5分，基本齐全3分: the next step says less
_LESS_FOLLOWS = re.compile(
    r"[，；、]\s?[^，。；、\d]{0,8}(?:基本|较|部分|一般|无|不|未|没有|欠|缺)[^，。；\d]{0,16}"
    r"\d+(?:\.\d+)?\s?分(?!钟)"
)
#: groups that stand inside an effect
_INNER = frozenset(("v1", "factor1", "factor2"))
_TIMES = re.compile(rf"(?:[×xX*＊✕╳乘]以?)\s?({NUMBER})$")
_RANGE = re.compile(rf"(?P<low>{NUMBER})\s?{DASH}\s?(?P<high>{NUMBER})\s?分|(?P<one>{NUMBER})\s?分")
_SHARE = re.compile(rf"百分之(?P<han>{NUMBER})|(?P<digits>\d+)%|(?P<half>一半|减半)")
#: 每 that tells how often, not for each of what
_OFTEN = (
    r"(?:个?(?:年|月|季|半年|[一二两三四双]?周|日(?!迟|逾)|星期|学期|学年|旬|两个?月|双月|晚|天(?!迟"
    r"|逾|延))|年度)"
)
_EACH = re.compile(rf"(?:每|逐)(?!{_OFTEN})|凡")
_ONE_OF = re.compile(
    r"(?:缺少|缺|少|漏|错|差|发现|出现|发生|查到|接到|存在|有|迟报|漏报|瞒报|逾期|超过|超|延误"
    r"|完成|增加|新增|降低|下降|低)了?(?:一|1)个?"
    r"(?:起|例|次|处|项|人|件|个|份|户|天|日|期|篇|条|名|场|块|家|宗|批|张|题|种|本|步|百分点"
    r"|点|字|小时)"
    r"|(?:一|1)个?(?:人次|起|例|次|处|项|人|件|份|户|期|篇|条|名|场|块|家|宗|批|张|题)(?:的|者)?$"
)
_LIST_MARK = re.compile(
    r"(?:(?<=[。；：，])|^)\s?(?:（?\d{1,2}）|[①-⑳]|\d{1,2}[、.．](?!\d)|[a-hA-H][、.）]"
    r"|（[一二三四五六七八九十]{1,2}）|[一二三四五六七八九十]是)"
)
_STOP = re.compile(r"[。；！\n]")
_EDGE = "，。；：:、 的者且,;-—=＝）)"


def atoms_find(text: str) -> tuple[Atom, ...]:
    """Find the atoms of one scoring clause or of a whole item's text, in order."""
    bounds = _sentences(text)
    starts = [bound[0] for bound in bounds]
    atoms: list[Atom] = []
    done = 0
    for match in _effects_in(text):
        check()
        name = next(key for key in match.groupdict() if match[key] and key not in _INNER)
        sentence = bisect_right(starts, match.start()) - 1
        begin, _end, listed = bounds[sentence]
        atom = _atom(match, name, text, max(done, begin), sentence, listed)
        if atom is not None:
            atoms.append(atom)
            done = match.end()
    return tuple(atoms)


def _sentences(text: str) -> list[tuple[int, int, bool]]:
    """Cut a text where no condition reaches over, at stops and list marks: start, end, listed."""
    marks = {match.end() for match in _LIST_MARK.finditer(text)}
    ordered = sorted({0, len(text)} | {match.end() for match in _STOP.finditer(text)} | marks)
    return [(begin, two, begin in marks) for begin, two in pairwise(ordered)] or [(0, 0, False)]


def _atom(
    match: re.Match[str], name: str, text: str, done: int, sentence: int, listed: bool
) -> Atom | None:
    phrase = match[0]
    condition = text[done : match.start()]
    low = points = share = None
    if number := _RANGE.search(phrase):
        low = number_read(number["low"] or number["one"])
        points = number_read(number["high"] or number["one"])
    elif times := _TIMES.search(phrase):
        low = points = number_read(times[1])
    effect, verb = _effect(name, match)
    if effect is Effect.AWARD and number is None and (part := _SHARE.search(phrase)):
        share = Fraction(1, 2) if part["half"] else number_read(part["han"] or part["digits"]) / 100
    if name in ("rate", "rate_led"):
        factor = match["factor1"] or match["factor2"] or ""
        condition = factor.strip(_EDGE) or condition
    if name == "bare" and not _bare_counts(condition, text, match.end()):
        return None
    if effect is Effect.DEDUCT and low is not None and low != points:
        effect, verb = Effect.RANGE, "扣"
    if effect is Effect.ADD and low is not None and low != points:
        verb = "range"
    if effect is Effect.AWARD and low is not None and low != points:
        effect, verb = Effect.RANGE, "得"
    if verb == "的":
        phrase = "的" + phrase[1:]
    # 每年 … 达到20学时 counts nothing; what is counted stands next to the effect.
    last = re.split(r"[，；]", condition.strip(_EDGE))[-1]
    one_of = effect in (Effect.DEDUCT, Effect.ADD, Effect.RANGE) and _ONE_OF.search(condition)
    each = bool(_EACH.search(last) or one_of or re.search(_EACH_PER, phrase))
    return Atom(
        effect,
        condition.strip(_EDGE),
        low,
        points,
        match.start(),
        match.end(),
        phrase,
        verb,
        each,
        sentence,
        share,
        listed,
    )


def _effect(name: str, match: re.Match[str]) -> tuple[Effect, str]:
    text = match[0]
    if name == "range":
        verb = match["v1"]
        taken = verb[0] in "扣减"
        return Effect.RANGE, "扣" if taken else "加" if verb[0] in "加奖" else "得"
    if name == "cap_take":
        return Effect.FLOOR, "扣"
    if name == "bare":
        return Effect.AWARD, "bare"
    if name == "award":
        return Effect.AWARD, "的" if text.startswith("的") else text[0]
    if name in ("rate", "rate_led"):
        return Effect.RATE, "×"
    return Effect(name), ""


def _bare_counts(condition: str, text: str, end: int) -> bool:
    """Say whether points without a verb are an effect: a level or bound stands just before."""
    condition = condition[-40:]
    if _LESS_FOLLOWS.match(text, end) and re.search(r"[\u4e00-\u9fff]$", condition):
        return not re.search(r"[满值共计分为占权重加扣]$", condition)
    if text[end : end + 1] in tuple("）)】") and re.search(r"[（(【]\D{0,6}$", condition):
        return False
    if re.search(
        r"(?:满分|分值|标准分|[本此该]项|共计?|合计|总分|权重)[为:：]?$", condition.rstrip()
    ):
        return False
    return bool(
        re.search(
            rf"(?:[:：]|(?:以[上下内]|级|奖|等|优秀?|良好?|中|差|合格|达标|含）|%|{UNIT}"
            rf"|[AaBbCcDd]|不得?扣|全部?|满|齐全|完整"
            rf"|每{NUMBER}?(?:{UNIT}))[:：，的]?)$",
            condition.rstrip(" "),
        )
    )


@lru_cache(maxsize=8192)
def clause_signs(text: str) -> tuple[tuple[int, int], ...]:
    """Give the places of words that only scoring clauses use."""
    return tuple(
        match.span()
        for match in _effects_in(text)
        if match.lastgroup != "bare"
        or _bare_counts(text[max(0, match.start() - 40) : match.start()], text, match.end())
    )
