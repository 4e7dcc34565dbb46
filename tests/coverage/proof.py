"""Proves elements of packs: without one of them, a test of its pack or the pack's check fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from taizhang.core.base.issue import errors
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.core.pack.examine import beside, faults, shipped_folder
from taizhang.core.pack.load import read
from taizhang.core.pack.test_runner import run_one
from taizhang.documents.pack_check.template_check import check_documents
from taizhang.documents.write import text_of
from tests.coverage.element import Element, without


@dataclass(frozen=True)
class Shipped:
    """A shipped pack as read, with the packs it uses."""

    pack: Pack
    others: tuple[Pack, ...]


class Unsound(AssertionError):
    """Raised when a pack fails before anything was taken out of it."""


@lru_cache
def shipped(key: str) -> Shipped:
    """This function will read a shipped pack; its own check and tests must pass."""
    folder = shipped_folder() / key
    reading = read(folder)
    assert reading.pack is not None, key
    one = Shipped(reading.pack, beside(reading.pack, folder))
    said = failure(one, dict(reading.pack.files))
    if said:
        raise Unsound(f"{key}: {said}")
    return one


def prove(path: str) -> str:
    """This function will say what fails without an element: ``test year``, ``check RULE_001``.

    Nothing is given where nothing fails, so that the element is not proved.
    """
    element = Element.parse(path)
    one = shipped(element.pack)
    return failure(one, without(element, one.pack.files))


def failure(one: Shipped, files: dict[str, bytes]) -> str:
    """This function will give the first thing that fails of a pack with these files.

    A test is named before a check, because it says what the element is for.
    """
    reading = read(files)
    if reading.pack is not None and not errors(reading.issues):
        try:
            programmes = Programmes((*one.others, reading.pack))
            for test in reading.pack.tests:  # one after the other: the first that fails will do
                outcome = run_one(test, programmes, reading.pack, text_of)
                if not outcome.passed:
                    return f"test {outcome.name}"
        except (UnknownName, AssertionError):  # the pack still names it: the check says so
            pass
    wrong = list(errors((*reading.issues, *faults(reading, one.others, shipped=True))))
    if reading.pack is not None and not wrong:
        wrong.extend(errors(check_documents(reading.pack, one.others)))
    return f"check {wrong[0].code.name}" if wrong else ""


def prove_all(paths: Iterable[str], processes: int) -> Iterator[tuple[str, str]]:
    """This function will prove many elements, one pack after the other in each process."""
    chosen = sorted(paths)
    with ProcessPoolExecutor(processes) as pool:
        yield from zip(chosen, pool.map(prove, chosen, chunksize=8), strict=True)
