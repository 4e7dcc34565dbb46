"""The frame of the command line: usage, languages, formats, issues, speed."""

import argparse
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from taizhang.cli import GROUPS, main, output, parser_make
from taizhang.cli.records import _answer_said
from taizhang.core.base.issue import Code, Issue, Level
from taizhang.web.instance.paths import Home


def test_every_file_of_commands_is_named_in_the_list() -> None:
    """A file that registers commands and stands in no list would be skipped in silence."""
    import taizhang.cli

    folder = Path(taizhang.cli.__file__).parent
    registering = {
        path.stem for path in folder.glob("*.py") if "def register(" in path.read_text("utf-8")
    }
    assert registering == set(GROUPS)
    assert len(GROUPS) == len(set(GROUPS))


def commands(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    inner = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                inner += commands(below)
    return inner or [parser]


def test_every_command_has_a_handler_a_format_and_a_sentence() -> None:
    for command in commands(parser_make()):
        assert callable(command.get_default("run")), command.prog
        assert command.get_default("format") == "table", command.prog
        assert command.description, command.prog


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from taizhang.cli import main; main(['--help']); "
        "print([m for m in ('django', 'duckdb', 'ibis', 'polars', 'typst') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert shown.splitlines()[-1] == "[]"


def test_a_command_loads_only_what_it_needs(instance: Home) -> None:
    home = str(instance.path)
    libraries = ("ibis", "duckdb", "pyarrow", "polars", "pyxform", "jinja2", "lark", "ruamel")
    libraries += ("typst", "docx", "lxml", "xlsxwriter", "openpyxl", "markdown_it", "opencc")
    for command in (["units", "list"], ["people", "list"], ["audit", "verify"]):
        code = (
            f"import sys; from taizhang.cli import main; main({[*command, '--home', home]}); "
            f"print([m for m in {libraries} if m in sys.modules])"
        )
        shown = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True
        ).stdout
        assert shown.splitlines()[-1] == "[]", command


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["units", "list", "--help"], 0),
        ([], 2),
        (["units"], 2),
        (["no-such-command"], 2),
        (["units", "list", "--format", "xml"], 2),
        (["units", "list", "--day", "2026-02-30"], 2),
        (["init"], 2),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], status: int) -> None:
    assert main(arguments) == status


def test_issues_go_to_standard_error_and_as_json_to_standard_output(
    instance: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_LANGUAGE", "en")
    ask = ["units", "show", "360602009999", "--home", str(instance.path)]
    assert main(ask) == 1
    shown = capsys.readouterr()
    line = (
        "UNITASK_001 -: Error: No unit has ever had the code '360602009999'. "
        "List the codes with taizhang units list.\n"
    )
    assert (shown.out, shown.err) == ("", line)
    assert main([*ask, "--format", "json"]) == 1
    shown = capsys.readouterr()
    assert shown.err == line
    (issue,) = json.loads(shown.out)["issues"]
    keys = ["code", "file", "line", "sheet", "row", "column", "level", "sentence", "remedy"]
    assert list(issue) == keys
    assert issue["code"] == "UNITASK_001"


def test_a_table_keeps_its_columns_under_full_width_characters() -> None:
    table = output.aligned(["代码", "name"], [["1", "江边街道"], ["22", "a"], ["", "é"]])
    assert table == "代码  name\n----  --------\n   1  江边街道\n  22  a\n      é\n"
    assert output.width("江边a") == 5
    assert output.width("é") == 1


def test_rows_are_printed_in_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"a": "甲,乙", "b": Fraction(3, 2), "c": ["x", "y"]}, {"a": None, "b": Fraction(2)}]
    columns = {"a": "A", "b": "B", "c": "C"}
    output.show("csv", columns, rows)
    assert capsys.readouterr().out == 'a,b,c\n"甲,乙",1.5,x y\n,2,\n'
    output.show("json", columns, rows)
    assert json.loads(capsys.readouterr().out) == [
        {"a": "甲,乙", "b": 1.5, "c": ["x", "y"]},
        {"a": None, "b": 2},
    ]
    output.show("json", columns, rows, {"rows": 2})
    assert json.loads(capsys.readouterr().out) == {"rows": 2}


def test_a_reader_that_goes_away_is_no_traceback(instance: Home) -> None:
    command = f"{sys.executable} -m taizhang.cli units list --home {instance.path} | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_the_language_is_that_of_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = {}
    for language in ("en", "zh-hans", ""):
        monkeypatch.setenv("TAIZHANG_LANGUAGE", language)
        assert main(["audit", "head", "--home", str(tmp_path)]) == 1
        shown[language] = capsys.readouterr().err
    assert f"There is no instance in '{tmp_path}'." in shown["en"]
    assert shown["zh-hans"] == shown[""] != shown["en"]


@pytest.mark.parametrize(
    ("answer", "wording"),
    [
        ({"kind": "at_least", "low": 3, "high": None}, "至少3"),
        ({"kind": "at_most", "low": 0, "high": 500}, "至多500"),
        ({"kind": "between", "low": 200, "high": 999}, "200至999"),
        ({"kind": "about", "low": 40, "high": 40}, "约40"),
        ({"kind": "missing", "low": None, "high": None}, "不知道"),
        ([{"batch": "A", "n": {"kind": "at_least", "low": 3}}], "batch = A, n = 至少3"),
        (None, "—"),
        (12, "12"),
    ],
)  # fmt: skip
def test_numbers_that_are_not_exact_are_said_in_words(
    answer: object, wording: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAIZHANG_LANGUAGE", raising=False)
    assert _answer_said(answer) == wording


def test_errors_stand_before_warnings_and_both_are_marked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Told(Code):
        TOLD_001 = ("%(what)s.", "Mend it.")

    warning = Issue(Told.TOLD_001, facts={"what": "late"}, level=Level.WARNING)
    error = Issue(Told.TOLD_001, facts={"what": "wrong"})
    monkeypatch.delenv("TAIZHANG_LANGUAGE", raising=False)
    output.warn([warning, error, warning])
    assert capsys.readouterr().err.splitlines() == [
        "TOLD_001 -: 错误：wrong. Mend it.",
        "TOLD_001 -: 提醒：late. Mend it.",
        "TOLD_001 -: 提醒：late. Mend it.",
    ]
    monkeypatch.setenv("TAIZHANG_LANGUAGE", "en")
    output.warn([warning])
    assert capsys.readouterr().err == "TOLD_001 -: Warning: late. Mend it.\n"


def test_csv_that_leaves_the_process_is_for_spreadsheets(tmp_path: Path, instance: Home) -> None:
    """A byte order mark, no formulas; and `units import` reads back what `units list` wrote."""
    head = "code,name,level,kind,parent,valid_from,valid_to"
    (tmp_path / "u.csv").write_text(f"{head}\n360602000000,=1+1,district,市辖区,,,\n")
    assert main(["units", "import", str(tmp_path / "u.csv"), "--home", str(instance.path)]) == 0
    command = ["units", "list", "--format", "csv", "--home", str(instance.path)]
    done = subprocess.run(
        [sys.executable, "-m", "taizhang.cli", *command], capture_output=True, check=True
    )
    assert done.stdout.startswith(f"\ufeff{head}\n360602000000,'=1+1,".encode())
    (tmp_path / "again.csv").write_bytes(done.stdout)
    again = ["units", "import", str(tmp_path / "again.csv"), "--home", str(instance.path)]
    assert main([*again, "--format", "json"]) == 0


def test_numbers_stay_numbers_in_csv(capsys: pytest.CaptureFixture[str]) -> None:
    output.show("csv", {"a": "A", "b": "B"}, [{"a": Fraction(-3), "b": "-3"}])
    assert capsys.readouterr().out == "a,b\n-3,'-3\n"
