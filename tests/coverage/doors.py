"""Where a person does what an element of a pack holds: the page and the command of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from taizhang.core.definition.pack import Pack
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import read
from tests.coverage.element import Element

#: Where what no pack holds is done, by the folder of the software's own tests.
ENGINE = {
    "tests/reading": "Old texts; `taizhang read FILE`",
    "tests/core/rules": "Programmes; `taizhang pack check`",
    "tests/documents": "Documents; `taizhang write`",
    "tests/web/ledger": "Record; `taizhang records import`, `closings close`",
    "tests/core": "Figures; `taizhang figures`",
}


@lru_cache
def _pack(key: str) -> Pack:
    pack = read(shipped_folder() / key, tests=False).pack
    assert pack is not None, key
    return pack


def doors(at: Iterable[str], engine: Iterable[str]) -> tuple[str, ...]:
    """This function will name each place once: where one records, plans, asks or writes."""
    places = [_door(Element.parse(path)) for path in at]
    places += [next(say for way, say in ENGINE.items() if path.startswith(way)) for path in engine]
    return tuple(dict.fromkeys(place for place in places if place))


def _door(element: Element) -> str:
    pack, name = _pack(element.pack), element.names[0]
    key = f"{element.pack}.{name}"
    match element.kind:
        case "forms":
            return f"Record: {pack.forms[key].title}"
        case "documents":
            return f"Documents; `taizhang write {key}`"
        case "plan":
            tasks = pack.plan.tasks if pack.plan is not None else ()
            return f"Plan: {next(task.label for task in tasks if task.key == name)}"
        case "calendar":
            return f"Calendar: {next(day.label for day in pack.calendar if day.key == name)}"
        case "rubric":
            return f"Assessment; `taizhang score {element.pack}`"
        case "measures":
            return f"Figures: {pack.measures[key].label}"
        case "indicators":
            return f"Figures: {pack.indicators[key].label}"
        case "norms":
            return f"Plan and figures: {pack.norms[key].label}"
        case "cases":
            return f"Cases: {pack.cases[key].label}"
        case "pack":
            return "Plan and figures"
        case _:
            return ""
