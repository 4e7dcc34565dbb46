"""Write docs/packs/common.md, what `common` owns: `python -m tools.common_page [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from taizhang.core.definition.pack import Pack
from taizhang.core.form import Form
from taizhang.core.pack.load import load
from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "packs" / "common.md"
FOLDER = ROOT / "src" / "taizhang" / "packs" / "common"
#: Fields that hold no answer of a person.
_SILENT = frozenset({"note", "calculate", "hidden"})

INTRODUCTION = """# 公共基础包 common 管着什么

写 `uses: [common]` 就能用下面的表、计量、指标和日子，不要再问一遍（检查会报 `RULE_014`）。名称前面
不加 `common.` 也认得，除非和本包的重名；计数规则里写全名。

本页由 `python -m tools.common_page` 从方案包写出，不要手改。
"""


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """This function will yield the lines of a Markdown table and a blank one."""
    names = list(headings)
    yield f"| {' | '.join(names)} |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def bare(key: str) -> str:
    """This function will give the key without its pack, as code."""
    return f"`{key.partition('.')[2] or key}`"


def asked(form: Form) -> str:
    """This function will list what a form asks."""
    fields = (one for one in form.fields if one.type not in _SILENT)
    return "、".join(f"{one.label}（`{one.path}`）" for one in fields)


def sections(pack: Pack) -> Iterator[str]:
    """This function will yield the lines of the page below its introduction."""
    yield from ("## 表", "")
    forms = pack.forms.values()
    yield from table(
        ("键", "名称", "问什么"), ((bare(one.key), one.title, asked(one)) for one in forms)
    )
    yield from ("## 计量", "")
    kinds = {"event": "发生数，按时间相加", "level": "现存数，看最近一次"}
    yield from table(
        ("键", "名称", "单位", "种类", "可按什么分"),
        (
            (
                bare(one.key),
                one.label,
                one.unit,
                kinds[one.kind.value],
                "、".join(f"`{name}`" for name in one.dimensions),
            )
            for one in pack.measures.values()
        ),
    )
    yield from ("## 指标", "")
    yield from table(
        ("键", "名称", "单位", "算法"),
        (
            (
                bare(one.key),
                one.label,
                one.unit,
                f"`{one.formula or f'{one.numerator} / {one.denominator}'}`",
            )
            for one in pack.indicators.values()
        ),
    )
    yield from ("## 日历", "")
    yield from table(("键", "名称"), ((bare(one.key), one.label) for one in pack.calendar))


def page() -> str:
    """This function will write the whole page."""
    pack, issues = load(FOLDER)
    if pack is None:
        raise SystemExit("\n".join(issue.line() for issue in issues))
    return "\n".join([INTRODUCTION, *sections(pack)]).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    return page_run(arguments, __doc__, PAGE, page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
