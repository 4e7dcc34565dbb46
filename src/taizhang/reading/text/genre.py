"""What a text is by its content: plan, summary, self-check, rubric, notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from taizhang.reading.base.line import DocumentType, Line

#: signs of each kind with their weight; counted over the whole text, each at most five times
_SIGNS: dict[DocumentType, tuple[tuple[re.Pattern[str], float], ...]] = {
    DocumentType.RUBRIC: (
        (
            re.compile(r"(?:得|扣|加|减|计|记)\s?\d+(?:\.\d+)?分|不得分|满分\d|扣完为止"),
            2.0,
        ),
        (re.compile(r"[（(]\s?(?:满分|共|计)?\s?\d+(?:\.\d+)?\s?分\s?[)）]"), 1.5),
        (re.compile(r"评分(?:标准|细则|办法|方法)|考核(?:内容|办法|标准|细则)|分值|得分"), 2.0),
    ),
    DocumentType.SELFCHECK: (
        (re.compile(r"自查|自评|自检|自我(?:检查|评估)"), 1.6),
        (re.compile(r"存在的?(?:主要)?(?:问题|不足|困难)|整改(?:措施|情况|落实)"), 1.5),
        (
            re.compile(
                r"自查(?:情况|结果|报告).{0,12}(?:如下|汇报|报告)|对照.{0,20}(?:标准|要求|细则)"
            ),
            3.0,
        ),
        (re.compile(r"目标(?:的)?完成情况汇报|检查(?:、|和)?自查|(?:已|基本)达标"), 1.0),
    ),
    DocumentType.NOTICE: (
        (re.compile(r"(?:通知|通报|通告|公告)如下|现(?:将|就).{0,40}(?:通知|通报|公告)"), 6.0),
        (re.compile(r"特此(?:通知|通报|公告|函告|通告)"), 6.0),
        (re.compile(r"请(?:各|于|按|遵照|认真|做好|及时|务必|将)"), 1.0),
        (
            re.compile(
                r"参会人员|会议时间|会议地点|报名(?:时间|地点|方式)|联系(?:人|电话)|活动地点|停水|停电"
            ),
            1.5,
        ),
        (
            re.compile(
                r"(?:各|全).{0,14}(?:街道|乡镇|社区|单位|部门|居民|村|站|业主|家长|学校|科室).{0,14}：$",
                re.M,
            ),
            3.0,
        ),
    ),
    DocumentType.SUMMARY: (
        (re.compile(r"(?:总结|汇报|报告)如下|今年以来|一年来|半年来|近年来|回顾|过去的?一年"), 2.5),
        (
            re.compile(
                r"(?:共|累计|已|先后|全年共?)(?:开展|举办|发放|组织|完成|接待|出动|排查|走访|办理|召开|印发|新增|建|受理|整治|清理|培训|悬挂|张贴|调解)"
            ),
            1.3,
        ),
        (
            re.compile(
                r"(?:开展|举办|发放|组织|完成|召开|建立|成立|签订|印制|配置|制作|落实|取得|提高|深入|普及|出|受)了"
            ),
            0.9,
        ),
        (
            re.compile(
                r"取得(?:了)?.{0,12}(?:成效|成绩|效果)|达到了?\d|达(?:到)?\d+(?:\.\d+)?%|比(?:上|去)年(?:同期)?(?:增|下|提|减)|同比"
            ),
            1.2,
        ),
        (re.compile(r"(?:余|多)(?:份|人|次|人次|场|件|户|条|块)|截(?:至|止)"), 1.0),
        (
            re.compile(
                r"(?:开展|举办|发放|组织|召开|播放|更新|管理|查处|排查|处理|调解|接待|办理|整治|清理|走访|印制|出动)"
                r"[^，。；每]{0,14}[\d,]+(?:余|多)?(?:份|次|场|人|件|起|户|处|条|期|吨|块)"
            ),
            0.5,
        ),
        (re.compile(r"圆满完成|顺利完成|得到了"), 1.0),
    ),
    DocumentType.PLAN: (
        (
            re.compile(
                r"计划如下|特制定(?:本|如下|此)?(?:计划|方案)?|制定(?:本|如下|了)?.{0,24}(?:计划|方案)(?:如下|，|。|：)|安排如下"
            ),
            4.0,
        ),
        (
            re.compile(
                r"指导思想|总体(?:要求|思路|目标)|工作目标|目标任务|工作(?:措施|要求|步骤)|保障措施|实施步骤|时间安排|进度安排"
            ),
            1.4,
        ),
        (
            re.compile(
                r"(?:将|要|拟|力争|争取|确保|计划|继续|定期|进一步|年内)(?:开展|举办|组织|加强|加大|完成|做好|建立|安排|在|利用|对|召开|推进|落实|实现|达到|于)"
            ),
            1.0,
        ),
        (
            re.compile(
                r"每(?:月|季度?|半年|年|周|天|两周)(?:至少|不少于|开展|举办|组织|召开|定期)?"
            ),
            0.9,
        ),
        (re.compile(r"\d{1,2}月(?:份|底前|中旬|上旬|下旬|底)?[:：]"), 1.0),
        (re.compile(r"(?:不少于|不低于|达到\d|以上)"), 0.3),
    ),
}
_TITLE = {
    DocumentType.RUBRIC: re.compile(r"评分|考核(?:细则|办法|标准|表)|考评|打分"),
    DocumentType.SELFCHECK: re.compile(r"自查|自评|自检"),
    DocumentType.NOTICE: re.compile(r"通知|通报|通告|公告|函$|公示"),
    DocumentType.SUMMARY: re.compile(r"总结|小结|汇报|报告|述职"),
    DocumentType.PLAN: re.compile(r"计划|方案|预案|要点|安排|规划"),
}
_TITLE_WEIGHT = 2.5
_MOST = 6


#: what a summary says about the time to come; it makes no plan of it
_AHEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]+）|\d{1,2}[、.])?.{0,8}(?:下一步|下半年|下一年|明年|来年|今后|下阶段|下一阶段|"
    r"20\d\d年).{0,12}(?:计划|打算|安排|思路|工作|措施|方向)[^。；]{0,8}$",
    re.MULTILINE,
)
_CHECKED = re.compile(r"自查|自评|自检")


def genre_of(title: str, lines: Sequence[Line]) -> DocumentType:
    """Type a text by its signs; its title counts only a little, and a collection's not at all."""
    text = "\n".join(line.text for line in lines)
    points = genre_points(title, text)
    best = max(points, key=lambda kind: points[kind])
    return best if points[best] >= 2.0 else DocumentType.OTHER


def genre_points(title: str, text: str) -> dict[DocumentType, float]:
    """Count the signs of each kind in a text."""
    points = {kind: _points(kind, title, text) for kind in _SIGNS}
    ahead = _AHEAD.search(text)
    if ahead and ahead.start() > len(text) * 0.3:
        done = text[: ahead.start()]
        if _points(DocumentType.SUMMARY, "", done) >= 4:
            points[DocumentType.PLAN] = _points(DocumentType.PLAN, title, done)
    # A self-check reports what was done, too: it is told from a summary by checking itself.
    if len(_CHECKED.findall(text)) + 2 * bool(_CHECKED.search(title)) >= 2:
        points[DocumentType.SELFCHECK] += 0.8 * points[DocumentType.SUMMARY]
    return points


def _points(kind: DocumentType, title: str, text: str) -> float:
    score = sum(
        weight * sum(1 for _one in islice(pattern.finditer(text), _MOST))
        for pattern, weight in _SIGNS[kind]
    )
    return score + (_TITLE_WEIGHT if _TITLE[kind].search(title) else 0.0)
