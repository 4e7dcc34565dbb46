"""Records of things: numbers, states and names that follow from them in one transaction."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.web.ledger.furnish import FIRST, SECOND, codes
from tests.web.things.furnish import (
    EAST,
    GATE,
    NOW,
    PACK_FILES,
    WEST,
    board,
    person,
    rack,
    send,
    stored,
    uid,
)


def refused(call: Callable[[], object]) -> list[str]:
    return [code.name for code in codes(call)]


def rebuilt(user: Any) -> Any:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    return facts_rebuild(acting_user=user, now=NOW)


def test_a_new_thing_gets_its_number(any_owner: Any) -> None:
    from taizhang.web.audit.verify import verify

    send(
        any_owner,
        [
            board(EAST, title="东门宣传栏", where="东门", next="2026-09-01"),
            board(WEST, title="西门屏", kind="screen"),
            board(EAST, SECOND, title="二社区宣传栏"),
        ],
    )
    east = stored(EAST)
    assert (east.kind, east.number, east.name, east.place) == (
        "hc.board",
        "XC-001",
        "东门宣传栏",
        "东门",
    )
    assert (str(east.due), east.ended, east.unit, east.initials) == (
        "2026-09-01",
        None,
        FIRST,
        "dmxcldm",
    )
    assert (stored(WEST).kind, stored(WEST).number) == ("hc.screen", "DP-01")
    assert stored(EAST, SECOND).number == "XC-001"
    assert rebuilt(any_owner).issues == ()
    assert not verify().issues


def test_later_records_corrections_and_withdrawals_are_followed(any_owner: Any) -> None:
    send(any_owner, [board(EAST, title="东门栏", next="2026-08-01", id="a")])
    send(any_owner, [board(EAST, day="2026-07-05", state="removed", id="gone")])
    assert str(stored(EAST).ended) == "2026-07-05"
    back = board(EAST, day="2026-07-05", state="in_use", id="fix", replaces="gone", reason="写错")
    send(any_owner, [back], NOW + timedelta(minutes=1))
    assert (stored(EAST).ended, stored(EAST).due, stored(EAST).name) == (None, None, "东门栏")
    for name, line in (("fix", "w1"), ("a", "w2")):
        withdrawal = board(EAST, withdraws=name, reason="重复", id=line)
        send(any_owner, [withdrawal], NOW + timedelta(minutes=2))
    from taizhang.web.things.models import Alias, Number, Thing

    assert not Thing.objects.exists()
    assert Alias.objects.get().number == "XC-001"
    send(any_owner, [board(WEST, title="新栏")], NOW + timedelta(minutes=3))
    assert stored(WEST).number == "XC-002"  # what was given is never given again
    assert Number.objects.count() == 2
    assert rebuilt(any_owner).issues == ()


def test_a_number_means_the_thing_that_bears_it(owner: Any) -> None:
    from taizhang.web.ledger.models import Record

    send(owner, [board(EAST, title="东门栏")])
    send(owner, [board("XC-001", day="2026-07-05", next="2026-10-01", id="typed")])
    assert str(stored(EAST).due) == "2026-10-01"
    assert f'"{EAST}"' in Record.objects.get(uid="typed").answers
    # It is the number of the unit's own thing only.
    assert refused(lambda: send(owner, [board("XC-001", SECOND)])) == ["THINGS_001"]


def test_a_number_typed_by_hand_begins_nothing_unless_the_kind_adopts(owner: Any) -> None:
    from taizhang.web.things.models import Thing

    assert refused(lambda: send(owner, [board("XC-009")])) == ["THINGS_001"]
    assert refused(lambda: send(owner, [board("B7")])) == ["THINGS_001"]
    assert not Thing.objects.exists()
    send(owner, [board("门口那块")])  # a name is no number
    assert (stored("门口那块").number, stored("门口那块").name) == ("XC-001", "门口那块")
    send(owner, [rack("QT-01"), rack("N-0000000AAA", day="2026-07-02"), rack("旧7")])
    numbers = [stored(key, dataset="racks").number for key in ("QT-01", "N-0000000AAA", "旧7")]
    assert numbers == ["QT-01", "QT-02", "旧7"]  # what people gave is passed over
    assert rebuilt(owner).issues == ()


def test_things_from_before_the_pack_knew_them_are_numbered_at_its_installation(
    instance: Any,
) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.things.models import Thing
    from tests.web.things.furnish import things_furnish

    files = {name: data for name, data in PACK_FILES.items() if name != "things.yaml"}
    owner = things_furnish(files)
    send(owner, [board("1", title="东门栏"), rack("旧7")])
    assert not Thing.objects.exists()
    newer = {**PACK_FILES, "pack.yaml": PACK_FILES["pack.yaml"].replace(b'"1"', b'"2"')}
    pack_install(source=newer, acting_user=owner, now=NOW)
    assert (stored("1").number, stored("旧7", dataset="racks").number) == ("XC-001", "旧7")
    assert rebuilt(owner).issues == ()
    assert not verify().issues
    send(owner, [board("1", day="2026-07-05", title="大门栏")])  # a known name goes on
    assert stored("1").name == "大门栏"


def test_a_row_changed_by_hand_is_told_and_mended(owner: Any) -> None:
    from taizhang.web.things.models import Thing

    send(owner, [board(EAST, title="东门栏"), board(WEST)])
    Thing.objects.filter(uid=uid(EAST)).update(name="别的")
    assert [issue.code.name for issue in rebuilt(owner).issues] == ["THINGS_006"]
    assert stored(EAST).name == "东门栏"
    assert rebuilt(owner).issues == ()


def test_states_changed_by_hand_are_mended_with_what_follows(owner: Any) -> None:
    from taizhang.web.ledger.models import EntityState

    send(owner, [board(EAST, title="东门栏")])
    EntityState.objects.update(properties='{"title":"别的"}')
    assert [issue.code.name for issue in rebuilt(owner).issues] == ["FACTS_003", "THINGS_006"]
    assert stored(EAST).name == "东门栏"
    assert rebuilt(owner).issues == ()


def test_a_merge_joins_and_its_undoing_parts_again(any_owner: Any) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.things.actions import merge_part, things_merge
    from taizhang.web.things.models import Alias, Thing

    send(any_owner, [board(EAST, title="东门栏"), board(GATE, day="2026-07-04", title="大门栏")])
    lead = person("lin")
    act = {"acting_user": lead, "now": NOW}
    assert refused(
        lambda: things_merge(
            kept=uid(EAST), gone=uid(GATE), reason="重", acting_user=person("chen"), now=NOW
        )
    ) == ["ACCESS_001"]
    merge = things_merge(kept=uid(EAST), gone=uid(GATE), reason="同一块", **act)
    assert [thing.number for thing in Thing.objects.all()] == ["XC-001"]
    assert (stored(EAST).name, stored(EAST).last) == ("大门栏", date(2026, 7, 4))
    assert set(Alias.objects.values_list("number", "thing")) == {
        ("XC-001", uid(EAST)),
        ("XC-002", uid(EAST)),
    }
    # The number of the one that is gone still means it.
    send(any_owner, [board("XC-002", day="2026-07-06", where="正门")])
    assert stored(EAST).place == "正门"
    assert rebuilt(any_owner).issues == ()
    assert refused(lambda: things_merge(kept=uid(EAST), gone=uid(GATE), reason="再", **act)) == [
        "THINGS_003"
    ]
    assert refused(lambda: merge_part(merge=merge.pk, reason=" ", **act)) == ["THINGS_004"]
    merge_part(merge=merge.pk, reason="是两块", **act)
    assert (stored(EAST).name, stored(GATE).number, stored(GATE).place) == (
        "东门栏",
        "XC-002",
        "正门",
    )
    assert refused(lambda: merge_part(merge=merge.pk, reason="再", **act)) == ["THINGS_005"]
    assert rebuilt(any_owner).issues == ()
    assert not verify().issues


def test_a_merge_changed_by_hand_is_found_by_the_log(owner: Any) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.things.actions import things_merge
    from taizhang.web.things.models import Merge

    send(owner, [board(EAST), board(GATE)])
    things_merge(
        kept=uid(EAST), gone=uid(GATE), reason="同一块", acting_user=person("lin"), now=NOW
    )
    Merge.objects.update(reason="别的")
    assert [issue.code.name for issue in verify().issues] == ["AUDIT_008"]


def test_things_follow_their_unit(owner: Any) -> None:
    from tests.web.cases.test_units import changed
    from tests.web.ledger.furnish import STREET

    send(owner, [board(EAST, title="东门栏"), board(WEST, SECOND, title="西门栏")])
    new = f"360602001009,联合社区,community,社区,{STREET},2026-07-05,\n"
    notes = changed(owner, new, f"2026-07-05,merge,{FIRST} {SECOND},360602001009\n")
    assert notes.count("THINGS_007") == 2
    assert {stored(EAST).unit, stored(WEST, SECOND).unit} == {"360602001009"}
    send(owner, [board("XC-001", "360602001009", "2026-07-06", where="东门")])
    assert stored(EAST).place == "东门"
    assert rebuilt(owner).issues == ()
