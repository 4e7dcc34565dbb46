"""The layout of a workbook: its kind, sheets, texts, styles and tables; what cannot be filled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from posixpath import dirname, join, normpath

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.documents.workbook.code import WorkbookCode
from taizhang.documents.workbook.markup import Element, attribute_set, elements, spliced
from taizhang.documents.workbook.package import Package
from taizhang.documents.workbook.sheet import Area, Cell, Sheet, Spot, area_read, cell_name
from taizhang.documents.workbook.style import NumberShape, shapes_read

#: More sheets than this nobody fills: a year of months for several tables has 50.
MOST_SHEETS = 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MAIN = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
}
FILLED = (".xlsx", ".xlsm")
_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_STRICT = "http://purl.oclc.org/ooxml/"
#: Elements of a workbook that stand before calcPr (ECMA-376 part 1, 18.2.27).
_BEFORE_CALC = frozenset(
    "fileVersion fileSharing workbookPr AlternateContent workbookProtection bookViews sheets "
    "functionGroups externalReferences definedNames revisionPtr".split()
)


class WorkbookLayout:
    """A workbook that can be filled, read as far as filling needs."""

    def __init__(self, data: bytes) -> None:
        """Read a workbook.

        :raises Refused: WORKBOOK_001 to 005, 007 to 010
        """
        self.package = _opened(data)
        self.main, self.kind = self._main()
        self._elements = elements(self.main, self.package.part(self.main))
        relations = self._relations(self.main)
        if any(kind.startswith(_STRICT) for kind, _ in relations.values()):
            raise Refused([Issue(WorkbookCode.WORKBOOK_004)])
        ends = {kind.rpartition("/")[2]: target for kind, target in relations.values()}
        if "revisionHeaders" in ends or "usernames" in ends:
            raise Refused([Issue(WorkbookCode.WORKBOOK_005)])
        self.sheets: dict[str, str] = {}  # name → part
        self.others: list[str] = []  # sheets of charts, dialogs, macros
        for element in self._named("sheet"):
            key = next((v for k, v in element.attributes.items() if k.endswith(":id")), "")
            kind, target = relations.get(key, ("", ""))
            name = element.attributes.get("name", "")
            if kind.endswith("/worksheet"):
                self.sheets[name] = target
            else:
                self.others.append(name)
        count = len(self.sheets) + len(self.others)
        if count > MOST_SHEETS:
            facts = {"found": count, "most": MOST_SHEETS}
            raise Refused([Issue(WorkbookCode.WORKBOOK_007, facts=facts)])
        self.since_1904 = any(
            element.attributes.get("date1904") in ("1", "true")
            for element in self._named("workbookPr")
        )
        self._styles, self._strings = ends.get("styles", ""), ends.get("sharedStrings", "")
        self._read: dict[str, Sheet] = {}
        self._heads: dict[str, list[Area]] = {}

    def sheet(self, name: str) -> Sheet:
        """Scan a worksheet, once.

        :raises Refused: WORKBOOK_009
        """
        if name not in self._read:
            part = self.sheets[name]
            self._read[name] = Sheet(part, self.package.part(part))
        return self._read[name]

    def shape(self, style: int) -> NumberShape:
        """Give what the number format of a cell style shows."""
        shapes = self._shapes
        return shapes[style] if style < len(shapes) else NumberShape.GENERAL

    def text(self, cell: Cell) -> str:
        """Give the text of a cell, '' for one that holds a number or a formula."""
        if cell.type in ("n", "b", "e", "d") or cell.formula is not None:
            return ""
        if cell.type != "s":
            return cell.value
        at = int(cell.value) if cell.value.isdecimal() and len(cell.value) < 10 else -1
        return self._texts[at] if 0 <= at < len(self._texts) else ""

    def table_heads(self, name: str) -> list[Area]:
        """Give the rows of headings and totals of a sheet's tables, which name their columns.

        :raises Refused: WORKBOOK_009
        """
        if name not in self._heads:
            self._heads[name] = self._table_heads(self.sheet(name))
        return self._heads[name]

    def _table_heads(self, sheet: Sheet) -> list[Area]:
        relations = self._relations(sheet.part)
        heads = []
        for key in sheet.tables:
            _, target = relations.get(key, ("", ""))
            if target not in self.package.entries:
                continue
            table = elements(target, self.package.part(target))[0].attributes
            area = area_read(table.get("ref", ""))
            if area is None:
                continue
            if table.get("headerRowCount", "1") != "0":
                heads.append(Area(area.top, area.left, area.top, area.right))
            if table.get("totalsRowCount", "0") != "0":
                heads.append(Area(area.bottom, area.left, area.bottom, area.right))
        return heads

    def calculated(self) -> bytes:
        """Give the workbook's own part so that formulas are worked out when it is opened."""
        data = self.package.part(self.main)
        present = next(iter(self._named("calcPr")), None)
        if present is not None:
            stop = data.index(b">", present.start) + 1
            tag = attribute_set(data[present.start : stop], "fullCalcOnLoad", "1")
            return spliced(data, [(present.start, stop, tag)])
        root = self._elements[0]
        prefix = data[root.start + 1 :].split(b"workbook", 1)[0].decode()
        before = [
            element
            for element in self._elements
            if element.parent is root and element.name in _BEFORE_CALC
        ]
        at = max((element.end for element in before), default=root.inner or 0)
        return spliced(data, [(at, at, f'<{prefix}calcPr fullCalcOnLoad="1"/>'.encode())])

    def sheet_digest(self, name: str) -> str:
        """Give the digest of a sheet's words: texts, formulas and merged cells, by their places.

        Numbers, styles and what formulas last came to are left out: they may change while every
        word still stands where the mapping looks for it.
        """
        sheet = self.sheet(name)
        lines = sorted(self._lines(sheet))
        lines += sorted(f"merge\t{area}" for area in sheet.merges)
        return hashlib.sha256("\n".join(lines).encode(errors="replace")).hexdigest()

    def _lines(self, sheet: Sheet) -> Iterator[str]:
        formulas = set(sheet.formulas)
        for spot, cell in sheet.cells.items():
            if spot in formulas:
                yield f"{cell_name(spot)}\t={cell.formula}"
            elif cell.type != "n" and (words := " ".join(self.text(cell).split())):
                yield f"{cell_name(spot)}\t{words}"

    @cached_property
    def digest(self) -> str:
        """Give the digest of the template: the names of its sheets, each with its digest."""
        lines = [f"{name}\t{self.sheet_digest(name)}" for name in self.sheets]
        return hashlib.sha256("\n".join(lines).encode(errors="replace")).hexdigest()

    def label_left(self, name: str, spot: Spot) -> str:
        """Give the nearest text left of a cell in its row, '' for none."""
        row, column = spot
        for at in range(column - 1, 0, -1):
            if text := self._label(name, (row, at)):
                return text
        return ""

    def label_above(self, name: str, spot: Spot) -> str:
        """Give the nearest text above a cell in its column, '' for none."""
        sheet, (row, column) = self.sheet(name), spot
        wide = max((at for _, at in sheet.cells), default=0)
        for at in range(row - 1, max(0, row - 60), -1):
            if at not in sheet.rows:
                break  # a gap: what stands above it belongs to something else
            area = sheet.merged((at, column))
            if area is not None and area.right - area.left + 1 >= max(3, wide - 1):
                break  # the title of the sheet
            if text := self._label(name, (at, column)):
                return text
        return ""

    def _label(self, name: str, spot: Spot) -> str:
        sheet = self.sheet(name)
        area = sheet.merged(spot)
        cell = sheet.cells.get(spot if area is None else (area.top, area.left))
        return " ".join(self.text(cell).split()) if cell is not None else ""

    @cached_property
    def _shapes(self) -> tuple[NumberShape, ...]:
        return shapes_read(self._styles, self.package.part(self._styles)) if self._styles else ()

    @cached_property
    def _texts(self) -> list[str]:
        if not self._strings:
            return []
        texts: list[str] = []
        for element in elements(self._strings, self.package.part(self._strings)):
            if element.name == "si":
                texts.append("")
            elif element.name == "t" and not _within(element, "rPh") and texts:
                texts[-1] += "".join(element.text)
        return texts

    def _named(self, name: str) -> Iterator[Element]:
        return (element for element in self._elements if element.name == name)

    def _main(self) -> tuple[str, str]:
        relations = self._relations("")
        if any("digital-signature" in kind for kind, _ in relations.values()):
            raise Refused([Issue(WorkbookCode.WORKBOOK_010)])
        main = next(
            (target for kind, target in relations.values() if kind.endswith("/officeDocument")), ""
        )
        if not main:
            raise Refused([Issue(WorkbookCode.WORKBOOK_001)])
        types = {
            element.attributes.get("PartName", "").lstrip("/"): element.attributes.get(
                "ContentType", ""
            )
            for element in elements("[Content_Types].xml", self.package.part("[Content_Types].xml"))
        }
        kind = types.get(main, "")
        if kind.startswith(_BINARY):
            raise Refused([Issue(WorkbookCode.WORKBOOK_002, facts={"kind": ".xlsb"})])
        if kind not in _MAIN:
            raise Refused([Issue(WorkbookCode.WORKBOOK_001)])
        ending = _MAIN[kind]
        if ending not in FILLED:
            raise Refused([Issue(WorkbookCode.WORKBOOK_002, facts={"kind": ending})])
        return main, ending

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Give the relations of a part: id → (type, part that is meant)."""
        folder, name = dirname(part), part.rpartition("/")[2]
        file = join(folder, "_rels", f"{name}.rels")
        if file not in self.package.entries:
            if not part:
                raise Refused([Issue(WorkbookCode.WORKBOOK_001)])
            return {}
        relations = {}
        for element in elements(file, self.package.part(file)):
            attributes = element.attributes
            if element.name != "Relationship" or attributes.get("TargetMode") == "External":
                continue
            target = attributes.get("Target", "")
            meant = target.lstrip("/") if target.startswith("/") else join(folder, target)
            relations[attributes.get("Id", "")] = (attributes.get("Type", ""), normpath(meant))
        return relations


def _opened(data: bytes) -> Package:
    """Open a file as a package, or say what else it is.

    :raises Refused: WORKBOOK_001 to 003, 008, 009
    """
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused([Issue(WorkbookCode.WORKBOOK_003)])
        raise Refused([Issue(WorkbookCode.WORKBOOK_002, facts={"kind": ".xls / .et"})])
    if not data.startswith(_ZIP):
        raise Refused([Issue(WorkbookCode.WORKBOOK_001)])
    package = Package(data)
    if "[Content_Types].xml" not in package.entries:
        kind = (
            package.part("mimetype").decode(errors="replace")
            if "mimetype" in package.entries
            else ""
        )
        if "opendocument" in kind:
            raise Refused([Issue(WorkbookCode.WORKBOOK_002, facts={"kind": ".ods"})])
        raise Refused([Issue(WorkbookCode.WORKBOOK_001)])
    return package


def _within(element: Element, name: str) -> bool:
    parent = element.parent
    return parent is not None and (parent.name == name or _within(parent, name))


def named_kind(layout: WorkbookLayout, name: str) -> None:
    """See that a file's name ends as its kind does.

    :raises Refused: WORKBOOK_006
    """
    if not name.lower().endswith(layout.kind):
        facts = {"kind": layout.kind, "name": name}
        raise Refused([Issue(WorkbookCode.WORKBOOK_006, facts=facts)])


def output_named(template: str, output: str) -> list[Issue]:
    """See that the filled workbook bears the ending of its template: a book with macros under
    another ending is refused by Excel, and one without macros too."""
    ending = next((kind for kind in FILLED if template.lower().endswith(kind)), "")
    if not ending or output.lower().endswith(ending):
        return []  # what else is wrong with the template is said by itself
    return [Issue(WorkbookCode.WORKBOOK_006, Place(output), {"kind": ending, "name": output})]


__all__ = ["FILLED", "MOST_SHEETS", "WorkbookLayout", "named_kind", "output_named"]
