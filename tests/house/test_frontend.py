"""What is fetched from npm: the fonts of the PDF, locked, taken once, and missed politely."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import frontend

ROOT = Path(__file__).resolve().parents[2]


class Npm:
    """Stands for npm: notes what it is asked, lays packages down or fails in one step."""

    def __init__(self, modules: Path, failing: str = "", leaving_out: str = "") -> None:
        self.asked: list[str] = []
        self.modules, self.failing, self.leaving_out = modules, failing, leaving_out

    def __call__(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        step = arguments[0]
        self.asked.append(step)
        if step == self.failing:
            said = "npm error code ENOTFOUND\nnpm error network request failed\n"
            return subprocess.CompletedProcess(arguments, 1, "", said)
        if step == "ci":
            for source in frontend.fonts_wanted().values():
                file = self.modules / source
                file.parent.mkdir(parents=True, exist_ok=True)
                if self.leaving_out not in source or not self.leaving_out:
                    file.write_text(source, encoding="utf-8")
            other = self.modules / "@expo-google-fonts/noto-sans-sc/900Black/x.ttf"
            other.parent.mkdir()
            other.touch()
        return subprocess.CompletedProcess(arguments, 0, "", "")


@pytest.fixture
def fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of fonts, still missing, and a front end of its own with the real lock."""
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((frontend.FRONTEND / name).read_bytes())
    monkeypatch.setattr(frontend, "FRONTEND", tmp_path)
    monkeypatch.setattr(frontend, "SHIPPED", tmp_path / "fonts")
    return tmp_path / "fonts"


def npm_put(monkeypatch: pytest.MonkeyPatch, **how: str) -> Npm:
    npm = Npm(frontend.FRONTEND / "node_modules", **how)
    monkeypatch.setattr(frontend, "npm", npm)
    return npm


def test_two_weights_of_two_families_and_their_licences_are_taken_once(
    fonts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = npm_put(monkeypatch)
    assert frontend.main() == 0
    assert sorted(file.name for file in fonts.iterdir()) == [
        *("NotoSansSC-Bold.ttf", "NotoSansSC-LICENSE.txt", "NotoSansSC-Regular.ttf"),
        *("NotoSerifSC-Bold.ttf", "NotoSerifSC-LICENSE.txt", "NotoSerifSC-Regular.ttf"),
        "stamp",
    ]
    assert "700Bold/NotoSansSC_700Bold" in (fonts / "NotoSansSC-Bold.ttf").read_text("utf-8")
    assert list(npm.modules.rglob("*.ttf")) == []
    assert npm.asked == ["view", "ci"]
    assert frontend.main() == 0
    assert npm.asked == ["view", "ci"]
    assert capsys.readouterr().err.count("Fetching") == 1


def test_a_new_lock_or_a_lost_font_is_fetched_again(
    fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = npm_put(monkeypatch)
    frontend.main()
    (fonts / "NotoSerifSC-Bold.ttf").unlink()
    frontend.main()
    assert npm.asked == ["view", "ci"] * 2
    with (frontend.FRONTEND / "package-lock.json").open("a", encoding="utf-8") as lock:
        lock.write("\n")
    frontend.main()
    assert npm.asked == ["view", "ci"] * 3


@pytest.mark.parametrize("step", ["view", "ci"])
def test_without_a_registry_set_up_goes_on_and_says_what_is_missing(
    step: str, fonts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm_put(monkeypatch, failing=step)
    assert frontend.main() == 0
    said = capsys.readouterr().err
    assert "Noto Serif SC and Noto Sans SC could not be fetched" in said
    assert "code ENOTFOUND; network request failed" in said
    assert "npm config set registry" in said
    assert not fonts.exists()


def test_an_interrupted_run_is_not_taken_for_a_finished_one(
    fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_put(monkeypatch, leaving_out="NotoSansSC_700Bold")
    with pytest.raises(FileNotFoundError):
        frontend.main()
    assert not frontend.is_current(fonts)


def test_npm_of_the_environment_runs_without_node_on_the_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = frontend.npm(["--version"])
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", done.stdout)


def test_npm_packages_are_pinned_and_the_lock_names_no_host() -> None:
    wanted = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    for group in ("dependencies", "devDependencies"):
        for name, version in wanted.get(group, {}).items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
    text = (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
    assert not re.search(r'"resolved"|://', text)
    packages = json.loads(text)["packages"]
    assert packages[""]["dependencies"] == wanted["dependencies"]
    for name, package in packages.items():
        assert not name or re.match(r"sha512-[\w+/]{86}==$", package["integrity"]), name
    npmrc = (ROOT / "frontend/.npmrc").read_text(encoding="utf-8")
    assert "omit-lockfile-registry-resolved=true" in npmrc.splitlines()
    assert "registry=" not in npmrc


def test_git_ignores_what_is_fetched() -> None:
    for path in ("src/taizhang/documents/fonts/NotoSerifSC-Bold.ttf", "frontend/node_modules/x"):
        done = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False)
        assert done.returncode == 0, path
