"""Numerals as officials write them: 3,500, 1.2万, 1万2千, 三百二十, 两万五, 廿三, 百分之九十五."""

from __future__ import annotations

from decimal import Decimal

DIGITS = {sign: index for index, sign in enumerate("零一二三四五六七八九")}
DIGITS |= {
    "〇": 0,
    "○": 0,
    "两": 2,
    "俩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
}
DIGITS |= {"捌": 8, "玖": 9}
SCALES = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10**4,
    "亿": 10**8,
}
TENS = {"廿": 20, "卅": 30}


def numeral_read(text: str) -> Decimal | None:
    """Read a numeral in digits, in Chinese or mixed; ``None`` when it is none.

    A last digit behind a scale counts the next lower scale, as it is spoken: 两万五 is 25,000.
    """
    text = text.replace(",", "").replace(" ", "")
    if not text:
        return None
    if text == "半":
        return Decimal("0.5")
    if all(sign.isascii() and (sign.isdigit() or sign == ".") for sign in text):
        return Decimal(text) if text.count(".") <= 1 and text != "." else None
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        head, sign, tail = text.rpartition(name)
        if sign:
            return _joined(head, scale, tail)
    return _small(text)


def _joined(head: str, scale: int, tail: str) -> Decimal | None:
    high = numeral_read(head) if head else Decimal(1)
    if high is None:
        return None
    if not tail:
        return high * scale
    if len(tail) == 1 and tail in DIGITS and DIGITS[tail]:
        return high * scale + DIGITS[tail] * (scale // 10)
    low = numeral_read(tail.lstrip("零〇"))
    return None if low is None or low >= scale else high * scale + low


def _small(text: str) -> Decimal | None:
    """Read a numeral below ten thousand."""
    total = Decimal(0)
    current: Decimal | None = None
    last = 10**4
    digits = ""
    for index, sign in enumerate(text):
        if sign.isascii() and (sign.isdigit() or sign == "."):
            digits += sign
            if index + 1 < len(text) and text[index + 1].isascii():
                continue
            if digits.count(".") > 1 or digits.startswith(".") or current is not None:
                return None
            current, digits = Decimal(digits), ""
        elif sign in TENS:
            total, last = total + TENS[sign], 10
        elif sign in DIGITS:
            if current is not None:
                # 二〇一七, 二三: digits in a row are a year or a pair, not a numeral
                if current == 0 and total:
                    current = Decimal(DIGITS[sign])
                    continue
                return None
            current = Decimal(DIGITS[sign])
        elif sign in SCALES:
            scale = SCALES[sign]
            if scale >= last:
                return None
            total += (Decimal(1) if current is None else current) * scale
            current, last = None, scale
        else:
            return None
    if current is None:
        return total
    spoken = last in (100, 1000) and text[-1] in DIGITS and len(text) > 1 and text[-2] in SCALES
    return total + current * (last // 10 if spoken else 1)
