"""What the tests of cases share: an instance with a kind of case and people."""

from typing import Any

import pytest

from taizhang.web.instance.paths import Home
from tests.web.cases.furnish import cases_furnish


@pytest.fixture
def owner(instance: Home) -> Any:
    """This fixture will furnish an instance and give its owner."""
    return cases_furnish()


@pytest.fixture
def any_owner(any_instance: Home) -> Any:
    """This fixture will do the same on each database."""
    return cases_furnish()
