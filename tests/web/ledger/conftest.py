"""What the ledger's tests share: an instance with a small tree and the trial pack."""

from typing import Any

import pytest

from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import furnish


@pytest.fixture
def owner(instance: Home) -> Any:
    """This fixture will furnish an instance and give its owner."""
    return furnish()


@pytest.fixture
def any_owner(any_instance: Home) -> Any:
    """This fixture will do the same on each database, for what the database decides."""
    return furnish()
