"""Old rubrics: the labelled set, sums that regroup, defects, tables."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from taizhang.core.scoring.kinds.all_of import AllOf
from taizhang.core.scoring.kinds.bonus import Bonus
from taizhang.core.scoring.kinds.completeness import Completeness
from taizhang.core.scoring.kinds.discretionary import Discretionary
from taizhang.core.scoring.kinds.manual import Manual
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.proportional import Proportional
from taizhang.core.scoring.kinds.rate_points import RatePoints
from taizhang.core.scoring.kinds.sample_error import SampleError
from taizhang.core.scoring.kinds.threshold import Threshold
from taizhang.core.scoring.kinds.tiers import Tiers
from taizhang.core.scoring.kinds.zero_trigger import ZeroTrigger
from taizhang.reading.rubric.rubric_json import rubric_json, rubric_of
from taizhang.reading.rubric.rule.clause import Setting
from taizhang.reading.rubric.rule.rule import schemes_find
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.document import split
from tests.reading.score_rubric import SETS, part_score

BROKEN = """社区文体活动考核目标
考核内容。（40分）
(一)活动组织(10分)
1、开展文体活动。(5分)
全年开展文体活动不少于6次，有方案、有记录。(资料齐全得5分，少资料扣1分，无资料不得分)
2、骨干培训。(5分)
骨干集中培训不少于2次，参训率达90%。(记录齐全得2分，少记录扣1分，无记录不得分)
3、信息报道。(上报4篇以上得1分，无则不得分)
4、器材发放。完成器材发放。(发放完成得1分)；
5、器材完好率达85%以上。(达标得1分，不达标不得分)
(二)场地管理(10分)
1、场地维护。场地整洁、器材完好、专人管理，建立建立巡查制度。(签订租约得4分，无则不得分)
2、数据核对。台账准确率达98%，做到账物相符。(达标得6分，无则得不得)
(三)居民抽查(20分)
随即抽查居民30-40户，对活动知晓情况进行核对。
"""


def read(text: str) -> tuple[dict[str, object], list[str]]:
    """Read a text as a rubric: its JSON and the codes of its issues."""
    document = split(source_clean(source_read(text.encode(), "old.txt")))[0]
    rubric, issues = rubric_of(document, "old.txt")
    assert rubric is not None
    return rubric_json(rubric), [issue.code.name for issue in issues]


def sections(text: str) -> Sequence[dict[str, object]]:
    """Give the sections of a text as JSON."""
    found = read(text)[0]["sections"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("part", SETS)
def test_labelled_rubrics(part: str) -> None:
    score = part_score(part)
    assert score.share("points and sums") >= 0.95, score.misses
    assert score.share("rule kinds") >= 0.85, score.misses
    assert score.share("thresholds") >= 0.9, score.misses


def test_the_labelled_set_is_large() -> None:
    rules = sum(part_score(part).all["rule kinds"] for part in SETS)
    assert rules >= 150


def test_a_sum_is_mended_by_regrouping() -> None:
    first = sections(BROKEN)[0]
    assert (first["max"], first["naive_sum"], first["sum"]) == (10, 13, 10)
    regrouping = first["regrouping"]
    assert isinstance(regrouping, dict)
    assert regrouping["text"] == "5+(2+1+1+1)"
    assert regrouping["groups"] == [
        {"points": 5, "items": ["2、", "3、", "4、", "5、"], "parts": [2, 1, 1, 1]}
    ]


@pytest.mark.parametrize(
    "code",
    [
        "SCHEME_001",
        "SCHEME_002",
        "SCHEME_004",
        "SCHEME_006",
        "SCHEME_007",
        "SCHEME_008",
        "SCHEME_009",
        "SCHEME_011",
        "SCHEME_012",
        "SCHEME_016",
        "SCHEME_017",
        "SCHEME_018",
        "SCHEME_019",
    ],
)
def test_defects_are_told(code: str) -> None:
    assert code in read(BROKEN)[1]


def test_a_sound_rubric_has_no_sum_issue() -> None:
    text = (
        "保洁考核（100分）\n一、路面（60分）\n1.清扫（60分）。发现一处垃圾扣1分，扣完为止。\n"
        "二、台账（40分）\n1.台账（40分）。台账齐全得40分，缺一份扣2分，无台账不得分。\n"
    )
    issues = read(text)[1]
    assert not {"SCHEME_001", "SCHEME_003", "SCHEME_004", "SCHEME_005"} & set(issues)


def test_two_targets_and_a_demand_for_none_contradict() -> None:
    text = (
        "数据考核（20分）\n（一）报送（20分）\n各类报表无错报、漏报。\n"
        "1、月报准确率达98%以上。（达标得10分，不达标不得分）\n"
        "2、年报准确率达95%以上。（达标得10分，不达标不得分）\n"
    )
    codes = read(text)[1]
    assert "SCHEME_015" in codes


def test_unlawful_items_name_the_lawful_service() -> None:
    text = (
        "考核（100分）\n一、服务（100分）\n1、孕检到位率达90%以上。（达标得60分，不达标不得分）\n"
        "2、讲座。（举办4次得40分，未举办不得分）\n"
    )
    items = sections(text)[0]["items"]
    assert isinstance(items, list)
    assert items[0]["unlawful"][0]["replacement"]
    assert "unlawful" not in items[1]


@pytest.mark.parametrize(
    ("clause", "kind", "points"),
    [
        ("资料齐全得5分，少资料扣1分，无资料不得分", Completeness.kind, 5),
        ("达到90%以上得5分，80%—90%得3分，低于80%不得分", Tiers.kind, 5),
        ("上报5篇以上得1分，无则不得分", Threshold.kind, 1),
        ("每少一次扣0.5分，扣完为止", PerEvent.kind, None),
        ("完成率×10分", RatePoints.kind, 10),
        ("未完成的按比例得分", Proportional.kind, None),
        ("出现弄虚作假的，该项不得分", ZeroTrigger.kind, None),
        ("视情况酌情扣1—3分", Discretionary.kind, None),
        ("每项加2分，最多加5分", Bonus.kind, 5),
        ("省级3分、市级2分、县级1分", Tiers.kind, 3),
        ("全部达到得8分", AllOf.kind, 8),
        ("抽查20户，每错一项扣0.2分", SampleError.kind, None),
        ("由考核组评定", Manual.kind, None),
    ],
)
def test_clause_shapes(clause: str, kind: str, points: int | None) -> None:
    (rule,) = schemes_find(clause, Setting())
    assert rule.kind is kind
    assert rule.points == (None if points is None else Fraction(points))


def test_no_rubric_in_a_text_without_points() -> None:
    document = split(source_clean(source_read("一、目标\n做好工作。\n".encode(), "a.txt")))[0]
    assert rubric_of(document, "a.txt") == (None, [])
