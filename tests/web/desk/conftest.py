"""A small district with the shipped packs and two records, made once and copied for each test."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
import pytest_django
from django.test import Client

from taizhang.web.home import Home
from tests.conftest import pointed_at
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
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Home:
    """This fixture will make the district."""
    home = replace(instance_template, path=tmp_path_factory.mktemp("district") / "home")
    shutil.copytree(instance_template.path, home.path)
    with pytest.MonkeyPatch.context() as patch, pointed_at(home, patch, django_db_blocker):
        _fill()
    return home


def _fill() -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.actions import records_import
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
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    home = replace(district_template, path=tmp_path / "home")
    shutil.copytree(district_template.path, home.path)
    with pointed_at(home, monkeypatch, django_db_blocker):
        yield home


@pytest.fixture
def browser(district: Home) -> Client:
    """This fixture will give a browser in which the district officer is signed in."""
    return signed_in(OFFICER)
