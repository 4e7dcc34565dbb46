"""Months before the ledger, or a pack, began are asked of nobody and are no known nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month, parse_period
from taizhang.core.indicator import Question, figures
from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in, soup, words
from tests.web.ledger.furnish import FIRST, NOW, furnish, lecture, pack_files
from tests.web.ledger.test_versions import pack

START = date(2026, 5, 15)


@pytest.fixture
def begun(owner: Any) -> Any:
    """This fixture will let the ledger begin in May; today is the tenth of July."""
    from taizhang.web.accounts.actions import instance_start

    instance_start(day=START, acting_user=owner, now=NOW)
    return owner


def asked() -> list[str]:
    from taizhang.web.ledger.open_book import open_book
    from taizhang.web.plans.open_months import months_open

    book = open_book(now=NOW)
    unit = book.history.tree(book.today).unit(FIRST)
    assert unit is not None
    return [str(closing.month) for closing in months_open(book, unit)]


def figure(text: str) -> Any:
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=NOW)
    question = Question(indicators=("lectures",), units=(FIRST,), period=parse_period(text))
    return figures(book, question)[0]


def test_the_desk_asks_from_the_month_of_the_start(begun: Any) -> None:
    from taizhang.web.accounts.actions import instance_start

    assert asked() == ["2026-06", "2026-05"]
    person("li", "recorder", FIRST)
    page = words(soup(signed_in("li").get("/")))
    assert "2026年5月" in page
    assert "2026年4月" not in page
    instance_start(day=None, acting_user=begun, now=NOW)
    assert asked()[-1] == "2025-12"


def test_a_pack_is_asked_for_from_its_own_start(instance: Home) -> None:
    from taizhang.web.accounts.actions import instance_start
    from taizhang.web.ledger.facts.closing import due_from
    from taizhang.web.programmes.actions import pack_install

    owner = furnish(pack_files())
    assert due_from() == {}
    later = pack("1.0.0", "1", {"n": "number"})
    later["pack.yaml"] = later["pack.yaml"].replace(b"trial", b"later")
    pack_install(source=later, in_force_from=date(2026, 6, 3), acting_user=owner, now=NOW)
    assert due_from() == {"later": date(2026, 6, 3)}
    instance_start(day=START, acting_user=owner, now=NOW)
    assert due_from() == {"trial": START, "later": date(2026, 6, 3)}


def test_the_calendar_announces_no_month_before_the_start(begun: Any) -> None:
    from taizhang.web.exchange.calendar_feed import calendar_entries
    from taizhang.web.units.queries import history

    unit = history().unit_on(FIRST, NOW.date())
    assert unit is not None
    closing = [
        entry.key for entry in calendar_entries(unit, NOW.date()) if entry.key.startswith("close-")
    ]
    assert closing[:2] == ["close-202605", "close-202606"]


def test_a_year_under_way_is_judged_by_the_months_since_the_start(begun: Any) -> None:
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.facts.actions import closings_close

    early = lecture(date=date(2026, 3, 2), answers={"held_on": "2026-03-02"})
    record_accept(record=early, acting_user=begun, now=NOW)
    before = figure("2026")
    assert (before.value, before.high is None) == (1, True)  # May and June are not known yet
    months = [(FIRST, "trial", Month(2026, number)) for number in (5, 6)]
    closings_close(closings=months, acting_user=begun, now=NOW)
    known = figure("2026")
    assert (known.value, known.high) == (1, 1)
    assert not [flag for flag in known.flags if "incomplete" in str(flag)]


def test_a_month_before_the_start_does_not_close_by_itself(begun: Any) -> None:
    from taizhang.web.accounts.models import Instance

    Instance.objects.update(close_after=1)
    assert figure("2026-05").value == 0
    before = figure("2026-04")
    assert before.value is None
    assert before.reason.code == "not_reported"


def test_whoever_may_not_change_settings_sets_no_start(owner: Any, instance: Home) -> None:
    from taizhang.web.accounts.actions import instance_start
    from taizhang.web.accounts.queries import starts_on, user_named

    person("li", "recorder", FIRST)
    with pytest.raises(Refused, match="ACCESS_001"):
        instance_start(day=START, acting_user=user_named("li"), now=NOW)
    assert starts_on() is None


@pytest.mark.usefixtures("instance")
def test_the_commands_set_and_say_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from taizhang.cli import main
    from taizhang.cli.context import today

    home = ["--home", str(tmp_path / "one")]
    assert main(["init", str(tmp_path / "one")]) == 0
    from taizhang.web.accounts.queries import starts_on

    assert starts_on() == today().replace(day=1)
    furnish()
    assert main(["closings", "start", "2026-05-15", *home]) == 0
    assert starts_on() == START
    assert "2026-05-15" in capsys.readouterr().out
    assert main(["closings", "start", "always", *home, "--format", "json"]) == 0
    assert '"from": null' in capsys.readouterr().out
    assert main(["audit", "verify", *home]) == 0
    assert main(["init", str(tmp_path / "two"), "--from", "2025-03-01"]) == 0
    assert starts_on() == date(2025, 3, 1)


@pytest.mark.usefixtures("instance")
def test_the_desk_of_a_new_instance_asks_for_nothing_before_its_start(tmp_path: Path) -> None:
    """Made in November: in January it asks for November and December, not for the year before."""
    from taizhang.cli import main
    from taizhang.web.ledger.open_book import open_book
    from taizhang.web.plans.open_months import months_open

    assert main(["init", str(tmp_path / "one"), "--from", "2025-11-01"]) == 0
    furnish()
    book = open_book(now=NOW.replace(year=2026, month=1, day=20))
    unit = book.history.tree(book.today).unit(FIRST)
    assert unit is not None
    assert [str(closing.month) for closing in months_open(book, unit)] == ["2025-12"]
    book = open_book(now=NOW.replace(year=2025, month=12, day=20))
    assert [str(closing.month) for closing in months_open(book, unit)] == ["2025-11"]


def test_what_was_due_on_an_earlier_day_stays_when_the_start_is_moved(owner: Any) -> None:
    from taizhang.web.accounts.actions import instance_start
    from taizhang.web.ledger.facts.closing import due_from
    from taizhang.web.ledger.open_book import open_book

    instance_start(day=START, acting_user=owner, now=NOW)
    assert open_book(now=NOW).due_from == {"trial": START}
    assert open_book(as_of=date(2026, 7, 9), now=NOW).due_from == {}
    assert due_from(date(2026, 7, 9)) == {}
