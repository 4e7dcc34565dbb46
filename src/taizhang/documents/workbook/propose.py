"""A proposed mapping: labels left of and above blank cells, matched to what the ledger knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from taizhang.documents.workbook.fill import label_of
from taizhang.documents.workbook.layout import WorkbookLayout, named_kind
from taizhang.documents.workbook.mapping import CellKind, CellMapping, WorkbookMapping
from taizhang.documents.workbook.sheet import Sheet, Spot, cell_name, column_letters

#: From here on a figure is proposed; below, the cell is left to a person with the near ones named.
SURE, LIKELY = 0.8, 0.55
#: A second figure so near to the best makes the choice a person's.
APART = 0.05
#: Cells that one proposal looks at.
MOST = 3_000

_BRACKET = re.compile(r"[（(\[【]([^）)\]】]*)[）)\]】]")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\d+[、.．)]|其中[:：]?)\s*")
_SIGNS = re.compile(r"[\s:：,，、。.;；“”\"'《》〈〉/\\|_*＊\-—]+")
#: Words at the end of a label that say in what is counted, and nothing of what.
_COUNTED = {
    "人次": "人次",
    "次数": "次",
    "场次": "次",
    "人数": "人",
    "户数": "户",
    "份数": "份",
    "率": "%",
}
_COUNTS = re.compile(r"(?:次数|场次|人数|户数|份数|数量|总数|合计)$")
#: Words of a period in a label → the period of the cell.
_PERIODS = (
    (re.compile(r"(?:本年|全年|年度)?累计(?:数)?"), "to_date"),
    (re.compile(r"去年同期|上年同期|同期"), "year_before"),
    (re.compile(r"上月|上期|上季度?"), "previous"),
    (re.compile(r"全年|本年度?"), "year"),
    (re.compile(r"本月|本期|当月|本季度?"), ""),
)
#: Labels that name what every paper has.
_TEXTS = (
    (re.compile(r"(?:填报|报送|上报|所属)?(?:单位|社区|村（社区）|村居|街道)(?:名称|（盖章）|\(盖章\))?"),
     CellKind.TEXT, "{unit}"),
    (re.compile(r"(?:填报|填表|报送|上报|制表)?(?:日期)"), CellKind.DATE, "end"),
    (re.compile(r"(?:统计|报告|所属)(?:时段|期间|月份|时间)|报告期|月份"),
     CellKind.TEXT, "{period}"),
)  # fmt: skip
_PEOPLE = re.compile(r"负责人|填表人|审核人|联系人|经办|签字|签名|盖章|电话|意见")
_REMARKS = re.compile(r"备注|说明")


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """A measure or indicator that a cell may hold."""

    key: str
    label: str
    unit: str  # its sign


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form whose records a list may hold, with the labels of its questions."""

    key: str
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)


def propose(
    data: bytes, name: str, figures: Sequence[FigureChoice], forms: Sequence[FormChoice]
) -> WorkbookMapping:
    """Propose what fills the blank cells of a template; each proposal bears its confidence.

    :raises Refused: WORKBOOK_001 to 010
    """
    layout = WorkbookLayout(data)
    named_kind(layout, name)
    matcher = _Matcher(figures)
    cells: list[CellMapping] = []
    for sheet in layout.sheets:
        lists = list(_lists(layout, sheet, forms))
        taken = {spot for _, spots in lists for spot in spots}
        cells += [cell for cell, _ in lists]
        for spot in _blanks(layout, layout.sheet(sheet)):
            if spot not in taken and len(cells) < MOST:
                cells += _proposed(layout, sheet, spot, matcher)
    sheets = {sheet: layout.sheet_digest(sheet) for sheet in layout.sheets}
    return WorkbookMapping(tuple(cells), layout.digest, sheets)


def _blanks(layout: WorkbookLayout, sheet: Sheet) -> Iterator[Spot]:
    """Give the blank cells that the template lays out, row by row; of merged ones the first."""
    for spot, cell in sorted(sheet.cells.items()):
        area = sheet.merged(spot)
        if cell.blank and (area is None or spot == (area.top, area.left)):
            yield spot
        left, right = ((spot[0], spot[1] + step) for step in (-1, 1))
        beside = sheet.cells.get(left)  # words beside words are headings, with nothing to fill
        headed = beside is not None and bool(layout.text(beside))
        if right not in sheet.cells and layout.text(cell) and not headed:
            yield right


def _proposed(
    layout: WorkbookLayout, sheet: str, spot: Spot, matcher: _Matcher
) -> Iterator[CellMapping]:
    left, above = layout.label_left(sheet, spot), layout.label_above(sheet, spot)
    if not left and not above:
        return
    blank = CellMapping(
        sheet=sheet,
        cell=cell_name(spot),
        kind=CellKind.PERSON,
        name=(left or above)[:60],
        label=label_of(layout, sheet, spot)[:120],
    )
    bare = _bare(left)
    for pattern, kind, name in _TEXTS:
        if pattern.fullmatch(bare) or pattern.fullmatch(left.rstrip(":： ")):
            yield replace(blank, kind=kind, name=name, confidence="0.9")
            return
    if _REMARKS.search(above) or _REMARKS.search(left):
        return  # nobody asks for a remark
    if _PEOPLE.search(left) or _PEOPLE.search(above):
        yield blank
        return
    best = matcher.best(left, above)
    if not best:
        if spot in layout.sheet(sheet).cells:  # laid out, and nothing of the ledger is near it
            yield blank
        return
    (score, choice), *others = best
    near = "、".join(f"{other.label} {other.key}" for _, other in best[:3])
    if score < LIKELY or (others and others[0][0] > score - APART):
        yield replace(blank, note=near)
        return
    period = _period(left) or _period(above)
    yield replace(
        blank, kind=CellKind.FIGURE, name=choice.key, period=period, confidence=f"{score:.2f}"
    )


class _Matcher:
    """Compares labels of a template with the labels of figures, by pairs of signs."""

    def __init__(self, figures: Sequence[FigureChoice]) -> None:
        self.figures = [(choice, _pairs(_bare(choice.label))) for choice in figures]
        self._known: dict[tuple[str, str], list[tuple[float, FigureChoice]]] = {}

    def best(self, left: str, above: str) -> list[tuple[float, FigureChoice]]:
        """Give the nearest figures with how near they are, from 0 to 1, best first."""
        if (left, above) not in self._known:
            self._known[left, above] = self._best(left, above)
        return self._known[left, above]

    def _best(self, left: str, above: str) -> list[tuple[float, FigureChoice]]:
        row, column = _bare(left), _bare(above)
        asked = [pairs for pairs in map(_pairs, {row, column, row + column}) if pairs]
        units = {sign for text in (left, above) for sign in _signs(text)}
        scores = []
        for choice, pairs in self.figures:
            near = max((_near(pairs, each) for each in asked), default=0.0)
            if near < 0.3:
                continue
            if units:
                near = min(1.0, near + 0.1) if choice.unit in units else near * 0.6
            scores.append((round(near, 2), choice))
        return sorted(scores, key=lambda score: (-score[0], score[1].key))[:5]


def _bare(text: str) -> str:
    """Leave away numbering, units in brackets, words of the period and signs."""
    text = _NUMBERING.sub("", _BRACKET.sub("", text))
    for pattern, _ in _PERIODS:
        text = pattern.sub("", text)
    return _COUNTS.sub("", _SIGNS.sub("", text))


def _signs(text: str) -> Iterator[str]:
    """Give the units that a label speaks of: in brackets, or by the word that counts."""
    yield from (sign for sign in _BRACKET.findall(text) if len(sign) <= 3)
    bare = _SIGNS.sub("", _BRACKET.sub("", text))
    yield from (sign for word, sign in _COUNTED.items() if bare.endswith(word))


def _period(text: str) -> str:
    return next((period for pattern, period in _PERIODS if pattern.search(text)), "")


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset(
        (text,) if text else ()
    )


def _near(some: frozenset[str], others: frozenset[str]) -> float:
    """Say how near two labels are: what they share of both, and of the shorter."""
    if not some or not others:
        return 0.0
    return (_dice(some, others) + len(some & others) / min(len(some), len(others))) / 2


def _dice(some: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(some & others) / (len(some) + len(others)) if some and others else 0.0


# lists -------------------------------------------------------------------------------------------

#: A list has so many blank rows of one layout under its headings, and matches so many of these.
_LEAST_ROWS, _LEAST_COLUMNS = 2, 2
_SERIAL = re.compile(r"序号|编号|No\.?", re.IGNORECASE)
_DATE = re.compile(r"(?:活动|举办|开展)?(?:日期|时间)")


def _lists(
    layout: WorkbookLayout, name: str, forms: Sequence[FormChoice]
) -> Iterator[tuple[CellMapping, set[Spot]]]:
    """Give the lists of records that a sheet has room for, each with the cells that it takes."""
    sheet = layout.sheet(name)
    for number, row in sheet.rows.items():
        heads = {
            column: text
            for column in row.columns
            if (text := layout.text(sheet.cells[number, column]))
        }
        if len(heads) <= _LEAST_COLUMNS:
            continue
        rows = _blank_rows(layout, sheet, number + 1, list(heads))
        if rows < _LEAST_ROWS:
            continue
        spots = {(number + 1 + at, column) for at in range(rows) for column in heads}
        columns, form, score = _matched(heads, forms)
        if form is None:
            yield _unknown(name, number + 1, heads), spots
            continue
        cell = CellMapping(
            sheet=name,
            cell=f"{column_letters(min(columns))}{number + 1}",
            kind=CellKind.RECORDS,
            name=form.key,
            columns={column_letters(column): columns[column] for column in sorted(columns)},
            grow=True,
            label="、".join(heads.values())[:120],
            confidence=f"{score:.2f}",
        )
        yield cell, spots


def _blank_rows(layout: WorkbookLayout, sheet: Sheet, first: int, columns: Sequence[int]) -> int:
    """Count the blank rows under headings; a row that begins with words is none of a list."""
    rows = 0
    while True:
        cells = [sheet.cells.get((first + rows, column)) for column in columns]
        start, others = cells[0], cells[1:]
        blank = all(cell is not None and cell.blank for cell in others)
        if start is None or layout.text(start) or not blank:
            return rows
        rows += 1


def _unknown(name: str, row: int, heads: Mapping[int, str]) -> CellMapping:
    label = "、".join(heads.values())[:60]
    cell = f"{column_letters(min(heads))}{row}"
    return CellMapping(sheet=name, cell=cell, kind=CellKind.PERSON, name=label, label=label)


def _matched(
    heads: Mapping[int, str], forms: Sequence[FormChoice]
) -> tuple[dict[int, str], FormChoice | None, float]:
    """Find the form whose questions the headings ask most of, none where few are near."""
    best: tuple[dict[int, str], FormChoice | None, float] = ({}, None, 0.0)
    for form in forms:
        labels = {key: _pairs(_bare(label)) for key, label in form.fields.items()}
        columns: dict[int, str] = {}
        total = 0.0
        for column, head in heads.items():
            asked = _pairs(_bare(head))
            near = max(labels, key=lambda key, asked=asked: _dice(labels[key], asked), default="")  # type: ignore[misc]
            score = _dice(labels[near], asked) if near else 0.0
            if _SERIAL.fullmatch(head):
                columns[column] = "serial"
            elif score >= LIKELY and near not in columns.values():
                columns[column], total = near, total + score
            elif _DATE.fullmatch(_bare(head)) and "date" not in columns.values():
                columns[column], total = "date", total + SURE
        known = sum(value != "serial" for value in columns.values())
        score = total / max(1, len(heads))
        if known >= _LEAST_COLUMNS and score > best[2]:
            best = (columns, form, round(score, 2))
    return best
