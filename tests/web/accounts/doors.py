"""Reads the table of who may open what, and says where the doors of the pages differ from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from taizhang.web.accounts.permission import PUBLIC, SIGNED_IN, Door
from taizhang.web.accounts.routes import Page

TABLE = Path(__file__).with_name("doors.txt")
KEY, NONE = "key", "none"
#: Of what a door asks, as the table names it.
UNITS = {"whole": None, "reach": "any", "address": "path", "asked": "query"}
OPEN = (PUBLIC, SIGNED_IN, KEY)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the table says of one page; ``unit`` is '' where nothing is asked for."""

    name: str
    methods: tuple[str, ...]
    action: str
    unit: str
    twice: bool


@lru_cache
def _lines() -> tuple[list[list[str]], list[list[str]]]:
    actions, pages = TABLE.read_text(encoding="utf-8").split("## Actions")[1].split("## Pages")
    return (
        [line.split() for line in actions.splitlines()[1:] if line and line[0] != "#"],
        [line.split() for line in pages.splitlines()[1:] if line and line[0] != "#"],
    )


@lru_cache
def roles_of() -> Mapping[str, frozenset[str]]:
    """Give the roles that may do each action."""
    return {action: frozenset(roles) for action, *roles in _lines()[0]}


@lru_cache
def entries() -> Mapping[str, Entry]:
    """Give what the table says of each page, by its name."""
    found = {}
    for name, methods, action, *more in _lines()[1]:
        asked = () if methods == "-" else tuple(methods.split(","))
        unit = next((word for word in more if word in UNITS), "")
        entry = Entry(name, asked, action, unit, "twice" in more)
        assert set(more) <= {unit, "twice"}, name
        assert bool(unit) != (action in (*OPEN, NONE)), name
        assert unit == "" or action in roles_of(), name
        assert name not in found, name
        found[name] = entry
    return found


def faults(pages: Sequence[Page]) -> Iterator[str]:
    """Say of each page whose door is another than the table's what is wrong with it."""
    for page in pages:
        entry = entries().get(page.name)
        if entry is None:
            yield f"{page.name}: doors.txt does not say who may open it"
        elif page.door != (wanted := _door(entry)):
            yield f"{page.name}: {page.door} stands where doors.txt wants {wanted}"
    for name in sorted(entries().keys() - {page.name for page in pages}):
        yield f"{name}: there is no such page"


def _door(entry: Entry) -> Door | None:
    if entry.action == NONE:
        return None
    # What a program calls is open as a page; the key is asked for behind the door.
    action = PUBLIC if entry.action == KEY else entry.action
    return Door(action, UNITS[entry.unit] if entry.unit else None, entry.methods)
