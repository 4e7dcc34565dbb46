"""Measures how well old plans are read: `python -m tests.reading.score_plan [set …] [--misses]`.

A label file stands beside each text of ``tests/reading/labelled/plans/*``.  A task is found when
one on its line has the same quota (or none) and, for a task without a quota, its word; its words,
unit, recurrence, days and responsible body are then compared.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

from taizhang.reading.plan.plan import ReadTask, plan_json
from taizhang.reading.read import read

FOLDER = Path(__file__).resolve().parent / "labelled/plans"
SETS = ("fresh", "second", "third", "fifth", "sixth")
FIELDS = ("what", "unit", "every", "on", "by")


@dataclass
class Score:
    """Counts over texts."""

    texts: int = 0
    labels: int = 0
    found: int = 0
    matched: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Give the share of labelled tasks that were found."""
        return self.matched / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Give the share of found tasks that are labelled."""
        return self.matched / self.found if self.found else 1.0

    def share(self, name: str) -> float:
        """Give the share of the found tasks that have a field right."""
        return self.right[name] / self.matched if self.matched else 1.0


def texts(which: str) -> list[Path]:
    """Give the labelled plans of one set."""
    return sorted((FOLDER / which).glob("*.txt"))


def score_of(which: str) -> Score:
    """Measure one set."""
    score = Score()
    for path in texts(which):
        text_score(path, score)
    return score


def text_score(path: Path, score: Score) -> None:
    """Read one plan and add what is right and wrong."""
    labels = YAML(typ="safe").load(path.with_suffix(".yaml").read_text("utf-8"))["tasks"]
    readings = read([(path.name, path.read_bytes())]).readings
    rest = [task for one in readings for task in one.tasks]
    score.texts += 1
    score.labels += len(labels)
    score.found += len(rest)
    for label in labels:
        task = next((one for one in rest if _same(one, label)), None)
        if task is None:
            score.misses.append(f"{path.stem}:{label['line']} missed {label}")
            continue
        rest.remove(task)
        score.matched += 1
        _compare(task, label, path.stem, score)
    score.misses += [f"{path.stem}:{one.line} extra {one.what} {one.quota}" for one in rest]


def _same(task: ReadTask, label: dict[str, object]) -> bool:
    if task.line != label["line"]:
        return False
    if "quota" in label:
        return task.quota == Decimal(str(label["quota"])) and _unit(task, label)
    return task.quota is None and str(label["what"]) in task.what


def _unit(task: ReadTask, label: dict[str, object]) -> bool:
    """Tell two quotas of one number apart by their words where the units differ as well."""
    return task.unit == label.get("unit") or str(label["what"]) in task.what


def _compare(task: ReadTask, label: dict[str, object], name: str, score: Score) -> None:
    rows = plan_json([task])["tasks"]
    found = rows[0] if isinstance(rows, list) else {}
    for key in FIELDS:
        wanted, given = label.get(key), found[key]
        right = str(wanted) in str(given) if key == "what" else _parts(wanted) == _parts(given)
        score.right[key] += right
        if not right:
            score.misses.append(f"{name}:{label['line']} {key} {given!r}, not {wanted!r}")


def _parts(value: object) -> set[str]:
    return set() if value is None else set(str(value).split("、"))


def main(arguments: list[str]) -> int:
    """Print the scores of the sets named."""
    for which in [one for one in arguments if one in SETS] or SETS:
        score = score_of(which)
        shares = " ".join(f"{name} {score.share(name):.3f}" for name in FIELDS)
        sys.stdout.write(
            f"{which}: {score.texts} texts, {score.labels} tasks\n"
            f"  recall {score.recall:.3f} precision {score.precision:.3f} {shares}\n"
        )
        if "--misses" in arguments:
            sys.stdout.write("".join(f"    {miss}\n" for miss in score.misses))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
