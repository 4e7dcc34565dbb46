"""What was changed in the database itself is named: records, closings, evidence."""

import io
import sqlite3
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from PIL import Image

from taizhang.cli import main
from taizhang.core.base.period import Month
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import FIRST, NOW, SECOND, lecture, line


def issues() -> list[tuple[str, object]]:
    """Verify the log; give each code with the id, or the row of the log, that it names."""
    from taizhang.web.audit.verify import verify

    return [
        (issue.code.name, issue.facts.get("id", issue.facts.get("row")))
        for issue in verify().issues
    ]


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def records(any_owner: Any) -> Any:
    """This fixture will accept one record, import three with a correction, and close two months."""
    from taizhang.web.ledger.accept.actions import record_accept, records_import
    from taizhang.web.ledger.canonical_json import canonical
    from taizhang.web.ledger.facts.actions import closings_close

    record_accept(record=lecture(id="one"), acting_user=any_owner, now=NOW)
    three = [lecture(id="two"), lecture(id="three", unit=SECOND), lecture(id="four")]
    lines = [canonical(line(record)) for record in three]
    records_import(lines=lines, acting_user=any_owner, now=NOW)
    better = lecture(id="five", replaces="two", reason="更正", answers={"people": 36})
    record_accept(record=better, acting_user=any_owner, now=NOW)
    closings_close(
        closings=[(unit, "trial", Month(2026, 5)) for unit in (FIRST, SECOND)],
        acting_user=any_owner,
        now=NOW,
    )
    assert issues() == []
    return any_owner


CHANGES = {
    "answers": "answers = replace(answers, '35', '95')",
    "unit": f"unit = '{SECOND}'",
    "date": "date = '2026-05-07'",
    "digest": f"digest = '{'0' * 64}'",
    "moment": "accepted_at = '2026-07-09 02:00:00+00:00', retired_at = NULL",
    "person": "accepted_by_id = NULL",
    "taken out": "retired_at = accepted_at",
    "seal": f"seal = '{'0' * 32}'",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("uid", ["one", "four"])
def test_the_changed_record_is_named_also_one_of_an_import(change: str, uid: str) -> None:
    sql(f"UPDATE ledger_record SET {CHANGES[change]} WHERE uid = %s", uid)  # noqa: S608
    assert issues() == [("AUDIT_008", uid)]


@pytest.mark.usefixtures("records")
def test_a_correction_undone_by_hand_is_named() -> None:
    sql("UPDATE ledger_record SET retired_at = NULL WHERE uid = %s", "two")
    assert issues() == [("AUDIT_008", "two")]


@pytest.mark.usefixtures("records")
def test_contents_exchanged_with_their_seals_do_not_fit_their_order() -> None:
    from taizhang.web.ledger.models import Record

    three, four = Record.objects.get(uid="three"), Record.objects.get(uid="four")
    Record.objects.filter(pk=three.pk).update(uid="x")
    keep = ("unit", "answers", "digest", "seal")
    for first, other in ((four, three), (three, four)):
        values = {name: getattr(other, name) for name in keep}
        Record.objects.filter(pk=first.pk).update(uid=other.uid, **values)
    assert issues() == [("AUDIT_009", three.logged)]


@pytest.mark.usefixtures("records")
def test_a_record_taken_away_is_missed() -> None:
    from taizhang.web.ledger.models import Fact, Record

    logged = Record.objects.get(uid="four").logged
    Fact.objects.filter(record__uid="four").delete()
    Record.objects.filter(uid="four").delete()
    assert issues() == [("AUDIT_009", logged)]


@pytest.mark.usefixtures("records")
def test_a_record_put_in_by_hand_is_named_whatever_it_names() -> None:
    from taizhang.web.audit.actions import audit_append
    from taizhang.web.ledger.models import Record

    copy = Record.objects.get(uid="one")
    copy.pk, copy.uid, copy.logged, copy.seal = None, "forged", None, None
    copy.save(force_insert=True)
    assert issues() == [("AUDIT_011", "forged")]
    with transaction.atomic():
        unlinked = audit_append(actor=None, action="thing.write", objects=[], now=NOW)
    for logged in (unlinked, 10_000):
        Record.objects.filter(uid="forged").update(logged=logged, seal="0" * 32)
        assert issues() == [("AUDIT_010", "forged")]
    logged = Record.objects.get(uid="one").logged
    Record.objects.filter(uid="forged").update(logged=logged)
    assert issues() == [("AUDIT_008", "forged"), ("AUDIT_009", logged)]


@pytest.mark.usefixtures("records")
def test_links_cut_by_hand_do_not_hide_a_change() -> None:
    from taizhang.web.ledger.models import Record

    logged = Record.objects.get(uid="one").logged
    Record.objects.filter(uid="one").update(logged=None, seal=None, reason="x")
    assert issues() == [("AUDIT_009", logged), ("AUDIT_011", "one")]


@pytest.mark.usefixtures("records")
def test_a_changed_closing_is_named() -> None:
    sql("UPDATE ledger_closing SET month = 202604 WHERE unit = %s", FIRST)
    assert issues() == [("AUDIT_008", f"{FIRST} trial 2026-04")]


def test_changed_evidence_is_named(records: Any) -> None:
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    wanted = {"uid": "one", "name": "p.png", "content": picture.getvalue()}
    made = evidence_attach(**wanted, acting_user=records, now=NOW)
    assert evidence_attach(**wanted, acting_user=records, now=NOW) == made
    assert issues() == []
    sql("UPDATE ledger_evidence SET name = 'q.png'")
    assert issues() == [("AUDIT_008", f"one {made.digest[:12]}")]


@pytest.mark.usefixtures("records")
def test_of_many_changed_rows_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.audit import sealed_rows

    monkeypatch.setattr(sealed_rows, "MOST_NAMED", 2)
    sql("UPDATE ledger_record SET reason = 'x'")
    codes = [code for code, _ in issues()]
    assert codes == ["AUDIT_008", "AUDIT_008", "AUDIT_012"]


def test_rows_of_an_older_version_are_counted_not_refused(
    records: Any, any_instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows and their log are put back as the version before wrote them."""
    from taizhang.web.audit import chain
    from taizhang.web.audit.actions import audit_key, rows_cover
    from taizhang.web.audit.models import Entry, Head, State
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.models import Closing, Record

    previous = chain.START
    for entry in Entry.objects.order_by("sequence"):
        content = (entry.sequence, entry.at, entry.actor, entry.action, entry.objects_text)
        row = chain.Row(*content, entry.count, entry.digest, previous)
        previous = chain.row_hash(audit_key(), row)
        values = {"linked": False, "previous": row.previous, "hash": previous}
        Entry.objects.filter(sequence=entry.sequence).update(**values)
    Head.objects.update(digest=previous)
    Record.objects.update(logged=None, seal=None)
    Closing.objects.update(logged=None, seal=None)
    State.objects.all().delete()
    assert {code for code, _ in issues()} == {"AUDIT_013"}  # nobody vouches for what may change
    assert rows_cover(NOW) > 0  # an update does
    assert rows_cover(NOW) == 0
    record_accept(record=lecture(id="new"), acting_user=records, now=NOW)
    assert main(["audit", "verify", "--home", str(any_instance.path)]) == 0
    assert "7" in capsys.readouterr().out  # five records and two closings
    Record.objects.filter(uid="new").update(reason="x")
    assert issues() == [("AUDIT_008", "new")]
    Record.objects.filter(uid="new").update(reason="")
    Closing.objects.filter(unit=FIRST).delete()
    assert [code for code, _ in issues()] == ["AUDIT_011"]


@pytest.mark.usefixtures("owner")
def test_tables_written_at_every_acceptance_are_lean(instance: Home) -> None:
    with sqlite3.connect(instance.database) as database:
        made = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        indexes = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
    for name in ("ledger_record", "ledger_fact"):
        assert "AUTOINCREMENT" not in made[name]
    assert "WITHOUT ROWID" in made["audit_entry"]
    assert "NOT NULL" in indexes["ledger_record_replaces_id_once"]
    assert {"record_unit_date", "record_form_date", "fact_measure_unit_date"} <= set(indexes)


def test_no_record_is_replaced_twice(any_owner: Any) -> None:
    """The table itself refuses it, also where the index holds only what is there."""
    from django.db import IntegrityError, transaction

    from taizhang.web.ledger.models import Record

    values = {
        "form": "trial.lecture",
        "pack_version": "1",
        "unit": FIRST,
        "date": date(2026, 5, 6),
        "answers": "{}",
        "digest": "0" * 64,
        "accepted_at": NOW,
    }
    first = Record.objects.create(uid="a", **values)
    Record.objects.create(uid="b", **values, replaces=first, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(uid="c", **values, replaces=first, reason="x")
