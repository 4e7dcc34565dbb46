"""Cases of units that merge or split, of packs that change, of rows changed by hand."""

from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from tests.core.case.problem import CASES
from tests.web.cases.furnish import NOW, PACK_FILES, opening, send, step
from tests.web.ledger.furnish import FIRST, SECOND, STREET

HEAD = "code,name,level,kind,parent,valid_from,valid_to\n"
NEW = "360602001009"


def stored(uid: str) -> Any:
    from taizhang.web.cases.models import Case

    return Case.objects.get(uid=uid)


def changed(user: Any, units: str, changes: str) -> list[str]:
    from taizhang.web.units.actions import File, units_import

    done = units_import(
        units=File(name="u.csv", data=(HEAD + units).encode()),
        changes=File(name="c.csv", data=f"date,change,from,to\n{changes}".encode()),
        acting_user=user,
        now=NOW,
    )
    return [issue.code.name for issue in done.notes]


def test_a_case_goes_to_the_unit_that_was_merged_into(owner: Any) -> None:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    send(owner, [opening("a"), opening("b", SECOND)])
    new = f"{NEW},联合社区,community,社区,{STREET},2026-07-05,\n"
    notes = changed(owner, new, f"2026-07-05,merge,{FIRST} {SECOND},{NEW}\n")
    assert notes.count("CASES_002") == 2
    assert (stored("a").owner, stored("b").owner) == (NEW, NEW)
    send(owner, [step("a", "start", NEW, "2026-07-06"), step("a", "note", FIRST, "2026-07-03")])
    assert (stored("a").state, stored("a").idle) == ("doing", 0)
    assert facts_rebuild(acting_user=owner, now=NOW).issues == ()


def test_a_change_dated_ahead_moves_cases_on_its_day_and_is_logged_once(owner: Any) -> None:
    from datetime import timedelta

    from taizhang.web.audit.models import Entry
    from taizhang.web.cases.actions import day_turned

    send(owner, [opening("a"), opening("b", SECOND)])
    new = f"{NEW},联合社区,community,社区,{STREET},2026-07-15,\n"
    changed(owner, new, f"2026-07-15,merge,{FIRST} {SECOND},{NEW}\n")
    assert stored("a").owner == FIRST
    for days in (4, 5, 6):
        day_turned(NOW + timedelta(days=days))
    assert (stored("a").owner, stored("b").owner) == (NEW, NEW)
    (entry,) = Entry.objects.filter(action="case.follow")
    assert entry.actor is None
    told = str(Entry.objects.filter(action="case.follow").values()[0])
    assert f"{FIRST} → {NEW}: 1" in told
    assert f"{SECOND} → {NEW}: 1" in told


def test_a_case_waits_with_the_parent_after_a_split(owner: Any) -> None:
    send(owner, [opening("a")])
    new = f"{NEW},东社区,community,社区,{STREET},2026-07-05,\n"
    new += f"{NEW[:-1]}8,西社区,community,社区,{STREET},2026-07-05,\n"
    notes = changed(owner, new, f"2026-07-05,split,{FIRST},{NEW} {NEW[:-1]}8\n")
    assert "CASES_003" in notes
    assert stored("a").owner == STREET
    send(owner, [step("a", "assign", STREET, "2026-07-06", by="sun", answers={"to": NEW})])
    assert (stored("a").owner, stored("a").idle) == (NEW, 0)


def test_a_version_that_drops_a_state_in_use_is_refused(owner: Any) -> None:
    from taizhang.web.programmes.actions import pack_install

    send(owner, [opening("a"), step("a", "start")])
    text = CASES.replace("doing: 整改中", "busy: 整改中").replace("doing", "busy")
    files = {
        **PACK_FILES,
        "pack.yaml": PACK_FILES["pack.yaml"].replace(b'version: "1"', b'version: "2"'),
        "cases.yaml": text.encode(),
    }
    with pytest.raises(Refused) as caught:
        pack_install(source=files, acting_user=owner, now=NOW)
    assert "CASES_004" in {issue.code.name for issue in caught.value.issues}
    moved = text.replace("  counts:", "  moves: {doing: busy}\n  counts:")
    pack_install(source={**files, "cases.yaml": moved.encode()}, acting_user=owner, now=NOW)
    assert stored("a").state in ("busy", "doing")


def test_a_row_changed_by_hand_is_told_and_mended(owner: Any) -> None:
    from taizhang.web.cases.models import Case, Party
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.ledger.facts.rebuild import facts_digest

    send(owner, [opening("a"), opening("b", SECOND)])
    right = facts_digest()[0]
    Case.objects.filter(uid="a").update(owner=SECOND)
    Party.objects.filter(uid="b").delete()
    assert facts_digest()[0] != right
    rebuilt = facts_rebuild(acting_user=owner, now=NOW)
    assert [(issue.code.name, issue.facts["cases"]) for issue in rebuilt.issues] == [
        ("CASES_001", 2)
    ]
    assert rebuilt.digest == right
    assert stored("a").owner == FIRST
    assert facts_rebuild(acting_user=owner, now=NOW).issues == ()


def test_a_number_changed_by_hand_is_named(owner: Any) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.cases.models import Number

    send(owner, [opening("a")])
    Number.objects.filter(uid="a").update(number="WT-2026-777")
    assert [issue.code.name for issue in verify().issues] == ["AUDIT_008"]
