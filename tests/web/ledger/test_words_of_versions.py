"""Old records keep the words and columns of the version that they were filled in with."""

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from docx import Document

from taizhang.core.base.period import parse_period
from taizhang.core.indicator import Question, figures
from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in, soup, words
from tests.web.ledger.furnish import FIRST, NOW, furnish, pack_files
from tests.web.ledger.test_records_pages import accept, listed

SPEAKER = "| | select_one speaker | speaker | 主讲人 |  |  | activity |\n"
NURSE = "| | speaker | nurse | 护士 |\n| | speaker | doctor | 医生 |\n"
TB = "| | topic | tb | 结核病防治 |\n"


def version(number: str, form_version: str, *, speaker: bool, tb: bool) -> dict[str, bytes]:
    """Give a version of the trial pack whose lecture has these words."""
    files = pack_files()
    form = files["forms/lecture.md"].decode()
    if speaker:
        form = form.replace("| | integer | people", f"{SPEAKER}| | integer | people")
        form = form.replace("| | material | fold", f"{NURSE}| | material | fold")
    if not tb:
        form = form.replace(TB, "")
    form = form.replace("| lecture | 1 |", f"| lecture | {form_version} |")
    files["forms/lecture.md"] = form.encode()
    files["pack.yaml"] = files["pack.yaml"].replace(b"1.0.0", number.encode())
    return {name: content for name, content in files.items() if not name.startswith("tests/")}


@pytest.fixture
def old(instance: Home) -> Any:
    """This fixture will record under a first version, drop a choice and then a question."""
    from taizhang.web.programmes.actions import pack_install

    owner = furnish(version("1.0.0", "1", speaker=True, tb=True))
    accept(owner, id="old", answers={"speaker": "nurse"})
    for number, form_version, speaker, day in (
        ("1.1.0", "2", True, date(2026, 7, 8)),
        ("1.2.0", "3", False, date(2026, 7, 9)),
    ):
        files = version(number, form_version, speaker=speaker, tb=False)
        pack_install(source=files, in_force_from=day, acting_user=owner, now=NOW)
    accept(owner, id="new", date=date(2026, 7, 9), answers={"topic": "law"})
    return owner


@pytest.fixture
def li(old: Any) -> Client:
    """This fixture will sign in a recorder of the unit."""
    person("li", "recorder", FIRST)
    return signed_in("li")


def test_an_export_has_the_columns_of_all_versions_and_their_words(li: Client) -> None:
    given = li.get("/records/?as=csv&form=trial.lecture").content.decode("utf-8-sig")
    rows = {row["记录"]: row for row in csv.DictReader(io.StringIO(given))}
    assert list(rows["old"])[-5:] == ["是否举办", "举办日期", "主题", "到场人次", "主讲人（旧版）"]
    assert (rows["old"]["主题"], rows["old"]["主讲人（旧版）"]) == ("结核病防治", "护士")
    assert (rows["new"]["主题"], rows["new"]["主讲人（旧版）"]) == ("健康相关法律法规", "")
    book = openpyxl.load_workbook(
        io.BytesIO(li.get("/records/?as=xlsx&form=trial.lecture").content)
    )
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]
    assert cells[0][-1] == "主讲人（旧版）"
    assert [row[-1] for row in cells[1:]] == [None, "护士"]


def test_a_search_by_words_that_are_gone_finds_what_was_called_so(li: Client) -> None:
    assert listed(li, "q=结核") == ["old"]
    assert listed(li, "q=护士") == ["old"]
    assert sorted(listed(li, "q=讲座")) == ["new", "old"]


def test_page_and_archive_speak_the_words_of_the_record(li: Client) -> None:
    page = words(soup(li.get("/records/old/")))
    assert "主题 结核病防治" in page
    assert "主讲人 护士" in page
    assert "tb" not in page
    kept = li.get("/archive/old/?as=docx")
    cells = [
        cell.text
        for table in Document(io.BytesIO(kept.content)).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert {"结核病防治", "主讲人", "护士"} <= set(cells)
    assert not {"tb", "nurse", "speaker"} & set(cells)


def test_a_figure_is_split_by_the_last_word_that_an_answer_had(old: Any) -> None:
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=NOW)
    asked = {"units": (FIRST,), "period": parse_period("2026")}
    split = figures(book, Question(indicators=("lectures",), by="topic", **asked))  # type: ignore[arg-type]
    assert [figure.bucket_label for figure in split if figure.bucket] == [
        "健康相关法律法规",
        "结核病防治",
    ]
    old_words = figures(book, Question(indicators=("lectures[topic == 'tb']",), **asked))[0]  # type: ignore[arg-type]
    assert (old_words.value, "结核病防治" in old_words.sentence) == (1, True)


def test_a_correction_is_made_in_the_form_of_the_record(li: Client, old: Any) -> None:
    from taizhang.web.ledger.phone.xform_html import is_built

    page = soup(li.get("/record/correct/old/"))
    island = page.select_one("#correction")
    if is_built():
        assert island is not None
        assert json.loads(island.text)["version"] == "1.0.0"
        form = li.get("/record/forms/trial.lecture.json?version=1.0.0").json()
        assert (form["version"], "主讲人" in form["html"]) == ("1", True)
        assert li.get("/record/forms/trial.lecture.json").json()["version"] == "3"
        assert li.get("/record/forms/trial.lecture.json?version=9").status_code == 404
    done = accept(
        old,
        id="corrected",
        replaces="old",
        reason="核对",
        pack_version="1.0.0",
        answers={"speaker": "doctor"},
    )
    page_words = words(soup(li.get(f"/records/{done}/")))
    assert "医生" in page_words
    assert "护士" in page_words
