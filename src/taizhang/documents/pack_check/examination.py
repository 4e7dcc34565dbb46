"""Examining a pack from outside: read, rules, templates, tests, all in a child under limits.

Commands and pages ask here and nowhere else, so that a hostile pack never holds a page, the worker
or the machine, and is answered by issues whatever it does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.core.base.enclosure import EnclosureLimits, Stop, Stopped, Tell, enclosed
from taizhang.core.base.issue import Issue, Place, errors
from taizhang.core.pack.code import PackCode
from taizhang.documents.pack_check.issue_json import issues_read, issues_written

if TYPE_CHECKING:
    from taizhang.core.definition.pack import Pack

LIMITS = EnclosureLimits()

#: Examinations kept in a process: the same files beside the same packs give the same again.
_KEPT: OrderedDict[tuple[object, ...], Examination] = OrderedDict()
_MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test of a pack found: how many expectations it compared, and every issue."""

    name: str
    compared: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """What is wrong with a pack, and what it calls itself; ``key`` is empty for what is no pack."""

    key: str = ""
    version: str = ""
    label: str = ""
    digest: str = ""
    issues: tuple[Issue, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @property
    def sound(self) -> bool:
        """Say whether nothing forbids the use of the pack (its tests aside)."""
        return bool(self.key) and not errors(self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationRequest:
    """What a child is asked: a folder with the packs beside it, or files beside given packs."""

    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    others: tuple[Pack, ...] = ()
    templates: bool = True
    tests: bool = False


def examine_folder(
    folder: Path,
    *,
    templates: bool = True,
    tests: bool = False,
    limits: EnclosureLimits | None = None,
) -> Examination:
    """Examine the pack of a folder with the packs it uses: beside it first, else the shipped ones.

    Its tests are run where nothing forbids its use.
    """
    question = ExaminationRequest(folder=str(folder), templates=templates, tests=tests)
    return _examined(question, limits or LIMITS)


def examine_files(
    files: Mapping[str, bytes],
    others: Sequence[Pack],
    *,
    templates: bool = True,
    tests: bool = False,
    limits: EnclosureLimits | None = None,
) -> Examination:
    """Examine the files of a pack beside other packs, but not beside a version of itself."""
    from taizhang.core.pack.load import digest_of

    key = (
        digest_of(files),
        *(other.digest for other in others),
        templates,
        tests,
        limits or LIMITS,
    )
    if key in _KEPT:
        return _KEPT[key]
    question = ExaminationRequest(
        files=files, others=tuple(others), templates=templates, tests=tests
    )
    examination = _examined(question, limits or LIMITS)
    if examination.key:  # what was stopped may have been so by a busy machine
        _KEPT[key] = examination
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return examination


def _examined(question: ExaminationRequest, limits: EnclosureLimits) -> Examination:
    try:
        answer: Any = enclosed(f"{__name__}:examine", question, limits)
    except Stopped as stopped:
        return Examination(issues=(_stopped(stopped, question.folder, limits),))
    outcomes = tuple(
        Outcome(outcome["name"], outcome["compared"], issues_read(outcome["issues"]))
        for outcome in answer["outcomes"]
    )
    words = {name: str(answer[name]) for name in ("key", "version", "label", "digest")}
    return Examination(**words, issues=issues_read(answer["issues"]), outcomes=outcomes)


def _stopped(stopped: Stopped, folder: str, limits: EnclosureLimits) -> Issue:
    place = Place(stopped.part or folder)
    match stopped.why:
        case Stop.CLOCK:
            return Issue(PackCode.PACK_014, place, {"seconds": limits.part})
        case Stop.MEMORY:
            return Issue(PackCode.PACK_015, place, {"megabytes": limits.memory})
        case Stop.DEPTH:
            return Issue(PackCode.PACK_016, place)
        case _:
            return Issue(PackCode.PACK_017, place, {"error": stopped.detail.rstrip(".")})


# in the child ------------------------------------------------------------------------------------


def examine(question: ExaminationRequest, tell: Tell) -> object:
    """Examine what a question asks and write it as JSON; a child runs this (:func:`enclosed`)."""
    # Loaded only in the child: whoever asks waits for it anyway.
    from taizhang.core.pack.examine import beside, faults, is_shipped, once
    from taizhang.core.pack.load import read
    from taizhang.core.pack.test_runner import run
    from taizhang.documents.pack_check.template_check import check_documents
    from taizhang.documents.write import text_of

    folder = Path(question.folder) if question.folder else None
    reading = read(folder or question.files, tell=tell)
    pack = reading.pack
    if pack is None:
        return _answer(None, once(reading.issues), ())
    if folder is not None:
        others = beside(pack, folder)
    else:
        others = tuple(other for other in question.others if other.key != pack.key)
    tell("pack.yaml")
    shipped = folder is not None and is_shipped(folder)
    issues = once((*reading.issues, *faults(reading, others, shipped)))
    if question.templates and not errors(issues):
        issues = once((*issues, *check_documents(pack, others, tell)))
    outcomes: tuple[object, ...] = ()
    if question.tests and not errors(issues):
        outcomes = tuple(
            {
                "name": outcome.name,
                "compared": outcome.compared,
                "issues": issues_written(outcome.issues),
            }
            for outcome in run(pack, others, text_of, tell)
        )
    return _answer(pack, issues, outcomes)


def _answer(pack: Pack | None, issues: Iterable[Issue], outcomes: tuple[object, ...]) -> object:
    names = ("key", "version", "label", "digest")
    words = {name: getattr(pack, name) if pack is not None else "" for name in names}
    return {**words, "issues": issues_written(issues), "outcomes": outcomes}
