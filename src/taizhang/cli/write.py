"""``taizhang write``: an official document of a unit for a period."""

from __future__ import annotations

import argparse
from pathlib import Path

from taizhang.cli.arguments import day, period
from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.files import file_write
from taizhang.cli.language import _, translate
from taizhang.cli.output import say, show_json, warn
from taizhang.cli.parser import Subparsers, add_command
from taizhang.core.base.issue import Issue


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    command = add_command(subparsers, "write", _("Write an official document"), run)
    command.add_argument(
        "template", metavar="TEMPLATE", help=_("key of a document template of an installed pack")
    )
    command.add_argument(
        "--pack",
        metavar="KEY",
        help=_("pack whose template is meant (the pack installed first that has it)"),
    )
    command.add_argument("--unit", metavar="CODE", required=True)
    command.add_argument("--period", metavar="P", type=period, required=True)
    command.add_argument("--as-of", dest="as_of", type=day, metavar="DATE")
    command.add_argument("--tree", type=day, metavar="DATE")
    command.add_argument(
        "--public", action="store_true", help=_("keep small numbers from outsiders")
    )
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", required=True, help=_("file to write")
    )


def run(args: argparse.Namespace) -> None:
    """Write the document and say what a person has still to do."""
    from taizhang.core.definition.programme import qualified
    from taizhang.documents.length import length
    from taizhang.documents.render.renderers import renderer_for
    from taizhang.documents.tree import blanks_of
    from taizhang.documents.write import template_of, write

    render = renderer_for(args.output.name)
    open_instance(args.home)
    from taizhang.web.accounts.access import require
    from taizhang.web.accounts.queries import instance
    from taizhang.web.assess.queries import with_answers
    from taizhang.web.base.moment import one_moment
    from taizhang.web.ledger.open_book import open_book

    require(acting_user(args), "document.read", args.unit)
    named = qualified(args.pack, args.template) if args.pack else args.template
    with one_moment():
        book = open_book(as_of=args.as_of, tree=args.tree, public=args.public, now=now())
        book = with_answers(book)
        template = template_of(book.programmes, named)
        document = write(book, template, args.unit, args.period, synthetic=instance().synthetic)
    others = [key for key in book.programmes.documents_called(named) if key != template.key]
    doubts: list[Issue] = []
    file_write(args.output, render(document, translate, doubts))
    issues = (*document.issues, *doubts)
    blanks = [blank.prompt for blank in blanks_of(document)]
    missing = [number.figure.key for number in document.numbers if number.figure.value is None]
    counts = {
        "file": str(args.output),
        "template": template.key,
        "others": others,
        "characters": length(document),
        "numbers": len(document.numbers),
        "missing": missing,
        "blanks": blanks,
        "issues": [issue.as_json(translate) for issue in issues],
    }
    warn(issues)
    if args.format == "json":
        show_json(counts)
        return
    sentence = _(
        "%(file)s: %(characters)s characters, %(numbers)s numbers, %(missing)s without value."
    )
    say(sentence % {**counts, "missing": len(missing)})
    if others:
        sentence = _("This is %(template)s. Other packs have one too: %(others)s.")
        say(sentence % {"template": template.key, "others": ", ".join(others)})
    for prompt in blanks:
        say(_("To be written by a person: %(prompt)s") % {"prompt": prompt})
