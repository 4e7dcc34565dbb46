"""``taizhang records import | list | show | withdraw | confirm | refuse``: the ledger's records."""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.cli.arguments import day
from taizhang.cli.context import acting_user, now, open_instance, today
from taizhang.cli.files import file_read
from taizhang.cli.language import _
from taizhang.cli.output import issues_json, say, show, show_json, warn
from taizhang.cli.parser import Subparsers, add_command, add_group
from taizhang.core.base.invisible_sign import line_of
from taizhang.core.base.literal import whole_of

if TYPE_CHECKING:
    from taizhang.core.counting.credit import CreditState
    from taizhang.web.ledger.accept.actions import Accepted
    from taizhang.web.ledger.models import Fact, Record
    from taizhang.web.ledger.record.credit import CreditShown


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = add_group(subparsers, "records", _("Records of the work"))
    imports = add_command(group, "import", _("Accept the records of a file"), run_import)
    imports.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help=_("one JSON object a line, one a record")
    )
    listing = add_command(
        group, "list", _("List records, the newest date first"), run_list, prints=True
    )
    listing.add_argument("--unit", metavar="CODE", default="", help=_("this unit and those below"))
    listing.add_argument("--form", metavar="PACK.FORM", default="")
    listing.add_argument("--from", dest="first", type=day, metavar="DATE")
    listing.add_argument("--to", dest="last", type=day, metavar="DATE")
    listing.add_argument(
        "--live", action="store_true", help=_("only records that stand: not corrected, withdrawn")
    )
    listing.add_argument(
        "--waiting", action="store_true", help=_("only records that wait to be confirmed")
    )
    listing.add_argument(
        "--limit", type=_number, metavar="N", default=100, help=_("at most N (100)")
    )
    shown = add_command(group, "show", _("Show a record and all it states"), run_show)
    shown.add_argument("id", metavar="ID")
    withdraw = add_command(
        group, "withdraw", _("Withdraw a record; it stays to be seen"), run_withdraw
    )
    withdraw.add_argument("id", metavar="ID")
    withdraw.add_argument("--reason", required=True, metavar="TEXT")
    for name, words, run in (
        (
            "confirm",
            _("Let a record count for a unit that it credits as well"),
            run_confirm,
        ),
        ("refuse", _("Say why a record does not count for a unit that it credits"), run_refuse),
    ):
        answer = add_command(group, name, words, run)
        answer.add_argument("id", metavar="ID")
        answer.add_argument("--unit", required=True, metavar="CODE", help=_("the credited unit"))
        if name == "refuse":
            answer.add_argument("--reason", required=True, metavar="TEXT")


def _number(value: str) -> int:
    number = whole_of(value)
    if number < 1:
        raise argparse.ArgumentTypeError(_("must be 1 or more"))
    return number


def run_import(args: argparse.Namespace) -> None:
    """Import a record file, all or nothing."""
    open_instance(args.home)
    from taizhang.web.ledger.accept.actions import records_import

    done = records_import(
        lines=file_read(args.file).split(b"\n"),
        file=str(args.file),
        acting_user=acting_user(args),
        now=now(),
    )
    _done(args, done)


def run_withdraw(args: argparse.Namespace) -> None:
    """Accept a record that withdraws another one."""
    open_instance(args.home)
    from taizhang.core.counting.fact import Submission
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.queries import record_show

    user, moment = acting_user(args), now()
    target = record_show(acting_user=user, uid=args.id, now=moment).record
    record = Submission(
        id=str(uuid.uuid4()),
        form=target.form,
        unit=target.unit,
        date=target.date,
        answers={},
        withdraws=target.uid,
        reason=line_of(args.reason),
    )
    _done(args, record_accept(record=record, acting_user=user, now=moment))


def _done(args: argparse.Namespace, done: Accepted) -> None:
    warn(done.warnings)
    counts = {
        "records": done.records,
        "unchanged": done.unchanged,
        "replaced": done.replaced,
        "withdrawn": done.withdrawn,
        "late": done.late,
        "facts": done.facts,
        **({"waiting": done.waiting} if done.waiting else {}),
    }
    if args.format == "json":
        show_json({**counts, **issues_json(done.warnings)})
        return
    sentence = _(
        "%(records)s records accepted (%(replaced)s replace, %(withdrawn)s withdraw others), "
        "%(unchanged)s known before; %(facts)s facts."
    )
    say(sentence % counts)
    if done.waiting:
        say(_("%(waiting)s credits wait to be confirmed by their units.") % counts)
    if done.late:
        say(_("%(late)s of them came after their month was closed.") % counts)


def run_list(args: argparse.Namespace) -> None:
    """List records."""
    open_instance(args.home)
    from taizhang.web.ledger.queries import RecordFilter, records_list, units_waiting

    wanted = RecordFilter(
        unit=args.unit,
        form=args.form,
        first_day=args.first,
        last_day=args.last,
        live=args.live,
        waiting=args.waiting,
    )
    records = records_list(
        acting_user=acting_user(args), wanted=wanted, now=now(), limit=args.limit
    )
    waiting = units_waiting(records)
    rows = [{**_row(record), "waiting": waiting.get(record.pk, [])} for record in records]
    headings = {
        "date": _("Date"),
        "unit": _("Unit"),
        "form": _("Form"),
        "id": _("Record"),
        "replaces": _("Replaces"),
        "withdraws": _("Withdraws"),
        "retired_at": _("Retired"),
        "waiting": _("Waits for"),
    }
    lines = [{**row, "waiting": " ".join(row["waiting"])} for row in rows]
    show(args.format, headings, lines, {"records": rows})


def run_confirm(args: argparse.Namespace) -> None:
    """Confirm that a record counts for a unit that it credits."""
    open_instance(args.home)
    from taizhang.web.ledger.record.credit_actions import credit_confirm

    state = credit_confirm(uid=args.id, unit=args.unit, acting_user=acting_user(args), now=now())
    _answered(args, state)


def run_refuse(args: argparse.Namespace) -> None:
    """Refuse, with a reason, that a record counts for a unit that it credits."""
    open_instance(args.home)
    from taizhang.web.ledger.record.credit_actions import credit_refuse

    to = {"uid": args.id, "unit": args.unit, "reason": line_of(args.reason)}
    _answered(args, credit_refuse(**to, acting_user=acting_user(args), now=now()))


def _answered(args: argparse.Namespace, state: CreditState) -> None:
    from taizhang.web.ledger.record.credit import state_words

    if args.format == "json":
        show_json({"id": args.id, "unit": args.unit, "state": state})
        return
    say(f"{args.id} {args.unit}: {state_words()[state]}")


def run_show(args: argparse.Namespace) -> None:
    """Show one record."""
    open_instance(args.home)
    from taizhang.web.ledger.queries import record_show
    from taizhang.web.ledger.record.credit import credits_shown
    from taizhang.web.units.queries import history

    user, moment = acting_user(args), now()
    view = record_show(acting_user=user, uid=args.id, now=moment)
    tree = history().tree(today())
    credits_ = credits_shown(user, view.record, tree, moment)
    after = view.followed_by
    document = {
        **_row(view.record),
        "pack_version": view.record.pack_version,
        "with": list(view.record.credited),
        "credits": [_credit(credit) for credit in credits_],
        "reason": view.record.reason,
        "accepted_at": view.record.accepted_at,
        "followed_by": after.uid if after and after.pk in view.open else None,
        "answers": view.answers,
        "facts": [_fact(fact) for fact in view.facts],
        "evidence": [
            {"name": evidence.name, "media_type": evidence.media_type, "size": evidence.size}
            for evidence in view.evidence
        ],
    }
    if args.format == "json":
        show_json(document)
        return
    for name, value in document.items():
        if isinstance(value, Mapping):
            value = [f"{key} = {_answer_said(answer)}" for key, answer in value.items()]
        elif name == "credits":
            value = [
                f"{credit.unit} {credit.words}"
                + (f" {credit.answer.answered_at}" if credit.answer else "")
                + (f"（{credit.answer.reason}）" if credit.answer and credit.answer.reason else "")
                for credit in credits_
            ]
        elif name == "facts":
            value = [
                " ".join(str(fact[part]) for part in ("measure", "unit", "date", "value"))
                for fact in document["facts"]
            ]
        lines = value if isinstance(value, list) else [value]
        for number, line in enumerate(lines or [""]):
            say(f"{name if number == 0 else '':<14}{'' if line is None else line}")


def _answer_said(answer: object) -> str:
    """Say an answer; a number that is not known exactly in words: 至少3, 约40."""
    if isinstance(answer, list):
        return "; ".join(_answer_said(part) for part in answer)
    if not isinstance(answer, Mapping):
        return "—" if answer is None else str(answer)
    if "kind" not in answer or not {*answer} <= {"low", "high", "kind"}:
        return ", ".join(f"{key} = {_answer_said(part)}" for key, part in answer.items())
    ends = {"low": answer.get("low"), "high": answer.get("high")}
    return {
        "exact": "%(low)s",
        "at_least": _("at least %(low)s"),
        "at_most": _("at most %(high)s"),
        "between": _("%(low)s to %(high)s"),
        "about": _("about %(low)s"),
    }.get(str(answer["kind"]), _("nobody knows")) % ends


def _row(record: Record) -> dict[str, Any]:
    return {
        "id": record.uid,
        "form": record.form,
        "unit": record.unit,
        "date": record.date,
        "replaces": record.replaces and record.replaces.uid,
        "withdraws": record.withdraws and record.withdraws.uid,
        "retired_at": record.retired_at,
    }


def _credit(credit: CreditShown) -> dict[str, Any]:
    answer = credit.answer
    return {
        "unit": credit.unit,
        "state": credit.state,
        "answered_at": answer and answer.answered_at,
        "answered_by": str(answer.answered_by) if answer and answer.answered_by else None,
        "reason": answer.reason if answer else "",
    }


def _fact(fact: Fact) -> dict[str, Any]:
    from taizhang.core.base.quantity import QuantityKind, from_scaled
    from taizhang.core.counting.fact import dims_of

    value = from_scaled(fact.low, fact.high, fact.kind)
    words = {
        QuantityKind.EXACT: f"{value.low}",
        QuantityKind.AT_LEAST: f"≥ {value.low}",
        QuantityKind.AT_MOST: f"≤ {value.high}",
        QuantityKind.BETWEEN: f"{value.low}–{value.high}",
        QuantityKind.ABOUT: f"≈ {value.low}",
        QuantityKind.MISSING: "—",
    }
    return {
        "measure": fact.measure,
        "unit": fact.unit,
        "date": fact.date,
        "value": words[value.kind],
        "dimensions": dims_of(fact.dims),
        "entity": fact.entity,
        "joint": fact.joint,
        "accepted_at": fact.accepted_at,
        "retired_at": fact.retired_at,
    }
