"""Form → XForm for the phone, by the pyxform library.

The sheet of entities and the column ``save_to`` stay behind: the ledger itself reads entities from
the answers, and a phone without ODK's entity lists could not resolve them.
"""

from __future__ import annotations

from taizhang.core.form.model import Form
from taizhang.core.form.table import Sheet, markdown_of, sheets_of


def xform(form: Form) -> tuple[str, tuple[str, ...]]:
    """Convert a form and give the XForm with pyxform's complaints; ``""`` where it refuses."""
    # pyxform takes 0.7 s to import, and only checks of packs and the phone need it.
    from pyxform.xls2xform import convert

    sheets, _ = sheets_of(form.source.encode(), f"{form.key}.md")
    kept = {name: _without_entities(sheet) for name, sheet in sheets.items() if name != "entities"}
    warnings: list[str] = []
    try:
        done = convert(
            markdown_of(kept).encode(),
            warnings=warnings,
            form_name="data",
            file_type=".md",
        )
    except Exception as error:  # it also stumbles with errors of its own; the author sees each
        return "", (" ".join(f"{type(error).__name__}: {error}".split()),)
    return str(done.xform), tuple(" ".join(one.split()) for one in warnings)


def _without_entities(sheet: Sheet) -> Sheet:
    columns = tuple(column for column in sheet.columns if column != "save_to")
    return Sheet(sheet.name, columns, sheet.rows, sheet.place)
