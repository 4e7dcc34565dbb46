"""``taizhang facts key|export|verify|rollup``: signed facts for the level above, and its totals."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.cli.arguments import day, period
from taizhang.cli.code import ExportCode, FileCode
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.language import _
from taizhang.cli.output import say, show, show_json
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.issue import Issue, Place, Refused

if TYPE_CHECKING:
    from taizhang.figures.fact_source import ColumnarSource


def commands_add(group: Subparsers) -> None:
    """Add the commands to the group ``facts``."""
    summary = _("Make the pair of keys that a district signs its exports with")
    command = add_command(group, "key", summary, run_key, home=False)
    command.add_argument("private", type=Path, metavar="PRIVATE", help=_("stays in the district"))
    command.add_argument(
        "public", type=Path, metavar="PUBLIC", help=_("for the level above, as CODE.pem")
    )
    summary = _("Write all facts, without people, as signed Parquet for the level above")
    command = add_command(group, "export", summary, run_export)
    command.add_argument("folder", type=Path, metavar="FOLDER", help=_("new or empty"))
    command.add_argument("--key", type=Path, metavar="PRIVATE", required=True)
    command.add_argument(
        "--district", metavar="CODE", help=_("the sending district (the root of the units)")
    )
    summary = _("Check the signed exports in a folder")
    command = add_command(group, "verify", summary, run_verify, home=False, prints=True)
    _reading(command)
    summary = _("Add signed exports up: each unit, measure and month, as one Parquet file")
    command = add_command(group, "rollup", summary, run_rollup, home=False)
    _reading(command)
    command.add_argument("--period", metavar="P", type=period, required=True)
    command.add_argument("-o", "--output", type=Path, metavar="FILE", required=True)
    command.add_argument(
        "--tree", type=day, metavar="DATE", help=_("the tree of that day (period's end)")
    )
    command.add_argument(
        "--spark", metavar="URL", help=_("add up on this Spark master instead of this machine")
    )


def _reading(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", type=Path, metavar="FOLDER", help=_("exports of districts, joined in one folder")
    )
    command.add_argument(
        "--keys",
        type=Path,
        metavar="DIR",
        required=True,
        help=_("public keys of the districts, each named CODE.pem"),
    )


def run_key(args: argparse.Namespace) -> None:
    """Make a pair of keys."""
    from taizhang.figures.parcel.signature import key_make

    key_make(args.private, args.public)
    facts = {"private": str(args.private), "public": str(args.public)}
    if args.format == "json":
        show_json(facts)
        return
    say(_("%(private)s signs; keep it secret. %(public)s goes to the level above.") % facts)


def run_export(args: argparse.Namespace) -> None:
    """Export the instance and sign what was written."""
    home = open_instance(args.home)
    from taizhang.figures.dialect import POSTGRESQL, SQLITE
    from taizhang.figures.parcel.export import export
    from taizhang.figures.parcel.signature import key_read, sign
    from taizhang.web.accounts.access import require
    from taizhang.web.instance.paths import Store

    district = args.district or _root()
    require(acting_user(args), "figure.read", district)
    key = key_read(args.key)
    if args.folder.is_dir() and any(args.folder.iterdir()):
        raise Refused([Issue(ExportCode.EXPORT_002, facts={"folder": str(args.folder)})])
    if home.store is Store.SQLITE:
        partitions = export(SQLITE, str(home.database), args.folder, district=district)
    else:
        address = os.environ["DATABASE_URL"]
        partitions = export(POSTGRESQL, address, args.folder, district=district)
    manifest = sign(args.folder, partitions, district=district, made_at=now(), key=key)
    facts = {"district": district, "files": len(partitions), "rows": manifest.rows}
    if args.format == "json":
        show_json({**facts, "made_at": manifest.made_at})
        return
    say(_("District %(district)s signed %(rows)s facts in %(files)s files.") % facts)


def _root() -> str:
    from taizhang.web.units.queries import history

    roots = [unit.code for unit in history().tree(today()).tops]
    if len(roots) != 1:
        facts = {"count": len(roots), "codes": ", ".join(roots) or "—"}
        raise Refused([Issue(ExportCode.EXPORT_001, facts=facts)])
    return roots[0]


def run_verify(args: argparse.Namespace) -> None:
    """Check signed exports and show what each district sent."""
    from taizhang.figures.parcel.signature import verify

    rows = [
        {
            "district": export.district,
            "made_at": export.made_at,
            "files": len(export.partitions),
            "facts": export.rows,
        }
        for export in verify(args.folder, args.keys)
    ]
    columns = {
        "district": _("district"),
        "made_at": _("made"),
        "files": _("files"),
        "facts": _("facts"),
    }
    show(args.format, columns, rows)


def run_rollup(args: argparse.Namespace) -> None:
    """Add signed exports up, on this machine or on Spark."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from taizhang.figures.parcel.signature import verify
    from taizhang.figures.rollup import roll_up

    verify(args.folder, args.keys)
    span = {"start": args.period.start, "end": args.period.end}
    with _source(args.folder, args.spark) as source:
        table = roll_up(source, tree=args.tree or args.period.end, **span)
    # One engine's sums are wider than the other's; ten-thousandths fit 64 bits in both.
    words = ("ancestor", "measure")
    types = [(name, pa.string() if name in words else pa.int64()) for name in table.column_names]
    table = table.cast(pa.schema(types)).sort_by(
        [(name, "ascending") for name in ("ancestor", "measure", "bucket")]
    )
    try:
        pq.write_table(table, args.output, compression="zstd")
    except OSError as error:
        facts = {"why": error.strerror or str(error)}
        raise Refused([Issue(FileCode.FILE_002, Place(str(args.output)), facts)]) from error
    done = {"file": str(args.output), "rows": table.num_rows}
    if args.format == "json":
        show_json(done)
        return
    say(_("%(file)s holds %(rows)s rows.") % done)


@contextmanager
def _source(folder: Path, master: str | None) -> Iterator[ColumnarSource]:
    from taizhang.figures.fact_source import Parquet

    facts, closure = folder.resolve() / "facts", folder.resolve() / "closure"
    if master is None:
        parquet = Parquet(facts, closure)
        yield parquet
        parquet.close()
        return
    try:
        from taizhang.figures.spark import SparkParquet, session_open

        session = session_open(master)
    except (ImportError, RuntimeError) as error:
        raise Refused([Issue(ExportCode.EXPORT_003, facts={"why": str(error)})]) from error
    try:
        yield SparkParquet(session, str(facts), str(closure))
    finally:
        session.stop()
