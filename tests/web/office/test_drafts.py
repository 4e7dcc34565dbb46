"""Drafts and frozen documents: filled by their blanks, frozen with a digest, unchanged after."""

import io
import json
from datetime import timedelta
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from taizhang.core.base.period import parse_period
from taizhang.web.instance.paths import Home
from tests.web.assess.furnish import NOW, YEAR, lecture, refused, user
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import FIRST, SECOND, THIRD

pytestmark = pytest.mark.usefixtures("office")
SUMMARY = "health_education.year_summary"
LATER = NOW + timedelta(days=1)


def drafted(**given: Any) -> Any:
    from taizhang.web.office.actions import draft_make

    stated = {"template": SUMMARY, "unit": FIRST, "period": YEAR, "acting_user": user("recorder")}
    return draft_make(**{**stated, "now": NOW, **given})


def keys(draft: Any) -> list[str]:
    from taizhang.web.office.blanks import blank_places
    from taizhang.web.office.document import document_of

    return [place.key for place in blank_places(document_of(draft, NOW))]


def fill(draft: Any, typed: dict[str, str], **given: Any) -> Any:
    from taizhang.web.office.actions import draft_fill

    stated = {"acting_user": user("recorder"), "now": LATER}
    return draft_fill(number=draft.pk, words=typed, **{**stated, **given})


def freeze(draft: Any, **given: Any) -> Any:
    from taizhang.web.office.actions import document_freeze

    stated = {"acting_user": user("lead"), "now": LATER}
    return document_freeze(number=draft.pk, **{**stated, **given})


def test_a_draft_says_what_it_is_written_from() -> None:
    draft = drafted()
    assert (draft.template, draft.unit, draft.first_month) == (SUMMARY, FIRST, 202501)
    assert draft.pack_version
    assert "一社区" in draft.title
    assert refused(lambda: drafted(template="nothing")) == ["DOCUMENT_011"]
    assert refused(lambda: drafted(period=parse_period("2025H1"))) == ["DOCUMENT_008"]
    assert refused(lambda: drafted(unit="110000000000")) == ["ACCESS_001"]
    for name in ("viewer", "sibling"):
        assert refused(lambda name=name: drafted(acting_user=user(name))) == ["ACCESS_001"]


def test_blanks_are_filled_saved_and_emptied() -> None:
    draft = drafted()
    first, second = keys(draft)[:2]
    saved = fill(draft, {first: "  讲座受欢迎\r\n居民说好 ", "no-key": "x"})
    assert (saved.filled, saved.edition) == ({first: "讲座受欢迎\n居民说好"}, 1)
    assert fill(draft, {second: "\x00\x0b问题"}).filled[second] == "问题"
    assert first not in fill(draft, {first: ""}).filled
    assert fill(draft, {second: "问题"}).edition == 3  # nothing new, no new edition
    assert refused(lambda: fill(draft, {first: "长" * 3001})) == ["OFFICE_002"]
    assert refused(lambda: fill(draft, {}, acting_user=user("sibling"))) == ["ACCESS_001"]
    draft.pk = 999
    assert refused(lambda: fill(draft, {first: "x"})) == ["OFFICE_001"]


def test_nobody_writes_over_words_that_they_never_saw() -> None:
    from taizhang.web.office.actions import mark

    draft = drafted()
    first, second = keys(draft)[:2]
    lead = {"acting_user": user("lead")}
    empty = {first: mark(""), second: mark("")}
    fill(draft, {first: "记录员的话", second: ""}, seen=empty)
    # the lead saw both blanks empty and filled the second one: the first keeps its words
    saved = fill(draft, {first: "", second: "负责人的话"}, seen=empty, **lead)
    assert saved.filled == {first: "记录员的话", second: "负责人的话"}
    late = lambda: fill(draft, {second: "别的话"}, seen=empty)  # noqa: E731
    assert refused(late) == ["OFFICE_003"]
    assert fill(draft, {second: "负责人的话"}, seen=empty).filled == saved.filled
    # one's own page may save again while one types on
    assert fill(draft, {second: "又改"}, seen=empty, **lead).filled[second] == "又改"


def test_open_blanks_are_named_before_anything_is_frozen() -> None:
    draft = drafted()
    assert refused(lambda: freeze(draft)) == ["OFFICE_004"]
    version = freeze(draft, leave_open=True)
    assert (version.number, version.blanks) == (1, len(keys(draft)))
    fill(draft, dict.fromkeys(keys(draft), "写好了"))
    assert freeze(draft).blanks == 0
    assert refused(lambda: freeze(draft, acting_user=user("recorder"))) == ["ACCESS_001"]
    assert refused(lambda: freeze(draft, acting_user=user("sibling"))) == ["ACCESS_001"]


def test_a_frozen_document_stays_while_figures_change() -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.office.document import document_frozen, document_of, number_changes

    draft = drafted()
    fill(draft, dict.fromkeys(keys(draft), "写好了"))
    version = freeze(draft, note="报街道")
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, "写好了" in str(vars(entry))) == ("document.freeze", False)
    before = document_frozen(version)
    assert number_changes(before, document_of(draft, LATER)) == []
    lines = [json.dumps(lecture("late", 23), ensure_ascii=False)]
    records_import(lines=lines, file="late", acting_user=user_named(None), now=LATER)
    version.refresh_from_db()
    assert document_frozen(version) == before
    others = {
        other.figure.key: other for other in number_changes(before, document_of(draft, LATER))
    }
    lectures = others["health_education.lectures"]
    assert (lectures.then, lectures.now) == ("2次", "3次")


def test_a_draft_as_of_a_day_does_not_move() -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.office.document import document_of

    draft = drafted(as_of=NOW.date())
    before = document_of(draft, NOW).numbers
    later = NOW + timedelta(days=3)
    lines = [json.dumps(lecture("late", 23), ensure_ascii=False)]
    records_import(lines=lines, file="late", acting_user=user_named(None), now=later)
    assert document_of(draft, later).numbers == before
    assert document_of(drafted(), later).numbers != before


def test_a_version_that_was_changed_by_hand_is_refused() -> None:
    from taizhang.web.office.document import document_frozen

    version = freeze(drafted(), leave_open=True)
    version.content = version.content.replace("一社区", "十社区")
    assert refused(lambda: document_frozen(version)) == ["OFFICE_005"]


def test_a_draft_is_thrown_away_unless_it_was_frozen() -> None:
    from taizhang.web.office.actions import draft_drop

    draft = drafted()
    given = {"number": draft.pk, "now": LATER}
    assert refused(lambda: draft_drop(**given, acting_user=user("sibling"))) == ["ACCESS_001"]
    draft_drop(**given, acting_user=user("recorder"))
    assert refused(lambda: draft_drop(**given, acting_user=user("recorder"))) == ["OFFICE_001"]
    other = drafted()
    freeze(other, leave_open=True)
    drop = {**given, "number": other.pk, "acting_user": user("recorder")}
    assert refused(lambda: draft_drop(**drop)) == ["OFFICE_012"]


def test_the_way_through_the_pages() -> None:
    browser = signed_in("lead")
    page = soup(browser.get("/documents/?period=2025"))
    assert page.select_one(f"input[value='{SUMMARY}']")
    answer = browser.post("/documents/new", {"template": SUMMARY, "unit": FIRST, "period": "2025"})
    at = answer["Location"]
    page = soup(browser.get(at))
    fields = page.select("input.blank, textarea.blank")
    assert len(fields) == len(page.select("[placeholder]")) >= 3
    number = page.select_one("a.number")["href"]
    assert number.startswith("/figure/?")
    assert browser.get(number).status_code == 200
    sent = {field["name"]: f"第{index}处 <b>" for index, field in enumerate(fields)}
    marks = {mark["name"]: mark["value"] for mark in page.select("input[name^=w-]")}
    assert len(marks) == len(fields)
    other = signed_in("recorder")
    theirs = {fields[1]["name"]: "别人先写的", **marks}
    assert other.post(f"{at}fill", theirs).status_code == 302
    late = browser.post(f"{at}fill", {**sent, **marks}, headers={"hx-request": "true"})
    assert 'class="error"' in late.content.decode()
    page = soup(browser.post(f"{at}fill", {**sent, **marks}), 422)
    assert "OFFICE_003" in words(page)
    assert fields[1]["name"] in str(page)
    marks = {mark["name"]: mark["value"] for mark in page.select("input[name^=w-]")}
    answer = browser.post(f"{at}fill", {**sent, **marks}, headers={"hx-request": "true"})
    assert "已保存" in answer.content.decode()
    page = soup(browser.get(f"{at}freeze"))
    assert not page.select("input[name=leave_open]")
    answer = browser.post(f"{at}freeze", {"note": "第一稿"})
    page = soup(browser.get(answer["Location"]))
    assert "第0处 <b>" in words(page)
    assert not page.select("textarea, input.blank")


def test_a_document_is_written_once_until_the_ledger_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.office import document

    written: list[str] = []
    real = document.write

    def counted(*given: Any, **named: Any) -> Any:
        written.append(given[1])
        return real(*given, **named)

    monkeypatch.setattr(document, "write", counted)
    draft = drafted()
    fill(draft, {keys(draft)[0]: "讲座受欢迎"}, now=NOW)
    freeze(draft, leave_open=True, now=NOW)
    assert written == [SUMMARY]
    lines = [json.dumps(lecture("late", 23), ensure_ascii=False)]
    records_import(lines=lines, file="late", acting_user=user_named(None), now=NOW)
    before, after = (
        document.document_frozen(draft.versions.get()),
        document.document_of(draft, NOW),
    )
    assert before.numbers != after.numbers
    assert written == [SUMMARY] * 2
    document.document_of(draft, LATER)  # another day may know more
    assert written == [SUMMARY] * 3


def test_files_and_versions_side_by_side() -> None:
    draft = drafted()
    browser = signed_in("lead")
    at = f"/documents/{FIRST}/{draft.pk}/"
    first = keys(draft)[0]
    fill(draft, {first: "甲的做法"})
    freeze(draft, leave_open=True)
    fill(draft, {first: "乙的做法"})
    freeze(draft, leave_open=True)
    page = soup(browser.get(f"{at}compare/?left=1&right=2"))
    others = page.select("tr.other")
    assert [words(other) for other in others] == ["甲的做法 乙的做法"]
    assert len(page.select("tr.same")) == 2  # the lines around
    assert len(soup(browser.get(f"{at}compare/?left=1&right=2&all=1")).select("tr.same")) > 10
    assert browser.get(f"{at}compare/?left=1&right=7").status_code == 404
    assert browser.get(f"{at}compare/").status_code == 404
    paper = docx.Document(io.BytesIO(browser.get(f"{at}version/1.docx").content))
    text = "".join(paper.element.body.itertext())  # a blank stands in a field of its own
    assert "甲的做法" in text
    assert "待填" in text
    pdf = PdfReader(io.BytesIO(browser.get(f"{at}version/2.pdf").content))
    assert len(pdf.pages) >= 1
    assert browser.get(f"{at}version/2.xlsx").content[:2] == b"PK"
    html = browser.get(f"{at}version/2.html")
    assert "attachment" in html["Content-Disposition"]
    assert "乙的做法" in html.content.decode()
    assert browser.get(f"{at}draft.docx").content[:2] == b"PK"
    assert browser.get(f"{at}draft.exe").status_code == 404


@pytest.mark.parametrize(
    ("name", "reads", "fills"),
    [("viewer", True, False), ("officer", True, True), ("sibling", False, False)],
)
def test_who_sees_and_fills_a_draft(name: str, reads: bool, fills: bool) -> None:
    draft = drafted()
    browser = signed_in(name)
    at = f"/documents/{FIRST}/{draft.pk}/"
    answer = browser.get(at)
    assert answer.status_code == (200 if reads else 404)
    if reads:
        assert bool(soup(answer).select("textarea.blank")) == fills
    expected = 302 if fills else 404
    assert browser.post(f"{at}fill", {}).status_code == expected
    assert browser.get(f"{at}freeze").status_code == (200 if fills else 404)


def test_a_draft_of_another_unit_is_not_reached_by_ones_own_address() -> None:
    draft = drafted(unit=SECOND, acting_user=user("sibling"))
    assert signed_in("lead").get(f"/documents/{FIRST}/{draft.pk}/").status_code == 404
    assert signed_in("lead").get(f"/documents/{SECOND}/{draft.pk}/").status_code == 404
    assert signed_in("lead").get(f"/documents/?unit={THIRD}").status_code == 404
    wrong = {"template": SUMMARY, "unit": SECOND, "period": "2025"}
    assert signed_in("lead").post("/documents/new", wrong).status_code == 404
    bad = {"template": SUMMARY, "unit": FIRST, "period": "soon"}
    assert signed_in("lead").post("/documents/new", bad).status_code == 404


def test_on_a_full_disk_of_words_nothing_is_half_stored(office: Home) -> None:
    from taizhang.web.office.models import Draft

    draft = drafted()
    typed = {key: "长" * 3001 if index else "好" for index, key in enumerate(keys(draft))}
    assert set(refused(lambda: fill(draft, typed))) == {"OFFICE_002"}
    assert Draft.objects.get(pk=draft.pk).filled == {}
