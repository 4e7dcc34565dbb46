"""Scores: rules turn figures, answers and samples into points, each lost one explained."""

from taizhang.core.scoring.code import ScoreCode
from taizhang.core.scoring.score_sheet import ItemScore, Score, SectionScore
from taizhang.core.scoring.scorer import parts_of, rubric_named, score, score_all, units_below

__all__ = [
    "ItemScore",
    "Score",
    "ScoreCode",
    "SectionScore",
    "parts_of",
    "rubric_named",
    "score",
    "score_all",
    "units_below",
]
