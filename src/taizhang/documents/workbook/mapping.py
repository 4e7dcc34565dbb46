"""The mapping of a workbook: which cell is filled with what, read from YAML and written again.

Sheets hold cells (``B5: {figure: …}``) and may set ``unit`` and ``period`` for all their cells, or
take the cells of another sheet (``like: 1月``), as the twelve sheets of a year do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from taizhang.core.base.issue import Issue, Place
from taizhang.core.base.yaml_source import YamlMap, near, read_yaml, scalar
from taizhang.documents.template.data_source import Filters
from taizhang.documents.workbook.code import WorkbookCode
from taizhang.documents.workbook.sheet import cell_name, column_number, spot_read

#: Cells and lines of lists that one mapping may ask for.
MOST_CELLS = 20_000
MOST_LINES = 5_000


class CellKind(StrEnum):
    """What a cell is filled with; each is the key that names it."""

    FIGURE = "figure"
    TEXT = "text"
    DATE = "date"
    RECORDS = "records"
    CASES = "cases"
    THINGS = "things"
    PERSON = "person"  # nothing: a person types it; the value says what


#: Parts of a figure that a cell may hold.
PARTS = ("value", "numerator", "denominator", "low", "high", "done", "owed")
#: Days by their names.
DAYS = ("start", "end", "as_of")
#: Lists whose lines come from the ledger; a figure split ``by`` something is one, too.
LISTS = frozenset({CellKind.RECORDS, CellKind.CASES, CellKind.THINGS})

_KEYS = {
    CellKind.FIGURE: {"unit", "period", "by", "level", "columns", "rows", "grow", "part", "divide"},
    CellKind.TEXT: {"unit", "period"},
    CellKind.DATE: {"period"},
    CellKind.RECORDS: {"unit", "period", "columns", "rows", "grow"},
    CellKind.CASES: {"unit", "period", "columns", "rows", "grow", "state", "overdue"},
    CellKind.THINGS: {"unit", "period", "state", "columns", "rows", "grow"},
    CellKind.PERSON: set[str](),
}
#: What a proposal adds for whoever reads it; nothing follows from these.
_REMARKS = {"label", "confidence", "note"}
_WORDS = ("unit", "period", "level", "state", "label", "confidence", "note")
_COLUMN = re.compile(r"[A-Z]{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMapping:
    """One cell, or the first cell of a list, with what it is filled with.

    ``columns`` (letter of a column → what stands there) makes a list: one line a row, ``rows`` of
    them and with ``grow`` as many as the blank rows of the same layout below have room for.
    """

    sheet: str
    cell: str
    kind: CellKind
    name: str = ""
    unit: str = ""  # '' for the unit that is asked
    period: str = ""  # '' for the period that is asked
    filters: Filters = ()
    split: str = ""  # unit, month or a dimension
    level: str = ""
    part: str = "value"
    divide: Fraction = Fraction(1)
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: int = 1
    grow: bool = False
    state: str = ""
    overdue: bool = False
    label: str = ""
    confidence: str = ""  # of a proposal, from 0 to 1
    note: str = ""
    line: int = 0

    @property
    def is_list(self) -> bool:
        """Say whether it fills lines."""
        return bool(self.columns)


@dataclass(frozen=True, slots=True)
class WorkbookMapping:
    """The cells of a workbook, with the digest of the template they were mapped on."""

    cells: tuple[CellMapping, ...]
    digest: str = ""
    sheets: Mapping[str, str] = field(default_factory=dict)  # digest of each sheet then


def mapping_read(data: bytes, file: str) -> tuple[WorkbookMapping, list[Issue]]:
    """Read a mapping; all that is wrong with it is given, the rest is read."""
    value, issues = read_yaml(data, file)
    if issues and value is None:
        return WorkbookMapping(()), issues
    return _Reading(file, issues).whole(value)


class _Reading:
    def __init__(self, file: str, issues: list[Issue]) -> None:
        self.file, self.issues = file, issues

    def wrong(self, why: str, line: int | None, sheet: str = "", cell: str = "") -> None:
        """Keep an issue with its place."""
        spot = spot_read(cell) if cell else None
        place = Place(
            self.file, line, sheet or None, spot[0] if spot else None,
            cell_name(spot).rstrip("0123456789") if spot else None,
        )  # fmt: skip
        self.issues.append(Issue(WorkbookCode.WORKBOOK_013, place, {"why": why}))

    def whole(self, value: object) -> tuple[WorkbookMapping, list[Issue]]:
        if not isinstance(value, YamlMap) or not isinstance(value.get("sheets"), YamlMap):
            self.wrong("it needs 'sheets' with the cells of each", getattr(value, "line", 1))
            return WorkbookMapping(()), self.issues
        for key in value.keys() - {"sheets", "digest", "parts", "template"}:
            self.wrong(f"'{key}' means nothing", value.lines[key])
        sheets = value["sheets"]
        cells = list(self._sheets(sheets)) if isinstance(sheets, YamlMap) else []
        parts = value.get("parts")
        told = {k: str(v) for k, v in parts.items()} if isinstance(parts, YamlMap) else {}
        lines = sum(cell.rows if cell.is_list else 1 for cell in cells)
        if len(cells) > MOST_CELLS or lines > MOST_CELLS:
            self.wrong(f"it maps {lines} cells, more than {MOST_CELLS}", value.line)
        return WorkbookMapping(tuple(cells), str(value.get("digest") or ""), told), self.issues

    def _sheets(self, sheets: YamlMap) -> Iterator[CellMapping]:
        for sheet, content in sheets.items():
            if not isinstance(content, YamlMap):
                self.wrong("a sheet holds cells and what fills them", sheets.lines[sheet], sheet)
                continue
            like = content.get("like")
            if like is not None:
                origin = sheets.get(str(like))
                if not isinstance(origin, YamlMap) or "like" in origin or str(like) == sheet:
                    self.wrong(
                        f"like: there is no sheet '{like}' with cells of its own",
                        content.lines["like"],
                        sheet,
                    )
                    continue
                yield from self._cells(sheet, origin, content, quiet=True)
            yield from self._cells(sheet, content, content)

    def _cells(
        self, sheet: str, cells: YamlMap, options: YamlMap, quiet: bool = False
    ) -> Iterator[CellMapping]:
        """Read the cells of a sheet; ``quiet`` where another sheet has told what is wrong."""
        unit, period = str(options.get("unit") or ""), str(options.get("period") or "")
        before = len(self.issues)
        for key, content in cells.items():
            line = cells.lines[key]
            if key in ("unit", "period", "like"):
                continue
            if spot_read(key) is None or "$" in key:
                self.wrong(f"'{key}' is no cell such as B5", line, sheet)
            elif not isinstance(content, YamlMap):
                self.wrong("a cell says what fills it, as {figure: …}", line, sheet, key)
            elif not (quiet and key in options):
                cell = self._cell(sheet, key, content, line)
                if cell is not None:
                    yield replace(cell, unit=cell.unit or unit, period=cell.period or period)
        if quiet:
            del self.issues[before:]

    def _cell(self, sheet: str, key: str, content: YamlMap, line: int) -> CellMapping | None:
        kinds = [kind for kind in CellKind if kind in content]
        if len(kinds) != 1:
            self.wrong(
                f"it needs one of {', '.join(CellKind)}; it has {', '.join(kinds) or 'none'}",
                line, sheet, key,
            )  # fmt: skip
            return None
        kind = kinds[0]
        known = _KEYS[kind] | _REMARKS | {kind.value}
        faults = [f"'{k}' means nothing here: {near(k, known)}" for k in content if k not in known]
        cell, others = _fields(sheet, key, kind, content, line)
        for why in faults + others:
            self.wrong(why, line, sheet, key)
        return cell


def _fields(
    sheet: str, key: str, kind: CellKind, content: YamlMap, line: int
) -> tuple[CellMapping, list[str]]:
    """Read the keys of a cell, with what is wrong with them."""
    faults: list[str] = []
    by, columns = content.get("by"), content.get("columns")
    part, rows = str(content.get("part") or "value"), content.get("rows", 1)
    name = content[kind]
    if not isinstance(name, str) or not name.strip():
        faults.append(f"'{kind}' needs a text")
    if kind is CellKind.DATE and name not in DAYS:
        faults.append(f"'date' is one of {', '.join(DAYS)}")
    if part not in PARTS:
        faults.append(f"'part' is one of {', '.join(PARTS)}")
    if isinstance(rows, bool) or not isinstance(rows, int) or not 1 <= rows <= MOST_LINES:
        faults.append(f"'rows' is a number from 1 to {MOST_LINES}")
        rows = 1
    divide = content.get("divide", 1)
    if isinstance(divide, bool) or not isinstance(divide, int | Decimal) or divide <= 0:
        faults.append("'divide' is a number above 0")
        divide = 1
    shown = dict(columns) if isinstance(columns, YamlMap) else {}
    if columns is not None and (not shown or not all(map(_COLUMN.fullmatch, shown))):
        faults.append("'columns' says what stands in which column: {A: date, B: place}")
        shown = {}
    split = by if isinstance(by, str) else ""
    if (kind in LISTS or split) and not shown:
        faults.append("a list needs 'columns'")
    if shown and kind is CellKind.FIGURE and not split:
        faults.append("'columns' needs 'by: unit', 'by: month' or 'by: DIMENSION'")
    cell = CellMapping(
        sheet=sheet,
        cell=key,
        kind=kind,
        name=str(name or "").strip(),
        filters=_filters(by),
        split=split,
        part=part,
        divide=Fraction(divide),
        columns={k: str(shown[k]) for k in sorted(shown, key=column_number)},
        rows=rows,
        grow=_yes(content.get("grow")),
        overdue=_yes(content.get("overdue")),
        line=line,
        **{word: str(content.get(word) or "") for word in _WORDS},
    )
    return cell, faults


def _filters(by: object) -> Filters:
    if not isinstance(by, YamlMap):
        return ()
    return tuple(
        (name, tuple(map(str, value)) if isinstance(value, list) else (str(value),))
        for name, value in sorted(by.items())
    )


def _yes(value: object) -> bool:
    return value is True or value in ("yes", "是")


# written again -----------------------------------------------------------------------------------

_PLAIN = re.compile(r"[\w一-鿿][\w.一-鿿]*")


def mapping_write(mapping: WorkbookMapping, template: str = "") -> str:
    """Write a mapping as YAML: one line a cell, what follows from nothing left out."""
    lines = [f"template: {_scalar(template)}"] if template else []
    lines += [f"digest: {_scalar(mapping.digest)}"] if mapping.digest else []
    if mapping.sheets:
        lines += ["parts:"]
        lines += [f"  {_scalar(name)}: {_scalar(told)}" for name, told in mapping.sheets.items()]
    lines.append("sheets:")
    for sheet in dict.fromkeys(cell.sheet for cell in mapping.cells):
        lines.append(f"  {_scalar(sheet)}:")
        lines += [
            f"    {cell.cell}: {_flow(cell_keys(cell))}"
            for cell in mapping.cells
            if cell.sheet == sheet
        ]
    return "\n".join(lines) + "\n"


def cell_keys(cell: CellMapping) -> dict[str, object]:
    """Give the keys of a cell as a mapping writes them."""
    by: object = cell.split or {
        name: values[0] if len(values) == 1 else list(values) for name, values in cell.filters
    }
    keys: dict[str, object] = {
        cell.kind.value: cell.name,
        "unit": cell.unit,
        "period": cell.period,
        "by": by,
        "level": cell.level,
        "part": "" if cell.part == "value" else cell.part,
        "divide": "" if cell.divide == 1 else float(cell.divide),
        "columns": dict(cell.columns),
        "rows": "" if cell.rows == 1 else cell.rows,
        "grow": cell.grow,
        "state": cell.state,
        "overdue": cell.overdue,
        "label": cell.label,
        "confidence": cell.confidence,
        "note": cell.note,
    }
    return {name: value for name, value in keys.items() if value}


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    """Write a text plain where it is read back as the same text, else in quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    plain = _PLAIN.fullmatch(value) is not None and scalar(value) == value
    return value if plain else json.dumps(value, ensure_ascii=False)
