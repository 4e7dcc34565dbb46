"""Packs are installed whole, by version, and rule from a day on; quotas are handed down."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Level, Refused
from taizhang.core.base.period import parse_period
from taizhang.demo.instance import PACKS
from taizhang.web.audit.code import AccessCode
from taizhang.web.instance.paths import Home
from taizhang.web.programmes.code import ProgrammeCode
from tests.web.ledger.furnish import FIRST, NOW, codes, pack_files

TODAY = date(2026, 7, 10)
YEAR = parse_period("2026")


@pytest.fixture
def owner(instance: Home) -> Any:
    """This fixture will give the owner of an empty instance."""
    from taizhang.web.accounts.queries import user_named

    return user_named(None)


@pytest.fixture
def any_owner(any_instance: Home) -> Any:
    """This fixture will do the same on each database."""
    from taizhang.web.accounts.queries import user_named

    return user_named(None)


def version(number: str, **changes: bytes) -> dict[str, bytes]:
    files = pack_files()
    files["pack.yaml"] = files["pack.yaml"].replace(b"1.0.0", number.encode())
    for old, new in changes.items():
        files["measures.yaml"] = files["measures.yaml"].replace(old.encode(), new)
    return files


def install(source: Any, user: Any, days: int = 0, **more: Any) -> Any:
    from taizhang.web.programmes.actions import pack_install

    moment = NOW + timedelta(days=days)
    return pack_install(source=source, acting_user=user, now=moment, **more)


def ruling(day: date) -> list[str]:
    from taizhang.web.programmes.queries import programmes_on

    return [f"{pack.key} {pack.version}" for pack in programmes_on(day).packs]


def test_first_version_rules_from_the_beginning_later_ones_from_their_day(any_owner: Any) -> None:
    assert ruling(TODAY) == []
    first = install(version("1.0.0"), any_owner)
    assert (first.changed, first.in_force_from) == (True, date.min)
    later = install(version("1.1.0"), any_owner, days=2)
    assert later.in_force_from == TODAY + timedelta(days=2)
    install(version("2.0.0"), any_owner, days=3, in_force_from=date(2027, 1, 1))
    assert ruling(date(2020, 1, 1)) == ["trial 1.0.0"]
    assert ruling(TODAY + timedelta(days=1)) == ["trial 1.0.0"]
    assert ruling(TODAY + timedelta(days=2)) == ["trial 1.1.0"]
    assert ruling(date(2027, 1, 1)) == ["trial 2.0.0"]


def test_same_version_again_changes_nothing_and_other_content_is_refused(owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.programmes.models import InstalledPack

    install(version("1.0.0"), owner)
    rows = Entry.objects.count()
    again = install(version("1.0.0"), owner, days=5)
    assert (again.changed, again.in_force_from) == (False, date.min)
    changed = version("1.0.0", lectures=b"lessons")
    assert codes(lambda: install(changed, owner)) == [ProgrammeCode.PROGRAMME_001]
    clash = version("1.1.0")
    refused = codes(lambda: install(clash, owner, in_force_from=date.min))
    assert refused == [ProgrammeCode.PROGRAMME_002]
    assert InstalledPack.objects.count() == 1
    assert Entry.objects.count() == rows


def test_every_issue_of_a_bad_pack_is_told_and_nothing_installed(owner: Any) -> None:
    from taizhang.web.programmes.models import InstalledPack

    files = version("1.0.0", people=b"peple")
    files["forms/lecture.md"] = files["forms/lecture.md"].replace(b"| integer |", b"| intager |")
    files["forms/board.md"] = files["forms/board.md"].replace(b"| date |", b"| dat |")
    with pytest.raises(Refused) as caught:
        install(files, owner)
    places = {issue.place.file for issue in caught.value.issues if issue.level is Level.ERROR}
    assert {"forms/lecture.md", "forms/board.md"} <= places
    assert not InstalledPack.objects.exists()


def test_source_comes_back_as_it_went_in(any_owner: Any) -> None:
    from taizhang.web.programmes import queries
    from taizhang.web.programmes.models import InstalledPack

    install(version("1.0.0"), any_owner)
    stored = bytes(InstalledPack.objects.get().source)
    assert queries.source_read(stored) == pack_files()
    assert queries.source_pack(queries.source_read(stored)) == stored
    queries._packs.clear()
    queries._programmes.cache_clear()
    assert ruling(TODAY) == ["trial 1.0.0"]


def test_folders_install_and_shipped_packs_stand_together(owner: Any) -> None:
    from taizhang.web.programmes.queries import programmes_on

    packs = Path(__file__).resolve().parents[3] / "src" / "taizhang" / "packs"
    for key in PACKS:
        install(packs / key, owner)
    programmes = programmes_on(TODAY)
    assert tuple(pack.key for pack in programmes.packs) == PACKS
    assert set(PACKS) == {path.parent.name for path in packs.glob("*/pack.yaml")}
    assert programmes_on(TODAY) is programmes  # kept in memory


def test_only_the_owner_installs(owner: Any) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    manager = user_add(
        username="zhou", name="", role=Role.OFFICER, unit="", acting_user=owner, now=NOW
    )
    assert codes(lambda: install(version("1.0.0"), manager)) == [AccessCode.ACCESS_001]


def test_last_quota_stands_for_exactly_these_months(any_owner: Any) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.programmes.actions import quota_hand_down
    from taizhang.web.programmes.models import Quota
    from taizhang.web.programmes.queries import HandedQuotas

    install(version("1.0.0"), any_owner)

    def hand(amount: object, user: Any = any_owner, measure: str = "trial.lectures") -> Any:
        return quota_hand_down(
            measure=measure,
            unit=FIRST,
            period=YEAR,
            amount=Fraction(str(amount)),
            acting_user=user,
            now=NOW,
        )

    assert HandedQuotas().handed("trial.lectures", FIRST, YEAR) is None
    hand(12)
    hand("12.5")
    assert Quota.objects.count() == 1
    assert HandedQuotas().handed("trial.lectures", FIRST, YEAR) == Fraction(25, 2)
    assert HandedQuotas().handed("trial.lectures", FIRST, parse_period("2026H1")) is None
    assert codes(lambda: hand(1, measure="trial.parties")) == [ProgrammeCode.PROGRAMME_003]
    for wrong in (-1, "1/3", 10**12):
        assert codes(lambda wrong=wrong: hand(wrong)) == [ProgrammeCode.PROGRAMME_004]
    worker = user_add(
        username="wang", name="", role=Role.RECORDER, unit=FIRST, acting_user=any_owner, now=NOW
    )
    assert codes(lambda: hand(1, worker)) == [AccessCode.ACCESS_001]
