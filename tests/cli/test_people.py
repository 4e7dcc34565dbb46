"""Who can log in, seen from the command line, and the way back for who cannot."""

import json

import pytest
from django.test import Client

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.browsing import PASSWORD, person


def test_who_lost_everything_gets_a_one_time_password(
    instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from taizhang.web.accounts.models import User
    from taizhang.web.audit.models import Entry

    person("li", "security", password=PASSWORD)
    TOTPDevice.objects.create(user=User.objects.get(username="li"), confirmed=True)
    home = ["--home", str(instance.path), "--format", "json"]
    assert main(["people", "list", *home]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["people"]
    assert listed == {"username": "li", "name": "li", "active": True, "roles": ["security@*"]}
    assert main(["people", "password", "li", *home]) == 0
    password = json.loads(capsys.readouterr().out)["password"]
    client = Client(headers={"host": "localhost"})
    assert client.post("/login", {"username": "li", "password": PASSWORD}).status_code == 422
    assert client.post("/login", {"username": "li", "password": password}).status_code == 302
    assert client.get("/people/").headers["Location"].startswith("/account/password")
    actions = list(Entry.objects.order_by("-sequence").values_list("action", flat=True)[:2])
    assert actions == ["totp.remove", "password.reset"]


@pytest.mark.parametrize(("name", "code"), [("nobody", "ACCOUNT_001"), ("owner", "ACCOUNT_006")])
def test_who_has_no_account_gets_none(
    name: str, code: str, instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "password", name, "--home", str(instance.path)]) == 1
    assert capsys.readouterr().err.startswith(code)


def test_only_who_may_secure_accounts_does_so_by_command(
    instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    person("zhang", "system")
    person("li", "recorder", password=PASSWORD)
    done = main(["people", "password", "li", "--as", "zhang", "--home", str(instance.path)])
    assert done == 1
    assert capsys.readouterr().err.startswith("ACCESS_001")
