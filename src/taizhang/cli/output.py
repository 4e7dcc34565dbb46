"""What the command line prints: aligned tables, JSON, CSV; issues to standard error."""

from __future__ import annotations

import csv
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn, TextIO

from taizhang.cli.language import _, translate
from taizhang.core.base.csv_cell import guarded
from taizhang.core.base.figure import number
from taizhang.core.base.issue import Issue, Level, Refused

Row = Mapping[str, Any]
#: Without it spreadsheets take UTF-8 for the system's encoding; the pages' CSV has it, too.
MARK = "\ufeff"


def show(
    form: str, columns: Mapping[str, str], rows: Iterable[Row], document: object | None = None
) -> None:
    """Print ``rows`` as ``form`` asks.

    :param form: ``table``, ``json`` or ``csv`` (the value of ``--format``)
    :param columns: key of a row → heading, in order; table and CSV print these alone
    :param document: the whole JSON answer; the list of rows where it is ``None``
    """
    if form == "json":
        show_json(list(rows) if document is None else document)
    elif form == "csv":
        if _leaves(sys.stdout):
            sys.stdout.write(MARK)
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)  # keys, not words: what `units list` prints, `units import` reads
        writer.writerows([_cell(row.get(key)) for key in columns] for row in rows)
    else:
        cells = [[text(row.get(key)) for key in columns] for row in rows]
        sys.stdout.write(aligned(list(columns.values()), cells))


def _leaves(stream: TextIO) -> bool:
    """Say whether bytes go to a file or another program, where a spreadsheet may open them."""
    try:
        return not os.isatty(stream.fileno())
    except (OSError, ValueError):  # a text stream inside this process
        return False


def _cell(value: object) -> str:
    """Write one cell of CSV; a number stays one, no text becomes a formula."""
    return guarded(text(value)) if isinstance(value, (str, list, tuple)) else text(value)


def show_json(document: object) -> None:
    """Print one JSON document; dates become ISO text, fractions JSON numbers."""
    # In one piece: json.dump writes every comma by itself.
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=_plain) + "\n")


def say(line: str) -> None:
    """Print one line for people."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def text(value: object) -> str:
    """Write one cell: nothing for ``None``, items of a list joined by spaces."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return " ".join(text(part) for part in value)
    if isinstance(value, Fraction):
        return str(number(value))
    return str(value)


def width(line: str) -> int:
    """Count the columns of a terminal that ``line`` takes: full-width characters take two."""
    if line.isascii():
        return len(line)
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in line)
    return len(line) + wide - sum(unicodedata.combining(sign) != 0 for sign in line)


def aligned(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table in plain text; a column of numbers stands to the right."""
    flat = [[cell.replace("\n", " ") for cell in row] for row in rows]
    widths = [
        max([width(heading), *(width(row[index]) for row in flat)])
        for index, heading in enumerate(headings)
    ]
    right = [
        any(row[index] for row in flat) and all(_numeric(row[index]) for row in flat)
        for index in range(len(headings))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (wide - width(cell)) + cell if at_right else cell + " " * (wide - width(cell))
            for cell, wide, at_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip() + "\n"

    rule = "  ".join("-" * wide for wide in widths) + "\n"
    return line(headings) + rule + "".join(line(row) for row in flat)


def _numeric(cell: str) -> bool:
    # Codes of units are digits too, but of one length; right or left is the same for them.
    return cell in ("", "—") or cell.lstrip("-").replace(".", "", 1).replace(",", "").isdigit()


def warn(issues: Iterable[Issue]) -> None:
    """Print issues to standard error, errors first: ``CODE place: mark sentence remedy``."""
    marks = {Level.ERROR: _("Error:"), Level.WARNING: _("Warning:")}
    for issue in sorted(issues, key=lambda issue: issue.level is not Level.ERROR):
        mark = marks.get(issue.level, marks[Level.WARNING])
        sys.stderr.write(f"{issue.line(translate, mark)}\n")


def issues_json(issues: Iterable[Issue]) -> dict[str, object]:
    """Give the JSON shape of issues."""
    return {"issues": [issue.as_json(translate) for issue in issues]}


def settle(issues: Sequence[Issue]) -> None:
    """Refuse when any of ``issues`` is an error, else print them as warnings.

    :raises Refused: with all issues, warnings too, when one is an error
    """
    if any(issue.level is Level.ERROR for issue in issues):
        raise Refused(issues)
    warn(issues)


def fail(issues: Iterable[Issue]) -> NoReturn:
    """Refuse with ``issues``: ``main`` prints them and exits 1."""
    raise Refused(issues)


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return number(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
