"""Fonts: the standard's own first, substitutes named, none at all refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.core.base.issue import Refused
from taizhang.documents.code import DocumentCode
from taizhang.documents.render import font
from taizhang.documents.render.font import find_fonts


class FakeFonts:
    """Stands for a machine with some font families."""

    known: tuple[str, ...] = ()
    asked: tuple[list[str], ...] = ()

    def __init__(self, *, font_paths: list[str]) -> None:
        FakeFonts.asked = (*FakeFonts.asked, font_paths)

    def families(self) -> list[str]:
        return list(self.known)


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font, "Fonts", FakeFonts)
    font._found.cache_clear()


def font_set(*families: str) -> font.FontSet:
    FakeFonts.known = families
    font._found.cache_clear()
    return find_fonts()


def test_the_fonts_of_the_standard_come_first() -> None:
    fonts = font_set("Noto Serif SC", "FangSong_GB2312", "KaiTi_GB2312", "SimHei", "SimSun",
                  "FZXiaoBiaoSong-B05S")  # fmt: skip
    assert fonts.families["仿宋"] == ("FangSong_GB2312", "Noto Serif SC", "SimSun")
    assert fonts.substitutes == ()


def test_substitutes_are_named() -> None:
    fonts = font_set("Noto Serif SC", "FandolKai", "DejaVu Sans")
    assert dict(fonts.substitutes) == {
        "仿宋": "Noto Serif SC",
        "楷体": "FandolKai",
        "黑体": "Noto Serif SC",
        "小标宋": "Noto Serif SC",
        "宋体": "Noto Serif SC",
    }


def test_no_chinese_font_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        font_set("DejaVu Sans")
    (issue,) = caught.value.issues
    assert issue.code is DocumentCode.DOCUMENT_014
    assert issue.facts["names"] == "Noto Serif SC, Noto Sans SC"


def test_a_folder_of_fonts_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(font.VARIABLE, f"{tmp_path}:{tmp_path / 'missing'}")
    font_set("Noto Serif SC")
    assert str(tmp_path) in FakeFonts.asked[-1]
    assert str(tmp_path / "missing") not in FakeFonts.asked[-1]
