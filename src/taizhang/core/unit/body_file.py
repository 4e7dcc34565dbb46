"""CSV files of bodies: code,name,kind,parent,may_record,may_own,valid_from,valid_to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from taizhang.core.base.issue import Issue, Place
from taizhang.core.unit.body import Body
from taizhang.core.unit.code import UnitFileCode
from taizhang.core.unit.file import UnitSheet, level_of

BODY_COLUMNS = ("code", "name", "kind", "parent", "may_record", "may_own", "valid_from", "valid_to")
#: The unit beside which the body first stood, and a number: as a grid's code, with B for G.
BODY_CODE = re.compile(r"[1-9][0-9]{11}-B[0-9]{2,4}")
_FLAGS = {"yes": True, "no": False, "是": True, "否": False, "": False}


def read_bodies(data: bytes, file: str) -> tuple[dict[Body, Place], tuple[Issue, ...]]:
    """Read a bodies file; ``may_record`` and ``may_own`` are yes or no (是, 否), blank is no.

    :param data: CSV as UTF-8 (with or without BOM) or GB18030
    :returns: the rows that can be read, each with its place, and every issue
    """
    sheet = UnitSheet(file)
    return sheet.dated(data, BODY_COLUMNS, partial(_body, sheet)), tuple(sheet.issues)


def _body(sheet: UnitSheet, line: int, row: Mapping[str, str]) -> Body | None:
    before = len(sheet.issues)
    sheet.filled(row, line, "code", "name", "kind", "parent")
    sheet.plain(row, line, "name", "kind")
    if row["code"] and not BODY_CODE.fullmatch(row["code"]):
        sheet.say(UnitFileCode.UNITFILE_016, line, "code", value=row["code"])
    if row["parent"] and level_of(row["parent"]) is None:
        sheet.say(UnitFileCode.UNITFILE_006, line, "parent", value=row["parent"])
    flags = {}
    for column in ("may_record", "may_own"):
        if row[column].lower() not in _FLAGS:
            facts = {"column": column, "value": row[column]}
            sheet.say(UnitFileCode.UNITFILE_017, line, column, **facts)
        flags[column] = _FLAGS.get(row[column].lower(), False)
    first, last = sheet.span(row, line)
    if len(sheet.issues) > before:
        return None
    return Body(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=row["parent"],
        may_record=flags["may_record"],
        may_own=flags["may_own"],
        valid_from=first,
        valid_to=last,
    )
