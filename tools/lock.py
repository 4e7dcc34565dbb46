"""Make the lock files again: `python -m tools.lock [--upgrade]`; needs uv on the path."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A lock names packages and hashes, never an index, a machine or the command that made it.
NEUTRAL = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--upgrade"]):
        print(__doc__, file=sys.stderr)
        return 2
    compile_lock = ["uv", "pip", "compile", "pyproject.toml", *NEUTRAL, *arguments]
    # The first says what runs; the others hold the same and what tests, or Spark, need besides.
    same = ["--constraints", "requirements.lock"]
    try:
        for more, lock in (
            ([], "requirements.lock"),
            ([*same, "--group", "dev"], "requirements-dev.lock"),
            ([*same, "--extra", "spark"], "requirements-spark.lock"),
        ):
            subprocess.run([*compile_lock, *more, "-o", lock], cwd=ROOT, check=True)
    except FileNotFoundError:
        print("uv is missing; get it with `pipx install uv` or from your package manager")
        return 1
    except subprocess.CalledProcessError as failed:
        return failed.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
