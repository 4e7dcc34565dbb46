"""What both benchmarks of the ledger share: an instance with 100 communities, and records."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

NOW = datetime(2026, 1, 10, 2, tzinfo=UTC)
DISTRICT = "360602000000"
STREETS = [f"3606020{number:02d}000" for number in range(1, 11)]
COMMUNITIES = [f"{street[:9]}{number:03d}" for street in STREETS for number in range(1, 11)]
UNITS = "\n".join(
    [
        "code,name,level,kind,parent,valid_from,valid_to",
        f"{DISTRICT},区,district,市辖区,,,",
        *(f"{code},街道{code[6:9]},street,街道,{DISTRICT},," for code in STREETS),
        *(f"{code},社区{code[6:]},community,社区,{code[:9]}000,," for code in COMMUNITIES),
    ]
)


@contextmanager
def instance(database: str | None = None) -> Iterator[Any]:
    """Open a fresh instance with the tree and both shipped packs; give its home and its owner.

    :param database: a DATABASE_URL; SQLite without
    """
    with tempfile.TemporaryDirectory(prefix="tz-bench-") as folder:
        os.environ["TAIZHANG_KEYS"] = f"{folder}/keys"
        os.environ.pop("DATABASE_URL", None)
        if database is not None:
            os.environ["DATABASE_URL"] = database
        os.environ["TAIZHANG_HOME"] = f"{folder}/none"
        os.environ["DJANGO_SETTINGS_MODULE"] = "taizhang.web.settings"
        import django

        django.setup()
        from django.db import connections

        from taizhang.web.accounts.queries import user_named
        from taizhang.web.instance.open import instance_make
        from taizhang.web.programmes.actions import pack_install
        from taizhang.web.units.actions import File, units_import

        home = instance_make(Path(folder) / "home", name="", close_after=None, now=NOW)
        owner = user_named(None)
        units = File(name="units.csv", data=UNITS.encode())
        units_import(units=units, acting_user=owner, now=NOW)
        for pack in ("common", "health_education"):
            source = Path(str(files("taizhang.packs") / pack))
            pack_install(source=source, acting_user=owner, now=NOW)
        try:
            yield home, owner
        finally:
            connections.close_all()
            os.environ.pop("DATABASE_URL", None)


def record(number: int, random: Random) -> dict[str, Any]:
    """Make one record as a line says it: a lecture with two rows, a meeting or a board."""
    unit = COMMUNITIES[number % len(COMMUNITIES)]
    day = date(2025, 1, 1) + timedelta(days=random.randrange(365))
    draw = random.random()
    if draw < 0.6:
        form, answers = "health_education.lecture", _lecture(day, random)
    elif draw < 0.85:
        form, answers = "common.meeting", _meeting(day, random)
    else:
        form, answers = "common.board_issue", _board(day, random)
    return {
        "id": f"bench-{number:07d}",
        "form": form,
        "unit": unit,
        "date": day.isoformat(),
        "answers": answers,
    }


def _lecture(day: date, random: Random) -> dict[str, Any]:
    return {
        "planned_on": (day - timedelta(days=10)).isoformat(),
        "held": "yes",
        "held_on": day.isoformat(),
        "topic": random.choice(("literacy", "chronic", "infectious", "tb")),
        "audience": random.choice(("residents", "elderly", "youth")),
        "speaker": "physician",
        "place": "社区活动室",
        "people": random.randrange(10, 120),
        "materials": [
            {"batch": "ZY-01", "kind": "fold", "copies": random.randrange(10, 200)},
            {"batch": "ZY-02", "kind": "leaflet", "copies": random.randrange(10, 200)},
        ],
        "summary": "讲解后答疑，发放资料。",
    }


def _meeting(day: date, random: Random) -> dict[str, Any]:
    return {
        "held_on": day.isoformat(),
        "programme": "health",
        "kind": "regular",
        "people": random.randrange(5, 30),
        "subject": "健康教育工作例会",
    }


def _board(day: date, random: Random) -> dict[str, Any]:
    return {
        "board": f"XC-{random.randrange(1, 5):02d}",
        "changed_on": day.isoformat(),
        "programme": "health",
        "issue_no": random.randrange(1, 13),
        "subject": "合理膳食",
        "state": "in_use",
    }
