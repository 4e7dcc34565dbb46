"""The same rubric in many layouts is the same rubric."""

import pytest

from tests.reading.layouts import LAYOUTS, layout_score


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_rubric_is_read_whatever_its_layout(layout: str) -> None:
    score = layout_score(layout)
    assert score.share("points and sums") >= 0.92, score.misses
    assert score.share("rule kinds") >= 0.9, score.misses


def test_layouts_are_many_and_rubrics_have_many_points() -> None:
    assert len(LAYOUTS) >= 30
    assert layout_score("book").all["points and sums"] >= 80
