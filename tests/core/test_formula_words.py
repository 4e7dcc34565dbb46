"""Every construct of the language has its words in Chinese and in English."""

from __future__ import annotations

from dataclasses import replace

import pytest

from taizhang.core.definition.programme import Programmes
from taizhang.core.form import EntitySpec, Form
from taizhang.core.formula import FUNCTIONS, NameScope, define, parse, words
from taizhang.core.formula.sentence import definition_words
from tests.core.ledger import indicator, pack

SCOPE = NameScope(Programmes((pack(),)), "he")
NO_LETTERS = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz")


def _form(key: str, title: str, *, creates: bool) -> Form:
    spec = EntitySpec(dataset="problems", id_field="no", due_field="due", creates=creates)
    return Form(key=f"he.{key}", title=title, version="1", fields=(), entity=spec)


@pytest.mark.parametrize("turned", [False, True])
def test_a_list_is_called_by_the_form_that_begins_its_things(turned: bool) -> None:
    made = [_form("found", "发现问题", creates=True), _form("mended", "整改复查", creates=False)]
    forms = {form.key: form for form in (made[::-1] if turned else made)}
    scope = NameScope(Programmes((replace(pack(), forms=forms),)), "he")
    said = words(parse("overdue('problems')"), scope, "zh")
    assert said == "「发现问题」中超过期限的个数"


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("lectures", "「健康知识讲座」（次）", "“健康知识讲座” (次)"),
        (
            "lectures[topic == 'tb']",
            "「健康知识讲座」（次；主题为结核病）",
            "“健康知识讲座” (次; 主题 is 结核病)",
        ),
        (
            "lectures[topic in ('tb', 'aids') and audience != 'youth']",
            "「健康知识讲座」（次；主题为结核病、艾滋病；对象不是青少年）",
            "“健康知识讲座” (次; 主题 is 结核病, 艾滋病; 对象 is not 青少年)",
        ),
        (
            "lectures / norm(lectures)",
            "「健康知识讲座」（次） ÷ 「健康知识讲座」的规范要求",
            "“健康知识讲座” (次) ÷ what the norm asks for “健康知识讲座”",
        ),
        (
            "lectures - year_before(lectures)",
            "「健康知识讲座」（次）－上年同期的「健康知识讲座」（次）",
            "“健康知识讲座” (次) − “健康知识讲座” (次) in the same months a year before",
        ),
        (
            "previous(attendance + 1)",
            "上一个等长时段的（「讲座受益人次」（人次）＋1）",
            "(“讲座受益人次” (人次) + 1) in the period of equal length before",
        ),
        ("2 * (population + 1)", "2 × （「人口数」（人）＋1）", "2 × (“人口数” (人) + 1)"),
        ("8 - (4 - 2)", "8－（4－2）", "8 − (4 − 2)"),
        ("8 - 4 - 2", "8－4－2", "8 − 4 − 2"),
        ("-0.25", "－0.25", "−0.25"),
        (
            "not lectures > 3 or lectures <= 1 and 1 != 2",
            "并非（「健康知识讲座」（次）大于3） 或 「健康知识讲座」（次）不超过1 且 1不等于2",
            "not (“健康知识讲座” (次) is above 3) or “健康知识讲座” (次) is at most 1"
            " and 1 differs from 2",
        ),
        (
            "if(lectures >= 12, 1, 0)",
            "（若「健康知识讲座」（次）不少于12则取1，否则取0）",
            "(if “健康知识讲座” (次) is at least 12 then 1, else 0)",
        ),
        (
            "min(lectures, 3)",
            "（「健康知识讲座」（次），3）中最小的",
            "the smallest of (“健康知识讲座” (次), 3)",
        ),
        ("max(1, 2)", "（1，2）中最大的", "the largest of (1, 2)"),
        (
            "coalesce(population, 0)",
            "（「人口数」（人），0）中第一个有数的",
            "the first known of (“人口数” (人), 0)",
        ),
        (
            "mean(attendance)",
            "「讲座受益人次」（人次）的平均值",
            "the average of “讲座受益人次” (人次)",
        ),
        (
            "distinct(materials)",
            "「发放材料」（份）中不重复的个数",
            "how many different ones stand in “发放材料” (份)",
        ),
        (
            "units_where(lectures >= 6, '社区', '村')",
            "满足“「健康知识讲座」（次）不少于6”的社区、村的个数",
            "the units for which “健康知识讲座” (次) is at least 6, of kind 社区, 村, counted",
        ),
        ("units('社区', '村')", "社区、村的个数", "the number of units of kind 社区, 村"),
        ("entities('boards')", "「宣传栏」的个数", "the number of “宣传栏”"),
        (
            "overdue('boards')",
            "「宣传栏」中超过期限的个数",
            "how many of “宣传栏” are past their due date",
        ),
        (
            "days_between(period_start(), '2026-03-24')",
            "从时段首日到2026-03-24的天数",
            "the days from the first day of the period to 2026-03-24",
        ),
        (
            "target(lectures)",
            "「健康知识讲座」（次）的计划任务数",
            "the planned quota of “健康知识讲座” (次)",
        ),
        ("completion", "「completion」（%）", "“completion” (%)"),
        ("birth_rate", "「birth_rate」（‰）", "“birth_rate” (‰)"),
    ],
)
def test_sentences(text: str, chinese: str, english: str) -> None:
    assert words(parse(text), SCOPE, "zh-hans") == chinese
    assert words(parse(text), SCOPE, "en") == english
    assert words(parse(text), SCOPE.programmes, "zh", "he") == chinese


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_has_words_that_show_no_code(function: str) -> None:
    node = parse(FUNCTIONS[function].example)
    chinese, english = (words(node, SCOPE, language) for language in ("zh-hans", "en"))
    assert chinese != english
    assert not any("a" <= letter <= "z" for letter in chinese)
    assert "_" not in english
    assert "%s" not in chinese + english


def test_a_definition_says_factor_and_cap() -> None:
    completion = define(SCOPE.programmes.indicators["he.completion"], SCOPE)
    assert definition_words(completion, "zh") == (
        "「健康知识讲座」（次） ÷ 「健康知识讲座」的规范要求 × 100%，最高100%"
    )
    assert definition_words(completion, "en").endswith("× 100%, at most 100%")
    rate = define(SCOPE.programmes.indicators["he.birth_rate"], SCOPE)
    assert definition_words(rate, "zh") == "「出生人数」（人） ÷ 「人口数」（人） × 1000‰"
    sexes = indicator(
        "sexes",
        "per100",
        numerator="births[sex == 'm']",
        denominator="births[sex == 'f']",
    )
    scope = NameScope(Programmes((pack(sexes),)), "he")
    ratio = define(sexes, scope)
    assert definition_words(ratio, "zh").endswith(" × 100")
