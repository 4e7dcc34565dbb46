"""Figures on mechanisms that the design bars: kept as history, compared to nothing, never a target.

The walls are those of ``core.rules.lawful``; this file adds what only old texts speak of.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from taizhang.core.base.issue import Marked
from taizhang.core.rules.wall.wall import NamedPart, plain, walls

#: mechanisms whose figures old texts report and no present pack may ask for
_OLD = re.compile(
    r"计划生育率|政策生育率|节育率|避孕|孕检|上环|结扎|人流|引产|超生|计划外|社会抚养费|生育证|准生证|婚育证明|独生子女证|"
    r"晚婚|晚育|一孩|二孩率|多孩|药具(?:应用|使用|随访)|长效措施|妇检|查环|查孕|环孕|计生(?:责任|合同|罚)|征收(?:率|额)?.{0,4}抚养|"
    r"流动人口.{0,8}(?:登记率|发证率|验证率|持证率|办证率|政策生育率)|(?:流入|流出|育龄|婚育|协查|函复|暂住)[^，。；]{0,20}(?:办证|发证|验证|持证)率|协查|函复率|暂住证|"
    r"育龄妇女|育龄群众|已婚育龄|重点育妇|阳光卡|中心户长|出生婴儿性别比|性别比|计生专干|计划生育(?:合格|达标)|自然增长率.{0,6}控制|"
    r"告知面|收容遣送|劳动教养|劳教|强制(?:引产|结扎|火化率)|信访(?:总?量|数|人次|批次).{0,6}(?:下降|减少)|零上访|越级上访|打卡|签到率|排名|App?安装|安装率|下载率|关注率|积分"
)
#: lawful whatever word of the walls stands beside them
_LAWFUL = re.compile(
    r"叶酸|两癌|乳腺癌|宫颈癌|妇科普查|妇科病|孕产妇|孕前优生|产后访视|新生儿|母婴|育儿补贴|生育登记"
)


#: the walls whose figures old texts report
_WALLS = ("LAWFUL_001", "LAWFUL_002", "LAWFUL_003", "LAWFUL_005", "LAWFUL_013", "LAWFUL_014")
_NUMBER = re.compile(r"\d[\d.,]*")


def is_historic(text: str) -> bool:
    """Say whether a figure described by ``text`` belongs to a mechanism that is no more."""
    # The amount itself says nothing of the mechanism: without it most clauses are known already.
    return _historic(_NUMBER.sub("0", text))


@lru_cache(maxsize=16384)
def _historic(text: str) -> bool:
    label = plain(text)
    if _OLD.search(label):
        return True
    if _LAWFUL.search(label) or not _any_wall().search(label):
        return False
    subject = NamedPart(Marked("figure"), "", label)
    return any(wall.code.name in _WALLS and wall.word(subject, label) for wall in walls())


@cache
def _any_wall() -> re.Pattern[str]:
    """Give one pattern for the words of all these walls: most texts hold none."""
    patterns = [wall.always.pattern for wall in walls() if wall.code.name in _WALLS and wall.always]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
