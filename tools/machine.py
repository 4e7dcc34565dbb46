"""Find the programs that some tests use but pip cannot install, and say how to get them."""

import os
import re
import shutil
import subprocess
from glob import glob
from importlib.util import find_spec
from pathlib import Path

from taizhang.core.base.issue import Refused
from taizhang.documents.render.font import find_fonts

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
POSTGRESQL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)

#: The Java that Spark 4 needs.
JAVA = 17


def chromium_find() -> Path | None:
    """This function will find a Chromium or Chrome to drive, `TAIZHANG_CHROMIUM` first."""
    named = os.environ.get("TAIZHANG_CHROMIUM")
    if named:
        return Path(named)
    on_path = [found for name in CHROMIUM_NAMES if (found := shutil.which(name))]
    caches = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *PLAYWRIGHT_CACHES]
    in_caches = [
        found
        for cache in caches
        if cache
        for found in sorted(glob(f"{Path(cache).expanduser()}/chromium-*/chrome-*/chrome"))
    ]
    candidates = [*on_path, *CHROMIUM_APPS, *in_caches]
    return next((Path(found) for found in candidates if os.access(found, os.X_OK)), None)


def postgresql_find() -> Path | None:
    """This function will find the folder with `initdb` and `postgres`, the newest version first."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    folders = [Path(found) for pattern in POSTGRESQL_FOLDERS for found in glob(pattern)]
    holding = [folder for folder in folders if os.access(folder / "initdb", os.X_OK)]
    return max(holding, key=lambda folder: int(_version(folder)), default=None)


def java_find() -> Path | None:
    """This function will find a Java 17 or newer, the one of `JAVA_HOME` first."""
    home = os.environ.get("JAVA_HOME")
    candidates = [str(Path(home) / "bin" / "java")] if home else []
    candidates += [found for found in (shutil.which("java"),) if found]
    return next((Path(found) for found in candidates if _java_version(found) >= JAVA), None)


def _java_version(program: str) -> int:
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    said = re.search(r'version "(\d+)', done.stderr)
    return int(said[1]) if said else 0


def spark_missing() -> str | None:
    """This function will say what Spark lacks here, if anything."""
    if find_spec("pyspark") is None:
        return "no pyspark in .venv"
    return None if java_find() else f"no Java {JAVA} on this machine"


def fonts_are_there() -> bool:
    """This function will tell whether a PDF with Chinese text can be written here."""
    try:
        find_fonts()
    except Refused:
        return False
    return True


def _version(folder: Path) -> str:
    return "".join(filter(str.isdigit, folder.parent.name)) or "0"


def main() -> None:
    """This function will print what is absent, what that skips, and how to get it."""
    if chromium_find() is None:
        print("No Chromium found: tests marked `browser` are skipped. To get it:")
        print("  sudo apt-get install chromium, or .venv/bin/playwright install chromium")
    if postgresql_find() is None:
        print("No PostgreSQL server found: tests marked `postgresql` are skipped. To get it:")
        print("  sudo apt-get install postgresql, or brew install postgresql@17")
    if missing := spark_missing():
        print(f"Spark cannot run ({missing}): tests marked `spark` are skipped. To get it:")
        print("  sudo apt-get install openjdk-17-jre-headless, and")
        print("  .venv/bin/pip install --require-hashes -r requirements-spark.lock")
    if not fonts_are_there():
        print("No Chinese font found: tests of PDF are skipped. To get one:")
        print("  let script/setup reach an npm registry, or sudo apt-get install fonts-noto-cjk,")
        print("  or name a folder with TAIZHANG_FONTS")


if __name__ == "__main__":
    main()
