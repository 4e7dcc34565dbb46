"""script/check, script/test and .ci/run tell the truth: all is run, each failure counts."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAITING = "Another script/server makes the demo; waiting for it."
VENV_PROGRAMS = ("ruff", "djlint", "mypy", "lint-imports", "deptry", "taizhang", "python")


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose programs only write down how they were called, and succeed."""
    for name in ("script/check", "script/test", "script/server", ".ci/run", "tools/alone.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    _program(tmp_path / "script" / "setup", "exit 0")
    for program in VENV_PROGRAMS:
        _program(tmp_path / ".venv" / "bin" / program, f'echo "{program} $*" >> asked')
    for pack in ("common", "other"):
        (tmp_path / "src/taizhang/packs" / pack).mkdir(parents=True)
        (tmp_path / "src/taizhang/packs" / pack / "pack.yaml").touch()
    (tmp_path / "tools" / "issues_page.py").touch()
    return tmp_path


def _run(checkout: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: text for name, text in os.environ.items() if name != "TAIZHANG_GOLDEN"}
    return subprocess.run(
        command,
        cwd=checkout,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _asked(checkout: Path) -> list[str]:
    return (checkout / "asked").read_text(encoding="utf-8").splitlines()


def test_check_runs_each_check(checkout: Path) -> None:
    done = _run(checkout, "script/check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("All checks passed.\n")
    assert _asked(checkout) == [
        "ruff format --check .",
        "ruff check .",
        "djlint --check --lint src/taizhang/web",
        "mypy ",
        "lint-imports --no-logo",
        "deptry src --no-ansi",
        "python -m tools.shape",
        "python -m tools.history",
        "taizhang pack check src/taizhang/packs/common",
        "taizhang pack check src/taizhang/packs/other",
        "python -m tools.issues_page --check",
        "python -m tools.links",
        "python -m tools.messages check",
    ]


def test_check_goes_on_after_a_failure_and_names_all(checkout: Path) -> None:
    _program(checkout / ".venv/bin/ruff", 'echo "ruff $*" >> asked; echo "a.py:1"; exit 1')
    _program(checkout / ".venv/bin/taizhang", 'case "$*" in *other) exit 3;; esac')
    done = _run(checkout, "script/check")
    assert done.returncode == 1
    assert "a.py:1" in done.stdout
    assert done.stdout.endswith("3 failed: format; lint; pack other;\n")
    assert _asked(checkout)[-1] == "python -m tools.messages check"


def test_test_passes_arguments_on(checkout: Path) -> None:
    done = _run(checkout, "script/test", "tests/core", "-k", "a or b", TAIZHANG_PROCESSES="3")
    assert done.returncode == 0, done.stderr
    assert _asked(checkout) == [
        "python -m tools.machine",
        "python -m pytest -n 3 tests/core -k a or b",
    ]


def test_golden_becomes_a_setting_not_an_argument(checkout: Path) -> None:
    _program(checkout / ".venv/bin/python", 'echo "$TAIZHANG_GOLDEN $*" >> asked')
    _run(checkout, "script/test", "--golden", "tests/core", TAIZHANG_PROCESSES="2")
    assert _asked(checkout)[-1] == "1 -m pytest -n 2 tests/core"


@pytest.mark.parametrize(("check", "test", "status"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 2, 1)])
def test_ci_tells_of_both_and_ends_with_pytest(
    checkout: Path, check: int, test: int, status: int
) -> None:
    """Run as somebody else than root, so that no package manager is asked."""
    _program(checkout / "bin" / "id", "echo 1000")
    _program(checkout / "script" / "check", f"echo checked; exit {check}")
    _program(checkout / "script" / "test", f"echo '=== 3 passed in 1s ==='; exit {test}")
    done = _run(checkout, ".ci/run", PATH=f"{checkout}/bin:{os.environ['PATH']}")
    assert done.returncode == status
    assert done.stdout.startswith("checked\n")
    assert done.stdout.endswith("=== 3 passed in 1s ===\n")


def test_server_makes_the_demo_once_and_serves_it(checkout: Path) -> None:
    _program(
        checkout / ".venv/bin/taizhang",
        'echo "taizhang $*" >> asked; [ "$1" = serve ] || mkdir "$2"',
    )
    alone = f"python tools/alone.py 9 {WAITING}"
    served = "taizhang serve --home ./taizhang-data --host 127.0.0.1 --port 8000"
    first = _run(checkout, "script/server", TAIZHANG_HOME="")
    assert first.returncode == 0, first.stderr
    assert _asked(checkout) == [alone, "taizhang demo ./taizhang-data", served]
    _run(checkout, "script/server", "--port", "8001", TAIZHANG_HOME="")
    assert _asked(checkout)[3:] == [alone, f"{served} --port 8001"]


def test_half_made_demo_is_not_left_behind(checkout: Path) -> None:
    _program(checkout / ".venv/bin/taizhang", 'mkdir "$2"; exit 1')
    done = _run(checkout, "script/server", TAIZHANG_HOME="./demo")
    assert done.returncode == 1
    assert not (checkout / "demo").exists()
    assert not (checkout / "demo.making").exists()


def test_a_demo_broken_off_by_a_power_cut_is_made_anew(checkout: Path) -> None:
    (checkout / "demo").mkdir()
    (checkout / "demo" / "half").touch()
    (checkout / "demo.making").touch()
    _program(checkout / ".venv/bin/taizhang", '[ "$1" = serve ] || mkdir "$2"')
    assert _run(checkout, "script/server", TAIZHANG_HOME="./demo").returncode == 0
    assert list((checkout / "demo").iterdir()) == []
    assert not (checkout / "demo.making").exists()


def test_a_second_start_waits_until_the_demo_is_made(checkout: Path) -> None:
    _program(checkout / ".venv/bin/python", f'exec "{sys.executable}" "$@"')
    _program(checkout / ".venv/bin/taizhang", 'echo "taizhang $1" >> asked')
    with (checkout / "script/server").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = subprocess.Popen(
            ["script/server"],
            cwd=checkout,
            env=dict(os.environ, TAIZHANG_HOME=""),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert second.stderr.readline().strip() == WAITING
        (checkout / "taizhang-data").mkdir()
    second.communicate(timeout=60)
    assert _asked(checkout) == ["taizhang serve"]
