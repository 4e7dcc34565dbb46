"""``taizhang write``: from records in a file to a document, and back to the figures."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn

from taizhang.cli import main
from taizhang.core.base.period import parse_period
from taizhang.documents.format import format_number
from taizhang.documents.write import write
from taizhang.web.instance.paths import Home
from tools.issues_page import PACKAGE

SHARED = Path(__file__).resolve().parent.parent / "errors" / "shared"
STREET, COMMUNITY = "360602001000", "360602001001"


def lecture(number: int, month: int, people: int | None) -> str:
    day = f"2025-{month:02d}-15"
    answers = {"held": "yes", "held_on": day, "topic": "tb", "audience": "residents"}
    return json.dumps(
        {
            "id": f"w{number}",
            "form": "health_education.lecture",
            "unit": COMMUNITY,
            "date": day,
            "answers": {**answers, **({} if people is None else {"people": people})},
        }
    )


@pytest.fixture
def ledger(instance: Home, tmp_path: Path) -> Home:
    records = tmp_path / "records.jsonl"
    records.write_text("\n".join([lecture(1, 3, 40), lecture(2, 5, 60), lecture(3, 7, None)]))
    home = ["--home", str(instance.path)]
    for command in (
        ["units", "import", str(SHARED / "units.csv")],
        ["pack", "install", str(PACKAGE / "packs" / "common")],
        ["pack", "install", str(PACKAGE / "packs" / "health_education")],
        ["records", "import", str(records)],
    ):
        assert main([*command, *home]) == 0
    return instance


def run(home: Home, *arguments: str) -> int:
    return main(["write", *arguments, "--home", str(home.path)])


def test_a_document_is_written_from_records_in_every_form(
    ledger: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # One test, because making the ledger is what takes its time.
    _docx_holds_the_figures(ledger, tmp_path / "s.docx")
    capsys.readouterr()
    for ending in ("html", "xlsx"):
        _tells_what_is_left_to_do(ledger, tmp_path / f"s.{ending}", capsys)
    _as_of_knows_only_what_was_known(ledger, tmp_path / "past.html")
    _a_bare_key_means_the_pack_installed_first(ledger, tmp_path / "law.html", capsys)
    path = tmp_path / "none.docx"
    assert run(ledger, "year_summary", "--unit", "1", "--period", "2025", "-o", str(path)) == 1
    assert not path.exists()


def _docx_holds_the_figures(ledger: Home, path: Path) -> None:
    from django.utils import timezone

    from taizhang.web.ledger.open_book import open_book

    assert run(ledger, "year_summary", "--unit", STREET, "--period", "2025", "-o", str(path)) == 0
    package = open_docx(BytesIO(path.read_bytes()))
    book = open_book(now=timezone.now())
    document = write(book, "year_summary", STREET, parse_period("2025"))
    shown = {
        str(link.get(qn("w:anchor"))): "".join(text.text for text in link.iter(qn("w:t")))
        for link in package.element.body.iter(qn("w:hyperlink"))
        if str(link.get(qn("w:anchor"))).startswith("t")
    }
    compact = [replace(number, compact=True) for number in document.numbers]
    assert shown == {f"t{number.ref}": format_number(number).text for number in compact}
    values = {
        number.figure.key: format_number(number).text
        for number in document.numbers
        if number.figure.unit_code == STREET
    }
    assert values["health_education.lectures"] == "3次"
    assert values["health_education.attendance"] == "不少于100人次"


def _tells_what_is_left_to_do(ledger: Home, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("year_summary", "--unit", COMMUNITY, "--period", "2025", "-o", str(path))
    assert run(ledger, *arguments, "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == str(path)
    assert told["characters"] > 200
    assert told["numbers"] > 10
    assert "成文日期" in told["blanks"]
    assert "health_education.guided" in told["missing"]
    assert told["issues"] == []
    assert path.stat().st_size > 1000


def _as_of_knows_only_what_was_known(ledger: Home, path: Path) -> None:
    # The records were accepted later than that day.
    arguments = ("year_summary", "--unit", COMMUNITY, "--period", "2025", "-o", str(path))
    assert run(ledger, *arguments, "--as-of", "2025-06-30") == 0
    text = path.read_text(encoding="utf-8")
    assert "不少于3次" not in text
    assert "【缺数：" in text


def _a_bare_key_means_the_pack_installed_first(
    ledger: Home, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law = str(PACKAGE / "packs" / "law_outreach")
    assert main(["pack", "install", law, "--home", str(ledger.path)]) == 0
    told = []
    options = ("--unit", COMMUNITY, "--period", "2025", "-o", str(path), "--format", "json")
    for named in (
        ("year_summary",),
        ("law_outreach.year_summary",),
        ("year_summary", "--pack", "law_outreach"),
    ):
        capsys.readouterr()
        assert run(ledger, *named, *options) == 0
        spoken = json.loads(capsys.readouterr().out)
        told.append((spoken["template"], spoken["others"]))
    of_law: tuple[str, list[str]] = ("law_outreach.year_summary", [])
    assert told == [
        ("health_education.year_summary", ["law_outreach.year_summary"]),
        of_law,
        of_law,
    ]
    assert run(ledger, "year_summary", *options[:-2]) == 0
    assert "law_outreach.year_summary" in capsys.readouterr().out
    assert run(ledger, "year_summary", "--pack", "no_such", *options) == 1
    assert "health_education.year_summary" in capsys.readouterr().err


def test_a_wrong_period_is_wrong_usage(instance: Home, tmp_path: Path) -> None:
    path = str(tmp_path / "s.docx")
    assert run(instance, "year_summary", "--unit", STREET, "--period", "2025H3", "-o", path) == 2
