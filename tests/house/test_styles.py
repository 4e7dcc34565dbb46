"""Style sheets: each selector has one owner, and colours have names."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "taizhang" / "web"
SHEETS = [
    *sorted((WEB / "static" / "web").glob("*.css")),
    *sorted(WEB.glob("*/static/*/*.css")),
    ROOT / "frontend" / "src" / "form.css",
]
COMMENT = re.compile(r"/\*.*?\*/", re.S)
COMMA = re.compile(r",(?![^(]*\))")


def rules(text: str) -> Iterator[tuple[str, str]]:
    """Give each selector with its declarations, those within a media query too."""
    head = ""
    text = COMMENT.sub("", text)
    for part in re.findall(r"[^{}]+|[{}]", text):
        if part == "{":
            continue
        if part == "}":
            head = ""
        elif head and not head.startswith("@"):
            for selector in COMMA.split(head):
                yield " ".join(selector.split()), part
        else:
            head = part.strip()


def test_no_selector_is_set_in_two_files() -> None:
    owners = defaultdict(set)
    for sheet in SHEETS:
        for selector, _ in rules(sheet.read_text(encoding="utf-8")):
            owners[selector].add(sheet.name)
    assert {selector: files for selector, files in owners.items() if len(files) > 1} == {}
    assert len(owners) > 300


def test_colours_have_names_and_every_name_is_given() -> None:
    named, used = set(), set()
    for sheet in SHEETS:
        for selector, declarations in rules(sheet.read_text(encoding="utf-8")):
            named |= set(re.findall(r"(--[\w-]+):", declarations))
            used |= set(re.findall(r"var\((--[\w-]+)", declarations))
            colour = re.search(r"#[0-9a-f]{3,8}\b|rgb\(", declarations)
            assert selector == ":root" or colour is None, f"{sheet.name}: {selector}"
    assert used == named


def test_no_line_of_a_style_sheet_is_long() -> None:
    for sheet in SHEETS:
        for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
            assert len(line) <= 120, f"{sheet.name}:{number}"
