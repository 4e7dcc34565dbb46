"""The log of the server: a bad request is a line, a fault a traceback."""

import io
import logging

import pytest
from django.test import Client, override_settings

from taizhang.web.instance.paths import Home

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """This fixture will keep what the handler of the settings writes."""
    handlers = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    assert len(handlers) == 1
    kept = io.StringIO()
    monkeypatch.setattr(handlers[0], "stream", kept)
    return kept


@pytest.mark.parametrize("path", ["/login?next=%00", "/complain?about=a%00", "/login?x=1"])
def test_a_bad_request_leaves_one_line(path: str, log: io.StringIO, instance: Home) -> None:
    host = "evil.example" if path.endswith("x=1") else "localhost"
    client = Client(headers={"host": host}, raise_request_exception=False)
    assert client.get(path).status_code == 400
    assert "Traceback" not in log.getvalue()
    assert len(log.getvalue().splitlines()) >= 1


def test_too_many_fields_leave_no_traceback(log: io.StringIO, instance: Home) -> None:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=2):
        assert client.post("/login", "a=1&b=2&c=3", FORM).status_code == 400
    assert log.getvalue()
    assert "Traceback" not in log.getvalue()


def test_a_fault_keeps_its_traceback(
    log: io.StringIO, instance: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("taizhang.web.accounts.permission._may_pass", broken)
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    assert client.get("/login").status_code == 500
    assert "ZeroDivisionError" in log.getvalue()
