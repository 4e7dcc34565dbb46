"""``taizhang people list | password | confirm``: who can log in, and the way back."""

from __future__ import annotations

import argparse

from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.language import _
from taizhang.cli.output import say, show, show_json
from taizhang.cli.parser import Subparsers, add_command, add_group


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "people", _("People who log in"))
    add_command(group, "list", _("List people with their roles"), run_list, prints=True)
    password = add_command(
        group,
        "password",
        _("Give a person a one-time password, unlock them, switch their one-time codes off"),
        run_password,
    )
    confirm = add_command(
        group,
        "confirm",
        _("Confirm an administrator whose account rests after a reset or a new role"),
        run_confirm,
    )
    confirm.add_argument("name", metavar="NAME", help=_("the name to log in with"))
    password.add_argument("name", metavar="NAME", help=_("the name to log in with"))


def run_list(args: argparse.Namespace) -> None:
    """List the people of an instance."""
    open_instance(args.home)
    from taizhang.web.accounts.queries import people, roles_of

    moment = now()
    rows = [
        {
            "username": user.username,
            "name": user.name,
            "active": user.is_active,
            "roles": [f"{held.role.value}@{held.unit or '*'}" for held in roles_of(user, moment)],
        }
        for user in people()
    ]
    headings = {
        "username": _("Logs in as"),
        "name": _("Name"),
        "active": _("May log in"),
        "roles": _("Roles"),
    }
    shown = [{**row, "active": _("yes") if row["active"] else _("no")} for row in rows]
    show(args.format, headings, shown, {"people": rows})


def run_password(args: argparse.Namespace) -> None:
    """Give a one-time password, as the security administrator does by a page."""
    open_instance(args.home)
    from taizhang.web.accounts.person.actions import password_reset, totp_remove
    from taizhang.web.accounts.queries import user_named

    person = user_named(args.name)
    user, moment = acting_user(args), now()
    password = password_reset(person=person.pk, acting_user=user, now=moment)
    totp_remove(person=person.pk, acting_user=user, now=moment)
    if args.format == "json":
        show_json({"username": person.username, "password": password})
        return
    facts = {"name": person.username, "password": password}
    say(_("%(name)s logs in once with %(password)s and then chooses a new one.") % facts)


def run_confirm(args: argparse.Namespace) -> None:
    """Confirm an administrator, where nobody else is left who could."""
    open_instance(args.home)
    from taizhang.web.accounts.person.hold_actions import hold_confirm
    from taizhang.web.accounts.queries import user_named

    person = user_named(args.name)
    hold_confirm(person=person.pk, acting_user=acting_user(args), now=now())
    say(_("%(name)s is an administrator again.") % {"name": person.username})
