"""Bodies on the page of the units: added, given a person, ended on a day."""

from datetime import date

import pytest

from tests.web.browsing import person, signed_in, soup, words
from tests.web.host.conftest import COMMUNITY, STREET
from tests.web.host.test_host import actions, follow

pytestmark = pytest.mark.usefixtures("office")
CENTRE = f"{STREET}-B01"
TYPED = {
    "name": "江边卫生服务中心",
    "kind": "卫生服务中心",
    "parent": f"{STREET} 江边街道",
    "may_record": "1",
    "may_own": "1",
}


def added(**changes: str) -> object:
    return signed_in("system").post("/host/bodies/add", {**TYPED, **changes})


def test_a_body_is_added_by_name_and_gets_its_code() -> None:
    from taizhang.web.units.queries import bodies

    page = soup(follow(signed_in("system"), added()))
    assert CENTRE in words(page)
    added(name="江边派出所", kind="派出所", **{"from": "2026-03-01"})
    rows = {body.code: body for body in bodies().bodies}
    assert rows[CENTRE].may_own
    assert rows[f"{STREET}-B02"].valid_from == date(2026, 3, 1)
    assert actions()[-2:] == ["body.add", "body.add"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "UNITFILE_005"),
        ({"kind": "物业公司"}, "BODY_006"),
        ({"kind": ""}, "BODY_006"),
        ({"parent": "360602009000"}, "BODY_001"),
        ({"parent": "街道"}, "UNITFILE_016"),
        ({"from": "soon"}, "HOST_008"),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_stored(changes: dict[str, str], code: str) -> None:
    from taizhang.web.units.models import Body

    assert code in words(soup(added(**changes), 422))
    assert not Body.objects.exists()


def test_a_body_ends_on_a_day_once() -> None:
    from taizhang.web.units.queries import bodies

    added()
    client = signed_in("system")
    end = {"code": CENTRE, "last_day": "2026-06-30"}
    assert client.post("/host/bodies/end", end).status_code == 302
    assert bodies().rows(CENTRE)[0].valid_to == date(2026, 6, 30)
    assert actions()[-1] == "body.end"
    again = client.post("/host/bodies/end", {**end, "last_day": "2026-07-31"})
    assert "BODY_007" in words(soup(again, 422))
    absent = client.post("/host/bodies/end", {**end, "code": f"{STREET}-B09"})
    assert "BODY_008" in words(soup(absent, 422))
    page = soup(client.get("/host/units/?day=2026-07-01"))
    assert CENTRE not in words(page)


def test_a_role_at_a_body_is_given_from_the_page_of_a_person() -> None:
    from taizhang.web.accounts.models import Grant, User

    added()
    person("bai", "viewer", COMMUNITY)
    number = User.objects.get(username="bai").pk
    security = signed_in("security")
    page = soup(security.get(f"/people/{number}/"))
    assert f"{CENTRE} {TYPED['name']}" in [o["value"] for o in page.select("#units option")]
    given = {"role": "recorder", "in": f"{CENTRE} {TYPED['name']}"}
    assert security.post(f"/people/{number}/grant", given).status_code == 302
    assert Grant.objects.filter(user=number, unit=CENTRE, role="recorder").exists()
    assert TYPED["name"] in words(soup(security.get(f"/people/{number}/")))


def test_nobody_else_adds_or_ends_a_body() -> None:
    for name in ("security", "officer", "recorder"):
        assert signed_in(name).post("/host/bodies/add", TYPED).status_code == 404
        assert signed_in(name).post("/host/bodies/end", {"code": CENTRE}).status_code == 404
