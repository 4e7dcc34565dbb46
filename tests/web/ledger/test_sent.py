"""A filled-in form becomes one record however often and in however many parts it is sent."""

from datetime import date, timedelta
from typing import Any

import pytest

from taizhang.core.base.issue import Code, Refused
from taizhang.core.form.code import InstanceCode
from taizhang.web.instance.paths import Home
from taizhang.web.ledger.code import EvidenceCode, RecordCode
from tests.web.ledger.furnish import FIRST, NOW, OTHER, codes, furnish, pack_files
from tests.web.ledger.test_evidence import photo

SPOT = """
| survey |  |  |  |  |  |
| | type | name | label | about | parameters |
| | text | spot | 地点编号 | place | |
| | image | front | 正面 | place | max-pixels=1024 |
| | image | side | 侧面 | place | max-pixels=1024 |
| | begin repeat | visits | 查看 | place | |
| | date | seen_on | 查看日期 | place | |
| | end repeat | | | | |
| settings |  |  |  |  |
| | form_title | form_id | version | about |
| | 点位 | spot | 1 | place |
"""
COUNTED = """
  - form: spot
    date: visits.seen_on
    each: visits
    facts: {spots: 1}
"""


def spot_pack() -> dict[str, bytes]:
    """Give the trial pack with a form that asks for pictures, which no single day dates."""
    files = pack_files()
    measures = files["measures.yaml"].decode().rstrip() + COUNTED
    spots = "measures:\n  spots: {label: 点位, unit: 次, kind: event, about: place}"
    measures = measures.replace("measures:", spots, 1)
    return {**files, "measures.yaml": measures.encode(), "forms/spot.md": SPOT.encode()}


LECTURE = "<held>yes</held><held_on>2026-05-06</held_on><topic>tb</topic><people>35</people>"
PICTURES = "<spot>A1</spot><front>正面.jpg</front><side>b.png</side>"


def xml(
    uid: str, fields: str = LECTURE, form: str = "trial.lecture", version: str = "1", old: str = ""
) -> bytes:
    edited = f"<deprecatedID>{old}</deprecatedID>" if old else ""
    return (
        f'<data id="{form}" version="{version}">{fields}'
        f"<meta><instanceID>{uid}</instanceID>{edited}</meta></data>"
    ).encode()


def send(user: Any, sent: bytes, files: dict[str, bytes] | None = None, **more: Any) -> Any:
    from taizhang.web.ledger.accept.submission import submission_accept

    given: dict[str, Any] = {"unit": FIRST, "now": NOW, **more}
    return submission_accept(xml=sent, files=files or {}, acting_user=user, **given)


def spot(uid: str = "uuid:p", fields: str = PICTURES) -> bytes:
    return xml(uid, fields, "trial.spot")


def counts() -> tuple[int, ...]:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.models import Cube, Evidence, Fact, Record

    return tuple(model.objects.count() for model in (Record, Fact, Cube, Evidence, Entry))


@pytest.fixture
def sender(instance: Home) -> Any:
    """This fixture will give the owner of an instance whose pack has a form with pictures."""
    return furnish(spot_pack())


def test_a_lecture_is_a_record_of_its_day(sender: Any) -> None:
    from taizhang.web.ledger.models import Fact, Record

    sent = send(sender, xml("uuid:1"))
    assert (sent.status, sent.uid, sent.accepted.facts) == ("accepted", "uuid:1", 2)
    record = Record.objects.get()
    assert (record.form, record.unit, record.date) == ("trial.lecture", FIRST, date(2026, 5, 6))
    assert set(Fact.objects.values_list("measure", "low")) == {
        ("trial.lectures", 10_000),
        ("trial.attendance", 350_000),
    }


def test_sent_again_it_is_known_also_on_another_day(sender: Any) -> None:
    send(sender, xml("uuid:1"))
    send(sender, spot("uuid:2", "<spot>A1</spot>"))  # no rule dates it: the day of its arrival
    before = counts()
    for again in (xml("uuid:1"), spot("uuid:2", "<spot>A1</spot>")):
        sent = send(sender, again, now=NOW + timedelta(days=40))
        assert (sent.status, sent.accepted.records, sent.accepted.unchanged) == ("known", 0, 1)
    assert counts() == before


def test_an_edit_replaces_its_original_with_a_reason(sender: Any) -> None:
    from taizhang.web.ledger.accept.submission import EDITED
    from taizhang.web.ledger.models import Record

    send(sender, xml("uuid:1"))
    fields = LECTURE.replace("35", "52")
    sent = send(sender, xml("uuid:2", fields, old="uuid:1"))
    assert sent.accepted.replaced == 1
    record = Record.objects.get(uid="uuid:2")
    assert (record.replaces.uid, record.reason) == ("uuid:1", EDITED)
    assert send(sender, xml("uuid:2", fields, old="uuid:1")).status == "known"
    send(sender, xml("uuid:3", old="uuid:2"), reason="签到表核对")
    assert Record.objects.get(uid="uuid:3").reason == "签到表核对"


def test_pictures_come_in_parts_in_any_order_and_more_than_once(sender: Any) -> None:
    from taizhang.web.ledger.models import Evidence, Record

    sent = send(sender, spot(), {"b.png": photo("PNG")}, more_to_come=True)
    assert (sent.status, sent.missing, sent.accepted.records) == ("incomplete", ("正面.jpg",), 1)
    sent = send(sender, spot(), {"b.png": photo("PNG")})
    assert (sent.status, sent.accepted.records) == ("incomplete", 0)
    sent = send(sender, spot(), {"正面.jpg": photo()})
    assert (sent.status, sent.missing) == ("known", ())
    before = counts()
    both = {"b.png": photo("PNG"), "正面.jpg": photo()}
    assert send(sender, spot(), both).status == "known"
    assert counts() == before
    assert Record.objects.count() == 1
    assert set(Evidence.objects.values_list("name", flat=True)) == {"正面.jpg", "b.png"}


def test_whole_form_with_pictures_is_accepted_at_once(sender: Any) -> None:
    same = photo()
    sent = send(sender, spot(), {"b.png": same, "正面.jpg": same, "old.jpg": photo("PNG")})
    assert sent.status == "accepted"  # one picture under two names is one picture
    assert [issue.code.name for issue in sent.warnings] == ["SENT_013"]


def test_pictures_beside_the_form_are_attached(sender: Any) -> None:
    from taizhang.web.ledger.models import Evidence

    sent = send(sender, xml("uuid:1"), evidence={"签到表.jpg": photo()})
    assert sent.status == "accepted"
    assert Evidence.objects.get().record.uid == "uuid:1"


def test_a_crash_between_record_and_pictures_is_healed_by_sending_again(
    sender: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.ledger.accept import submission as module
    from taizhang.web.ledger.models import Evidence, Record

    attach = module.evidence_attach
    calls = []

    def crash(**arguments: Any) -> Any:
        calls.append(arguments["name"])
        if len(calls) == 2:
            raise OSError("no space left on device")
        return attach(**arguments)

    both = {"正面.jpg": photo(), "b.png": photo("PNG")}
    monkeypatch.setattr(module, "evidence_attach", crash)
    with pytest.raises(OSError, match="no space"):
        send(sender, spot(), both)
    assert (Record.objects.count(), Evidence.objects.count()) == (1, 1)
    monkeypatch.setattr(module, "evidence_attach", attach)
    sent = send(sender, spot(), both)
    assert (sent.status, sent.missing) == ("known", ())
    assert (Record.objects.count(), Evidence.objects.count()) == (1, 2)


def test_filled_in_by_an_earlier_version_it_is_still_taken(sender: Any) -> None:
    from taizhang.web.programmes.actions import pack_install

    lecture = pack_files()["forms/lecture.md"].decode().replace("lecture | 1 |", "lecture | 2 |")
    pack = pack_files()["pack.yaml"].decode()
    number = next(line for line in pack.splitlines() if line.startswith("version:"))
    files = {**pack_files(), "forms/lecture.md": lecture.encode()}
    files["pack.yaml"] = pack.replace(number, "version: 9.0.0").encode()
    pack_install(source=files, in_force_from=date(2026, 1, 1), acting_user=sender, now=NOW)
    sent = send(sender, xml("uuid:1"))
    assert sent.status == "accepted"
    # May is more than sixty days ago, which is told as well.
    assert [issue.code.name for issue in sent.warnings] == ["SENT_014", "SENT_015"]
    sent = send(sender, xml("uuid:2", version="2"))
    assert [issue.code.name for issue in sent.warnings] == ["SENT_015"]
    assert codes(lambda: send(sender, xml("uuid:3", version="3"))) == [InstanceCode.SENT_005]


def test_same_id_with_other_content_is_a_conflict(sender: Any) -> None:
    send(sender, xml("uuid:1"))
    before = counts()
    for changed in (
        xml("uuid:1", LECTURE.replace("35", "36")),
        xml("uuid:1", LECTURE.replace("05-06", "05-07")),
        xml("uuid:1", "<spot>A1</spot>", "trial.spot"),
    ):
        assert codes(lambda changed=changed: send(sender, changed)) == [RecordCode.RECORD_006]
    assert codes(lambda: send(sender, xml("uuid:1"), unit=OTHER[:-3] + "001"))[-1:] == [
        RecordCode.RECORD_006
    ]
    assert counts() == before


BAD: list[tuple[str, bytes, dict[str, bytes], Code]] = [
    ("cut", xml("uuid:1")[:-9], {}, InstanceCode.SENT_001),
    ("unknown form", xml("uuid:1", form="trial.none"), {}, InstanceCode.SENT_005),
    ("unknown pack", xml("uuid:1", form="lecture"), {}, InstanceCode.SENT_005),
    ("unknown field", xml("uuid:1", "<wage>1</wage>"), {}, InstanceCode.SENT_008),
    ("unknown choice", xml("uuid:1", LECTURE.replace("tb", "x")), {}, None),  # type: ignore[list-item]
    ("edit first", xml("uuid:2", old="uuid:1"), {}, RecordCode.RECORD_012),
    ("edits itself", xml("uuid:2", old="uuid:2"), {}, RecordCode.RECORD_012),
    ("tomorrow", xml("uuid:1", LECTURE.replace("2026-05", "2026-12")), {}, RecordCode.RECORD_008),
    ("no picture", spot(), {"b.png": b"%PDF-1.7"}, EvidenceCode.EVIDENCE_001),
    ("cut picture", spot(), {"b.png": photo()[:300]}, EvidenceCode.EVIDENCE_003),
    ("large picture", spot(), {"b.png": bytes(15_000_001)}, EvidenceCode.EVIDENCE_002),
]


@pytest.mark.parametrize(("name", "sent", "files", "code"), BAD, ids=[case[0] for case in BAD])
def test_bad_input_is_refused_and_nothing_is_stored(
    sender: Any, name: str, sent: bytes, files: dict[str, bytes], code: Code | None
) -> None:
    before = counts()
    with pytest.raises(Refused) as caught:
        send(sender, sent, files)
    codes = [issue.code for issue in caught.value.issues]
    assert codes == ([code] if code else codes[:1])
    assert counts() == before


def test_foreign_unit_is_refused_and_nothing_is_stored(sender: Any) -> None:
    from taizhang.web.accounts.models import Grant, Role, User

    stranger = User.objects.create(username="wu")
    Grant.objects.create(user=stranger, role=Role.VIEWER, unit=FIRST)
    before = counts()
    assert codes(lambda: send(stranger, xml("uuid:1"))) == [RecordCode.RECORD_019]
    assert counts() == before


def test_hostile_names_of_files_stay_names(sender: Any, instance: Home) -> None:
    files = {"../../escape.jpg": photo(), "/etc/cron.d/x": photo("PNG"), "b.png": photo("PNG")}
    sent = send(sender, spot(fields="<spot>A1</spot><side>b.png</side>"), files)
    assert [issue.code.name for issue in sent.warnings] == ["SENT_013", "SENT_013"]
    assert list(instance.path.parent.rglob("escape*")) == []


def test_on_every_store_it_is_the_same(any_instance: Home) -> None:
    owner = furnish(spot_pack())
    assert send(owner, xml("uuid:1")).status == "accepted"
    assert send(owner, xml("uuid:1")).status == "known"
    changed = xml("uuid:1", LECTURE.replace("35", "36"))
    assert codes(lambda: send(owner, changed)) == [RecordCode.RECORD_006]
    assert send(owner, xml("uuid:2", old="uuid:1")).accepted.replaced == 1
    assert send(owner, spot(), {"b.png": photo("PNG")}, more_to_come=True).missing == ("正面.jpg",)
    assert send(owner, spot(), {"正面.jpg": photo()}).missing == ()
    assert counts()[0] == 3
