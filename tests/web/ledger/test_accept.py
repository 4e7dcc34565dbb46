"""One record: accepted with all it states in one transaction, or refused with every reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month
from taizhang.core.counting.fact import Submission
from taizhang.core.form.code import AnswerCode
from taizhang.web.ledger.code import RecordCode
from tests.web.ledger.furnish import (
    FIRST,
    GONE,
    MERGED,
    NOW,
    OTHER,
    SECOND,
    STREET,
    THIRD,
    codes,
    lecture,
    pack_files,
)

LATER = NOW + timedelta(hours=1)


def accept(record: Submission, user: Any, now: datetime = NOW) -> Any:
    from taizhang.web.ledger.accept.actions import record_accept

    return record_accept(record=record, acting_user=user, now=now)


def cube() -> dict[tuple[str, str, int], tuple[int, ...]]:
    """Give the cells: (measure, unit, month) → low, high, facts, open_high, missing, records."""
    from taizhang.web.ledger.models import Cube

    names = ("low", "high", "facts", "open_high", "missing", "records")
    return {
        (cell.measure.partition(".")[2], cell.unit, cell.month): tuple(
            getattr(cell, name) for name in names
        )
        for cell in Cube.objects.all()
    }


def counts() -> tuple[int, ...]:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.models import Cube, EntityState, Fact, Record

    return tuple(model.objects.count() for model in (Record, Fact, Cube, EntityState, Entry))


def test_record_facts_cells_and_log_come_together(any_owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger import models
    from taizhang.web.ledger.models import Fact

    before = Entry.objects.count()
    answers = {"materials": [{"kind": "fold", "copies": 100}, {"kind": "poster"}]}
    accepted = accept(lecture(id="a", answers=answers), any_owner)
    assert (accepted.records, accepted.facts, accepted.late, accepted.unchanged) == (1, 4, 0, 0)
    stored = models.Record.objects.get(uid="a")
    assert stored.pack_version == "1.0.0"
    assert stored.accepted_at == NOW
    facts = Fact.objects.filter(record=stored).order_by("ordinal")
    assert [(fact.measure, fact.low, fact.kind) for fact in facts] == [
        ("trial.lectures", 10_000, 0),
        ("trial.attendance", 350_000, 0),
        ("trial.materials", 1_000_000, 0),
        ("trial.materials", None, 5),
    ]
    assert [fact.dims for fact in facts][2:] == ['{"kind":"fold"}', '{"kind":"poster"}']
    cells = cube()
    assert cells["attendance", FIRST, 202605] == (350_000, 350_000, 1, 0, 0, 1)
    assert len(cells) == 3  # the two cells of materials have one key here
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.objects_text, entry.count) == ("record.accept", '["a"]', 1)


def test_same_record_again_changes_nothing_and_other_content_is_refused(any_owner: Any) -> None:
    accept(lecture(id="a"), any_owner)
    before = counts()
    accepted = accept(lecture(id="a"), any_owner, LATER)
    assert (accepted.records, accepted.unchanged) == (0, 1)
    changed = lecture(id="a", answers={"people": 36})
    assert codes(lambda: accept(changed, any_owner)) == [RecordCode.RECORD_006]
    assert counts() == before


def test_correction_retires_what_it_replaces(any_owner: Any) -> None:
    from taizhang.web.ledger import models
    from taizhang.web.ledger.models import Fact

    accept(lecture(id="a", answers={"materials": [{"kind": "fold", "copies": 5}]}), any_owner)
    right = lecture(id="b", replaces="a", reason="核对签到表", answers={"people": ""})
    accepted = accept(right, any_owner, LATER)
    assert accepted.replaced == 1
    assert cube() == {
        ("lectures", FIRST, 202605): (10_000, 10_000, 1, 0, 0, 1),
        ("attendance", FIRST, 202605): (0, 0, 1, 1, 1, 1),
    }
    old = models.Record.objects.get(uid="a")
    assert old.retired_at == LATER
    assert old.replaced_by.uid == "b"
    assert set(Fact.objects.filter(record=old).values_list("retired_at", flat=True)) == {LATER}
    # What was corrected once is corrected again only through the record that stands.
    again = lecture(id="c", replaces="a", reason="再改")
    assert codes(lambda: accept(again, any_owner)) == [RecordCode.RECORD_013]


def withdrawal(of: str, **changes: Any) -> Submission:
    values: dict[str, Any] = {
        "id": f"{of}-out",
        "form": "trial.lecture",
        "unit": FIRST,
        "date": date(2026, 5, 6),
        "answers": {},
        "withdraws": of,
        "reason": "重复",
        **changes,
    }
    return Submission(**values)


def test_withdrawal_empties_the_cells(any_owner: Any) -> None:
    accept(lecture(id="a"), any_owner)
    accepted = accept(withdrawal("a"), any_owner, LATER)
    assert (accepted.withdrawn, accepted.facts) == (1, 0)
    assert cube() == {}
    assert codes(lambda: accept(withdrawal("a", id="x"), any_owner)) == [RecordCode.RECORD_013]
    assert codes(lambda: accept(withdrawal("a-out"), any_owner)) == [RecordCode.RECORD_014]


def test_joint_event_counts_in_no_cell_and_names_each_unit(any_owner: Any) -> None:
    from taizhang.web.ledger.models import Fact

    accept(lecture(id="a", with_units=(SECOND, THIRD)), any_owner)
    assert cube() == {}
    facts = Fact.objects.filter(measure="trial.lectures").order_by("unit")
    assert [(fact.unit, fact.ordinal, fact.joint) for fact in facts] == [
        (FIRST, 0, True),
        (SECOND, 0, True),
        (THIRD, 0, True),
    ]
    accept(withdrawal("a"), any_owner)
    assert not Fact.objects.filter(retired_at=None).exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"form": "trial.party"}, RecordCode.RECORD_007),
        ({"date": date(2026, 7, 11)}, RecordCode.RECORD_008),
        ({"answers": {"held_on": "2026-08-01"}}, RecordCode.RECORD_008),
        ({"unit": "360602001099"}, RecordCode.RECORD_009),
        ({"unit": GONE}, RecordCode.RECORD_009),
        ({"unit": STREET}, RecordCode.RECORD_010),
        ({"with_units": (OTHER,)}, RecordCode.RECORD_010),
        ({"with_units": ("360602001099",)}, RecordCode.RECORD_009),
        ({"with_units": (FIRST,)}, RecordCode.RECORD_011),
        ({"with_units": (SECOND, SECOND)}, RecordCode.RECORD_011),
        ({"replaces": "nothing", "reason": "x"}, RecordCode.RECORD_012),
        ({"id": "self", "replaces": "self", "reason": "x"}, RecordCode.RECORD_012),
        ({"replaces": "stored"}, RecordCode.RECORD_015),
        ({"withdraws": "stored", "reason": "x"}, RecordCode.RECORD_017),
        (
            {"form": "trial.population", "replaces": "board", "reason": "x"},
            RecordCode.RECORD_018,
        ),
        ({"id": ""}, RecordCode.RECORD_004),
        ({"id": "x" * 101}, RecordCode.RECORD_005),
        ({"id": "two\nlines"}, RecordCode.RECORD_002),
        ({"id": "张三"}, RecordCode.RECORD_023),
        ({"id": "two words"}, RecordCode.RECORD_023),
        ({"id": "../../etc"}, RecordCode.RECORD_023),
        ({"id": "<b>"}, RecordCode.RECORD_023),
        ({"id": "uuid:13800138000"}, RecordCode.RECORD_023),
        ({"id": "36060219900101123X"}, RecordCode.RECORD_023),
        ({"answers": {"pregnant": "yes"}}, AnswerCode.ANSWER_001),
        ({"answers": {"held": ""}}, AnswerCode.ANSWER_002),
        ({"answers": {"people": "many"}}, AnswerCode.ANSWER_003),
        ({"answers": {"people": -1}}, AnswerCode.ANSWER_004),
        ({"answers": {"topic": "party"}}, AnswerCode.ANSWER_005),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_stored(
    owner: Any, changes: dict[str, Any], code: Any
) -> None:
    accept(lecture(id="stored"), owner)
    accept(board(id="board"), owner)
    before = counts()
    record = lecture(**changes)
    if changes.get("form") == "trial.population":
        answers = {"counted_on": "2026-05-06", "persons": 3}
        record = Submission(
            id="p", form=record.form, unit=FIRST, date=record.date, answers=answers,
            replaces=record.replaces, reason="x",
        )  # fmt: skip
    assert codes(lambda: accept(record, owner)) == [code]
    assert counts() == before


def board(**changes: Any) -> Submission:
    day = changes.pop("day", date(2026, 5, 6))
    answers = {
        "board": "XC-01",
        "changed_on": day.isoformat(),
        "state": "in_use",
        **changes.pop("answers", {}),
    }
    values = {"id": "b1", "form": "trial.board", "unit": FIRST, "date": day, **changes}
    return Submission(answers=answers, **values)


def test_all_reasons_are_told_at_once(owner: Any) -> None:
    record = lecture(
        unit=STREET,
        with_units=("360602001099",),
        date=date(2026, 12, 1),
        replaces="a",
        answers={"people": "many", "who": "x"},
    )
    assert set(codes(lambda: accept(record, owner))) == {
        RecordCode.RECORD_008,
        RecordCode.RECORD_009,
        RecordCode.RECORD_010,
        RecordCode.RECORD_015,
        AnswerCode.ANSWER_001,
        AnswerCode.ANSWER_003,
    }


def test_today_is_the_day_in_shanghai(owner: Any) -> None:
    evening = datetime(2026, 7, 10, 16, 30, tzinfo=UTC)  # 00:30 on the 11th in Shanghai
    record = lecture(date=date(2026, 7, 11), answers={"held_on": "2026-07-11"})
    before = evening - timedelta(hours=1)
    assert codes(lambda: accept(record, owner, before)) == [RecordCode.RECORD_008]
    assert accept(record, owner, evening).records == 1


def test_fuzzy_numbers_pass_through(owner: Any) -> None:
    for number, people in enumerate(
        (
            {"low": 500, "kind": "at_least"},
            {"high": 500, "kind": "at_most"},
            {"low": 200, "high": 999, "kind": "between"},
            {"low": 80, "high": 80, "kind": "about"},
        )
    ):
        accept(lecture(id=f"q{number}", answers={"people": people}), owner)
    assert cube()["attendance", FIRST, 202605] == (7_800_000, 15_790_000, 4, 1, 0, 4)


def test_worker_records_in_own_unit_and_sees_no_other(any_owner: Any) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    worker = user_add(
        username="wang", name="王", role=Role.RECORDER, unit=FIRST, acting_user=any_owner, now=NOW
    )
    viewer = user_add(
        username="li", name="李", role=Role.VIEWER, unit="", acting_user=any_owner, now=NOW
    )
    assert accept(lecture(id="mine", with_units=(SECOND,)), worker).records == 1
    accept(lecture(id="theirs", unit=SECOND), any_owner)
    assert codes(lambda: accept(lecture(unit=SECOND), worker)) == [RecordCode.RECORD_019]
    assert codes(lambda: accept(lecture(), viewer)) == [RecordCode.RECORD_019]
    # A record of another unit looks like none at all.
    taken = lecture(replaces="theirs", reason="x")
    assert codes(lambda: accept(taken, worker)) == [RecordCode.RECORD_012]


def test_worker_of_a_successor_corrects_old_records(owner: Any) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    march = {"held_on": "2026-03-05"}
    old = lecture(id="old", unit=GONE, date=date(2026, 3, 5), answers=march)
    accept(old, owner)
    worker = user_add(
        username="wang", name="王", role=Role.RECORDER, unit=MERGED, acting_user=owner, now=NOW
    )
    right = lecture(
        id="new", unit=GONE, date=date(2026, 3, 5), replaces="old", reason="更正", answers=march
    )
    assert accept(right, worker).replaced == 1


def test_late_record_is_taken_and_marked_in_the_log(any_owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.facts.actions import closings_close

    closings = [(FIRST, "trial", Month(2026, 5))]
    assert closings_close(closings=closings, acting_user=any_owner, now=NOW) == 1
    assert accept(lecture(id="late"), any_owner, LATER).late == 1
    assert Entry.objects.latest("sequence").action == "record.accept.late"
    assert accept(lecture(id="other", unit=SECOND), any_owner, LATER).late == 0
    # A lecture credited to the closed unit is late there too.
    assert accept(lecture(id="joint", unit=SECOND, with_units=(FIRST,)), any_owner, LATER).late == 1


def test_version_in_force_on_the_date_counts(owner: Any) -> None:
    from taizhang.web.ledger import models
    from taizhang.web.ledger.models import Fact
    from taizhang.web.programmes.actions import pack_install

    files = pack_files()
    files["pack.yaml"] = files["pack.yaml"].replace(b"1.0.0", b"1.1.0")
    files["measures.yaml"] = files["measures.yaml"].replace(b"{lectures: 1,", b"{lectures: 2,")
    pack_install(source=files, acting_user=owner, now=NOW, in_force_from=date(2026, 6, 1))
    accept(lecture(id="may"), owner)
    june = lecture(
        id="june", date=date(2026, 6, 1), answers={"held_on": "2026-06-01"}, pack_version="1.0.0"
    )
    accepted = accept(june, owner)
    assert [issue.code for issue in accepted.warnings] == [RecordCode.RECORD_021]
    versions = dict(models.Record.objects.values_list("uid", "pack_version"))
    assert versions == {"may": "1.0.0", "june": "1.0.0"}  # judged by it, counted by the other
    lows = Fact.objects.filter(measure="trial.lectures").values_list("record__uid", "low")
    assert dict(lows) == {"may": 10_000, "june": 20_000}


def test_broken_cube_is_not_hidden(any_owner: Any) -> None:
    from taizhang.web.ledger.models import Cube

    accept(lecture(id="a"), any_owner)
    Cube.objects.filter(measure="trial.lectures").delete()
    before = counts()
    with pytest.raises(Refused, match="FACTS_002"):
        accept(withdrawal("a"), any_owner)
    assert counts() == before


@pytest.mark.parametrize("again", ["correction", "withdrawal"])
def test_a_clock_that_was_put_back_ends_no_record_before_it_began(
    any_owner: Any, again: str
) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.ledger import models
    from taizhang.web.ledger.facts.rebuild import facts_verify
    from taizhang.web.ledger.models import Fact

    accept(lecture(id="a"), any_owner)
    earlier = NOW - timedelta(days=1)
    right = lecture(id="b", replaces="a", reason="核对", answers={"people": 36})
    accept(right if again == "correction" else withdrawal("a"), any_owner, earlier)
    moments = set(models.Record.objects.values_list("accepted_at", "retired_at"))
    assert moments == {(NOW, NOW), (NOW, None)}
    assert set(Fact.objects.filter(record__uid="a").values_list("retired_at", flat=True)) == {NOW}
    # A record that ends none bears the moment of the clock as it is.
    accept(lecture(id="c"), any_owner, earlier)
    assert models.Record.objects.get(uid="c").accepted_at == earlier
    assert facts_verify(NOW).issues == ()
    assert verify().issues == ()
