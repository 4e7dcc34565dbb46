"""The wheel must hold all that the program reads at run time."""

import subprocess
import sys
import zipfile
from pathlib import Path

from taizhang.documents.render.font import SHIPPED
from tools.frontend import BUILT, PAGES, fonts_stamp, fonts_wanted, is_current, pages_stamp

ROOT = Path(__file__).resolve().parents[2]


def test_wheel_holds_each_file_of_the_package_and_the_compiled_catalogue(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", "src/taizhang"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = [name.removeprefix("src/") for name in listed.split("\0") if name]
    wanted = {name for name in names if (ROOT / "src" / name).exists()}
    assert wanted
    wanted |= {name.removesuffix(".po") + ".mo" for name in wanted if name.endswith(".po")}
    # Fonts are fetched by script/setup where it reaches a registry; then they travel on, with their
    # licences and without the mark of the fetching.
    fonts = {f"taizhang/documents/fonts/{name}" for name in fonts_wanted()}
    if is_current(SHIPPED, fonts_stamp(), fonts_wanted()):
        wanted |= fonts
    # Who installs the wheel needs no Node: the pages are built already.
    if is_current(BUILT, pages_stamp(), PAGES):
        wanted |= {f"taizhang/web/static/built/{name}" for name in PAGES}
    assert {name for name in held if name.startswith("taizhang/documents/fonts/")} <= fonts
    assert wanted - held == set()
