"""The district of assessments once more, copied for each test of documents."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_django

from taizhang.web.home import Home
from tests.conftest import pointed_at
from tests.web.assess.furnish import furnish, people_add, records_add


@pytest.fixture(scope="session")
def office_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Home:
    """This fixture will make the district."""
    home = replace(instance_template, path=tmp_path_factory.mktemp("office") / "home")
    shutil.copytree(instance_template.path, home.path)
    with pytest.MonkeyPatch.context() as patch, pointed_at(home, patch, django_db_blocker):
        furnish()
        people_add()
        records_add()
    return home


@pytest.fixture
def office(
    office_template: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    home = replace(office_template, path=tmp_path / "home")
    shutil.copytree(office_template.path, home.path)
    with pointed_at(home, monkeypatch, django_db_blocker):
        yield home
