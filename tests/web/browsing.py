"""What tests of pages share: a signed-in client, a page held to what every page owes, a log-in."""

import contextlib
import re
import threading
from types import ModuleType

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page

PASSWORD = "a-long-word-of-tests"  # noqa: S105 - of made-up people


def signed_in(username: str) -> Client:
    """Give a browser in which that person is signed in."""
    from taizhang.web.accounts.models import User

    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def person(username: str, role: str, unit: str = "", *, password: str | None = None) -> None:
    """Make a person with one role; with a password where a real browser has to log in."""
    from taizhang.web.accounts.models import Grant, User

    user = User(username=username, name=username)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    Grant.objects.create(user=user, role=role, unit=unit)


def vouch(*tables: type[Model]) -> None:
    """Take rows that a test wrote past the actions into the log."""
    from django.utils import timezone

    from taizhang.web.audit.actions import audit_append

    rows = {model: list(model.objects.values_list("pk", flat=True)) for model in tables}
    with transaction.atomic():
        audit_append(actor=None, action="audit.cover", objects=[], rows=rows, now=timezone.now())


def meeting(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
    """Have two writers of a module wait for each other between their look and their end.

    Where a lock keeps the second from looking, the first goes on after a moment.
    """
    meet, real = threading.Barrier(2), module.audit_append

    def append(**given: object) -> object:
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(2)
        return real(**given)

    monkeypatch.setattr(module, "audit_append", append)


def log_in(page: Page, address: str, username: str, password: str = PASSWORD) -> None:
    """Log in by the page that people see."""
    page.goto(f"{address}/login")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("main button.main")
    page.wait_for_url(lambda url: "/login" not in url)


def parsed(response: HttpResponse) -> BeautifulSoup:
    """Parse a page with its blanks as a reader sees them.

    A line break of the template shows as one blank, and as none at the edge of an element.
    """
    page = BeautifulSoup(response.content, "html.parser")
    for text in page.find_all(string=re.compile(r"\n")):
        if text.parent.name in ("textarea", "pre", "code", "script"):
            continue
        words = re.sub(r"\s+", " ", text)
        words = words if text.previous_sibling else words.lstrip()
        text.replace_with(words if text.next_sibling else words.rstrip())
    return page


def soup(response: HttpResponse, status: int = 200) -> BeautifulSoup:
    """Parse a page and hold it to what every page owes its reader."""
    assert response.status_code == status, response.content.decode()[:2000]
    page = parsed(response)
    assert page.html["lang"] in ("zh-Hans", "en")
    assert page.title.get_text(strip=True)
    assert len(page.find_all("main")) == 1
    assert len(page.find_all("h1")) >= 1
    assert page.select_one("a.skip")["href"] == "#content"
    assert page.find(id="content")
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for tag in page.find_all(True):
        assert not tag.has_attr("style"), tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("src", "href", "action"):
            assert not re.match(r"(https?:)?//", str(tag.get(name, ""))), tag
    assert not page.find_all(["style", "iframe"])
    for script in page.find_all("script"):
        assert script.get("src") or script.get("type") == "application/json", script
    for field in page.find_all(["select", "textarea", "input"]):
        if field.get("type") in ("hidden", "submit"):
            continue
        labelled = field.get("aria-label") or field.get("aria-labelledby")
        assert (
            labelled
            or field.find_parent("label")
            or page.select_one(f"label[for={field.get('id')}]")
        ), field
    for button in page.find_all("button"):
        assert button.get_text(strip=True) or button.get("aria-label"), button
    for header in page.find_all("th"):
        assert header.get("scope"), header
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    return page


def words(page: BeautifulSoup) -> str:
    """Give all text of a page with single blanks."""
    return " ".join(page.get_text(" ").split())
