"""The calendar feed: whole days, ids that stay, nothing about people, cheap when unchanged."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from taizhang.core.base.period import Month
from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.web.browsing import person
from tests.web.exchange.furnish import secret_of
from tests.web.ledger.furnish import CHANGES, FIRST, NOW, STREET, UNITS


@pytest.fixture(scope="module")
def template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Home:
    """This fixture will make the small tree with the shipped packs of health, and `wang`."""
    with copy_opened(instance_template, tmp_path_factory.mktemp("health")) as home:
        _fill()
    return home


def _fill() -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    owner = user_named(None)
    units = File(name="units.csv", data=UNITS.encode())
    changes = File(name="changes.csv", data=CHANGES.encode())
    units_import(units=units, changes=changes, acting_user=owner, now=NOW)
    for key in ("common", "health_education"):
        source = Path(str(files("taizhang") / "packs" / key))
        pack_install(source=source, acting_user=owner, now=NOW)
    person("wang", "recorder", FIRST)


@pytest.fixture
def unit(
    template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[str]:
    """This fixture will open a copy for one test and give the unit of `wang`."""
    with copy_opened(template, tmp_path):
        yield FIRST


def get(secret: str, **headers: str) -> HttpResponse:
    client = Client(headers={"host": "localhost", **headers})
    return client.get(f"/calendar/{secret}.ics")


def events(response: HttpResponse) -> dict[str, Any]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    for line in response.content.split(b"\r\n"):
        assert len(line) <= 75
    calendar = Calendar.from_ical(response.content)
    assert (calendar["VERSION"], calendar["X-WR-TIMEZONE"]) == ("2.0", "Asia/Shanghai")
    components = calendar.walk("VEVENT")
    named = {str(event["UID"]): event for event in components}
    assert len(named) == len(components) > 50
    return named


def test_theme_days_plan_and_closings_stand_on_whole_days(unit: str) -> None:
    named = events(get(secret_of("wang", "calendar")))
    for event in named.values():
        start, end = event["DTSTART"], event["DTEND"]
        assert start.params["VALUE"] == end.params["VALUE"] == "DATE"
        assert type(start.dt) is type(end.dt) is date
        assert end.dt > start.dt
        assert event["DTSTAMP"].dt.tzinfo is not None
    titles = {str(event["SUMMARY"]): event for event in named.values()}
    year = timezone.localdate().year
    first = {
        event["DTSTART"].dt for event in named.values() if str(event["SUMMARY"]) == "世界无烟日"
    }
    assert first <= {date(number, 5, 31) for number in (year - 1, year, year + 1, year + 2)}
    assert first
    month = titles["爱国卫生月"]
    assert (month["DTEND"].dt - month["DTSTART"].dt).days == 30  # the end is no part of it
    due = [event for event in named.values() if str(event["SUMMARY"]) == "到期：报送年度总结"]
    assert {(event["DTSTART"].dt.month, event["DTSTART"].dt.day) for event in due} == {(12, 31)}
    here = Month.of(timezone.localdate())
    closing = titles[f"报结 {here}"]
    assert closing["DTSTART"].dt == here.end + timedelta(days=1)
    assert "健康教育" in str(closing["DESCRIPTION"])


def test_a_closed_month_is_announced_no_more(unit: str) -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.facts.actions import closings_close
    from taizhang.web.programmes.queries import programmes_on

    secret = secret_of("wang", "calendar")
    month = Month.of(timezone.localdate()).plus(-1)
    uid = f"close-{month.number}-{FIRST}@"
    (before,) = [event for key, event in events(get(secret)).items() if key.startswith(uid)]
    owner = user_named(None)
    packs = programmes_on(month.end).packs
    assert all(pack.label in str(before["DESCRIPTION"]) for pack in packs)
    closings = [(FIRST, pack.key, month) for pack in packs]
    closings_close(closings=closings, acting_user=owner, now=timezone.now())
    assert [key for key in events(get(secret)) if key.startswith(uid)] == []


def test_nothing_is_sent_where_nothing_changed(unit: str) -> None:
    secret = secret_of("wang", "calendar")
    first = get(secret)
    again = get(secret, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    other = get(secret, if_none_match='"other"')
    assert (other.status_code, other["ETag"]) == (200, first["ETag"])
    assert set(events(other)) == set(events(first))


def test_ids_stay_while_time_goes_on(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.exchange.calendar_feed import calendar_feed

    now = datetime(2026, 6, 10, 4, tzinfo=timezone.get_default_timezone())
    early = Calendar.from_ical(calendar_feed(unit, now)).walk("VEVENT")
    late = Calendar.from_ical(calendar_feed(unit, now + timedelta(days=40))).walk("VEVENT")
    first = {(str(event["UID"]), event["DTSTART"].dt, str(event["SUMMARY"])) for event in early}
    second = {(str(event["UID"]), event["DTSTART"].dt, str(event["SUMMARY"])) for event in late}
    shared = {uid for uid, _, _ in first} & {uid for uid, _, _ in second}
    assert len(shared) > 50
    assert {event for event in first if event[0] in shared} == {
        event for event in second if event[0] in shared
    }


def test_nothing_in_it_is_about_a_person(unit: str) -> None:
    content = get(secret_of("wang", "calendar")).content.decode()
    for word in ("wang", "ATTENDEE", "ORGANIZER", "mailto", "社区主任", "社区卫健专干"):
        assert word not in content


def test_a_street_sees_what_its_communities_keep(unit: str) -> None:
    person("shi", "reviewer", STREET)
    named = events(get(secret_of("shi", "calendar", unit=STREET)))
    titles = {str(event["SUMMARY"]) for event in named.values()}
    assert {"世界无烟日", "到期：报送年度总结"} <= titles
    assert not any(title.startswith("报结") for title in titles)  # it closes none itself


def test_a_phones_address_and_a_revoked_one_open_no_calendar(unit: str) -> None:
    from taizhang.web.exchange.models import Token

    secret = secret_of("wang", "calendar")
    for wrong in (secret_of("wang"), "A" * 43):
        response = get(wrong)
        assert (response.status_code, response["Content-Type"][:10]) == (403, "text/plain")
    Token.objects.update(revoked_at=timezone.now())
    assert get(secret).status_code == 403
    client = Client(headers={"host": "localhost"})
    assert client.post(f"/calendar/{secret}.ics").status_code == 405
