"""What somebody sees of units not theirs, or leaves for others: no small or earlier number."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from taizhang.core.counting.fact import Submission
from tests.web.browsing import person, signed_in, soup

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
    from taizhang.web.base.cache import AnswerCache

    def is_there() -> bool:
        return AnswerCache(timezone.localdate()).has("plans", NEXT, "zh-hans")

    for asked in ({"as_of": "2026-01-05"}, {"tree": "2026-01-05"}):
        assert neighbour.get("/desk/plans/", {"unit": NEXT, **asked}).status_code == 200
        assert not is_there(), asked
    neighbour.get("/desk/plans/", {"unit": NEXT})
    assert is_there()


@pytest.mark.parametrize(
    ("day", "status"), [("0001-01-01", 400), ("9999-12-31", 400), ("nonsense", 404)]
)
def test_a_day_beyond_the_calendar_is_no_server_error(
    neighbour: Client, day: str, status: int
) -> None:
    for name in ("as_of", "tree"):
        assert neighbour.get("/", {name: day}).status_code == status


def test_the_tree_of_an_earlier_day_opens_no_unit_that_has_moved_away(district: object) -> None:
    """Who may look where is told by today's tree, whichever tree a figure is counted on."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.units.actions import File, units_import

    old, new, now = "360602001000", "360602002000", timezone.now()
    owner = user_named(None)
    head = "code,name,level,kind,parent,valid_from,valid_to\n"
    said = f"{COMMUNITY},公园社区,community,社区"
    text = f"{head}{said},{old},,2025-12-31\n{said},{new},2026-01-01,\n"
    units_import(units=File(name="units.csv", data=text.encode()), acting_user=owner, now=now)
    for unit, persons in ((COMMUNITY, 3), (NEXT, 2)):
        record_accept(record=population(unit, persons), acting_user=owner, now=now)
    for name, unit in (("chen", old), ("zhao", new)):
        person(name, "reviewer", unit)

    def shown(name: str, unit: str) -> set[str]:
        asked = {"unit": unit, "period": "2025", "key": "common.resident_population"}
        page = soup(signed_in(name).get("/figure/", asked))
        return {cell.get_text(strip=True) for cell in page.select("table td")}

    assert "3人" in shown("zhou", old)  # the district sees both, on the tree of the year's end
    assert "2人" in shown("zhou", old)
    assert not {"3人", "2人"} & shown("chen", old)
    assert "2人" in shown("chen", NEXT)  # his own community still is
    assert "3人" in shown("zhao", COMMUNITY)


def population(unit: str, persons: int) -> Submission:
    """Give a count of the residents of a unit in June 2025."""
    answers = {"counted_on": "2025-06-01", "scope": "changzhu", "persons": persons}
    return Submission(
        id=f"people-{unit}",
        form="common.population",
        unit=unit,
        date=date(2025, 6, 1),
        answers=answers,
    )
