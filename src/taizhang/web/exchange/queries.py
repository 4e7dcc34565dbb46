"""Reads: the forms of a unit, the lists from which they pick, the addresses a person made."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.form import Form
from taizhang.core.form.entity_reference import list_of
from taizhang.core.form.xform import xform
from taizhang.web.accounts.models import User
from taizhang.web.exchange.access import tokens_of
from taizhang.web.exchange.code import ExchangeCode
from taizhang.web.ledger.phone.form_payload import OfferedForm, forms_offered
from taizhang.web.ledger.queries import LedgerEntities
from taizhang.web.ledger.record.things import words_of
from taizhang.web.ledger.registry import register_of
from taizhang.web.units.queries import history


def forms_of(unit: str, now: datetime) -> Mapping[str, OfferedForm]:
    """Give the forms of the packs in force that a unit keeps, by qualified key."""
    today = timezone.localdate(now)
    unit_today = history().unit_on(unit, today)
    return (
        {}
        if unit_today is None
        else {offered.form.key: offered for offered in forms_offered(unit_today, today)}
    )


def form_of(unit: str, form_id: str, now: datetime) -> Form:
    """Give one form of a unit.

    :raises Refused: EXCHANGE_010
    """
    offered = forms_of(unit, now).get(form_id)
    if offered is None:
        raise Refused([Issue(ExchangeCode.EXCHANGE_010)])
    return offered.form


def form_content(form: Form) -> bytes:
    """Give the XForm as it is served."""
    return xform(form)[0].encode()


def lists_of(form: Form) -> tuple[str, ...]:
    """Name the lists of things from which a form's fields pick."""
    return tuple(dict.fromkeys(name for field in form.fields if (name := list_of(field))))


def list_content(unit: str, dataset: str, now: datetime) -> bytes:
    """Give the things of a unit that records have begun, as CSV: name, label, what they keep."""
    today = timezone.localdate(now)
    states = LedgerEntities(history()).states(dataset, unit, today, None)
    register = register_of(today)
    names = [(str(state["unit"]), str(state["entity"])) for state in states]
    words = {} if register is None else register.named(dataset, names)
    own = {"entity", "unit", "label", "date", "due", "name"}
    columns = sorted({name for state in states for name in state} - own)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "label", *columns])
    for state, name in zip(states, names, strict=True):
        label = words_of(words[name]) if name in words else state["label"] or state["entity"]
        writer.writerow([state["entity"], label, *(state.get(column, "") for column in columns)])
    return out.getvalue().encode()


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An address as its owner's page shows it; ``state`` is usable, over or revoked."""

    pk: int
    name: str
    kind: str
    unit: str
    until: datetime
    state: str


def tokens_shown(user: User, now: datetime) -> Sequence[TokenRow]:
    """Give the addresses that a person made, the newest first."""
    units, today = history(), timezone.localdate(now)
    shown = []
    for token in tokens_of(user):
        state = "over" if token.expires_at <= now else "usable"
        unit = units.unit_on(token.unit, today)
        shown.append(
            TokenRow(
                pk=token.pk,
                name=token.name,
                kind=token.get_kind_display(),
                unit=token.unit if unit is None else unit.name,
                until=token.expires_at,
                state=state if token.revoked_at is None else "revoked",
            )
        )
    return shown
