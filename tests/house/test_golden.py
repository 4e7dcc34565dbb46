"""The golden fixture must fail on a difference and on a missing file, and write only when asked."""

from collections.abc import Callable
from pathlib import Path

import pytest

Golden = Callable[[Path, str], None]


@pytest.fixture(autouse=True)
def _not_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAIZHANG_GOLDEN", raising=False)


def test_same_text_passes(golden: Golden, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一\n", encoding="utf-8")
    golden(path, "一\n")


def test_other_text_fails_with_a_diff(golden: Golden, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一\n", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception, match=r"(?s)-一.*\+二"):
        golden(path, "二\n")


def test_missing_file_fails(golden: Golden, tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="missing"):
        golden(tmp_path / "none.txt", "")


def test_flag_writes(golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_GOLDEN", "1")
    golden(tmp_path / "deep" / "a.txt", "三\n")
    assert (tmp_path / "deep" / "a.txt").read_text(encoding="utf-8") == "三\n"
