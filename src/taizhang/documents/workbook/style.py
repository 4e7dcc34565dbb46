"""What a cell's own number format asks of a value: a number, a share, a day, or a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from fractions import Fraction

from taizhang.core.base.rounding import number_text
from taizhang.core.text.period import day_chinese
from taizhang.core.text.unit_sign import FACTORS
from taizhang.documents.workbook.markup import elements
from taizhang.documents.workbook.sheet import CellWrite


class NumberShape(StrEnum):
    """What the number format of a cell shows."""

    GENERAL = "general"  # as typed
    NUMBER = "number"
    PERCENT = "percent"  # a hundred times what is stored
    DATE = "date"
    TEXT = "text"


#: Formats that every workbook knows by number alone (ECMA-376 part 1, 18.8.30; 27–36 and 50–58 are
#: days in Chinese editions).
_KNOWN = {
    0: NumberShape.GENERAL,
    **dict.fromkeys((9, 10), NumberShape.PERCENT),
    **dict.fromkeys(
        (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), NumberShape.DATE
    ),
    49: NumberShape.TEXT,
}
#: What a format prints as it stands: quoted, behind a backslash, filled or skipped.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_EXPONENT = re.compile(r"E[+-]", re.IGNORECASE)
_GENERAL = re.compile(r"general|g/通用格式", re.IGNORECASE)
#: Digits that a spreadsheet keeps of a number.
_KEPT = Context(prec=15, rounding=ROUND_HALF_UP)


def shape_of(code: str) -> NumberShape:
    """Read a number format: ``0.0%`` is a share, ``0"%"`` a number with a sign behind it."""
    section = _LITERAL.sub("", code).partition(";")[0]
    elapsed = _ELAPSED.search(section)
    section = _EXPONENT.sub("", _BRACKETS.sub("", section))
    if _GENERAL.search(section):
        return NumberShape.GENERAL
    if "%" in section:
        return NumberShape.PERCENT
    if elapsed or re.search(r"[ymdhs]", section, re.IGNORECASE):
        return NumberShape.DATE
    if "@" in section:
        return NumberShape.TEXT
    return NumberShape.NUMBER if section.strip() else NumberShape.GENERAL


def shapes_read(part: str, data: bytes) -> tuple[NumberShape, ...]:
    """Give the shape of each cell style of a workbook, by its number.

    :raises Refused: WORKBOOK_009
    """
    codes: dict[int, NumberShape] = dict(_KNOWN)
    shapes = []
    for element in elements(part, data):
        inside = element.parent.name if element.parent is not None else ""
        number = element.attributes.get("numFmtId", "")
        known = int(number) if number.isdecimal() and len(number) < 10 else 0
        if element.name == "numFmt" and inside == "numFmts":
            codes[known] = shape_of(element.attributes.get("formatCode", ""))
        elif element.name == "xf" and inside == "cellXfs":
            shapes.append(codes.get(known, NumberShape.NUMBER))
    return tuple(shapes)


def misfit(shape: NumberShape, unit: str) -> bool:
    """Say whether a number of a unit would be shown wrong: 12 次 as 1200 %, or as a day."""
    if shape is NumberShape.DATE:
        return True
    return shape is NumberShape.PERCENT and unit not in FACTORS and unit not in ("ratio", "")


def number_write(value: Fraction, unit: str, decimals: int, shape: NumberShape) -> CellWrite:
    """Write a number as a cell's style wants it.

    A cell with a format of digits gets the whole value, as the format rounds it; one without gets
    what people would type: rounded half up to the figure's own digits.
    """
    if shape is NumberShape.TEXT:
        return CellWrite(number_text(value, decimals), number=False)
    if shape is NumberShape.PERCENT:
        return CellWrite(_digits(value / FACTORS.get(unit, 1)), number=True)
    if shape is NumberShape.GENERAL:
        return CellWrite(number_text(value, decimals), number=True)
    return CellWrite(_digits(value), number=True)


def day_write(day: date, shape: NumberShape, *, since_1904: bool) -> CellWrite:
    """Write a day: a number where the cell shows days, words elsewhere."""
    if shape is not NumberShape.DATE:
        return CellWrite(day_chinese(day), number=False)
    # Day 60 of the calendar of 1900 is one that never was: from March 1900 on, 1899-12-30 is 0.
    begins = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    return CellWrite(str((day - begins).days), number=True)


def _digits(value: Fraction) -> str:
    exact = _KEPT.divide(Decimal(value.numerator), Decimal(value.denominator))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


#: Shapes by the number of a cell style.
Shapes = Mapping[int, NumberShape]
