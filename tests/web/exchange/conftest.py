"""What the tests of the exchange share: an instance with forms, and a recorder of one unit."""

from typing import Any

import pytest

from taizhang.web.instance.paths import Home
from tests.web.browsing import person
from tests.web.exchange.furnish import Phone, furnish_exchange
from tests.web.ledger.furnish import FIRST


@pytest.fixture(autouse=True)
def throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    """This fixture will have the refusals of an hour be counted anew for each test."""
    from taizhang.web.exchange import actions

    monkeypatch.setattr(actions, "THROTTLE", actions.Throttle(most_each=20, most_all=200))


@pytest.fixture
def owner(instance: Home) -> Any:
    """This fixture will furnish an instance with a recorder `wang` of the first community."""
    made = furnish_exchange()
    person("wang", "recorder", FIRST)
    return made


@pytest.fixture
def phone(owner: Any) -> Phone:
    """This fixture will give a phone that has an address of wang's."""
    return Phone("wang")
