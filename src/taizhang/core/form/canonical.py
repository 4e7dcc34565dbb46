"""A form in today's words, before it is read: older words and types, and the answer “other”.

What the converter for the phone would add by itself (a choice *other* and a question for its words)
stands in the sheets before both sides read them, so that the phone and the ledger ask the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from taizhang.core.form.field_type import SELECTS, SPELLINGS, type_read
from taizhang.core.form.sheet import Sheet, SheetRow

PLACE, PLACE_BEFORE = "place", "stock"
ABOUT_COLUMNS = ("about", "entity_about")
OTHER = "other"
OR_OTHER = "or_other"


def canonical(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Give the sheets with today's words and with ``or_other`` written out."""
    sheets = {
        name: replace(sheet, rows=tuple(map(_about_today, sheet.rows)))
        for name, sheet in sheets.items()
    }
    survey = sheets.get("survey")
    if survey is None:
        return sheets
    lists: dict[str, SheetRow] = {}
    rows = tuple(made for row in survey.rows for made in _rows(row, survey.columns, lists))
    if rows == survey.rows:
        return sheets
    wanted = dict.fromkeys(name for row in rows for name in row.cells)
    columns = (*survey.columns, *(name for name in wanted if name not in survey.columns))
    written = {**sheets, "survey": replace(survey, columns=columns, rows=rows)}
    if lists and (choices := sheets.get("choices")) is not None:
        more = _choices(choices, lists)
        written["choices"] = replace(choices, rows=(*choices.rows, *more))
    return written


def _about_today(row: SheetRow) -> SheetRow:
    """Give a row that is about places in today's word; it was ``stock`` before."""
    if PLACE_BEFORE not in row.cells.values():
        return row
    today = {name: PLACE for name in ABOUT_COLUMNS if row.cells.get(name) == PLACE_BEFORE}
    return SheetRow({**row.cells, **today}, row.place) if today else row


def _rows(
    row: SheetRow, columns: tuple[str, ...], lists: dict[str, SheetRow]
) -> Iterator[SheetRow]:
    """Give a row in today's words, and behind it the question that ``or_other`` asks as well."""
    cell = row.get("type")
    if not cell or (cell.startswith(("begin", "end ")) and cell not in SPELLINGS):
        yield row
        return
    kind, argument = type_read(cell)
    name, _, beside = argument.partition(" ")
    beside = beside.replace("or other", OR_OTHER).strip()
    if kind not in SELECTS or beside != OR_OTHER:
        plain = f"{kind} {argument}".strip()
        yield row if plain == cell else SheetRow({**row.cells, "type": plain}, row.place)
        return
    lists.setdefault(name, row)
    cells = {**row.cells, "type": f"{kind} {name}"}
    if choice_filter := row.get("choice_filter"):
        cells["choice_filter"] = f"({choice_filter}) or name = '{OTHER}'"
    yield SheetRow(cells, row.place)
    yield SheetRow(_words_asked(row, columns), row.place)


def _words_asked(row: SheetRow, columns: tuple[str, ...]) -> dict[str, str]:
    """Give the question for the words of “other”, in every language of the question itself."""
    asked = {
        "type": "text",
        "name": f"{row.get('name')}_{OTHER}",
        "relevant": f"selected(${{{row.get('name')}}}, '{OTHER}')",
    }
    for column in columns:
        if column.partition("::")[0] == "label" and (label := row.get(column)):
            words = " (other, in words)" if _english(column) else "（其他，请写明）"
            asked[column] = f"{label}{words}"
    if about := row.get("about"):
        asked["about"] = about
    return asked


def _choices(choices: Sheet, lists: Mapping[str, SheetRow]) -> Iterator[SheetRow]:
    key = "list_name" if "list_name" in choices.columns else "list name"
    known = {row.get(key) for row in choices.rows}
    having = {row.get(key) for row in choices.rows if row.get("name") == OTHER}
    labels = [column for column in choices.columns if column.partition("::")[0] == "label"]
    for name, row in lists.items():
        if name in known - having:
            texts = {label: "Other" if _english(label) else "其他" for label in labels}
            yield SheetRow({key: name, "name": OTHER, **texts}, row.place)


def _english(column: str) -> bool:
    language = column.partition("::")[2].lower()
    return "(en" in language or "english" in language
