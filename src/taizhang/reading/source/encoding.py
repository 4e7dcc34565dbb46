"""Bytes of a text → characters, in whichever encoding reads most like Chinese."""

from __future__ import annotations

import re

from taizhang.reading.base.code import ReadingCode
from taizhang.reading.source.source_line import MEGABYTE, refuse

#: The longest text; a book of a million characters has 3 MB.
LARGEST_TEXT = 8 * MEGABYTE
#: What a decoded text must not hold: controls (but tab), unassigned signs, lone surrogates.
_WRONG = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff\ue000-\uf8ff]")
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
    "说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制"
    "机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内"
    "数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提"
    "直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计"
    "别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海"
    "口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身"
    "车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石"
    "记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青"
    "省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型"
    "眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    "們這國來時對會發動學說種後從進應開經還沒問條無與關為個業電體實處黨導現區務質"
    "社區計劃總結宣傳衛生健康教育居民街道辦事処活動開展"
)


def decode(data: bytes, name: str) -> str:
    """Decode a text in UTF-8, UTF-16, GB18030 (GBK, GB2312) or Big5.

    A file without a byte-order mark that is not UTF-8 is read in each of the others; the reading
    with the largest share of common characters wins.

    :raises Refused: READING_002 when no reading looks like a text; READING_001 when too long
    """
    if len(data) > LARGEST_TEXT:
        size = f"{len(data) / MEGABYTE:.0f}"
        raise refuse(ReadingCode.READING_001, name, size=size, limit=LARGEST_TEXT // MEGABYTE)
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    first = next((marked[mark] for mark in marked if data.startswith(mark)), "utf-8")
    names = dict.fromkeys([first, "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
    readings = [_reading(data, encoding) for encoding in names]
    if readings[0][0] > 0.9:
        return readings[0][1]
    best = max(readings, key=lambda candidate: candidate[0])
    if best[0] < 0.55:
        raise refuse(ReadingCode.READING_002, name)
    return best[1]


def _reading(data: bytes, encoding: str) -> tuple[float, str]:
    """Decode and give (how much it looks like a text, 0 to 1; the text)."""
    # A few broken bytes in a long file are damage, not another encoding.
    text = data.decode(encoding, errors="replace")
    if not text:
        return 1.0, text
    sample = text if len(text) < 60_000 else text[:20_000] + text[-20_000:]
    wrong = len(_WRONG.findall(sample)) / len(sample)
    wide = [sign for sign in sample if sign > "\x7f" and (sign < "\u2000" or sign > "\u206f")]
    if wrong > 0.02:
        return 0.5 - min(wrong, 0.5), text
    if not wide:
        plain = 0.95 if encoding.startswith("utf-8") else 0.9
        return plain - 10 * wrong, text
    common = sum(sign in _COMMON for sign in wide) / len(wide)
    usual = sum(
        "\u4e00" <= sign <= "\u9fff" or "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef"
        for sign in wide
    ) / len(wide)
    if encoding.startswith("utf-8") and wrong < 0.001:
        # Bytes that are valid UTF-8 by chance are rare beyond the first few characters.
        return 0.96, text
    return (0.35 * usual + 0.6 * min(1.0, common / 0.4)) * (1 - 10 * wrong), text
