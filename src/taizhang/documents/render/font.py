"""Fonts for PDF: what the standard names, else free ones of the same character.

Looked for in the folders of TAIZHANG_FONTS (as in PATH), in the fonts that come with the software,
and among the fonts of the system.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from typst import Fonts

from taizhang.core.base.issue import Issue, Refused
from taizhang.documents.code import DocumentCode

VARIABLE = "TAIZHANG_FONTS"
#: Fonts fetched when the software is built; a checkout that was not built has none.
SHIPPED = Path(str(files("taizhang.documents") / "fonts")).resolve()

#: What script/setup fetches, and what is named as missing where no Chinese font is found.
FETCHED = ("Noto Serif SC", "Noto Sans SC")
_SERIF = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "宋体")
_SANS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC")
#: What each part is set in: the names of the standard's own fonts first, then substitutes.
WANTED: dict[str, tuple[str, ...]] = {
    "仿宋": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang"),
    "楷体": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai", "AR PL UKai"),
    "黑体": ("SimHei", "黑体", "STHeiti", "FandolHei", *_SANS),
    "小标宋": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"),
    "宋体": ("SimSun", "宋体", "STSong", "FandolSong"),
}
#: How many names of each row are the standard's own.
_OWN = {"仿宋": 5, "楷体": 5, "黑体": 3, "小标宋": 3, "宋体": 3}


@dataclass(frozen=True, slots=True)
class FontSet:
    """Families found for each part, best first, and what stands in for what."""

    families: dict[str, tuple[str, ...]]
    substitutes: tuple[tuple[str, str], ...]
    fonts: Fonts


def find_fonts() -> FontSet:
    """Find families for every part.

    :raises Refused: if no font with Chinese characters is there
    """
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    folders = [folder for folder in (*named, str(SHIPPED)) if folder and Path(folder).is_dir()]
    return _found(tuple(folders))


@lru_cache(maxsize=4)
def _found(folders: tuple[str, ...]) -> FontSet:
    fonts = Fonts(font_paths=list(folders))
    known = {name.casefold(): name for name in fonts.families()}

    def present(names: tuple[str, ...]) -> tuple[str, ...]:
        names_there = (known[name.casefold()] for name in names if name.casefold() in known)
        return tuple(dict.fromkeys(names_there))

    families: dict[str, tuple[str, ...]] = {}
    substitutes: list[tuple[str, str]] = []
    for part, names in WANTED.items():
        # A font such as FandolFang lacks characters of names, so the serif stands behind it.
        there = present((*names, *_SERIF))
        if not there:
            facts = {"names": ", ".join(FETCHED), "variable": VARIABLE}
            raise Refused([Issue(DocumentCode.DOCUMENT_014, facts=facts)])
        families[part] = there
        if not present(names[: _OWN[part]]):
            substitutes.append((part, there[0]))
    return FontSet(families, tuple(substitutes), fonts)
