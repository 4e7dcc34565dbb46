"""Forms of other offices on pages: kept, mapped, filled, frozen, opened to their sources."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.core.base.period import parse_period
from tests.documents.workbook import templates
from tests.web.assess.furnish import NOW, refused, user
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND

pytestmark = pytest.mark.usefixtures("office")


def kept(**given: Any) -> Any:
    from taizhang.web.office.workbook.actions import FormMarks, form_keep

    marks = FormMarks(title="社区健康教育月报表", asked_by="区卫健委")
    told = {"unit": FIRST, "marks": marks, "name": "月报.xlsx", "content": templates.plain()}
    return form_keep(**{**told, "acting_user": user("recorder"), "now": NOW, **given})


def mapped(form: Any, text: str) -> Any:
    from taizhang.web.office.workbook.actions import form_map

    by = {"acting_user": user("recorder"), "now": NOW}
    form.refresh_from_db()
    return form_map(number=form.pk, edition=form.edition, text=text, **by)


def fill(form: Any, unit: str = FIRST, period: str = "2025-03", who: str = "recorder") -> Any:
    from taizhang.web.office.workbook.actions import form_fill

    about = {"number": form.pk, "unit": unit, "period": parse_period(period)}
    return form_fill(**about, acting_user=user(who), now=NOW)[0]


def test_a_template_is_kept_sealed_and_mapped_by_its_labels() -> None:
    from taizhang.web.office.models import OutsideForm
    from taizhang.web.office.text_seal import unseal
    from taizhang.web.office.workbook.present import cells_of

    form = OutsideForm.objects.get(pk=kept().pk)
    assert templates.plain()[:200] not in bytes(form.content)
    assert unseal(bytes(form.content), form.digest) == templates.plain()
    cells = {cell.cell: (cell.kind.value, cell.name) for cell in cells_of(form)}
    assert cells["B2"] == ("text", "{unit}")
    assert cells["B3"] == ("figure", "health_education.lectures")
    assert cells["B5"] == ("date", "end")


def test_a_filled_form_is_frozen_with_the_sources_of_each_cell() -> None:
    from taizhang.web.office.models import FilledForm
    from taizhang.web.office.text_seal import unseal

    form = kept()
    first = fill(form, period="2025")
    again = fill(form, period="2025")
    assert [first.number, again.number] == [1, 2]
    filled = FilledForm.objects.get(pk=first.pk)
    book = unseal(bytes(filled.content), filled.digest)
    sheet = openpyxl.load_workbook(io.BytesIO(book))["表1"]
    sources = {row["cell"]: row for row in json.loads(filled.sources)}
    assert sheet["B3"].value == int(sources["B3"]["text"]) > 0
    assert sources["B3"]["key"] == "health_education.lectures"
    assert sources["B3"]["records"] > 0
    assert filled.cells + filled.left == len(sources)


def test_the_page_leads_from_the_file_to_the_filled_book() -> None:
    browser = signed_in(user("recorder").username)
    sent = SimpleUploadedFile("月报.xlsx", templates.plain())
    about = {"unit": FIRST, "title": "健康教育月报", "asked_by": "区卫健委"}
    address = browser.post("/outside-forms/new", {**about, "file": sent}).headers["Location"]
    page = soup(browser.get(address))
    assert page.select_one("input[list=figures]")["value"] == "health_education.lectures"
    edition = page.select_one("input[name=edition]")["value"]
    at = page.select_one("input[list=figures]")["name"]
    chosen = {"edition": edition, at: "health_education.attendance"}
    assert browser.post(f"{address}map", chosen).status_code == 302
    late = browser.post(f"{address}map", chosen)
    assert late.status_code == 422
    assert soup(late, 422).select_one("[role=alert]") is not None
    done = browser.post(f"{address}fill", {"period": "2025"}).headers["Location"]
    shown = soup(browser.get(done))
    link = next(a for a in shown.select("table a") if "attendance" in a["href"])
    assert browser.get(link["href"]).status_code == 200
    book = browser.get(f"{done.rstrip('/')}.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(book.content))["表1"]["B3"].value is not None
    assert browser.get(f"{done.rstrip('/')}.csv").status_code == 200
    assert browser.get(f"{done.rstrip('/')}.xlsm").status_code == 404
    assert "健康教育月报" in words(soup(browser.get(f"/outside-forms/?unit={FIRST}")))


def test_what_is_no_workbook_is_refused_in_words_and_not_kept() -> None:
    from taizhang.web.office.models import OutsideForm

    browser = signed_in(user("recorder").username)
    sent = SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99))
    answer = browser.post("/outside-forms/new", {"unit": FIRST, "title": "表", "file": sent})
    assert answer.status_code == 422
    assert ".xls" in words(soup(answer, 422))
    assert not OutsideForm.objects.exists()


def test_a_mapping_reads_no_unit_that_the_person_may_not() -> None:
    form = kept()
    mapped(form, f'sheets:\n  表1:\n    B2: {{text: "{{unit}}", unit: "{SECOND}"}}\n')
    assert refused(lambda: fill(form)) == ["ACCESS_001"]
    assert fill(form, who="officer").cells == 1


def test_a_form_of_the_district_is_filled_by_those_below_and_changed_by_none_of_them() -> None:
    form = kept(unit=DISTRICT, acting_user=user("officer"))
    assert fill(form).unit == FIRST
    browser = signed_in(user("recorder").username)
    address = f"/outside-forms/{FIRST}/{form.pk}/"
    assert browser.get(address).status_code == 200
    assert browser.post(f"{address}map", {"edition": "0", "mapping": "sheets: {}"}).status_code in (
        403,
        404,
        422,
    )
    form.refresh_from_db()
    assert form.edition == 0


def test_filled_cells_count_beside_burden_once_for_a_month() -> None:
    from taizhang.web.plans.beside import filled_cells

    form = kept()
    cells = fill(form).cells
    fill(form)
    assert filled_cells([FIRST], parse_period("2025Q1")) == cells
    assert filled_cells([FIRST], parse_period("2025Q2")) == 0
    assert filled_cells([SECOND], parse_period("2025Q1")) == 0


def test_a_form_without_its_marks_or_past_its_time_may_be_refused() -> None:
    from datetime import date

    from taizhang.web.office.workbook.actions import FormMarks, form_describe
    from taizhang.web.office.workbook.present import refusable

    form = kept()
    today = date(2026, 3, 1)
    assert refusable(form, today)
    whole = FormMarks(
        title="表", asked_by="区卫健委", approval="1号", expires_on=date(2026, 12, 31)
    )
    by = {"acting_user": user("recorder"), "now": NOW}
    form = form_describe(number=form.pk, marks=whole, **by)
    assert refusable(form, today) == ""
    assert refusable(form, date(2027, 1, 1))


def test_a_form_needs_a_name_and_a_sealed_book_that_was_changed_is_told() -> None:
    from taizhang.web.office.models import FilledForm, OutsideForm
    from taizhang.web.office.text_seal import SealedTexts
    from taizhang.web.office.workbook.actions import FormMarks, form_drop

    assert refused(lambda: kept(marks=FormMarks(title=" "), name="", content=b"")) == ["OFFICE_016"]
    form = kept()
    filled = fill(form)
    assert list(SealedTexts().issues(lambda: None)) == []
    OutsideForm.objects.filter(pk=form.pk).update(content=b"x" * 40)
    FilledForm.objects.filter(pk=filled.pk).update(content=b"x" * 40)
    told = [issue.code.name for issue in SealedTexts().issues(lambda: None)]
    assert told == ["OFFICE_018", "OFFICE_018"]
    by = {"acting_user": user("recorder"), "now": NOW}
    form_drop(number=form.pk, **by)
    assert refused(lambda: form_drop(number=form.pk, **by)) == ["OFFICE_015"]
