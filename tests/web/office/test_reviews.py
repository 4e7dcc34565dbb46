"""Old texts: sealed, masked, decided finding by finding; a baseline stored, packs drafted."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.core.base.period import parse_period
from tests.web.assess.furnish import NOW, refused, user
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import FIRST, SECOND

pytestmark = pytest.mark.usefixtures("office")
TEXT = """一社区2024年健康教育工作总结
一年来，由主任张建国同志负责，认真开展健康教育工作。
一、主要工作
全年举办健康知识讲座12场，受益500余人次，发放宣传资料近3000份。
出生率为8.87%，健康知识知晓率达到91.5%。播放音像资料XX次。
全年征收社会抚养费3万元。
"""
PLAN = """一社区2025年健康教育工作计划
为做好2025年健康教育工作，制定本计划。
一、主要任务
（一）举办健康知识讲座12场。
（二）每季度更换宣传栏1期。
"""


def begun(text: str = TEXT, **given: Any) -> Any:
    from taizhang.web.office.review_actions import review_begin

    stated = {"unit": FIRST, "name": "总结.txt", "acting_user": user("recorder"), "now": NOW}
    return review_begin(content=text.encode(), **{**stated, **given})


def by_text(review: Any, kind: str = "figure") -> dict[str, Any]:
    """Give the findings of a kind by their text."""
    from taizhang.web.office.old_text import findings_of

    return {finding.text: finding for finding in findings_of(review) if finding.kind == kind}


def choose(review: Any, finding: str, action: str, **given: Any) -> None:
    from taizhang.web.office.review_actions import FindingChoice, findings_choose

    more = {key: given.pop(key) for key in ("measure", "fields") if key in given}
    stated = {"acting_user": user("recorder"), "now": NOW}
    choice = FindingChoice(finding=finding, action=action, **{"fields": {}, **more})
    findings_choose(number=review.pk, chosen=[choice], **{**stated, **given})


def store(review: Any) -> Any:
    from taizhang.web.office.review_actions import baseline_store

    return baseline_store(number=review.pk, acting_user=user("recorder"), now=NOW)


def test_a_text_is_kept_sealed_and_goes_with_its_review() -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.office.models import Choice, Review
    from taizhang.web.office.old_text import content_of
    from taizhang.web.office.review_actions import review_delete

    review = begun()
    assert "张建国".encode() not in bytes(review.content)
    assert content_of(review) == TEXT.encode()
    choose(review, by_text(review)["12场"].id, "accept")
    review_delete(number=review.pk, acting_user=user("recorder"), now=NOW)
    assert not Review.objects.exists()
    assert not Choice.objects.exists()
    assert "张建国" not in "".join(str(vars(entry)) for entry in Entry.objects.all())


def test_a_sealed_text_that_was_changed_is_not_read() -> None:
    from taizhang.web.office.old_text import content_of

    review = begun()
    review.content = bytes(review.content)[:-1] + b"x"
    assert refused(lambda: content_of(review)) == ["OFFICE_011"]


def test_what_cannot_be_read_is_not_kept() -> None:
    from taizhang.web.office import review_actions
    from taizhang.web.office.models import Review

    assert refused(lambda: begun("")) == ["OFFICE_007"]
    wrong = refused(lambda: begun("%PDF-1.4 broken", name="x.pdf"))
    assert wrong[0].startswith("READING_")
    assert not Review.objects.exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_actions, "MOST_BYTES", 10)
        assert refused(lambda: begun()) == ["OFFICE_008"]
    for name in ("viewer", "sibling", "assessor"):
        assert refused(lambda name=name: begun(acting_user=user(name))) == ["ACCESS_001"]


def test_accepted_figures_become_a_baseline_with_kind_unit_and_source() -> None:
    from taizhang.web.office.models import Baseline
    from taizhang.web.office.present_review import baseline_beside, baseline_words

    review = begun()
    figures = by_text(review)
    choose(review, figures["12场"].id, "accept", measure="health_education.lectures")
    choose(review, figures["500余人次"].id, "accept")
    choose(review, figures["近3000份"].id, "reject")
    done = store(review)
    assert (done.added, done.withdrawn, done.same) == (2, 0, 0)
    rows = {row.low: row for row in Baseline.objects.all()}
    lectures = rows[12 * 10_000]
    assert (lectures.kind, lectures.counted_in, lectures.period) == ("exact", "场", "2024")
    assert (lectures.source, lectures.line) == (review.digest, 4)
    assert lectures.accepted_by == user("recorder")
    people = rows[500 * 10_000]
    assert (people.kind, people.high, baseline_words(people)) == ("at_least", None, "≥ 500 人次")
    year = parse_period("2024")
    beside = baseline_beside(FIRST, "health_education.lectures", year.first, year.last)
    assert beside == [lectures]
    page = signed_in("recorder").get(
        "/figure/", {"key": "health_education.lectures", "unit": FIRST, "period": "2024"}
    )
    assert "12 场" in words(soup(page).select_one("section[aria-labelledby=beside]"))
    outside = signed_in("sibling").get(
        "/figure/", {"key": "health_education.lectures", "unit": FIRST, "period": "2024"}
    )
    assert not soup(outside).select("section[aria-labelledby=beside]")
    other = parse_period("2025")
    assert not baseline_beside(FIRST, "health_education.lectures", other.first, other.last)
    assert store(review).same == 2  # twice changes nothing


def test_a_correction_is_checked_and_replaces_what_was_stored() -> None:
    from taizhang.web.office.models import Baseline, Choice

    review = begun()
    finding = by_text(review)["12场"]
    choose(review, finding.id, "accept")
    store(review)
    assert refused(lambda: choose(review, finding.id, "correct", fields={"low": "many"})) == [
        "REVIEW_003"
    ]
    assert Choice.objects.get().action == "accept"  # what does not fit is not kept
    assert refused(lambda: choose(review, finding.id, "correct", fields={"colour": "red"})) == [
        "REVIEW_002"
    ]
    choose(review, finding.id, "correct", fields={"low": "14", "high": "14"})
    done = store(review)
    assert (done.added, done.withdrawn) == (1, 1)
    standing = Baseline.objects.get(withdrawn_at__isnull=True)
    assert Decimal(standing.low or 0) / 10_000 == 14
    choose(review, finding.id, "")
    assert store(review).withdrawn == 1


def test_historic_figures_are_kept_and_compared_to_nothing() -> None:
    from django.db import IntegrityError, transaction

    from taizhang.web.office.models import Baseline

    review = begun()
    fee = next(
        finding for finding in by_text(review).values() if finding.fields["status"] == "historic"
    )
    mapped = {"measure": "health_education.lectures"}
    assert refused(lambda: choose(review, fee.id, "accept", **mapped)) == ["OFFICE_010"]
    choose(review, fee.id, "accept")
    store(review)
    row = Baseline.objects.get()
    assert (row.status, row.measure) == ("historic", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Baseline.objects.update(measure="health_education.lectures")


def test_wrong_choices_are_refused() -> None:
    review = begun()
    finding = by_text(review)["12场"].id
    assert refused(lambda: choose(review, "0" * 16, "accept")) == ["OFFICE_013"]
    assert refused(lambda: choose(review, finding, "approve")) == ["OFFICE_013"]
    assert refused(lambda: choose(review, finding, "accept", measure="nothing")) == ["OFFICE_009"]
    assert refused(lambda: choose(review, finding, "accept", acting_user=user("sibling"))) == [
        "ACCESS_001"
    ]
    review.pk = 999
    assert refused(lambda: store(review)) == ["OFFICE_006"]


def test_an_accepted_doubt_changes_the_figure_it_is_about() -> None:
    from taizhang.web.office.models import Baseline

    review = begun()
    rate = by_text(review)["8.87%"]
    doubt = next(
        finding for finding in by_text(review, "doubt").values() if rate.id in finding.about
    )
    choose(review, rate.id, "accept")
    choose(review, doubt.id, "accept")
    store(review)
    assert Baseline.objects.get().counted_in == "‰"


def test_the_review_page_masks_names_unless_asked() -> None:
    review = begun()
    browser = signed_in("recorder")
    at = f"/old-texts/{FIRST}/{review.pk}/"
    page = soup(browser.get(at))
    assert "张建国" not in page.get_text()
    assert "张某某" in page.get_text()
    shown = page.select_one("a[href*='names=1']")["href"]
    assert "张建国" in browser.get(at + shown).content.decode()
    hits = page.select("a.hit")
    assert hits
    for hit in hits:  # each place leads to its finding, and back
        finding = page.select_one(f"li.finding{hit['href'].replace('#', '#')}")
        assert finding
        assert finding.select_one(f"a[data-jump='{hit['id'][2:]}']")
    assert len(page.select("li.finding")) >= len(hits)


def test_deciding_on_the_page_one_by_one_and_all_of_a_kind() -> None:
    from taizhang.web.office.models import Choice

    review = begun()
    browser = signed_in("recorder")
    at = f"/old-texts/{FIRST}/{review.pk}/"
    finding = by_text(review)["12场"].id
    answer = browser.post(f"{at}choose", {"finding": finding, "action": "accept"})
    assert answer["Location"].endswith(f"#f-{finding}")
    row = browser.post(
        f"{at}choose",
        {"finding": finding, "action": "accept", "f-low": "x", "f-high": "12"},
        headers={"hx-request": "true"},
    )
    assert "REVIEW_003" in row.content.decode()
    assert 'value="x"' in row.content.decode()  # what was typed stays to be mended
    row = browser.post(
        f"{at}choose",
        {"finding": finding, "action": "accept", "f-low": "13", "f-high": "13"},
        headers={"hx-request": "true"},
    )
    assert "已更正" in row.content.decode()
    assert browser.post(f"{at}choose", {"finding": "x", "action": "accept"}).status_code == 404
    every = {"kind": "figure", "action": "reject", "document": "0"}
    assert browser.post(f"{at}choose-all", every).status_code == 302
    choices = {choice.finding: choice.action for choice in Choice.objects.all()}
    assert choices.pop(finding) == "correct"  # what was decided stays
    assert set(choices.values()) == {"reject"}
    assert len(choices) == len(by_text(review)) - 1
    assert browser.post(f"{at}choose-all", {**every, "kind": "soul"}).status_code == 404


def test_a_plan_becomes_a_pack_that_its_check_looks_at() -> None:
    review = begun(PLAN)
    browser = signed_in("recorder")
    at = f"/old-texts/{FIRST}/{review.pk}/"
    assert browser.get(f"{at}drafts.zip").status_code == 404
    assert by_text(review, "task")
    browser.post(f"{at}choose-all", {"kind": "task", "action": "accept", "document": "0"})
    page = soup(browser.get(f"{at}result/"))
    assert "plan.yaml" in words(page)
    with zipfile.ZipFile(io.BytesIO(browser.get(f"{at}drafts.zip").content)) as archive:
        names = archive.namelist()
        assert "draft_1/pack.yaml" in names
        assert "讲座" in archive.read("draft_1/plan.yaml").decode()


def test_upload_result_store_and_delete_on_the_pages() -> None:
    from taizhang.web.office.models import Review

    browser = signed_in("recorder")
    page = soup(browser.post("/old-texts/", {"unit": FIRST}), 422)
    assert "OFFICE_007" in words(page)
    bad = SimpleUploadedFile("x.pdf", b"%PDF-1.4 broken")
    assert "READING_" in words(soup(browser.post("/old-texts/", {"unit": FIRST, "file": bad}), 422))
    sent = SimpleUploadedFile("../../etc/总结.txt", TEXT.encode())
    answer = browser.post("/old-texts/", {"unit": FIRST, "file": sent})
    at = answer["Location"]
    assert Review.objects.get().name == "总结.txt"
    assert browser.post(f"{at}type", {"kind": "plan"}).status_code == 302
    assert Review.objects.get().kind == "plan"
    assert browser.post(f"{at}type", {"kind": ""}).status_code == 302
    browser.post(f"{at}choose-all", {"kind": "figure", "action": "accept", "document": "0"})
    answer = browser.post(f"{at}store")
    assert "500" in words(soup(browser.get(answer["Location"])))
    assert "12 场" in words(soup(browser.get(f"/old-texts/baseline/?unit={FIRST}")))
    elsewhere = signed_in("sibling")
    assert elsewhere.get(at).status_code == 404
    assert "12 场" not in words(soup(elsewhere.get(f"/old-texts/baseline/?unit={SECOND}")))
    assert browser.post(f"{at}delete").status_code == 302
    assert browser.get(at).status_code == 404
    assert "12 场" in words(soup(browser.get(f"/old-texts/baseline/?unit={FIRST}")))


def test_a_long_text_is_shown_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.office import present_review

    monkeypatch.setattr(present_review, "PAGE", 5)
    lines = [f"第{number}季度举办健康知识讲座{number + 20}场。" for number in range(1, 13)]
    review = begun("一社区2024年健康教育工作总结\n" + "\n".join(lines))
    browser = signed_in("recorder")
    at = f"/old-texts/{FIRST}/{review.pk}/"
    page = soup(browser.get(f"{at}?page=2"))
    assert len(page.select("li.finding")) <= 5
    assert page.select_one("a[rel=prev]")
    assert len(page.select(".text p")) < len(lines)
    last = soup(browser.get(f"{at}?page=99"))
    assert not last.select("a[rel=next]")
