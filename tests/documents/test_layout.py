"""Titles, signatures, columns: what must be measured."""

from __future__ import annotations

import pytest

from taizhang.documents.format import plain
from taizhang.documents.render.layout import (
    TEXT,
    columns,
    misfits,
    signature_place,
    title_lines,
    width,
)
from taizhang.documents.tree import DateText, Inlines, Quoted, Table, Text
from taizhang.documents.wording import chinese_numeral


def test_a_short_title_stays_on_one_line() -> None:
    assert len(title_lines((Text("健康教育工作总结"),))) == 1


def test_a_long_title_breaks_at_a_joint_into_like_lines() -> None:
    title: Inlines = (
        Quoted("月湖区江边街道办事处"),
        Text("关于"),
        DateText("2025年"),
        Text("健康教育和健康促进工作情况的自查报告"),
    )
    lines = [plain(line) for line in title_lines(title)]
    assert "".join(lines) == plain(title)
    assert lines == ["月湖区江边街道办事处关于2025年", "健康教育和健康促进工作情况的自查报告"]


def test_no_line_of_a_title_begins_with_a_stop_or_is_too_wide() -> None:
    title: Inlines = (
        Text("在全区范围内开展爱国卫生运动、健康教育、控烟、病媒生物防制工作（试点）的通知" * 2),
    )
    lines = [plain(line) for line in title_lines(title)]
    assert len(lines) >= 4
    for line in lines:
        assert width(line) <= 20
        assert line[0] not in "、，。；：！？）》"
        assert line[-1] not in "（《"


@pytest.mark.parametrize(
    ("issuer", "day", "sealed", "issuer_right", "day_right"),
    [
        # A long issuer: it ends 2 from the right, the date begins 2 after it.
        ("月湖区江边街道办事处居民委员会", "2025年3月8日", False, 2.0, 9.0),
        # The date is longer: it ends 2 from the right and the issuer moves.
        ("江边街道", "2025年12月31日", False, 7.0, 2.0),
        ("江边街道", "2025年12月31日", True, 5.5, 4.0),
    ],
)
def test_signatures_stand_as_the_standard_says(
    issuer: str, day: str, sealed: bool, issuer_right: float, day_right: float
) -> None:
    place = signature_place(issuer, day, sealed)
    assert (place.issuer_right, place.day_right) == (issuer_right, day_right)
    if not sealed:
        # The first character of the date stands 2 to the right of the issuer's first.
        assert place.issuer_right + width(issuer) - (place.day_right + width(day)) == 2.0


def table(header: list[str], *rows: list[str]) -> Table:
    return Table(
        tuple((Text(cell),) for cell in header),
        tuple(tuple((Text(cell),) for cell in row) for row in rows),
    )


def test_columns_fill_the_page_and_keep_short_labels_whole() -> None:
    fit = columns(table(["单位", "讲座"], ["梅园社区", "12"], ["东风巷社区", "8"]))
    assert fit.fits
    assert sum(fit.widths) == pytest.approx(TEXT[0] * 72 / 25.4)
    assert fit.size == 12.0
    assert fit.widths[0] > 5 * fit.size


def test_a_column_of_sentences_gets_the_room() -> None:
    long = "江边街道各社区全年举办健康知识讲座的次数之和，按规范应完成的次数另行列出。"
    fit = columns(table(["序号", "口径", "数"], ["1", long, "12次"], ["2", long, "8次"]))
    assert fit.widths[1] > 5 * fit.widths[0]


def test_a_table_with_too_many_columns_is_a_warning() -> None:
    wide = table([f"甲{chinese_numeral(n)}" for n in range(1, 31)], ["社区卫生站"] * 30)
    assert not columns(wide).fits
    assert sum(columns(wide).widths) == pytest.approx(TEXT[0] * 72 / 25.4)
    (issue,) = misfits((wide,))
    assert issue.facts == {"columns": 30}


def test_numerals_of_headings() -> None:
    assert [chinese_numeral(n) for n in (1, 10, 11, 20, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "九十九",
    ]
    with pytest.raises(ValueError, match="100"):
        chinese_numeral(100)


def test_a_title_of_any_length_is_broken_at_once() -> None:
    long: Inlines = (Text("健康教育和健康促进工作" * 60),)
    lines = [plain(line) for line in title_lines(long)]
    assert "".join(lines) == plain(long)
    assert max(map(width, lines)) <= 20
    assert title_lines((Text("A" * 100),)) == ((Text("A" * 100),),)
