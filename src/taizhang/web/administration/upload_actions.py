"""Writes of uploads that wait for a decision: kept, tried, thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.administration.models import Staged
from taizhang.web.administration.upload import upload_seal
from taizhang.web.programmes.queries import source_pack
from taizhang.web.units.actions import File, Imported, units_import

#: An upload that nobody decided on is thrown away after so long.
KEPT = timedelta(days=1)


def upload_keep(
    *, kind: str, files: Mapping[str, bytes], action: str, acting_user: User, now: datetime
) -> Staged:
    """Keep files for a day; nothing else changes, so that nothing is logged.

    :param action: what the person must be allowed to do with them later
    :raises Refused: ACCESS_001
    """
    require(acting_user, action)
    packed = source_pack(files)
    sealed = upload_seal(kind, acting_user, packed) + packed
    return Staged.objects.create(kind=kind, files=sealed, asked_by=acting_user, asked_at=now)


def upload_drop(*, kind: str, number: int, acting_user: User) -> None:
    """Throw away what was staged."""
    Staged.objects.filter(kind=kind, pk=number, asked_by=acting_user).delete()


def uploads_tidy(now: datetime) -> None:
    """Throw away what nobody decided on for a day."""
    Staged.objects.filter(asked_at__lt=now - KEPT).delete()


@transaction.atomic
def units_take(
    files: Mapping[str, bytes], *, for_good: bool, acting_user: User, now: datetime
) -> Imported:
    """Import units in full, and take it all back unless it is for good: a trial is the real thing.

    :raises Refused: as :func:`units_import` does
    """

    def file(name: str) -> File | None:
        return File(name=name, data=files[name]) if name in files else None

    done = units_import(
        units=file("units.csv"),
        changes=file("changes.csv"),
        bodies=file("bodies.csv"),
        acting_user=acting_user,
        now=now,
    )
    if not for_good:
        transaction.set_rollback(True)
    return done
