"""Tables of a rubric → nodes: columns known by their heads, merged and left-out cells run on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from taizhang.reading.aligned import aligned_tables
from taizhang.reading.bound import number_read
from taizhang.reading.clause import clause_signs
from taizhang.reading.clean import text_clean
from taizhang.reading.label import head_label
from taizhang.reading.node import Node, head_read
from taizhang.reading.text import Cell, Document, Line

#: what a column holds, by the words of its head; tried in this order
_ROLES = (
    (
        "none",
        r"^(?:实得分?|得分(?:情况)?|自评分?|自查得?分?|考核得?分|考评得?分|考评分|扣分(?:原因"
        r"|理由|情况|值)?|备注|扣得分|评分|核定分|复核分?"
        r"|最终得分|得分栏)$|责任|牵头|签名|签字|数据来源|来源|考核(?:方式|方法|时间|频次)"
        r"|检查(?:方式|方法)|考评(?:方式|方法)|评分人|评价方法"
        r"|完成时限|佐证|备查|查看资料|自评|得分$",
    ),
    ("number", r"^(?:序号|编号|号|№|No\.?)$"),
    (
        "points",
        r"^(?:分值|标准分值?|满分|权重(?:分值?)?|配分|分数|基本分值?|基础分值?|总分|项目分值?"
        r"|赋分|应得分|标准分数|分)(?:（.*）)?$|分值",
    ),
    (
        "clause",
        r"评分(?:标准|办法|细则|方法|说明|规则|依据)|计分(?:标准|办法|方法|规则|说明|方式)"
        r"|扣分(?:标准|办法|细则|说明)|考核(?:标准|办法|细则|评分)"
        r"|得分(?:标准|办法|说明)|评价标准|考评(?:标准|办法|细则)|评定标准|打分(?:标准|办法)"
        r"|赋分(?:标准|办法|说明)|加分标准|检查标准",
    ),
    ("text", r"."),
)
_HEAD_WORDS = re.compile(
    r"项目|指标|内容|标准|分值|评分|计分|扣分|序号|权重|要求|得分|要点|办法|满分|任务|类别|备注"
)
_SUM_ROW = re.compile(r"^(?:合计|总计|总分|总得分|共计|小计|本项小计|合计得分|满分)")
_BARE_POINTS = re.compile(r"^[（(]?\s?[+＋]?(\d+(?:\.\d+)?)\s?分?\s?[）)]?$")


_WRAPPED = re.compile(r"[（(]\s?(\d+(?:\.\d+)?)\s?分?\s?[）)]$")


@dataclass
class Grid:
    """One table: rows of cells by column, with the line of each row."""

    rows: list[Mapping[int, Cell]]
    lines: list[int]
    #: places of the rows among the lines of the document
    places: list[int]


@dataclass
class _Reading:
    """What is known while rows are walked."""

    roles: dict[int, str]
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
    aligned = {
        row.place: (number, row.cells)
        for number, table in enumerate(aligned_tables(document.lines, _HEAD_WORDS))
        for row in table
    }
    for place, line in enumerate(document.lines):
        number, cells = aligned.get(place) or (-1, _cells(line))
        if not cells:
            if line.text.strip():
                last = None
            continue
        mark = line.table if line.cells else "text" if number < 0 else f"aligned {number}"
        if mark != last:
            grids.append(Grid([], [], []))
            last = mark
        if all(re.fullmatch(r"[:\-—\s]*", one.text) for one in cells):
            continue  # the rule below a head
        grids[-1].rows.append({one.column: one for one in cells})
        grids[-1].lines.append(line.number)
        grids[-1].places.append(place)
    return [grid for grid in grids if len(grid.rows) > 1]


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


def grid_nodes(grid: Grid) -> tuple[list[Node], Fraction | None]:
    """Read a table into section nodes with items below, and the total that it states.

    A table without a scoring or points column gives nothing.
    """
    head, roles = _head(grid)
    if roles is None:
        return [], None
    reading = _Reading(roles)
    texts = [column for column in sorted(roles) if roles[column] == "text"]
    columns = _columns(grid, head, roles, texts)
    reading.digits = any(_new(row, columns.number).isdigit() for row in grid.rows[head + 1 :])
    for row, line in zip(grid.rows[head + 1 :], grid.lines[head + 1 :], strict=True):
        _row(reading, row, line, columns)
    return reading.sections, reading.total


@dataclass(frozen=True)
class _Columns:
    section: int | None
    items: tuple[int, ...]
    section_points: int | None
    points: int | None
    clauses: tuple[int, ...]
    number: int | None


def _head(grid: Grid) -> tuple[int, dict[int, str] | None]:
    for index, row in enumerate(grid.rows[:5]):
        filled = {column: one.text for column, one in row.items() if one.text}
        named = [text for text in filled.values() if len(text) <= 16 and _HEAD_WORDS.search(text)]
        distinct = len(set(filled.values()))
        if distinct >= 2 and len(named) >= max(2, len(filled) // 2):
            roles = {column: _role(text) for column, text in filled.items()}
            clauses = [column for column in roles if roles[column] == "clause"]
            if len(clauses) > 1:
                # 考核标准 beside 评分办法 says what is asked: the last one scores.
                for column in clauses[:-1]:
                    roles[column] = "text"
            if "points" in roles.values() or "clause" in roles.values():
                return index, roles
    return 0, None


def _role(text: str) -> str:
    bare = re.sub(r"\s", "", text)
    return next(role for role, pattern in _ROLES if re.search(pattern, bare))


def _columns(grid: Grid, head: int, roles: dict[int, str], texts: list[int]) -> _Columns:
    rows = grid.rows[head + 1 :]
    points = [column for column in sorted(roles) if roles[column] == "points"]
    clauses = tuple(column for column in sorted(roles) if roles[column] == "clause")
    section: int | None = None
    if texts and (len(texts) > 1 or clauses) and _runs(rows, texts[0]):
        section = texts[0]
    elif len(texts) > 1 and len(points) > 1:
        section = texts[0]
    items = tuple(column for column in texts if column != section)
    section_points = None
    if section is not None and len(points) > 1 and points[0] < (items or clauses or (99,))[-1]:
        section_points, points = points[0], points[1:]
    number = next((column for column in sorted(roles) if roles[column] == "number"), None)
    return _Columns(section, items, section_points, points[0] if points else None, clauses, number)


def _runs(rows: Sequence[Mapping[int, Cell]], column: int) -> bool:
    """Say whether a column's cells run on over several rows, merged or left out."""
    cells = [row.get(column) for row in rows]
    on = sum(1 for cell in cells if cell is None or not cell.first or not cell.text)
    return on > 0 and len(rows) > 2


def _new(row: Mapping[int, Cell], column: int | None) -> str:
    """Give the text of a cell that begins here, ``""`` where it is empty or runs on."""
    cell = row.get(column) if column is not None else None
    return cell.text if cell is not None and cell.first else ""


def _row(reading: _Reading, row: Mapping[int, Cell], line: int, columns: _Columns) -> None:
    firsts = [one.text for one in row.values() if one.text and one.first]
    if not firsts:
        return
    distinct = list(dict.fromkeys(one.text for one in row.values() if one.text))
    if any(_SUM_ROW.match(one) for one in distinct[:2]):
        _sum_row(reading, distinct)
        return
    if len(distinct) == 1 and not any(True for _ in clause_signs(distinct[0])):
        # One text over the whole row is the heading of a section.
        title, points, text = head_read(_unlabelled(distinct[0])[1])
        _open(reading, _unlabelled(distinct[0])[0], title, points, line, text)
        return
    if _numbered_section(reading, row, line, columns):
        return
    _section_cell(reading, row, line, columns)
    texts = [one for one in (_new(row, column) for column in columns.items) if one]
    points = _points(_new(row, columns.points))
    clause = "。".join(one for one in (_new(row, column) for column in columns.clauses) if one)
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
        reading.item.text = "。".join(one for one in (reading.item.text, *texts) if one)
        reading.item.clause = "\n".join(one for one in (reading.item.clause, clause) if one)
        return
    _item(reading, row, line, columns, texts, points, clause)


def _numbered_section(
    reading: _Reading, row: Mapping[int, Cell], line: int, columns: _Columns
) -> bool:
    """Take a row numbered 一, among rows numbered 1, 2 …, as the heading of a section.

    What it scores itself (加分项, 扣分项) becomes its one item.
    """
    said = _new(row, columns.number)
    texts = [one for one in (_new(row, column) for column in columns.items) if one]
    if not re.fullmatch(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.]?", said) or not texts:
        return False
    if columns.section is not None or not reading.digits:
        return False
    title, own, text = head_read(texts[0])
    points = _points(_new(row, columns.points))
    _open(reading, said, title, points if points is not None else own, line, text)
    clause = "。".join(one for one in (_new(row, column) for column in columns.clauses) if one)
    if clause and reading.section is not None:
        reading.section.children.append(Node("", title, "", line, None, clause=clause))
    return True


def _covered(row: Mapping[int, Cell], column: int) -> bool:
    cell = row.get(column)
    return cell is not None and not cell.first


def _sum_row(reading: _Reading, texts: Sequence[str]) -> None:
    numbers = [one for one in map(_points, texts) if one is not None]
    if not numbers:
        found = re.search(r"(\d+(?:\.\d+)?)\s?分?$", texts[-1])
        numbers = [Fraction(found[1])] if found else []
    if numbers and "小计" not in texts[0]:
        reading.total = numbers[0]


def _section_cell(reading: _Reading, row: Mapping[int, Cell], line: int, columns: _Columns) -> None:
    said = _new(row, columns.section)
    if not said:
        return
    wrapped = _WRAPPED.match(said)
    if wrapped and reading.section is not None and reading.section.points is None:
        reading.section.points = number_read(wrapped[1])  # （35分） in the row below its title
        return
    label, body = _unlabelled(said)
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
    columns: _Columns,
    texts: list[str],
    points: Fraction | None,
    clause: str,
) -> None:
    said = texts[0] if texts else ""
    label, body = _unlabelled(said)
    title, own, rest = head_read(body)
    label = label or _new(row, columns.number)
    if not texts and reading.section is not None and not reading.section.children:
        title = reading.section.title
    text = "。".join(one.strip("。") for one in (rest if rest != title else "", *texts[1:]) if one)
    item = Node(label, title, text, line, points if points is not None else own, clause=clause)
    if reading.section is None:
        return
    reading.section.children.append(item)
    reading.item = item


def _unlabelled(text: str) -> tuple[str, str]:
    label = head_label(text)
    return (label.text, text[label.end :]) if label else ("", text)


def _points(text: str) -> Fraction | None:
    found = _BARE_POINTS.match(text)
    return number_read(found[1]) if found else None


@dataclass(frozen=True)
class Table:
    """A table that scores: its section nodes, the total it states, the lines it takes."""

    nodes: list[Node]
    total: Fraction | None
    places: frozenset[int]


def tables_of(document: Document) -> Iterator[Table]:
    """Walk the tables of a document that score."""
    for grid in grids_of(document):
        nodes, total = grid_nodes(grid)
        if nodes:
            yield Table(nodes, total, frozenset(grid.places))
