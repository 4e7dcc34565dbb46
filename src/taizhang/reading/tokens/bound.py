"""Bounds in a text: 不少于4次, 达95%以上, 80%—90%, 控制在3起以内, each with what it bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from taizhang.reading.base.deadline import check

NUMBER = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)"
DASH = r"(?:[-—–~～－]{1,2}|至|到)"
RATE_UNIT = r"%|‰|个?百分点"
_KNOWN_UNIT = (
    rf"{RATE_UNIT}|平方米|平米|人次|人|次|场|篇|条|份|期|户|件|起|例|处|个|项|天|日|小时|分钟|名|支|块|幅|家|张|"
    r"课时|学时|公里|米|吨|公斤|亩|台|辆|宗|批|本|册|万元|元|分|类|种|遍|小组|班次|倍|岁|所|栋|点|卷|宗|车|盏|座|株|棵|头|桶|袋|箱|具|根|杆|[KMGT]B|km|kg"
)
#: any word before 以上 and 以下 counts something as well
UNIT = rf"{_KNOWN_UNIT}|[\u4e00-\u9fff]{{1,4}}(?=(?:（含）)?(?:及|或)?以[上下内])"
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "〇": 0}
_BEFORE = (
    ("below", r"未达到?|没有?达到?|达不到|不到|不足|低于|小于|少于|不满|未满|<|＜|未完成"),
    ("at_most", r"不得?超过|不得?高于|不得?多于|不得?大于|控制在|≤|<=|至多|最多|压减到|降至|降到"),
    (
        "at_least",
        r"不得?低于|不得?少于|不得?小于|不得?下于|至少|≥|>=|达到了?|达|保持在|稳定在|力争|确保|完成",
    ),
    ("above", r"超过|大于|高于|多于|>|＞|超"),
)
_AFTER = (
    ("at_least", r"(?:（含）)?(?:及|或|和)?以上|（含）以上|及其以上|起"),
    ("at_most", r"(?:及|或)以下|（含）以下|以内|之内|内"),
    ("below", r"以下"),
)
_PREFIX = "|".join(f"(?P<p_{name}>{words})" for name, words in _BEFORE)
_SUFFIX = "|".join(f"(?P<s_{name}>{words})" for name, words in _AFTER)
_BAND = (
    rf"(?P<from>{NUMBER})(?P<unit1>{UNIT})?(?P<in1>（不?含）)?{DASH}"
    rf"(?P<to>{NUMBER})(?P<unit2>{UNIT})(?P<in2>（不?含[^）]*）)?(?:之间|以内)?(?:（不?含[^）]*）)?"
)
_BOUND = re.compile(
    rf"(?P<prefix>{_PREFIX})?(?P<ratio>百分之)?\s?(?:{_BAND}"
    rf"|(?P<value>{NUMBER})\s?(?P<unit>{UNIT})?(?P<suffix>{_SUFFIX})?)"
)
#: what stands before a number that counts something else than a bound of the figure
_NO_BOUND = re.compile(r"(?:第|近|约|为期|前|后|星期|周|每|逢|前|的|一|（|\d{1,2}月|\d[:.：])$")
_END = re.compile(r"[，。；：、！？（）\s“”《》]")
#: words around the name of a figure that do not belong to it
_LEAD = re.compile(
    r"^(?:(?:对|将|把|使|要|应(?!用|急|知|对|届|收|建|签|到)|须|且|并|的|及|与|和|做到|实现|确保|力争|保证|其中|全年|年内|每年|每月|"
    r"每季度?|每半年|全市|全县|全区|全镇|本年度|年度|累计|社区|若|如果?|凡|当)(?!服务|卫生))+"
)
_TAIL = re.compile(
    r"(?:(?:应|要|须|必须|应当|分别|均|都|全部|总体|为|在|到|的|数量|每年|全年|每月|每季度?|上报|平均|一般|原则上|率先|"
    r"已|需|不得|年均|也|力争|确保|其|小于)|(?<=率)(?:超|低))+$"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound: ``operator`` is at_least, at_most, above, below or equal; ``high`` ends a band."""

    figure: str
    operator: str
    value: Fraction
    unit: str
    start: int
    end: int
    high: Fraction | None = None
    #: written as a bound (以上, 达到, ≥), not as a bare number
    is_bound: bool = True
    #: the upper end of a band belongs to it
    high_in: bool = True

    @property
    def rate(self) -> bool:
        """Say whether the bound is a share (%, ‰)."""
        return self.unit in ("%", "‰") or "百分点" in self.unit


@lru_cache(maxsize=1024)
def number_read(text: str) -> Fraction:
    """Read 5, 0.5, 五, 二十五, 一百 as a number."""
    if text[0].isdigit():
        return Fraction(text)
    total, numeral = 0, 0
    for sign in text:
        if sign in "十百":
            total += (numeral or (1 if sign == "十" and not total else numeral or 1)) * (
                10 if sign == "十" else 100
            )
            numeral = 0
        else:
            numeral = _DIGITS[sign]
    return Fraction(total + numeral)


@lru_cache(maxsize=16384)
def bounds_find(text: str) -> tuple[Bound, ...]:
    """Find the bounds of a text with the figures they bound; lists of rates share one bound."""
    return tuple(_bounds(text))


#: how far before a number stand the words that deny a bound, and those that name its figure
_NEAR, _FAR = 12, 200


def _bounds(text: str) -> Iterator[Bound]:
    done = 0
    figure = ""
    for match in _BOUND.finditer(text):
        bound = _bound(match, text)
        if bound is None:
            continue
        check()
        words = text[max(done, match.start() - _FAR) : match.start()]
        names = _figures(words) or ([figure] if figure else [""])
        for name in names:
            yield Bound(
                name,
                bound.operator,
                bound.value,
                bound.unit,
                match.start(),
                match.end(),
                bound.high,
                bound.is_bound,
                bound.high_in,
            )
        figure, done = names[-1], match.end()


def _bound(match: re.Match[str], text: str) -> Bound | None:
    before = text[max(0, match.start() - _NEAR) : match.start()]
    at = (match.start(), match.end())
    if match["from"]:
        return _band(match, before, at)
    unit = match["unit"] or ("%" if match["ratio"] else "")
    prefix = next((name for name, _ in _BEFORE if match[f"p_{name}"]), "")
    suffix = next((name for name, _ in _AFTER if match[f"s_{name}"]), "")
    if not (prefix or suffix) and _NO_BOUND.search(before):
        return None
    if unit and not match["value"][0].isdigit() and not re.fullmatch(_KNOWN_UNIT, unit):
        return None  # 一般以上 counts nothing
    if not unit and not (prefix and match["value"][0].isdigit()):
        return None
    if match["prefix"] in ("完成", "力争", "确保", "超", "达") and not unit:
        return None
    is_bound = bool(prefix or suffix)
    if prefix == "above" and suffix == "at_least":
        prefix = "at_least"
    operator = prefix or suffix or ("at_least" if unit in ("%", "‰") else "equal")
    if prefix == "at_least" and suffix in ("below", "at_most"):
        operator = "at_most"
    return Bound("", operator, number_read(match["value"]), unit, *at, is_bound=is_bound)


def _band(match: re.Match[str], before: str, at: tuple[int, int]) -> Bound | None:
    if _NO_BOUND.search(before) and not match["prefix"]:
        return None
    low, high = number_read(match["from"]), number_read(match["to"])
    if low > high:
        low, high = high, low
    inside = "不含" not in (match["in2"] or "")
    return Bound("", "at_least", low, match["unit2"], *at, high=high, high_in=inside)


def _figures(text: str) -> list[str]:
    """Name what a bound bounds from the words before it: 更新率、准确率、应用率达到 → three."""
    text = re.sub(r"（[^（）]*）$", "", text.rstrip("，、：: "))
    words = _END.split(text)
    last = figure_name(words[-1])
    if not last:
        return []
    names = [last]
    if last.endswith(("率", "数", "度")):
        joined = re.search(
            r"((?:[^，。；：、！？（）\s]{1,14}[率数度][、和及与])+)[^，。；：、]*$", text
        )
        if joined:
            names = [
                figure_name(name) for name in re.split(r"[、]|(?<=率)[和及与]", joined[1])
            ] + names
    return [name for name in dict.fromkeys(names) if name]


def figure_name(text: str) -> str:
    """Strip the words around a figure's name that do not belong to it."""
    return _TAIL.sub("", _LEAD.sub("", text.strip(" ，、：“”\"'")))
