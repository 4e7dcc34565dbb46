"""Cleaning changes what damage did and can put everything back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.reading.base.line import EditKind, Line
from taizhang.reading.source.source import Source, source_read
from taizhang.reading.source.source_line import Raw
from taizhang.reading.text.cleaning import source_clean


def lines_of(text: str) -> tuple[Line, ...]:
    return source_clean(source_read(text.encode(), "a.txt"))


def one(text: str) -> Line:
    return lines_of(text)[0]


@pytest.mark.parametrize(
    ("damaged", "clean", "kind"),
    [
        ("發放宣傳資料與環保袋", "发放宣传资料与环保袋", EditKind.TRADITIONAL),
        ("领(lǐng)导(dǎo)班子", "领导班子", EditKind.PINYIN),
        ("领（ling）导（dao3）班子", "领导班子", EditKind.PINYIN),
        ("。ㄈ、加强宣传", "（三）、加强宣传", EditKind.NUMBERING),
        ("。ㄒ唬加强宣传", "（一）加强宣传", EditKind.NUMBERING),
        ("—、加强宣传", "一、加强宣传", EditKind.NUMBERING),
        ("ニ、加强宣传", "二、加强宣传", EditKind.NUMBERING),
        ("（ー）加强宣传", "（一）加强宣传", EditKind.NUMBERING),
        ("㈢加强宣传", "（三）加强宣传", EditKind.NUMBERING),
        ("⑵加强宣传", "（2）加强宣传", EditKind.NUMBERING),
        ("⒊加强宣传", "3.加强宣传", EditKind.NUMBERING),
        ("l、加强宣传", "1、加强宣传", EditKind.NUMBERING),
        ("2﹒加强宣传", "2、加强宣传", EditKind.SEPARATOR),
        ("宣传丨培训丨检查", "宣传，培训，检查", EditKind.SEPARATOR),
        ("发放资料１２００份，知晓率９５％", "发放资料1200份，知晓率95%", EditKind.WIDTH),
        ("发放 资料 12 份", "发放资料12份", EditKind.SPACE),
        ("社区开展了宣传 - 3 - 活动", "社区开展了宣传活动", EditKind.PAGE),
    ],
)
def test_damage_is_mended_and_kept(damaged: str, clean: str, kind: EditKind) -> None:
    line = one(damaged)
    assert line.text == clean
    assert kind in {edit.kind for edit in line.edits}
    assert line.original() == damaged


@pytest.mark.parametrize(
    "text",
    ["用药2(kg)以上", "出生性别比107:100", "金额1,268万元", "方案(a)可行", "刘堃昇同志主讲"],
)
def test_what_is_no_damage_stays(text: str) -> None:
    letters = str.maketrans({"(": "（", ")": "）"})
    assert one(text).text == text.translate(letters)


def test_each_character_knows_its_place() -> None:
    line = one("一、領(lǐng)導(dǎo)重視,組織講座 12 場")
    at = line.text.index("12")
    assert line.source[line.place(at)[1] :].startswith("12")


def test_lines_broken_by_the_page_are_joined_and_keep_their_numbers() -> None:
    text = (
        "社区全年开展健康教育活动十二次，参加居民共计六百余\n"
        "人次，发放宣传资料三千多份，居民健康知识知晓率比去\n"
        "年提高了五个百分点，取得较好效果。\n"
        "二、存在的问题\n"
        "社区人手不足，宣传形式单一，居民参与的积极性还不够\n"
        "高，下一步将继续努力改进工作方法，争取更好的成绩和\n"
        "更大的进步。\n"
    )
    lines = [line for line in lines_of(text) if line.text]
    assert [line.number for line in lines] == [1, 4, 5]
    assert lines[0].line_at(lines[0].text.index("五个百分点")) == 3


def test_words_of_the_site_and_page_numbers_are_emptied_not_lost() -> None:
    text = (
        "前言：小编为大家整理了工作总结范文，欢迎阅读参考。\n社区工作总结\n社区开展了活动。\n"
        "第3页共8页\n社区发放了资料。\n版权声明：本文由网友上传，如有侵权请联系删除。"
    )
    lines = lines_of(text)
    kinds = [line.edits[0].kind if line.edits and not line.text else None for line in lines]
    assert kinds == [EditKind.SITE, None, None, EditKind.PAGE, None, EditKind.SITE]
    assert "\n".join(line.original() for line in lines) == text


DAMAGE = st.text(alphabet="领(lǐng)導。ㄈ、—ニ1 ２．,:％丨 -3（）健康\t?", max_size=40)


@given(DAMAGE)
def test_every_edit_can_be_undone(text: str) -> None:
    for line in source_clean(Source("a", (Raw(text), Raw("社區發放資料")))):
        assert line.original() == line.source
        for index in range(len(line.text)):
            assert 0 <= line.place(index)[1] <= len(line.source)
