"""Two workbooks compared part by part, by a route that knows nothing of how one was filled."""

import io
import re
import zipfile
from collections.abc import Collection, Mapping

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def differences(before: bytes, after: bytes, mapped: Mapping[str, Collection[str]]) -> list[str]:
    """Name what differs and may not; ``mapped`` are cells by the part of their sheet."""
    old, new = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    faults = [] if old.namelist() == new.namelist() else ["the parts or their order"]
    for name in old.namelist():
        one, other = old.read(name), new.read(name)
        if one == other:
            if _packed(before, old.getinfo(name)) != _packed(after, new.getinfo(name)):
                faults.append(f"{name}: packed anew")
            continue
        if name in mapped:
            cells = mapped[name]
            left, right = _sheet(one, cells), _sheet(other, cells)
        elif name.endswith("workbook.xml"):
            left, right = _without_calc(one), _without_calc(other)
        else:
            faults.append(f"{name}: changed")
            continue
        if left != right:
            faults.append(f"{name}: {left!r} -> {right!r}")
    return faults


def _packed(data: bytes, info: zipfile.ZipInfo) -> bytes:
    head = data[info.header_offset : info.header_offset + 30]
    begins = info.header_offset + 30 + int.from_bytes(head[26:28], "little")
    begins += int.from_bytes(head[28:30], "little")
    return data[begins : begins + info.compress_size]


def _sheet(data: bytes, cells: Collection[str]) -> bytes:
    """Give a sheet without what may differ in it."""
    root = etree.fromstring(data)
    for element in root.iter(f"{MAIN}dimension"):
        element.getparent().remove(element)
    row_number = 0
    for row in list(root.iter(f"{MAIN}row")):
        row_number = int(row.get("r", row_number + 1))
        row.attrib.pop("spans", None)
        column = 0
        for cell in list(row.iter(f"{MAIN}c")):
            place = cell.get("r") or f"{_letters(column + 1)}{row_number}"
            column = _number(re.sub(r"\d", "", place))
            if place in cells:
                row.remove(cell)
                continue
            if cell.find(f"{MAIN}f") is not None and cell.find(f"{MAIN}v") is not None:
                cell.remove(cell.find(f"{MAIN}v"))
        if not len(row) and not set(row.attrib) - {"r"}:
            row.getparent().remove(row)
    return etree.tostring(root, method="c14n")


def _without_calc(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for element in list(root.iter(f"{MAIN}calcPr")):
        element.attrib.pop("fullCalcOnLoad", None)
        if not element.attrib:
            element.getparent().remove(element)
    return etree.tostring(root, method="c14n")


def _letters(number: int) -> str:
    return (
        chr(64 + number)
        if number <= 26
        else _letters((number - 1) // 26) + _letters((number - 1) % 26 + 1)
    )


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
