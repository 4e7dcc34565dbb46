"""What npm is needed for: fonts and pages, locked, made once, and missed politely."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from tools import frontend

ROOT = Path(__file__).resolve().parents[2]


class Npm:
    """Stands for npm and Node: notes what it is asked, lays files down or fails in one step."""

    def __init__(self, modules: Path, failing: str = "", leaving_out: str = "") -> None:
        self.asked: list[str] = []
        self.modules, self.failing, self.leaving_out = modules, failing, leaving_out

    def npm(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
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

    def node(self, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.asked.append("build")
        if self.failing == "build":
            return subprocess.CompletedProcess(arguments, 1, "", "form.js:1: no such thing\n")
        folder = Path(arguments[1])
        for name in frontend.PAGES:
            if name.endswith(".png"):
                continue
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name, encoding="utf-8")
        return subprocess.CompletedProcess(arguments, 0, "", "")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end of its own with the real lock; fonts and pages are still missing."""
    for name in ("package.json", "package-lock.json", "build.mjs"):
        (tmp_path / name).write_bytes((frontend.FRONTEND / name).read_bytes())
    (tmp_path / "src").mkdir()
    (tmp_path / "src/form.js").write_text("1", encoding="utf-8")
    monkeypatch.setattr(frontend, "FRONTEND", tmp_path)
    monkeypatch.setattr(frontend, "SHIPPED", tmp_path / "fonts")
    monkeypatch.setattr(frontend, "BUILT", tmp_path / "built")
    return tmp_path


def npm_put(monkeypatch: pytest.MonkeyPatch, **how: str) -> Npm:
    npm = Npm(frontend.FRONTEND / "node_modules", **how)
    monkeypatch.setattr(frontend, "npm", npm.npm)
    monkeypatch.setattr(frontend, "node", npm.node)
    return npm


def test_fonts_and_pages_are_made_once(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = npm_put(monkeypatch)
    assert frontend.main() == 0
    fonts = place / "fonts"
    assert sorted(file.name for file in fonts.iterdir()) == [
        *("NotoSansSC-Bold.ttf", "NotoSansSC-LICENSE.txt", "NotoSansSC-Regular.ttf"),
        *("NotoSerifSC-Bold.ttf", "NotoSerifSC-LICENSE.txt", "NotoSerifSC-Regular.ttf"),
        "stamp",
    ]
    assert "700Bold/NotoSansSC_700Bold" in (fonts / "NotoSansSC-Bold.ttf").read_text("utf-8")
    assert list(npm.modules.rglob("*.ttf")) == []
    assert all((place / "built" / name).is_file() for name in frontend.PAGES)
    assert not (place / "built.new").exists()
    assert npm.asked == ["view", "ci", "build"]
    assert frontend.main() == 0
    assert npm.asked == ["view", "ci", "build"]
    assert capsys.readouterr().err.count("Fetching") == 1


def test_a_changed_page_is_built_without_fetching_anything(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = npm_put(monkeypatch)
    frontend.main()
    (place / "src/form.js").write_text("2", encoding="utf-8")
    frontend.main()
    assert npm.asked == ["view", "ci", "build", "build"]
    (place / "built/form.css").unlink()
    frontend.main()
    assert npm.asked == ["view", "ci", "build", "build", "build"]


def test_a_new_lock_fetches_packages_and_only_new_fonts_are_taken_anew(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = npm_put(monkeypatch)
    frontend.main()
    taken = (place / "fonts/stamp").stat().st_mtime_ns
    lock = json.loads((place / "package-lock.json").read_text(encoding="utf-8"))
    lock["packages"]["node_modules/dexie"]["integrity"] = "sha512-other"
    (place / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    frontend.main()
    assert npm.asked == ["view", "ci", "build"] * 2
    assert (place / "fonts/stamp").stat().st_mtime_ns == taken
    (place / "fonts/NotoSerifSC-Bold.ttf").unlink()
    frontend.main()
    assert npm.asked == [*["view", "ci", "build"] * 2, "view", "ci"]
    font = "node_modules/@expo-google-fonts/noto-sans-sc"
    lock["packages"][font]["integrity"] = "sha512-other"
    (place / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    assert not frontend.is_current(place / "fonts", frontend.fonts_stamp(), ())


@pytest.mark.parametrize("step", ["view", "ci"])
def test_without_a_registry_set_up_goes_on_and_says_what_is_missing(
    step: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm_put(monkeypatch, failing=step)
    assert frontend.main() == 0
    said = capsys.readouterr().err
    assert "Noto Serif SC and Noto Sans SC could not be fetched" in said
    assert "The recording page and the charts could not be built" in said
    assert "code ENOTFOUND; network request failed" in said
    assert "npm config set registry" in said
    assert not (place / "fonts").exists()
    assert not (place / "built").exists()


def test_a_failed_build_leaves_the_pages_that_were(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = npm_put(monkeypatch)
    frontend.main()
    (place / "src/form.js").write_text("(", encoding="utf-8")
    npm.failing = "build"
    assert frontend.main() == 1
    assert "form.js:1: no such thing" in capsys.readouterr().err
    assert (place / "built/form.js").is_file()


def test_an_interrupted_run_is_not_taken_for_a_finished_one(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm_put(monkeypatch, leaving_out="NotoSansSC_700Bold")
    with pytest.raises(FileNotFoundError):
        frontend.main()
    assert not frontend.is_current(place / "fonts", frontend.fonts_stamp(), ())


def test_npm_and_node_of_the_environment_run_without_node_on_the_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for done in (frontend.npm(["--version"]), frontend.node(["--version"])):
        assert done.returncode == 0, done.stderr
        assert re.fullmatch(r"v?\d+\.\d+\.\d+\n", done.stdout)


def test_npm_packages_are_pinned_and_the_lock_names_no_host() -> None:
    wanted = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    for group in ("dependencies", "devDependencies", "overrides"):
        for name, version in wanted[group].items():
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


def test_git_ignores_what_is_fetched_and_built() -> None:
    for path in (
        "src/taizhang/documents/fonts/NotoSerifSC-Bold.ttf",
        "frontend/node_modules/x",
        "src/taizhang/web/static/built/form.js",
        "src/taizhang/web/static/built.new/form.js",
    ):
        done = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False)
        assert done.returncode == 0, path


@pytest.mark.skipif(not (frontend.BUILT / "manifest.json").is_file(), reason="pages not built")
def test_built_pages_ask_nobody_outside_and_evaluate_no_text() -> None:
    for name in ("form.js", "record.js", "queue.js", "chart.js", "sw.js", "form.css"):
        text = (frontend.BUILT / name).read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function\(", text), name
        hosts = set(re.findall(r"https?://([\w.]+)", text))
        # Names of XML, and pages that messages of libraries point to: none is ever fetched.
        assert hosts <= {
            *("www.w3.org", "openrosa.org", "enketo.org", "www.opendatakit.org"),
            *("bit.ly", "tinyurl.com", "github.com", "dexie.org"),
        }, (name, hosts)


def test_the_icon_fills_its_square() -> None:
    drawn = frontend.icon(192)
    assert drawn.size == (192, 192)
    assert drawn.getpixel((0, 0)) == drawn.getpixel((191, 191)) == (0x14, 0x53, 0x2D)
    assert isinstance(drawn, Image.Image)
    assert (255, 255, 255) in [color for _, color in drawn.getcolors(100_000)]
