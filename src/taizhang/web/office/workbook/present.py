"""What the pages of other offices' forms show: the catalogue, a mapping, the sources of cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from taizhang.core.base.rounding import rounded
from taizhang.core.definition.programme import Programmes
from taizhang.core.unit.tree import Tree
from taizhang.documents.workbook.mapping import CellKind, CellMapping, mapping_read
from taizhang.web.office.models import FilledForm, OutsideForm
from taizhang.web.office.present import name_of
from taizhang.web.office.workbook.actions import MAPPING_FILE
from taizhang.web.office.workbook.queries import figure_choices
from taizhang.web.plans.burden import AROUND, KEY, STROKES, TAP, THINK

_TAPS, _KEYS = STROKES["integer"]
#: Seconds that a person takes to look a number up in their own head and type it into a cell.
CELL = THINK + _TAPS * TAP + _KEYS * KEY


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form in the catalogue, with what it would take."""

    form: OutsideForm
    unit_name: str
    known: int  # cells that the ledger fills, a list as one
    left: int
    may_refuse: bool
    why: str

    @property
    def minutes(self) -> int:
        """Give the computed minutes of typing every cell of it."""
        return minutes(self.known + self.left)

    @property
    def minutes_left(self) -> int:
        """Give the computed minutes of what is left to a person."""
        return minutes(self.left)


def minutes(cells: int) -> int:
    """Give whole minutes that typing cells takes, by the published constants of burden."""
    seconds = AROUND + cells * CELL if cells else Fraction(0)
    return int(rounded(seconds / 60))


def form_row(form: OutsideForm, tree: Tree, today: date) -> FormRow:
    """Say of a form what it asks and by what right."""
    cells = cells_of(form)
    left = sum(cell.kind is CellKind.PERSON for cell in cells)
    why = refusable(form, today)
    return FormRow(
        form=form,
        unit_name=name_of(tree, form.unit),
        known=len(cells) - left,
        left=left,
        may_refuse=bool(why),
        why=why,
    )


def refusable(form: OutsideForm, today: date) -> str:
    """Say why a form may be refused, '' where nothing speaks for it.

    Statistics law of 2024, article 17: who is asked with a form without its marks, or past its
    expiry, may refuse.
    """
    if form.expires_on is not None and form.expires_on < today:
        return gettext("its time is over")
    missing = [
        name
        for name, value in (
            (gettext("who asks"), form.asked_by),
            (gettext("approval number"), form.approval),
            (gettext("valid until"), form.expires_on),
        )
        if not value
    ]
    return gettext("not shown: %(names)s") % {"names": "、".join(missing)} if missing else ""


def cells_of(form: OutsideForm) -> tuple[CellMapping, ...]:
    """Give the cells that a form's mapping names; none where it has no template."""
    return mapping_read(form.mapping.encode(), MAPPING_FILE)[0].cells if form.mapping else ()


@dataclass(frozen=True, kw_only=True)
class CellRow:
    """A cell of a mapping as the table shows it."""

    at: int
    cell: CellMapping
    label: str  # of the figure
    filled_with: str
    chosen: bool  # whether a person may choose another figure here
    percent: int | None
    unsure: bool


def cell_rows(form: OutsideForm, programmes: Programmes) -> list[CellRow]:
    """Give the cells of a mapping, with what fills each."""
    labels = {choice.key: choice.label for choice in figure_choices(programmes)}
    return [_cell_row(at, cell, labels) for at, cell in enumerate(cells_of(form))]


def _cell_row(at: int, cell: CellMapping, labels: Mapping[str, str]) -> CellRow:
    kinds = {
        CellKind.FIGURE: gettext("figure"),
        CellKind.TEXT: gettext("text"),
        CellKind.DATE: gettext("day"),
        CellKind.RECORDS: gettext("list of records"),
        CellKind.CASES: gettext("list of cases"),
        CellKind.THINGS: gettext("list of things"),
        CellKind.PERSON: gettext("a person"),
    }
    confidence = None
    if cell.confidence.replace(".", "", 1).isdecimal():
        confidence = int(rounded(Fraction(cell.confidence) * 100))
    return CellRow(
        at=at,
        cell=cell,
        label=labels.get(cell.name, "") if cell.kind is CellKind.FIGURE else "",
        filled_with=kinds[cell.kind],
        chosen=cell.kind in (CellKind.FIGURE, CellKind.PERSON) and not cell.is_list,
        percent=confidence,
        unsure=cell.kind is CellKind.PERSON or (confidence is not None and confidence < 80),
    )


def sources_of(filled: FilledForm) -> list[dict[str, Any]]:
    """Give the sources of a filled form, each with the address that opens it."""
    rows: list[dict[str, Any]] = json.loads(filled.sources)
    for row in rows:
        row["address"] = _address(row)
    return rows


def _address(row: Mapping[str, Any]) -> str:
    kind, _, uid = str(row["behind"]).partition(":")
    if kind == "record":
        return reverse("ledger:record_page", args=(uid,))
    if kind == "case":
        return reverse("cases:case", args=(uid,))
    if not row["key"]:
        return ""
    query = {
        "unit": row["unit_code"],
        "key": row["key"],
        "period": row["period"],
        "as_of": row["as_of"],
    }
    return f"{reverse('figures:figure')}?{urlencode(query)}"


SOURCE_COLUMNS = (
    *("sheet", "cell", "outcome", "text", "unit", "what", "unit_code", "unit_name"),
    *("period", "records", "as_of", "key", "behind", "remark"),
)


def source_table(filled: FilledForm) -> tuple[list[str], list[list[str | int | None]]]:
    """Give the list of sources as header and rows of a file."""
    from taizhang.documents.workbook.answer import Outcome
    from taizhang.documents.workbook.source_table import OUTCOMES

    header = [
        *(gettext("Sheet"), gettext("Cell"), gettext("What became of it"), gettext("Filled in")),
        *(gettext("Counted in"), gettext("Figure"), gettext("Unit code"), gettext("Unit")),
        *(gettext("Period"), gettext("Records"), gettext("As of"), gettext("Key")),
        *(gettext("Source"), gettext("Remarks")),
    ]
    rows = [
        [OUTCOMES[Outcome(row[c])] if c == "outcome" else row[c] for c in SOURCE_COLUMNS]
        for row in json.loads(filled.sources)
    ]
    return header, rows


def filled_rows(rows: Iterable[FilledForm], tree: Tree) -> list[tuple[FilledForm, str]]:
    """Give filled forms with the names of their units."""
    return [(row, name_of(tree, row.unit)) for row in rows]
