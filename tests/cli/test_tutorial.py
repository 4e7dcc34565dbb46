"""The tutorial for pack authors, done as written: the files it shows, the commands it gives."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).resolve().parents[2] / "docs/packs/tutorial.md"
FILE = re.compile(r"<!-- file: (.+?) -->\n```\w*\n(.*?)```\n", re.DOTALL)
BLOCK = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_the_commands_of_the_tutorial_lead_to_a_summary(tmp_path: Path) -> None:
    page = TUTORIAL.read_text("utf-8")
    for name, text in FILE.findall(page):
        file = tmp_path / "waste_sorting" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    commands = []
    for block in BLOCK.findall(page.partition("## 10 ")[2]):
        if block.startswith("code,name,"):
            (tmp_path / "单位.csv").write_text(block, "utf-8")
        elif block.startswith("{"):
            (tmp_path / "记录.jsonl").write_text(block, "utf-8")
        else:
            commands += block.splitlines()
    assert sum(line.startswith("taizhang ") for line in commands) >= 12
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(commands)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "总结.docx").stat().st_size > 10_000
