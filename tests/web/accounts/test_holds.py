"""Nobody takes a second of the three roles by resetting, giving or bringing back an account."""

from collections.abc import Callable

import pytest
from django.test import Client

from taizhang.web.instance.paths import Home
from tests.web.browsing import PASSWORD, person, signed_in, soup, words

NEW = "my-own-long-word"
ROOMS = {
    "system": "/host/settings/",
    "security": "/people/",
    "auditor": "/host/audit/",
}


@pytest.fixture(autouse=True)
def administrators(instance: Home) -> None:
    """This fixture will make the three administrators."""
    for role in ROOMS:
        person(role, role, password=PASSWORD)


def number_of(username: str) -> int:
    from taizhang.web.accounts.models import User

    return User.objects.get(username=username).pk


def secure(do: str, username: str, by: str = "security") -> str:
    """Do something to a person's account by the page; give the one-time password, if any."""
    answer = signed_in(by).post(f"/people/{number_of(username)}/secure", {"do": do})
    assert answer.status_code in (200, 302), answer.content.decode()
    shown = soup(answer).select_one("#one-time-password") if answer.status_code == 200 else None
    return shown.get_text() if shown else ""


def logged_in(username: str, password: str) -> Client:
    """Log in with a one-time password, and choose another."""
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    assert client.post("/login", {"username": username, "password": password}).status_code == 302
    given = {"old": password, "new": NEW, "again": NEW}
    assert client.post("/account/password", given).status_code == 302
    return client


def confirm(username: str, by: str) -> int:
    answer = signed_in(by).post("/people/waiting/", {"person": str(number_of(username))})
    return answer.status_code


def log_actions() -> list[str]:
    from taizhang.web.audit.models import Entry

    return list(Entry.objects.order_by("sequence").values_list("action", flat=True))


def taken(person_role: str) -> Client:
    """Take an administrator's account as a dishonest security administrator would."""
    password = secure("password", person_role)
    secure("totp", person_role)
    return logged_in(person_role, password)


@pytest.mark.parametrize(("role", "third"), [("system", "auditor"), ("auditor", "system")])
def test_an_administrator_s_account_that_was_reset_opens_nothing_until_the_third_agrees(
    role: str, third: str
) -> None:
    client = taken(role)
    assert client.get(ROOMS[role]).status_code == 404
    assert client.get("/people/waiting/").status_code == 404, "it cannot confirm itself"
    page = soup(client.get("/account/"))
    assert "等待确认" in words(page.select_one("#holds"))
    assert not [link for link in page.select("nav a") if link["href"] == ROOMS[role]]
    assert confirm(role, by="security") == 404
    assert confirm(role, by=role) == 404
    listed = soup(signed_in(third).get("/people/waiting/"))
    assert role in words(listed.main)
    assert confirm(role, by=third) == 302
    assert client.get(ROOMS[role]).status_code == 200
    assert not soup(client.get("/account/")).select_one("#holds")
    assert "没有" in words(soup(signed_in(third).get("/people/waiting/")).main)
    assert log_actions()[-1] == "hold.confirm"


@pytest.mark.parametrize("do", ["password", "totp"])
def test_each_way_to_a_foreign_account_lets_it_rest(do: str) -> None:
    from taizhang.web.accounts.access import may
    from taizhang.web.accounts.models import User

    secure(do, "system")
    assert not may(User.objects.get(username="system"), "instance.settings")
    assert confirm("system", by="auditor") == 302
    assert may(User.objects.get(username="system"), "instance.settings")


def test_the_page_says_so_to_who_resets_and_to_who_looks() -> None:
    answer = signed_in("security").post(
        f"/people/{number_of('auditor')}/secure", {"do": "password"}
    )
    assert soup(answer).select_one("#holds")
    page = soup(signed_in("security").get(f"/people/{number_of('auditor')}/"))
    assert "新的一次性密码 security" in words(page.select_one("#holds"))


def test_a_new_administrator_rests_until_another_agrees() -> None:
    person("wang", "viewer", password=PASSWORD)
    from taizhang.web.accounts.models import Grant

    grant = Grant.objects.get(user=number_of("wang")).pk
    client = signed_in("security")
    client.post(f"/people/{number_of('wang')}/grant/{grant}/end")
    for role in ("auditor", "system", "security"):
        given = client.post(f"/people/{number_of('wang')}/grant", {"role": role, "in": ""})
        assert given.status_code == 302
        assert signed_in("wang").get(ROOMS[role]).status_code == 404
        assert confirm("wang", by="wang") == 404
        assert confirm("wang", by="auditor") == 302
        assert signed_in("wang").get(ROOMS[role]).status_code == 200
        grant = Grant.objects.get(user=number_of("wang")).pk
        client.post(f"/people/{number_of('wang')}/grant/{grant}/end")


def test_an_accomplice_does_not_count_as_the_watcher_that_must_stay() -> None:
    person("wang", "viewer", password=PASSWORD)
    from taizhang.web.accounts.models import Grant

    client = signed_in("security")
    grant = Grant.objects.get(user=number_of("wang")).pk
    client.post(f"/people/{number_of('wang')}/grant/{grant}/end")
    client.post(f"/people/{number_of('wang')}/grant", {"role": "auditor", "in": ""})
    stop = client.post(f"/people/{number_of('auditor')}/secure", {"do": "stop"})
    assert "ACCOUNT_007" in words(soup(stop, 422))
    end = Grant.objects.get(user=number_of("auditor")).pk
    take = client.post(f"/people/{number_of('auditor')}/grant/{end}/end")
    assert "ACCOUNT_007" in words(soup(take, 422))
    assert confirm("wang", by="system") == 302
    stop = client.post(f"/people/{number_of('auditor')}/secure", {"do": "stop"})
    assert stop.status_code == 302


def test_a_stopped_administrator_comes_back_with_consent() -> None:
    person("second", "auditor", password=PASSWORD)
    secure("stop", "second")
    secure("return", "second")
    assert signed_in("second").get("/host/audit/").status_code == 404
    assert confirm("second", by="auditor") == 302
    assert signed_in("second").get("/host/audit/").status_code == 200


def test_people_who_work_are_helped_at_once() -> None:
    person("li", "recorder", password=PASSWORD)
    secure("password", "li")
    secure("totp", "li")
    assert "li" not in words(soup(signed_in("auditor").get("/people/waiting/")).main)
    address = f"/people/{number_of('li')}/"
    assert not soup(signed_in("security").get(address)).select_one("#holds")


def test_what_waits_for_nothing_is_refused() -> None:
    for number in ("", "x", "0", "9" * 30, str(number_of("system"))):
        answer = signed_in("auditor").post("/people/waiting/", {"person": number})
        assert "ACCOUNT_013" in words(soup(answer, 422))


def test_who_asked_cannot_confirm_with_a_role_got_since() -> None:
    from taizhang.web.accounts.models import Grant

    secure("password", "system")
    Grant.objects.filter(user=number_of("security")).update(role="auditor")
    answer = signed_in("security").post("/people/waiting/", {"person": str(number_of("system"))})
    assert "ACCOUNT_014" in words(soup(answer, 422))
    listed = soup(signed_in("security").get("/people/waiting/"))
    assert not listed.select("main form")


def test_the_database_itself_keeps_a_second_person() -> None:
    from django.db import IntegrityError, transaction
    from django.utils import timezone

    from taizhang.web.accounts.models import Hold

    secure("password", "system")
    for who in ("security", "system"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.update(confirmed_by=number_of(who), confirmed_at=timezone.now())


def test_the_log_keeps_what_waits() -> None:
    from taizhang.web.accounts.models import Grant, Hold, User
    from taizhang.web.audit.verify import verify
    from tests.web.browsing import vouch

    vouch(User, Grant)
    secure("password", "system")
    assert verify().issues == ()
    Hold.objects.update(asked_by=number_of("auditor"))
    assert [issue.code.name for issue in verify().issues] == ["AUDIT_008"]
    Hold.objects.all().delete()
    assert [issue.code.name for issue in verify().issues] == ["AUDIT_014"]


@pytest.fixture
def command(instance: Home) -> Callable[..., int]:
    """This fixture will run a command on the instance as the local owner."""
    from taizhang.cli import main

    return lambda *words: main([*words, "--home", str(instance.path)])


@pytest.mark.parametrize(("first", "second"), [("system", "auditor"), ("auditor", "system")])
@pytest.mark.parametrize("do", ["password", "totp"])
def test_one_of_the_watchers_stays_at_work(first: str, second: str, do: str) -> None:
    secure("password", first)
    before = signed_in(second), log_actions()
    refused = signed_in("security").post(f"/people/{number_of(second)}/secure", {"do": do})
    assert "ACCOUNT_015" in words(soup(refused, 422))
    assert before[0].get(ROOMS[second]).status_code == 200, "neither logged out nor at rest"
    assert "password.reset" not in log_actions()[len(before[1]) :]
    secure(do, first)  # who rests already may be helped again
    assert confirm(first, by=second) == 302
    secure(do, second)
    assert confirm(second, by=first) == 302


def test_who_cannot_log_in_or_rests_is_no_watcher() -> None:
    from taizhang.web.accounts.models import User

    person("second", "auditor", password=PASSWORD)
    secure("password", "auditor")
    secure("password", "system")
    refused = signed_in("security").post(
        f"/people/{number_of('second')}/secure", {"do": "password"}
    )
    assert "ACCOUNT_015" in words(soup(refused, 422)), "the second auditor is the last one"
    assert confirm("system", by="second") == 302
    User.objects.filter(username="system").update(is_active=False)
    refused = signed_in("security").post(f"/people/{number_of('second')}/secure", {"do": "totp"})
    assert "ACCOUNT_015" in words(soup(refused, 422))


def test_the_owner_helps_where_the_other_one_is_away(command: Callable[..., int]) -> None:
    from taizhang.web.accounts.access import may
    from taizhang.web.accounts.models import User

    secure("password", "auditor")
    assert command("people", "password", "system", "--as", "security") == 1
    assert command("people", "password", "system") == 0
    assert command("people", "confirm", "auditor") == 0
    assert may(User.objects.get(username="auditor"), "audit.read")
    assert may(User.objects.get(username="system"), "instance.settings")
    assert command("people", "confirm", "auditor") == 1


def test_what_the_owner_resets_waits_for_nobody(command: Callable[..., int]) -> None:
    from taizhang.web.accounts.access import may
    from taizhang.web.accounts.models import User

    assert command("people", "password", "auditor") == 0
    assert may(User.objects.get(username="auditor"), "audit.read")
    assert command("people", "password", "auditor", "--as", "security") == 0
    assert not may(User.objects.get(username="auditor"), "audit.read")
    assert command("people", "confirm", "auditor", "--as", "security") == 1
    assert command("people", "confirm", "auditor", "--as", "system") == 0


def test_one_room_of_the_menu_is_where_one_stands() -> None:
    for address in ("/people/waiting/", "/people/", "/host/settings/"):
        page = soup(signed_in("system").get(address))
        here = {link["href"] for link in page.select("nav a[aria-current]")}
        assert here == {address}
