"""Write docs/packs/forms_types.md from the table of types: `python -m tools.forms_types_page`."""

import gettext
import sys
from collections.abc import Callable, Iterator

from taizhang.core.form.field_type import (
    ANSWERABLE,
    APPEARANCES,
    LIST_SPELLINGS,
    SPELLINGS,
    UNANSWERABLE,
    UNSHOWN,
)
from taizhang.core.form.model import TRACKING
from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "packs" / "forms_types.md"
Translate = Callable[[str], str]
LOCALE = ROOT / "src" / "taizhang" / "locale"

INTRODUCTION = """# 题型与外观对照表

XLSForm 转换器认识的每个题型，在这里或者能填、能交、能存，
或者在 `taizhang pack check` 时就被拒绝并写明怎么改。
本页由 `python -m tools.forms_types_page` 按 `src/taizhang/core/form/field_type.py` 写出；
`tests/web/exchange/test_round_trip.py` 为每个题型和外观各造几张表，检查、下发、填写、提交并读回。
"""


def page() -> str:
    """This function will write the page from the tables that the check of packs reads."""
    said = gettext.translation("django", LOCALE, languages=["zh_Hans"]).gettext
    return "\n".join([INTRODUCTION, *_accepted(), *_refused(said), *_appearances(said), ""])


def _accepted() -> Iterator[str]:
    older: dict[str, list[str]] = {}
    for other, name in (*SPELLINGS.items(), *LIST_SPELLINGS.items()):
        older.setdefault(name, []).append(f"`{other}`")
    yield "## 能用的题型\n"
    yield "| 题型 | 旧写法（同样认得） | 说明 |"
    yield "|---|---|---|"
    for name in sorted(ANSWERABLE, key=str.lower):
        why = "只限写明理由（`why`）的场所物品表，否则 `LAWFUL_011`" if name in TRACKING else ""
        yield f"| `{name}` | {'、'.join(older.get(name, []))} | {why} |"
    yield ""
    yield (
        "`select_one 列表 or_other`、`select_multiple 列表 or_other`："
        "自动加上选项“其他”和一道文字题 `题名_other`。"
    )
    yield ""


def _refused(translate: Translate) -> Iterator[str]:
    yield "## 不能用的题型（`FILLABLE_001`）\n"
    yield "| 题型 | 原因 | 怎么改 |"
    yield "|---|---|---|"
    for name, (why, instead) in sorted(UNANSWERABLE.items()):
        yield f"| `{name}` | {translate(str(why))} | {translate(str(instead))} |"
    yield ""
    yield "`begin loop` 和其他不认识的题型：`FORM_009`；重复组套重复组：`FORM_013`。"
    yield ""


def _appearances(translate: Translate) -> Iterator[str]:
    yield "## 外观 appearance\n"
    yield "外观只改变样子，不改变答案；手机不认识的外观不起作用，也不妨碍填写。下面这些都试过：\n"
    yield "| 用在 | 外观 |"
    yield "|---|---|"
    for name, looks in APPEARANCES.items():
        yield f"| `{name}` | {'、'.join(f'`{one}`' for one in looks)} |"
    yield ""
    yield "以下外观拒绝（`FILLABLE_002`）：\n"
    yield "| 外观 | 原因 | 怎么改 |"
    yield "|---|---|---|"
    for name, _, why, instead in UNSHOWN:
        yield f"| `{name}` | {translate(str(why))} | {translate(str(instead))} |"


if __name__ == "__main__":
    sys.exit(page_run(sys.argv[1:], __doc__, PAGE, page))
