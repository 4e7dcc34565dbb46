"""A district whose months close by themselves, with people of every role, copied for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_django

from taizhang.web.home import Home
from tests.conftest import pointed_at
from tests.web.assess.furnish import people_add, records_add


@pytest.fixture(scope="session")
def assessing_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Home:
    """This fixture will make the district."""
    home = replace(instance_template, path=tmp_path_factory.mktemp("assessing") / "home")
    shutil.copytree(instance_template.path, home.path)
    with pytest.MonkeyPatch.context() as patch, pointed_at(home, patch, django_db_blocker):
        from tests.web.assess.furnish import furnish

        furnish()
        people_add()
        records_add()
    return home


@pytest.fixture
def assessing(
    assessing_template: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    home = replace(assessing_template, path=tmp_path / "home")
    shutil.copytree(assessing_template.path, home.path)
    with pointed_at(home, monkeypatch, django_db_blocker):
        yield home
