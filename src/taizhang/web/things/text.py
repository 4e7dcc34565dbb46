"""Initials of pinyin, by which things are found: dmxcl finds 东门宣传栏."""

from __future__ import annotations

from taizhang.web.things.models import INITIALS


def initials(*texts: str) -> str:
    """Give the first letters of the pinyin of texts, and other letters as they are, all small."""
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin("".join(texts), style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters.lower() if letter.isalnum())[:INITIALS]
