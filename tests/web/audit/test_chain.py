"""The log finds edits, gaps, a cut-off end and a roll-back."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from taizhang.core.base.issue import Refused
from taizhang.web.audit import chain
from taizhang.web.instance.paths import Home, HomeCode

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)


def write(number: int) -> None:
    """Append `number` rows."""
    from taizhang.web.audit.actions import audit_append

    for index in range(number):
        with transaction.atomic():
            audit_append(
                actor=None,
                action="thing.write",
                objects=[f"r{index}"],
                contents=[f"content {index}"],
                now=NOW,
            )


def codes(kept: str | None = None) -> list[str]:
    """Verify, with a head kept outside, and give the codes found with their rows."""
    from taizhang.web.audit.verify import Outside, outside_read, verify

    outside = outside_read(kept) if kept else None
    assert outside is None or isinstance(outside, Outside)
    issues = verify(outside).issues
    return [f"{issue.code.name}:{issue.place.line}" for issue in issues]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("any_instance")
def test_a_whole_log_verifies_and_goes_on_from_a_kept_head() -> None:
    from taizhang.web.audit.verify import head

    write(5)
    kept = head()
    assert kept.count == 6  # making the instance is the first row
    write(3)
    assert codes() == []
    assert codes(f"{kept.count}:{kept.digest}") == []
    assert codes(f"{kept.count} {kept.digest}") == []


@pytest.mark.parametrize(
    "column", ["at", "actor", "action", "objects", "count", "digest", "previous", "hash"]
)
@pytest.mark.usefixtures("instance")
def test_an_edit_of_any_column_is_found(column: str) -> None:
    write(5)
    value = "7" if column in ("actor", "count") else "'x'"
    sql(f"UPDATE audit_entry SET {column} = {value} WHERE sequence = 3")  # noqa: S608
    assert codes() == ["AUDIT_001:3"]


@pytest.mark.usefixtures("any_instance")
def test_an_edit_with_new_hashes_all_the_way_needs_the_key() -> None:
    """Who writes the table without the key cannot make the rows after fit."""
    write(5)
    sql("UPDATE audit_entry SET action = 'x' WHERE sequence = 3")
    from taizhang.web.audit.models import Entry, Head

    previous = Entry.objects.get(sequence=2).hash
    for entry in Entry.objects.filter(sequence__gte=3).order_by("sequence"):
        row = chain.Row(
            entry.sequence,
            entry.at,
            entry.actor,
            entry.action,
            entry.objects_text,
            entry.count,
            entry.digest,
            previous,
        )
        previous = chain.row_hash(b"a guessed key", row)
        Entry.objects.filter(sequence=entry.sequence).update(previous=row.previous, hash=previous)
    Head.objects.update(digest=previous)
    assert codes() == ["AUDIT_001:3"]


@pytest.mark.usefixtures("any_instance")
def test_a_gap_is_found() -> None:
    write(6)
    sql("DELETE FROM audit_entry WHERE sequence IN (3, 4)")
    assert codes() == ["AUDIT_002:5"]


@pytest.mark.usefixtures("any_instance")
def test_a_cut_off_end_is_found_by_the_head_and_by_a_kept_one() -> None:
    from taizhang.web.audit.verify import head

    write(6)
    kept = head()
    sql("DELETE FROM audit_entry WHERE sequence > 5")
    assert codes() == ["AUDIT_004:5"]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_head SET count = 5, "
            "digest = (SELECT hash FROM audit_entry WHERE sequence = 5)"
        )
    assert codes() == []
    assert codes(f"{kept.count}:{kept.digest}") == ["AUDIT_005:5"]


@pytest.mark.usefixtures("instance")
def test_a_roll_back_that_was_written_on_is_found_by_a_kept_head() -> None:
    from taizhang.web.audit.verify import head

    write(6)
    kept = head()
    sql("DELETE FROM audit_entry WHERE sequence > 5")
    sql(
        "UPDATE audit_head SET count = 5, "
        "digest = (SELECT hash FROM audit_entry WHERE sequence = 5)"
    )
    write(4)
    assert codes() == []
    assert codes(f"{kept.count}:{kept.digest}") == ["AUDIT_006:7"]


@pytest.mark.usefixtures("instance")
def test_rows_of_another_branch_do_not_follow() -> None:
    """Rows that were sound once, put back over their successors, break the chain."""
    from taizhang.web.audit.models import Entry, Head

    write(4)
    branch = list(Entry.objects.filter(sequence__gte=4).values())
    state = {"count": 3, "digest": Entry.objects.get(sequence=3).hash}
    Entry.objects.filter(sequence__gte=4).delete()
    Head.objects.update(**state)
    with transaction.atomic():
        from taizhang.web.audit.actions import audit_append

        audit_append(actor=None, action="pack.install", objects=["p"], now=NOW)
    Entry.objects.create(**branch[1])
    Head.objects.update(count=5, digest=branch[1]["hash"])
    assert codes() == ["AUDIT_003:5"]


@pytest.mark.usefixtures("any_instance")
def test_a_write_that_fails_leaves_no_row() -> None:
    from taizhang.web.audit.actions import audit_append
    from taizhang.web.audit.verify import head

    before = head()

    @transaction.atomic
    def fail() -> None:
        audit_append(actor=None, action="thing.write", objects=["r"], now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert head() == before
    assert codes() == []


@pytest.mark.usefixtures("instance")
def test_appending_outside_a_transaction_is_refused() -> None:
    from taizhang.web.audit.actions import audit_append

    with pytest.raises(RuntimeError, match="transaction"):
        audit_append(actor=None, action="thing.write", objects=["r"], now=NOW)


@pytest.mark.usefixtures("any_instance")
def test_writers_at_the_same_time_make_one_chain() -> None:
    def work() -> None:
        try:
            write(20)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    from taizhang.web.audit.verify import head

    assert head().count == 81
    assert codes() == []


@pytest.mark.usefixtures("instance")
def test_no_content_stands_in_the_log() -> None:
    from taizhang.web.audit.models import Entry

    write(1)
    kept = " ".join(str(value) for row in Entry.objects.values_list() for value in row)
    assert "content 0" not in kept


def test_a_missing_key_is_said(instance: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.audit import actions
    from taizhang.web.audit.verify import verify

    actions._key.cache_clear()
    monkeypatch.setenv("TAIZHANG_KEYS", str(instance.path.parent / "elsewhere"))
    with pytest.raises(Refused) as refused:
        verify()
    assert [issue.code for issue in refused.value.issues] == [HomeCode.INSTANCE_005]


def test_the_digest_of_a_batch_depends_on_each_content_and_their_order() -> None:
    key = bytes(32)
    texts = ["a", "b", "c"]
    digests = {
        chain.contents_digest(key, variant)[0]
        for variant in (texts, texts[::-1], texts[:2], [*texts, "d"], ["ab", "", "c"])
    }
    assert len(digests) == 5
    assert chain.contents_digest(key, iter(texts)) == chain.contents_digest(key, texts)
    assert chain.contents_digest(key, texts)[1] == 3
