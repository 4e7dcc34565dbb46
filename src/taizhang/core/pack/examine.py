"""The examination of a pack as a whole: its files, its rules, the packs it uses, those shipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from taizhang.core.base.issue import Issue, errors
from taizhang.core.definition.pack import Pack
from taizhang.core.pack.load import PackReading, load, read
from taizhang.core.rules import check

#: The pack that every other pack may lean on without naming it.
COMMON = "common"


@dataclass(frozen=True, slots=True)
class ExaminedPack:
    """A pack with the packs it uses and everything that is wrong with it.

    ``pack`` is ``None`` where an error forbids its use.
    """

    pack: Pack | None
    others: tuple[Pack, ...]
    issues: tuple[Issue, ...]


def shipped_folder() -> Path:
    """Give the folder of the packs that come with the software."""
    return Path(str(resources.files("taizhang").joinpath("packs")))


def pack_folder(named: Path) -> Path:
    """Give the folder of a pack named by path, or by the bare key of one that is shipped."""
    shipped = shipped_folder() / named.name
    bare = named == Path(named.name) and not named.exists()
    return shipped if bare and shipped.is_dir() else named


def examine(folder: Path) -> ExaminedPack:
    """Read a pack and check it with the packs it uses: beside it first, else the shipped ones."""
    reading = read(folder)
    others = beside(reading.pack, folder) if reading.pack is not None else ()
    issues = reading.issues + faults(reading, others, is_shipped(folder))
    wrong = bool(errors(issues))
    return ExaminedPack(None if wrong else reading.pack, others, once(issues))


def faults(
    reading: PackReading, others: Sequence[Pack], shipped: bool = False
) -> tuple[Issue, ...]:
    """Give what the rules find; nothing where a file could not be read, as they would cry wolf."""
    if reading.pack is None or reading.unreadable:
        return ()
    return check(reading.pack, others, shipped)


def once(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Give each issue once, in the order of files and lines."""
    first_of = {issue.line(): issue for issue in issues}
    return tuple(
        sorted(
            first_of.values(),
            key=lambda it: (it.place.file, it.place.line or 0, it.place.row or 0, it.code.name),
        )
    )


def is_shipped(folder: Path) -> bool:
    """Say whether a folder is that of a pack which comes with the software."""
    return shipped_folder().resolve() in folder.resolve().parents


def beside(pack: Pack, folder: Path) -> tuple[Pack, ...]:
    """Give the packs that a pack uses, and those that these use, and the common pack.

    A used pack that is missing or faulty is left out: the rule on ``uses`` names it.
    """
    packs: dict[str, Pack] = {}
    waiting = [*pack.uses, COMMON]
    while waiting:
        key = waiting.pop(0)
        if key in packs or key == pack.key:
            continue
        for place in (folder.parent / key, shipped_folder() / key):
            if (place / "pack.yaml").is_file():
                used, _ = load(place)
                if used is not None:
                    packs[key] = used
                    waiting.extend(used.uses)
                    break
    return tuple(packs.values())
