"""The body of a submission, bounded before it is parsed, whether its length is told or not.

Django reads no body that comes in chunks (it has no Content-Length), and takes a body that was cut
off for a whole one; phones send both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters

from taizhang.core.base.issue import Issue, Marked, Refused
from taizhang.web.exchange.code import CUT, GARBLED, MANY, NO_FORM_DATA, NO_XML, ExchangeCode

#: What a client is told it may send at once (X-OpenRosa-Accept-Content-Length).  It counts its
#: files alone, so the heads of parts come on top.
ACCEPTED_BYTES = 30_000_000
MOST_BYTES = ACCEPTED_BYTES + 2_000_000
_STEP = 65_536
_XML = "xml_submission_file"
_INCOMPLETE = "*isIncomplete*"


@dataclass(frozen=True, slots=True)
class Body:
    """The parts of a submission; ``more_to_come`` as the sender says."""

    xml: bytes
    files: Mapping[str, bytes]
    more_to_come: bool


def body_read(request: HttpRequest) -> Body:
    """Read the parts of a submission.

    :raises Refused: EXCHANGE_005 to 007
    """
    kind, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    boundary = parameters.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        raise _unreadable(NO_FORM_DATA)
    told = _told(request)
    if told is not None and told > MOST_BYTES:
        raise Refused([Issue(ExchangeCode.EXCHANGE_005, facts={"most": MOST_BYTES})])
    with SpooledTemporaryFile(max_size=1_000_000) as kept:
        size = _copied(request, told, kept)
        ending = f"--{boundary}--".encode()
        kept.seek(max(0, size - len(ending) - 4))
        if (told is not None and size < told) or not kept.read().rstrip().endswith(ending):
            raise _unreadable(CUT)
        kept.seek(0)
        fields, files = _parsed(request, kept, size)
    return _body(fields, files)


def _told(request: HttpRequest) -> int | None:
    """Give the length that the sender tells, ``None`` for a body in chunks."""
    told = request.META.get("CONTENT_LENGTH") or ""
    return int(told) if told.isascii() and told.isdigit() else None


def _copied(request: HttpRequest, told: int | None, kept: IO[bytes]) -> int:
    source: Any = request if told is not None else request.META["wsgi.input"]
    size = 0
    while step := source.read(_STEP):
        size += len(step)
        if size > MOST_BYTES:
            raise Refused([Issue(ExchangeCode.EXCHANGE_005, facts={"most": MOST_BYTES})])
        kept.write(step)
    return size


def _parsed(
    request: HttpRequest, kept: Any, size: int
) -> tuple[Mapping[str, Any], MultiValueDict[str, Any]]:
    handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    meta = {**request.META, "CONTENT_LENGTH": size}
    try:
        return MultiPartParser(meta, kept, handlers, settings.DEFAULT_CHARSET).parse()
    except SuspiciousOperation as error:  # more fields, files or bytes of fields than allowed
        raise _unreadable(MANY) from error
    except MultiPartParserError as error:
        raise _unreadable(GARBLED) from error


def _body(fields: Mapping[str, Any], files: MultiValueDict[str, Any]) -> Body:
    xml: bytes | None = None
    contents: dict[str, bytes] = {}
    issues: list[Issue] = []
    for part, uploads in files.lists():
        for upload in uploads:
            if part == _XML:
                xml = upload.read() if xml is None else xml
            elif upload.name in contents:
                facts = {"name": upload.name}
                issues.append(Issue(ExchangeCode.EXCHANGE_007, facts=facts))
            else:
                contents[upload.name] = upload.read()
            upload.close()
    if xml is None:
        raise _unreadable(NO_XML)
    if issues:
        raise Refused(issues)
    return Body(xml, contents, str(fields.get(_INCOMPLETE, "")).lower() == "yes")


def _unreadable(why: Marked) -> Refused:
    return Refused([Issue(ExchangeCode.EXCHANGE_006, facts={"why": why})])
