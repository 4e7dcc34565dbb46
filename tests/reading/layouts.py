"""The same rubric laid out in many ways: what is read must not hang on the layout.

Rubrics of the labelled set are read, laid out again by each of ``LAYOUTS`` and read once more;
sections, items, points and kinds of rules have to be those of the first reading.
"""

from __future__ import annotations

from collections.abc import Callable

from taizhang.reading.rubric.candidate import rubric_read
from taizhang.reading.rubric.rubric import ReadRubric
from taizhang.reading.source.source import source_read
from taizhang.reading.text.cleaning import source_clean
from taizhang.reading.text.document import split
from tests.reading import laid_in_tables as tables
from tests.reading import laid_in_words as words
from tests.reading.rubric_plan import Plan, plans, rows, said
from tests.reading.score_rubric import Score

LAYOUTS: dict[str, tuple[str, Callable[[Plan], bytes]]] = {
    one.__name__: (ending, one)
    for ending, many in (
        (
            "txt",
            (
                tables.tab_odd_heads,
                tables.tab_no_head,
                tables.tab_points_first,
                tables.tab_points_last,
                tables.tab_points_in_item,
                tables.pipe_section_rows,
                tables.commas,
                tables.table_each,
                words.cards,
                words.cards_sectioned,
                words.one_line_cards,
                words.square_cards,
                words.markdown,
                words.points_before,
                words.points_in_front,
                words.points_behind,
                words.points_in_words,
                words.leaders,
                words.slashes,
                tables.blanks,
                tables.classes,
                tables.boxes,
                tables.boxes_open,
                tables.grid_titled,
                tables.turned,
                words.one_paragraph,
                words.points_right,
                words.han_points,
                tables.weights,
                words.romans,
                words.three_numbers,
                words.quoted,
                tables.clause_rows,
            ),
        ),
        ("html", (tables.html_each, tables.html_list, tables.html_nested)),
        ("xlsx", (tables.book, tables.book_titled, tables.sheets)),
        ("pdf", (tables.pdf_cells,)),
    )
    for one in many
}


def layout_score(name: str) -> Score:
    """Read every rubric in one layout and compare with what was laid out."""
    ending, make = LAYOUTS[name]
    score = Score()
    for plan in plans():
        source = source_read(make(plan), f"{plan.name}.{ending}")
        documents = list(split(source_clean(source)))
        found = next((one for one in map(rubric_read, documents) if one is not None), None)
        _compare(score, plan, found, name)
    return score


def _compare(score: Score, plan: Plan, found: ReadRubric | None, name: str) -> None:
    where = f"{name} {plan.name}"
    sections = found.sections if found else []
    wanted = [one.points for one in plan.sections]
    given = [said(one.max if one.max is not None else one.sum) for one in sections]
    for index, points in enumerate(wanted):
        one = given[index] if index < len(given) else None
        score.count("points and sums", points, one, f"{where} section {index + 1}")
    items = [item for one in sections for item in one.items]
    for index, (_, _, _, item) in enumerate(rows(plan)):
        read = items[index] if index < len(items) else None
        here = f"{where} item {index + 1} {item.title}"
        score.count("points and sums", item.points, said(read.max) if read else None, here)
        kinds = tuple(rule.kind for rule in read.rules) if read else ()
        score.count("rule kinds", item.kinds, kinds, here)
    if len(given) != len(wanted) or len(items) != len(list(rows(plan))):
        score.misses.append(f"{where}: {len(given)} sections, {len(items)} items")


if __name__ == "__main__":
    import sys

    named = [one for one in sys.argv[1:] if one in LAYOUTS]
    for layout in named or LAYOUTS:
        result = layout_score(layout)
        shares = (f"{result.share(one):6.1%}" for one in ("points and sums", "rule kinds"))
        print(f"{layout:20}", *shares)  # noqa: T201
        if named:
            print("\n".join(result.misses))  # noqa: T201
