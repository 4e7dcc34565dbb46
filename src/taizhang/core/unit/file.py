"""CSV files of units and their changes: the reading and the checks of a single row.

How rows fit together is :mod:`taizhang.core.unit.check`'s.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from io import StringIO
from typing import Protocol, TypeVar

from taizhang.core.base.csv_cell import unguarded
from taizhang.core.base.invisible_sign import unseen
from taizhang.core.base.issue import Issue, Place
from taizhang.core.unit.code import UnitFileCode
from taizhang.core.unit.tree import ChangeKind, Unit, UnitChange, UnitLevel

UNIT_COLUMNS = ("code", "name", "level", "kind", "parent", "valid_from", "valid_to")
CHANGE_COLUMNS = ("date", "change", "from", "to")
_OPTIONAL = frozenset({"parent", "may_record", "may_own", "valid_from", "valid_to"})

CODE = re.compile(r"[1-9][0-9]{11}(-G[0-9]{2,4})?")
_CODES_APART = re.compile(r"[\s,;+|，；、]+")
#: The part of a 12-digit code after which only zeros follow says the level (GB/T 2260, 10114).
_SHAPES = (
    (slice(9, 12), UnitLevel.COMMUNITY),
    (slice(6, 9), UnitLevel.STREET),
    (slice(4, 6), UnitLevel.DISTRICT),
    (slice(2, 4), UnitLevel.CITY),
    (slice(0, 2), UnitLevel.PROVINCE),
)


class DatedRow(Protocol):
    """A unit or body in a span of time; its key is (code, valid_from)."""

    @property
    def code(self) -> str: ...

    @property
    def valid_from(self) -> date | None: ...


Row = TypeVar("Row", bound=DatedRow)


@dataclass
class UnitSheet:
    """One file being read: its rows one by one, and the issues found so far."""

    file: str
    issues: list[Issue] = field(default_factory=list)

    def say(
        self, what: UnitFileCode, line: int | None, column: str | None = None, /, **facts: object
    ) -> None:
        self.issues.append(Issue(what, Place(self.file, line, column=column), facts))

    def dated(
        self,
        data: bytes,
        columns: tuple[str, ...],
        read: Callable[[int, Mapping[str, str]], Row | None],
    ) -> dict[Row, Place]:
        """Give the rows that can be read, each with its place; two of one key are an issue."""
        placed: dict[Row, Place] = {}
        keys: dict[tuple[str, date | None], Row] = {}
        for line, cells in self.rows(data, columns):
            row = read(line, cells)
            if row is None:
                continue
            earlier = keys.setdefault((row.code, row.valid_from), row)
            if earlier != row:
                first = str(row.valid_from or "the beginning")
                self.say(UnitFileCode.UNITFILE_013, line, code=row.code, first=first)
            placed.setdefault(row, Place(self.file, line))
        return placed

    def rows(self, data: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
        """Give (line, cells by column) of each row that has all its cells."""
        text = _decoded(data)
        if text is None:
            self.say(UnitFileCode.UNITFILE_001, None)
            return
        try:
            lines = list(_lines(text))
        except csv.Error as error:
            self.say(UnitFileCode.UNITFILE_014, None, why=str(error))
            return
        heads = [cell.strip().lower() for cell in lines[0][1]] if lines else []
        absent = [name for name in columns if name not in heads and name not in _OPTIONAL]
        for name in absent:
            self.say(UnitFileCode.UNITFILE_002, 1, name, column=name, columns=",".join(columns))
        if absent:
            return
        for line, cells in lines[1:]:
            if len(cells) != len(heads):
                counts = {"found": len(cells), "wanted": len(heads)}
                self.say(UnitFileCode.UNITFILE_004, line, **counts)
                continue
            row = dict.fromkeys(columns, "")
            row.update(zip(heads, (unguarded(cell.strip()) for cell in cells), strict=True))
            yield line, row
        if len(lines) == 1:
            self.say(UnitFileCode.UNITFILE_003, 1)

    def day(self, row: Mapping[str, str], line: int, column: str) -> date | None:
        """Read a date; ``None`` where there is none, with an issue where it is none."""
        value = row[column]
        if not value:
            return None
        try:
            # fromisoformat alone would take 20260301 and week days too.
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # a day such as 2026-02-30: told below like every other text
        self.say(UnitFileCode.UNITFILE_009, line, column, value=value)
        return None

    def span(self, row: Mapping[str, str], line: int) -> tuple[date | None, date | None]:
        """Read the first and last day of a row, ``None`` for always."""
        first, last = self.day(row, line, "valid_from"), self.day(row, line, "valid_to")
        # Other systems write the calendar's ends for "always".
        first = None if first == date.min else first
        last = None if last == date.max else last
        if first and last and last < first:
            self.say(UnitFileCode.UNITFILE_010, line, "valid_to", first=first, last=last)
        return first, last

    def plain(self, row: Mapping[str, str], line: int, *columns: str) -> None:
        """Note signs in ``columns`` that nobody sees."""
        for column in columns:
            if signs := unseen(row[column]):
                facts = {"column": column, "code": row["code"], "signs": ", ".join(signs)}
                self.say(UnitFileCode.UNITFILE_015, line, column, **facts)

    def filled(self, row: Mapping[str, str], line: int, *columns: str) -> None:
        """Note each of ``columns`` that is empty."""
        for column in columns:
            if not row[column]:
                self.say(UnitFileCode.UNITFILE_005, line, column, column=column)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the line number and cells of each row that is not blank."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def level_of(code: str) -> UnitLevel | None:
    """Give the level that the form of ``code`` shows, ``None`` when it is no code."""
    if not CODE.fullmatch(code):
        return None
    if "-" in code:
        # A grid hangs below a community: its 12 digits must be a community's.
        return UnitLevel.GRID if code[9:12] != "000" else None
    return next(level for part, level in _SHAPES if int(code[part]))


def read_units(data: bytes, file: str) -> tuple[dict[Unit, Place], tuple[Issue, ...]]:
    """Read a units file: columns code,name,level,kind,parent,valid_from,valid_to.

    :param data: CSV as UTF-8 (with or without BOM) or GB18030
    :returns: the rows that can be read, each with its place, and every issue
    """
    sheet = UnitSheet(file)
    return sheet.dated(data, UNIT_COLUMNS, partial(_unit, sheet)), tuple(sheet.issues)


def _unit(sheet: UnitSheet, line: int, row: Mapping[str, str]) -> Unit | None:
    before = len(sheet.issues)
    sheet.filled(row, line, "code", "name", "level", "kind")
    shape = level_of(row["code"])
    sheet.plain(row, line, "name", "kind")
    for column in ("code", "parent"):
        if row[column] and level_of(row[column]) is None:
            sheet.say(UnitFileCode.UNITFILE_006, line, column, value=row[column])
    levels = [level.value for level in UnitLevel]
    if row["level"] and row["level"] not in levels:
        facts = {"value": row["level"], "levels": ", ".join(levels)}
        sheet.say(UnitFileCode.UNITFILE_007, line, "level", **facts)
    elif row["level"] and shape and row["level"] != shape.value:
        facts = {"value": row["code"], "shape": shape.value, "level": row["level"]}
        sheet.say(UnitFileCode.UNITFILE_008, line, "level", **facts)
    first, last = sheet.span(row, line)
    if len(sheet.issues) > before:
        # Which unit could not be read, so that nobody calls it unknown as well.
        sheet.issues[before:] = [
            replace(issue, facts={**issue.facts, "code": row["code"]})
            for issue in sheet.issues[before:]
        ]
        return None
    return Unit(
        code=row["code"],
        name=row["name"],
        level=UnitLevel(row["level"]),
        kind=row["kind"],
        parent=row["parent"] or None,
        valid_from=first,
        valid_to=last,
    )


_COUNTS: Mapping[ChangeKind, Callable[[tuple[str, ...], tuple[str, ...]], bool]] = {
    ChangeKind.MERGE: lambda before, after: len(before) >= 2 and len(after) == 1,
    ChangeKind.SPLIT: lambda before, after: len(before) == 1 and len(after) >= 2,
    ChangeKind.RECODE: lambda before, after: (
        len(before) == 1 and len(after) == 1 and before != after
    ),
    ChangeKind.RENAME: lambda before, after: len(before) == 1 and before == after,
}


def read_changes(data: bytes, file: str) -> tuple[dict[UnitChange, Place], tuple[Issue, ...]]:
    """Read a changes file: columns date,change,from,to; several codes in a cell stand apart.

    :param data: CSV as UTF-8 (with or without BOM) or GB18030
    :returns: the rows that can be read, each with its place, and every issue
    """
    sheet = UnitSheet(file)
    changes: dict[UnitChange, Place] = {}
    for line, row in sheet.rows(data, CHANGE_COLUMNS):
        change = _change(sheet, line, row)
        if change is not None:
            changes.setdefault(change, Place(file, line))
    return changes, tuple(sheet.issues)


def _change(sheet: UnitSheet, line: int, row: Mapping[str, str]) -> UnitChange | None:
    before = len(sheet.issues)
    sheet.filled(row, line, *CHANGE_COLUMNS)
    day = sheet.day(row, line, "date")
    if day == date.min:
        sheet.say(UnitFileCode.UNITFILE_009, line, "date", value=row["date"])
    sides = []
    for column in ("from", "to"):
        codes = tuple(code for code in _CODES_APART.split(row[column]) if code)
        for code in codes:
            if level_of(code) is None:
                sheet.say(UnitFileCode.UNITFILE_006, line, column, value=code)
        # Sorted and once each: the same change written in another order is the same change.
        sides.append(tuple(sorted(set(codes))))
    kinds = [kind.value for kind in ChangeKind]
    if row["change"] and row["change"] not in kinds:
        facts = {"value": row["change"], "kinds": ", ".join(kinds)}
        sheet.say(UnitFileCode.UNITFILE_011, line, "change", **facts)
    if len(sheet.issues) > before or day is None:
        return None
    change = UnitChange(
        date=day, kind=ChangeKind(row["change"]), sources=sides[0], targets=sides[1]
    )
    if not _COUNTS[change.kind](change.sources, change.targets):
        counts = {"sources": len(change.sources), "targets": len(change.targets)}
        sheet.say(UnitFileCode.UNITFILE_012, line, "change", kind=change.kind.value, **counts)
        return None
    return change
