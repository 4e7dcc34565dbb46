"""``taizhang fill``: a department's own workbook, its cells filled and nothing else touched."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.cli.arguments import day, period
from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.files import file_read, files_write
from taizhang.cli.language import _
from taizhang.cli.output import MARK, issues_json, say, settle, show_json
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.csv_cell import guarded
from taizhang.core.base.issue import Issue, Place

if TYPE_CHECKING:
    from taizhang.documents.workbook.answer import CellAnswer
    from taizhang.web.office.workbook.queries import FilledBook


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    summary = _("Fill a department's own workbook and leave everything else in it as it is")
    command = add_command(subparsers, "fill", summary, run)
    command.add_argument(
        "workbook", metavar="WORKBOOK", type=Path, help=_("the template (.xlsx, .xlsm)")
    )
    command.add_argument(
        "--mapping",
        metavar="M",
        type=Path,
        required=True,
        help=_("which cell is filled with what (YAML); with --propose the file to write"),
    )
    command.add_argument(
        "--propose",
        action="store_true",
        help=_("write a mapping proposed from the labels of the template, and fill nothing"),
    )
    command.add_argument("--unit", metavar="CODE", help=_("of which unit"))
    command.add_argument("--period", metavar="P", type=period, help=_("for which period"))
    command.add_argument("--as-of", dest="as_of", type=day, metavar="DATE")
    command.add_argument("--tree", type=day, metavar="DATE")
    command.add_argument(
        "--public", action="store_true", help=_("keep small numbers from outsiders")
    )
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=_("the filled workbook to write")
    )
    command.add_argument(
        "--sources",
        type=Path,
        metavar="S",
        help=_("a list of every cell with its sources to write (CSV)"),
    )
    command.set_defaults(usage=command.error)


def run(args: argparse.Namespace) -> None:
    """Propose a mapping, or fill a workbook and say what a person has still to type."""
    if args.propose:
        propose(args)
        return
    missing = [
        name
        for name, value in (("--unit", args.unit), ("--period", args.period), ("-o", args.output))
        if value is None
    ]
    if missing:
        args.usage(_("the following arguments are required: %s") % ", ".join(missing))
    filled = _filled(args)
    files = [(args.output, filled.data)]
    if args.sources is not None:
        files.append((args.sources, sources_csv(filled.sources)))
    files_write(files)
    left = [answer for answer, _text in filled.sources if answer.outcome == "left"]
    if args.format == "json":
        show_json(
            {
                "file": str(args.output),
                "filled": filled.filled,
                "left": [
                    {"sheet": answer.sheet, "cell": answer.cell, "reason": answer.remark}
                    for answer in left
                ],
            }
            | issues_json(filled.issues)
        )
        return
    sentence = _("%(file)s: %(filled)s cells filled, %(left)s left to a person.")
    say(sentence % {"file": args.output, "filled": filled.filled, "left": len(left)})
    for answer in left:
        say(f"{answer.sheet}!{answer.cell} {answer.what}: {answer.remark}")


def _filled(args: argparse.Namespace) -> FilledBook:
    """Read template and mapping and fill; everything that is wrong is said at once.

    :raises Refused: with every issue; nothing is written then
    """
    from taizhang.documents.workbook.layout import output_named
    from taizhang.documents.workbook.mapping import mapping_read

    data, written = file_read(args.workbook), file_read(args.mapping)
    mapping, issues = mapping_read(written, str(args.mapping))
    issues += _overwritten(args)
    issues += output_named(str(args.workbook), str(args.output))
    open_instance(args.home)
    from taizhang.web.office.workbook.queries import FillRequest, book_filled

    asked = FillRequest(
        data=data,
        name=str(args.workbook),
        mapping=mapping,
        file=str(args.mapping),
        unit=args.unit,
        period=args.period,
        as_of=args.as_of,
        tree=args.tree,
        public=args.public,
    )
    filled = book_filled(acting_user(args), asked, now())
    settle((*issues, *filled.issues))
    return filled


def _overwritten(args: argparse.Namespace) -> Iterable[Issue]:
    """See that no file that is read, or is written too, is written over."""
    from taizhang.documents.workbook.code import WorkbookCode

    kept = {path.resolve(): str(path) for path in (args.workbook, args.mapping)}
    for path in (args.output, args.sources):
        if path is None:
            continue
        if path.resolve() in kept:
            facts = {"what": kept[path.resolve()]}
            yield Issue(WorkbookCode.WORKBOOK_019, Place(str(path)), facts)
        kept[path.resolve()] = str(path)


def sources_csv(sources: Iterable[tuple[CellAnswer, str]]) -> bytes:
    """Write the list of sources: a line a cell, what is left to a person with its reason."""
    from taizhang.documents.workbook.source_table import HEADINGS, source_rows

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows([guarded(cell) for cell in row] for row in source_rows(sources))
    return (MARK + out.getvalue()).encode()


def propose(args: argparse.Namespace) -> None:
    """Write a proposed mapping and say what it leaves to a person."""
    from taizhang.documents.workbook.mapping import CellKind, mapping_write

    data = file_read(args.workbook)
    open_instance(args.home)
    from taizhang.web.office.workbook.queries import book_proposed

    mapping, issues = book_proposed(data, str(args.workbook), now())
    settle(issues)
    files_write([(args.mapping, mapping_write(mapping, args.workbook.name).encode())])
    left = sum(cell.kind is CellKind.PERSON for cell in mapping.cells)
    counts = {"file": str(args.mapping), "mapped": len(mapping.cells) - left, "left": left}
    if args.format == "json":
        show_json(counts)
        return
    say(_("%(file)s: %(mapped)s cells proposed, %(left)s left to a person.") % counts)
