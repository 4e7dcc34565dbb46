"""Django's description of the app."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, their numbers, states and clocks, read from accepted records."""

    name = "taizhang.web.cases"
    label = "cases"

    def ready(self) -> None:
        """Read every accepted record, answer every Book, follow units, tell the log its tables."""
        from taizhang.web.audit.sealed_rows import sealed_table_register
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.cases.book import StoredCases
        from taizhang.web.cases.models import Edition
        from taizhang.web.cases.projection import CaseProjection
        from taizhang.web.cases.sealed_text import NUMBERS
        from taizhang.web.cases.succession import CaseKeeper, units_followed
        from taizhang.web.ledger.facts.projection import projection_register
        from taizhang.web.ledger.open_book import part_register
        from taizhang.web.ledger.phone.receipt import note_register
        from taizhang.web.programmes.actions import keeper_register
        from taizhang.web.units.actions import listener_register

        sealed_table_register(NUMBERS)
        snapshot_register(Edition, "year", "known_from")
        projection_register(CaseProjection())
        part_register("cases", StoredCases)
        listener_register(units_followed)
        keeper_register(CaseKeeper())

        def notes(uid: str, now: datetime) -> Sequence[str]:
            from taizhang.web.cases.receipt import notes_of  # no other command waits for it

            return notes_of(uid, now)

        note_register(notes)
