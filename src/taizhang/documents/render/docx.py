"""Document tree → DOCX in the layout of GB/T 9704—2012."""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from io import BytesIO

from docx import Document as open_package
from docx.document import Document as Package
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from taizhang.core.base.invisible_sign import seen
from taizhang.documents.format import plain
from taizhang.documents.render.docx_markup import DocxWriter
from taizhang.documents.render.docx_style import (
    W,
    footer_xml,
    header_xml,
    section_xml,
    settings_xml,
    styles_xml,
)
from taizhang.documents.tree import Document, Head

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def to_docx(document: Document) -> bytes:
    """Write a document as DOCX: A4, 22 lines of 28 characters, real headings, linked numbers.

    The same tree gives the same bytes.
    """
    package = open_package()
    _replaced(package.styles.element, styles_xml())
    _replaced(package.settings.element, settings_xml())
    _framed(package, document.head)
    _properties(package, document.head)
    body = package.element.body
    section = body.sectPr
    text = "".join(DocxWriter(document).parts())
    for element in list(parse_xml(f'<w:body xmlns:w="{W}">{text}</w:body>')):
        section.addprevious(element)
    stream = BytesIO()
    package.save(stream)
    return _timeless(stream.getvalue())


def _replaced(element: BaseOxmlElement, xml: str) -> None:
    """Put new content into a part whose root element must stay."""
    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(xml)):
        element.append(child)


def _framed(package: Package, head: Head) -> None:
    """Set page, headers and footers of odd and even pages."""
    section = package.sections[0]
    frames = {
        "footer-default": (section.footer, footer_xml(odd=True)),
        "footer-even": (section.even_page_footer, footer_xml(odd=False)),
        "header-default": (section.header, header_xml(head.synthetic)),
        "header-even": (section.even_page_header, header_xml(head.synthetic)),
    }
    relations: dict[str, str] = {}
    for name, (frame, xml) in frames.items():
        frame.is_linked_to_previous = False
        _emptied(frame._element)
        frame._element.append(parse_xml(xml))
        relations[name] = package.part.relate_to(frame.part, _relation(name))
    old = package.element.body.sectPr
    old.getparent().replace(old, parse_xml(section_xml(relations)))


def _relation(name: str) -> str:
    kind = name.partition("-")[0]
    return f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"


def _emptied(element: BaseOxmlElement) -> None:
    for child in list(element):
        element.remove(child)


def _properties(package: Package, head: Head) -> None:
    properties = package.core_properties
    # Fields of one line, written by a library that refuses what XML cannot hold.
    properties.title = seen(plain(head.title))
    properties.author = properties.last_modified_by = seen(plain(head.issuer))
    properties.subject = seen(head.subject)
    properties.category = seen(head.kind)
    properties.comments = ""
    properties.keywords = ""
    properties.language = "zh-CN"
    if head.as_of is not None:
        moment = datetime.combine(head.as_of, time())
        properties.created = properties.modified = moment


def _timeless(package: bytes) -> bytes:
    """Write the package again without the clock of this moment."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return stream.getvalue()
