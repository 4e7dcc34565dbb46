"""A small tree with the two shipped packs, for the tests of scores and decisions."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.web.ledger.furnish import CHANGES, UNITS

NOW = datetime(2026, 1, 20, 2, tzinfo=UTC)
PACKS = ("common", "health_education")


def furnish() -> Any:
    """Import the tree and install the shipped packs; give the owner."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    owner = user_named(None)
    units_import(
        units=File(name="units.csv", data=UNITS.encode()),
        changes=File(name="changes.csv", data=CHANGES.encode()),
        acting_user=owner,
        now=NOW,
    )
    for name in PACKS:
        source = Path(str(files("taizhang.packs") / name))
        pack_install(source=source, acting_user=owner, now=NOW)
    return owner
