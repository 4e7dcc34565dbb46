"""Characters whose bytes slid by one, put back from what the damage left.

Pages that print pinyin behind characters were saved through GBK with a byte lost: 询人数 with the
bytes D483 C8CB 94B5 then shows the pairs in between, 83C8 (內, of which only its pinyin is left)
and CB94 (藬), and 數 as its pinyin.  Each pair gives a byte of the character before and one of the
character behind it, so that both can be told, when exactly one character fits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style as Tone
from pypinyin import pinyin

_LETTERS = "a-zɡüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_HAN = "\u4e00-\u9fff"
SLID = re.compile(
    rf"(?<=(?P<before>[{_HAN}]))[?？](?P<first>[{_LETTERS}]{{1,6}})[)）]"
    rf"(?P<pair>[{_HAN}])[?？](?P<second>[{_LETTERS}]{{1,6}})[)）]"
)


def slid_back(match: re.Match[str]) -> str | None:
    """Give the two characters that stood at a place, ``None`` when not exactly two fit."""
    before, pair = _bytes(match["before"]), _bytes(match["pair"])
    if before is None or pair is None:
        return None
    leads = {_bytes(code) for code in _read_as(before[1], match["first"])}
    firsts = [
        sign for lead in leads if lead is not None and (sign := _char(bytes((lead[1], pair[0]))))
    ]
    seconds = _read_as(pair[1], match["second"])
    return firsts[0] + seconds[0] if len(firsts) == 1 and len(seconds) == 1 else None


def _bytes(sign: str) -> bytes | None:
    try:
        return sign.encode("gbk")
    except UnicodeEncodeError:
        return None


def _char(pair: bytes) -> str:
    text = pair.decode("gbk", errors="ignore")
    return text if len(text) == 1 and "\u4e00" <= text <= "\u9fff" else ""


@lru_cache(maxsize=1024)
def _read_as(lead: int, sound: str) -> tuple[str, ...]:
    """Give the characters with this first byte in GBK that are read so."""
    sound = sound.replace("ɡ", "g")
    chars = [_char(bytes((lead, trail))) for trail in range(0x40, 0xFF)]
    return tuple(
        char for char in chars if char and sound in pinyin(char, style=Tone.TONE, heteronym=True)[0]
    )
