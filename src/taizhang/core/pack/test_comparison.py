"""What a pack's test expects of cases and things, beside where they stand in its ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from taizhang.core.base.issue import Marked, gettext_noop
from taizhang.core.base.literal import day_read, whole_read
from taizhang.core.base.yaml_source import YamlList, YamlMap
from taizhang.core.case.table import row_of
from taizhang.core.pack.test_ledger import PackTestLedger

CASE = Marked(gettext_noop("Case"))
THING = Marked(gettext_noop("Thing"))
A_CASE = Marked(gettext_noop("a case"))
NO_CASE = Marked(gettext_noop("no such case"))
A_KIND = Marked(gettext_noop("a kind of thing"))
NO_KIND = Marked(gettext_noop("no pack has this kind of thing"))


class StateComparison(NamedTuple):
    """One value that a test expects, and the one there is."""

    line: int | None
    kind: Marked
    what: str
    expected: object
    actual: object


def case_comparisons(ledger: PackTestLedger, expected: YamlMap) -> Iterator[StateComparison]:
    """Compare where a case, named by the record that opened it, stands on a day."""
    uid = str(expected.get("case", ""))
    on = day_read(str(expected.get("on", ""))) or ledger.as_of
    known = day_read(str(expected.get("as_of", "")))
    table = ledger.cases.table()
    standing = table.standing(uid, on, known) if uid in table else None
    if standing is None:
        yield StateComparison(expected.line, CASE, uid, A_CASE, NO_CASE)
        return
    row = row_of(standing, ledger.cases.world, on, known or ledger.today)
    actual: dict[str, object] = {
        "number": row.number,
        "state": row.state,
        "owner": row.owner,
        "due": row.due,
        "overdue": max((run.days_over for run in row.runs if run.overdue), default=0),
        "ended": row.ended,
        "next": list(standing.next_steps),
        "without_effect": {line.record: line.why.value for line in standing.idle if line.why},
    }
    for key in [key for key in actual if key in expected]:
        wanted = _wanted(ledger, key, expected)
        yield StateComparison(expected.lines[key], CASE, f"{uid} {key}", wanted, actual[key])


def _wanted(ledger: PackTestLedger, key: str, expected: YamlMap) -> object:
    value = expected[key]
    if key == "owner":
        return ledger.unit(str(value), expected.lines[key])
    if key in ("due", "ended"):
        return day_read(str(value))
    if isinstance(value, YamlList):
        return [str(step) for step in value]
    if isinstance(value, YamlMap):
        return {name: str(why) for name, why in value.items()}
    return whole_read(str(value)) if key == "overdue" else str(value)


def thing_comparisons(
    ledger: PackTestLedger, expected: YamlMap, home: str
) -> Iterator[StateComparison]:
    """Compare a thing of a kind at a unit, named by its number or its name."""
    name = str(expected.get("thing", ""))
    unit = ledger.unit(str(expected.get("unit", "")), expected.line)
    on = day_read(str(expected.get("on", ""))) or ledger.as_of
    try:
        kind = ledger.programmes.thing(name, home)
    except LookupError:
        yield StateComparison(expected.line, THING, name, A_KIND, NO_KIND)
        return
    things = [
        thing.as_json()
        for thing in ledger.cases.standing(kind, on, None).values()
        if thing.unit == unit
    ]
    named = [key for key in ("number", "name") if key in expected]
    chosen = [thing for thing in things if all(thing[key] == str(expected[key]) for key in named)]
    if len(chosen) != 1:
        yield StateComparison(expected.line, THING, name, 1, len(chosen))
        return
    for key in [key for key in (*named, "place", "state", "due") if key in expected]:
        wanted = None if expected[key] == "none" else str(expected[key])
        what = f"{name} {key}"
        yield StateComparison(expected.lines[key], THING, what, wanted, chosen[0][key])
