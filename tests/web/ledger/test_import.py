"""A file of records: all of it or nothing, every error with its line, in the order of the file."""

import json
from datetime import date
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month
from taizhang.core.counting.fact import Submission
from taizhang.core.form.code import AnswerCode
from tests.web.ledger.furnish import FIRST, NOW, SECOND, lecture, line, pack_files


def bring(lines: list[Any], user: Any) -> Any:
    from taizhang.web.ledger.accept.actions import records_import

    texts = [
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    ]
    return records_import(lines=texts, file="r.jsonl", acting_user=user, now=NOW)


def refusals(lines: list[Any], user: Any) -> list[tuple[int | None, str]]:
    """Give (line, code) of every issue with which a file is refused, and see that it left none."""
    from taizhang.web.ledger import models
    from taizhang.web.ledger.models import Cube, Fact

    before = [model.objects.count() for model in (models.Record, Fact, Cube)]
    with pytest.raises(Refused) as caught:
        bring(lines, user)
    assert before == [model.objects.count() for model in (models.Record, Fact, Cube)]
    assert {issue.place.file for issue in caught.value.issues} == {"r.jsonl"}
    return [(issue.place.line, issue.code.name) for issue in caught.value.issues]


def test_corrections_inside_the_file_work_in_order(any_owner: Any) -> None:
    from taizhang.web.ledger import models
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.ledger.models import Cube, Fact

    first = lecture(id="a")
    right = lecture(id="b", replaces="a", reason="更正", answers={"people": 40})
    gone = lecture(id="c", unit=SECOND)
    out = {
        "id": "d",
        "form": "trial.lecture",
        "unit": SECOND,
        "date": "2026-05-06",
        "withdraws": "c",
        "reason": "重复",
    }
    accepted = bring([line(first), "", line(right), line(gone), out, line(first)], any_owner)
    assert (accepted.records, accepted.unchanged, accepted.replaced, accepted.withdrawn) == (
        4,
        1,
        1,
        1,
    )
    live = models.Record.objects.filter(retired_at=None).values_list("uid", flat=True)
    assert sorted(live) == ["b", "d"]
    cells = dict(Cube.objects.values_list("measure", "low"))
    assert cells == {"trial.lectures": 10_000, "trial.attendance": 400_000}
    assert Fact.objects.filter(retired_at=None).count() == 2
    assert facts_rebuild(acting_user=any_owner, now=NOW).issues == ()


def test_file_after_records_and_again(any_owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.accept.actions import record_accept

    record_accept(record=lecture(id="a"), acting_user=any_owner, now=NOW)
    lines = [line(lecture(id="a")), line(lecture(id="b", replaces="a", reason="更正"))]
    assert bring(lines, any_owner).unchanged == 1
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.objects_text) == ("records.import", '["b"]')
    accepted = bring(lines, any_owner)
    assert (accepted.records, accepted.unchanged) == (0, 2)
    assert Entry.objects.latest("sequence").sequence == entry.sequence


def test_file_again_is_known_whatever_holds_today(owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import record_accept, records_import
    from taizhang.web.programmes.actions import pack_install

    lines = [json.dumps(line(lecture(id=uid))) for uid in ("a", "b")]
    records_import(lines=lines, acting_user=owner, now=NOW)
    files = pack_files()
    files["pack.yaml"] = files["pack.yaml"].replace(b"1.0.0", b"1.1.0")
    old, new = b" . >= 0 | activity", b" . >= 900 | activity"
    files["forms/lecture.md"] = files["forms/lecture.md"].replace(old, new)
    pack_install(source=files, acting_user=owner, now=NOW, in_force_from=date(2026, 1, 1))
    assert refusals([line(lecture(id="c"))], owner) == [(1, AnswerCode.ANSWER_004.name)]
    again = records_import(lines=lines, acting_user=owner, now=NOW)
    assert (again.records, again.unchanged) == (0, 2)
    assert record_accept(record=lecture(id="a"), acting_user=owner, now=NOW).unchanged == 1


def test_every_error_of_every_line(any_owner: Any) -> None:
    good = line(lecture(id="good"))
    lines = [
        good,  # 1
        "{",  # 2
        "[]",  # 3
        {**good, "id": "x1", "who": "me"},  # 4
        {"id": "x2"},  # 5: form, unit, date, answers
        {**good, "id": "x3", "date": "6.5.2026"},  # 6
        {**good, "id": "x4", "with": SECOND},  # 7
        {**good, "id": "x5", "answers": [1]},  # 8
        {**good, "id": "x6", "answers": {"held": "perhaps", "born": 1}},  # 9
        {**good, "reason": "other content"},  # 10
        line(lecture(id="x7", replaces="nowhere", reason="?")),  # 11
        line(lecture(id="x8", replaces="x6", reason="a line that is bad itself")),  # 12
        '{"id": "x9", "id": "x10"}',  # 13
        '{"id": "x11", "answers": {"n": NaN}}',  # 14
        r'{"id": "x12", "form": "f", "answers": {"place": "\ud83d"}}',  # 15
        {**good, "id": 7},  # 16
        {**good, "id": "x13", "date": "0206-05-06"},  # 17
    ]
    assert refusals(lines, any_owner) == [
        (2, "RECORD_001"),
        (3, "RECORD_002"),
        (4, "RECORD_003"),
        *[(5, "RECORD_004")] * 4,
        (6, "RECORD_002"),
        (7, "RECORD_002"),
        (8, "RECORD_002"),
        (9, AnswerCode.ANSWER_001.name),
        (9, AnswerCode.ANSWER_005.name),
        (9, AnswerCode.ANSWER_002.name),
        (10, "RECORD_020"),
        (11, "RECORD_012"),
        (13, "RECORD_001"),
        (14, "RECORD_001"),
        (15, "RECORD_001"),
        (16, "RECORD_002"),
        (17, "RECORD_002"),
    ]


def test_deep_nesting_and_huge_numbers_are_issues_not_crashes(owner: Any) -> None:
    deep = '{"id": "a", "answers": ' + "[" * 100_000 + "]" * 100_000 + "}"
    huge = '{"id": "b", "answers": {"n": ' + "9" * 5000 + "}}"
    assert refusals([deep, huge], owner) == [(1, "RECORD_001"), (2, "RECORD_001")]


def test_replaced_twice_in_a_file(owner: Any) -> None:
    lines = [
        line(lecture(id="a")),
        line(lecture(id="b", replaces="a", reason="一改")),
        line(lecture(id="c", replaces="a", reason="二改")),
        line(lecture(id="d", replaces="e", reason="先于原件")),
        line(lecture(id="e")),
    ]
    assert refusals(lines, owner) == [(3, "RECORD_013"), (4, "RECORD_012")]


def test_late_ones_have_a_row_of_their_own_in_the_log(owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.facts.actions import closings_close

    closings = [(FIRST, "trial", Month(2026, 5))]
    closings_close(closings=closings, acting_user=owner, now=NOW)
    june = {"held_on": "2026-06-01"}
    lines = [
        line(lecture(id="l1")),
        line(lecture(id="n1", date=date(2026, 6, 1), answers=june)),
        line(lecture(id="l2")),
    ]
    assert bring(lines, owner).late == 2
    rows = Entry.objects.order_by("-sequence")[:2]
    assert [(row.action, row.objects_text, row.count) for row in rows] == [
        ("records.import.late", '["l1","l2"]', 2),
        ("records.import", '["n1"]', 1),
    ]


def test_empty_file_changes_nothing(owner: Any) -> None:
    from taizhang.web.audit.models import Entry

    before = Entry.objects.count()
    assert bring([], owner).records == 0
    assert Entry.objects.count() == before


def test_import_and_single_acceptance_store_the_same(any_owner: Any) -> None:
    from taizhang.web.ledger import models
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.models import Cube, Fact

    rows = {"materials": [{"kind": "fold", "copies": 1.0}, {"kind": "poster"}]}
    quantity = {"people": {"low": 200, "high": 999, "kind": "between"}}
    records = [
        lecture(id="s1", answers={**rows, **quantity}),
        lecture(id="s2", with_units=(SECOND,), answers=rows),
        Submission(
            id="s3",
            form="trial.population",
            unit=FIRST,
            date=date(2026, 5, 6),
            answers={"counted_on": "2026-05-01", "persons": ""},
        ),
    ]

    def stored() -> list[Any]:
        facts = Fact.objects.order_by("record__uid", "ordinal", "unit")
        columns = [f.attname for f in Fact._meta.concrete_fields if f.attname not in _KEYS]
        texts = models.Record.objects.order_by("uid").values_list("uid", "answers", "digest")
        return [
            list(facts.values_list("record__uid", *columns)),
            list(Cube.objects.order_by("pk").values_list()),
            list(texts),
        ]

    for record in records:
        record_accept(record=record, acting_user=any_owner, now=NOW)
    one_by_one = stored()
    for model in (Fact, Cube, models.CreditAnswer, models.Credit, models.Record):
        model.objects.all().delete()
    bring([line(record) for record in records], any_owner)
    assert stored() == one_by_one


_KEYS = {"id", "record_id"}
