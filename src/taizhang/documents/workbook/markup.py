"""XML of a workbook's parts, read by its bytes: elements with the places where they begin and end.

What is changed is cut out and put in by these places, so that every byte beside it stays.  A
document type, which could hold entities that multiply, is refused.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from taizhang.core.base.issue import Marked, gettext_noop
from taizhang.documents.workbook.package import damaged

ENCODED = Marked(gettext_noop("the text is not UTF-8"))
TYPED = Marked(gettext_noop("there is a document type, which no workbook needs"))
ILL_FORMED = Marked(gettext_noop("the XML is not well-formed"))

_DECLARED = re.compile(rb'^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["\']([A-Za-z0-9._-]+)')
_CDATA = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Element:
    """An element: local name, attributes, text inside; ``end`` is behind it, ``inner`` where its
    end tag begins (``None`` for one without content)."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int = 0
    inner: int | None = None
    parent: Element | None = None
    text: list[str] = field(default_factory=list)


def parser(part: str, data: bytes) -> expat.XMLParserType:
    """Make a parser for a part that refuses document types and other encodings than UTF-8.

    :raises Refused: WORKBOOK_009
    """
    declared = _DECLARED.match(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        declared and declared[1].lower() not in (b"utf-8", b"us-ascii")
    ):
        raise damaged(part, ENCODED)
    made = expat.ParserCreate()
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise damaged(part, TYPED)

    made.StartDoctypeDeclHandler = refuse
    return made


def parse(part: str, data: bytes, made: expat.XMLParserType) -> None:
    """Run a parser.

    :raises Refused: WORKBOOK_009
    """
    try:
        made.Parse(data, True)
    except expat.ExpatError as error:
        raise damaged(part, ILL_FORMED) from error


def end_of(data: bytes, name: str, at: int) -> tuple[int, int | None]:
    """Give (behind the element, its end tag) from where the parser saw it end."""
    closing = b"</" + name.encode()
    after = at + len(closing)
    if data.startswith(closing, at) and data[after : after + 1] in (
        b">",
        b" ",
        b"\n",
        b"\r",
        b"\t",
    ):
        return data.index(b">", after) + 1, at
    return at, None


def elements(part: str, data: bytes) -> list[Element]:
    """Read a small part into its elements in document order; prefixes of names are left out.

    :raises Refused: WORKBOOK_009
    """
    made = parser(part, data)
    all_of_them: list[Element] = []
    stack: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name.rpartition(":")[2], attributes, made.CurrentByteIndex)
        element.parent = stack[-1] if stack else None
        all_of_them.append(element)
        stack.append(element)

    def end(name: str) -> None:
        element = stack.pop()
        element.end, element.inner = end_of(data, name, made.CurrentByteIndex)

    def text(value: str) -> None:
        if stack:
            stack[-1].text.append(value)

    made.StartElementHandler, made.EndElementHandler = start, end
    made.CharacterDataHandler = text
    parse(part, data, made)
    return all_of_them


def escaped(text: str) -> bytes:
    """Write text between tags; what XML cannot hold is left out."""
    clean = _FORBIDDEN.sub("", text)
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        clean = clean.replace(sign, written)
    return clean.encode()


def unescaped(data: bytes) -> str:
    """Read text between tags."""
    if b"&" not in data and b"<![CDATA[" not in data:
        return data.decode("utf-8", "replace")
    return "".join(
        part.decode("utf-8", "replace")
        if at % 2
        else html.unescape(part.decode("utf-8", "replace"))
        for at, part in enumerate(_CDATA.split(data))
    )


def attribute_set(tag: bytes, name: str, value: str) -> bytes:
    """Give a start tag with one attribute set to a value that needs no escape."""
    wanted = f'{name}="{value}"'.encode()
    pattern = re.compile(rb"(?<=\s)" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
    if pattern.search(tag):
        return pattern.sub(wanted, tag, count=1)
    closing = b"/>" if tag.endswith(b"/>") else b">"
    return tag[: -len(closing)].rstrip() + b" " + wanted + closing


def spliced(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Put new bytes in the place of spans that do not overlap, in the order of their starts."""
    out: list[bytes] = []
    at = 0
    for start, end, content in sorted(edits, key=lambda edit: edit[:2]):
        out += (data[at:start], content)
        at = end
    out.append(data[at:])
    return b"".join(out)
