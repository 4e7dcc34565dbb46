"""A district whose months close by themselves, with people of every role, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.web.assess.furnish import people_add, records_add


@pytest.fixture(scope="session")
def assessing_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Home:
    """This fixture will make the district."""
    with copy_opened(instance_template, tmp_path_factory.mktemp("assessing")) as home:
        from tests.web.assess.furnish import furnish

        furnish()
        people_add()
        records_add()
    return home


@pytest.fixture
def assessing(
    assessing_template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    with copy_opened(assessing_template, tmp_path) as home:
        yield home
