"""A small district, and one person for each role of its office."""

import pytest

from taizhang.web.instance.paths import Home
from tests.web.browsing import person

DISTRICT, STREET, OTHER = "360602000000", "360602001000", "360602002000"
COMMUNITY, SIBLING = "360602001001", "360602001002"
UNITS = f"""code,name,level,kind,parent,valid_from,valid_to
{DISTRICT},月湖区,district,区县,,,
{STREET},江边街道,street,街道,{DISTRICT},,
{OTHER},交通街道,street,街道,{DISTRICT},,
{COMMUNITY},林荫社区,community,社区,{STREET},,
{SIBLING},滨江社区,community,社区,{STREET},,
"""


@pytest.fixture
def office(instance: Home) -> Home:
    """This fixture will make the district and its people: one for each role, named after it."""
    from datetime import UTC, datetime

    from taizhang.web.accounts.queries import user_named
    from taizhang.web.units.actions import File, units_import

    units_import(
        units=File(name="units.csv", data=UNITS.encode()),
        acting_user=user_named(None),
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    places = {"recorder": COMMUNITY, "reviewer": STREET, "officer": DISTRICT}
    for role, unit in places.items():
        person(role, role, unit)
    for role in ("system", "security", "auditor"):
        person(role, role)
    return instance
