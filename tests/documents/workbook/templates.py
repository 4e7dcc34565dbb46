"""Templates as departments send them, each with a trap that filling must leave alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import Workbook as OpenWorkbook
from PIL import Image

#: The cells that every template leaves to be filled: a text, a number, a share, a day.
TEXT, NUMBER, SHARE, DAY = "B2", "B3", "B4", "B5"
#: A formula over the number, and what it comes to with 3.
FORMULA, RESULT = "B6", 6

Trap = Callable[[Any, Any], None]


def _base(trap: Trap, **options: object) -> bytes:
    """Make a small monthly table with xlsxwriter and spring a trap in it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - as it asks for
        sheet = book.add_worksheet("表1")
        border = book.add_format({"border": 1})
        sheet.merge_range("A1:D1", "社区工作月报表", border)
        for row, label in enumerate(("单位", "讲座（次）", "完成率", "填表日期", "加倍"), 1):
            sheet.write(row, 0, label, border)
            sheet.write_blank(row, 1, None, border)
        sheet.write_blank("B4", None, book.add_format({"num_format": "0.0%", "border": 1}))
        sheet.write_blank("B5", None, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula("B6", "=B3*2", border, 0)
        trap(book, sheet)
    return out.getvalue()


def picture() -> io.BytesIO:
    """Draw a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (12, 12), (20, 80, 45)).save(out, "PNG")
    out.seek(0)
    return out


def _rich(book: Any, sheet: Any) -> None:
    red = book.add_format({"color": "red", "bold": True})
    sheet.write_rich_string("A9", "注：", red, "不得改动", "本表格式")


def _sparklines(_book: Any, sheet: Any) -> None:
    sheet.write_row("D3", [3, 5, 2, 7])
    sheet.add_sparkline("H3", {"range": "表1!D3:G3", "markers": True})


def _bars(_book: Any, sheet: Any) -> None:
    sheet.write_column("D3", [3, 5, 2])
    bar = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True}
    sheet.conditional_format("D3:D5", bar)
    sheet.conditional_format("B3", {"type": "icon_set", "icon_style": "3_arrows"})


def _validated(_book: Any, sheet: Any) -> None:
    sheet.data_validation("C3", {"validate": "list", "source": ["是", "否"]})
    sheet.data_validation("B3", {"validate": "integer", "criteria": ">=", "value": 0})


def _protected(book: Any, sheet: Any) -> None:
    sheet.protect("secret", {"format_cells": True})
    hidden = book.add_worksheet("参数")
    hidden.write("A1", 7)
    hidden.very_hidden()


def _printed(book: Any, sheet: Any) -> None:
    sheet.print_area("A1:D20")
    sheet.repeat_rows(0, 1)
    sheet.set_header('&C&"仿宋"社区月报&R&D')
    sheet.set_landscape()
    sheet.set_h_pagebreaks([10])
    book.set_custom_property("文号", "月卫〔2026〕3号")


def _charted(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=表1!$B$3:$B$3", "categories": "=表1!$A$3:$A$3"})
    sheet.insert_chart("E9", chart)
    line = book.add_chart({"type": "line"})
    line.add_series({"values": "=表1!$B$3:$B$4"})
    book.add_chartsheet("图").set_chart(line)


def _commented(_book: Any, sheet: Any) -> None:
    sheet.write_comment("A3", "本月举办的讲座", {"author": "区卫健委"})


def _tabled(_book: Any, sheet: Any) -> None:
    sheet.add_table(
        "F2:H5", {"columns": [{"header": "事项"}, {"header": "数"}, {"header": "备注"}]}
    )


def _arrays(book: Any, sheet: Any) -> None:
    sheet.write_array_formula("D3:D4", "{=B3:B4*2}")
    sheet.write_dynamic_array_formula("E3", "=_xlfn.UNIQUE(B3:B4)")
    book.define_name("讲座数", "=表1!$B$3")
    sheet.write_formula("D6", "=讲座数+1", None, 1)


def _sheets(book: Any, sheet: Any) -> None:
    total = book.add_worksheet("汇总")
    total.write_formula("A1", "='表1'!B3+1", None, 1)
    sheet.set_row(3, None, None, {"level": 1})
    sheet.set_column("C:C", 20, None, {"level": 1, "hidden": True})
    sheet.freeze_panes(2, 1)
    sheet.autofilter("A2:B6")


def _linked(_book: Any, sheet: Any) -> None:
    sheet.write_url("D2", "https://example.org/表", string="填表说明")
    sheet.write_url("D3", "internal:表1!A1", string="回到表头")
    sheet.set_background(picture())


def _macros() -> bytes:
    """Make a book with macros: xlsxwriter needs a VBA project, any bytes stand for one."""
    plain = _base(lambda _book, _sheet: None)
    types = (
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    bin_type = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as read, zipfile.ZipFile(out, "w", 8) as write:
        for name in read.namelist():
            content = read.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(*types).replace(b"<Default", bin_type + b"<Default", 1)
            write.writestr(name, content)
        write.writestr("xl/vbaProject.bin", bytes(range(256)) * 8)
    return out.getvalue()


class _Stream:
    """Bytes that can only be written, one behind the other."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> int:
        self.content += data
        return len(data)

    def flush(self) -> None:
        pass


def _prefixed() -> bytes:
    """Write a book as some servers do: prefixes, no dimension, no places, streamed and stored."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    ct = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def text(value: str) -> str:
        return f'<x:c t="inlineStr"><x:is><x:t>{value}</x:t></x:is></x:c>'

    rows = "".join(
        f"<x:row>{text(label)}{cell}</x:row>"
        for label, cell in (
            ("社区工作月报表", ""),
            ("单位", "<x:c/>"),
            ("讲座（次）", "<x:c></x:c>"),
            ("完成率", '<x:c s="1" />'),
            ("填表日期", '<x:c s="2"/>'),
            ("加倍", "<x:c><x:f>B3*2</x:f><x:v>0</x:v></x:c>"),
        )
    )
    parts = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{ct}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{ct}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{ct}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{rel}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<x:workbook xmlns:x="{main}" xmlns:q="{rel}"><x:sheets><x:sheet '
        'name="表1" sheetId="1" q:id="r1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/worksheet" Target="s.xml"/><Relationship Id="r2" '
        f'Type="{rel}/styles" Target="styles.xml"/></Relationships>',
        "xl/s.xml": f'<x:worksheet xmlns:x="{main}"><x:sheetData>{rows}</x:sheetData>'
        "</x:worksheet>",
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills '
        'count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1">'
        '<xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="10"/>'
        '<xf numFmtId="14"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>",
    }

    out = _Stream()  # sizes follow their entries, as a server streams them
    with zipfile.ZipFile(out, "w") as write:  # type: ignore[call-overload]
        for name, content in parts.items():
            write.writestr(name, content, 0 if name == "xl/s.xml" else 8)
    return bytes(out.content)


def _opened() -> bytes:
    """Make a book with openpyxl, whose rows and styles are written otherwise."""
    book = OpenWorkbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表1"
    for row, label in enumerate(
        ("社区工作月报表", "单位", "讲座（次）", "完成率", "填表日期", "加倍"), 1
    ):
        sheet.cell(row, 1, label)
    sheet["B4"].number_format = "0.00%"
    sheet["B5"].number_format = "yyyy年m月d日"
    sheet["B6"] = "=B3*2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dates_1904(_book: Any, sheet: Any) -> None:
    sheet.write("D1", "1904")


TRAPS: dict[str, Trap] = {
    "text box": lambda _b, sheet: sheet.insert_textbox("E2", "填表须知：一式两份"),
    "rich text": _rich,
    "sparklines": _sparklines,
    "data bars": _bars,
    "check boxes": lambda _b, sheet: sheet.insert_checkbox("D3", True),
    "pictures": lambda _b, sheet: sheet.insert_image("E2", "p.png", {"image_data": picture()}),
    "picture in a cell": lambda _b, sheet: sheet.embed_image(
        "E2", "p.png", {"image_data": picture()}
    ),
    "validations": _validated,
    "protection": _protected,
    "print areas": _printed,
    "charts": _charted,
    "comments": _commented,
    "tables": _tabled,
    "arrays and names": _arrays,
    "outlines and other sheets": _sheets,
    "links and a background": _linked,
    "buttons": lambda _b, sheet: sheet.insert_button("E2", {"caption": "上报", "macro": "send"}),
    "merged cells": lambda _b, sheet: sheet.merge_range("C3:D4", ""),
}
MADE: dict[str, Callable[[], bytes]] = {
    "the calendar of 1904": lambda: _base(_dates_1904, date_1904=True),
    "macros": _macros,
    "prefixes and streaming": _prefixed,
    "made by openpyxl": _opened,
}


def template(name: str) -> bytes:
    """Make the template of a name."""
    return MADE[name]() if name in MADE else _base(TRAPS[name])


def plain() -> bytes:
    """Make a template without a trap."""
    return _base(lambda _book, _sheet: None)


def based(trap: Trap, **options: object) -> bytes:
    """Make a template with a trap of one's own."""
    return _base(trap, **options)


NAMES = (*TRAPS, *MADE)


def write_all(folder: Path) -> list[Path]:
    """Write all templates into a folder."""
    files = []
    for name in NAMES:
        file = folder / f"{name}{'.xlsm' if name == 'macros' else '.xlsx'}"
        file.write_bytes(template(name))
        files.append(file)
    return files
