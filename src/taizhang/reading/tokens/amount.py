"""Amounts in a text: a numeral with the words around it that say how it is known, and its unit.

The grammar of one amount, from left to right::

    [bound] numeral [余|多|几|来] [scale] [- numeral] [unit] [以上|以下|以内|左右|…]

An amount is what stands in the text; whether it is a figure, a date or a name is told apart first
(:mod:`taizhang.reading.tokens.excluded_span`) and described later
(:mod:`taizhang.reading.figure.figure`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from taizhang.core.base.quantity import MISSING, Quantity, QuantityKind
from taizhang.reading.base.deadline import check
from taizhang.reading.tokens.excluded_span import Shadows, shadows
from taizhang.reading.tokens.numeral import DIGITS, SCALES, numeral_read
from taizhang.reading.tokens.unit import UNIT, unit_scale

_HAN = "零〇一二两三四五六七八九十百千万亿廿卅"
_ARABIC = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,8})?"
_MASK = r"\d{0,6}(?:[XxＸ×✕]{1,6}|\*{1,6}|_{1,12}|[□■▢◯]{1,6}|[?？]{2,6}|※{1,4})\d{0,6}"
#: a numeral of any kind; `rough` ones name an order of magnitude alone
_NUMERAL = (
    rf"(?:(?P<mask>{_MASK})"
    rf"|(?P<percent>百分之|千分之|万分之)?(?:(?P<arabic>{_ARABIC})\s?(?P<more1>[余多几来])?(?P<scale>(?!千[瓦克米伏])[十百千万亿]{{1,2}}(?:\d+[千百]?)?)?"
    rf"|(?P<rough>(?:好?几|数|上|成|若干)(?:[十百千万亿]{{1,2}}))"
    rf"|(?P<pair>[一二两三四五六七八九][二三四五六七八九](?=[十百千万余多个名次人场期份户条件项家位天块])[十百千万]{{0,2}})"
    rf"|(?P<han>[{_HAN}]{{1,16}}(?:点[{_HAN}]{{1,4}})?)))"
)
_TO = r"\s?(?:-{1,2}|—{1,2}|~|～|至|到|－)\s?"
_AFTER = r"(?:及其?以上|或以上|以上|以下|及以下|以内|之内|之间|左右|上下|之多|余|多|许)"
#: the signs with which an amount can begin: most places are passed over at once
_FIRST = rf"(?=[\d{_HAN}XxＸ×✕*_□■▢◯?？※好几数上成若])"
_AMOUNT = re.compile(
    rf"{_FIRST}{_NUMERAL}(?P<more>[余多几来许])?(?P<scale2>(?!千[瓦克米伏])[十百千万亿]{{1,2}}(?=[^\d十百千万亿]))?"
    rf"(?:(?P<unit1>{UNIT})?{_TO}(?:百分之)?(?P<to>{_ARABIC}|[{_HAN}]{{1,10}})(?P<to_scale>[百千万亿]{{1,2}})?(?=\s?(?:{UNIT})))?"
    rf"(?:\s?[:：∶比]\s?(?P<ratio>{_ARABIC}))?"
    rf"\s?(?P<unit>{UNIT})?(?P<after>{_AFTER})?"
)
_AT_LEAST = (
    "不少于|不低于|不小于|不得少于|不得低于|不能少于|不下于|不低於|至少|最少|最低|超过|超出|突破|逾|高于|大于|多于|"
    "达到或超过|超|过|≥|>=|>|不下|起码|保底"
)
_AT_MOST = (
    "不超过|不高于|不多于|不大于|不得超过|不得高于|不能超过|低于|少于|小于|至多|最多|最高|不到|不足|未超过|接近|将近|"
    "近|≤|<=|<|不满|未满|不得多于"
)
_ABOUT = "大约|约|大概|约为|约有|约计|大致|估计|差不多|左右"
_BEFORE = re.compile(
    rf"(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|(?P<about>{_ABOUT}))(?:有|为|达到?|计|是|于|在|过)?\s?$"
)
_WITHIN = re.compile(r"(?:控制|限制|压缩|稳定|保持|降低?|下降|压减|缩短|减少)(?:在|到|至|为)?\s?$")
_INSIDE = re.compile(r"^(?:以内|之内|以下|内)")
#: lengths of time, of which 内 is an upper bound
_LENGTHS = frozenset(("小时", "个小时", "分钟", "天", "个工作日", "工作日", "日", "秒"))
#: how far before a numeral its bound can stand
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount: where it stands, what it says, its quantity and its unit ('' when unsaid)."""

    start: int
    end: int
    text: str
    quantity: Quantity
    unit: str
    #: the numeral was written in Chinese
    han: bool = False
    #: where the numeral begins, behind words such as 不少于
    numeral: int = 0

    @property
    def low(self) -> Decimal | None:
        """Give the lower bound."""
        return self.quantity.low

    @property
    def high(self) -> Decimal | None:
        """Give the upper bound."""
        return self.quantity.high


#: 5分42秒, 1小时20分: two units of one length of time
_CLOCKED = re.compile(
    r"(?P<hours>\d{1,3})(?:个?小时)(?P<minutes>[0-5]?\d)分钟?(?!\d)"
    r"|(?P<whole>\d{1,3})分(?:钟)?(?P<seconds>[0-5]?\d)秒"
)


def _clocked(match: re.Match[str]) -> Amount:
    """Make the amount of a length of time in its smaller unit."""
    large, small = match["hours"] or match["whole"], match["minutes"] or match["seconds"]
    value = Decimal(int(large) * 60 + int(small))
    quantity = Quantity(value, value, QuantityKind.EXACT)
    unit = "分钟" if match["hours"] else "秒"
    return Amount(match.start(), match.end(), match[0], quantity, unit, False, match.start())


def amounts(text: str, *, points: bool = True) -> Iterator[Amount]:
    """Walk the amounts of a clean text; dates, numbers of laws, names and the like are none.

    :param points: those in 分 as well; in a rubric they are half of all and no figures
    """
    hidden: Shadows | None = None
    at = 0
    while match := _AMOUNT.search(text, at):
        if hidden is None:
            hidden = shadows(text)  # most sentences hold no number at all
        at = max(match.end(), match.start() + 1)
        check()
        covered = hidden.covering(match.start(), match.end())
        if covered:
            at = max(covered, match.start() + 1)
            continue
        if clocked := _CLOCKED.match(text, match.start()):
            at = clocked.end()
            yield _clocked(clocked)
            continue
        if not points and match["unit"] == "分":
            continue
        amount = _amount(text, match)
        if amount:
            yield amount


#: a sign behind a number that closes its clause is a counter, whichever it is: 12窝，
_COUNTER = re.compile(
    r"(?P<unit>[\u4e00-\u9fff])(?<![的中后前内外上下时起止至到和与及或等多余来几型版楼室号级季届"
    r"期岁码区村市县镇乡省年月日点秒路线弄成半刻])(?=[，。；、）！]|$)"
)


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    unit = match["unit"] or ""
    if not unit and match["arabic"] and not match["ratio"] and not match["after"]:
        if counter := _COUNTER.match(text, end):
            unit, end = counter["unit"], counter.end("unit")
    if match["mask"]:
        return _masked(text, match)
    low = _value(match)
    if low is None:
        return None
    factor, unit = unit_scale(unit)
    high = _upper(match, low)
    if high is None:
        return None
    if match["percent"]:
        unit = {"百": "%", "千": "‰", "万": "‱"}[match["percent"][0]]
    if unit == "成":  # 九成 is 90 %
        factor, unit = Decimal(10), "%"
    if match["ratio"]:
        unit = f":{match['ratio']}"
    elif not unit and match["han"]:
        return None
    low, high = low * factor, high * factor
    begin, kind = _bound(text, match)
    quantity = _quantity(low, high, kind, match)
    han = not match["arabic"]
    return Amount(begin, end, text[begin:end], quantity, unit, han, start)


def _masked(text: str, match: re.Match[str]) -> Amount | None:
    """Take a masked numeral only where a unit says that a number stood there."""
    unit = match["unit"] or ""
    if not unit or unit in ("年", "月", "日", "号", "届", "级", "分"):
        return None
    return Amount(
        match.start(), match.end(), match[0], MISSING, unit_scale(unit)[1], False, match.start()
    )


def _value(match: re.Match[str]) -> Decimal | None:
    if match["rough"]:
        return _rough(match["rough"])[0]
    if match["pair"]:
        return numeral_read(match["pair"][0] + match["pair"][2:])
    body = match["arabic"] or match["han"] or ""
    if "点" in body:
        whole, _point, rest = body.partition("点")
        head = numeral_read(whole)
        digits = "".join(str(DIGITS.get(sign, "")) for sign in rest)
        return None if head is None or not digits else Decimal(f"{head}.{digits}")
    value = numeral_read(body)
    if value is None:
        return None
    scale = match["scale"] or ""
    if scale and any(sign.isdigit() for sign in scale):
        return numeral_read(body + scale)
    for sign in scale + (match["scale2"] or ""):
        value *= SCALES[sign]
    if not scale and not match["scale2"] and match["to_scale"]:
        for sign in match["to_scale"]:
            value *= SCALES[sign]
    return value


def _rough(text: str) -> tuple[Decimal, Decimal | None]:
    """Read 数百 (200 to 999), 几十 (20 to 99), 上万 and 成百 (10,000 and more)."""
    scale = Decimal(1)
    for sign in text.lstrip("好几数上成若干"):
        scale *= SCALES[sign]
    if text[0] in "上成":
        return scale, None
    return 2 * scale, 10 * scale - 1


def _upper(match: re.Match[str], low: Decimal) -> Decimal | None:
    """Give the upper end before bounds are thought of; ``None`` when the text is no amount."""
    if match["rough"]:
        high = _rough(match["rough"])[1]
        return low if high is None else high
    if match["pair"]:
        first, second = DIGITS[match["pair"][0]], DIGITS[match["pair"][1]]
        if second != first + 1:
            return None
        return numeral_read(match["pair"][1:])
    if match["to"]:
        high = numeral_read(match["to"])
        if high is None:
            return None
        for sign in match["to_scale"] or "":
            high *= SCALES[sign]
        return high if high >= low else None
    return low


def _bound(text: str, match: re.Match[str]) -> tuple[int, QuantityKind]:
    """Read how the number is known from the words before and after it; give where they begin."""
    start, end = match.span()
    near = text[max(0, start - _NEAR) : start]
    before = _BEFORE.search(near)
    begin = start - len(near) + before.start() if before else start
    after = match["after"] or ""
    if match["rough"] and match["rough"][0] in "上成":
        return start, QuantityKind.AT_LEAST
    if after.endswith("以上") or match["more1"] in ("余", "多") or match["more"] in ("余", "多"):
        return begin, QuantityKind.AT_LEAST
    if after in ("余", "多", "之多"):
        return begin, QuantityKind.AT_LEAST
    if after in ("以下", "及以下", "以内", "之内"):
        return begin, QuantityKind.AT_MOST
    if after in ("左右", "上下", "许") or match["more"] in ("来", "许") or match["more1"] == "来":
        return begin, QuantityKind.ABOUT
    if before:
        if before["least"]:
            return begin, QuantityKind.AT_LEAST
        return begin, QuantityKind.AT_MOST if before["most"] else QuantityKind.ABOUT
    if (match["unit"] or "") in _LENGTHS and text[end : end + 1] == "内":
        return start, QuantityKind.AT_MOST
    if _WITHIN.search(near) and _INSIDE.match(text[end : end + 2]):
        return start, QuantityKind.AT_MOST
    if match["more"] == "几" or match["more1"] == "几":
        return start, QuantityKind.BETWEEN
    return start, QuantityKind.EXACT


def _quantity(low: Decimal, high: Decimal, kind: QuantityKind, match: re.Match[str]) -> Quantity:
    if match["more"] == "几" or match["more1"] == "几":
        step = Decimal(10) if low % 100 else Decimal(10) if low < 100 else low / 10
        return Quantity(low + 1, low + step - 1, QuantityKind.BETWEEN)
    if low != high and kind in (QuantityKind.EXACT, QuantityKind.ABOUT):
        return Quantity(low, high, QuantityKind.BETWEEN)
    if kind is QuantityKind.AT_LEAST:
        return Quantity(low, None, kind)
    if kind is QuantityKind.AT_MOST:
        return Quantity(Decimal(0), high, kind)
    return Quantity(low, high, kind)
