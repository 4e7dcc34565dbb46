"""The XForm of a form for the phone, made by the pyxform library, with the limits of phones.

The sheet of entities and the column ``save_to`` stay behind: the ledger itself reads entities from
the answers, and a phone without ODK's entity lists could not resolve them.
"""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree

from taizhang.core.base.issue import Place
from taizhang.core.form.expression.bound import unless_missing
from taizhang.core.form.instance import XFORMS
from taizhang.core.form.model import Field, Form
from taizhang.core.form.sheet import Sheet, SheetRow, markdown_of, sheets_of

#: Chinese quotation marks, and signs without a meaning that stand for them while pyxform works:
#: it would write them as ASCII.
_QUOTES, _SIGNS = "“”‘’", "\ue010\ue011\ue012\ue013"
_HIDDEN, _SHOWN = str.maketrans(_QUOTES, _SIGNS), str.maketrans(_SIGNS, _QUOTES)


def xform(form: Form) -> tuple[str, tuple[str, ...]]:
    """Convert a form and give the XForm with pyxform's complaints; ``""`` where it refuses.

    A phone knows the form by its qualified key and version, as two packs may both have a
    ``lecture``.
    """
    return _converted(form.source, form.key, form.version)


# Pure, and 20 to 80 ms each time: a list of forms asks for the digest of every one.
@lru_cache(maxsize=512)
def _converted(source: str, key: str, version: str) -> tuple[str, tuple[str, ...]]:
    # pyxform takes 0.7 s to import, and only checks of packs and the phone need it.
    from pyxform.xls2xform import convert

    sheets, _ = sheets_of(source.encode(), f"{key}.md")
    kept = {name: _without_entities(sheet) for name, sheet in sheets.items() if name != "entities"}
    if "survey" in kept:
        kept["survey"] = _limited(kept["survey"])
    kept["settings"] = _named(kept.get("settings"), key, version)
    warnings: list[str] = []
    try:
        done = convert(
            markdown_of(kept).translate(_HIDDEN).encode(),
            warnings=warnings,
            form_name="data",
            file_type=".md",
        )
    except Exception as error:  # it also stumbles with errors of its own; the author sees each
        return "", (" ".join(f"{type(error).__name__}: {error}".split()),)
    return str(done.xform).translate(_SHOWN), tuple(
        " ".join(warning.split()) for warning in warnings
    )


def _without_entities(sheet: Sheet) -> Sheet:
    columns = tuple(column for column in sheet.columns if column != "save_to")
    return Sheet(sheet.name, columns, sheet.rows, sheet.place)


#: Says on the phone what the ledger keeps of a decimal: it would refuse more places.
FOUR_PLACES = ". = round(., 4)"
FOUR_PLACES_SAID = "至多四位小数"
#: Longest side of a picture as the recording page makes it; Collect asks for it by this parameter.
MAX_PIXELS = "max-pixels=1600"


def _limited(survey: Sheet) -> Sheet:
    """Give the survey with the limits that a phone can keep to by itself."""
    languages = [
        column.removeprefix("label")
        for column in survey.columns
        if column.partition("::")[0] == "label"
    ]
    rows = tuple(_limits(row, languages or [""]) for row in survey.rows)
    limits = ("parameters", "constraint", "constraint_message")
    wanted = dict.fromkeys(name for row in rows for name in row.cells)
    more = tuple(
        name for name in wanted if name not in survey.columns and name.partition("::")[0] in limits
    )
    return Sheet(survey.name, (*survey.columns, *more), rows, survey.place)


def _limits(row: SheetRow, languages: list[str]) -> SheetRow:
    kind = row.get("type")
    if row.get("calculation") and row.get("required"):
        # Nobody types what is calculated: where nothing comes out, nobody could go on.
        row = SheetRow({**row.cells, "required": ""}, row.place)
    if own := row.get("constraint"):
        # Else a phone would refuse beside a blank what the ledger takes.
        row = SheetRow({**row.cells, "constraint": unless_missing(own)}, row.place)
    if kind == "image" and "max-pixels" not in row.get("parameters"):
        parameters = f"{row.get('parameters')} {MAX_PIXELS}".strip()
        return SheetRow({**row.cells, "parameters": parameters}, row.place)
    if kind != "decimal" or row.get("calculation"):
        return row
    own = row.get("constraint")
    cells = {**row.cells, "constraint": f"({own}) and {FOUR_PLACES}" if own else FOUR_PLACES}
    messages = [column for column in row.cells if column.partition("::")[0] == "constraint_message"]
    for column in messages or [f"constraint_message{language}" for language in languages]:
        before = row.get(column)
        cells[column] = f"{before}（{FOUR_PLACES_SAID}）" if before else FOUR_PLACES_SAID
    return SheetRow(cells, row.place)


def is_fixed_default(field: Field) -> bool:
    """Say whether a phone begins a question with its default as it is written.

    Else it works the default out, as the converter decides by the signs in it.
    """
    from pyxform.utils import default_is_dynamic

    return bool(field.default) and not default_is_dynamic(field.default, field.type)


def nodes(xform_text: str) -> frozenset[str]:
    """Give the names of what a phone fills in: all elements of the form's instance but ``meta``."""
    root = ElementTree.fromstring(xform_text)  # noqa: S314 - made by the converter from our table
    data = next(iter(next(root.iter(f"{{{XFORMS}}}instance"))))
    meta = {
        below
        for element in data
        if element.tag.rpartition("}")[2] == "meta"
        for below in element.iter()
    }
    inside = (element for element in data.iter() if element is not data and element not in meta)
    return frozenset(element.tag.rpartition("}")[2] for element in inside)


def _named(settings: Sheet | None, key: str, version: str) -> Sheet:
    """Give the sheet of settings with the id and version by which records name the form."""
    place = settings.place if settings else Place()
    given = dict(settings.rows[0].cells) if settings and settings.rows else {}
    cells = {**given, "form_id": key, "version": version}
    return Sheet("settings", tuple(cells), (SheetRow(cells, place),), place)
