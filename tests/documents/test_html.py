"""The HTML: linked numbers, accessible structure, nothing from outside."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from taizhang.documents.render.html import to_fragment, to_html
from taizhang.documents.template.composition import compose
from taizhang.documents.tree import Document, Quoted
from tests.documents.ledger import Ledger, make, subject, template

LEDGER = Ledger(
    {"lectures": 48, "attendance": make("attendance", 1234, high=None, flags=("incomplete 2/3",))},
    by_unit={"lectures": [1, None, 3]},
)
BODY = (
    "讲座{{ fig('lectures') }}，{{ fig('attendance') }}，{{ fig('materials') }}，"
    "{{ blank('打算') }}\n\n"
    "# 甲\n\n## 乙\n\n表：讲座\n\n{{ table('lectures', by='unit') }}\n\n1. 一\n\n- 二\n\n"
    "{{ annex('附表') }}\n\n正文**重点**。"
)


@pytest.fixture(scope="module")
def document() -> Document:
    return compose(template(BODY, to="{{ unit.parent }}"), LEDGER, subject(), synthetic=True)


@pytest.fixture(scope="module")
def soup(document: Document) -> BeautifulSoup:
    return BeautifulSoup(to_html(document), "html.parser")


def test_each_number_links_to_its_row(document: Document, soup: BeautifulSoup) -> None:
    links = soup.select("a.number")
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    assert len(links) == 6 + 1 + len(document.numbers)
    for link in links:
        assert str(link["href"]).removeprefix("#") in ids
        number = document.numbers[int(str(link["href"])[2:]) - 1]
        data = link.find("data")
        assert (data.text if data else "") == (
            number.figure.shown() if number.figure.value is not None else ""
        )


def test_ids_are_unique(soup: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_the_web_may_lead_numbers_to_its_own_pages(document: Document) -> None:
    html = to_fragment(document, link=lambda figure: f"/figures/{figure.key}?a=1&b=2")
    links = BeautifulSoup(html, "html.parser").select("a.number")
    assert {str(link["href"]) for link in links} == {
        f"/figures/{number.figure.key}?a=1&b=2" for number in document.numbers
    }
    assert html.startswith("<main")


def test_nothing_is_fetched_from_outside(document: Document) -> None:
    html = to_html(document)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//|url\(|@import|<script|<link", html)
    assert "default-src 'none'" in html


def test_structure_is_there_for_readers_who_do_not_see(soup: BeautifulSoup) -> None:
    assert soup.html is not None
    assert soup.html["lang"] == "zh-Hans"
    assert soup.title is not None
    assert soup.title.text == "绿荫街道2025年健康教育工作总结"
    assert [tag.text for tag in soup.find_all("h2")] == ["一、甲"]
    assert [tag.text for tag in soup.find_all("h3")] == ["（一）乙"]
    for table in soup.find_all("table"):
        assert all(head["scope"] == "col" for head in table.thead.find_all("th"))
        assert all(row.th["scope"] == "row" for row in table.tbody.find_all("tr"))
    assert [caption.text for caption in soup.find_all("caption")] == ["表1　讲座"]
    for region in soup.select("[tabindex]"):
        assert region["aria-label"]


def test_gaps_and_synthetic_data_are_marked(soup: BeautifulSoup) -> None:
    assert [tag.text for tag in soup.select("mark.blank")] == [
        "【待填：打算】",
        "【待填：成文日期】",
    ]
    missing = [tag.text for tag in soup.select(".missing")]
    assert "【缺数：绿荫街道2025年没有报结，发放材料没有数字】" in missing
    assert "〔未报〕" in missing
    assert soup.select(".synthetic")[0].text == "演示数据（合成）"


def test_words_of_the_ledger_are_escaped() -> None:
    made = template("{% for row in records('f', 'title') %}{{ row.title }}{% endfor %}")
    evil = Ledger({}, latest=[{"title": Quoted("<script>alert('x')</script>&", "record:1")}])
    html = to_html(compose(made, evil, subject()))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_sentence_cannot_leave_its_attribute() -> None:
    figure = make("lectures", 3, sentence="「\"><img src=x onerror=alert('1')>」")
    html = to_html(
        compose(template("{{ fig('lectures') }}"), Ledger({"lectures": figure}), subject())
    )
    assert "<img" not in html


def test_warnings_are_shown_in_the_language_of_the_page(document: Document) -> None:
    long = compose(template("字" * 4001, limit="special"), LEDGER, subject())
    html = to_html(long, translate=lambda text: f"译：{text}")
    assert "译：The text has" in html
    assert 'class="warnings"' not in to_html(document)
