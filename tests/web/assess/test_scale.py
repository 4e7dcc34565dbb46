"""Items are decided on the scale of the rubric; what that counts here stands beside it."""

from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse

from taizhang.core.text.number import points_text
from tests.web.assess.furnish import NOW, answered, appealed, opened, published, refused, scored
from tests.web.assess.test_appeals import item_signed
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import FIRST


def install(*pairs: tuple[str, str]) -> None:
    """Install the shipped pack with another rubric: each old text stands once in it."""
    from taizhang.core.pack.examine import shipped_folder
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install

    folder = shipped_folder() / "health_education"
    source = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "tests" not in path.parts
    }
    rubric = source["rubric.yaml"].decode()
    for old, new in pairs:
        assert rubric.count(old) == 1, old
        rubric = rubric.replace(old, new)
    source["rubric.yaml"] = rubric.encode()
    head = source["pack.yaml"].decode()
    version = next(line for line in head.splitlines() if line.startswith("version:"))
    source["pack.yaml"] = head.replace(version, "version: 99.0.0").encode()
    pack_install(source=source, acting_user=user_named(None), now=NOW)


@pytest.fixture
def rescaled(assessing: Any) -> None:
    """This fixture will let an item of 2 points not apply: of 6 points 4 are left, times 6/4."""
    install(
        ("total: 100", "total: 95"),
        ("培训与计划\n    max: 11\n", "培训与计划\n    max: 6\n"),
        (
            "志愿者培训\n        max: 6\n",
            "志愿者培训\n        max: 2\n        applies: lectures > 999\n",
        ),
        ("年末有总结\n        max: 5\n", "年末有总结\n        max: 4\n"),
    )


@pytest.fixture
def section_left(assessing: Any) -> None:
    """This fixture will let nothing of the section of 15 points apply."""
    never = "\n        applies: lectures > 999"
    install(
        ("种类达到规范\n        max: 6", f"种类达到规范\n        max: 6{never}"),
        ("每月整理\n        max: 5", f"每月整理\n        max: 5{never}"),
        ("资料播放\n        max: 4", f"资料播放\n        max: 4{never}"),
    )


def page(name: str, number: int) -> Any:
    return soup(signed_in(name).get(reverse("assess:item", args=(FIRST, number, "papers"))))


@pytest.mark.usefixtures("rescaled")
def test_points_are_typed_and_shown_on_the_scale_of_the_rubric() -> None:
    from taizhang.web.assess.models import Decision

    round_ = opened()
    scored(round_.pk)
    shown = page("assessor", round_.pk)
    address = next(form["action"] for form in shown.select("form") if "decide" in form["action"])
    assert shown.select_one("label[for=points]").text == "得分，0至4"
    given = {"points": "4.5", "reason": "缺一份", "seen": "0"}
    client = signed_in("assessor")
    assert client.post(address, given).status_code == 422
    assert client.post(address, given | {"points": "1"}).status_code == 302
    assert Decision.objects.get().given == Fraction(1)
    text = words(page("assessor", round_.pk))
    assert "1（折算1.5） / 4（折算6） 分" in text


@pytest.mark.usefixtures("rescaled")
def test_an_appeal_is_answered_on_the_same_scale() -> None:
    round_ = published()
    appealed(round_.pk)
    shown = page("second_officer", round_.pk)
    assert "0至4（" in shown.select_one("label[for=answer_points]").text
    assert refused(lambda: answered(round_.pk, "4.5")) == ["ASSESS_002"]
    answered(round_.pk, "3")
    assert "3（折算4.5） / 4（折算6） 分" in words(page("second_officer", round_.pk))
    from tests.web.assess.furnish import signed

    signed(round_.pk)
    item = item_signed(round_, "papers")
    assert (item.points, item.max, item.stated_max) == (Fraction(9, 2), 6, 4)
    assert item.points + sum(loss.points for loss in item.losses) == item.max
    assert "改定3分（满分4分）" in item.found.zh


@pytest.mark.usefixtures("rescaled")
def test_the_pages_show_one_scale_and_what_counts_beside_it() -> None:
    from tests.web.assess.furnish import decided

    round_ = opened()
    decided(points="1")
    scored(round_.pk)
    shown = soup(signed_in("assessor").get(reverse("assess:unit", args=(FIRST, round_.pk))))
    rows = {row.select_one("a").text: words(row) for row in shown.select("ul.rows > li")}
    assert "1（折算1.5） / 4（折算6）" in rows["年初有计划、年末有总结"]
    assert "−3（折算4.5）" in words(shown)
    assert "不适用 / 2" in rows["工作人员和志愿者培训"]


@pytest.mark.usefixtures("section_left")
def test_a_section_that_does_not_apply_leaves_and_both_totals_are_shown() -> None:
    from taizhang.documents.render.text import to_text
    from taizhang.documents.score_document import score_document
    from taizhang.web.assess.scores import scores_now
    from tests.web.assess.furnish import RUBRIC, YEAR, decided

    round_ = opened()
    decided(points="2")
    scored(round_.pk)
    (score,) = scores_now(RUBRIC, [FIRST], YEAR, NOW)
    assert (score.max, score.left, score.scale) == (85, 15, 100)
    converted = points_text(score.total * 100 / 85)
    client = signed_in("assessor")
    shown = words(soup(client.get(reverse("assess:unit", args=(FIRST, round_.pk)))))
    assert f"折算为细则总分：{converted} / 100分" in shown
    assert "资料与阵地 15" in shown
    assert "资料与阵地 不适用，15分退出总分" in shown
    listed = words(soup(signed_in("officer").get(reverse("assess:round", args=(round_.pk,)))))
    assert f"折算{converted} / 100" in listed
    paper = to_text(score_document(score))
    assert f"资料与阵地不适用，15分退出总分；按细则总分100分折算为{converted}分" in paper
    assert "不适用（15分退出总分）" in paper


@pytest.mark.usefixtures("section_left")
def test_the_command_says_what_left_and_the_converted_total(capsys: Any) -> None:
    from taizhang.cli.score import _show_one
    from taizhang.web.assess.scores import scores_now
    from tests.web.assess.furnish import RUBRIC, YEAR

    (score,) = scores_now(RUBRIC, [FIRST], YEAR, NOW)
    _show_one("table", score, {"self_score": False})
    out = capsys.readouterr().out
    assert "资料与阵地" in out
    assert f"{points_text(score.converted)} / 100" in out
