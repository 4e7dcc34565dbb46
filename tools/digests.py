"""Digest everything that the demonstration prints, so that a move of code is proved to change none.

`python -m tools.digests FILE` makes the demonstration in a folder of its own, asks it for figures,
plans, scores, documents, pages and readings at one fixed moment, and writes a line
`sha256  name` for each answer to FILE.  `python -m tools.digests FILE --against OLD` prints the
names whose digest differs from those of OLD, and ends with 1 where there are any.
"""

import argparse
import contextlib
import hashlib
import io
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree, html

from tools.page import ROOT

#: The moment at which everything is asked; the demonstration's last month is over then.
MOMENT = datetime(2026, 11, 30, 4, tzinfo=UTC)
DISTRICT, STREET, COMMUNITY = "360602000000", "360602001000", "360602001001"
PERIODS = ("2025", "2026H1", "2026")
LABELLED = ROOT / "tests" / "reading" / "labelled"
#: People of the demonstration and what each is shown.
PAGES = (
    "/",
    "/due/",
    "/records/",
    "/record/",
    f"/figures/?unit={DISTRICT}&period=2025",
    f"/figures/?unit={STREET}&period=2026H1",
    f"/figures/?unit={COMMUNITY}&period=2026",
    f"/plan/?unit={STREET}&period=2025",
    f"/plan/?unit={COMMUNITY}&period=2026",
    "/calendar/",
    "/burden/",
    "/assessment/",
    "/documents/",
    "/old-texts/",
    "/account/",
    "/people/",
    "/host/",
    "/host/packs/",
    "/host/units/",
    "/host/settings/",
)
PEOPLE = (
    *("recorder", "lead", "reviewer", "officer", "assessor"),
    *("viewer", "system", "security", "auditor"),
)
#: What a page holds anew at each request.
FRESH = re.compile(rb'(csrfmiddlewaretoken" value="|nonce[-=]"?|csrf[-_]token" content=")[^"\']+')
#: How a page looks, not what it says.
LOOKS = frozenset({"class", "style"})


def main() -> int:
    """Write the list, or compare it with another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--against", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = str(Path(folder) / "keys")
        os.environ["TAIZHANG_HOME"] = str(Path(folder) / "demo")
        digests = dict(_digests(Path(folder)))
    lines = [f"{digest}  {name}\n" for name, digest in digests.items()]
    arguments.file.write_text("".join(lines), encoding="utf-8")
    if arguments.against is None:
        return 0
    old = dict(
        line.split("  ", 1)[::-1]
        for line in arguments.against.read_text(encoding="utf-8").splitlines()
    )
    names = [name for name in old | digests if old.get(name) != digests.get(name)]
    sys.stdout.write("".join(f"{name}\n" for name in names))
    sys.stdout.write(f"{len(names)} of {len(old | digests)} changed\n")
    return 1 if names else 0


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    from taizhang.cli import context

    context.now = lambda: MOMENT  # before the commands take it by name
    from django.utils import timezone

    _command("demo", str(folder / "demo"))
    timezone.now = lambda: MOMENT
    for name, body in _answers(folder):
        yield name, hashlib.sha256(body).hexdigest()


def _answers(folder: Path) -> Iterator[tuple[str, bytes]]:
    for arguments in _commands():
        yield " ".join(arguments), _command(*arguments)
    yield from _documents(folder)
    for text in sorted(LABELLED.rglob("*")):
        if text.is_file() and text.suffix in (".txt", ".md", ".html", ".docx", ".xlsx", ".pdf"):
            name = text.relative_to(LABELLED).as_posix()
            printed = _command("read", str(text), "--format", "json")
            yield f"read {name}", printed.replace(str(ROOT).encode(), b"")
    yield from _pages()


def _commands() -> Iterator[tuple[str, ...]]:
    for period in PERIODS:
        for unit in (DISTRICT, STREET, COMMUNITY):
            asked = ("--unit", unit, "--period", period, "--format", "json")
            yield ("figures", *asked)
            yield ("plan", *asked)
            yield ("figures", *asked, "--public")
            yield ("figures", *asked, "--as-of", "2026-03-31", "--tree", "2026-06-30")
        for unit in (STREET, COMMUNITY):
            split = ("figures", "--unit", unit, "--period", period, "--by")
            yield (*split, "month", "--format", "csv")
            yield (*split, "unit")
    for rubric in ("annual_assessment", "health_education"):
        yield ("score", rubric, "--unit", COMMUNITY, "--period", "2025", "--format", "json")
        yield ("score", rubric, "--unit", DISTRICT, "--period", "2025", "--all")
    yield ("units", "list", "--format", "json")
    yield ("closings", "list", "--unit", STREET, "--format", "json")
    yield ("facts", "rebuild")
    yield ("audit", "verify")


def _documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    from taizhang.web.programmes.queries import programmes_on

    for key in sorted(programmes_on(MOMENT.date()).documents):
        for unit in (STREET, COMMUNITY):
            for suffix in ("html", "docx"):
                file = folder / f"document.{suffix}"
                file.unlink(missing_ok=True)
                printed = _command(
                    "write", key, "--unit", unit, "--period", "2025", "-o", str(file)
                ).replace(str(folder).encode(), b"")
                yield f"write {key} {unit} {suffix}", printed + _content(file)


def _content(file: Path) -> bytes:
    if not file.exists():
        return b""
    if file.suffix == ".html":
        return file.read_bytes()
    with zipfile.ZipFile(file) as archive:  # the moment of packing is no content
        return b"".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))


def _pages() -> Iterator[tuple[str, bytes]]:
    from django.test import Client

    from taizhang.web.accounts.models import User

    for username in PEOPLE:
        client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        client.force_login(
            User.objects.get(username=username),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        for address in PAGES:
            answer = client.get(address)
            body = _page_content(FRESH.sub(b"", answer.getvalue()))
            yield f"{username} {address}", str(answer.status_code).encode() + body


def _page_content(page: bytes) -> bytes:
    """Give what a page says: its elements with their attributes and texts, blanks left out."""
    parts = []
    for element in html.document_fromstring(page or b"<p>").iter(etree.Element):
        if element.tag == "link" or element.get("src", "").startswith("/static/"):
            continue  # files of the build, whose names hold their digests
        attributes = sorted((key, value) for key, value in element.items() if key not in LOOKS)
        parts += [element.tag, *(f"{key}={value}" for key, value in attributes)]
        parts += [element.text or "", element.tail or ""]
    return "".join("".join(part.split()) + "\n" for part in parts if part.strip()).encode()


def _command(*arguments: str) -> bytes:
    from taizhang.cli import main as run

    printed, warned = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(warned):
        code = run(arguments)
    return f"{code}\n{printed.getvalue()}\n{warned.getvalue()}".encode()


if __name__ == "__main__":
    sys.exit(main())
