"""Write docs/packs/quotas.md, what each quota rests on: `python -m tools.quotas_page [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache

from taizhang.core.definition.norm import Norm, NormVersion
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.task import Task
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import load
from taizhang.core.rules.norms import NORMS_ASKED, openable
from tools.common_page import table
from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "packs" / "quotas.md"
OWN = "本单位年度计划"
INTRODUCTION = """# 每个任务数的依据

随软件发布的方案包里，每个任务数要么有依据文件（`norms.yaml` 里写着名称、文号或网址、施行日期），
要么由本单位年度计划定：下达或录入以前是空的。只写日期的任务不在这里。

本页由 `python -m tools.quotas_page` 从方案包写出，不要手改。两样都没有的任务数过不了检查
（`RULE_061`）。
"""


@lru_cache
def packs() -> tuple[Pack, ...]:
    """This function will load the shipped packs, by their keys."""
    loaded = []
    for path in sorted(shipped_folder().glob("*/pack.yaml")):
        pack, issues = load(path.parent)
        if pack is None:
            raise SystemExit("\n".join(issue.line() for issue in issues))
        loaded.append(pack)
    return tuple(loaded)


def grounds(pack: Pack, task: Task) -> tuple[tuple[Norm, NormVersion], ...]:
    """This function will give the versions of norms on which a task's quota rests."""
    names = NORMS_ASKED.findall(task.quota or "")
    norms = [pack.norms[name if "." in name else f"{pack.key}.{name}"] for name in names]
    return tuple((norm, version) for norm in norms for version in norm.versions)


def groundless() -> Iterator[str]:
    """This function will name the quotas that rest on no document and on no plan of a unit."""
    for pack in packs():
        for task in pack.plan.tasks if pack.plan is not None else ():
            asks = task.measure is not None and not task.own and (task.quota or task.every)
            found = grounds(pack, task)
            if asks and not (found and all(openable(version) for _, version in found)):
                yield f"{pack.key}.{task.key}"


def rows(pack: Pack) -> Iterator[tuple[str, ...]]:
    """This function will yield a row for each quota of a pack: task, amount, document, source."""
    for task in pack.plan.tasks if pack.plan is not None else ():
        if task.own:
            yield (task.label, "自定", OWN, "", "", "")
        for norm, version in grounds(pack, task):
            amounts = "、".join(f"{kind}{value}" for kind, value in version.values.items())
            begins, ends = version.in_force_from or "", version.in_force_to or ""
            checked = "" if version.verified else "未经核实"
            yield (
                task.label,
                f"{amounts}（{norm.unit}）",
                version.title,
                version.source,
                f"{begins}至{ends}" if ends else f"{begins}起",
                checked,
            )


def page() -> str:
    """This function will write the page."""
    lines = [INTRODUCTION]
    for pack in packs():
        found = list(rows(pack))
        if found:
            lines += [f"## {pack.label}", ""]
            lines += table(("任务", "任务数", "依据", "出处", "施行", "核实"), found)
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    """This function will write or compare the page; a quota without grounds is a failure."""
    return page_run(arguments, __doc__, PAGE, page, [f"{key}: no grounds" for key in groundless()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
