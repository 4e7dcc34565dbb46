"""What handlers need to work on an instance: open it, know the acting user, read the clock."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from taizhang.cli.language import language

if TYPE_CHECKING:
    from taizhang.web.accounts.models import User
    from taizhang.web.instance.paths import Home


def open_instance(path: Path, *, update: bool = False) -> Home:
    """Open the instance in ``path``: Django is set up for it, nothing else runs.

    :param update: bring tables of an older version up to this one instead of refusing them
    :raises Refused: INSTANCE_… when there is none or it cannot be reached
    """
    from taizhang.web.instance.open import instance_open

    home = instance_open(path, update_at=now() if update else None)
    from django.utils import translation

    translation.activate(language())
    return home


def acting_user(args: argparse.Namespace) -> User:
    """Give the user of ``--as``, the local owner without; the instance must be open.

    :raises Refused: ACCOUNT_001
    """
    from taizhang.web.accounts.queries import user_named

    return user_named(args.user)


def now() -> datetime:
    """Read the clock; only the edge does, actions and queries are handed the moment."""
    return datetime.now(UTC)


def today() -> date:
    """Give the day it is in Shanghai."""
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date()
