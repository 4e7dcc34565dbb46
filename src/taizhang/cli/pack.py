"""``taizhang pack list | check | test | new | install``: programmes as folders of data."""

from __future__ import annotations

import argparse
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from taizhang.cli.arguments import day
from taizhang.cli.code import PackNewCode
from taizhang.cli.context import acting_user, now, open_instance
from taizhang.cli.language import _
from taizhang.cli.output import fail, issues_json, say, settle, show, show_json, warn
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.base.issue import Issue, Place


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "pack", _("Programmes as folders of data"))
    add_command(
        group,
        "list",
        _("List the packs that come with the software"),
        run_list,
        home=False,
        prints=True,
    )
    checks = add_command(
        group, "check", _("Find all that is wrong with a pack"), run_check, home=False
    )
    tests = add_command(group, "test", _("Run the tests of a pack"), run_test, home=False)
    new = add_command(
        group, "new", _("Make a small complete pack to start from"), run_new, home=False
    )
    new.add_argument("key", metavar="KEY")
    new.add_argument(
        "--into", type=Path, default=Path(), metavar="DIR", help=_("folder that gets it (here)")
    )
    install = add_command(group, "install", _("Install a version of a pack"), run_install)
    install.add_argument(
        "--from",
        dest="first_day",
        type=day,
        metavar="DATE",
        help=_("in force from this day (the first version: always; a later one: today)"),
    )
    for command in (checks, tests, install):
        command.add_argument(
            "path",
            type=_pack,
            metavar="PATH",
            help=_("folder of the pack, or the key of one that comes with the software"),
        )


def _pack(text: str) -> Path:
    from taizhang.core.pack.examine import pack_folder

    return pack_folder(Path(text))


def run_list(args: argparse.Namespace) -> None:
    """List the shipped packs, whose bare keys the other commands take."""
    from taizhang.core.pack.examine import shipped_folder
    from taizhang.core.pack.load import read

    folders = sorted(
        folder for folder in shipped_folder().iterdir() if (folder / "pack.yaml").is_file()
    )
    packs = [pack for folder in folders if (pack := read(folder, tests=False).pack)]
    rows = [
        {
            "key": pack.key,
            "version": pack.version,
            "label": pack.label,
            "unit_kinds": pack.unit_kinds,
            "uses": pack.uses,
            "forms": len(pack.forms),
            "measures": len(pack.measures),
        }
        for pack in packs
    ]
    headings = {
        "key": _("Key"),
        "version": _("Version"),
        "label": _("Name"),
        "unit_kinds": _("Kept by"),
        "uses": _("Uses"),
        "forms": _("Forms"),
        "measures": _("Measures"),
    }
    show(args.format, headings, rows, {"packs": rows})


def run_check(args: argparse.Namespace) -> None:
    """Check a pack with the packs it uses, its templates included."""
    from taizhang.documents.pack_check.examination import examine_folder

    examination = examine_folder(args.path)
    issues = examination.issues
    settle(issues)
    if args.format == "json":
        show_json(issues_json(issues))
    else:
        facts = {"key": examination.key, "version": examination.version, "warnings": len(issues)}
        say(_("Pack %(key)s %(version)s is sound; %(warnings)s warnings.") % facts)


def run_test(args: argparse.Namespace) -> None:
    """Run the tests of a pack; all expectations that fail are named at once."""
    from taizhang.documents.pack_check.examination import examine_folder

    examination = examine_folder(args.path, templates=False, tests=True)
    if not examination.sound:
        fail(examination.issues)
    outcomes = examination.outcomes
    issues = [issue for outcome in outcomes for issue in outcome.issues]
    settle(issues)
    compared = sum(outcome.compared for outcome in outcomes)
    if args.format == "json":
        tests = [
            {"name": outcome.name, "compared": outcome.compared}
            for outcome in outcomes
            if outcome.compared
        ]
        show_json({"tests": tests, **issues_json(issues)})
    else:
        passed = sum(outcome.compared > 0 for outcome in outcomes)
        facts = {"key": examination.key, "tests": passed, "compared": compared}
        say(_("Pack %(key)s: %(tests)s tests passed, %(compared)s expectations met.") % facts)


def run_new(args: argparse.Namespace) -> None:
    """Make a pack from the skeleton; it passes its own check and test."""
    from taizhang.core.pack.reader import KEY

    target = args.into / args.key
    issues = []
    if not KEY.fullmatch(args.key):
        issues.append(Issue(PackNewCode.PACKNEW_001, facts={"key": args.key}))
    elif target.exists():
        place = Place(str(target))
        issues.append(Issue(PackNewCode.PACKNEW_002, place, {"path": str(target)}))
    if issues:
        fail(issues)
    _copy(resources.files("taizhang.cli").joinpath("skeleton"), target, args.key)
    if args.format == "json":
        show_json({"path": str(target)})
    else:
        made = _(
            "Made %(path)s: a complete example about sorting waste (垃圾分类宣传); change its "
            "words and forms into yours. Look at it with: taizhang pack check %(path)s"
        )
        say(made % {"path": target})


def _copy(source: Traversable, target: Path, key: str) -> None:
    target.mkdir(parents=True)
    for file in sorted(source.iterdir(), key=lambda file: file.name):
        if file.is_dir():
            _copy(file, target / file.name, key)
        else:
            text = file.read_text(encoding="utf-8").replace("key: KEY", f"key: {key}")
            (target / file.name).write_text(text, encoding="utf-8")


def run_install(args: argparse.Namespace) -> None:
    """Install a version of a pack into the instance."""
    from taizhang.documents.pack_check.examination import examine_folder

    # Every fault at once, before the instance is opened; a sound pack is then checked beside the
    # packs that are installed.
    examination = examine_folder(args.path, templates=False)
    if not examination.sound:
        fail(examination.issues)
    open_instance(args.home)
    from taizhang.web.programmes.actions import pack_install

    done = pack_install(
        source=args.path,
        in_force_from=args.first_day,
        acting_user=acting_user(args),
        now=now(),
    )
    warn(done.issues)
    if args.format == "json":
        facts = {
            "pack": done.pack.key,
            "version": done.pack.version,
            "in_force_from": done.in_force_from,
            "changed": done.changed,
        }
        show_json({**facts, **issues_json(done.issues)})
        return
    words = {"key": done.pack.key, "version": done.pack.version, "day": done.in_force_from}
    if done.changed and done.in_force_from.year == 1:  # the first version rules all days
        say(_("Pack %(key)s %(version)s is installed, in force for all days.") % words)
    elif done.changed:
        say(_("Pack %(key)s %(version)s is installed, in force from %(day)s.") % words)
    else:
        say(_("Pack %(key)s %(version)s was installed already.") % words)
