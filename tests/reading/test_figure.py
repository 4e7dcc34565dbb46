"""Amounts, their kinds and units; what is a figure and what only looks like one."""

from decimal import Decimal

import pytest

from taizhang.core.base.quantity import QuantityKind
from taizhang.reading.read import as_json, read
from taizhang.reading.tokens.amount import amounts
from taizhang.reading.tokens.numeral import numeral_read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,500", 3500),
        ("1万2千", 12000),
        ("三百二十", 320),
        ("两万五", 25000),
        ("廿三", 23),
        ("一千零五", 1005),
        ("三千五", 3500),
        ("十二", 12),
        ("一亿二千万", 120_000_000),
        ("半", "0.5"),
        ("一百零八", 108),
        ("二万三千四百五十六", 23456),
    ],
)
def test_numerals_are_read(text: str, value: int | str) -> None:
    assert numeral_read(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "二〇一七", "1.2.3", "十百", "abc"])
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert numeral_read(text) is None


A, M, L, B, E, X = (
    QuantityKind.AT_LEAST,
    QuantityKind.AT_MOST,
    QuantityKind.ABOUT,
    QuantityKind.BETWEEN,
    QuantityKind.EXACT,
    QuantityKind.MISSING,
)


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "unit"),
    [
        ("发放500多份", A, 500, None, "份"),
        ("发放500余份", A, 500, None, "份"),
        ("20多万元", A, 200_000, None, "元"),
        ("上万份", A, 10_000, None, "份"),
        ("95%以上", A, 95, None, "%"),
        ("不少于4次", A, 4, None, "次"),
        ("≥95%", A, 95, None, "%"),
        ("突破3万人次", A, 30_000, None, "人次"),
        ("百余人", A, 100, None, "人"),
        ("近500人", M, 0, 500, "人"),
        ("不超过7天", M, 0, 7, "天"),
        ("控制在5%以内", M, 0, 5, "%"),
        ("不足30人", M, 0, 30, "人"),
        ("≤3处", M, 0, 3, "处"),
        ("数百人次", B, 200, 999, "人次"),
        ("数十场", B, 20, 99, "场"),
        ("几千份", B, 2000, 9999, "份"),
        ("十几名", B, 11, 19, "名"),
        ("50-60户", B, 50, 60, "户"),
        ("三至五次", B, 3, 5, "次"),
        ("三四百人", B, 300, 400, "人"),
        ("85%—90%", B, 85, 90, "%"),
        ("2～3万元", B, 20_000, 30_000, "元"),
        ("300份左右", L, 300, 300, "份"),
        ("约百人", L, 100, 100, "人"),
        ("大约2小时", L, 2, 2, "小时"),
        ("XX份", X, None, None, "份"),
        ("**人次", X, None, None, "人次"),
        ("XX多份", X, None, None, "份"),
        ("1.5万人", E, 15_000, 15_000, "人"),
        ("百分之九十五点五", E, "95.5", "95.5", "%"),
        ("六成", E, 60, 60, "%"),
        ("8.87‰", E, "8.87", "8.87", "‰"),
        ("107:100", E, 107, 107, ":100"),
        ("两千三百五十份", E, 2350, 2350, "份"),
        ("186.5万元", E, 1_865_000, 1_865_000, "元"),
        ("2.1个百分点", E, "2.1", "2.1", "百分点"),
        ("11.6㎡", E, "11.6", "11.6", "平方米"),
    ],
)
def test_an_amount(
    text: str, kind: QuantityKind, low: int | str | None, high: int | str | None, unit: str
) -> None:
    (found,) = amounts(f"共{text}。")
    bounds = tuple(None if one is None else Decimal(one) for one in (low, high))
    assert (found.quantity.kind, found.low, found.high, found.unit) == (kind, *bounds, unit)


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月15日",
        "1-9月",
        "第三次会议",
        "〔2017〕12号",
        "“12·4”宪法日",
        "电话：0701-6224119",
        "18岁以上居民",
        "“三大工程”",
        "《三年行动计划》",
        "进万家",
        "12345热线",
        "PM2.5",
        "一户一档",
        "十四五规划",
        "三八妇女节",
        "上午9:30",
        "党的二十大",
        "两委换届",
        "一系列活动",
        "近三年来",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    (reading,) = read([("a.txt", f"工作总结\n社区围绕{text}开展工作。".encode())]).readings
    assert reading.figures == ()


def figures_of(text: str) -> list[dict[str, object]]:
    (document,) = as_json(read([("a.txt", text.encode())]))["documents"]  # type: ignore[misc]
    return list(document["figures"])


def test_time_is_read_with_the_year_of_the_text() -> None:
    found = figures_of(
        "2023年度工作总结\n上半年举办讲座5场。去年举办9场。3月举办1场，4至6月举办3场。"
        "截至10月底，在册志愿者50人。"
        "全年办讲座12场。每季度召开例会1次。"
    )
    said = [(one["period"], one["as_of"], one["every"]) for one in found]
    assert said == [
        ("2023H1", None, None),
        ("2022", None, None),
        ("2023-03", None, None),
        ("2023Q2", None, None),
        (None, "2023-10-31", None),
        ("2023", None, None),
        ("2023", None, "季度"),
    ]


def test_a_change_ends_the_time_said_before_it() -> None:
    found = figures_of("2023年工作总结\n居民知晓率由2020年的62.9%上升到74.1%。")
    assert [(one["low"], one["period"]) for one in found] == [(62.9, "2020"), (74.1, "2023")]


def test_figures_of_mechanisms_that_are_no_more_are_historic() -> None:
    found = figures_of("总结\n计划生育率达98.9%，综合节育率91%。健康知识讲座12场，叶酸发放率95%。")
    assert [one["status"] for one in found] == ["historic", "historic", "current", "current"]


def test_a_rate_without_its_number_is_missing() -> None:
    (one,) = figures_of("总结\n整改工作有序推进，目前整改合格率已达。")
    assert (one["kind"], one["low"], one["unit"]) == ("missing", None, "%")


def test_people_are_named_only_when_asked() -> None:
    text = "总结\n领导小组由社区书记张建国担任组长，成员：李小红、王大力。组长张建国走访居民20户。"
    result = read([("a.txt", text.encode())])
    shown, masked = str(as_json(result, names=True)), str(as_json(result))
    assert "张建国" in shown
    assert "张建国" not in masked
    assert "张某某" in masked


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("人均体育场地面积2.83平方米，比年初增加0.21平方米。", ["面积", "面积比年初增加"]),
        ("开设健康教育课，每班每两周1课时，全年720节。", ["健康教育课", "健康教育课"]),
        ("公厕每200米步行范围内不得少于1座。", ["公厕", "公厕"]),
        ("报警器在线率72%，低于全区平均水平9个百分点。", ["在线率", "在线率低于"]),
    ],
)
def test_a_comparison_and_a_recurrence_are_of_what_was_named_before(
    text: str, names: list[str]
) -> None:
    found = read([("a.txt", f"工作总结\n今年以来，{text}".encode())]).readings[0].figures
    assert len(found) == len(names)
    for figure, name in zip(found, names, strict=True):
        assert name in figure.what
