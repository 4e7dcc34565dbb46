"""What somebody sees of units not theirs, or leaves for others: no small or earlier number."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.browsing import person, signed_in

COMMUNITY, NEXT = "360602001001", "360602001002"
pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def neighbour(district: object) -> Client:
    """This fixture will sign in the recorder of the next community."""
    person("wang", "recorder", NEXT)
    return signed_in("wang")


@pytest.mark.parametrize("address", ["/", "/desk/plans/"])
def test_the_start_page_of_another_unit_is_not_there(neighbour: Client, address: str) -> None:
    assert neighbour.get(address).status_code == 200
    assert neighbour.get(address, {"unit": NEXT}).status_code == 200
    assert neighbour.get(address, {"unit": COMMUNITY}).status_code == 404
    assert neighbour.get(address, {"unit": "360602001000"}).status_code == 404


def test_a_formula_gives_no_outsider_what_a_figure_withholds(neighbour: Client) -> None:
    asked = {"unit": COMMUNITY, "period": "2026", "key": "common.resident_population"}
    own = {**asked, "unit": NEXT}
    assert neighbour.get("/figure/", asked).status_code == 200
    for formula in ("{} + 100", "1000 * {}", "{} >= 3", "{} / 1000"):
        key = formula.format("common.resident_population")
        assert neighbour.get("/figure/", {**own, "key": key}).status_code == 200
        assert neighbour.get("/figure/", {**asked, "key": key}).status_code == 404


def test_who_asks_about_an_earlier_day_leaves_no_answer_for_today(neighbour: Client) -> None:
    from taizhang.web.ledger.kept import Keeper

    def is_there() -> bool:
        return Keeper(timezone.localdate()).has("plans", NEXT, "zh-hans")

    for asked in ({"as_of": "2026-01-05"}, {"tree": "2026-01-05"}):
        assert neighbour.get("/desk/plans/", {"unit": NEXT, **asked}).status_code == 200
        assert not is_there(), asked
    neighbour.get("/desk/plans/", {"unit": NEXT})
    assert is_there()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "nonsense"])
def test_a_day_beyond_the_calendar_is_no_server_error(neighbour: Client, day: str) -> None:
    for name in ("as_of", "tree"):
        assert neighbour.get("/", {name: day}).status_code == 404
