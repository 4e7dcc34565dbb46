"""`audit verify` opens pictures and old texts, and tells what is missing, changed or strange."""

from pathlib import Path
from typing import Any

import pytest

from taizhang.cli import main
from taizhang.core.base.issue import Level
from taizhang.web.instance.paths import Home
from tests.cli.sealed import drawn, picture, sealed_things
from tests.web.ledger.furnish import FIRST, NOW, lecture


@pytest.fixture
def owner(any_instance: Home) -> Any:
    """This fixture will give the owner of an instance with a picture and an old text."""
    return sealed_things()


@pytest.fixture
def photo(any_instance: Home, owner: Any) -> Path:
    """This fixture will give the file of the picture."""
    return any_instance.path / picture(any_instance)


def told() -> list[tuple[str, str]]:
    from taizhang.web.audit.verify import verify

    return [(issue.code.name, str(issue.place)) for issue in verify().issues]


def test_what_is_whole_is_counted(photo: Path, any_instance: Home) -> None:
    from taizhang.web.audit.verify import verify

    verified = verify()
    assert (verified.issues, verified.opened) == ((), 2)


def test_a_missing_and_a_changed_picture_are_named(photo: Path, any_instance: Home) -> None:
    place = str(picture(any_instance))
    sealed = photo.read_bytes()
    spoilt = (
        *(sealed[:-1] + bytes([sealed[-1] ^ 1]), b"x" + sealed[1:], sealed[:-1], sealed + b"x"),
        *(b"", b"\0" * len(sealed)),
    )
    for changed in spoilt:
        photo.write_bytes(changed)
        assert told() == [("EVIDENCE_006", place)]
    photo.unlink()
    assert told() == [("EVIDENCE_005", place)]
    photo.mkdir()
    assert told() == [("EVIDENCE_005", place)]
    photo.rmdir()
    photo.write_bytes(sealed)
    assert told() == []


def test_a_picture_of_another_record_is_not_taken_for_it(
    photo: Path, any_instance: Home, owner: Any
) -> None:
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    named = {"uid": "a", "name": "q.png", "acting_user": owner, "now": NOW}
    other = evidence_attach(content=drawn("blue"), **named)
    place = str(picture_of(any_instance, other.digest))
    (any_instance.path / place).write_bytes(photo.read_bytes())
    assert told() == [("EVIDENCE_006", place)]


def picture_of(home: Home, digest: str) -> Path:
    return Path("media") / "evidence" / digest[:2] / digest


def test_one_picture_of_two_records_is_opened_once(photo: Path, owner: Any) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    record_accept(record=lecture(id="b"), acting_user=owner, now=NOW)
    evidence_attach(uid="b", name="p.png", content=drawn(), acting_user=owner, now=NOW)
    assert verify().opened == 2
    photo.unlink()
    assert [code for code, _ in told()] == ["EVIDENCE_005"]


def test_a_lost_picture_that_is_sent_once_more_is_there_again(photo: Path, owner: Any) -> None:
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    photo.write_bytes(b"spoilt")
    record_accept(record=lecture(id="b"), acting_user=owner, now=NOW)
    evidence_attach(uid="b", name="p.png", content=drawn(), acting_user=owner, now=NOW)
    assert told() == []


def test_a_strange_file_is_named_and_a_broken_off_write_only_warned_of(
    photo: Path, any_instance: Home, owner: Any
) -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.ledger.record.evidence import evidence_clean, evidence_write

    left = evidence_write(evidence_clean("x.png", drawn("green")))  # and no row came to it
    draft = photo.with_name(f"{photo.name}.00ff00ff")
    draft.write_bytes(b"half")
    issues = verify().issues
    assert {(issue.code.name, issue.level) for issue in issues} == {("EVIDENCE_008", Level.WARNING)}
    assert len(issues) == 2
    assert main(["audit", "verify", "--home", str(any_instance.path)]) == 0
    left.write_bytes(b"no picture of ours")
    draft.unlink()
    (any_instance.path / "media" / "letter.txt").write_text("Dear", encoding="utf-8")
    (any_instance.path / "media" / "link").symlink_to("/etc/passwd")
    codes = sorted(told())
    assert [code for code, _ in codes] == ["EVIDENCE_007"] * 3
    assert ("EVIDENCE_007", "media/letter.txt") in codes
    assert main(["audit", "verify", "--home", str(any_instance.path)]) == 1


def test_of_many_lost_pictures_the_rest_is_counted(
    photo: Path, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.audit import sealed_files
    from taizhang.web.ledger.record.evidence_actions import evidence_attach

    for color in ("blue", "green", "black"):
        named = {"uid": "a", "name": "q.png", "acting_user": owner, "now": NOW}
        evidence_attach(content=drawn(color), **named)
    for file in photo.parents[1].rglob("*"):
        if file.is_file():
            file.unlink()
    monkeypatch.setattr(sealed_files, "MOST_NAMED", 2)
    assert [code for code, _ in told()] == ["EVIDENCE_005", "EVIDENCE_005", "AUDIT_015"]


def test_every_column_of_a_covered_row_is_held_to_the_log(photo: Path) -> None:
    """The size of a picture is no part of what was sealed: it is held to the picture itself."""
    from django.db import IntegrityError, transaction

    from taizhang.web.ledger.models import Closing, Evidence, Record
    from tests.web.audit.test_snapshot import other

    for model in (Record, Evidence, Closing):
        for field in model._meta.concrete_fields:
            row = model.objects.exclude(**{f"{field.name}__isnull": True}).order_by("-pk").first()
            if row is None or field.primary_key:
                continue
            try:
                with transaction.atomic():
                    value = other(getattr(row, field.attname))
                    model.objects.filter(pk=row.pk).update(**{field.attname: value})
                    assert told() != [], field
                    transaction.set_rollback(True)
            except IntegrityError:
                continue
    Evidence.objects.update(size=7)
    assert told() == [("AUDIT_008", "ledger_evidence")]


def test_without_its_key_nothing_is_said_to_open(
    photo: Path, any_instance: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    key = any_instance.key_file("evidence")
    aside = any_instance.path.parent / "aside"
    key.rename(aside)
    try:
        assert told()[0] == ("INSTANCE_005", str(key))
        assert main(["audit", "verify", "--home", str(any_instance.path)]) == 1
        assert "INSTANCE_005" in capsys.readouterr().err
        key.write_text("no key")
        assert told()[0] == ("INSTANCE_014", str(key))
        key.write_text("00" * 32)
        assert [code for code, _ in told()][:2] == ["EVIDENCE_006", "OFFICE_014"]
    finally:
        aside.replace(key)


def test_a_picture_that_cannot_be_kept_is_refused_before_its_record_is_stored(
    photo: Path, any_instance: Home, owner: Any
) -> None:
    from taizhang.core.base.issue import Refused
    from taizhang.web.ledger.accept.submission import submission_accept
    from taizhang.web.ledger.models import Evidence, Record
    from taizhang.web.office.models import Review
    from taizhang.web.office.old_text import content_of
    from tests.web.ledger.test_sent import xml

    key = any_instance.key_file("evidence")
    aside = any_instance.path.parent / "aside"
    key.rename(aside)
    try:
        sent = {"unit": FIRST, "files": {}, "acting_user": owner, "now": NOW}
        with pytest.raises(Refused) as caught:
            submission_accept(xml=xml("uuid:b"), evidence={"p.png": drawn("blue")}, **sent)
        assert [issue.code.name for issue in caught.value.issues] == ["EVIDENCE_009"]
        assert str(any_instance.keys) not in str(caught.value)
        assert Record.objects.count() == Evidence.objects.count() == 1
        with pytest.raises(Refused, match="OFFICE_011"):
            content_of(Review.objects.get())
    finally:
        aside.replace(key)


def test_a_changed_old_text_is_named(owner: Any) -> None:
    from taizhang.web.office.models import Review

    review = Review.objects.get()
    Review.objects.update(content=bytes(review.content)[:-1] + b"x")
    assert told() == [("AUDIT_008", "office_review"), ("OFFICE_014", "office_review")]
