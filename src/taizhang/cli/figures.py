"""``taizhang figures``: any figure of any unit, with its explanation."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from taizhang.cli.arguments import day, period
from taizhang.cli.code import FigureAskCode
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.language import _, language
from taizhang.cli.output import fail, say, show, show_json
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.figure import number
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.unit.tree import History, UnitLevel

if TYPE_CHECKING:
    from taizhang.core.base.figure import Figure
    from taizhang.core.book import Book


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    command = add_command(
        subparsers, "figures", _("Show figures with their explanation"), run_figures, prints=True
    )
    command.add_argument(
        "--unit", metavar="CODE", required=True, action="append", help=_("may be given again")
    )
    command.add_argument("--period", metavar="P", type=period, required=True)
    command.add_argument(
        "--indicator",
        metavar="KEY",
        action="append",
        default=[],
        help=_("an indicator, a measure or a formula; may be given again; all without"),
    )
    command.add_argument(
        "--by", metavar="unit|month|DIMENSION", help=_("split by units below, months, a dimension")
    )
    command.add_argument(
        "--level",
        choices=[level.value for level in UnitLevel],
        help=_("with --by unit: the level of the units; the one right below without"),
    )
    command.add_argument(
        "--as-of", dest="as_of", type=day, metavar="DATE", help=_("what was known by that day")
    )
    command.add_argument(
        "--tree", type=_tree, metavar="DATE|today", help=_("the tree of that day (period's end)")
    )
    command.add_argument(
        "--public", action="store_true", help=_("keep small numbers from outsiders")
    )


def _tree(value: str) -> date:
    return today() if value == "today" else day(value)


def run_figures(args: argparse.Namespace) -> None:
    """Show the figures asked for."""
    open_instance(args.home)
    from taizhang.core.indicator.open_months import open_months, packs_named
    from taizhang.web.accounts.access import require
    from taizhang.web.base.moment import one_moment
    from taizhang.web.ledger.open_book import open_book

    user = acting_user(args)
    for code in args.unit:
        require(user, "figure.read", code)
    with one_moment():
        book = open_book(
            as_of=args.as_of, tree=args.tree, public=args.public, language=language(), now=now()
        )
        answers = _answered(book, args)
        still_open = open_months(
            book, args.unit, args.period, packs_named(book, (figure.key for figure in answers))
        )
    if args.format == "json":
        document: dict[str, object] = {"figures": [figure.as_json() for figure in answers]}
        show_json(document | {"open_months": still_open.as_json(language())})
        return
    if args.format == "table" and still_open.sentence():
        say(still_open.sentence().text(language()))
    headings, rows = (_columns(), _flat(answers)) if args.format == "csv" else _table(answers)
    show(args.format, headings, rows)


def _answered(book: Book, args: argparse.Namespace) -> tuple[Figure, ...]:
    """Ask, and refuse with everything that is wrong with the question."""
    from taizhang.core.indicator import Question, figures

    issues = list(_unknown(book.history, args.unit))
    by = "unit" if args.level is not None and args.by is None else args.by
    question = Question(
        units=tuple(args.unit),
        period=args.period,
        indicators=tuple(args.indicator),
        by=by,
        level=args.level,
    )
    try:
        answers = figures(book, question)
    except Refused as refused:
        issues += refused.issues
    if issues:
        fail(issues)
    return answers


def _unknown(history: History, asked: Iterable[str]) -> Iterator[Issue]:
    """Find codes that no unit ever had; a name typed in their place is looked up, too."""
    for code in asked:
        if history.rows(code):
            continue
        named = {unit.code: unit.name for unit in history.units}
        names = get_close_matches(code, list(named.values()), n=3)
        near = [f"{unit_code} {name}" for unit_code, name in named.items() if name in names]
        near += [
            f"{unit_code} {named[unit_code]}"
            for unit_code in get_close_matches(code, history.codes, n=3)
        ]
        facts = {"code": code, "nearest": ", ".join(near[:3]) or "—"}
        yield Issue(FigureAskCode.FIGUREASK_001, facts=facts)


def _table(figures: Sequence[Figure]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Lay figures out for people: value or reason, bounds where they differ, flags."""
    from taizhang.core.indicator.sentence import FigureSentences
    from taizhang.core.text.flag import flag_sentence
    from taizhang.core.text.unit_sign import unit_sign

    words = FigureSentences(language())
    headings = {
        "unit": _("Unit"),
        "label": _("Figure"),
        "bucket": _("Split by"),
        "value": _("Value"),
        "in": _("Counted in"),
        "parts": _("Numerator / denominator"),
        "reach": _("Units that reach it"),
        "flags": _("Remarks"),
        "reason": _("Why not"),
    }
    rows = [
        {
            "unit": figure.unit_name or figure.unit_code,
            "label": figure.label,
            "bucket": figure.bucket_label or figure.bucket,
            "value": figure.shown() if figure.verdict is None else words.verdict(figure.verdict),
            "in": unit_sign(figure.unit) if figure.verdict is None else "",
            "parts": _parts(figure),
            "reach": figure.reach,
            "flags": words.join([flag_sentence(flag, language()) for flag in figure.flags]),
            "reason": figure.reason.sentence if figure.reason else None,
        }
        for figure in figures
    ]
    # What says nothing of any figure takes no room.
    for key in ("bucket", "parts", "reach", "flags", "reason"):
        if not any(row[key] for row in rows):
            del headings[key]
    return headings, rows


def _parts(figure: Figure) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    return f"{number(figure.numerator)} / {number(figure.denominator)}"


_FLAT = (
    *("key", "label", "unit_code", "unit_name", "period", "bucket", "bucket_label"),
    *("as_of", "tree", "value"),
    *("numerator", "denominator", "low", "high", "done", "owed", "reached", "of"),
    *("unit", "status", "flags", "reason"),
    *("records", "sentence"),
)


def _columns() -> dict[str, str]:
    return {name: name for name in _FLAT}


def _flat(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Lay figures out for machines: one column a key, the reason as its code."""
    rows: list[dict[str, Any]] = []
    for figure in figures:
        reason = figure.reason.code.value if figure.reason else None
        flags = ";".join(map(str, figure.flags))
        rows.append(
            {**figure.as_json(), "reason": reason, "flags": flags, "records": figure.records.count}
        )
    return rows
