"""What the pages of figures show: the figures of a programme, and one of them split three ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from taizhang.core.base.figure import Figure, FlagName, number
from taizhang.core.base.period import Period, is_month
from taizhang.core.book import Book
from taizhang.core.definition.pack import Pack
from taizhang.core.indicator import Question, figures
from taizhang.core.text.unit_sign import unit_sign
from taizhang.core.unit.tree import Unit
from taizhang.web.base.export import Cell, ShownNumber
from taizhang.web.figures.wording import flag_words

#: Fewer bars than this lie in a row, more stand below each other.
FEW = 4


def pack_keys(pack: Pack) -> tuple[str, ...]:
    """Give the indicators in use and the measures of a programme."""
    current = (key for key, indicator in pack.indicators.items() if indicator.status == "current")
    return (*current, *pack.measures)


def pack_figures(book: Book, pack: Pack, unit: str, period: Period) -> tuple[Figure, ...]:
    """Answer all figures of a programme for a unit."""
    keys = pack_keys(pack)
    return figures(book, Question(units=(unit,), indicators=keys, period=period)) if keys else ()


def label_of(book: Book, key: str) -> str:
    """Give the words for a measure or indicator."""
    programmes = book.programmes
    definition = programmes.indicators.get(key) or programmes.measures.get(key)
    return definition.label if definition else key


def dimensions_of(book: Book, key: str) -> tuple[str, ...]:
    """Give the dimensions by which a measure can be split; none for an indicator."""
    measure = book.programmes.measures.get(key)
    return () if measure is None else measure.dimensions


def dimension_words(book: Book, key: str, dimension: str) -> str:
    """Give the question whose answers are the values of a dimension."""
    for pack in book.programmes.packs:
        for rule in pack.counting:
            if key in rule.facts and dimension in rule.by:
                form = book.programmes.forms.get(rule.form)
                field = form.field(rule.by[dimension]) if form else None
                if field is not None and field.label:
                    return field.label
    return dimension


@dataclass(frozen=True, slots=True)
class Split:
    """One figure split by something: rows for the table, options for the chart."""

    by: str  # unit, month or a dimension
    title: str
    head: str
    rows: tuple[FigureRow, ...]
    options: dict[str, object] | None  # None: nothing to draw


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure as a row or head of a page."""

    figure: Figure
    address: str
    flags: tuple[str, ...]
    label: str = ""


def shown(figure: Figure, address: str | None = None, label: str = "") -> FigureRow:
    """Give a figure with the page that explains it, or with another address."""
    there = figure_address(figure) if address is None else address
    return FigureRow(figure, there, tuple(map(flag_words, figure.flags)), label or figure.label)


def row(figure: Figure, address: str | None = None, label: str = "") -> FigureRow:
    """Give a figure as a row of a table; the head of the page says until when it counts."""
    told = replace(
        figure, flags=tuple(flag for flag in figure.flags if flag.name is not FlagName.TO_DATE)
    )
    return replace(shown(told, address, label), figure=figure)


def figure_address(figure: Figure) -> str:
    """Give the address of the page that explains ``figure``."""
    query = {
        "unit": figure.unit_code,
        "key": figure.key,
        # A monthly figure is that month's; a value of a dimension is explained by the whole.
        "period": figure.bucket if is_month(figure.bucket) else figure.period,
    }
    return f"{reverse('figures:figure')}?{urlencode(query)}"


def splits(
    book: Book, key: str, unit: Unit, period: Period, by: str, further: dict[str, str]
) -> tuple[Split, ...]:
    """Split a figure by the units below, by month and by a dimension, as far as it can be.

    :param by: the dimension; '' for none
    :param further: query of the page, kept in the addresses that lead further down
    """
    parts = []
    below = _answer(book, key, unit, period, "unit")
    if below:
        rows = tuple(
            row(
                lower,
                f"{reverse('figures:programme')}?{urlencode({**further, 'unit': lower.unit_code})}",
                lower.unit_name,
            )
            for lower in below
        )
        parts.append(Split("unit", _("By unit"), _("Unit"), rows, _bars(rows)))
    if period.length > 1:
        rows = tuple(
            row(month_figure, label=month_figure.bucket or "")
            for month_figure in _answer(book, key, unit, period, "month")
        )
        parts.append(Split("month", _("By month"), _("Month"), rows, _line(rows)))
    if by:
        rows = tuple(
            row(part, label=part.bucket_label or part.bucket or _("not said"))
            for part in _answer(book, key, unit, period, by)
        )
        words = dimension_words(book, key, by)
        title = _("By %(dimension)s") % {"dimension": words}
        parts.append(Split(by, title, words, rows, _bars(rows)))
    return tuple(parts)


def _answer(book: Book, key: str, unit: Unit, period: Period, by: str) -> tuple[Figure, ...]:
    return figures(book, Question(units=(unit.code,), indicators=(key,), period=period, by=by))


def _values(rows: Sequence[FigureRow]) -> list[int | float | None]:
    return [number(row.figure.value) for row in rows]


def _bars(rows: Sequence[FigureRow]) -> dict[str, object] | None:
    """Draw bars; a figure without a value leaves its place empty."""
    values = _values(rows)
    if not any(value is not None for value in values):
        return None
    names = {"type": "category", "data": [row.label for row in rows]}
    lying = len(rows) > FEW
    return {
        **_FRAME,
        "xAxis": _scale(values) if lying else names,
        "yAxis": {**names, "inverse": True, "axisLabel": {"interval": 0}}
        if lying
        else _scale(values),
        "series": [{"type": "bar", "data": values, "name": _unit(rows), "barMaxWidth": 36}],
        "tooltip": {"trigger": "axis"},
    }


def _scale(values: Sequence[int | float | None]) -> dict[str, object]:
    """Give an axis of values; where all are whole, nobody reads of half a lecture."""
    whole = all(value is None or value == int(value) for value in values)
    return {"type": "value", "minInterval": 1} if whole else {"type": "value"}


def _line(rows: Sequence[FigureRow]) -> dict[str, object] | None:
    values = _values(rows)
    if not any(value is not None for value in values):
        return None
    return {
        **_FRAME,
        "xAxis": {"type": "category", "data": [row.label[5:] for row in rows]},
        "yAxis": _scale(values),
        "series": [{"type": "line", "data": values, "name": _unit(rows), "connectNulls": False}],
        "tooltip": {"trigger": "axis"},
    }


_FRAME: dict[str, object] = {
    "color": ["#14532d", "#0b57a4"],
    "grid": {"left": 12, "right": 24, "top": 24, "bottom": 12, "containLabel": True},
}


def _unit(rows: Sequence[FigureRow]) -> str:
    unit = rows[0].figure.unit if rows else ""
    return unit_sign(unit)


def export(exported: Iterable[Figure]) -> tuple[list[str], list[list[Cell]]]:
    """Give header and rows of figures as a file; exact numbers stay numbers."""
    header = [
        _("Unit code"),
        _("Unit"),
        _("Key"),
        _("Figure"),
        _("Period"),
        _("Value"),
        _("Unit of measure"),
        _("Numerator"),
        _("Denominator"),
        _("Done in all"),
        _("Units that reach it"),
        _("Units that owe it"),
        _("Remark"),
        _("Sentence"),
    ]
    rows: list[list[Cell]] = []
    for figure in exported:
        remarks = [flag_words(flag) for flag in figure.flags]
        if figure.reason is not None:
            remarks.insert(0, figure.reason.sentence)
        rows.append(
            [
                figure.unit_code,
                figure.unit_name,
                figure.key,
                figure.label,
                figure.bucket if is_month(figure.bucket) else figure.period,
                _shown_number(figure),
                unit_sign(figure.unit),
                figure.numerator,
                figure.denominator,
                figure.done,
                figure.reached,
                figure.of,
                "；".join(remarks),
                figure.sentence,
            ]
        )
    return header, rows


def _shown_number(figure: Figure) -> Cell:
    """Give the exact value, to be shown in a sheet with the digits of a page."""
    if figure.value is None:
        return None
    return ShownNumber(figure.value, len(figure.shown().partition(".")[2]))
