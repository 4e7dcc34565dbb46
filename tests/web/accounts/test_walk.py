"""Every address, for every role, at every place: nothing opens but what the table allows.

Who may open what is written by hand in ``doors.txt``, never taken from the doors under test.  What
stands for the parameters of an address, and what its form must hold, is said in ``world.py``.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import timezone

from taizhang.web.accounts.access import ALLOWED, SEPARATED
from taizhang.web.accounts.models import Role, User
from taizhang.web.accounts.permission import PUBLIC, SIGNED_IN, Door
from taizhang.web.accounts.routes import DOORLESS, Page, pages
from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.web.accounts import world
from tests.web.accounts.doors import KEY, NONE, OPEN, UNITS, entries, faults, roles_of
from tests.web.accounts.world import (
    COMMUNITY,
    DATA,
    PLACES,
    REACHED,
    VALUES,
    Value,
    data_of,
    furnish,
    value_of,
)

PAGES = [one for one in pages() if one.door is not None]
#: Pages that ask for an action; each of their doors is weakened once.
GUARDED = [one for one in PAGES if one.door and one.door.action not in (PUBLIC, SIGNED_IN)]
#: Codes by which what is refused says that it was not allowed, or looks absent.
SHUT = ("ACCESS_001", "CREDIT_001", "OFFICE_001", "OFFICE_006", "RECORD_022")
#: Devices that are no browser prove who they are in each request; nothing rides on a cookie.
NO_TOKEN = {"exchange:submission", "exchange:key_submission"}
PEOPLE = [
    (role, place)
    for role in Role
    if role is not Role.OWNER
    for place in (("whole",) if role in SEPARATED else PLACES)
]


@pytest.fixture(scope="module")
def district(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Iterator[dict[str, str]]:
    """This fixture will make the district with one of everything, and sign everybody in.

    All walks share it: what a request writes is taken back.
    """
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick, copy_opened(instance_template, tmp_path_factory.mktemp("world")):
        furnish()
        cookies = {}
        for user in User.objects.all():
            client = browser(user)
            client.get("/account/")  # the session notes when it began
            cookies[user.username] = client.cookies["sessionid"].value
        yield cookies


@lru_cache
def _handler(csrf: bool) -> ClientHandler:
    """Give one stack of middleware for all browsers: each would look through all static files."""
    return ClientHandler(csrf)


def browser(user: User | None = None, *, csrf: bool = False) -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.handler = _handler(csrf)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def again(cookie: str) -> Client:
    """Give a browser with the session of before, whatever another browser did to its own."""
    client = browser()
    client.cookies["sessionid"] = cookie
    return client


def values(page: Page) -> dict[str, Value]:
    found = {name: value_of(page.name, name) for name in page.parameters}
    unknown = sorted(name for name, value in found.items() if value is None)
    assert not unknown, f"{page.name}: say in world.VALUES what stands for {', '.join(unknown)}"
    return {name: value for name, value in found.items() if value is not None}


def ask(
    client: Client, page: Page, method: str, user: User, *, absent: bool = False, **headers: str
) -> HttpResponse:
    """Ask for a page with what stands for its parameters, as belongs to ``user``.

    :param absent: with what names nothing in the place of what is bound to the community
    """
    assert page.door is not None
    filled = {
        name: value.absent if absent and value.bound else value.make(user)
        for name, value in values(page).items()
    }
    data = ({"unit": COMMUNITY} if page.door.unit == "query" else {}) | data_of(page.name)
    if data.get("unit") == world.HOME:
        data["unit"] = user.grants.get().unit
    address, sent = reverse(page.name, kwargs=filled), urlencode(data)
    if method in ("GET", "HEAD"):
        return client.generic(method, address, QUERY_STRING=sent, headers=headers)
    kind = "application/x-www-form-urlencoded"
    return client.generic(method, address, data=sent, content_type=kind, headers=headers)


def opens(page: Page, role: Role, place: str) -> bool:
    """Say what the table promises, whatever the door of the page says."""
    entry = entries()[page.name]
    if entry.action in OPEN:
        return True
    if role.value not in roles_of()[entry.action]:
        return False
    if entry.unit == "whole":
        return place == "whole"
    is_bound = any(one.bound for one in values(page).values())
    if entry.unit == "reach" and not is_bound:
        return True
    asked = data_of(page.name).get("unit", COMMUNITY) if entry.unit == "asked" else COMMUNITY
    return asked in REACHED[place]


def came_in(answer: HttpResponse) -> bool:
    """Tell by the answer whether the person came in; what a form lacks is said inside (422)."""
    assert answer.status_code < 500, answer.content.decode(errors="replace")[:2000]
    if answer.status_code == 422 and b"ACCESS_001" in answer.content:
        return False
    return answer.status_code not in (401, 403, 404, 405)


def is_shut(page: Page, user: User, cookie: str, method: str, answer: HttpResponse) -> bool:
    """Tell whether an answer gives away nothing: the page is absent, or so is what it names."""
    if not came_in(answer):
        return True
    if answer.status_code != 422 or not any(one.bound for one in values(page).values()):
        return False
    absent = ask(again(cookie), page, method, user, absent=True)
    return absent.status_code == 422 and _said(answer) == _said(absent)


def _said(answer: HttpResponse) -> str:
    """Give the words of a refusal, whatever it names."""
    page = BeautifulSoup(answer.content, "html.parser")
    return re.sub(r"[\w./-]*\d[\w./-]*", "", page.main.get_text(" "))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_opens_for_whom_the_table_names(page: Page, district: dict[str, str]) -> None:
    assert page.door is not None
    wrong = []
    for role, place in PEOPLE:
        user = User.objects.get(username=f"{role.value}-{place}")
        for method in page.door.methods:
            expected = opens(page, role, place)
            cookie = district[user.username]
            with transaction.atomic():
                answer = ask(again(cookie), page, method, user)
                right = came_in(answer) or page.door.action == PUBLIC
                if not expected:
                    right = is_shut(page, user, cookie, method, answer)
                transaction.set_rollback(True)
            if not right:
                says = "must come in" if expected else "must not come in"
                wrong.append(f"{role.value} at {place} {says}: {method} {answer.status_code}")
    hint = " (a form or query that means nothing without fields: world.DATA)"
    assert not wrong, f"{page.address}{hint}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.usefixtures("district")
def test_a_page_is_shut_to_strangers_to_wrong_methods_and_without_a_token(page: Page) -> None:
    assert page.door is not None
    li = User.objects.get(username="li")
    for method in page.door.methods:
        if page.door.action != PUBLIC:
            with transaction.atomic():
                shown = ask(browser(), page, method, li)
                data = ask(browser(), page, method, li, accept="application/json")
                transaction.set_rollback(True)
            assert (shown.status_code, data.status_code) == (302, 401)
            assert shown.headers["Location"].startswith("/login")
        if method not in ("GET", "HEAD") and page.name not in NO_TOKEN:
            with transaction.atomic():
                answer = ask(browser(li, csrf=True), page, method, li)
                transaction.set_rollback(True)
            assert answer.status_code == 403, "a request from another site must not act"
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(page.door.methods):
        with transaction.atomic():
            answer = ask(browser(li), page, method, li)
            transaction.set_rollback(True)
        assert answer.status_code == 405, method


@pytest.mark.parametrize(
    "page",
    [
        one
        for one in PAGES
        if any(value and value.owned for value in (value_of(one.name, p) for p in one.parameters))
    ],
    ids=lambda page: page.name,
)
@pytest.mark.usefixtures("district")
def test_what_is_one_s_own_is_absent_for_everybody_else(page: Page) -> None:
    assert page.door is not None
    role, place = next(one for one in PEOPLE if opens(page, *one))
    mine = User.objects.get(username=f"{role.value}-{place}")
    for method in page.door.methods:
        with transaction.atomic():
            theirs = User.objects.create(username="another")
            for grant in mine.grants.all():
                grant.pk, grant.user = None, theirs
                grant.save()
            own = ask(browser(mine), page, method, mine)
            other = ask(browser(theirs), page, method, mine)
            transaction.set_rollback(True)
        assert came_in(own)
        assert other.status_code == 404


def test_every_door_is_the_one_that_the_table_names() -> None:
    assert list(faults(pages())) == []


def test_every_action_is_of_the_roles_that_the_table_names() -> None:
    held = {
        action: frozenset(role.value for role, may in ALLOWED.items() if action in may)
        for action in frozenset[str]().union(*ALLOWED.values()) - {"*"}
    }
    assert held == roles_of()
    assert [role for role, may in ALLOWED.items() if "*" in may] == [Role.OWNER]


def weaker(door: Door) -> Iterator[Door | None]:
    """Give the doors that let more people in, or let them do more, than ``door``."""
    yield None
    yield replace(door, action=PUBLIC)
    yield replace(door, action=SIGNED_IN)
    yield from (replace(door, unit=unit) for unit in UNITS.values() if unit != door.unit)
    for action in roles_of():
        if roles_of()[action] - roles_of()[door.action]:
            yield replace(door, action=action)
    if "POST" not in door.methods:
        yield replace(door, methods=(*door.methods, "POST"))


@pytest.mark.parametrize("page", GUARDED, ids=lambda page: page.name)
def test_a_weakened_door_is_noticed(page: Page) -> None:
    assert page.door is not None
    others = [one for one in pages() if one.name != page.name]
    for door in weaker(page.door):
        told = list(faults([*others, replace(page, door=door)]))
        assert [one.partition(": ")[0] for one in told] == [page.name], door


def test_a_page_that_the_table_does_not_know_is_noticed() -> None:
    new = replace(PAGES[0], name="desk:new")
    assert [one.partition(": ")[0] for one in faults([*pages(), new])] == ["desk:new"]
    assert [one.partition(": ")[0] for one in faults(pages()[1:])] == [pages()[0].name]


@pytest.mark.parametrize(
    "page", [one for one in GUARDED if entries()[one.name].twice], ids=lambda page: page.name
)
def test_behind_the_door_it_is_asked_once_more(page: Page, district: dict[str, str]) -> None:
    door = page.door
    assert door is not None
    strangers = [one for one in PEOPLE if not opens(page, *one)]
    wrong = []
    for role, place in dict(strangers).items():
        user = User.objects.get(username=f"{role.value}-{place}")
        cookie = district[user.username]
        for method in door.methods:
            with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
                # Whoever is signed in passes every door.
                patch.setattr(
                    "taizhang.web.accounts.permission._may_pass", lambda door, request, named: True
                )
                answer = ask(again(cookie), page, method, user)
                told = answer.content.decode(errors="replace")
                is_refused = answer.status_code == 422 and any(one in told for one in SHUT)
                if not is_refused and not is_shut(page, user, cookie, method, answer):
                    wrong.append(f"{role.value} at {place}: {method} {answer.status_code}")
                transaction.set_rollback(True)
    assert strangers
    assert wrong == []


KEYED = [one for one in PAGES if entries()[one.name].action == KEY]


def _answer(page: Page, secret: str = "", *, secure: bool = False, basic: str = "") -> HttpResponse:
    """Ask for a page of programs by its first method, as a program does: without a cookie."""
    named = {"form": "health_education.lecture", "name": "a.csv", "secret": secret}
    address = reverse(page.name, kwargs={one: named[one] for one in page.parameters})
    scheme = "https" if secure else "http"
    headers = {"authorization": f"Basic {b64encode(basic.encode()).decode()}"} if basic else {}
    method = entries()[page.name].methods[0]
    extra = {"wsgi.url_scheme": scheme}
    return browser().generic(method, address, headers=headers, secure=secure, **extra)


@pytest.mark.parametrize("page", KEYED, ids=lambda page: page.name)
@pytest.mark.usefixtures("district")
def test_a_program_needs_the_key_that_its_page_asks_for(page: Page) -> None:
    from taizhang.web.exchange.actions import token_make
    from taizhang.web.exchange.models import Kind, Token

    li = User.objects.get(username="li")
    said = {"name": "a", "unit": COMMUNITY, "days": 30, "acting_user": li, "now": timezone.now()}
    with transaction.atomic():
        secrets = {kind: token_make(kind=kind, **said)[1] for kind in Kind}
        if "secret" not in page.parameters:
            password = "a-long-word-of-tests"  # noqa: S105 - of a made-up person
            right = _answer(page, secure=True, basic=f"li:{password}")
            assert came_in(right) or right.status_code == 404  # a form without lists
            assert _answer(page).status_code == 403, "never without encryption"
            assert _answer(page, basic=f"li:{password}").status_code == 403
            for basic in ("", "li:wrong", "li:", "nobody:x"):
                assert _answer(page, secure=True, basic=basic).status_code == 401
        else:
            kind = Kind.CALENDAR if page.name == "exchange:ical" else Kind.PHONE
            right = _answer(page, secrets[kind])
            assert came_in(right) or right.status_code == 404
            for other in set(Kind) - {kind}:
                assert _answer(page, secrets[other]).status_code == 403
            assert _answer(page, "nobody").status_code == 403
            long_ago = datetime(2020, 1, 1, tzinfo=UTC)
            held = Token.objects.filter(kind=kind, user=li)
            for row, change in (
                (held, {"revoked_at": timezone.now()}),
                (held, {"made_at": long_ago, "expires_at": long_ago + timedelta(days=1)}),
                (User.objects.filter(pk=li.pk), {"is_active": False}),
                (User.objects.filter(pk=li.pk), {"must_change": True}),
                (li.grants.all(), {"role": Role.AUDITOR.value, "unit": ""}),
            ):
                point = transaction.savepoint()
                assert row.update(**change)
                assert _answer(page, secrets[kind]).status_code == 403, change
                transaction.savepoint_rollback(point)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "path",
    ["", "web/", "../settings.py", "%2e%2e/settings.py", "../../pyproject.toml", "nothing.css"],
)
def test_static_files_are_those_of_the_pages_and_no_list_of_them(path: str) -> None:
    assert browser().get(f"/static/{path}").status_code == 404


def test_every_view_has_a_door_and_a_name() -> None:
    found = pages()
    assert len(found) > 50
    without = {one.name for one in found if one.door is None}
    assert without == {name for name, one in entries().items() if one.action == NONE}
    assert without == DOORLESS, "put @page(...) before these views"
    assert [one.address for one in found if one.name.endswith("None")] == []
    names = [one.name for one in found]
    assert sorted(set(names)) == sorted(names), "each address has a name of its own"


def test_a_page_that_asks_for_the_unit_in_its_address_has_one_there() -> None:
    for one in PAGES:
        assert entries()[one.name].unit != "address" or "code" in one.parameters, one.name


def test_what_stands_for_parameters_stands_for_one() -> None:
    asked = {(one.name, name) for one in PAGES for name in one.parameters}
    used = set()
    for page, name in asked:
        space = page.partition(":")[0]
        keys = (f"{page}:{name}", f"{space}:*:{name}", name)
        used.add(next((key for key in keys if key in VALUES), None))
    assert set(VALUES) - used == set()
    assert set(DATA) - {one.name for one in PAGES} == set()


@pytest.mark.usefixtures("district")
def test_the_owner_at_the_command_line_cannot_log_in() -> None:
    client = browser()
    for password in ("", "owner", world.LECTURE["summary"]):
        answer = client.post("/login", {"username": "owner", "password": password})
        assert answer.status_code == 422
