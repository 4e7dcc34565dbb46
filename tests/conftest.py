"""What every room's tests share: golden files."""

import difflib
import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def golden() -> Callable[[Path, str], None]:
    """This fixture will compare a text with a golden file, or rewrite the file when asked.

    Golden files change only by `script/test --golden`, and a person reads the diff.
    """

    def compare(path: Path, text: str) -> None:
        if os.environ.get("TAIZHANG_GOLDEN") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        if not path.exists():
            pytest.fail(f"{path} is missing; make it with script/test --golden and read it")
        wanted = path.read_text(encoding="utf-8")
        if wanted != text:
            diff = difflib.unified_diff(
                wanted.splitlines(), text.splitlines(), str(path), "found", lineterm=""
            )
            pytest.fail("\n".join(diff))

    return compare
