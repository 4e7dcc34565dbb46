"""Pages of the plan: progress as figures, quotas down the tree, the calendar."""

import pytest
from django.test import Client

from tests.web.browsing import person, signed_in, soup, words

DISTRICT, STREET, COMMUNITY = "360602000000", "360602001000", "360602001001"
NEXT, OTHER = "360602001002", "360602002000"
LECTURES = f"/plan/quotas/?unit={STREET}&period=2026&pack=health_education&task=lectures"
pytestmark = pytest.mark.usefixtures("district")


def given(unit: str = STREET, **amounts: str) -> dict[str, str]:
    """Give what the page of quotas sends."""
    about = {"unit": unit, "period": "2026", "pack": "health_education", "task": "lectures"}
    return {**about, **{f"quota-{code}": text for code, text in amounts.items()}}


def numbers(client: Client, unit: str, task: str = "lectures") -> str:
    """Give what the plan says a unit did of how much."""
    page = soup(client.get(f"/plan/?unit={unit}&period=2026&pack=health_education"))
    return " ".join(page.select_one(f"#{task} .numbers").get_text(" ").split())


def test_progress_is_a_figure_that_leads_to_its_records(browser: Client) -> None:
    page = soup(browser.get(f"/plan/?unit={COMMUNITY}&period=2026&pack=health_education"))
    task = page.select_one("#lectures")
    assert "1 / 6 次" in " ".join(task.select_one(".numbers").get_text(" ").split())
    figure = soup(browser.get(task.h3.a["href"]))
    links = figure.select("section[aria-labelledby=records] tbody a")
    assert [link["href"] for link in links] == ["/records/lecture-2/"]
    # A task that is only dated says until when, and claims nothing.
    dated = page.select_one("#half_summary")
    assert "2026-07-10" in dated.get_text()
    assert dated.h3.a is None


def test_the_half_year_owes_half(browser: Client) -> None:
    page = soup(browser.get(f"/plan/?unit={COMMUNITY}&period=2026H1&pack=health_education"))
    assert "1 / 3 次" in " ".join(page.select_one("#lectures .numbers").get_text(" ").split())


def test_who_is_responsible_stands_in_a_matrix(browser: Client) -> None:
    page = soup(browser.get(f"/plan/?unit={STREET}&pack=health_education"))
    matrix = page.select_one("section[aria-labelledby=matrix] table")
    departments = [one.get_text() for one in matrix.select("thead th")][1:]
    row = next(one for one in matrix.select("tbody tr") if "健康知识讲座" in one.th.get_text())
    roles = dict(zip(departments, (one.get_text(strip=True) for one in row("td")), strict=True))
    assert roles["社区卫健专干"].startswith("●")
    assert roles["志愿者队伍"].startswith("○")


def test_a_task_that_only_a_refusable_survey_fills_is_not_required(browser: Client) -> None:
    page = soup(browser.get(f"/plan/?unit={STREET}&pack=common"))
    task = page.select_one("#survey")
    assert "可拒绝填报" in task.get_text()
    assert not [link for link in task("a") if "quotas" in link["href"]]
    health = soup(browser.get(f"/plan/?unit={STREET}&pack=health_education"))
    assert [link for link in health.select("#lectures a") if "quotas" in link["href"]]
    typed = {**given(**{COMMUNITY: "80"}), "pack": "common", "task": "survey"}
    assert browser.post("/plan/quotas/", typed).status_code == 422  # nobody must answer


def test_what_no_document_asks_for_is_the_units_own_until_it_is_handed_down(
    browser: Client,
) -> None:
    address = f"/plan/?unit={COMMUNITY}&period=2026&pack=health_education"
    before = soup(browser.get(address)).select_one("#consultations")
    assert "本单位自定" in before.select_one(".tag").get_text()
    assert "任务数由本单位自定，还没有定" in before.get_text()
    typed = {**given(**{COMMUNITY: "4"}), "task": "consultations"}
    assert browser.post("/plan/quotas/", typed).status_code == 302
    after = soup(browser.get(address)).select_one("#consultations")
    assert "/ 4 次" in " ".join(after.select_one(".numbers").get_text(" ").split())
    half = soup(browser.get(address.replace("2026&", "2026H1&"))).select_one("#consultations")
    assert "/ 2 次" in " ".join(half.select_one(".numbers").get_text(" ").split())
    street = soup(browser.get(f"/plan/?unit={STREET}&period=2026&pack=health_education"))
    mine = street.select_one("#consultations")
    assert "本单位自定" in mine.select_one(".tag").get_text()  # its other communities set none
    assert [link for link in mine("a") if "quotas" in link["href"]]


def test_a_task_without_a_quota_to_hand_down_says_why(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.plans import present

    known = present.measured  # a task that counts one part of a measure has no key of its own
    monkeypatch.setattr(
        present,
        "measured",
        lambda task, scope: None if task.key == "boards" else known(task, scope),
    )
    page = soup(browser.get(f"/plan/?unit={STREET}&period=2025&pack=health_education"))
    why = "任务数不能下达"
    assert why in page.select_one("#boards").get_text()
    assert why not in page.select_one("#lectures").get_text()
    assert why not in page.select_one("#year_plan").get_text()  # no number at all
    below = soup(browser.get(f"/plan/?unit={COMMUNITY}&pack=health_education"))
    assert why not in below.get_text()  # nobody is below it


def test_a_quota_is_handed_down_for_what_an_indicator_counts(browser: Client) -> None:
    from taizhang.web.programmes.models import Quota

    page = soup(browser.get(f"/plan/?unit={STREET}&period=2026&pack=health_education"))
    offered = next(one for one in page.select("#large_events a") if "quotas" in one["href"])
    form = soup(browser.get(offered["href"]))
    assert "次" in form.select_one("#sum").parent.get_text()
    answer = browser.post("/plan/quotas/", {**given(**{COMMUNITY: "5"}), "task": "large_events"})
    assert answer.status_code == 302
    assert Quota.objects.get().measure == "health_education.large_events"
    assert numbers(browser, COMMUNITY, "large_events") == "— / 5 次 已下达"


def test_planned_quotas_are_kept_by_whole_things_and_added_up_exactly(browser: Client) -> None:
    quarter = LECTURES.replace("2026&", "2026Q1&")
    page = soup(browser.get(quarter))
    row = page.select_one("tbody tr")
    assert row.td.get_text(" ", strip=True) == "2 1.5"
    assert row.input["data-planned"] == "1.5"
    assert page.select_one("#sum").get_text() == "3"
    assert "进位" in words(page)
    assert "进位" not in words(soup(browser.get(LECTURES)))


def test_quotas_go_down_the_tree_and_are_added_up(browser: Client) -> None:
    page = soup(browser.get(LECTURES))
    rows = {row.th.get_text(): row for row in page.select("tbody tr")}
    assert list(rows) == ["公园社区", "林荫社区"]
    assert rows["公园社区"].td.get_text() == "6"
    answer = browser.post("/plan/quotas/", given(**{COMMUNITY: "10", NEXT: "2.5"}))
    assert answer.status_code == 302
    page = soup(browser.get(answer["Location"]))
    assert page.select_one("#sum").get_text() == "12.5"
    assert [field["value"] for field in page.select("tbody input")] == ["10", "2.5"]
    assert numbers(browser, COMMUNITY).startswith("1 / 10 次")
    assert numbers(browser, STREET).startswith("1 / 13 次")  # half a lecture is held by nobody
    plan = soup(browser.get(f"/plan/?unit={STREET}&period=2026&pack=health_education"))
    assert "任务13次（折算12.5次）" in plan.select_one("#lectures").get_text()
    # A quota of the street itself stands beside the sum and shows the difference.
    browser.post("/plan/quotas/", given(DISTRICT, **{STREET: "15"}))
    assert "相差2.5" in words(soup(browser.get(LECTURES)))
    # An emptied field lets the plan of the programme stand again.
    browser.post("/plan/quotas/", given(**{COMMUNITY: "", NEXT: "2.5"}))
    assert numbers(browser, COMMUNITY).startswith("1 / 6 次")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "PROGRAMME_004"),
        ("1.23456", "PROGRAMME_004"),
        ("1" * 18, "PROGRAMME_004"),
        ("1e40", "PROGRAMME_008"),
        ("1_000", "PROGRAMME_008"),
        ("１２", "PROGRAMME_008"),
        ("twelve", "PROGRAMME_008"),
        ("nan", "PROGRAMME_008"),
        ("1e99999999", "PROGRAMME_008"),
        ("1e-99999999", "PROGRAMME_008"),
        ("inf", "PROGRAMME_008"),
    ],
)
def test_what_is_no_amount_is_refused_and_nothing_is_written(
    browser: Client, text: str, code: str
) -> None:
    from taizhang.web.programmes.models import Quota

    answer = browser.post("/plan/quotas/", given(**{COMMUNITY: "10", NEXT: text}))
    page = soup(answer, 422)
    issue = page.select_one(".issues li").get_text()
    assert code in issue
    assert "林荫社区" in issue
    assert [field["value"] for field in page.select("tbody input")] == ["10", text]
    assert not Quota.objects.exists()


def test_a_reviewer_hands_down_in_their_street_alone() -> None:
    person("chen", "reviewer", STREET)
    person("li", "recorder", COMMUNITY)
    reviewer, recorder = signed_in("chen"), signed_in("li")
    assert reviewer.post("/plan/quotas/", given(**{COMMUNITY: "9"})).status_code == 302
    assert numbers(recorder, COMMUNITY).startswith("1 / 9 次")
    assert reviewer.post("/plan/quotas/", given(OTHER)).status_code == 404
    assert recorder.post("/plan/quotas/", given(COMMUNITY)).status_code == 404
    assert recorder.get(LECTURES).status_code == 404


def test_dated_tasks_have_no_quota_to_hand_down(browser: Client) -> None:
    address = f"/plan/quotas/?unit={STREET}&period=2026&pack=health_education&task=year_plan"
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_plan_can_be_taken_along(browser: Client, kind: str) -> None:
    answer = browser.get(f"/plan/?unit={COMMUNITY}&period=2026&pack=health_education&as={kind}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if kind == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        row = next(line for line in lines if line.startswith("举办健康知识讲座"))
        assert row.split(",")[1] == "6"
    else:
        assert answer.content.startswith(b"PK")


def test_the_calendar_shows_theme_days_dated_tasks_and_months_to_close(browser: Client) -> None:
    page = soup(browser.get(f"/calendar/?unit={COMMUNITY}&month=2026-03"))
    squares = {
        time["datetime"]: time.find_parent("td").get_text(" ", strip=True)
        for time in page.select("td time")
    }
    assert len(squares) == 31
    assert "世界防治结核病日" in squares["2026-03-24"]
    assert "2026年2月" in squares["2026-03-01"]  # February is over and not closed
    january = soup(browser.get(f"/calendar/?unit={COMMUNITY}&month=2026-01"))
    assert (
        "制定年度工作计划"
        in january.select_one("time[datetime='2026-01-31']").find_parent("td").get_text()
    )
    links = [link["href"] for link in page.select(".actions a[rel]")]
    assert links == [
        f"?unit={COMMUNITY}&month=2026-02",
        f"?unit={COMMUNITY}&month=2026-04",
    ]
