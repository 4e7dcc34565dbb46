"""Who may do what where."""

import threading
from datetime import UTC, date, datetime

import pytest

from taizhang.core.base.issue import Code, Refused
from taizhang.web.audit.code import AccessCode
from taizhang.web.instance.paths import Home
from tests.web.browsing import PASSWORD, meeting, person

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DISTRICT, STREET, OTHER, COMMUNITY = "360602000000", "360602001000", "360602002000", "360602001001"


@pytest.fixture
def tree(any_instance: Home) -> None:
    """This fixture will write a district with two streets and a community of the first."""
    from taizhang.web.units.models import Closure

    rows = [
        *((code, code, 0) for code in (DISTRICT, STREET, OTHER, COMMUNITY)),
        *((DISTRICT, STREET, 1), (DISTRICT, OTHER, 1), (DISTRICT, COMMUNITY, 2)),
        (STREET, COMMUNITY, 1),
    ]
    for ancestor, code, depth in rows:
        days = {"valid_from": date.min, "valid_to": date.max}
        Closure.objects.create(ancestor=ancestor, code=code, depth=depth, way="own", **days)


@pytest.mark.usefixtures("tree")
def test_a_role_reaches_its_unit_and_what_is_below() -> None:
    from taizhang.web.accounts.access import may
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.accounts.queries import user_named

    owner = user_named(None)
    worker = user_add(
        username="wang", name="王", role=Role.RECORDER, unit=STREET, acting_user=owner, now=NOW
    )
    assert may(worker, "record.accept", STREET)
    assert may(worker, "record.accept", COMMUNITY)
    assert not may(worker, "record.accept", OTHER)
    assert not may(worker, "record.accept", DISTRICT)
    assert not may(worker, "record.accept")
    assert not may(worker, "units.import", STREET)
    assert may(owner, "units.import")
    assert may(owner, "record.accept", OTHER)


@pytest.mark.usefixtures("tree")
def test_an_inactive_user_may_nothing_and_cannot_be_named() -> None:
    from taizhang.web.accounts.access import may
    from taizhang.web.accounts.code import AccountCode
    from taizhang.web.accounts.queries import user_named

    owner = user_named(None)
    owner.is_active = False
    owner.save()
    assert not may(owner, "read", DISTRICT)
    with pytest.raises(Refused) as refused:
        user_named(None)
    assert [issue.code for issue in refused.value.issues] == [AccountCode.ACCOUNT_001]


@pytest.mark.usefixtures("tree")
def test_only_who_may_adds_a_user() -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role, User
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.audit.models import Entry

    owner = user_named(None)
    viewer = user_add(username="li", name="", role=Role.VIEWER, unit="", acting_user=owner, now=NOW)
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        user_add(username="zhao", name="", role=Role.OWNER, unit="", acting_user=viewer, now=NOW)
    assert [issue.code for issue in refused.value.issues] == [AccessCode.ACCESS_001]
    assert not User.objects.filter(username="zhao").exists()
    assert Entry.objects.count() == before


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql_instance")
def test_the_last_two_administrators_of_a_kind_cannot_be_stopped_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import connections

    from taizhang.web.accounts.code import AccountCode
    from taizhang.web.accounts.models import User
    from taizhang.web.accounts.person import actions
    from taizhang.web.accounts.queries import user_named

    meeting(monkeypatch, actions)
    for name in ("first", "second"):
        person(name, "auditor", password=PASSWORD)
    owner = user_named(None)
    told: list[list[Code]] = []
    ready = threading.Barrier(2)

    def stop(number: int) -> None:
        ready.wait(20)
        try:
            actions.person_stop(person=number, acting_user=owner, now=NOW)
            told.append([])
        except Refused as refused:
            told.append([issue.code for issue in refused.issues])
        finally:
            connections.close_all()

    both = User.objects.filter(username__in=("first", "second"))
    threads = [threading.Thread(target=stop, args=(one.pk,)) for one in both]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(told, key=len) == [[], [AccountCode.ACCOUNT_007]]
    assert both.filter(is_active=True).count() == 1
