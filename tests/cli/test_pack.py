"""``taizhang pack``: an author makes, checks, tests and installs a pack."""

import json
from pathlib import Path

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.fixture
def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    code, _, err = run(capsys, "pack", "new", "sorting", "--into", tmp_path)
    assert (code, err) == (0, "")
    return tmp_path / "sorting"


def test_a_new_pack_passes_its_check_and_test(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "pack", "check", made)[::2] == (0, "")
    code, out, err = run(capsys, "pack", "test", made, "--format", "json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["issues"] == []
    assert answer["tests"][0]["compared"] > 20


def test_every_fault_is_printed_with_exit_1(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made / "norms.yaml").write_text("norms: {activities: {lable: 活动}}\n", encoding="utf-8")
    form = made / "forms" / "activity.md"
    form.write_text(
        form.read_text(encoding="utf-8").replace("参加人次", "居民姓名"), encoding="utf-8"
    )
    code, out, err = run(capsys, "pack", "check", made, "--format", "json")
    assert code == 1
    codes = [line.split(" ")[0] for line in err.splitlines()]
    assert {"PACK_006", "PACK_007", "LAWFUL_012"} <= set(codes)
    shown = json.loads(out)["issues"]
    assert [issue["code"] for issue in shown] == codes
    assert set(shown[0]) == {
        "code", "file", "line", "sheet", "row", "column", "level", "sentence", "remedy",
    }  # fmt: skip
    assert run(capsys, "pack", "test", made)[0] == 1


def test_a_wrong_expectation_is_printed_with_exit_1(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = made / "tests" / "year.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("value: 240", "value: 241"), "utf-8")
    code, _, err = run(capsys, "pack", "test", made)
    assert code == 1
    assert "241" in err
    assert "240" in err


def test_install_puts_a_pack_in_force_once(
    made: Path, instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", instance.path)
    code, _, err = run(capsys, "pack", "install", made, *home)
    assert code == 1
    assert "RULE_033" in err
    code, out, _ = run(capsys, "pack", "install", "common", *home)  # a shipped one by its key
    assert (code, "0001" in out) == (0, False)
    code, out, err = run(capsys, "pack", "install", made, *home, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["changed"] is True
    code, out, _ = run(capsys, "pack", "install", made, *home, "--format", "json")
    assert (code, json.loads(out)["changed"]) == (0, False)


def test_install_refuses_a_faulty_pack_with_all_its_faults(
    made: Path, instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / "calendar.yaml").write_text("days: [{key: a, lable: 甲}]\n", encoding="utf-8")
    code, _, err = run(capsys, "pack", "install", made, "--home", instance.path)
    assert code == 1
    codes = [line.split(" ")[0] for line in err.splitlines()]
    assert codes == ["PACK_006", "PACK_007", "RULE_025", "RULE_027"]  # files and rules at once


def test_the_shipped_packs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "pack", "list", "--format", "json")
    assert (code, err) == (0, "")
    packs = {pack["key"]: pack for pack in json.loads(out)["packs"]}
    assert packs["health_education"]["uses"] == ["common"]
    assert packs["common"]["measures"] > 5
    assert "common" in run(capsys, "pack", "list")[1]


def test_a_new_pack_says_that_it_is_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "垃圾分类" in run(capsys, "pack", "new", "sorting", "--into", tmp_path)[1]


def test_a_rule_that_cannot_be_read_is_no_false_sum(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rubric = made / "rubric.yaml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace("kind: proportional", "kind: proportion"), encoding="utf-8")
    code, _, err = run(capsys, "pack", "check", made)
    assert code == 1
    assert [line.split(" ")[0] for line in err.splitlines()] == ["PACK_008"]
