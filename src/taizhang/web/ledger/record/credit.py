"""Credits in words: what waits for a unit to confirm, and how it stands with those of a record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from taizhang.core.counting.credit import CreditState
from taizhang.core.definition.programme import Programmes
from taizhang.core.unit.tree import Tree
from taizhang.web.accounts.access import reach, within
from taizhang.web.accounts.models import User
from taizhang.web.ledger.facts.credit import answers_of, asked_since, credits_of
from taizhang.web.ledger.models import Credit, CreditAnswer, Record
from taizhang.web.ledger.record.present import gist, unit_named


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit that waits, as a line of a list; ``key`` names it in an answer."""

    key: str
    record: Record
    title: str
    home_name: str
    unit_name: str
    gist: str
    may_confirm: bool = True
    may_refuse: bool = True


def credit_key(uid: str, unit: str) -> str:
    """Name the credit of a record and a unit; an id holds no blank."""
    return f"{unit} {uid}"


def credit_rows(waiting: Iterable[Credit], programmes: Programmes, tree: Tree) -> list[CreditRow]:
    """Give credits that wait as lines of a list, in the words of their forms and of the tree."""
    rows = []
    for credit in waiting:
        record = credit.record
        form = programmes.form_in(record.form, record.pack_version)
        rows.append(
            CreditRow(
                key=credit_key(record.uid, credit.unit),
                record=record,
                title=form.title if form else record.form,
                home_name=unit_named(tree, record.unit),
                unit_name=unit_named(tree, credit.unit),
                gist=gist(form, json.loads(record.answers)),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class CreditShown:
    """How it stands with one unit that a record credits."""

    key: str
    unit: str
    unit_name: str
    state: CreditState
    words: str
    answer: CreditAnswer | None  # the last one, as it was first given
    is_kept: bool  # it was given before a correction
    may_confirm: bool
    may_refuse: bool

    @property
    def waits(self) -> bool:
        """Say whether the unit has not answered."""
        return self.state is CreditState.WAITING

    @property
    def counts(self) -> bool:
        """Say whether the record counts for the unit."""
        return self.state in (CreditState.CONFIRMED, CreditState.UNASKED)


def credits_shown(user: User, record: Record, tree: Tree, now: datetime) -> list[CreditShown]:
    """Say how it stands with each unit that a record credits, and what the user may answer."""
    if not record.with_units or record.withdraws_id is not None:
        return []
    given = answers_of([record.pk]).get(record.pk, {})
    standing = credits_of(record.credited, record.accepted_at, given, asked_since())
    reached = reach(user, "record.accept")
    stands = record.retired_at is None
    words = state_words()
    shown = []
    for unit, credit in standing.items():
        mine = stands and within(reached, unit, now)
        counts = credit.state in (CreditState.CONFIRMED, CreditState.UNASKED)
        answer, is_kept = answer_given(record, unit)
        shown.append(
            CreditShown(
                key=credit_key(record.uid, unit),
                unit=unit,
                unit_name=unit_named(tree, unit),
                state=credit.state,
                words=words[credit.state],
                answer=answer,
                is_kept=is_kept,
                may_confirm=mine and not counts and credit.until is None,
                may_refuse=mine and credit.state is not CreditState.REFUSED,
            )
        )
    return shown


def state_words() -> dict[CreditState, str]:
    """Give the words for how it stands with a unit's credit."""
    return {
        CreditState.WAITING: gettext("waits to be confirmed, and does not count there yet"),
        CreditState.CONFIRMED: gettext("confirmed, and counts there"),
        CreditState.REFUSED: gettext("refused, and does not count there"),
        CreditState.UNASKED: gettext("counts there; recorded before units were asked"),
    }


def answer_given(record: Record, unit: str) -> tuple[CreditAnswer | None, bool]:
    """Give a unit's last answer as somebody gave it, and whether that was before a correction."""
    is_kept = False
    answer = _last(record.pk, unit)
    while answer is not None and answer.kept_from_id is not None:
        earlier = _last(answer.kept_from_id, unit)
        if earlier is None:  # it was not asked then
            return answer, True
        answer, is_kept = earlier, True
    return answer, is_kept


def _last(record: int, unit: str) -> CreditAnswer | None:
    answers = CreditAnswer.objects.filter(record=record, unit=unit).select_related("answered_by")
    return answers.order_by("-pk").first()
