"""A version that was sound when it was installed goes on, whatever rules the software learns."""

import logging
from dataclasses import replace

import pytest

from taizhang.core.base import pattern
from taizhang.core.base.issue import Marked, gettext_noop
from taizhang.core.form.expression.code import ExpressionCode
from taizhang.web.instance.paths import Home
from taizhang.web.programmes import queries
from tests.web.browsing import person, signed_in
from tests.web.ledger.furnish import DISTRICT, NOW, codes, furnish, lecture, pack_files

LATER = Marked(gettext_noop("it could take very long"))


@pytest.fixture
def older(instance: Home, packs_enclosed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """This fixture will install a pack with a pattern, which a later rule then refuses."""
    files = pack_files()
    name = next(name for name, data in files.items() if "到场人次".encode() in data)
    row = "| integer | people | 到场人次 |  | . >= 0 |"
    patterned = "| integer | people | 到场人次 |  | regex(string(.), '^[0-9]+$') |"
    assert row.encode() in files[name]
    files[name] = files[name].replace(row.encode(), patterned.encode())
    furnish(files)
    monkeypatch.setattr(pattern, "fault", lambda text: LATER)
    queries._packs.clear()
    queries._programmes.cache_clear()


def test_pages_go_on_and_the_log_of_the_server_names_the_fault(
    older: None, caplog: pytest.LogCaptureFixture
) -> None:
    person("officer", "officer", DISTRICT)
    officer = signed_in("officer")
    with caplog.at_level(logging.WARNING, logger=queries.__name__):
        pages = {page: officer.get(page).status_code for page in ("/", "/records/", "/plan/")}
    assert set(pages.values()) == {200}, pages
    assert [line for line in caplog.messages if "EXPRESSION_006" in line]


def test_a_record_of_the_refused_form_is_told_why_and_other_forms_are_taken(older: None) -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept

    owner = user_named(None)
    refused = codes(lambda: record_accept(record=lecture(), acting_user=owner, now=NOW))
    assert refused == [ExpressionCode.EXPRESSION_006]
    board = {"board": "A-1", "changed_on": "2026-07-01", "state": "in_use"}
    taken = replace(lecture(), id="board", form="trial.board", answers=board)
    assert record_accept(record=taken, acting_user=owner, now=NOW).records == 1
