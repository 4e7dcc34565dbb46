"""What the tests of things share: an instance with kinds of things and people."""

from typing import Any

import pytest

from taizhang.web.instance.paths import Home
from tests.web.things.furnish import things_furnish


@pytest.fixture
def owner(instance: Home) -> Any:
    """This fixture will furnish an instance and give its owner."""
    return things_furnish()


@pytest.fixture
def any_owner(any_instance: Home) -> Any:
    """This fixture will do the same on each database."""
    return things_furnish()
