"""Stretches of a text whose digits count nothing: dates, ordinals, law numbers, names, phones."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_N = "〇○零一二三四五六七八九十百"
_YEAR = (
    r"(?:(?:19|20)\d{2}|[〇○零一二三四五六七八九]{4}|[Xx×*]{2,4}|(?:19|20)[Xx×*_]{2}|"
    r"\b\d{2}(?=年(?:度|\d{1,2}月|上半年|下半年|全年|以来|来)))"
)
_PATTERNS = (
    # dates and spans of dates, clocks
    rf"{_YEAR}\s?[-—~～至到]\s?{_YEAR}年?度?",
    rf"{_YEAR}年(?:度|代|版|底|初|末|中|春|夏|秋|冬|以来|\d{{1,2}}月)?",
    r"(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}",
    r"\d{1,2}月\d{1,2}[日号]?(?:[-—~～至到](?:\d{1,2}月)?\d{1,2}[日号])?",
    r"\d{1,2}[-—~～至到、]\d{1,2}月(?:份)?(?:底|初|末|中旬|上旬|下旬)?",
    r"(?<![\d.个])\d{1,2}月(?:份|底|初|末|中旬|上旬|下旬)?(?!刊)",
    r"(?<![个两三几])[一二三四五六七八九十]{1,2}(?:、[一二三四五六七八九十]{1,2})*月(?:份|底|初|末|中旬|上旬|下旬)?(?!刊|一|1)",
    r"(?:前|后|上|下|头)[一二两三四\d]个?(?:季度|月|年|周|天)",
    rf"[{_N}\d]{{1,3}}季度",
    r"(?<![\d.])\d{1,2}[日号](?:[-—~～至到]\d{1,2}[日号])?(?!常)",
    rf"(?<![{_N}])[一二三四五六七八九十]{{1,3}}[日号](?!常)",
    r"\d{1,2}\s?[:：]\s?[0-5]\d(?:\s?[-—~～至到]\s?\d{1,2}\s?[:：]\s?[0-5]\d)?(?!\d|0)",
    r"\d{1,2}[点时](?:[0-5]?\d分|半|整)?(?=[，。；、）至到\s前后开举集在]|[-—~～]|$)",
    r"(?:上|下|中)午[一二三四五六七八九十\d]{1,3}[点时]半?",
    r"(?:星期|周|礼拜)[一二三四五六日天]",
    # ordinals, plans of five years, grades
    rf"第\s?(?:[{_N}千万]{{1,6}}|\d{{1,6}})(?:[至到\-—～、]第?(?:[{_N}]{{1,4}}|\d{{1,4}}))?(?:个|[届次期批季号章节条款项部页轮名位版类组种场方站])?(?:阶段|季度)?",
    r"[“\"‘]?[十]?[一二三四五六七八九十][五][”\"’]?(?:规划|期间|时期|末|计划|以来|普法|省|国家|市|县|开局)",
    r"[“\"][^“”\"，。；]{0,3}[十][一二三四]?五[”\"]",
    r"[〔\[【（(](?:19|20)\d{2}[〕\]】）)]\s?第?\d+号?",
    r"(?:十[一二三四五六七八九]?|二十)(?:届|大(?!型|力|量))",
    rf"[{_N}\d]{{1,3}}届(?:[{_N}]中全会)?",
    r"[三四五六七]中全会",
    r"[一二三四五六七八九]五普法",
    # phones, mails, hot lines, identity numbers, codes
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[-—]?\d{7,8}(?!\d)|(?<!\d)\d{3,4}-\d{3,4}-?\d{3,4}(?!\d)",
    r"(?:点击|浏览|阅读|访问|人气)(?:数|量|率|次数)?[:：]\s?\d+(?:次|人次)?",
    r"(?:19|20)\d{2}版",
    # what several rules or payments are called together: 两项补贴, 三项制度
    r"[两三四五六七八九]项(?:补贴|制度|改革|政策|机制|规定|纪律|清单|禁令|建设(?=[，。；、]|$))",
    r"(?:电话|热线|手机|传真|邮编|邮政编码|QQ|微信|账号|编号|代码|统一社会信用代码)[：:号]{0,2}[\d\-—]{5,20}",
    r"(?<!\d)(?:110|119|120|122|12\d{3}|96\d{3,4})(?=[”\"]?(?:热线|报警|平台|电话|投诉|举报|服务|市民|工单|急救|联动|宣传日|法律))",
    r"[“\"](?:110|119|120|122|12\d{3})[”\"]",
    r"(?:https?://|www\.)\S{1,200}|[A-Za-z0-9_.-]{1,40}@[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9.]{1,40}",
    r"(?<![\dA-Za-z])\d{1,3}号(?:楼|院|路|文|令|线|门|桥|泵|桩|机|井)?(?!召|称)",
    r"[A-Za-z]{1,12}[-—]?\d{1,8}(?:\.\d{1,4})?",
    r"(?:PM|pm)\s?2\.5|H\dN\d",
    # named days: “5.29”, “12·4”
    r"[“\"‘]\d{1,2}\s?[.·•]\s?\d{1,2}[”\"’]",
    r"\d{1,2}[·•]\d{1,2}(?!\d)",
    r"(?<!\d)\d{1,2}[.]\d{1,2}(?=[”\"]?(?:国际|世界|全国|纪念日|宣传日|活动|禁毒))",
    # titles of books and laws, short quoted names: “三大工程”, “五同时”, “两会一课”
    r"《[^《》]{1,60}》",
    r"“[^“”，。；]{0,14}”(?!等?\d)",
    # ages; one person one file; idioms
    r"\d{1,3}(?:[-—~～至到、]\d{1,3})?(?:周)?岁(?:及其?以[上下]|以[上下]|至\d+周?岁|的)?",
    rf"[{_N}]{{1,4}}(?:周)?岁",
    r"一[人户事月村居县街校企河湖路楼店桥线点房车案员日周季年格网校][一双两三][\u4e00-\u9fff]",
    r"(?:百|千|万)(?:姓|家万户|方百计|众一心|无一失|分百|分比|年大计|里挑一|物|一|向)",
    r"(?:千家万户|家家户户|[进入到访连]万家|万家灯火|五期(?:保健|教育)|五花八门|四面八方|七嘴八舌|三令五申|一清二楚|一五一十|十分|万分|一定|一些|一般|一直|一致|统一|一样|一起|一同|一律|一体化?|一并|一旦|一线|一流|一手|一方面|唯一|专一|单一|之一|一系列|一大批|一部分|一批批|一步|进一步|一环|一票否决|一一|一带|一切|一贯|一家人|一条龙|一把手|一站式|一揽子|一窗|一网|一卡通|一老一小|一刀切|同一个?|每一[个位名处条项户次场]|任何一|万一|一把|一岗双责|一案一|一事|一键|一张网|一次性|初一|高一|十一假期|三农|三公|两委|两会|两新|三甲|四害|五保户?|六一|七一|八一|十一(?=黄金周|期间|假|国庆)|五一(?=黄金周|期间|假|劳动|节)|双百|三八|五四)",
    r"[一二三四五六七八九十两]{1,2}(?:大(?:工程|行动|体系|机制|方面|类|任务|重点|攻坚|战|员|提升|片)|级(?!以上)|化|型|边|字|好|无|防|乱|不准|进(?!行|入)|同时|统一|到位|坚持|严|个(?:方面|统一|坚持|结合|确保|环节|必须|加强|全面|文明|意识|自信|服务体系|不|到位|着力|转变|重点|层面|维护|阶段|带头|专项行动|关口))",
    r"(?:近|过去|今后|未来|最近|连续|前)[\d一二两三四五六七八九十]{1,2}年(?:来|内|间)?|[\d一二两三四五六七八九十]{1,2}年(?:来|行动|规划|计划|内|制)",
    r"半(?:年|月|天|小时)|上下?半年",
)
#: the signs with which a stretch can begin: most places of a text are passed over at once
_FIRST = (
    r"(?=[\d〇○零一二三四五六七八九十百千万两半第前后上下头中星周礼“\"‘《〔\[【（(A-Za-z×*\s家进入到访连任同每"
    r"唯专单之统初高双近过今未最电热手传邮微账编代点浏阅访人])"
)
_SHADOW = re.compile(_FIRST + "(?:" + "|".join(f"(?:{one})" for one in _PATTERNS) + ")")
#: inside quotes a number with a unit may still be a figure of the text itself
_QUOTED = re.compile(r"^“[^”]*\d[^”]*”$")


@dataclass(frozen=True)
class Shadows:
    """Covered stretches of one text, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covering(self, start: int, end: int) -> int:
        """Give the end of the stretch that covers the beginning of [start, end), else 0."""
        which = bisect_right(self.starts, start) - 1
        if which >= 0 and self.ends[which] > start:
            return self.ends[which]
        after = which + 1
        if after < len(self.starts) and self.starts[after] < end and self.ends[after] >= end:
            # The amount runs into a stretch that begins later: 3 in 3月, 5 in 5.29
            return self.ends[after] if self.starts[after] <= start + 1 else 0
        return 0


def shadows(text: str) -> Shadows:
    """Find the stretches of a clean text in which no amount stands."""
    starts: list[int] = []
    ends: list[int] = []
    for match in _SHADOW.finditer(text):
        starts.append(match.start())
        ends.append(match.end())
    return Shadows(tuple(starts), tuple(ends))
