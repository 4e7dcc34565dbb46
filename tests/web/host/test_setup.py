"""The first start: a one-time address, three administrators, no default account."""

import re

import pytest
from django.test import Client

from taizhang.web.instance.paths import Home
from tests.web.browsing import signed_in, soup, words

pytestmark = pytest.mark.usefixtures("instance")
ASKED = {
    "host": "月湖区卫健委",
    "system": "zhang",
    "name": "张",
    "password": "a-long-word-of-tests",
    "again": "a-long-word-of-tests",
    "security": "li",
    "auditor": "zhao",
}


def anonymous() -> Client:
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def opened() -> str:
    from django.utils import timezone

    from taizhang.web.administration.actions import setup_open

    code = setup_open(timezone.now())
    assert code is not None
    return code


@pytest.mark.parametrize("address", ["/", "/people/", "/host/audit/", "/account/"])
def test_every_page_leads_to_the_page_that_says_so(address: str) -> None:
    client = anonymous()
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1] == ("/setup/", 302)
    page = soup(answer)
    assert not page.select("main form")


def test_the_address_makes_three_administrators_once() -> None:
    from taizhang.web.accounts.models import Grant, Instance, User

    code = opened()
    assert code not in Instance.objects.get().setup_digest
    client = anonymous()
    soup(client.get(f"/setup/?code={code}"))
    done = soup(client.post("/setup/", ASKED | {"code": code}))
    passwords = [one.get_text() for one in done.select("code[id^=password-]")]
    assert len(set(passwords)) == 2
    held = dict(Grant.objects.exclude(role="owner").values_list("user__username", "role"))
    assert held == {"zhang": "system", "li": "security", "zhao": "auditor"}
    assert set(Grant.objects.values_list("unit", flat=True)) == {""}
    assert User.objects.filter(must_change=True).count() == 2
    assert client.get(f"/setup/?code={code}").headers["Location"] == "/login"
    assert client.post("/setup/", ASKED | {"code": code, "system": "wu"}).status_code == 302
    assert not User.objects.filter(username="wu").exists()
    login = {"username": "zhang", "password": ASKED["password"]}
    assert client.post("/login", login).status_code == 302
    start = client.get("/")
    assert start.headers["Location"] == "/host/packs/"
    assert "月湖区卫健委" in words(soup(client.get("/host/packs/")))
    second = anonymous()
    second.post("/login", {"username": "li", "password": passwords[0]})
    assert second.get("/people/").headers["Location"].startswith("/account/password")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"password": "short", "again": "short"}, "ACCOUNT_005"),
        ({"security": "zhang"}, "ACCOUNT_004"),
        ({"auditor": "a b"}, "ACCOUNT_010"),
        ({"code": "guessed"}, "HOST_001"),
        ({"again": "another-long-word"}, None),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(wrong: dict[str, str], code: str | None) -> None:
    from taizhang.web.accounts.models import User
    from taizhang.web.audit.models import Entry

    asked = ASKED | {"code": opened()} | wrong
    before = Entry.objects.count()
    page = soup(anonymous().post("/setup/", asked), 422)
    assert code is None or code in words(page)
    assert User.objects.count() == 1
    assert Entry.objects.count() == before


def test_a_new_start_makes_the_old_address_worthless() -> None:
    old, new = opened(), opened()
    client = anonymous()
    assert "HOST_001" in words(soup(client.get(f"/setup/?code={old}"), 422))
    soup(client.get(f"/setup/?code={new}"))


def test_an_instance_with_people_gives_no_code(instance: Home) -> None:
    from django.utils import timezone

    from taizhang.web.administration.actions import setup_open
    from tests.web.browsing import person

    person("wang", "recorder", password="a-long-word-of-tests")  # noqa: S106
    assert setup_open(timezone.now()) is None
    assert signed_in("wang").get("/setup/").headers["Location"] == "/login"
    assert re.search("name=.username", anonymous().get("/login").content.decode())


def test_of_two_who_open_the_address_at_once_only_one_sets_up() -> None:
    from django.utils import timezone

    from taizhang.core.base.issue import Refused
    from taizhang.web.administration.actions import instance_set_up
    from taizhang.web.administration.code import HostCode

    code = opened()
    asked = {name: value for name, value in ASKED.items() if name != "again"}
    instance_set_up(code=code, now=timezone.now(), **asked)
    with pytest.raises(Refused) as refused:
        instance_set_up(code=code, now=timezone.now(), **asked)
    assert [issue.code for issue in refused.value.issues] == [HostCode.HOST_002]
