"""The start page: what it shows, to whom, and how."""

import re

import pytest
from django.test import Client

from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in, soup, words

STREET, COMMUNITY = "360602001000", "360602001001"
LECTURES = f"/figure/?unit={STREET}&key=health_education.lectures&period=2026"


@pytest.mark.usefixtures("district")
def test_figures_lead_from_the_district_down_to_a_community(browser: Client) -> None:
    page = soup(browser.get("/figures/?period=2026"))
    assert "月湖区" in page.h1.get_text()
    rows = page.select("section[aria-labelledby=split-1] tbody th a")
    assert [link.get_text() for link in rows] == ["江边街道", "交通街道"]
    street = soup(browser.get(rows[0]["href"]))
    rows = street.select("section[aria-labelledby=split-1] tbody th a")
    assert [link.get_text() for link in rows] == ["公园社区", "林荫社区"]
    assert [link.get_text() for link in street.select(".trail a")] == ["月湖区"]
    community = soup(browser.get(rows[0]["href"]))
    assert [link.get_text() for link in community.select(".trail a")] == ["月湖区", "江边街道"]
    # What a unit was asked for by its own address leads to the same page.
    assert browser.get(f"/unit/{STREET}/?period=2026H1")["Location"] == (
        f"/figures/?unit={STREET}&period=2026H1"
    )


@pytest.mark.usefixtures("district")
def test_a_programme_shows_its_figures_of_the_chosen_period(browser: Client) -> None:
    address = f"/figures/?unit={COMMUNITY}&period=2026-05&pack=health_education"
    page = soup(browser.get(address))
    assert page.select_one("#period option[selected]")["value"] == "2026-05"
    # All figures come after the page, by an address that works without script too.
    later = page.select_one("section[hx-get]")
    assert later.noscript.a["href"] == later["hx-get"]
    whole = soup(browser.get(later["hx-get"]))
    rows = {
        row.th.get_text(strip=True): " ".join(row.td.get_text(" ").split())
        for row in whole.select("tbody tr")
    }
    assert rows["健康知识讲座"] == "1 次"
    assert rows["讲座受益人次"] == "52 人次"
    part = browser.get(later["hx-get"], headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    # Once worked out they stand in the page itself.
    again = soup(browser.get(address))
    assert not again.select("section[hx-get]")
    assert len(again.select("section[aria-labelledby=all] tbody tr")) == len(rows)


@pytest.mark.usefixtures("district")
def test_every_figure_of_a_unit_opens(browser: Client) -> None:
    links = []
    for pack in ("common", "health_education"):
        page = soup(browser.get(f"/figures/table/?unit={STREET}&period=2026H1&pack={pack}"))
        links += [link["href"] for link in page.select("tbody th a")]
    assert len(links) > 30
    for link in links:
        assert soup(browser.get(link)).select_one("p.sentence").get_text(strip=True)


@pytest.mark.usefixtures("district")
def test_a_figure_leads_to_the_records_behind_it(browser: Client) -> None:
    page = soup(browser.get(LECTURES))
    assert " ".join(page.select_one("p.value").get_text().split()) == "1 次"
    assert "江边街道" in page.select_one("p.sentence").get_text()
    links = page.select("section[aria-labelledby=records] tbody a")
    assert [link["href"] for link in links] == ["/records/lecture-2/"]
    headings = [heading.get_text(strip=True) for heading in page.find_all("h2")]
    assert len([one for one in headings if one]) == 3  # by unit, by month, records
    community = page.select_one("section[aria-labelledby=split-1] tbody a")
    assert COMMUNITY in community["href"]
    month = page.select("section[aria-labelledby=split-2] tbody a")
    assert len(month) == 12
    assert month[4]["href"].endswith("period=2026-05")

    record = soup(browser.get(links[0]["href"]))
    assert "血压怎么量 <b>&" in words(record)  # escaped: shown as it was typed
    assert "人次更正" in words(record)
    assert record.select_one("a[href='/records/lecture/1/']")  # what it corrects
    stated = record.select("section[aria-labelledby=stated] tbody tr")
    states = [row.td.find_next("td").get_text(strip=True) for row in stated]
    assert "52 人次" in states
    readers = record.select("section[aria-labelledby=stated] details a")
    said = {link.get_text(): link["href"] for link in readers}
    assert "举办健康知识讲座" in said  # the task of the plan
    assert "讲座完成率" in said
    assert "考核项" in words(record)
    for address in said.values():
        assert browser.get(address).status_code == 200, address
    older = soup(browser.get("/records/lecture/1/"))
    assert "40–60" in words(older)
    assert older.select_one("p.note a")["href"] == "/records/lecture-2/"


@pytest.mark.usefixtures("district")
def test_what_the_ledger_knew_earlier_can_be_asked(browser: Client) -> None:
    page = soup(browser.get(f"{LECTURES}&as_of=2026-05-31"))
    assert not page.select("section[aria-labelledby=records] tbody a")
    assert page.select_one("p.reason")


@pytest.mark.usefixtures("district")
def test_a_document_leads_from_each_number_to_its_figure(browser: Client) -> None:
    listing = soup(browser.get(f"/figures/?unit={STREET}&period=2026&pack=health_education"))
    links = {link.get_text(): link["href"] for link in listing.select("#documents ~ .list a")}
    assert {title: link.partition("?")[2] for title, link in links.items()} == {
        "健康教育工作半年小结": "period=2026H1",
        "健康教育工作自查报告": "period=2026",
        "健康教育工作计划": "period=2026",
        "健康教育工作总结": "period=2026",
    }
    for link in links.values():
        soup(browser.get(link))
    page = soup(browser.get(links["健康教育工作总结"]))
    numbers = [link["href"] for link in page.select("a.number")]
    assert numbers
    for address in set(numbers):
        assert address.startswith("/figure/?"), address
        soup(browser.get(address))
    style = browser.get(page.select("link[rel=stylesheet]")[-1]["href"])
    assert style.status_code == 200
    assert style["Content-Type"].startswith("text/css")
    assert ".taizhang-document" in style.content.decode()


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/figures/?unit=360602009000",
        "/figures/?unit=nonsense",
        "/figures/?pack=no_such_pack",
        "/figures/?pack=health_education&key=no_such_key",
        "/figures/?key=health_education.lectures&by=no_such_dimension",
        "/plan/?unit=360602009000",
        "/plan/?pack=no_such_pack",
        "/calendar/?month=2026-13",
        "/calendar/?month=10000-01",
        "/burden/?unit=nonsense",
        "/?period=2026-13",
        "/?period=lately",
        "/?as_of=2026-02-30",
        f"/figure/?unit={STREET}&key=no_such_thing",
        f"/figure/?unit={STREET}",
        "/figure/",
        "/records/unknown/",
        f"/document/{STREET}/no_such_template/",
    ],
)
def test_what_does_not_exist_is_not_found_and_says_so(browser: Client, address: str) -> None:
    page = soup(browser.get(address), 404)
    assert page.select_one("main a")["href"] == "/"
    assert "Http404" not in words(page)
    assert "Resolver404" not in words(page)


@pytest.mark.usefixtures("instance")
def test_an_empty_instance_says_how_to_begin() -> None:
    person("zhou", "officer")
    browser = signed_in("zhou")
    page = soup(browser.get("/"))
    assert "taizhang units import" in page.code.get_text()


@pytest.mark.usefixtures("instance")
def test_units_without_packs_say_what_comes_next() -> None:
    person("zhou", "officer")
    browser = signed_in("zhou")
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.units.actions import File, units_import
    from tests.web.desk.conftest import NOW, UNITS

    units = File(name="units.csv", data=UNITS.read_bytes())
    units_import(units=units, acting_user=user_named(None), now=NOW)
    soup(browser.get("/"))
    soup(browser.get("/plan/"))
    assert "taizhang pack install" in soup(browser.get("/burden/forms/")).code.get_text()


@pytest.mark.usefixtures("district")
def test_pages_are_read_only(browser: Client) -> None:
    for address in ("/", "/figures/", "/plan/", "/calendar/", "/burden/", "/records/", LECTURES):
        assert browser.post(address).status_code == 405


@pytest.mark.usefixtures("district")
def test_the_language_can_be_changed(browser: Client) -> None:
    # Chinese is not asked of the browser: it is the default for all.
    page = soup(browser.get("/", headers={"accept-language": "en-US"}))
    assert page.html["lang"] == "zh-Hans"
    button = page.select_one("form.language button")
    moved = browser.post("/language", {"language": button["value"], "next": LECTURES})
    assert moved.status_code == 302
    assert moved["Location"] == LECTURES
    page = soup(browser.get(LECTURES))
    assert page.html["lang"] == "en"
    assert "Records behind it" in words(page)
    away = browser.post("/language", {"language": "en", "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"


def test_every_flag_has_words() -> None:
    from taizhang.core.base.figure import Flag, FlagName
    from taizhang.web.figures.wording import flag_words

    for name in FlagName:
        assert flag_words(Flag(name, "3/4"))
    for text in ("incomplete 3/4", "of 3/4", "to_date 2026-05-01", "moved 2", "split 2"):
        flag = Flag.read(text)
        assert all(part in flag_words(flag) for part in flag.argument.split("/"))


# --- who may look ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("district")
def test_who_is_not_signed_in_is_asked_to_and_comes_back() -> None:
    client = Client(headers={"host": "localhost"})
    for address in ("/", "/figures/", "/plan/", "/records/lecture-2/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login?next=%2F")


def test_made_up_data_says_so_on_every_page(district: Home, browser: Client) -> None:
    from taizhang.web.accounts.models import Instance

    Instance.objects.update(synthetic=True)
    for address in ("/", "/figures/", LECTURES, "/records/lecture-2/", "/login"):
        assert soup(browser.get(address)).select_one("p.banner")
    assert soup(browser.get("/nowhere/"), 404).select_one("p.banner")


def test_a_fault_is_a_page_without_inner_things(
    district: Home, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.figures import queries

    def fail(*args: object) -> None:
        raise ZeroDivisionError("inner thing")

    monkeypatch.setattr(queries, "figure_of", fail)
    page = soup(browser.get(LECTURES), 500)
    assert "inner thing" not in words(page)


def test_a_host_that_nobody_named_is_refused(district: Home) -> None:
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400


@pytest.mark.usefixtures("district")
def test_whether_it_is_ready_may_be_asked_from_anywhere() -> None:
    client = Client(headers={"host": "localhost"}, REMOTE_ADDR="203.0.113.9")
    assert client.get("/healthz").content == b"ok\n"


def test_views_query_no_models() -> None:
    """Rows are reached through queries and access alone, where permission is asked."""
    from pathlib import Path

    import taizhang.web

    views = Path(taizhang.web.__file__).parent.rglob("views*.py")
    assert [str(view) for view in views if ".objects" in view.read_text(encoding="utf-8")] == []


def test_colours_can_be_read_by_weak_eyes() -> None:
    """WCAG AA: text 4.5 : 1 against every ground it stands on."""
    from pathlib import Path

    import taizhang.web

    css = Path(taizhang.web.__file__).parent / "static" / "web" / "base.css"
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", css.read_text(encoding="utf-8")))

    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (
            one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    pairs = [
        (ink, ground) for ink in ("ink", "soft", "link", "warn") for ground in ("ground", "sheet")
    ]
    for ink, ground in [*pairs, ("mark-ink", "mark")]:
        dark, bright = sorted((light(found[ink]), light(found[ground])))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


#: Of each page: its address, and the periods that its heading can name.
HEADINGS = [
    (f"/figures/?unit={COMMUNITY}", ("2026", "2026H1", "2026Q3", "2026-05", "2025-11..2026-02")),
    (f"/figures/table/?unit={COMMUNITY}", ("2026", "2026H2", "2026Q1")),
    (f"/figure/?unit={STREET}&key=health_education.lectures", ("2026Q2", "2026-03..2026-06")),
    (f"/plan/?unit={COMMUNITY}&pack=health_education", ("2026", "2026H1")),
    (f"/burden/?unit={COMMUNITY}", ("2026Q2", "2026Q4")),
]
SAID = {
    "2026": ("2026年", "year 2026"),
    "2026H1": ("2026年上半年", "first half of 2026"),
    "2026H2": ("2026年下半年", "second half of 2026"),
    "2026Q1": ("2026年第一季度", "quarter 1 of 2026"),
    "2026Q2": ("2026年第二季度", "quarter 2 of 2026"),
    "2026Q3": ("2026年第三季度", "quarter 3 of 2026"),
    "2026Q4": ("2026年第四季度", "quarter 4 of 2026"),
    "2026-05": ("2026年5月", "May 2026"),
    "2026-03..2026-06": ("2026年3月至6月", "March 2026 to June 2026"),
    "2025-11..2026-02": ("2025年11月至2026年2月", "November 2025 to February 2026"),
}


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize(
    ("address", "period"), [(page, one) for page, periods in HEADINGS for one in periods]
)
def test_the_heading_names_the_period_that_was_asked(
    browser: Client, address: str, period: str
) -> None:
    for language, said in zip(("zh-hans", "en"), SAID[period], strict=True):
        browser.cookies["django_language"] = language
        page = soup(browser.get(f"{address}&period={period}"))
        heading = words(page.h1)
        assert heading.endswith((f" {said}", f" · {said}")), heading
        if not address.startswith("/figures/table/"):  # a part of a page, shown alone
            assert page.title.get_text().count(said) == 1


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize(
    ("month", "said"),
    [("2026-05", ("2026年5月", "May 2026")), ("2025-12", ("2025年12月", "December 2025"))],
)
def test_the_calendar_names_its_month(browser: Client, month: str, said: tuple[str, str]) -> None:
    for language, wanted in zip(("zh-hans", "en"), said, strict=True):
        address = f"/calendar/?unit={COMMUNITY}&month={month}"
        browser.cookies["django_language"] = language
        page = soup(browser.get(address))
        assert words(page.h1).startswith(wanted)
