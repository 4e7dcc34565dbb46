"""The measure on the labelled set stays above the bars."""

import pytest

from tests.reading import score_plan as plans
from tests.reading.score import SETS, labelled, score_of


@pytest.mark.parametrize("which", SETS)
def test_figures_are_found_and_right(which: str) -> None:
    score = score_of(which)
    assert score.recall >= 0.95, score.misses
    assert score.precision >= 0.95, score.misses
    assert score.kind_and_unit / score.matched >= 0.95, score.misses
    assert score.typed == score.documents, score.misses


def test_the_set_is_as_large_and_varied_as_promised() -> None:
    texts = [text for which in SETS for text in labelled(which)]
    assert len(texts) >= 12
    assert sum(len(text.labels) for text in texts) >= 400
    assert len({text.field for text in texts}) >= 10
    assert {kind for text in texts for kind in text.types} >= {
        "plan",
        "summary",
        "selfcheck",
        "rubric",
        "notice",
    }


@pytest.mark.parametrize("which", plans.SETS)
def test_tasks_are_found_and_right(which: str) -> None:
    score = plans.score_of(which)
    assert score.recall >= 0.95, score.misses
    assert score.precision >= 0.88, score.misses
    assert all(score.share(name) >= 0.95 for name in plans.FIELDS), score.misses
