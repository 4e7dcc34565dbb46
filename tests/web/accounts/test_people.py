"""People: who adds them, who gives roles, who helps when somebody is stuck."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.web.browsing import person, signed_in, soup, words

pytestmark = pytest.mark.usefixtures("tree_of_units")
COMMUNITY = "360602001001"


@pytest.fixture
def tree_of_units(instance: object) -> None:
    """This fixture will import a district, and make its three administrators."""
    from datetime import UTC, datetime

    from taizhang.web.accounts.queries import user_named
    from taizhang.web.units.actions import File, units_import

    text = (
        "code,name,level,kind,parent,valid_from,valid_to\n"
        "360602000000,月湖区,district,区县,,,\n"
        "360602001000,江边街道,street,街道,360602000000,,\n"
        f"{COMMUNITY},林荫社区,community,社区,360602001000,,\n"
    )
    units_import(
        units=File(name="units.csv", data=text.encode()),
        acting_user=user_named(None),
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    for role in ("system", "security", "auditor"):
        person(role, role, password="a-long-word-of-tests")  # noqa: S106


def number_of(username: str) -> int:
    from taizhang.web.accounts.models import User

    return User.objects.get(username=username).pk


def added(username: str = "wang") -> str:
    """Add a person by the page; give the password that it shows."""
    page = soup(signed_in("system").post("/people/add", {"username": username, "name": "王"}))
    return page.select_one("#one-time-password").get_text()


def give(role: str, unit: str = "", username: str = "wang") -> HttpResponse:
    address = f"/people/{number_of(username)}/grant"
    whole = {} if unit else {"whole": "1"}
    return signed_in("security").post(address, {"role": role, "in": unit, **whole})


def test_a_role_for_every_unit_is_given_on_purpose_only() -> None:
    added()
    address = f"/people/{number_of('wang')}/grant"
    said = signed_in("security").post(address, {"role": "recorder", "in": ""})
    assert said.status_code == 422
    assert "请选择单位" in words(soup(said, 422))
    assert give("recorder").status_code == 302


def log_actions() -> list[str]:
    from taizhang.web.audit.models import Entry

    return list(Entry.objects.order_by("sequence").values_list("action", flat=True))


def test_one_adds_another_gives_the_role_and_the_person_begins() -> None:
    password = added()
    assert "wang" in words(soup(signed_in("security").get("/people/?search=wa")))
    assert give("recorder", f"{COMMUNITY} 林荫社区").status_code == 302
    client = Client(headers={"host": "localhost"})
    client.post("/login", {"username": "wang", "password": password})
    new = "my-own-long-word"
    changed = client.post("/account/password", {"old": password, "new": new, "again": new})
    assert changed.status_code == 302
    page = words(soup(client.get("/account/")))
    assert "林荫社区" in page
    assert log_actions()[-3:] == ["user.add", "grant.change", "password.change"]


@pytest.mark.parametrize("name", ["a", "a b", "<b>", "x" * 151, "", "a/b"])
def test_a_name_that_cannot_be_typed_is_refused(name: str) -> None:
    answer = signed_in("system").post("/people/add", {"username": name})
    assert "ACCOUNT_010" in words(soup(answer, 422))


def test_a_name_is_given_once_whatever_its_case() -> None:
    added("wang")
    answer = signed_in("system").post("/people/add", {"username": "WANG"})
    assert "ACCOUNT_004" in words(soup(answer, 422))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("system", "security"),
        ("security", "auditor"),
        ("auditor", "recorder"),
        ("recorder", "auditor"),
        ("viewer", "system"),
    ],
)
def test_the_administrators_stay_apart(first: str, second: str) -> None:
    added()
    assert give(first).status_code == 302
    assert "ACCOUNT_003" in words(soup(give(second), 422))
    page = soup(signed_in("security").get(f"/people/{number_of('wang')}/"))
    assert len(page.select("ul.rows .tag")) == 1


def test_what_cannot_be_given_is_said() -> None:
    added()
    assert "ACCOUNT_002" in words(soup(give("recorder", "999999999999"), 422))
    assert "ACCOUNT_011" in words(soup(give("auditor", COMMUNITY), 422))
    assert "ACCOUNT_006" in words(soup(give("owner"), 422))
    assert give("emperor").status_code == 404
    assert give("recorder", COMMUNITY).status_code == 302
    assert give("lead", COMMUNITY).status_code == 302
    owner = number_of("owner")
    assert signed_in("security").get(f"/people/{owner}/").status_code == 404
    assert signed_in("security").post(f"/people/{owner}/secure", {"do": "stop"}).status_code == 404


def test_the_last_administrator_of_a_kind_stays() -> None:
    from taizhang.web.accounts.models import Grant

    client = signed_in("security")
    for role in ("system", "security", "auditor"):
        number, grant = number_of(role), Grant.objects.get(role=role).pk
        stop = client.post(f"/people/{number}/secure", {"do": "stop"})
        assert "ACCOUNT_007" in words(soup(stop, 422))
        take = client.post(f"/people/{number}/grant/{grant}/end")
        assert "ACCOUNT_007" in words(soup(take, 422))
    person("second", "auditor", password="a-long-word-of-tests")  # noqa: S106
    stop = client.post(f"/people/{number_of('auditor')}/secure", {"do": "stop"})
    assert stop.status_code == 302


def test_a_role_is_taken_back_once() -> None:
    from taizhang.web.accounts.access import may
    from taizhang.web.accounts.models import Grant, User

    added()
    give("recorder", COMMUNITY)
    user = User.objects.get(username="wang")
    assert may(user, "record.accept", COMMUNITY)
    address = f"/people/{user.pk}/grant/{Grant.objects.get(user=user).pk}/end"
    client = signed_in("security")
    assert client.post(address).status_code == 302
    assert not may(user, "record.accept", COMMUNITY)
    assert "ACCOUNT_012" in words(soup(client.post(address), 422))


def test_who_got_stuck_is_helped_and_who_left_is_stopped() -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from taizhang.web.accounts.models import User

    added()
    user = User.objects.get(username="wang")
    TOTPDevice.objects.create(user=user, confirmed=True)
    address = f"/people/{user.pk}/secure"
    client = signed_in("security")
    theirs = signed_in("wang")
    shown = soup(client.post(address, {"do": "password"})).select_one("#one-time-password")
    user.refresh_from_db()
    assert user.check_password(shown.get_text())
    assert theirs.get("/account/").status_code == 302, "their sessions ended"
    client.post(address, {"do": "totp"})
    assert not TOTPDevice.objects.exists()
    client.post(address, {"do": "stop"})
    assert "wang" in words(soup(client.get("/people/?stopped=1")))
    assert signed_in("wang").get("/account/").status_code == 302
    client.post(address, {"do": "return"})
    assert signed_in("wang").get("/account/").headers["Location"].startswith("/account/password")
    assert client.post(address, {"do": "promote"}).status_code == 404
    assert log_actions()[-4:] == ["password.reset", "totp.remove", "user.stop", "user.return"]


@pytest.mark.parametrize("who", ["system", "auditor"])
def test_only_the_security_administrator_secures_and_gives(who: str) -> None:
    added()
    number = number_of("wang")
    client = signed_in(who)
    assert client.post(f"/people/{number}/grant", {"role": "recorder"}).status_code == 404
    assert client.post(f"/people/{number}/secure", {"do": "password"}).status_code == 404


def test_the_system_administrator_cannot_give_a_role_by_adding(instance: object) -> None:
    from django.utils import timezone

    from taizhang.core.base.issue import Refused
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role, User

    with pytest.raises(Refused):
        user_add(
            username="wu",
            name="",
            role=Role.SECURITY,
            unit="",
            acting_user=User.objects.get(username="system"),
            now=timezone.now(),
        )


def test_the_demonstration_has_a_person_for_each_role_who_may_log_in() -> None:
    from django.utils import timezone

    from taizhang.demo.people import PASSWORD, PEOPLE, people_add, people_there
    from taizhang.web.accounts.models import Instance, Role, User
    from taizhang.web.accounts.queries import user_named

    User.objects.exclude(username="owner").delete()
    people_add(user_named(None), timezone.now())
    assert {one.role for one in PEOPLE} == {one.value for one in Role} - {"owner"}
    assert people_there() == [], "an instance of real people never prints a password"
    Instance.objects.update(synthetic=True)
    assert [one for one, _ in people_there()] == list(PEOPLE)
    client = Client(headers={"host": "localhost"})
    done = client.post("/login", {"username": "officer", "password": PASSWORD})
    assert done.status_code == 302
