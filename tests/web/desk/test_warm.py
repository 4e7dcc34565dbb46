"""A fresh server process is warm before its first reader comes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in
from tests.web.desk.conftest import NOW, OFFICER


@pytest.mark.usefixtures("district")
def test_the_first_reader_finds_the_plans_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    from taizhang.web.desk.warmup import warm

    monkeypatch.setattr(timezone, "now", lambda: NOW)
    warm(NOW)
    page = signed_in(OFFICER).get("/").content.decode()
    assert "hx-get" not in page  # nothing is asked for later


def test_an_empty_instance_has_nothing_to_warm(instance: Home) -> None:
    from taizhang.web.desk.warmup import warm

    person("zhou", "officer")
    with CaptureQueriesContext(connection) as asked:
        warm(NOW)
    assert not [one for one in asked.captured_queries if "ledger_fact" in one["sql"]]
