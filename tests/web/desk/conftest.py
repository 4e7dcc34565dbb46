"""A small district with the shipped packs and two records, made once and copied for each test."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from django.test import Client

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.web.browsing import PASSWORD, person, signed_in

UNITS = Path(__file__).resolve().parents[2] / "errors" / "shared" / "units.csv"
OFFICER = "zhou"
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
LECTURE = {
    "planned_on": "2026-04-01",
    "held": "yes",
    "held_on": "2026-05-12",
    "topic": "chronic",
    "audience": "elderly",
    "people": {"low": 40, "high": 60, "kind": "between"},
    "materials": [{"batch": "ZY-08", "kind": "leaflet", "copies": 55}],
    "summary": "血压怎么量 <b>&",
}


@pytest.fixture(scope="session")
def district_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Home:
    """This fixture will make the district."""
    with copy_opened(instance_template, tmp_path_factory.mktemp("district")) as home:
        _fill()
    return home


def _fill() -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    owner = user_named(None)
    person(OFFICER, "officer", password=PASSWORD)
    units = File(name="units.csv", data=UNITS.read_bytes())
    units_import(units=units, acting_user=owner, now=NOW)
    for key in ("common", "health_education"):
        path = Path(str(files("taizhang") / "packs" / key))
        pack_install(source=path, acting_user=owner, now=NOW)
    lecture = {"id": "lecture/1", "form": "health_education.lecture", "unit": "360602001001"}
    first = {**lecture, "date": "2026-05-12", "answers": LECTURE}
    second = {
        **first,
        "id": "lecture-2",
        "replaces": "lecture/1",
        "reason": "人次更正",
        "answers": {**LECTURE, "people": 52},
    }
    lines = [json.dumps(one, ensure_ascii=False).encode() for one in (first, second)]
    records_import(lines=lines, file="records.jsonl", acting_user=owner, now=NOW)


@pytest.fixture
def district(
    district_template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    with copy_opened(district_template, tmp_path) as home:
        yield home


@pytest.fixture
def browser(district: Home) -> Client:
    """This fixture will give a browser in which the district officer is signed in."""
    return signed_in(OFFICER)
