"""script/setup must say what is missing and how to get it, and be quick when nothing changed."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# All that script/setup may use besides Python.
PROGRAMS = ("bash", "cat", "dirname", "env")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    checkout = tmp_path / "checkout"
    for name in ("script/setup", "tools/alone.py", "pyproject.toml", "requirements-dev.lock"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    programs = tmp_path / "bin"
    programs.mkdir()
    for program in PROGRAMS:
        found = shutil.which(program)
        assert found is not None
        (programs / program).symlink_to(found)
    return checkout


def _setup(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = str(checkout.parent / "bin")
    return subprocess.run(
        [str(checkout / "script" / "setup")],
        env={"PATH": path, "HOME": str(checkout)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _program(checkout: Path, name: str, text: str) -> None:
    path = checkout.parent / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_no_python_is_said_with_the_way_to_get_one(checkout: Path) -> None:
    done = _setup(checkout)
    assert done.returncode == 1
    assert "Python 3.11 or newer is missing" in done.stderr
    for way in ("apt-get install python3", "brew install", "wsl --install"):
        assert way in done.stderr


def test_old_python_and_broken_shim_are_passed_over(checkout: Path) -> None:
    _program(checkout, "python3.12", "echo 'shim: no such version' >&2; exit 127")
    # What 3.9 would answer to the question whether it is older than 3.11.
    _program(checkout, "python3", "exit 1")
    done = _setup(checkout)
    assert done.returncode == 1
    assert "Python 3.11 or newer is missing" in done.stderr
    assert "shim" not in done.stderr


def test_a_named_python_that_is_none_is_not_passed_over(checkout: Path) -> None:
    _program(checkout, "python3", f'exec "{sys.executable}" "$@"')
    done = _setup(checkout, TAIZHANG_PYTHON="/no such/python")
    assert done.returncode == 1
    assert "TAIZHANG_PYTHON=/no such/python is no Python 3.11" in done.stderr


def test_a_second_setup_waits_for_the_first(checkout: Path) -> None:
    with (checkout / "script/setup").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [str(checkout / "script/setup")],
            env={
                "PATH": str(checkout.parent / "bin"),
                "TAIZHANG_PYTHON": sys.executable,
                # Lets it end right after the lock: it has nothing to make an environment with.
                "PYTHONPATH": str(_lacking_ensurepip(checkout.parent)),
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "Another script/setup is at work here" in second.stderr.readline()
        assert second.poll() is None
    _, said = second.communicate(timeout=60)
    assert "cannot make virtual environments" in said


def test_an_environment_that_was_moved_is_made_anew(checkout: Path) -> None:
    """The programs in it would start the interpreter of the place that it came from."""
    _recorder(checkout)
    config = checkout / ".venv" / "pyvenv.cfg"
    lacking = {
        "TAIZHANG_PYTHON": sys.executable,
        "PYTHONPATH": str(_lacking_ensurepip(checkout.parent)),
    }
    config.write_text(f"command = python -m venv --clear {checkout}/.venv\n", encoding="utf-8")
    assert "cannot make virtual environments" not in _setup(checkout, **lacking).stderr
    (checkout / ".venv" / "taizhang-setup.stamp").unlink()
    config.write_text("command = python -m venv --clear /elsewhere/.venv\n", encoding="utf-8")
    assert "cannot make virtual environments" in _setup(checkout, **lacking).stderr


def _lacking_ensurepip(folder: Path) -> Path:
    lacking = folder / "lacking"
    lacking.mkdir()
    (lacking / "ensurepip.py").write_text("raise ImportError('not packaged')\n", encoding="utf-8")
    return lacking


def _recorder(checkout: Path) -> Path:
    """Let an environment whose Python only writes down what it is asked to do stand for .venv."""
    venv_python = checkout / ".venv" / "bin" / "python"
    venv_python.parent.mkdir(parents=True)
    venv_python.write_text('#!/bin/sh\necho "$*" >> asked\n', encoding="utf-8")
    venv_python.chmod(0o755)
    return checkout / "asked"


def test_python_without_ensurepip_names_the_package(checkout: Path, tmp_path: Path) -> None:
    lacking = str(_lacking_ensurepip(tmp_path))
    done = _setup(checkout, TAIZHANG_PYTHON=sys.executable, PYTHONPATH=lacking)
    assert done.returncode == 1
    assert f"apt-get install python3.{sys.version_info.minor}-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_packages_are_installed_anew_only_when_the_lock_changes(checkout: Path) -> None:
    log = _recorder(checkout)

    def asked() -> list[str]:
        log.write_text("", encoding="utf-8")
        done = _setup(checkout, TAIZHANG_PYTHON=sys.executable)
        assert done.returncode == 0, done.stderr
        return [line for line in log.read_text(encoding="utf-8").splitlines() if line]

    def installs() -> list[str]:
        return [line for line in asked() if line.startswith("-m pip install")]

    first = installs()
    assert len(first) == 2
    assert "--require-hashes" in first[0]
    assert "--no-deps --no-build-isolation --editable ." in first[1]
    assert asked() == ["-m tools.frontend", "-m tools.messages compile"]
    with (checkout / "requirements-dev.lock").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert len(installs()) == 2


def test_failed_install_leaves_no_stamp(checkout: Path) -> None:
    venv_python = checkout / ".venv" / "bin" / "python"
    venv_python.parent.mkdir(parents=True)
    venv_python.write_text(
        '#!/bin/sh\ncase "$*" in *require-hashes*) exit 1;; esac\n', encoding="utf-8"
    )
    venv_python.chmod(0o755)
    done = _setup(checkout, TAIZHANG_PYTHON=sys.executable)
    assert done.returncode == 1
    assert "no way to a package index" in done.stderr
    assert not (checkout / ".venv" / "taizhang-setup.stamp").exists()
