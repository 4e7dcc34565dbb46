"""Form → XForm for the phone, by the pyxform library.

The sheet of entities and the column ``save_to`` stay behind: the ledger itself reads entities from
the answers, and a phone without ODK's entity lists could not resolve them.
"""

from __future__ import annotations

from functools import lru_cache

from taizhang.core.form.model import Form
from taizhang.core.form.table import Row, Sheet, markdown_of, sheets_of
from taizhang.core.issue import Place

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
    return str(done.xform).translate(_SHOWN), tuple(" ".join(one.split()) for one in warnings)


def _without_entities(sheet: Sheet) -> Sheet:
    columns = tuple(column for column in sheet.columns if column != "save_to")
    return Sheet(sheet.name, columns, sheet.rows, sheet.place)


def _named(settings: Sheet | None, key: str, version: str) -> Sheet:
    """Give the sheet of settings with the id and version by which records name the form."""
    place = settings.place if settings else Place()
    given = dict(settings.rows[0].cells) if settings and settings.rows else {}
    cells = {**given, "form_id": key, "version": version}
    return Sheet("settings", tuple(cells), (Row(cells, place),), place)
