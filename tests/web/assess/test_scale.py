"""Items are decided on the scale of the rubric; what that counts here stands beside it."""

from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.web.assess.furnish import NOW, answered, appealed, opened, published, refused, scored
from tests.web.assess.test_appeals import item_signed
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import FIRST


@pytest.fixture
def rescaled(assessing: Any) -> None:
    """This fixture will let an item of 2 points not apply: of 11 points 9 are left, times 11/9."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install

    folder = Path(str(files("taizhang.packs") / "health_education"))
    source = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "tests" not in path.parts
    }
    rubric = source["rubric.yaml"].decode()
    for old, new in (
        ("total: 100", "total: 96"),
        ("组织与计划\n    max: 15\n", "组织与计划\n    max: 11\n"),
        ("部署健康教育工作\n        max: 4\n", "部署健康教育工作\n        max: 5\n"),
        (
            "志愿者培训\n        max: 6\n",
            "志愿者培训\n        max: 2\n        applies: lectures > 999\n",
        ),
        ("年末有总结\n        max: 5\n", "年末有总结\n        max: 4\n"),
    ):
        assert rubric.count(old) == 1, old
        rubric = rubric.replace(old, new)
    source["rubric.yaml"] = rubric.encode()
    head = source["pack.yaml"].decode()
    version = next(line for line in head.splitlines() if line.startswith("version:"))
    source["pack.yaml"] = head.replace(version, "version: 99.0.0").encode()
    pack_install(source=source, acting_user=user_named(None), now=NOW)


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
    assert "1（折算1.22） / 4（折算4.89） 分" in text


@pytest.mark.usefixtures("rescaled")
def test_an_appeal_is_answered_on_the_same_scale() -> None:
    round_ = published()
    appealed(round_.pk)
    shown = page("second_officer", round_.pk)
    assert "0至4（" in shown.select_one("label[for=new_points]").text
    assert refused(lambda: answered(round_.pk, "4.5")) == ["ASSESS_002"]
    answered(round_.pk, "3")
    assert "3（折算3.67） / 4（折算4.89） 分" in words(page("second_officer", round_.pk))
    from tests.web.assess.furnish import signed

    signed(round_.pk)
    item = item_signed(round_, "papers")
    assert (item.points, item.max, item.stated_max) == (Fraction(11, 3), Fraction(44, 9), 4)
    assert item.points + sum(loss.points for loss in item.losses) == item.max
    assert "改定3分（满分4分）" in item.found.zh
