"""Small files of other formats, made in tests."""

from __future__ import annotations

import io
import zipfile
import zlib


def pdf_file(pages: list[list[str]], *, filler: int = 0) -> bytes:
    """Make a PDF with a text layer: each page a list of lines, each character by its code point.

    :param filler: so many zeros stand behind the text of each page, packed to next to nothing
    """
    signs = sorted({sign for page in pages for line in page for sign in line})
    chars = "".join(f"<{ord(one):04X}> <{ord(one):04X}>\n" for one in signs)
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(signs)} beginbfchar\n{chars}endbfchar\nendcmap end end"
    )
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(unicode_map.encode()),
    ]
    for number, page in enumerate(pages):
        said = "".join(
            f"BT /F1 12 Tf 1 0 0 1 60 {780 - 20 * row} Tm <{_codes(line)}> Tj ET\n"
            for row, line in enumerate(page)
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(said.encode(), filler))
    return _pdf(objects)


def _codes(line: str) -> str:
    return "".join(f"{ord(one):04X}" for one in line)


def _stream(data: bytes, filler: int = 0) -> bytes:
    squeeze = zlib.compressobj()
    parts = [squeeze.compress(data)]
    parts += [squeeze.compress(bytes(1 << 20)) for _ in range(filler >> 20)]
    packed = b"".join([*parts, squeeze.flush()])
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def _pdf(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def packed(parts: dict[str, bytes]) -> bytes:
    """Make a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def nested(depth: int) -> bytes:
    """Make a zip file in a zip file, so many deep."""
    data = b"x"
    for _level in range(depth):
        data = packed({"word/document.xml": data})
    return data


def laughs() -> bytes:
    """Make an XML document whose entities would unfold to a billion words."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{entities}]><a>&l9;</a>'.encode()
