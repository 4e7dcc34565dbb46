"""The district of assessments once more, copied for each test of documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.web.assess.furnish import furnish, people_add, records_add


@pytest.fixture(scope="session")
def office_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Home:
    """This fixture will make the district."""
    with copy_opened(instance_template, tmp_path_factory.mktemp("office")) as home:
        furnish()
        people_add()
        records_add()
    return home


@pytest.fixture
def office(
    office_template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    with copy_opened(office_template, tmp_path) as home:
        yield home
