"""What a paper leaves out: noughts, what does not apply, laws outside their time, unset quotas."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.base.figure import Reason, ReasonCode
from taizhang.documents.format import plain
from taizhang.documents.template.composition import compose
from taizhang.documents.template.data_source import LawRow, PlanRow
from taizhang.documents.tree import Paragraph, Table
from tests.documents.ledger import LABELS, Ledger, make, subject, template

LAW = LawRow(number="2025年通过", in_force_from=date(2025, 11, 1))
OLD = LawRow(number="第3、4条", in_force_from=date(2010, 1, 1), in_force_to=date(2024, 12, 31))


def printed(text: str, ledger: Ledger, period: str = "2025") -> str:
    """Give the paragraphs of a paper for a period."""
    document = compose(template(text, period="any"), ledger, subject(period))
    return "\n".join(plain(b.inlines) for b in document.blocks if isinstance(b, Paragraph))


@pytest.mark.parametrize(
    ("value", "more", "tells"),
    [
        ("3", {}, True),
        ("0", {}, False),
        ("0", {"high": None, "flags": ("incomplete 1/3",)}, False),  # at least nought
        ("0", {"high": Fraction(5)}, True),  # at most five
        (None, {}, True),  # a gap is never passed over
        (None, {"reason": Reason(ReasonCode.NOT_APPLICABLE, "不适用。")}, False),
        (None, {"reason": Reason(ReasonCode.NOT_IN_FORCE, "没有规范。")}, False),
    ],
)
def test_a_sentence_is_written_where_its_figures_tell_something(
    value: str | None, more: dict[str, object], tells: bool
) -> None:
    ledger = Ledger({"lectures": make("lectures", value, **more), "attendance": 0})
    text = "好。{% if tells('lectures') %}举办讲座{{ fig('lectures') }}。{% endif %}"
    assert printed(text, ledger).startswith("好。举办讲座") is tells
    both = "好。{% if tells('attendance', 'lectures') %}举办讲座。{% endif %}"
    assert (printed(both, ledger) == "好。举办讲座。") is tells


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2024", "《旧法》"),
        ("2025", "按年度计划"),
        ("2025-12", "《新法》（2025年通过）"),
        ("2026", "《新法》（2025年通过）"),
    ],
)
def test_a_law_is_cited_in_its_time_alone(period: str, said: str) -> None:
    ledger = Ledger({}, laws={"新法": LAW, "旧法": OLD})
    new = "{% if law('新法') %}按{{ law('新法') }}"
    old = "{% elif law('旧法') %}按{{ law('旧法') }}{% else %}按年度计划{% endif %}"
    cited = new + old
    assert said in printed(cited, ledger, period)


def test_what_a_paper_rests_on_goes_with_its_words() -> None:
    ledger = Ledger({}, laws={"新法": LAW, "旧法": OLD})
    text = "{{ basis('旧法', '新法', '他法', before='按照', after='的要求，') }}制定本计划。"
    assert printed(text, ledger, "2024") == "按照《旧法》和《他法》的要求，制定本计划。"
    assert (
        printed(text, ledger, "2026") == "按照《新法》（2025年通过）和《他法》的要求，制定本计划。"
    )
    alone = "{{ basis('新法', before='按照', after='的要求，') }}制定本计划。"
    assert printed(alone, ledger, "2025") == "制定本计划。"
    three = "{{ basis('甲', '乙', '丙') }}。"
    assert printed(three, ledger) == "《甲》、《乙》和《丙》。"


def test_a_quota_that_nobody_set_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LABELS, "target(lectures)", ("讲座任务数", "次"))
    none = Reason(ReasonCode.NOT_APPLICABLE, "没有下达计划任务数。")
    unset = Ledger({"target(lectures)": make("target(lectures)", None, reason=none)})
    assert printed("全年{{ quota('lectures', '次') }}。", unset) == "全年【待填：本单位自定】。"
    handed = Ledger({"target(lectures)": make("target(lectures)", 6)})
    assert printed("全年{{ quota('lectures', '次') }}。", handed) == "全年6次。"


def test_the_matrix_says_what_the_unit_sets_itself() -> None:
    tasks = [PlanRow(key="l", label="举办讲座", lead="专干", own=True)]
    document = compose(
        template("{% for row in plan() %}{{ row.quota }}{% endfor %}\n\n{{ matrix() }}"),
        Ledger({}, tasks=tasks),
        subject(),
    )
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert [plain(cell) for cell in table.rows[0]] == ["1", "举办讲座", "●", "本单位自定", "全年"]
    assert printed(
        "{% for row in plan() %}{{ row.quota }}{% endfor %}", Ledger({}, tasks=tasks)
    ) == ("本单位自定")
