"""Names of people in a text: found by what stands beside them, masked unless asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫"
    "段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文洪季辛柯管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柴"
    "伍庞齐樊葛倪岳梅殷施温颜鲁华申聂安焦兰章佘艾岑仇尚芦巫冉党桂窦蒲邢鹿麦娄房蓝封简卓佟应晏宗米池古冷敖农沙边巩"
)
_DOUBLE = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|东方|端木|长孙"
_NAME = rf"(?:(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}](?:\u3000| )?[\u4e00-\u9fff]{{1,2}})"
_ROLE = (
    r"(?:组长|副组长|常务副组长|成员|组员|书记|副书记|主任|副主任|局长|副局长|科长|副科长|所长|副所长|站长|副站长|院长|校长|园长|镇长|乡长|区长|"
    r"县长|市长|村长|河长|湖长|林长|路长|网格长|网格员|楼栋长|专干|干事|民警|医生|医师|护士|老师|教师|律师|讲师|教授|主席|理事长|会长|秘书长|"
    r"负责人|责任人|联系人|联络员|主讲人?|授课人|填表人|填报人|审核人|报告人|撰稿人?|记录人|经办人|召集人|户主|居民|村民|志愿者|队长|经理|董事长|总经理)"
)
_END = (
    r"(?=$|[，。；、：（）\s！？“”《]|担任|任(?:组长|副|主|书)|同志|等|为(?:组|副|成|主)|"
    r"牵头|带领|负责|主持|主讲|授课|作|在|带队|[和及与])"
)
_PATTERNS = (
    re.compile(rf"(?<={'组长由'})[\u4e00-\u9fff]{{0,18}}?{_ROLE}(?P<name>{_NAME})(?=担任)"),
    re.compile(
        rf"由[\u4e00-\u9fff]{{0,18}}?{_ROLE}(?P<name>{_NAME})(?=担任|任|牵头|负责|带队|主持|为)"
    ),
    re.compile(rf"{_ROLE}[：:、 \u3000]{{1,2}}(?P<name>{_NAME}){_END}"),
    re.compile(
        rf"{_ROLE}(?P<name>{_NAME})(?=担任|任组长|任副|同志|带队|主持|授课|主讲|等(?:领导|人|同志)|[，。；、）])"
    ),
    re.compile(
        rf"(?<![\u4e00-\u9fff])(?P<name>{_NAME})(?=同志|{_ROLE}(?:[，。；、）]|带|主|在|作|就|$))"
    ),
    re.compile(rf"(?<=[，。；、：（由以])(?P<name>{_NAME})(?=同志)"),
)
#: a list of names behind a role: 成员：甲、乙、丙
_LIST = re.compile(
    rf"(?:成员|组员|人员|名单|组长)[：:]\s?(?P<names>{_NAME}(?:[、，\s]{{1,2}}{_NAME})+){_END}"
)
_NOT = re.compile(
    r"[社区街道村局委办组会院校站所队部市县镇乡]$|^(?:安全|文明|平安|健康|全体|全面|常住|江湖|万户|时间|单位|成立|成员|管理|任务|任何|应当|方面|向|关于|路长|石油|金融|文化|党员|华侨|高度|高龄|严格|齐抓|易发|常见|阳光|温馨|章程|申请|卫生|司法|包括|边缘|农民|宁静|古树|成效|季度)"
)


def names_find(text: str) -> set[str]:
    """Find the names of people that a text gives away."""
    names: set[str] = set()
    for match in _LIST.finditer(text):
        names.update(re.findall(_NAME, match["names"]))
    for pattern in _PATTERNS:
        names.update(match["name"] for match in pattern.finditer(text))
    return {name for name in names if "某" not in name and not _NOT.search(name)}


def names_masker(texts: Iterable[str]) -> Callable[[str], str]:
    """Make the function that masks, in any text, the names that ``texts`` give away."""
    names = {name for text in texts for name in names_find(text)}
    if not names:
        return str
    longest = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(map(re.escape, longest)))
    return lambda text: pattern.sub(lambda match: _masked(match[0]), text)


def _masked(name: str) -> str:
    """Keep the surname; the text keeps its length, so that places in it stay true."""
    kept = 2 if re.match(_DOUBLE, name) else 1
    return name[:kept] + "".join(sign if sign in " \u3000" else "某" for sign in name[kept:])
