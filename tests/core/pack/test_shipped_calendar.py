"""Every day of the field's year stands in the calendar of some shipped pack, on the right date.

Expected dates come from the standard library's month tables and from published lunar tables, not
from the calendar under test.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest

from taizhang.core.definition.calendar import days
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import load

YEARS = range(2024, 2031)
PACKS = [load(path.parent)[0] for path in sorted(shipped_folder().glob("*/pack.yaml"))]
RULES = [rule for pack in PACKS if pack is not None for rule in pack.calendar]
#: Day or span (MM-DD, MM-DD..MM-DD) and a word of the label of every fixed day.
FIXED = """
01-01 元旦 | 02-04 癌症 | 03-03 爱耳 | 03-05 学雷锋 | 03-08 妇女节 | 03-15 消费者 | 03-18 爱肝
03-20 口腔 | 03-21 睡眠 | 03-22 水日 | 03-24 结核病 | 04-01..04-30 爱国卫生月 | 04-02 孤独症
04-07 卫生日 | 04-11 帕金森 | 04-15 国家安全 | 04-15..04-21 肿瘤 | 04-25 接种
04-25..05-01 职业病 | 04-26 疟疾 | 05-01..05-31 民法典 | 05-08 红十字 | 05-12 防灾减灾
05-12 护士节 | 05-15 碘缺乏 | 05-15 家庭日 | 05-17 高血压 | 05-20 学生营养 | 05-20 母乳喂养
05-29 会员活动日 | 05-31 无烟 | 06-01..06-30 安全生产月 | 06-01 儿童节 | 06-05 环境日
06-06 爱眼 | 06-14 献血 | 06-26 禁毒 | 07-11 人口日 | 07-28 肝炎 | 08-01..08-07 母乳喂养周
08-08 健身 | 09-01 健康生活 | 09-10 预防自杀 | 09-12 出生缺陷 | 09-20 爱牙 | 09-21 阿尔茨海默
09-28 狂犬病 | 09-29 心脏 | 10-01..10-31 敬老月 | 10-01 老年人日 | 10-08 高血压
10-10 精神卫生 | 10-12 关节炎 | 10-15 洗手 | 10-15 盲人 | 10-20 骨质疏松 | 10-28 男性健康
10-29 卒中 | 11-09 消防 | 11-14 糖尿病 | 11-18..11-24 抗微生物 | 11-20 儿童日 | 11-25 家庭暴力
12-01 艾滋病 | 12-02 交通安全 | 12-03 残疾人日 | 12-04 宪法日 | 12-01..12-07 宪法宣传周
12-05 志愿者日
"""
#: Month, weekday (Monday is 0), number (-1 is the last) and a word of the label.
FLOATING = (
    (1, 6, -1, "麻风"), (3, 3, 2, "肾脏"), (3, 0, -1, "中小学生安全"), (5, 1, 1, "哮喘"),
    (5, 6, 2, "母亲节"), (5, 6, 3, "助残"), (5, 5, 3, "科技活动周"), (9, 6, -1, "聋人"),
    (10, 3, 2, "视觉"), (11, 2, 3, "慢阻肺"),
)  # fmt: skip
#: First day of the lunar year and the ninth of its ninth month, from published tables.
SPRING = ("2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03").split()
NINTH = ("2024-10-11 2025-10-29 2026-10-18 2027-10-08 2028-10-26 2029-10-16 2030-10-05").split()


def found(word: str, year: int) -> set[tuple[date, date]]:
    """Give the spans of the days whose label holds a word."""
    return {(day.start, day.end) for day in days(RULES, year) if word in day.label}


@pytest.mark.parametrize("entry", FIXED.replace("\n", "|").strip(" |").split("|"))
def test_fixed_days(entry: str) -> None:
    when, word = entry.split()
    first, _, last = when.partition("..")
    for year in (2024, 2026):
        wanted = (
            date.fromisoformat(f"{year}-{first}"),
            date.fromisoformat(f"{year}-{last or first}"),
        )
        assert wanted in found(word, year)


@pytest.mark.parametrize("year", YEARS)
def test_floating_days(year: int) -> None:
    for month, weekday, number, word in FLOATING:
        weeks = calendar.monthcalendar(year, month)
        numbers = [week[weekday] for week in weeks if week[weekday]]
        day = date(year, month, numbers[number - 1 if number > 0 else number])
        assert (day, day) in found(word, year), word
    rare = date(year, 2, calendar.monthrange(year, 2)[1])
    assert (rare, rare) in found("罕见病", year)
    saturdays = [week[5] for week in calendar.monthcalendar(year, 9) if week[5]]
    science = date(year, 9, saturdays[2])
    assert (science, science + timedelta(days=1)) in found("科普日", year)


@pytest.mark.parametrize(("spring", "ninth"), list(zip(SPRING, NINTH, strict=True)))
def test_lunar_days(spring: str, ninth: str) -> None:
    for said, word in ((spring, "春节"), (ninth, "老年节")):
        day = date.fromisoformat(said)
        assert (day, day) in found(word, day.year)


def test_breaks_and_duties_of_the_year() -> None:
    labels = " ".join(rule.label for rule in RULES)
    for word in "寒假 暑假 例会 月度报结 年度计划 半年小结 年度总结 取阅架 灭鼠".split():
        assert word in labels, word
