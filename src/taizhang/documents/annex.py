"""The annex that tells where every number of a document comes from.

On paper one row holds one way of counting, with all numbers counted so; what holds for most of
them (unit, period, day) is said once above.  A workbook has one row a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from taizhang.core.base.figure import Figure
from taizhang.core.base.period import parse_period
from taizhang.core.text.flag import flag_remark
from taizhang.core.text.period import day_chinese, period_chinese
from taizhang.core.text.reason import SHORT_REASONS
from taizhang.documents.format import METHOD_FLAGS
from taizhang.documents.tree import (
    Align,
    Annex,
    DateText,
    Explanation,
    Head,
    Inline,
    Inlines,
    Number,
    Ordinal,
    Paragraph,
    Part,
    Quoted,
    Table,
    Text,
)
from taizhang.documents.wording import NUMBERS_HEADER, NUMBERS_SHEET, NUMBERS_TITLE

_CENTRE, _LEFT, _RIGHT = Align.CENTRE, Align.LEFT, Align.RIGHT
_SHEET_ALIGN = (_CENTRE, _CENTRE, _LEFT, _CENTRE, _CENTRE, _RIGHT)
#: A row holds at most so many numbers, so that it never outgrows a page.
_MOST_IN_ROW = 30


def numbers_annex(numbers: tuple[Number, ...], head: Head) -> Annex:
    """Lay out the annex of numbers: each way of counting once, with its numbers."""
    groups: dict[tuple[str, str], list[Number]] = {}
    for number in numbers:
        groups.setdefault((number.figure.key, _method(number.figure)), []).append(number)
    rows: list[tuple[Inlines, ...]] = []
    for group in groups.values():
        for at in range(0, len(group), _MOST_IN_ROW):
            part = group[at : at + _MOST_IN_ROW]
            method = _method_cell(group) if at == 0 else (Text("（同上，续）"),)
            rows.append((_ordinal(len(rows) + 1), method, _values_cell(part, head)))
    header = tuple((Text(name),) for name in NUMBERS_HEADER)
    table = Table(header, tuple(rows), (), (_CENTRE, _LEFT, _LEFT), small=True)
    return Annex(
        title=(Text(NUMBERS_TITLE),),
        blocks=(Paragraph(_remark(numbers, head)), table),
        kind="numbers",
    )


def numbers_sheet(numbers: tuple[Number, ...]) -> Table:
    """Lay the same out for a workbook: value, sentence, sides, as-of day, records of each."""
    header = tuple((Text(name),) for name in NUMBERS_SHEET)
    return Table(header, tuple(_sheet_row(number) for number in numbers), (), _SHEET_ALIGN)


def _sheet_row(number: Number) -> tuple[Inlines, ...]:
    figure = number.figure
    sides: Inlines = (Ordinal("—"),)
    if figure.denominator is not None:
        sides = (_part(number, Part.NUMERATOR), Ordinal("÷"), _part(number, Part.DENOMINATOR))
    return (
        _ordinal(number.ref),
        (replace(number, compact=True),),
        (Explanation(figure, number.ref),),
        sides,
        (DateText(figure.as_of.isoformat()),),
        (_part(number, Part.RECORDS),),
    )


def _ordinal(number: int) -> Inlines:
    return (Ordinal(str(number)),)


def _part(number: Number, which: Part) -> Number:
    return replace(number, part=which, unit="", compact=True)


def _method(figure: Figure) -> str:
    """Say how a figure is counted; points of a score say it in their sentence."""
    return figure.method or figure.sentence


def _method_cell(group: Sequence[Number]) -> Inlines:
    figure = group[0].figure
    flags = dict.fromkeys(
        flag for number in group for flag in number.figure.flags if flag.name in METHOD_FLAGS
    )
    remarks = "；".join(flag_remark(flag) for flag in flags)
    text = _method(figure) + (f"{remarks}。" if remarks else "")
    return (Quoted(text, f"figure:{figure.key}"),)


def _remark(numbers: tuple[Number, ...], head: Head) -> Inlines:
    """Say once what holds for every number that has no other unit, period or day beside it."""
    parts: list[Inline] = []
    if head.as_of is not None:
        parts += [Text("数字截至"), DateText(day_chinese(head.as_of)), Text("，")]
    name = next((n.figure.unit_name for n in numbers if n.figure.unit_code == head.unit_code), "")
    if name and head.period:
        parts += [
            Text("未注明单位、时段的是"),
            Quoted(name, f"unit:{head.unit_code}"),
            DateText(period_chinese(parse_period(head.period))),
            Text("数，"),
        ]
    return (*parts, Text("“条”是依据的记录数。"))


def _values_cell(group: Sequence[Number], head: Head) -> Inlines:
    cell: list[Inline] = []
    for number in group:
        if cell:
            cell.append(Text("；"))
        cell += _named(number.figure, head)
        cell.append(replace(number, compact=True))
        origin = tuple(_origin(number, head))
        if origin:
            cell.append(Text("（"))
            for index, part in enumerate(origin):
                cell += [Text("，"), *part] if index else part
            cell.append(Text("）"))
    return tuple(cell)


def _named(figure: Figure, head: Head) -> Iterator[Inline]:
    """Name unit, period and kind where they are not those of the document."""
    if figure.unit_code != head.unit_code and figure.unit_name:
        yield Quoted(figure.unit_name, f"unit:{figure.unit_code}")
    if figure.period != head.period:
        yield DateText(period_chinese(parse_period(figure.period)))
    if figure.bucket is not None:
        yield Quoted(figure.bucket_label or figure.bucket, f"figure:{figure.key}")


def _origin(number: Number, head: Head) -> Iterator[Inlines]:
    """Give what stands in brackets behind a number: its sides, remarks, day, records."""
    figure = number.figure
    if figure.numerator is not None and figure.denominator is not None:
        yield (_part(number, Part.NUMERATOR), Ordinal("÷"), _part(number, Part.DENOMINATOR))
    if figure.reason is not None:
        # The number itself already says 不适用, 未报 …; what is added is why.
        short = SHORT_REASONS[figure.reason.code]
        why = figure.reason.sentence.rstrip("。").removesuffix(f"，{short}")
        if why and why != short:
            yield (Quoted(why, f"figure:{figure.key}"),)
    for flag in figure.flags:
        if flag.name not in METHOD_FLAGS:
            yield (Quoted(flag_remark(flag), f"figure:{figure.key}"),)
    if head.as_of is not None and figure.as_of != head.as_of:
        yield (Text("截至"), DateText(figure.as_of.isoformat()))
    if figure.records.count is not None:
        yield (_part(number, Part.RECORDS), Text("条"))
