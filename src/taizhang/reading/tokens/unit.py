"""The units of amounts in old texts: counters, measures, rates."""

from __future__ import annotations

import re
from decimal import Decimal

#: counters of the field; longer ones first, for a pattern takes the first that fits
_WORDS = """
人次 户次 车次 辆次 班次 场次 批次 艘次 台次 件次 家次 处次 起次 课时 学时 工时 人天 平方公里
平方千米 平方米 立方米 公顷 万元 亿元 千元 百元 公里 千米 厘米 毫米 公斤 千克 毫克 毫升 小时
分钟 百分点 个百分点 个月 个工作日 工作日 个小时 个班次 个季度 乡镇 人份 ㎡ km² km kg 次 人 名
位 户 家 份 册 本 张 块 条 幅 件 场 期 个 项 处 起 宗 例 只 台 辆 套 所 座 间 栋 幢 支 队 批 篇
种 类 盒 箱 袋 瓶 包 桶 吨 克 斤 升 元 米 亩 天 节 堂 讲 门 口 盏 棵 株 把 顶 枚 面 根 头 羽 匹
车 艘
架 部 笔 具 秒 ℃ mg/L mg ml mL TB GB 千瓦时 千瓦 kWh kW 分贝 dB Ω
轮次 趟次 单次 车位 泊位 床位 学位 尾 桩 垛 方
单 票 版 字 页 组 班 岁 分 倍 成 段 眼 孔 道 列 则 轮 遍 趟 回 对 副 双 床 餐 桌 罐 卷
枝 束 朵 滴 针 剂次 剂 片 粒 颗 幕 出 首 封 通 席 级 层 米² m² m % ‰ ‱ 站 点 路 年 周 日 月 季
""".split()
#: units that carry a scale of their own
_SCALED = {
    "万元": ("元", 10**4),
    "亿元": ("元", 10**8),
    "千元": ("元", 10**3),
    "百元": ("元", 10**2),
}
_SAME = {
    "个百分点": "百分点",
    "个小时": "小时",
    "㎡": "平方米",
    "m²": "平方米",
    "米²": "平方米",
    "平方千米": "平方公里",
    "km²": "平方公里",
    "km": "公里",
    "千米": "公里",
    "kg": "公斤",
    "千克": "公斤",
    "个工作日": "工作日",
    "人份": "份",
    "m": "米",
}
#: endings that make the counter the beginning of another word: 人员, 人民, 个人, 本次, 项目
_NOT = {
    "车": "次辆站道间位队主票牌祸",
    "人": "民员口才均类身文工性大力行士物们家防社",
    "个": "人体性别",
    "本": "次年月市区县社人着地级村着",
    "项": "目",
    "户": "籍口主外型均",
    "家": "庭长属园访",
    "面": "积向对临上",
    "条": "例件",
    "点": "击评名",
    "分": "别析管工类布局之钟队级层片发为散段",
    "出": "台现生",
    "通": "过知报",
    "组": "织长成建",
    "班": "子",
    "部": "门分署",
    "对": "照于象比",
    "道": "路",
    "路": "面灯",
    "起": "到来",
    "期": "间望",
    "场": "所地馆",
    "节": "约能假",
    "队": "员伍",
    "单": "位元",
    "级": "以政领",
    "口": "径",
    "成": "立员果为效",
    "回": "访复",
    "升": "级",
    "站": "点在",
    "类": "似",
    "元": "旦素",
    "字": "号",
    "门": "前",
    "包": "括保",
    "所": "有在以",
    "处": "理罚",
    "双": "方",
    "首": "先次",
    "头": "部",
    "版": "权",
    "张": "贴",
    "支": "持部付出",
    "批": "准评发",
    "层": "面次",
    "季": "度",
    "次": "性生要",
    "位": "于置",
    "名": "单称",
    "例": "如会外",
    "份": "额",
    "轮": "流换车胎船椅",
    "讲": "座",
    "把": "关",
    "笔": "者",
    "段": "时",
    "眼": "科",
    "列": "入",
    "台": "账帐",
    "天": "然气",
    "座": "谈",
    "架": "空",
    "具": "有体备",
    "方": "面法便向式案位圆可针略",
    "卷": "入烟",
    "片": "区长",
    "封": "闭",
}


def _pattern() -> str:
    parts: list[str] = []
    for word in sorted(dict.fromkeys(_WORDS), key=len, reverse=True):
        stop = _NOT.get(word, "")
        parts.append(re.escape(word) + (f"(?![{stop}])" if stop else ""))
    return "|".join(parts)


#: one unit, as the source of a pattern
UNIT = _pattern()


def unit_scale(unit: str) -> tuple[Decimal, str]:
    """Give (factor, unit) of a unit as written: 万元 is ten thousand 元, ㎡ is 平方米."""
    if unit in _SCALED:
        name, factor = _SCALED[unit]
        return Decimal(factor), name
    return Decimal(1), _SAME.get(unit, unit)
