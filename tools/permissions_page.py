"""Write docs/reference/permissions.md: who may do what, and which action opens which page.

`python -m tools.permissions_page [--check]`.  Read from the doors of the pages and from the one
table of roles; nothing is typed here but the words around it.
"""

import os
import sys
from collections.abc import Iterator

from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "reference" / "permissions.md"

INTRODUCTION = """# Permissions: who may do what, where

Made by `python -m tools.permissions_page` from the doors of the pages and from
`taizhang.web.accounts.access.ALLOWED`; a test opens every address as every role.

A person has roles, each for a unit and all below it, or for the whole instance. A page asks for an
action, and for the unit that it is about. Whoever lacks the role finds the page absent (404), just
as if it did not exist; whoever is not logged in is sent to log in (a program gets 401); a form
without the token of its page is refused (403). Every write asks once more in its action, so that
a command, a phone or a job meets the same wall.

The three administrators (system, security, audit) stay apart: nobody is two of them, nor one of
them and somebody who records, reviews, assesses or reads. They hold their role for the whole
instance. The owner at the command line may do everything and cannot log in.
"""
UNITS = {
    None: "whole instance",
    "any": "what lies in one's reach is shown",
    "path": "the unit in the address",
    "query": "the unit asked for, else one's own",
}
DOORLESS = {
    "healthz": "says whether the server answers",
    "set_language": "keeps the choice of a language in a cookie",
}


def page() -> str:
    """Write the page in English, whatever the language of the shell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.web.settings")
    import django

    django.setup()
    from django.utils import translation

    with translation.override("en"):
        return "\n".join([INTRODUCTION, *_table(), "", *_pages()]) + "\n"


def _table() -> Iterator[str]:
    from taizhang.web.accounts.access import ALLOWED
    from taizhang.web.accounts.models import Role

    roles = [role for role in Role if role is not Role.OWNER]
    yield "## Actions and roles"
    yield ""
    yield "| action | " + " | ".join(str(role.label) for role in roles) + " |"
    yield "|---|" + "---|" * len(roles)
    for action in sorted(frozenset[str]().union(*(ALLOWED[role] for role in roles))):
        marks = ["✓" if action in ALLOWED[role] else "" for role in roles]
        yield f"| `{action}` | " + " | ".join(marks) + " |"


def _pages() -> Iterator[str]:
    from taizhang.web.accounts.permission import PUBLIC, SIGNED_IN
    from taizhang.web.accounts.routes import DOORLESS as WITHOUT
    from taizhang.web.accounts.routes import pages

    said = {PUBLIC: "anybody", SIGNED_IN: "whoever is logged in"}
    yield "## Pages"
    yield ""
    yield "| address | methods | opens for | asked for |"
    yield "|---|---|---|---|"
    for one in sorted(pages(), key=lambda one: (one.address, one.name)):
        address = f"`{one.address}`"
        if one.door is None:
            if one.name not in WITHOUT:
                raise LookupError(f"{one.name} has no door")
            yield f"| {address} | | anybody: {DOORLESS[one.name]} | |"
            continue
        who = said.get(one.door.action, f"`{one.door.action}`")
        unit = "" if one.door.action in said else UNITS[one.door.unit]
        yield f"| {address} | {', '.join(one.door.methods)} | {who} | {unit} |"


def main(arguments: list[str]) -> int:
    return page_run(arguments, __doc__, PAGE, page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
