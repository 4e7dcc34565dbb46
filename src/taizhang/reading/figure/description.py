"""What a number counts: the words before and after it, without the verbs that only link them."""

from __future__ import annotations

import re

_CUT = "，。；：！？（）\t\n"
_LEADING = re.compile(
    r"^(?:其中|同时|目前|今年以来|今年|本年度?|全年|年内|共计|累计|总计|一共|先后|已经|已(?!婚)|还|并|且|另外?|此外|分别|合计|每[两二三四半\d]?个?(?:年|月|周[一二三四五六日天]?|天|日|季度?)|每年|每月|每季度|每周|"
    r"上半年|下半年|截[至止].{0,12}?[底日末]|我(?:社区|街道|局|区|县|市|镇|乡|村|院|校|站|办|所|委|中心)|全[市县区镇街乡村]道?|辖区内?|共|也|又|均|都|各项(?!目)|各(?!项|类)|将|要|"
    r"(?:19|20)\d\d年度?|\d{1,2}月份?|一是|二是|三是|四是|五是|通过|为|向|对|与|和|及|以及|等|的|了|达到|不断|确保|力争|争取|计划(?!生育)|拟)+"
)
_TRAILING = re.compile(
    r"(?:力争|已?由(?:19|20)\d\d年前?的?|(?:19|20)\d\d年(?:前|底|初)?的?|已经?|(?<![人户日月年])均|都|全部|分别|共计|累计|总计|合计|共有|共|总数|仅|约|大约|近|超过|超|不少于|至少|不低于|达到了?|达|为|是|有|了|由|从|在|控制|"
    r"降到|降至|下降到|下降至|下降|上升到|上升至|提高到|提升到|提升至|增加到|增至|增长到|增长|完成|实现|保持|稳定|维持|高达|多达|各(?!类)|每[年月周季]?度?|于|到|至|(?<![退支产付输转迁外派收进])出|"
    r"：|:|—|-|\s|一次性|以|与|和|及|并|的|全年|今年|本年|上年的?|去年的?|同期|将|要)+$"
)
_RATES = re.compile(r"(?:[^，。；：、（）]{2,16}率、)+$")
_VERB = re.compile(
    r"^(?:开展|举办|组织|发放|印发|印制|张贴|悬挂|召开|排查|整治|整改|清理|清运|清除|出动|走访|慰问|调解|受理|办理|处理|化解|培训|建成|新建|建立|成立|设立|"
    r"配备|配置|购置|安装|更换|维修|新增|制作|播放|编印|投入|筹集|争取|查处|检查|巡查|巡河|检测|服务|接待|接受|吸引|覆盖|惠及|参加|参与|招募|发展|签订|"
    r"查获|劝导|纠正|救助|帮扶|资助|发布|推送|报送|上报|拆除|修缮|修复|改造|种植|栽植|绿化|消除|登记|录入|采集|评选|表彰|奖励|补助|支出|接种|随访|筛查|管理|"
    r"体检|义诊|宣讲|辅导|授课|演练|捐赠|募集|安置|转移|疏散|封停|关停|取缔|抽查|抽检|暗访|督查|约谈|通报|化验|监测|治疗|治愈|建档|签约|打捞|疏浚|清淤|栽种|补种|播发|刊发|刊登|出|派出|抽调|组建)+$"
)
_AFTER_STOP = re.compile(
    r"[，。；：！？、（）\t“”]|[得扣计加]\d|共(?=[开发组印举投制出完])|共计|累计|参加了?|参与|进行|用于|以及|以上|并|其中|占|比|较|同比|环比|下降|上升|提高|增长|增加|减少|得到|接受|受到|，|为|对|在|由|从|被|的(?:方式|形式|标准)"
)
_RATE_NAME = re.compile(
    r"(?:率|比例|比重|覆盖面|满意度)(?:已|均|都|为|达到?了?|是|在|超过|不低于|保持|、)*\s*$|^\s*达到?了?$"
)
#: no clause is longer; a longer stretch is no prose
_FAR = 600
_LONGEST = 40
#: what was done for whom: 为居民印制, 向群众发放; the words before the verb count nothing
_FOR_WHOM = re.compile(
    r"^[\u4e00-\u9fff“”、]{0,24}?(?:居民|群众|患者|家庭|学生|村民|业主|游客|商户|老人|儿童|社区|单位|企业"
    r"|人员|站|居委会|村委会|学校|所|[各全]村)"
    r"(?=(?:发放|印制|印发|播放|配备|配置|赠送|提供|制作|发送|购买|办理|送)(?!的))"
)
#: 鼠药发放共发放鼠药: the second count of one clause begins with its own verb
_AGAIN = re.compile(
    r"^[^，]*?共计?(?=发放|印|投|开展|组织|出动|培训|清理|完成|接待|检查|排查|整改)"
)
_HOW_OFTEN = re.compile(r"(?:每(?:[两二三四半]?个?[年月周天日旬]|季度?|学期|班)){2,}")


def what_of(text: str, start: int, end: int, before_end: int, after_start: int) -> str:
    """Describe the number at [start, end) of a clause-wise text.

    :param before_end: where the number before it ends (0 when there is none)
    :param after_start: where the next one begins
    """
    far = max(0, start - _FAR)
    cut = start
    while cut > far and text[cut - 1] not in _CUT:
        cut -= 1
    floor = max(cut, before_end)
    # After a number 、 begins the next counted thing; without one it joins what is named.
    listed = text.find("、", floor, start) + 1 if before_end > cut else 0
    last = text.rfind("、", floor, start) + 1
    if last and _RATE_NAME.search(text[last:start]):
        listed = last  # of a list only what ends in 率 has a rate
    before = text[max(floor, listed) : start]
    if before_end > cut and (again := _AGAIN.search(before)):
        before = before[again.end() :]
    if listed > floor and before.rstrip().endswith(
        ("率", "率达", "率达到", "率均达", "率均达到", "率为")
    ):
        before = _rates(text[floor:start])
    own = _stripped(before)
    after = _after(text[end:after_start])
    if _HOW_OFTEN.fullmatch(own):
        own = ""  # 每班每两周1课时 says how often, and what stands before it
    if own and after and not own.endswith(("率", "比例", "数", "量")):
        return f"{own}{after}"
    if own and not _VERB.match(own):
        return own
    if own and listed <= floor and not after:
        return f"{_earlier(text, floor)}{own}"[:40]
    return f"{own}{after}" or _earlier(text, max(floor, listed))


def _stripped(text: str) -> str:
    text = (
        text.strip("“”》 、，的")
        if text.count("》") > text.count("《")
        else text.strip("“” 、，的")
    )
    while True:
        shorter = _TRAILING.sub("", _LEADING.sub("", text, count=1)).strip("“” 、")
        if shorter == text:
            return _ended(_FOR_WHOM.sub("", text))
        text = shorter


def _ended(text: str) -> str:
    """Keep the last words, without cutting a title of a book or half a pair of quotes."""
    start = max(0, len(text) - _LONGEST)
    if start and (item := text.find("、", start)) >= 0 and not text.find("》", start) > item:
        start = item + 1
    opened = text.rfind("《", 0, start)
    if opened >= 0 and text.find("》", opened) >= start:
        start = opened
    text = text[start:]
    if text.count("》") > text.count("《"):
        text = text[text.index("》") + 1 :].removeprefix("等")
    text = text.lstrip("的等、")
    return text if text.count("“") == text.count("”") else re.sub("[“”]", "", text)


def _rates(text: str) -> str:
    match = re.search(r"[^，。；：（）]*$", text)
    return match[0] if match else text


def _after(text: str) -> str:
    text = text.lstrip("的 ")
    stop = _AFTER_STOP.search(text)
    return text[: stop.start() if stop else len(text)].strip("的了 ")[:14]


def _earlier(text: str, floor: int) -> str:
    """Take the words of the clause before, where the number's own clause has none."""
    head = text[max(0, floor - _FAR) : floor].rstrip("，、：；（ ")
    cut = max((head.rfind(sign) for sign in "，。；！？：、"), default=-1) + 1
    words = head[cut:]
    # Another number's unit is no description.
    words = re.sub(r"[\d.,%‰]+(?:多|余|几)?[\u4e00-\u9fff]{0,2}$", "", words)
    return _stripped(words)[-24:]
