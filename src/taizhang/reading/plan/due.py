"""When a plan's task is due and who does it: days, months, quarters, responsible bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

DAY_NAME = re.compile(
    r"(?:世界|全国|国际|中国|全球|国家|全民)[\u4e00-\u9fff]{1,12}?(?:日|周|宣传月"
    r"|活动月)(?![常程])|"
    r"元旦|春节|元宵节|清明节?|端午节?|中秋节?|重阳节|国庆节?|母亲节|父亲节|儿童节|妇女节"
    r"|劳动节|青年节|教师节|建军节|助残日|植树节|学雷锋(?:日|纪念日)|"
    r"六五环境日|国家宪法日|宪法日|安全生产月|防灾减灾日|消防宣传月|科普日|科技周|爱国卫生月|敬老月|禁毒日"
    r"|消费者权益日|安全教育日|环境日|消防(?:安全|宣传)?日|交通安全日"
    r"|(?<=[“\"])\d{1,2}\s?[·.]\s?\d{1,2}(?=[”\"])|(?<!\d)\d{1,2}·\d{1,2}(?!\d)"
)
DATE = re.compile(
    r"(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>\d{1,2})[日号]|(?P<part>上旬|中旬|下旬|底|末|初)"
    r"|份)?(?P<before>之?前|以前)?"
)
_QUARTER = re.compile(r"第?([一二三四])季度(?!度)")
_BY = (
    re.compile(
        r"(?:责任|牵头|承办|主办|实施|配合|完成)(?:单位|部门|科室|人"
        r"|领导)[:：]\s?(?P<by>[^。；\n（）]{2,40})"
    ),
    re.compile(r"（(?:由)?(?P<by>[^（）\d]{2,20}?)(?:负责|牵头|承办|落实)(?:，[^（）]*)?）"),
    re.compile(
        r"由(?P<by>[\u4e00-\u9fff、（）]{2,18}?)(?:具体|共同|统一)?(?:负责|牵头|承办|组织|实施"
        r"|承担|主讲)"
    ),
    re.compile(
        r"(?:^|[，。；])(?P<by>各?(?:社区|村|街道|乡镇|镇|小区|学校|中心|科室|单位|部门|网格|县|市"
        r"|区)[\u4e00-\u9fff、]{0,12}?)(?:要|应|须|必须|负责|牵头)"
    ),
    re.compile(
        r"(?:^|[，。；：]|[日月底]之?前，?)(?P<by>各(?:责任|成员|相关|有关|牵头)?"
        r"(?:社区|村|街道|乡镇|镇|学校|科室|单位|部门|网格)(?:（[^（）]{1,6}）)?(?:、各?"
        r"[\u4e00-\u9fff]{1,6})*)"
        r"(?:请|于|每[年月季周半]|在?\d|上报|报送|提交|完成)"
    ),
)


def days_of(text: str) -> Iterator[str]:
    """Give the days of a sentence: names of theme days, MM-DD, MM (a month), quarters."""
    for match in DAY_NAME.finditer(text):
        yield match[0]
    for match in DATE.finditer(text):
        month = int(match["month"])
        if match["day"]:
            yield f"{month:02d}-{int(match['day']):02d}"
        else:
            part = match["part"] or ""
            yield f"{month:02d}" + {
                "上旬": " 上旬",
                "中旬": " 中旬",
                "下旬": " 下旬",
                "底": " 月底",
                "末": " 月底",
                "初": " 月初",
            }.get(part, "")
    for match in _QUARTER.finditer(text):
        yield f"Q{'一二三四'.index(match[1]) + 1}"


def by_of(text: str) -> str:
    """Give the responsible body that a text names, '' when it names none."""
    for pattern in _BY:
        if match := pattern.search(text):
            return match["by"].strip(" ，、")
    return ""


#: 一季度：, 3月：, 7月—8月： and 实施阶段（3月—10月）： stand in front of all that is then due
_LEAD = re.compile(
    r"(?:第?[一二三四]季度|上半年|下半年|全年|(?:1[0-2]|0?[1-9])月(?:份|\d{1,2}[日号])?"
    r"(?:\s?[-—~至到]+\s?(?:1[0-2]|0?[1-9])月份?)?)\s?[:：]"
    r"|[^：，。；（]{0,14}(?:阶段|时期|步骤)\s?[（(][^（）()]{1,30}[）)]\s?[:：]?"
)


def lead_of(text: str) -> tuple[int, tuple[str, ...]]:
    """Give where the words begin that a time stands in front of, and its days."""
    match = _LEAD.match(text)
    return (match.end(), tuple(days_of(match[0]))) if match else (0, ())


def by_of_all(segments: Sequence[str]) -> str:
    """Give the body that is responsible for a whole paragraph: named alone or at its end."""
    if len(segments) == 1:
        return by_of(segments[0])
    last = segments[-1].lstrip(" （(")
    people = by_of(segments[-1])
    return people if people and _BY_LABEL.match(last) else ""


_BY_LABEL = re.compile(
    r"(?:责任|牵头|承办|主办|实施|配合|完成)(?:单位|部门|科室|人|领导)[:：]|由?[^，]{2,16}(?:负责|牵头)[）)]?$"
)
