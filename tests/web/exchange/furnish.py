"""A phone as tests hold it: an address with a secret, and submissions as multipart bodies."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.web.ledger.furnish import FIRST, furnish
from tests.web.ledger.test_sent import LECTURE, spot_pack, xml

__all__ = ["LECTURE", "Phone", "furnish_exchange", "lecture", "message_of", "multipart", "xml"]
BOUNDARY = "----Collect7MA4YWxk"
REPAIR = """
| survey |  |  |  |  |
| | type | name | label | about |
| | select_one_from_file boards.csv | board | 宣传栏 | place |
| | date | mended_on | 修好日期 | place |
| settings |  |  |  |  |
| | form_title | form_id | version | about |
| | 宣传栏维修 | repair | 1 | place |
"""
MENDED = """
  - form: repair
    date: mended_on
    facts: {repairs: 1}
"""


def furnish_exchange() -> Any:
    """Furnish an instance; its pack has forms with pictures and with a list of things."""
    files = spot_pack()
    measures = files["measures.yaml"].decode() + MENDED.lstrip("\n")
    repairs = "measures:\n  repairs: {label: 维修, unit: 次, kind: event, about: place}"
    measures = measures.replace("measures:", repairs, 1)
    return furnish(
        {**files, "measures.yaml": measures.encode(), "forms/repair.md": REPAIR.encode()}
    )


def secret_of(username: str, kind: str = "phone", unit: str = FIRST, days: int = 30) -> str:
    """Make an address for a person and give its secret."""
    from taizhang.web.accounts.models import User
    from taizhang.web.exchange.actions import token_make
    from taizhang.web.exchange.models import Kind

    return token_make(
        kind=Kind(kind),
        name=f"{username} {kind}",
        unit=unit,
        days=days,
        acting_user=User.objects.get(username=username),
        now=timezone.now(),
    )[1]


class Phone:
    """Speaks to the server as a phone with the address of a person."""

    def __init__(self, username: str, **typed: Any) -> None:
        self.secret = secret_of(username, **typed)
        self.client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.client.get(f"/key/{self.secret}/{path}", **more)

    def send(self, sent: bytes, files: dict[str, bytes] | None = None, **more: Any) -> HttpResponse:
        body = multipart(sent, files or {}, incomplete=more.pop("incomplete", False))
        return self.post(body, **more)

    def post(self, body: bytes, **more: Any) -> HttpResponse:
        kind = more.pop("content_type", f"multipart/form-data; boundary={BOUNDARY}")
        return self.client.post(
            f"/key/{self.secret}/submission?deviceID=x", body, content_type=kind, **more
        )


def multipart(
    sent: bytes | None, files: dict[str, bytes] | list[tuple[str, bytes]], incomplete: bool = False
) -> bytes:
    """Write a body as OkHttp does, names of files in plain UTF-8."""
    parts = []
    if sent is not None:
        parts.append(("xml_submission_file", "s.xml", "text/xml", sent))
    pairs = files.items() if isinstance(files, dict) else files
    parts += [(name, name, "image/jpeg", content) for name, content in pairs]
    body = b""
    if incomplete:
        head = '\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'
        body += f"--{BOUNDARY}{head}".encode()
    for name, file, kind, content in parts:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"'
            f"\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        body += head.encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


def lecture(uid: str, people: int = 35, old: str = "") -> bytes:
    """Write a lecture that was held this year and is over."""
    day = date(timezone.localdate().year - 1, 12, 6).isoformat()
    fields = LECTURE.replace("2026-05-06", day).replace("35", str(people))
    return xml(uid, fields, old=old)


def message_of(response: HttpResponse) -> str:
    """Give the message that the phone shows."""
    root = etree.fromstring(response.content)
    assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    return str(root[0].text)
