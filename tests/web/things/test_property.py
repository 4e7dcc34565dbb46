"""Random histories of things: stored rows are those of a rebuild and of the fold in core."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.core.ledger import figure
from tests.web.ledger.furnish import FIRST, SECOND, STREET
from tests.web.things.furnish import NOW, board, send

KEYS = [f"N-000000000{number}" for number in range(5)]
UNITS = (FIRST, SECOND)


def _line(random: Random, number: int, live: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Give a record at random: new, late, a correction or a withdrawal of a live one."""
    day = (date(2026, 1, 1) + timedelta(days=random.randrange(180))).isoformat()
    said = {
        "title": random.choice(("东门栏", "西门栏", "")),
        "where": random.choice(("东门", "")),
        "next": random.choice(("2026-03-01", "2026-12-01", "")),
        "state": random.choice(("in_use", "removed", "")),
        "kind": random.choice(("board", "screen", "")),
    }
    said = {name: text for name, text in said.items() if text}
    kind = random.random()
    if live and kind < 0.35:
        target, key, unit = live.pop(random.randrange(len(live)))
        if kind < 0.15:
            return board(key, unit, day, id=f"r{number}", withdraws=target, reason="错")
        live.append((f"r{number}", key, unit))
        return board(key, unit, day, id=f"r{number}", replaces=target, reason="错", **said)
    key, unit = random.choice(KEYS), random.choice(UNITS)
    live.append((f"r{number}", key, unit))
    return board(key, unit, day, id=f"r{number}", **said)


def _act(random: Random, owner: Any, moment: Any) -> None:
    """Merge two things, or part two again, at random."""
    from taizhang.web.things.actions import merge_part, things_merge
    from taizhang.web.things.models import Merge, Thing

    standing = Merge.objects.filter(undoes=None, undone=None)
    if standing.exists() and random.random() < 0.4:
        chosen = random.choice(list(standing))
        merge_part(merge=chosen.pk, reason="两块", acting_user=owner, now=moment)
        return
    things = list(Thing.objects.order_by("uid"))
    if len(things) > 1:
        kept, gone = random.sample(things, 2)
        if kept.kind != gone.kind:
            return
        things_merge(kept=kept.uid, gone=gone.uid, reason="一块", acting_user=owner, now=moment)


@pytest.mark.parametrize("seed", range(6))
def test_stored_is_rebuilt_and_counted_alike(owner: Any, seed: int) -> None:
    from taizhang.core.thing.fold import counted
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.things.book import StoredThings, things_on
    from taizhang.web.things.kinds import Kinds, owners_now
    from taizhang.web.things.models import Number, Thing
    from taizhang.web.units.queries import history

    random = Random(seed)  # noqa: S311 - no secret
    live: list[tuple[str, str, str]] = []
    today = date(2026, 7, 10)
    numbers: dict[str, str] = {}
    for number in range(40):
        moment = NOW - timedelta(hours=41 - number)
        send(owner, [_line(random, number, live)], moment)
        if random.random() < 0.25:
            _act(random, owner, moment + timedelta(minutes=1))
        given = dict(Number.objects.values_list("uid", "number"))
        assert numbers.items() <= given.items()  # none is ever changed or taken away
        numbers = given
    for unit in UNITS:
        own = [text for uid, text in numbers.items() if f"/{unit}:" in uid]
        assert len(own) == len(set(own))
    assert facts_rebuild(acting_user=owner, now=NOW).issues == ()
    kinds, owners = Kinds(today), owners_now()
    folded = things_on("panels", kinds, owners, today, None)
    stored = {thing.uid: thing for thing in Thing.objects.all()}
    assert folded.keys() == stored.keys()
    for uid, state in folded.items():
        row = stored[uid]
        assert (row.kind, row.number, row.name, row.place, row.unit) == (
            state.kind,
            state.number,
            state.name,
            state.place,
            state.unit,
        )
        assert (row.since, row.ended, row.due, row.last) == (
            state.since,
            state.ended,
            state.due,
            state.last,
        )
    first = date(2026, 1, 1)
    for what in ("new", "standing", "ended", "overdue"):
        for unit in (*UNITS, STREET):
            homes = frozenset(history().tree(today).homes(unit)) | {unit}
            wanted = [state for state in folded.values() if state.kind == "hc.board"]
            book = StoredThings(history(), today)
            told = book.things("hc.board", what, unit, first, today, None)
            assert told == counted(what, wanted, homes, first, today)
            # The same by the other route, which folds: what was known at the end of today.
            assert told == book.things("hc.board", what, unit, first, today, today)
            past = date(2026, 4, 1)
            by_unit = StoredThings(history(), today)
            alone = by_unit.things("hc.board", what, unit, first, past, None)
            for other in UNITS:  # asked for many units, it folds all at once
                by_unit.things("hc.board", what, other, first, past, None)
            states = things_on("panels", kinds, owners, past, None).values()
            of_kind = [state for state in states if state.kind == "hc.board"]
            assert alone == counted(what, of_kind, homes, first, past)
            assert alone == by_unit.things("hc.board", what, unit, first, past, None)


def test_figures_count_things(owner: Any) -> None:
    from taizhang.web.ledger.open_book import open_book

    send(owner, [board(KEYS[0], title="东门栏", next="2026-07-05"), board(KEYS[1], kind="screen")])
    book = open_book(now=NOW)

    def told(what: str, period: str = "2026-07") -> object:
        return figure(book, f"things('board', '{what}')", STREET, period).value

    assert [told(what) for what in ("new", "standing", "ended", "overdue")] == [1, 1, 0, 1]
    assert told("standing", "2026-06") == 0
