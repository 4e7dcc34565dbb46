"""Answers in OpenRosa's words: list of forms, manifest, message; codes as Collect reads them.

Sources: OpenRosa 1.0 (FormListAPI, FormSubmissionAPI, HttpRequestAPI), and what Collect's open-rosa
module demands beyond it: text/xml, md5 hashes, 201 or 202 for success.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from lxml import etree

from taizhang.core.base.invisible_sign import words_of
from taizhang.core.base.issue import Issue

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
VERSION = "1.0"
XML = "text/xml; charset=utf-8"
#: More sentences than these do not fit on a phone.
MOST_ISSUES = 8
#: Status of an answer by the code of an issue; of several the first in this order.
STATUS = {
    "EXCHANGE_003": 401,
    "EXCHANGE_004": 429,
    "EXCHANGE_001": 403,
    "EXCHANGE_002": 403,
    "EXCHANGE_008": 403,
    "EXCHANGE_011": 403,
    "ACCESS_001": 403,
    "RECORD_019": 403,
    "RECORD_022": 403,
    "EXCHANGE_009": 503,
    "EXCHANGE_005": 413,
    "EVIDENCE_002": 413,
    "SENT_003": 413,
    "RECORD_006": 409,
    "RECORD_013": 409,
    "RECORD_014": 409,
    "RECORD_018": 409,
    "EXCHANGE_010": 404,
    "RECORD_012": 404,
    "SENT_005": 404,
}


@dataclass(frozen=True, slots=True)
class ListedForm:
    """One form of the list; ``manifest`` is '' where it needs no files."""

    form_id: str
    name: str
    version: str
    hash: str
    address: str
    manifest: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file of a manifest."""

    name: str
    hash: str
    address: str


def md5(content: bytes) -> str:
    """Give a hash as clients want it; it guards against a bad line, not against a person."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def form_list(forms: Iterable[ListedForm], verbose: bool) -> bytes:
    """Write the list of forms."""
    root = etree.Element(f"{{{LIST}}}xforms", nsmap={None: LIST})
    for form in forms:
        entry = etree.SubElement(root, f"{{{LIST}}}xform")
        parts = {
            "formID": form.form_id,
            "name": form.name,
            "version": form.version,
            "hash": form.hash,
            "descriptionText": form.description if verbose else "",
            "downloadUrl": form.address,
            "manifestUrl": form.manifest,
        }
        _parts(entry, LIST, parts)
    return _written(root)


def manifest(files: Iterable[MediaFile]) -> bytes:
    """Write the files that a form needs."""
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={None: MANIFEST})
    for file in files:
        entry = etree.SubElement(root, f"{{{MANIFEST}}}mediaFile")
        parts = {"filename": file.name, "hash": file.hash, "downloadUrl": file.address}
        _parts(entry, MANIFEST, parts)
    return _written(root)


def message(text: str, nature: str) -> bytes:
    """Write what the person at the phone reads; ``nature`` as submit_success or error."""
    root = etree.Element(f"{{{RESPONSE}}}OpenRosaResponse", nsmap={None: RESPONSE})
    element = etree.SubElement(root, f"{{{RESPONSE}}}message", nature=nature)
    element.text = words_of(text)
    return _written(root)


def issues_text(issues: Sequence[Issue]) -> str:
    """Say issues in the language at work, one a line."""
    lines = [f"{issue.sentence(gettext)} {issue.remedy(gettext)}" for issue in issues[:MOST_ISSUES]]
    if len(issues) > MOST_ISSUES:
        lines.append(gettext("… and %(number)s more.") % {"number": len(issues) - MOST_ISSUES})
    return "\n".join(lines)


def status_of(issues: Sequence[Issue]) -> int:
    """Give the status by which a client treats an answer rightly; 400 for what is wrong inside."""
    names = {issue.code.name for issue in issues}
    return next((status for name, status in STATUS.items() if name in names), 400)


def _parts(entry: etree._Element, space: str, parts: dict[str, str]) -> None:
    for name, text in parts.items():
        if text:
            etree.SubElement(entry, f"{{{space}}}{name}").text = text


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
