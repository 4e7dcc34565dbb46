"""Logging in, staying in and getting out."""

import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp.oath import TOTP

from taizhang.web.instance.paths import Home
from tests.web.browsing import PASSWORD, person, signed_in, soup, vouch, words

pytestmark = pytest.mark.usefixtures("instance", "quick_passwords")


@pytest.fixture
def quick_passwords(settings: object) -> None:
    """This fixture will hash passwords quickly: how slowly it is done is Django's affair."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """This fixture will let a test turn the clock of the sessions forward."""
    from taizhang.web.accounts.login import sessions

    moved = SimpleNamespace(by=timedelta())
    real = sessions.timezone.now

    def now() -> datetime:
        return real() + moved.by

    monkeypatch.setattr(sessions, "timezone", SimpleNamespace(now=now))
    return moved


def browser(address: str = "127.0.0.1") -> Client:
    return Client(headers={"host": "localhost"}, REMOTE_ADDR=address, raise_request_exception=False)


def try_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> int:
    answer = client.post("/login", {"username": username, "password": password, **more})
    return answer.status_code


def log_actions() -> list[str]:
    from taizhang.web.audit.models import Entry

    return list(Entry.objects.order_by("sequence").values_list("action", flat=True))


def test_who_knows_the_password_comes_in_and_goes_on() -> None:
    person("wang", "recorder", password=PASSWORD)
    client = browser()
    assert client.get("/account/").headers["Location"] == "/login?next=%2Faccount%2F"
    assert client.get("/account/", headers={"accept": "application/json"}).status_code == 401
    assert try_in(client, "wang", "wrong-password") == 422
    answer = client.post("/login", {"username": "wang", "password": PASSWORD, "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    page = soup(client.get("/account/"))
    assert "wang" in words(page)
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get("/account/").status_code == 302


def test_a_page_behind_the_log_in_is_not_kept_by_the_browser() -> None:
    person("wang", "recorder")
    client = signed_in("wang")
    for address in ("/complain", "/account/tokens/", "/records/nothing/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "javascript:x"])
def test_log_in_leads_nowhere_else(wanted: str) -> None:
    person("wang", "recorder", password=PASSWORD)
    answer = browser().post("/login", {"username": "wang", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == "/"


def test_five_wrong_passwords_lock_a_name_at_an_address_and_twenty_everywhere() -> None:
    from axes.models import AccessAttempt

    person("wang", "recorder", password=PASSWORD)
    before = len(log_actions())
    for _ in range(4):
        assert try_in(browser(), "wang", "wrong-password") == 422
    assert try_in(browser(), "wang", "wrong-password") == 429
    assert try_in(browser(), "wang") == 429, "the right password is of no use now"
    assert try_in(browser("10.0.0.9"), "wang") == 302, "elsewhere the person still comes in"
    assert log_actions()[before:] == ["account.locked"]
    kept = " ".join(map(str, AccessAttempt.objects.values_list()))
    assert "wrong-password" not in kept
    for number in range(1, 6):
        for _ in range(4):
            try_in(browser(f"10.0.1.{number}"), "wang", "wrong-password")
    assert try_in(browser("10.0.2.1"), "wang") == 429
    assert log_actions()[before:] == ["account.locked"] * 2


def test_a_wrong_password_leaves_a_name_an_address_and_a_number() -> None:
    from axes.models import AccessAttempt

    person("wang", "recorder", password=PASSWORD)
    described = {"user-agent": "Phone 7", "accept": "text/html", "host": "localhost"}
    for client in (browser(), Client(headers=described)):
        for _ in range(2):
            client.post("/login?next=/records/", {"username": "wang", "password": "wrong-password"})
    (attempt,) = AccessAttempt.objects.all()
    assert (attempt.username, attempt.failures_since_start) == ("wang", 4)
    for kept in ("user_agent", "http_accept", "path_info", "get_data", "post_data"):
        assert not getattr(attempt, kept), kept


def test_a_lock_opens_after_a_quarter_of_an_hour_and_by_the_security_administrator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from axes.models import AccessAttempt

    from taizhang.web.accounts.models import User

    person("wang", "recorder", password=PASSWORD)
    person("security", "security")
    for _ in range(5):
        try_in(browser(), "wang", "wrong-password")
    assert try_in(browser(), "wang") == 429
    number = User.objects.get(username="wang").pk
    security = signed_in("security")
    assert soup(security.get(f"/people/{number}/")).select_one(".tag.bad")
    assert soup(security.get("/people/")).select_one("td .tag.bad")
    assert security.post(f"/people/{number}/secure", {"do": "unlock"}).status_code == 302
    assert try_in(browser(), "wang") == 302
    for _ in range(5):
        try_in(browser(), "wang", "wrong-password")
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= timedelta(minutes=16)
        attempt.save()
    assert try_in(browser(), "wang") == 302


def test_a_name_that_nobody_has_is_locked_too_and_is_no_row_of_the_log() -> None:
    person("wang", "recorder", password=PASSWORD)
    before = log_actions()
    for _ in range(5):
        code = try_in(browser(), "nobody", "wrong-password")
    assert code == 429
    assert log_actions() == before


@pytest.mark.parametrize(("role", "minutes"), [("auditor", 30), ("recorder", 12 * 60)])
def test_a_session_that_rests_ends(role: str, minutes: int, clock: SimpleNamespace) -> None:
    person("wang", role)
    client = signed_in("wang")
    assert client.get("/account/").status_code == 200
    clock.by += timedelta(minutes=minutes * 0.85)
    assert client.get("/account/").status_code == 200
    clock.by += timedelta(minutes=minutes * 0.85)
    assert client.get("/account/").status_code == 200
    clock.by += timedelta(minutes=minutes + 1)
    assert client.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 302


def test_no_session_outlives_a_day(clock: SimpleNamespace) -> None:
    person("wang", "recorder")
    client = signed_in("wang")
    for _ in range(5):
        assert client.get("/account/").status_code == 200
        clock.by += timedelta(hours=5)
    assert client.get("/account/").status_code == 302


def test_a_page_costs_no_write() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person("wang", "recorder")
    client = signed_in("wang")
    client.get("/account/")
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            client.get("/account/")
    written = [
        one["sql"] for one in asked if not one["sql"].startswith(("SELECT", "PRAGMA", "BEGIN"))
    ]
    assert written == []


def test_a_one_time_password_must_be_changed_first() -> None:
    from taizhang.web.accounts.models import User

    person("wang", "recorder", password=PASSWORD)
    User.objects.update(must_change=True)
    client = browser()
    try_in(client, "wang")
    for address in ("/account/", "/account/totp", "/complain", "/people/"):
        assert client.get(address).headers["Location"].startswith("/account/password"), address
    soup(client.get("/account/password"))
    asked = {"old": PASSWORD, "new": "another-long-word", "again": "another-long-word"}
    refused = client.post("/account/password", asked | {"old": "wrong"})
    assert "ACCOUNT_008" in words(soup(refused, 422))
    assert client.post("/account/password", asked).headers["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert "password.change" in log_actions()
    assert try_in(browser(), "wang") == 422
    assert try_in(browser(), "wang", "another-long-word") == 302


@pytest.mark.parametrize(
    "new", ["short", "1234567890123", "password12", "qwertyuiop", "wangxiaoming1", PASSWORD]
)
def test_a_weak_password_is_refused(new: str) -> None:
    from taizhang.web.accounts.models import User

    person("wangxiaoming", "recorder", password=PASSWORD)
    client = signed_in("wangxiaoming")
    answer = client.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert "ACCOUNT_005" in words(soup(answer, 422))
    assert User.objects.get(username="wangxiaoming").check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions_and_signing_out_ends_all() -> None:
    person("wang", "recorder", password=PASSWORD)
    here, there = browser(), browser()
    try_in(here, "wang")
    try_in(there, "wang")
    new = "another-long-word"
    here.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    try_in(there, "wang", new)
    assert there.get("/account/").status_code == 200
    assert here.post("/account/sign-out").headers["Location"] == "/login"
    assert there.get("/account/").status_code == 302


def code_now(key: bytes, step: int = 0) -> str:
    totp = TOTP(key)
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def codes_on(client: Client) -> tuple[bytes, list[str]]:
    """Switch one-time codes on by the pages; give the secret and the recovery codes."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    wrong = client.post("/account/totp", {"do": "begin", "password": "wrong"})
    assert "ACCOUNT_008" in words(soup(wrong, 422))
    begun = client.post("/account/totp", {"do": "begin", "password": PASSWORD})
    assert begun.status_code == 302
    page = soup(client.get("/account/totp"))
    assert page.select_one("p.qr svg path")
    device = TOTPDevice.objects.get()
    assert not device.confirmed
    wrong = client.post("/account/totp", {"do": "on", "code": "000000"})
    assert "ACCOUNT_009" in words(soup(wrong, 422))
    done = client.post("/account/totp", {"do": "on", "code": code_now(device.bin_key)})
    return device.bin_key, [one.get_text() for one in soup(done).select("ol.codes code")]


def throttle_forget() -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_with_one_time_codes_a_password_alone_opens_nothing() -> None:
    person("boss", "security", password=PASSWORD)
    client = browser()
    try_in(client, "boss")
    key, recovery = codes_on(client)
    assert len(set(recovery)) == 8
    throttle_forget()
    other = browser()
    assert try_in(other, "boss") == 302
    closed = ("/account/", "/account/totp", "/account/password", "/people/", "/people/add")
    for address in closed:
        assert other.get(address).headers["Location"].startswith("/account/code"), address
    assert other.post("/account/totp", {"do": "off", "password": PASSWORD}).status_code == 302
    from django_otp.plugins.otp_totp.models import TOTPDevice

    assert TOTPDevice.objects.filter(confirmed=True).count() == 1
    soup(other.get("/account/code"))
    assert other.post("/account/code", {"code": "000000"}).status_code == 422
    # As if it had been the eighth: the wait after the first is over within a second.
    assert TOTPDevice.objects.get().throttling_failure_count == 1
    TOTPDevice.objects.update(throttling_failure_count=8)
    again = other.post("/account/code", {"code": code_now(key, 1)})
    assert again.status_code == 422, "a wrong code makes the next one wait"
    throttle_forget()
    right = other.post("/account/code", {"code": code_now(key, 1), "next": "/people/"})
    assert right.headers["Location"] == "/people/"
    assert other.get("/people/").status_code == 200


def test_a_recovery_code_is_good_once() -> None:
    person("wang", "recorder", password=PASSWORD)
    client = browser()
    try_in(client, "wang")
    _, recovery = codes_on(client)
    throttle_forget()
    for code, status in ((recovery[0].upper(), 302), (recovery[0], 422)):
        other = browser()
        try_in(other, "wang")
        assert other.post("/account/code", {"code": code}).status_code == status
    throttle_forget()
    from taizhang.web.accounts.models import RecoveryCode

    assert RecoveryCode.objects.count() == 7
    assert not RecoveryCode.objects.filter(digest__in=recovery).exists()
    new = client.post("/account/totp", {"do": "renew", "password": PASSWORD})
    assert len(soup(new).select("ol.codes code")) == 8
    wrong = client.post("/account/totp", {"do": "off", "password": "wrong"})
    assert "ACCOUNT_008" in words(soup(wrong, 422))
    assert client.post("/account/totp", {"do": "off", "password": PASSWORD}).status_code == 302
    other = browser()
    assert try_in(other, "wang") == 302
    assert other.get("/account/").status_code == 200
    assert RecoveryCode.objects.count() == 0
    for action in ("totp.on", "recovery.use", "recovery.renew", "totp.off"):
        assert action in log_actions()


def test_whoever_is_stopped_is_out_at_once(instance: Home) -> None:
    from taizhang.web.accounts.models import User

    person("wang", "recorder", password=PASSWORD)
    person("li", "recorder", password=PASSWORD)
    client = browser()
    try_in(client, "wang")
    User.objects.filter(username="wang").update(is_active=False)
    assert client.get("/account/").status_code == 302
    assert try_in(client, "wang") == 422


@pytest.mark.parametrize(
    ("behind", "said", "address"),
    [
        (True, "203.0.113.7, 10.0.0.5", "10.0.0.5"),
        (True, "", "192.0.2.1"),
        (False, "203.0.113.7", "192.0.2.1"),
    ],
)
def test_an_address_is_believed_from_our_own_proxy_alone(
    behind: bool, said: str, address: str, settings: object
) -> None:
    from django.test import RequestFactory

    from taizhang.web.accounts.login.locks import client_address

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    headers = {"X-Forwarded-For": said} if said else {}
    request = RequestFactory().get("/login", headers=headers, REMOTE_ADDR="192.0.2.1")
    assert client_address(request) == address


def test_a_wrong_name_takes_as_long_as_a_wrong_password(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each costs one hash, so that a clock tells nobody which names there are."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from taizhang.web.accounts.models import User

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person("wang", "recorder", password=PASSWORD)
    person("gone", "recorder", password=PASSWORD)
    person("never", "recorder")  # without a password
    User.objects.filter(username="gone").update(is_active=False)
    work: list[int] = []
    real = PBKDF2PasswordHasher.encode

    def encode(self: object, password: str, salt: str, iterations: int | None = None) -> str:
        work.append(iterations or PBKDF2PasswordHasher.iterations)
        return real(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    for name in ("wang", "nobody", "gone", "never"):
        work.clear()
        assert try_in(browser(), name, "wrong-password") == 422
        assert work == [PBKDF2PasswordHasher.iterations], name


def test_the_log_in_gives_a_session_of_its_own() -> None:
    """Whoever planted a session in somebody's browser has none once that person is in."""
    person("wang", "recorder", password=PASSWORD)
    client = browser()
    planted = client.session
    planted["planted"] = "x"
    planted.save()
    before = client.cookies["sessionid"].value
    assert try_in(client, "wang") == 302
    assert client.cookies["sessionid"].value != before
    stranger = browser()
    stranger.cookies["sessionid"] = before
    assert stranger.get("/account/").status_code == 302


def test_a_password_kept_at_an_older_cost_is_kept_anew_and_the_log_knows(
    settings: object,
) -> None:
    from taizhang.web.accounts.models import Grant, User
    from taizhang.web.audit.verify import verify

    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    person("wang", "recorder", password=PASSWORD)
    user = User.objects.get(username="wang")
    user.password = make_password(PASSWORD, hasher="md5")
    user.save()
    vouch(User, Grant)
    client = browser()
    assert try_in(client, "wang", "wrong-password") == 422
    assert User.objects.get(username="wang").password.startswith("md5$")
    assert try_in(client, "wang") == 302
    assert User.objects.get(username="wang").password.startswith("pbkdf2_sha256$")
    assert client.get("/account/").status_code == 200
    assert log_actions()[-1] == "password.rehash"
    assert try_in(browser(), "wang") == 302
    assert log_actions().count("password.rehash") == 1
    assert verify().issues == ()
