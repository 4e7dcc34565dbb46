"""``taizhang score`` and ``taizhang decide``: assessments with every lost point explained."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.cli.arguments import day, period
from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.files import file_write
from taizhang.cli.language import _, language, translate
from taizhang.cli.output import say, show, show_json, warn
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.issue import Issue
from taizhang.core.base.literal import whole_of

if TYPE_CHECKING:
    from taizhang.core.scoring import ItemScore, Score


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    command = add_command(subparsers, "score", _("Score units by a rubric"), run_score, prints=True)
    command.add_argument("rubric", metavar="RUBRIC", help=_("key of a rubric or of its pack"))
    command.add_argument("--unit", metavar="CODE", required=True)
    command.add_argument("--period", metavar="P", type=period, required=True)
    command.add_argument(
        "--all",
        action="store_true",
        help=_("every unit below that the rubric scores, in code order, never ranked"),
    )
    command.add_argument("--as-of", dest="as_of", type=day, metavar="DATE")
    command.add_argument("--tree", type=day, metavar="DATE")
    command.add_argument(
        "--so-far",
        action="store_true",
        help=_("a self-score: as if the period ended on that day and nothing more came in"),
    )
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=_("write the assessment as a document")
    )
    decide = add_command(subparsers, "decide", _("Decide an item of an assessment"), run_decide)
    decide.add_argument("rubric", metavar="RUBRIC")
    decide.add_argument("item", metavar="ITEM", help=_("key of the item"))
    decide.add_argument("--unit", metavar="CODE", required=True)
    decide.add_argument("--period", metavar="P", type=period, required=True)
    decide.add_argument("--points", type=_points, metavar="N")
    decide.add_argument("--errors", type=whole_of, metavar="N", help=_("errors found in a sample"))
    decide.add_argument(
        "--checked", type=whole_of, metavar="N", help=_("fields checked in a sample")
    )
    decide.add_argument("--reason", default="", metavar="TEXT", help=_("why; may be read by all"))


def _points(value: str) -> Fraction:
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        message = _("'%(value)s' is not a number") % {"value": value}
        raise argparse.ArgumentTypeError(message) from error


def run_score(args: argparse.Namespace) -> int | None:
    """Score one unit, or all below one."""
    if args.all and args.output is not None:
        say(_("-o writes the assessment of one unit; leave --all out."))
        return 2
    open_instance(args.home)
    from taizhang.core.indicator.open_months import open_months, packs_named
    from taizhang.core.scoring import rubric_named, score_all, units_below
    from taizhang.web.accounts.access import require
    from taizhang.web.assess.queries import with_answers
    from taizhang.web.base.moment import one_moment
    from taizhang.web.ledger.open_book import open_book

    require(acting_user(args), "score.read", args.unit)
    with one_moment():
        book = open_book(as_of=args.as_of, tree=args.tree, language=language(), now=now())
        book = with_answers(book)
        rubric = rubric_named(book.programmes, args.rubric)
        units: tuple[str, ...] = (args.unit,)
        if args.all:
            units = units_below(book, rubric, args.unit, args.period)
        scores = score_all(book, rubric, units, args.period, so_far=args.so_far)
        home = next(pack.key for pack in book.programmes.packs if pack.rubric is rubric)
        packs = packs_named(book, figure_texts(scores), home)
        still_open = open_months(book, units, args.period, packs)
    own = args.so_far or scores[0].running
    if args.output is not None:
        _write(args.output, scores[0], own, still_open.sentence().zh)
    if args.format == "table" and still_open.sentence():
        say(still_open.sentence().text(language()))
    document: dict[str, object] = {"open_months": still_open.as_json(language())}
    if args.all:
        _show_all(args.format, scores, document)
    else:
        _show_one(args.format, scores[0], {"self_score": own, **document})
    return None


def _write(path: Path, score: Score, own: bool, still_open: str) -> None:
    from taizhang.documents.render.renderers import renderer_for
    from taizhang.documents.score_document import score_document
    from taizhang.web.accounts.queries import instance

    render = renderer_for(path.name)
    document = score_document(score, synthetic=instance().synthetic, own=own, still_open=still_open)
    doubts: list[Issue] = []
    file_write(path, render(document, translate, doubts))
    warn(doubts)


def _show_one(form: str, score: Score, more: dict[str, object]) -> None:
    headings = {
        "section": _("Section"),
        "item": _("Item"),
        "points": _("Points"),
        "max": _("Of"),
        "counts": _("Counts"),
        "required": _("Required"),
        "found": _("Found"),
        "why": _("Why"),
        "remedy": _("How to win it back"),
    }
    rows = [row for section in score.sections for row in _rows(section.title, section.items)]
    rows += _rows(_("Bonus"), score.bonus_items)
    show(form, headings, rows, score.as_json(language()) | more)
    if form == "table":
        document = score.as_json(language())
        line = _(
            "%(unit_name)s %(period)s: %(total)s of %(max)s points, %(pending_max)s not decided, "
            "bonus %(bonus)s."
        )
        say(line % document)
        _say_left(score)
        if more["self_score"]:
            line = _(
                "A self-score, no assessment: %(period)s by what is known on %(as_of)s; stored "
                "nowhere, sent to nobody."
            )
            say(line % document)


def _say_left(score: Score) -> None:
    """Say which sections left the total, and what the total is on the rubric's scale."""
    if not score.left:
        return
    document = score.as_json(language())
    names = "、".join(section.title for section in score.sections if section.left)
    line = _(
        "%(names)s: does not apply, %(left)s points left; converted %(converted)s / %(scale)s."
    )
    say(line % {**document, "names": names})


def figure_texts(scores: Iterable[Score]) -> Iterator[str]:
    """Give the formulas that the items of scores read."""
    for score in scores:
        for section in score.sections:
            for item in section.items:
                yield from item.figures


def _rows(section: str, items: tuple[ItemScore, ...]) -> Iterator[dict[str, Any]]:
    for item in items:
        document: dict[str, Any] = item.as_json(language())
        waits = document["waits_for"] or document["not_applicable"] or ""
        whys = [str(loss["why"]) for loss in document["lost"]]
        stated = [_("The unit states: %s") % text for text in (document["circumstance"],) if text]
        yield {
            "section": section,
            "item": item.title,
            "points": "—" if document["points"] is None else document["stated_points"],
            "max": document["stated_max"],
            "counts": _counts(item, document),
            "required": document["required"],
            "found": document["found"],
            "why": " ".join((*whys, *stated)) or waits,
            "remedy": " ".join(str(loss["remedy"]) for loss in document["lost"]),
        }


def _counts(item: ItemScore, document: dict[str, Any]) -> str:
    """Say what an item counts where others of its section left it their points."""
    if item.not_applicable or item.factor == 1:
        return ""
    points = "—" if document["points"] is None else document["points"]
    return f"{points} / {document['max']}"


def _show_all(form: str, scores: tuple[Score, ...], more: dict[str, object]) -> None:
    headings = {
        "unit_code": _("Code"),
        "unit_name": _("Unit"),
        "total": _("Points"),
        "pending_max": _("Not decided"),
        "lost": _("Lost"),
        "max": _("Of"),
        "converted": _("Converted"),
        "scale": _("Rubric's total"),
        "bonus": _("Bonus"),
    }
    if form == "json":
        show_json({"scores": [score.as_json(language()) for score in scores], **more})
    else:
        show(form, headings, [score.sums_json() for score in scores])


def run_decide(args: argparse.Namespace) -> None:
    """Decide an item."""
    open_instance(args.home)
    from taizhang.web.assess.actions import decision_make

    decision = decision_make(
        rubric=args.rubric,
        item=args.item,
        unit=args.unit,
        period=args.period,
        points=args.points,
        errors=args.errors,
        checked=args.checked,
        reason=args.reason,
        acting_user=acting_user(args),
        now=now(),
    )
    if args.format == "json":
        show_json({"decision": decision.pk})
    else:
        say(_("Decision %(number)s is on record.") % {"number": decision.pk})
