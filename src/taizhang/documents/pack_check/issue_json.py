"""Issues as JSON between processes; where there are too many, some of each file and a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from taizhang.core.base.issue import Code, Issue, Level, Marked, Place
from taizhang.core.pack.code import PackCode

#: More issues than this help nobody; what is left out is counted.
MOST_ISSUES = 500
_WORST_FIRST = (Level.ERROR, Level.FUTURE_ERROR, Level.WARNING)


def issues_written(issues: Iterable[Issue]) -> list[object]:
    """Write issues as JSON; where there are too many, errors and the first of each file."""
    chosen = list(issues)
    if len(chosen) > MOST_ISSUES:
        facts = {"left": len(chosen) - MOST_ISSUES, "most": MOST_ISSUES}
        shown = _first(chosen)
        chosen = [*(chosen[index] for index in shown), _left(chosen, set(shown), facts)]
    return [
        {
            "code": [type(issue.code).__module__, type(issue.code).__qualname__, issue.code.name],
            "place": [getattr(issue.place, name) for name in Place.__slots__],
            "facts": {name: _fact(fact) for name, fact in issue.facts.items()},
            "level": issue.level.value,
        }
        for issue in chosen
    ]


def _left(issues: Sequence[Issue], shown: set[int], facts: Mapping[str, object]) -> Issue:
    """Count the issues that are left out; it is as bad as the worst of them."""
    left = [issue for index, issue in enumerate(issues) if index not in shown]
    worst = min(left, key=lambda issue: _WORST_FIRST.index(issue.level))
    return Issue(PackCode.PACK_018, facts=facts, level=worst.level)


def _first(issues: Sequence[Issue]) -> list[int]:
    """Choose the issues that are shown, by index: errors first, and from every file some."""
    seen: Counter[tuple[str, Level]] = Counter()
    ranks: list[tuple[bool, int, int]] = []
    for index, issue in enumerate(issues):
        key = issue.place.file, issue.level
        ranks.append((issue.level is not Level.ERROR, seen[key] // 5, index))
        seen[key] += 1
    return sorted(index for _, _, index in sorted(ranks)[:MOST_ISSUES])


def _fact(fact: object) -> object:
    if isinstance(fact, Marked):
        return {"marked": str(fact)}
    return fact if isinstance(fact, int) else _cut(str(fact))


def _cut(text: str) -> str:
    return text if len(text) <= 2_000 else f"{text[:1_999]}…"


def issues_read(issues: Iterable[Any]) -> tuple[Issue, ...]:
    """Read what :func:`issues_written` wrote."""
    return tuple(_issue(written) for written in issues)


def _issue(written: Any) -> Issue:
    module, enum, name = written["code"]
    if not module.startswith("taizhang."):
        raise ValueError(module)
    codes: type[Code] = getattr(import_module(module), enum)
    facts = {
        key: Marked(fact["marked"]) if isinstance(fact, dict) else fact
        for key, fact in written["facts"].items()
    }
    return Issue(codes[name], Place(*written["place"]), facts, Level(written["level"]))
