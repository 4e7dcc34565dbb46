"""Each issue code is documented, and the page tool reads the enums rightly."""

import importlib
import inspect
from pathlib import Path

import pytest

from tools.issues_page import (
    CATALOGUE,
    EXAMPLES,
    PACKAGE,
    PAGE,
    Unreadable,
    chinese_read,
    groups,
    page,
    problems,
)

SOURCE = '''
from taizhang.core.base.issue import Code, gettext_noop

class RoomCode(Code):
    """What the room says about its data.

    More.
    """

    ROOM_002 = (gettext_noop("The sheet %(sheet)s is " "empty."), gettext_noop("Fill it in."))
    ROOM_001 = (gettext_noop("No file."), gettext_noop("Name one."))
'''


def _package(tmp_path: Path, text: str) -> Path:
    package = tmp_path / "taizhang"
    package.mkdir()
    (package / "room.py").write_text(text, encoding="utf-8")
    return package


def test_enum_is_read_and_written(tmp_path: Path) -> None:
    found = groups(_package(tmp_path, SOURCE))
    (tmp_path / "errors" / "ROOM_002").mkdir(parents=True)
    text = page(found, {"No file.": "没有文件。", "Name one.": "请指定。"}, tmp_path / "errors")
    assert list(problems(found)) == []
    assert "## What the room says about its data\n\nSource: `src/taizhang/room.py`" in text
    assert "### ROOM_001\n\nNo file. **Name one.**\n\n没有文件。**请指定。**\n" in text
    assert (
        "The sheet %(sheet)s is empty. **Fill it in.**\n\nExample: `tests/errors/ROOM_002/`" in text
    )
    assert text.index("ROOM_001") < text.index("ROOM_002")


def test_unreadable_enum_is_refused(tmp_path: Path) -> None:
    package = _package(tmp_path, "class RoomCode(Code):\n    ROOM_001 = 'No file.'\n")
    with pytest.raises(Unreadable, match=r"room\.py:2: ROOM_001 must be"):
        groups(package)


def test_clash_bad_name_and_half_sentence_are_named(tmp_path: Path) -> None:
    more = SOURCE + (
        "class OtherCode(Code):\n"
        '    ROOM_001 = (gettext_noop("No file."), gettext_noop("Name one."))\n'
        '    room_3 = (gettext_noop("No"), gettext_noop("Name 5% of it."))\n'
    )
    found = "\n".join(problems(groups(_package(tmp_path, more))))
    assert "ROOM_001 stands in" in found
    assert "room_3 is not of the form" in found
    assert "room_3 does not end in a full stop: 'No'" in found
    assert "room_3 has a bare %" in found
    assert len(found.splitlines()) == 4


def test_page_is_up_to_date() -> None:
    found = groups(PACKAGE)
    assert list(problems(found)) == []
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(found, chinese_read(CATALOGUE), EXAMPLES), (
        "run python -m tools.issues_page"
    )


def test_tool_sees_the_members_that_python_sees() -> None:
    """The page is read from source text; this holds it to the enums as they run."""
    from taizhang.core.base.issue import Code

    read: dict[str, dict[str, tuple[str, str]]] = {}
    for group in groups(PACKAGE):
        entries = read.setdefault(group.source, {})
        entries.update({e.name: (e.sentence, e.remedy) for e in group.entries})
    for source, entries in read.items():
        module = importlib.import_module(source.removesuffix(".py").replace("/", "."))
        members = {
            member.name: (member.sentence, member.remedy)
            for _, found in inspect.getmembers(module, inspect.isclass)
            if issubclass(found, Code) and found.__module__ == module.__name__
            for member in found
        }
        assert entries == members, source
