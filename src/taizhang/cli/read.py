"""``taizhang read``: an old text into figures, plans, rubrics, with places and doubts."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.cli.code import ReadCode
from taizhang.cli.files import file_read, file_write
from taizhang.cli.language import _, translate
from taizhang.cli.output import Row, issues_json, say, show, warn
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.issue import Issue, Place, Refused

if TYPE_CHECKING:
    from taizhang.reading.read import Result


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    command = add_command(
        subparsers,
        "read",
        _("Read old texts into figures, plans and rubrics"),
        run_read,
        home=False,
        prints=True,
    )
    command.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help=_(".txt in any Chinese encoding, .docx, .html, .xlsx or .pdf with text"),
    )
    command.add_argument(
        "--as",
        dest="kind",
        choices=("plan", "summary", "selfcheck", "rubric", "notice"),
        help=_("what the texts are, where their content does not tell"),
    )
    command.add_argument(
        "-o",
        dest="drafts",
        type=Path,
        metavar="DIR",
        help=_("write the drafts of plans and rubrics into this folder"),
    )
    command.add_argument(
        "--names", action="store_true", help=_("show the names of people, masked otherwise")
    )


def run_read(args: argparse.Namespace) -> int:
    """Read the files; one that cannot be read is told of, and the others are read all the same."""
    from taizhang.reading.base.deadline import collector_at_rest

    with collector_at_rest():  # what is read stays until it is printed
        return _read(args)


def _read(args: argparse.Namespace) -> int:
    from taizhang.reading.base.line import DocumentType
    from taizhang.reading.read import as_json, issues_shown, read

    kind = DocumentType(args.kind) if args.kind else None
    unread: list[Issue] = []
    result = read(_files(args.files, unread), kind)
    issues = (*unread, *result.issues)
    document = as_json(result, names=args.names, translate=translate)
    if args.format == "json":
        sys.stdout.writelines(_json({**document, **(issues_json(issues) if issues else {})}))
        sys.stdout.write("\n")
    elif args.format == "csv":
        show("csv", FIGURES, _figures(document))
    else:
        _tables(document)
    if args.drafts:
        _drafts(result, args.drafts, quiet=args.format != "table")
    sys.stdout.flush()
    warn(issues_shown(result, names=args.names))
    warn(issues)
    return 1 if issues else 0


_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: object, margin: str = "\n") -> Iterator[str]:
    """Write JSON with a line for each record: a long text has a million values."""
    inner = margin + "  "
    if isinstance(value, dict) and any(map(_holds_records, value.values())):
        for number, (key, member) in enumerate(value.items()):
            yield f"{',' if number else '{'}{inner}{_ENCODE(key)}: "
            yield from _json(member, inner)
        yield f"{margin}}}"
    elif isinstance(value, list) and any(isinstance(element, dict) for element in value):
        for number, member in enumerate(value):
            yield f"{',' if number else '['}{inner}"
            yield from _json(member, inner)
        yield f"{margin}]"
    else:
        yield _ENCODE(value)


def _holds_records(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(element, dict) for element in value)
    )


def _drafts(result: Result, folder: Path, *, quiet: bool) -> None:
    """Write the draft pack of each document that holds a plan or a rubric, a folder for each.

    A folder that is there already is left alone: somebody may have worked on it.
    """
    from taizhang.reading.review.draft_pack import draft_files

    held = [reading for reading in result.readings if reading.tasks or reading.rubric]
    for number, reading in enumerate(held, 1):
        key = f"draft_{number}"
        home = folder / key
        if home.exists():
            raise Refused([Issue(ReadCode.READ_001, Place(str(home)))])
        written = draft_files(reading.rubric, reading.tasks, reading.document.title, key)
        for name, text in written.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            file_write(path, text.encode())
        if not quiet:
            say(_("draft written: %(path)s") % {"path": home})


def _files(paths: list[Path], unread: list[Issue]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            yield str(path), file_read(path)
        except Refused as refused:
            unread += refused.issues


FIGURES = {
    "line": _("line"),
    "what": _("what"),
    "text": _("in the text"),
    "kind": _("kind"),
    "low": _("low"),
    "high": _("high"),
    "unit": _("unit"),
    "when": _("time"),
    "status": _("status"),
}
#: how a quantity is known and what a figure's status is, as people say it
_WORDS = {
    "exact": _("exact"),
    "at_least": _("at least"),
    "at_most": _("at most"),
    "about": _("about"),
    "between": _("between"),
    "missing": _("missing"),
    "current": _("current"),
    "historic": _("historic"),
}
_TYPES = {
    "plan": _("plan"),
    "summary": _("summary"),
    "selfcheck": _("self-check"),
    "rubric": _("rubric"),
    "notice": _("notice"),
    "other": _("other text"),
}


def _figures(document: dict[str, object]) -> Iterator[Row]:
    for text in _list(document["documents"]):
        yield from map(_row, _list(text["figures"]))


def _row(figure: Row) -> Row:
    time = figure["period"] or figure["as_of"] or figure["when"] or ""
    every = _("each %(time)s") % {"time": figure["every"]} if figure["every"] else ""
    return {
        **figure,
        "kind": _WORDS[figure["kind"]],
        "status": _WORDS[figure["status"]],
        "when": " ".join(part for part in (time, every) if part),
    }


def _list(value: object) -> list[Row]:
    return value if isinstance(value, list) else []


def _tables(document: dict[str, object]) -> None:
    """Print each document as people read it: its head and its figures."""
    for text in _list(document["documents"]):
        span = _("lines %(first)s-%(last)s") % {"first": text["span"][0], "last": text["span"][1]}
        title = text["title"] or _("without a title")
        say(f"== {title} [{_TYPES[text['type']]}] {text['file']}: {span}")
        rows = [_row(figure) for figure in text["figures"]]
        if rows:
            show("table", FIGURES, rows)
        say("")
