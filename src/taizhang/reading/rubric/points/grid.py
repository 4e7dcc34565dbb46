"""Tables of a rubric → nodes: columns known by their heads, merged and left-out cells run on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Cell, Document, Line
from taizhang.reading.rubric.points.card import card_records
from taizhang.reading.rubric.points.column import (
    BARE_POINTS,
    HEAD_WORDS,
    LEVEL,
    SUM_ROW,
    Columns,
    columns_guessed,
    columns_headed,
    heads_table,
    is_note,
    is_outside,
    title_of,
)
from taizhang.reading.rubric.points.heading import Node, head_read
from taizhang.reading.rubric.points.scorer import adds_up, nodes_fit
from taizhang.reading.text.blank_table import aligned_tables
from taizhang.reading.text.cleaning import text_clean
from taizhang.reading.text.label import head_label
from taizhang.reading.tokens.atom import clause_signs
from taizhang.reading.tokens.bound import number_read

_RATE = re.compile(r"\d+(?:\.\d+)?\s?分?(?:\s?[/／每][\u4e00-\u9fff]{1,3})?$")
_WRAPPED = re.compile(r"[（(]\s?(\d+(?:\.\d+)?)\s?分?\s?[）)]$")


#: the texts of a table's first row
Head = tuple[str, ...]
#: a table on its side has a row for each: names, points, clauses, and little else
_MOST_TURNED = 7
#: so many rows tell what the columns hold, and so many choices are weighed
_SAMPLE = 400
_MOST_GUESSES = 16
_LONGEST_ABOVE = 40


@dataclass
class Grid:
    """One table: rows of cells by column, with the line of each row."""

    rows: list[Mapping[int, Cell]]
    lines: list[int]
    #: places of the rows among the lines of the document, and of all lines that they take
    places: list[int]
    taken: frozenset[int] = frozenset()


@dataclass
class _Reading:
    """What is known while rows are walked."""

    sections: list[Node] = field(default_factory=list)
    section: Node | None = None
    item: Node | None = None
    total: Fraction | None = None
    #: rows are numbered in digits, so that one numbered 一 is above them
    digits: bool = False


def grids_of(document: Document) -> list[Grid]:
    """Find the tables of a document: cells, or text rows parted by tabs or upright strokes."""
    grids: list[Grid] = []
    last: object = None
    #: full-width rows of a workbook, until the rows go on below them
    between: list[tuple[int, Line]] = []
    aligned = {
        row.place: (number, row.cells)
        for number, table in enumerate(aligned_tables(document.lines, HEAD_WORDS))
        for row in table
    }
    for place, line in enumerate(document.lines):
        number, cells = aligned.get(place) or (-1, _cells(line))
        if not cells:
            if line.text.strip():
                between.append((place, line))
            continue
        mark = line.table if line.cells else "text" if number < 0 else f"aligned {number}"
        if mark != last or (between and not _runs_below(between, line)):
            grids.append(Grid([], [], []))
            last = mark
            between.clear()
        for above, title in between:
            grids[-1].rows.append({0: Cell(title.text, 0)})
            grids[-1].lines.append(title.number)
            grids[-1].places.append(above)
        between.clear()
        if all(re.fullmatch(r"[:\-—\s]*", cell.text) for cell in cells):
            continue  # the rule below a head
        grids[-1].rows.append({cell.column: cell for cell in cells})
        grids[-1].lines.append(line.number)
        grids[-1].places.append(place)
    return [grid for grid in grids if len(grid.rows) > 1]


def _runs_below(between: Sequence[tuple[int, Line]], line: Line) -> bool:
    """Say whether the lines between two rows of a sheet are full-width rows of one table."""
    row = {cell.column: cell for cell in line.cells}
    titles = [title_of({0: Cell(line.text, 0)}) for _, line in between]
    return bool(line.cells) and len(between) < 3 and all(titles) and not heads_table(row)


def hidden_grids(document: Document) -> list[Grid]:
    """Find the tables that running text hides: cards, blanks under words of any kind."""
    lines = document.lines
    grids = [
        Grid(
            [{cell.column: cell for cell in row} for row in record.rows],
            record.lines,
            record.places,
            frozenset(record.taken),
        )
        for record in card_records(lines)
    ]
    for table in aligned_tables(lines):
        places = [row.place for row in table]
        rows: list[Mapping[int, Cell]] = [
            {cell.column: cell for cell in row.cells} for row in table
        ]
        grids.append(Grid(rows, [lines[index].number for index in places], places))
    return grids


def _cells(line: Line) -> tuple[Cell, ...]:
    if line.cells:
        return line.cells
    # Blanks at the ends of a line are cells here; cleaning took them for stray ones.
    if "\t" in line.source.strip():
        parts = line.source.rstrip("\r\n").split("\t")
    elif line.source.count("|") > 1:
        parts = line.source.strip().removeprefix("|").removesuffix("|").split("|")
    else:
        return ()
    return tuple(Cell(text_clean(part).strip(), index) for index, part in enumerate(parts))


def grid_nodes(grid: Grid, known: dict[Head, Columns]) -> tuple[list[Node], Fraction | None]:
    """Read a table into section nodes with items below, and the total that it states.

    The words of the head are tried first; where the sums do not agree, what stands in the columns
    is tried as well, and the reading whose points add up best is kept.  A table without a scoring
    or points column gives nothing.

    :param known: columns of the tables before by their heads: a text says them alike
    """
    headed = known.get(_head_of(grid)) or columns_headed(grid.rows)
    best: tuple[list[Node], Fraction | None] = ([], None)
    if headed is not None:
        best = _walk(grid, headed)
        if adds_up(*best):
            return best
    most = nodes_fit(*best)
    sample = Grid(grid.rows[:_SAMPLE], grid.lines[:_SAMPLE], grid.places[:_SAMPLE])
    if len(grid.rows) > _SAMPLE:
        most = nodes_fit(*_walk(sample, headed)) if headed is not None else 0.0
    for rows in (sample, *(_turned(grid) if headed is None else ())):
        for columns in islice(columns_guessed(rows.rows), _MOST_GUESSES):
            check()
            sections = _walk(rows, columns)
            fit = nodes_fit(*sections)
            if fit > most:
                best = (
                    _walk(grid, columns)
                    if rows is sample and len(grid.rows) > _SAMPLE
                    else sections
                )
                most = fit
                known[_head_of(grid)] = columns
    return best


def _head_of(grid: Grid) -> Head:
    return tuple(cell.text for cell in grid.rows[0].values())


def _turned(grid: Grid) -> Iterator[Grid]:
    """Give a table of few rows laid on its side: what were rows are its columns."""
    if len(grid.rows) > _MOST_TURNED:
        return
    columns = sorted({at for row in grid.rows for at in row})
    rows: list[Mapping[int, Cell]] = [
        {
            number: replace(row[at], column=number)
            for number, row in enumerate(grid.rows)
            if at in row
        }
        for at in columns
    ]
    yield Grid(rows, [grid.lines[0]] * len(rows), [grid.places[0]] * len(rows))


def _walk(grid: Grid, columns: Columns) -> tuple[list[Node], Fraction | None]:
    """Read a table whose columns are known."""
    rows = grid.rows[columns.head + 1 :]
    if columns.repeats and columns.section is not None:
        rows = _run_on(rows, (columns.section, columns.section_points))
    reading = _Reading()
    reading.digits = any(_new(row, columns.number).isdigit() for row in rows)
    for row, line in zip(rows, grid.lines[columns.head + 1 :], strict=True):
        _row(reading, row, line, columns)
    return reading.sections, reading.total


def _run_on(
    rows: Sequence[Mapping[int, Cell]], columns: Sequence[int | None]
) -> list[Mapping[int, Cell]]:
    """Take a name that the row below says again as one cell that runs on."""
    filled_rows: list[Mapping[int, Cell]] = []
    names = columns[0]
    before = ""
    for row in rows:
        name_cell = row.get(names) if names is not None else None
        text = name_cell.text if name_cell else ""
        again = bool(text) and text == before
        before = text or before
        filled_rows.append(
            {
                at: replace(cell, first=False) if again and at in columns else cell
                for at, cell in row.items()
            }
        )
    return filled_rows


def _new(row: Mapping[int, Cell], column: int | None) -> str:
    """Give the text of a cell that begins here, ``""`` where it is empty or runs on."""
    cell = row.get(column) if column is not None else None
    return cell.text if cell is not None and cell.first else ""


def _row(reading: _Reading, row: Mapping[int, Cell], line: int, columns: Columns) -> None:
    firsts = [cell.text for cell in row.values() if cell.text and cell.first]
    if not firsts or is_note(row):
        return
    distinct = list(dict.fromkeys(cell.text for cell in row.values() if cell.text))
    if any(SUM_ROW.search(text) for text in distinct[:2]):
        _sum_row(reading, distinct)
        return
    if len(distinct) == 1 and not any(True for _ in clause_signs(distinct[0])):
        # One text over the whole row is the heading of a section.
        title, points, text = head_read(_unlabelled(distinct[0])[1])
        _open(reading, _unlabelled(distinct[0])[0], title, points, line, text)
        return
    if is_outside(row):
        _outside_row(reading, row, line, columns)
        return
    if _numbered_section(reading, row, line, columns):
        return
    _section_cell(reading, row, line, columns)
    texts = [text for text in (_new(row, column) for column in columns.items) if text]
    points = _points(_new(row, columns.points))
    clause = "。".join(text for text in (_new(row, column) for column in columns.clauses) if text)
    if columns.levels and not clause:
        clause = _level_clause(row, columns, points)
    if columns.verb and _RATE.match(clause):
        clause = f"{columns.verb}{clause}"
    if reading.section is None:
        _open(reading, "", "", None, line, "")
    runs_on = reading.item is not None and (
        (
            points is None
            and columns.points is not None
            and (not texts or _covered(row, columns.points))
        )
        or (columns.points is None and not texts)
    )
    if runs_on and reading.item is not None:
        reading.item.text = "。".join(text for text in (reading.item.text, *texts) if text)
        reading.item.clause = "\n".join(text for text in (reading.item.clause, clause) if text)
        return
    _item(reading, row, line, columns, texts, points, clause)


def _outside_row(reading: _Reading, row: Mapping[int, Cell], line: int, columns: Columns) -> None:
    """Take 加分事项 or 扣分事项 and how they score as a section of its own, beside the others."""
    texts = list(dict.fromkeys(cell.text for cell in row.values() if cell.text))
    points = next((points for points in map(_points, texts[1:]) if points is not None), None)
    words = [text for text in texts[1:] if _points(text) is None]
    texts_of_clauses = [
        text for text in (_new(row, at) for at in columns.clauses) if clause_signs(text)
    ]
    clauses = texts_of_clauses or [text for text in words if clause_signs(text)]
    names = [text for text in words if text not in clauses]
    _open(reading, "", texts[0], points, line, "")
    if reading.section is not None:
        child = Node("", names[0] if names else texts[0], "", line, clause="。".join(clauses))
        reading.section.children.append(child)
    reading.section = reading.item = None


def _numbered_section(
    reading: _Reading, row: Mapping[int, Cell], line: int, columns: Columns
) -> bool:
    """Take a row numbered 一, among rows numbered 1, 2 …, as the heading of a section.

    What it scores itself (加分项, 扣分项) becomes its one item.
    """
    number = _new(row, columns.number)
    texts = [text for text in (_new(row, column) for column in columns.items) if text]
    if not re.fullmatch(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.]?", number) or not texts:
        return False
    if columns.section is not None or not reading.digits:
        return False
    title, own, text = head_read(texts[0])
    points = _points(_new(row, columns.points))
    _open(reading, number, title, points if points is not None else own, line, text)
    clause = "。".join(text for text in (_new(row, column) for column in columns.clauses) if text)
    if clause and reading.section is not None:
        reading.section.children.append(Node("", title, "", line, None, clause=clause))
    return True


def _level_clause(row: Mapping[int, Cell], columns: Columns, points: Fraction | None) -> str:
    """Write the levels of an item as the clause that they are: 优秀（荤素合理）得20分；…"""
    parts: list[str] = []
    for at, head in columns.levels:
        match = LEVEL.match(head)
        text = _new(row, at)
        if match is None or not text:
            continue
        worth = Fraction(match["points"]) if match["points"] else None
        if match["share"] and points is not None:
            worth = points * Fraction(match["share"]) / 100
        given = f"得{float(worth):g}分" if worth is not None else ""
        parts.append(f"{match['word']}（{text}）{given}")
    return "；".join(parts)


def _covered(row: Mapping[int, Cell], column: int) -> bool:
    cell = row.get(column)
    return cell is not None and not cell.first


def _sum_row(reading: _Reading, texts: Sequence[str]) -> None:
    numbers = [number for number in map(_points, texts) if number is not None]
    if not numbers:
        match = re.search(r"(\d+(?:\.\d+)?)\s?分?$", texts[-1])
        numbers = [Fraction(match[1])] if match else []
    if numbers and not any("小计" in text for text in texts[:2]):
        reading.total = numbers[0]
    elif numbers and reading.section is not None:
        _subtotal(reading, reading.section, texts, numbers[-1])


def _subtotal(reading: _Reading, section: Node, texts: Sequence[str], points: Fraction) -> None:
    """Close the items above a subtotal: they are a section when they add up to it."""
    items = section.children
    if sum((item.points or Fraction(0) for item in items), Fraction(0)) != points:
        return
    section.points = section.points if section.points is not None else points
    if not section.title:
        text = next(text for text in texts if "小计" in text)
        section.title = re.sub(r"(?:本项|本部分|分项)?小计$", "", text).strip("：: ")
    reading.section = reading.item = None


def _section_cell(reading: _Reading, row: Mapping[int, Cell], line: int, columns: Columns) -> None:
    section_text = _new(row, columns.section)
    if not section_text:
        return
    wrapped = _WRAPPED.match(section_text)
    if wrapped and reading.section is not None and reading.section.points is None:
        reading.section.points = number_read(wrapped[1])  # （35分） in the row below its title
        return
    label, body = _unlabelled(section_text)
    title, points, text = head_read(body)
    points = points if points is not None else _points(_new(row, columns.section_points))
    if text and title == text[: len(title)]:
        text = ""
    _open(reading, label, title or body, points, line, text)


def _open(
    reading: _Reading, label: str, title: str, points: Fraction | None, line: int, text: str
) -> None:
    reading.section = Node(label, title, text, line, points)
    reading.sections.append(reading.section)
    reading.item = None


def _item(
    reading: _Reading,
    row: Mapping[int, Cell],
    line: int,
    columns: Columns,
    texts: list[str],
    points: Fraction | None,
    clause: str,
) -> None:
    first_text = texts[0] if texts else ""
    label, body = _unlabelled(first_text)
    title, own, rest = head_read(body)
    label = label or _new(row, columns.number)
    if not texts and reading.section is not None and not reading.section.children:
        title = reading.section.title
    text = "。".join(
        text.strip("。") for text in (rest if rest != title else "", *texts[1:]) if text
    )
    item = Node(label, title, text, line, points if points is not None else own, clause=clause)
    if reading.section is None:
        return
    reading.section.children.append(item)
    reading.item = item


def _unlabelled(text: str) -> tuple[str, str]:
    label = head_label(text)
    return (label.text, text[label.end :]) if label else ("", text)


def _points(text: str) -> Fraction | None:
    match = BARE_POINTS.match(text)
    return number_read(match[1]) if match else None


def _headed_above(section: Node, lines: Sequence[Line], place: int) -> None:
    """Name the section of a table after the heading that stands just above it."""
    above = [line for line in lines[max(0, place - 3) : place] if line.text.strip()]
    line = above[-1] if above else None
    if line is None or line.cells or len(line.text) > _LONGEST_ABOVE or clause_signs(line.text):
        return
    label, body = _unlabelled(line.text)
    title, points, text = head_read(body)
    if (label or points is not None) and not text:
        section.label, section.title, section.line = label, title, line.number
        section.points = points


@dataclass(frozen=True)
class Table:
    """A table that scores: its section nodes, the total it states, the lines it takes."""

    nodes: list[Node]
    total: Fraction | None
    places: frozenset[int]


def tables_of(document: Document) -> Iterator[Table]:
    """Walk the tables of a document that score."""
    yield from _tables(document, grids_of(document), frozenset())


def tables_hidden(document: Document, known: Sequence[Table]) -> Iterator[Table]:
    """Walk the tables that score and that running text hides, beside those known."""
    taken = frozenset(place for grid in known for place in grid.places)
    yield from _tables(document, hidden_grids(document), taken)


def _tables(document: Document, grids: Sequence[Grid], taken: frozenset[int]) -> Iterator[Table]:
    known: dict[Head, Columns] = {}
    for grid in grids:
        places = grid.taken or frozenset(grid.places)
        if places & taken:
            continue
        nodes, total = grid_nodes(grid, known)
        if nodes:
            if len(nodes) == 1 and not nodes[0].title:
                _headed_above(nodes[0], document.lines, min(places))
            taken |= places
            yield Table(nodes, total, places)
