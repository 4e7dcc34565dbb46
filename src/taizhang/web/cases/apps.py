"""Django's description of the app."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.apps import AppConfig

from taizhang.core.base.issue import Issue
from taizhang.core.unit.tree import History


class CasesConfig(AppConfig):
    """Cases, their numbers, states and clocks, read from accepted records."""

    name = "taizhang.web.cases"
    label = "cases"

    def ready(self) -> None:
        """Read every accepted record, answer every Book, follow units, tell the log its tables.

        What this needs is loaded only when it is asked: most commands know no case.
        """
        from taizhang.web.audit.sealed_rows import sealed_table_register
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.cases.models import Edition
        from taizhang.web.cases.sealed_text import NUMBERS
        from taizhang.web.ledger.registry import (
            aside_register,
            note_register,
            part_register,
            projection_register,
        )
        from taizhang.web.programmes.keeper import keeper_register
        from taizhang.web.units.actions import listener_register

        sealed_table_register(NUMBERS)
        snapshot_register(Edition, "year", "known_from")
        projection_register("cases", _projection)
        part_register("cases", _counts)
        listener_register(_followed)
        keeper_register("cases", _keeper)
        note_register(_notes)
        aside_register(_aside)


def _projection() -> Any:
    from taizhang.web.cases.projection import CaseProjection

    return CaseProjection()


def _counts(history: History, today: date) -> Any:
    from taizhang.web.cases.book import StoredCases

    return StoredCases(history, today)


def _followed(now: datetime) -> Iterator[Issue]:
    from taizhang.web.cases.succession import units_followed

    yield from units_followed(now)


def _keeper() -> Any:
    from taizhang.web.cases.succession import CaseKeeper

    return CaseKeeper()


def _notes(uid: str, now: datetime) -> Sequence[str]:
    from taizhang.web.cases.receipt import notes_of

    return notes_of(uid, now)


def _aside(uid: str, user: Any, now: datetime) -> Any:
    from taizhang.web.cases.record_case import aside_of

    return aside_of(uid, user, now)
