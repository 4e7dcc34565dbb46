"""What the columns of a table hold: by the words of its head, and by what stands in them.

Words of a head are only one witness.  Cells tell as well: points are bare numbers that no count
explains, clauses have the words of a clause, sections run on or are said again, items differ.
Where the witnesses disagree several choices are given, and sums decide (:mod:`reading.fit`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from taizhang.reading.base.line import Cell
from taizhang.reading.rubric.points.heading import BONUS, PENALTY, head_read
from taizhang.reading.rubric.points.scorer import USUAL
from taizhang.reading.tokens.atom import clause_signs
from taizhang.reading.tokens.bound import number_read

Rows = Sequence[Mapping[int, Cell]]

#: what a column holds, by the words of its head; tried in this order
_ROLES = (
    (
        "none",
        r"^(?:实得分?|得分(?:情况)?|自评分?|自查得?分?|考核得?分|考评得?分|考评分|扣分(?:原因"
        r"|理由|情况|值)?|备注|扣得分|评分|核定分|复核分?"
        r"|最终得分|得分栏)$|责任|牵头|签名|签字|数据来源|来源|考核(?:方式|方法|时间|频次)"
        r"|检查(?:方式|方法)|考评(?:方式|方法)|评分人|评价方法"
        r"|完成时限|佐证|备查|查看资料|自评|得分$|(?:^|考核|考评|评价|主管|审核|承办|实施)"
        r"(?:科室|股室|处室|部门|单位)$",
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
HEAD_WORDS = re.compile(
    r"项目|指标|内容|标准|分值|评分|计分|扣分|序号|权重|要求|得分|要点|办法|满分|任务|类别|备注"
)
#: points of a cell of their own; a weight in per cent is one of a hundred points
BARE_POINTS = re.compile(r"^[（(]?\s?[+＋]?(\d+(?:\.\d+)?)\s?[分%]?\s?[）)]?$")
_SERIAL = re.compile(
    r"^[（(]?(?:[A-Za-z]?\d{1,3}(?:[.．-]\d{1,2})*|[一二三四五六七八九十]{1,3})[）)、.．]?$"
)
#: the head of a column that says what one level asks: 优秀（90%）, B级（8分）
LEVEL = re.compile(
    r"(?P<word>[A-E]级?|优秀?|良好?|中等?|较好|较差|一般|好|差|(?:基本|不)?(?:合格|达标|符合)|[一二三四]档)"
    r"\s?(?:[（(]\D{0,3}(?:\d+(?:\.\d+)?%?\s?[-—–~～]\s?)?"
    r"(?:(?P<share>\d+)%|(?P<points>\d+(?:\.\d+)?)\s?分?)\D{0,3}[）)])?$"
)
SUM_ROW = re.compile(r"^(?:合\s*计|总\s*计|总分|总得分|共计|小计|本项小计|合计得分|满分)|小计$")


_LONGEST_OUTSIDE = 12
_NOTE = re.compile(r"(?:(?:考核|评分|填表)?(?:备\s?注|说\s?明)|附?注)(?:[:：\d]|$)")
_TELLS = re.compile(r"加\s?\d|否决|不合格|[为计]0分|取消|降[低一]")


@dataclass(frozen=True)
class Columns:
    """Which column holds what; ``head`` is the last row above the body, -1 where there is none."""

    head: int
    section: int | None
    items: tuple[int, ...]
    section_points: int | None
    points: int | None
    clauses: tuple[int, ...]
    number: int | None
    #: a value said again in the row below is one cell that runs on
    repeats: bool = False
    #: 扣 or 加, where the head of the clauses says it and they do not: 1分/次
    verb: str = ""
    #: columns that each describe one level (优秀, 良好 …), with the words of their heads
    levels: tuple[tuple[int, str], ...] = ()


def columns_headed(rows: Rows) -> Columns | None:
    """Choose by the words of the head; ``None`` where no row is a head that names its columns."""
    head_row = _head(rows)
    if head_row is None:
        return None
    head, roles = head_row
    if not {"points", "clause"} & set(roles.values()):
        return None
    clauses = [column for column in roles if roles[column] == "clause"]
    for column in clauses[:-1]:
        # 考核标准 beside 评分办法 says what is asked: the last one scores.
        roles[column] = "text"
    levels = _levels(rows[head])
    texts = [column for column in sorted(roles) if roles[column] == "text"]
    texts = [column for column in texts if column not in dict(levels)]
    body = [row for row in rows[head + 1 :] if not (_is_sum(row) or is_outside(row))]
    points = [column for column in sorted(roles) if roles[column] == "points"]
    section: int | None = None
    if titles_add_up(rows):
        pass  # full-width rows name the sections
    elif texts and (len(texts) > 1 or clauses) and _runs(body, texts[0]):
        section = texts[0]
    elif len(texts) > 1 and len(points) > 1:
        section = texts[0]
    items = tuple(column for column in texts if column != section)
    section_points = None
    if section is not None and len(points) > 1:
        if points[0] < (items or tuple(clauses[-1:]) or (99,))[-1]:
            section_points, points = points[0], points[1:]
    number = next((column for column in sorted(roles) if roles[column] == "number"), None)
    first = points[0] if points else None
    text = rows[head][clauses[-1]].text if clauses else ""
    verb = next((sign for sign in "扣加" if sign in text), "")
    scored = tuple(clauses[-1:])
    return Columns(
        head, section, items, section_points, first, scored, number, verb=verb, levels=levels
    )


def titles_add_up(rows: Rows) -> bool:
    """Say whether full-width rows (一、社会救助（35分）) state points that make up a total."""
    titles = [title for row in rows if (title := title_of(row))]
    points = [number for number in (head_read(title)[1] for title in titles) if number is not None]
    stated = [
        number_read(head[1])
        for row in rows
        if _is_sum(row) and not title_of(row)
        for cell in row.values()
        if (head := BARE_POINTS.match(cell.text))
    ]
    whole = sum(points, Fraction(0))
    return len(points) > 1 and (whole in stated if stated else whole in USUAL)


def title_of(row: Mapping[int, Cell]) -> str:
    """Give the one text of a row that names a section, ``""`` where there are more or it scores."""
    distinct = {cell.text for cell in row.values() if cell.text}
    text = next(iter(distinct)) if len(distinct) == 1 else ""
    if is_note(row):
        return ""
    return "" if clause_signs(text) or SUM_ROW.search(text) or BARE_POINTS.match(text) else text


def is_note(row: Mapping[int, Cell]) -> bool:
    """Say whether a row only explains the table (备注：…, 说明) and neither adds nor forfeits."""
    distinct = list(dict.fromkeys(cell.text for cell in row.values() if cell.text))
    return bool(distinct and _NOTE.match(distinct[0])) and not any(map(_TELLS.search, distinct))


def is_outside(row: Mapping[int, Cell]) -> bool:
    """Say whether a row stands outside the total: 加分事项, 扣分事项 and how they score."""
    distinct = list(dict.fromkeys(cell.text for cell in row.values() if cell.text))
    first = distinct[0] if distinct else ""
    named = bool(BONUS.match(first) or PENALTY.match(first)) and len(first) <= _LONGEST_OUTSIDE
    return named and len(distinct) < 4 and any(clause_signs(text) for text in distinct[1:])


def _levels(head: Mapping[int, Cell]) -> tuple[tuple[int, str], ...]:
    """Find the columns of levels: at least three heads that name one each."""
    levels = tuple((at, cell.text) for at, cell in sorted(head.items()) if LEVEL.match(cell.text))
    return levels if len(levels) > 2 else ()


def _head(rows: Rows) -> tuple[int, dict[int, str]] | None:
    for index, row in enumerate(rows[:5]):
        filled = {column: cell.text for column, cell in row.items() if cell.text}
        named = [text for text in filled.values() if len(text) <= 16 and HEAD_WORDS.search(text)]
        distinct = len(set(filled.values()))
        if distinct >= 2 and len(named) >= max(2, len(filled) // 2):
            roles = {column: _role(text) for column, text in filled.items()}
            if {"points", "clause"} & set(roles.values()):
                return index, roles
    return None


def heads_table(row: Mapping[int, Cell]) -> bool:
    """Say whether a row names the columns of a table."""
    return _head((row,)) is not None


def _role(text: str) -> str:
    bare = re.sub(r"\s", "", text)
    return next(role for role, pattern in _ROLES if re.search(pattern, bare))


def _runs(rows: Rows, column: int) -> bool:
    """Say whether a column's cells run on over several rows, merged or left out."""
    cells = [row.get(column) for row in rows]
    on = sum(1 for cell in cells if cell is None or not cell.first or not cell.text)
    return on > 0 and len(rows) > 2


@dataclass(frozen=True)
class _Column:
    """What stands in one column of the body."""

    at: int
    title: str
    #: texts of the cells that begin in their rows, and the share of rows that have one
    texts: tuple[str, ...]
    filled: float
    #: shares of the texts that are bare numbers, that score, that only count
    bare: float
    scores: float
    serial: bool

    @property
    def distinct(self) -> int:
        return len(set(self.texts))

    @property
    def length(self) -> float:
        return sum(map(len, self.texts)) / max(len(self.texts), 1)


def columns_guessed(rows: Rows) -> Iterator[Columns]:
    """Walk the choices that the cells themselves allow, the likeliest first."""
    head = _first_body(rows) - 1
    body = [row for row in rows[head + 1 :] if not (_is_sum(row) or is_outside(row))]
    titled = titles_add_up(rows)
    if not body or _sideways(body):
        return
    columns = [
        _column(body, at, _said(rows[: head + 1], at))
        for at in sorted({c for r in body for c in r})
    ]
    # A column of results (评分, 扣分情况) is no column of the rubric, unless it scores after all.
    kept = [
        column
        for column in columns
        if column.texts and (column.scores >= 0.5 or _role(column.title or "文") != "none")
    ]
    numbers = [column for column in kept if column.bare >= 0.7 and not column.serial]
    serial = next((column.at for column in kept if column.serial), None)
    rest = [column for column in kept if column not in numbers and column.at != serial]
    clauses = _clauses(rest)
    names = [column for column in rest if column.at not in clauses]
    if not names:
        return
    for named, items in _names(names, clauses):
        # Where full-width rows are the sections, no column is.
        section = None if titled else named
        items = tuple(sorted((named, *items))) if titled and named is not None else items
        for own, above in _points(numbers, section):
            if own is None and not clauses:
                continue
            yield Columns(head, section, items, above, own, clauses, serial, True)


def _sideways(body: Rows) -> bool:
    """Say whether the words of heads stand in the first column: the table lies on its side."""
    first = min(at for row in body for at in row)
    texts = [row[first].text for row in body if first in row]
    return any(_role(text or "文") == "points" for text in texts)


def _first_body(rows: Rows) -> int:
    """Find the first row that is no head: it has points or scores, or titles one that does."""
    for index, row in enumerate(rows):
        texts = [cell.text for cell in row.values() if cell.text]
        if any(
            (BARE_POINTS.match(text) and not _is_first(row, text)) or clause_signs(text)
            for text in texts
        ):
            while index and len({cell.text for cell in rows[index - 1].values() if cell.text}) == 1:
                index -= 1
            return index
    return 0


def _is_first(row: Mapping[int, Cell], text: str) -> bool:
    return text == "1" and row[min(row)].text == text


def _is_sum(row: Mapping[int, Cell]) -> bool:
    texts = [cell.text for cell in row.values() if cell.text and cell.first]
    return (
        not texts
        or len(set(texts)) == 1
        or is_note(row)
        or any(SUM_ROW.search(text) for text in texts[:2])
    )


def _said(heads: Rows, at: int) -> str:
    """Give the words of a column's head: those of the lowest row that has any."""
    texts = [row[at].text for row in heads if at in row and row[at].text]
    return texts[-1] if texts else ""


def _column(body: Rows, at: int, title: str) -> _Column:
    cells = [row.get(at) for row in body]
    texts = tuple(cell.text for cell in cells if cell is not None and cell.first and cell.text)
    count = max(len(texts), 1)
    bare = sum(1 for text in texts if BARE_POINTS.match(text))
    scores = sum(1 for text in texts if clause_signs(text))
    return _Column(
        at, title, texts, len(texts) / len(body), bare / count, scores / count, _serial(texts)
    )


def _serial(texts: Sequence[str]) -> bool:
    """Say whether a column only counts its rows: 1, 2, 3; A1, A2; 一 and 1, 2 below."""
    if len(texts) < 2 or not all(_SERIAL.match(text) for text in texts):
        return False
    if not all(re.fullmatch(r"\d+", text) for text in texts):
        return True
    steps = [int(two) - int(first) for first, two in pairwise(texts)]
    return sum(step == 1 for step in steps) >= 0.6 * len(steps)


def _clauses(columns: Sequence[_Column]) -> tuple[int, ...]:
    """Give the columns that score: the one that does most, and those that do nearly as much."""
    if not columns:
        return ()
    most = max(columns, key=lambda column: (column.scores * column.filled, column.length))
    if most.scores < 0.3:
        return ()
    return (most.at,)


def _names(
    names: Sequence[_Column], clauses: Sequence[int]
) -> Iterator[tuple[int | None, tuple[int, ...]]]:
    """Walk (column of sections, columns of items): items differ most, sections run on."""
    most = max(len(column.texts) for column in names)
    items = [column for column in names if column.distinct >= 0.6 * most and column.filled >= 0.5]
    above = [
        column
        for column in names
        if column not in items or column.distinct < 0.6 * items[0].distinct
    ]
    before = [column.at for column in items if not clauses or column.at < clauses[0]] or [
        column.at for column in items
    ]
    sections = [column for column in names if _groups(column, names)]
    for section in sections:
        own = tuple(at for at in before if at != section.at)
        if own:
            yield section.at, own
    if not sections or not above:
        yield None, tuple(before)
    elif len(before) > 1:
        yield before[0], tuple(before[1:])


def _groups(column: _Column, names: Sequence[_Column]) -> bool:
    """Say whether a column can hold the names of sections: fewer than the rows have."""
    runs = 1 + sum(a != b for a, b in pairwise(column.texts))
    rows = max(len(other.texts) for other in names)
    return 1 < column.distinct and runs <= max(0.7 * rows, 1) and runs <= column.distinct * 1.5


def _points(
    numbers: Sequence[_Column], section: int | None
) -> Iterator[tuple[int | None, int | None]]:
    """Walk (column of points, column of the section's points)."""
    full = [column for column in numbers if column.filled >= 0.5] or list(numbers)
    for own in full[:3]:
        if section is not None:
            for above in numbers[:3]:
                if above is not own:
                    yield own.at, above.at
        yield own.at, None
    if not numbers:
        yield None, None
