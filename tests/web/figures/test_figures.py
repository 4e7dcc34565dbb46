"""Pages of figures: drawn, split, taken along, and kept small for outsiders."""

import csv
import io
import json
from fractions import Fraction

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client

from taizhang.web.base.export import ShownNumber, to_csv, to_xlsx
from taizhang.web.figures.present import shown
from tests.documents.ledger import make
from tests.web.browsing import person, signed_in, soup, words

DISTRICT, STREET, COMMUNITY, OTHER = (
    "360602000000",
    "360602001000",
    "360602001001",
    "360602002000",
)
ATTENDANCE = "health_education.attendance"
pytestmark = pytest.mark.usefixtures("district")


def options(page: object, number: int) -> dict[str, object]:
    """Give what a chart is drawn from."""
    return json.loads(page.find(id=f"chart-{number}").string)  # type: ignore[attr-defined]


def test_a_chart_draws_the_numbers_of_its_table(browser: Client) -> None:
    page = soup(browser.get(f"/figures/?unit={STREET}&period=2026&key={ATTENDANCE}"))
    units = options(page, 1)
    assert units["xAxis"]["data"] == ["公园社区", "林荫社区"]
    table = page.select("section[aria-labelledby=split-1] tbody tr")
    assert [row.th.get_text(strip=True) for row in table] == units["xAxis"]["data"]
    assert units["series"][0]["data"][0] == 52
    assert table[0].td.get_text(" ", strip=True).startswith("52")
    # The other community has closed nothing: its place stays empty, never 0.
    assert units["series"][0]["data"][1] is None
    months = options(page, 2)["series"][0]["data"]
    assert months[4] == 52
    assert months[0] is None


def test_a_figure_is_split_by_a_dimension_in_the_words_of_its_form(browser: Client) -> None:
    page = soup(browser.get(f"/figures/?unit={COMMUNITY}&period=2026&key={ATTENDANCE}&by=audience"))
    section = page.select("section[aria-labelledby^=split-]")[-1]
    assert "对象" in section.h2.get_text()
    assert [row.th.get_text(strip=True) for row in section.select("tbody tr")] == ["老年人"]
    tabs = {link.get_text(): link.get("aria-current") for link in page.select(".tabs a")}
    assert tabs == {"对象": "true", "主题": None}


def test_what_the_ledger_knew_earlier_and_another_tree_can_be_asked(browser: Client) -> None:
    address = f"/figures/?unit={STREET}&period=2026&key={ATTENDANCE}"
    page = soup(browser.get(f"{address}&as_of=2026-05-31&tree=2026-01-31"))
    assert "2026-05-31" in page.select_one("p.note").get_text()
    assert "—" in page.select_one("p.value").get_text()
    further = page.select_one("section[aria-labelledby=split-1] tbody a")["href"]
    assert "as_of=2026-05-31" in further
    assert "52" in soup(browser.get(address)).select_one("p.value").get_text()


def test_small_numbers_of_other_units_are_kept_back() -> None:
    person("sun", "recorder", OTHER)
    outside, inside = signed_in("sun"), signed_in("zhou")
    address = f"/figures/?unit={COMMUNITY}&period=2026&key=health_education.lectures"
    page = soup(outside.get(address))
    assert "不是您所辖" in page.select_one("p.note").get_text()
    assert "不是您所辖" not in words(soup(inside.get(address)))
    # The books that are kept for insiders are never given to outsiders.
    assert "不是您所辖" in words(soup(outside.get(address)))
    figure = soup(outside.get(f"/figure/?unit={COMMUNITY}&period=2026&key={ATTENDANCE}"))
    assert not figure.select("section[aria-labelledby=records] tbody a")


def test_figures_can_be_taken_along(browser: Client) -> None:
    address = f"/figures/?unit={STREET}&period=2026&pack=health_education&as="
    rows = list(
        csv.DictReader(io.StringIO(browser.get(f"{address}csv").content.decode("utf-8-sig")))
    )
    found = {(row["单位代码"], row["标识"]): row for row in rows}
    assert found[COMMUNITY, ATTENDANCE]["数值"] == "52"
    assert found[STREET, ATTENDANCE]["说明"]
    assert {row["单位代码"] for row in rows} == {STREET, COMMUNITY, "360602001002"}
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address}xlsx").content)).active
    cells = {(row[0], row[2]): row[5] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert cells[COMMUNITY, ATTENDANCE] == 52


def test_a_number_is_exact_in_a_sheet_and_shown_as_on_a_page() -> None:
    rows = [[ShownNumber(Fraction(200, 3), 1)], [ShownNumber(Fraction(100), 0)]]
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx("数字", ["数值"], rows))).active
    assert sheet["A2"].value == pytest.approx(200 / 3)
    assert (sheet["A2"].number_format, sheet["A3"].number_format) == ("0.0", "0")
    assert b"66.66666667" in to_csv(["数值"], rows)


def test_a_table_says_how_many_units_reach_it() -> None:
    rate = make("lecture_completion", 98, unit="percent", reach="12个村（社区）中10个达到")
    cells = BeautifulSoup(
        render_to_string("figures/cells.html", {"row": shown(rate)}), "html.parser"
    )
    assert words(cells) == "98% 12个村（社区）中10个达到"


@pytest.mark.parametrize(("verdict", "said"), [(True, "是"), (False, "否")])
def test_a_share_of_one_unit_is_yes_or_no(verdict: bool, said: str) -> None:
    share = make("lecture_completion", 100 * verdict, unit="percent", verdict=verdict)
    assert (
        words(
            BeautifulSoup(render_to_string("figures/value.html", {"figure": share}), "html.parser")
        )
        == said
    )


def test_documents_of_a_programme_stand_below_its_figures(browser: Client) -> None:
    page = soup(browser.get(f"/figures/?unit={STREET}&period=2026&pack=health_education"))
    links = [link["href"] for link in page.select("#documents ~ .list a")]
    assert links
    assert all("health_education." in link for link in links)
