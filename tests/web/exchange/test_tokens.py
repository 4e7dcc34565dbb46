"""Addresses for programs: shown once, kept as a keyed digest, of one person and unit, revocable."""

import base64
import json
import threading
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import segno
from django.utils import timezone

from taizhang.web.audit.code import AccessCode
from taizhang.web.instance.paths import Home
from tests.web.browsing import meeting, person, signed_in, soup, words
from tests.web.exchange.furnish import Phone, furnish_exchange, lecture, secret_of
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET, codes

GOOD = {"kind": "phone", "name": "我的手机", "unit": FIRST, "days": "180"}


def make(username: str = "wang", **changes: Any) -> Any:
    from taizhang.web.accounts.models import User
    from taizhang.web.exchange.actions import token_make
    from taizhang.web.exchange.models import Kind

    given: dict[str, Any] = {"kind": Kind.PHONE, "name": "手机", "unit": FIRST, "days": 30}
    user = User.objects.get(username=username)
    return token_make(**{**given, **changes}, acting_user=user, now=timezone.now())


def test_the_page_shows_a_new_address_once(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.exchange import qr_code
    from taizhang.web.exchange.models import Token

    drawn: list[str] = []
    draw = qr_code.drawn
    monkeypatch.setattr(qr_code, "drawn", lambda text: drawn.append(text) or draw(text))
    wang = signed_in("wang")
    page = soup(wang.get("/account/tokens/"))
    assert [option["value"] for option in page.select("select[name=unit] option")] == [FIRST]
    response = wang.post("/account/tokens/", GOOD)
    page = soup(response)
    assert "no-store" in response["Cache-Control"]
    address = page.select_one("#address").get_text()
    assert address.startswith("http://localhost/key/")
    secret = address.rpartition("/")[2]
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    settings = json.loads(zlib.decompress(base64.b64decode(drawn[0])))
    assert settings["general"]["server_url"] == address
    assert set(settings) == {"general", "admin", "project"}
    picture = page.select_one("img.code")["src"]
    assert picture.startswith("data:image/svg+xml")
    assert picture == segno.make(drawn[0], error="l", micro=False).svg_data_uri(
        scale=4, border=4, light="#fff", dark="#000"
    )
    later = wang.get("/account/tokens/")
    assert secret not in later.content.decode()
    assert "我的手机" in words(soup(later))
    token = Token.objects.get()
    assert secret not in json.dumps({**vars(token), "_state": None}, default=str)
    assert wang.get(f"/key/{secret}/formList").status_code == 200


def test_a_calendar_is_an_address_of_its_own_kind(owner: Any) -> None:
    wang = signed_in("wang")
    page = soup(wang.post("/account/tokens/", {**GOOD, "kind": "calendar"}))
    address = page.select_one("#address").get_text()
    assert address.endswith(".ics")
    secret = address.removesuffix(".ics").rpartition("/")[2]
    assert wang.get(f"/calendar/{secret}.ics").status_code == 200
    assert wang.get(f"/key/{secret}/formList").status_code == 403


@pytest.mark.parametrize(
    "changed",
    [{"name": " "}, {"name": "x" * 61}, {"unit": SECOND}, {"unit": "9"}, {"days": "4000"},
     {"kind": "owner"}, {"days": ""}],
)  # fmt: skip
def test_wrong_wishes_are_told_on_the_page(owner: Any, changed: dict[str, str]) -> None:
    from taizhang.web.exchange.models import Token

    response = signed_in("wang").post("/account/tokens/", {**GOOD, **changed})
    page = soup(response, 422)
    assert page.select(".error, .issues li")
    assert not Token.objects.exists()


def test_the_action_is_a_wall_of_its_own(owner: Any) -> None:
    from taizhang.web.exchange.code import TokenCode
    from taizhang.web.exchange.models import Kind

    person("shi", "reviewer", STREET)
    person("kan", "viewer", FIRST)
    assert codes(lambda: make(unit=SECOND)) == [AccessCode.ACCESS_001]
    assert codes(lambda: make("kan")) == [AccessCode.ACCESS_001]
    assert codes(lambda: make("shi")) == [TokenCode.TOKEN_002]  # a reviewer records nothing
    make("shi", kind=Kind.CALENDAR, unit=STREET)
    wrong = codes(lambda: make(name="\n", days=367))
    assert wrong == [TokenCode.TOKEN_001, TokenCode.TOKEN_003]
    for _ in range(10):
        make()
    assert codes(make) == [TokenCode.TOKEN_004]


def test_revoking_ends_it_at_once_and_is_written_down(phone: Phone) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.exchange.models import Token

    assert phone.get("formList").status_code == 200
    token = Token.objects.get()
    wang = signed_in("wang")
    for _ in range(2):
        assert wang.post(f"/account/tokens/{token.pk}/revoke").status_code == 302
    assert phone.get("formList").status_code == 403
    actions = list(Entry.objects.order_by("sequence").values_list("action", flat=True))
    assert actions[-3:] == ["token.make", "token.revoke", "exchange.refused"]
    for text in Entry.objects.values_list("objects_text", flat=True):
        assert phone.secret not in text
    assert "已撤销" in words(soup(wang.get("/account/tokens/")))


@pytest.mark.parametrize("how", ["change", "reset", "stop"])
def test_another_password_and_stopping_end_every_address_and_log_in(phone: Phone, how: str) -> None:
    from taizhang.web.accounts.models import User
    from taizhang.web.accounts.person import actions as people
    from taizhang.web.accounts.person import own_account_actions
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.audit.models import Entry
    from taizhang.web.exchange.models import Kind, Token

    wang = User.objects.get(username="wang")
    by = {"acting_user": user_named(None), "now": timezone.now()}
    people.password_give(person=wang.pk, password="a-long-word-of-tests", **by)  # noqa: S106
    _, calendar = make(kind=Kind.CALENDAR)
    browser = signed_in("wang")
    assert browser.get(f"/calendar/{calendar}.ics").status_code == 200
    if how == "change":
        mine = {"acting_user": wang, "now": timezone.now()}
        own_account_actions.password_change(
            old="a-long-word-of-tests", new="another-long-word", **mine
        )
    elif how == "reset":
        people.password_reset(person=wang.pk, **by)
    else:
        people.person_stop(person=wang.pk, **by)
        people.person_return(person=wang.pk, **by)  # nothing of before wakes again
    assert browser.get("/account/").headers["Location"].startswith("/login")
    User.objects.filter(pk=wang.pk).update(must_change=False)
    assert phone.get("formList").status_code == 403
    assert browser.get(f"/calendar/{calendar}.ics").status_code == 403
    assert not Token.objects.filter(revoked_at=None).exists()
    assert Entry.objects.filter(action="token.revoke").count() == 1


@pytest.mark.postgresql
def test_two_pages_at_once_do_not_make_one_address_too_many(
    postgresql_instance: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections

    from taizhang.core.base.issue import Refused
    from taizhang.web.exchange import actions
    from taizhang.web.exchange.actions import MOST_TOKENS
    from taizhang.web.exchange.models import Token

    furnish_exchange()
    person("wang", "recorder", FIRST)
    for number in range(MOST_TOKENS - 1):
        make(name=str(number))
    told: list[bool] = []
    meeting(monkeypatch, actions)

    def begin() -> None:
        try:
            make()
            told.append(True)
        except Refused:
            told.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == [False, True]
    assert Token.objects.count() == MOST_TOKENS


def test_another_persons_address_is_absent(phone: Phone) -> None:
    from taizhang.web.accounts.models import User
    from taizhang.web.exchange.actions import token_revoke
    from taizhang.web.exchange.code import TokenCode
    from taizhang.web.exchange.models import Token

    person("qian", "lead", FIRST)
    qian = signed_in("qian")
    token = Token.objects.get()
    assert qian.post(f"/account/tokens/{token.pk}/revoke").status_code == 404
    assert qian.post("/account/tokens/999/revoke").status_code == 404
    assert token.name not in words(soup(qian.get("/account/tokens/")))
    user = User.objects.get(username="qian")
    refused = codes(lambda: token_revoke(pk=token.pk, acting_user=user, now=timezone.now()))
    assert refused == [TokenCode.TOKEN_005]
    assert phone.get("formList").status_code == 200


def test_the_secret_is_bound_to_the_key_of_the_instance(phone: Phone) -> None:
    """A stolen table opens nothing, and another instance knows none of its addresses."""
    from django.test import override_settings

    with override_settings(SECRET_KEY="another key of another instance"):  # noqa: S106
        assert phone.get("formList").status_code == 403
    assert phone.get("formList").status_code == 200


def test_readers_may_not_come_here(owner: Any) -> None:
    person("kan", "viewer", DISTRICT)
    assert signed_in("kan").get("/account/tokens/").status_code == 404


def test_the_throttle_lets_so_many_rows_pass_and_tells_the_rest() -> None:
    from taizhang.web.exchange.actions import Throttle

    throttle = Throttle(most_each=2, most_all=5)
    now = datetime(2026, 7, 10, 2, 5, tzinfo=UTC)
    assert [throttle.admit("a", now) for _ in range(5)] == [0, 0, None, None, None]
    assert [throttle.admit("b", now) for _ in range(2)] == [3, 0]
    assert [throttle.admit(f"c{number}", now) for number in range(3)] == [0, None, None]
    assert throttle.admit("a", now + timedelta(hours=1)) == 2


def test_unknown_secrets_are_no_way_to_find_others(phone: Phone) -> None:
    """A secret is compared by its keyed digest; a part of it, or it with a letter more, is none."""
    secret = phone.secret
    for guess in (secret[:-1], secret + "A", secret.lower(), secret_of("wang", "calendar")):
        phone.secret = guess
        assert phone.get("formList").status_code == 403


def test_on_every_store_an_address_opens_until_it_is_revoked(any_instance: Home) -> None:
    furnish_exchange()
    person("wang", "recorder", FIRST)
    phone = Phone("wang")
    assert phone.send(lecture("uuid:1")).status_code == 201
    assert phone.send(lecture("uuid:1")).status_code == 202
    assert phone.send(b"<data").status_code == 400
    (shown,) = tokens_shown_of("wang")
    assert signed_in("wang").post(f"/account/tokens/{shown.pk}/revoke").status_code == 302
    assert phone.get("formList").status_code == 403


def tokens_shown_of(username: str) -> Any:
    from taizhang.web.accounts.models import User
    from taizhang.web.exchange.queries import tokens_shown

    return tokens_shown(User.objects.get(username=username), timezone.now())
