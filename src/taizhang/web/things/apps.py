"""Django's description of the app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps import AppConfig

from taizhang.core.base.issue import Issue
from taizhang.core.unit.tree import History


class ThingsConfig(AppConfig):
    """Things with numbers, names, places and due days, read from accepted records."""

    name = "taizhang.web.things"
    label = "things"

    def ready(self) -> None:
        """Read every accepted record, answer every Book, follow units, tell the log its tables.

        What this needs is loaded only when it is asked: most commands know no thing.
        """
        from taizhang.web.audit.sealed_rows import sealed_table_register
        from taizhang.web.ledger.registry import part_register, projection_register, things_register
        from taizhang.web.programmes.keeper import keeper_register
        from taizhang.web.things.sealed_text import MERGES, NUMBERS
        from taizhang.web.units.actions import listener_register

        sealed_table_register(NUMBERS)
        sealed_table_register(MERGES)
        projection_register("things", _projection)
        part_register("things", _counts)
        listener_register(_followed)
        keeper_register("things", _keeper)
        things_register(_register)


def _projection() -> Any:
    from taizhang.web.things.projection import ThingProjection

    return ThingProjection()


def _counts(history: History, today: date) -> Any:
    from taizhang.web.things.book import StoredThings

    return StoredThings(history, today)


def _followed(now: datetime) -> Iterator[Issue]:
    from taizhang.web.things.succession import units_followed

    yield from units_followed(now)


def _keeper() -> Any:
    from taizhang.web.things.succession import ThingKeeper

    return ThingKeeper()


def _register(today: date) -> Any:
    from taizhang.web.things.reference import ThingRegister

    return ThingRegister(today)
