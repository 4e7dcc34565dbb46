"""The host's own pages: settings, complaints, units, packs, the log."""

import io
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

import taizhang.cli
from taizhang.core.pack.examine import shipped_folder
from tests.web.browsing import signed_in, soup, vouch, words
from tests.web.host.conftest import COMMUNITY, UNITS

SKELETON = Path(taizhang.cli.__file__).with_name("skeleton")
HEAD = "---\ntitle: 试\nkind: 总结\nperiod: year\n---\n"
DOUBLED = "{% set x = x ~ x %}"
ENDLESS = """
records: [{form: activity, unit: 东一社区, date: 2026-03-01, answers: {}, times: 1000000000}]
expect: {}
"""
FORM = """
| survey |
| | type | name | label | about | constraint |
| | text | code | 码 | activity | {} |
"""

pytestmark = pytest.mark.usefixtures("office")


def actions() -> list[str]:
    from taizhang.web.audit.models import Entry

    return list(Entry.objects.order_by("sequence").values_list("action", flat=True))


def follow(client: Client, response: object) -> object:
    assert response.status_code == 302, response.content.decode()[:1500]
    return client.get(response.headers["Location"])


# --- settings ------------------------------------------------------------------------------------


def test_settings_are_changed_and_a_wrong_number_is_refused() -> None:
    from taizhang.web.accounts.queries import closing_terms, instance

    client = signed_in("system")
    soup(client.get("/host/settings/"))
    done = client.post("/host/settings/", {"name": "月湖区卫健委", "close_after": "10"})
    assert "月湖区卫健委" in words(soup(follow(client, done)))
    assert (instance().name, closing_terms()[-1].close_after) == ("月湖区卫健委", 10)
    for wrong, code in (("-1", "ACCOUNT_018"), ("367", "ACCOUNT_018"), ("ten", "HOST_003")):
        answer = client.post("/host/settings/", {"name": "x", "close_after": wrong})
        assert code in words(soup(answer, 422))
    assert instance().name == "月湖区卫健委"
    asked = {"name": "", "close_after": "", "closing_day": "5", "starts_on": "2026-02-01"}
    page = soup(follow(client, client.post("/host/settings/", asked)))
    assert page.select_one("#closing_day")["value"] == "5"
    last = closing_terms()[-1]
    assert (last.closing_day, last.close_after, last.starts_on) == (5, None, date(2026, 2, 1))
    for field, wrong, code in (
        ("closing_day", "29", "ACCOUNT_017"),
        ("holds_from", "2020-01-01", "ACCOUNT_016"),
        ("holds_from", "soon", "HOST_008"),
    ):
        answer = client.post("/host/settings/", {**asked, field: wrong})
        assert code in words(soup(answer, 422))
    assert actions().count("instance.settings") == 4


# --- complaints ----------------------------------------------------------------------------------


def test_a_complaint_is_answered_before_its_deadline_and_seen_by_who_filed_it() -> None:
    worker, officer = signed_in("recorder"), signed_in("officer")
    page = soup(worker.get("/complain?about=/record/"))
    assert page.select_one("#about")["value"] == "记一笔 /record/"
    filed = worker.post("/complain", {"about": "/record/", "text": "同一个数字填了两遍"})
    assert "同一个数字填了两遍" in words(soup(follow(worker, filed)))
    assert "recorder" in words(soup(officer.get("/complaints/")))
    from taizhang.web.administration.models import Complaint

    one = Complaint.objects.get()
    assert one.unit == COMMUNITY
    assert one.due_date == timezone.localdate(one.filed_at) + timedelta(days=15)
    address = f"/complaints/{one.pk}/"
    assert "HOST_006" in words(soup(officer.post(address, {"text": "  "}), 422))
    assert officer.post(address, {"text": "下月起合并"}).status_code == 302
    assert "下月起合并" in words(soup(worker.get("/complain")))
    assert "HOST_007" in words(soup(officer.post(address, {"text": "again"}), 422))
    assert actions()[-2:] == ["complaint.file", "complaint.answer"]


def test_a_complaint_without_a_name_shows_none_to_who_answers_nor_to_the_log() -> None:
    from taizhang.web.audit.models import Entry

    worker = signed_in("recorder")
    worker.post("/complain", {"text": "打卡太多", "unnamed": "1"})
    assert Entry.objects.latest("sequence").actor is None
    shown = words(soup(signed_in("officer").get("/complaints/")))
    assert "打卡太多" in shown
    assert "recorder" not in shown
    assert "打卡太多" in words(soup(worker.get("/complain")))


def test_an_overdue_complaint_is_marked_and_nobody_else_sees_another_s() -> None:
    from taizhang.web.administration.models import Complaint

    signed_in("recorder").post("/complain", {"text": "逐级点赞"})
    one = Complaint.objects.get()
    Complaint.objects.update(due_date=one.due_date - timedelta(days=17))
    assert soup(signed_in("officer").get("/complaints/")).select_one(".tag.late")
    assert soup(signed_in("recorder").get("/complain")).select_one(".tag.late")
    assert "逐级点赞" not in words(soup(signed_in("reviewer").get("/complain")))
    assert signed_in("reviewer").get("/complaints/").status_code == 404
    assert signed_in("officer").get("/complaints/99/").status_code == 404


# --- units ---------------------------------------------------------------------------------------


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")


def test_an_import_says_first_what_it_would_change() -> None:
    from taizhang.web.units.models import Unit

    client = signed_in("system")
    page = soup(client.get("/host/units/"))
    assert "林荫社区" in words(page)
    new = UNITS + "360602002001,铁路社区,community,社区,360602002000,,\n"
    before = (Unit.objects.count(), actions())
    trial = client.post("/host/units/try", {"units": csv(new)})
    shown = soup(follow(client, trial))
    assert [one.get_text() for one in shown.select("dl.facts dd")] == ["1", "0", "0"]
    assert (Unit.objects.count(), actions()) == before, "looking changes nothing"
    done = client.post(trial.headers["Location"])
    assert "铁路社区" in words(soup(follow(client, done)))
    assert actions()[-1] == "units.import"
    assert client.get(trial.headers["Location"]).status_code == 404


def test_all_that_is_wrong_with_files_of_units_stands_on_one_page() -> None:
    client = signed_in("system")
    bad = UNITS.replace("360602001001,", "36060200100,").replace("360602001002,", "x,")
    shown = soup(follow(client, client.post("/host/units/try", {"units": csv(bad)})), 422)
    assert len(shown.select(".issues li")) >= 2
    assert "HOST_005" in words(soup(client.post("/host/units/try"), 422))
    assert "HOST_008" in words(soup(client.get("/host/units/?day=yesterday"), 422))


def test_a_file_too_large_for_units_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.administration import upload as staging

    monkeypatch.setattr(staging, "LARGEST", 100)
    answer = signed_in("system").post("/host/units/try", {"units": csv(UNITS)})
    assert "HOST_009" in words(soup(answer, 422))


def test_who_staged_a_file_alone_can_use_it() -> None:
    from tests.web.browsing import person

    person("second", "system")
    client = signed_in("system")
    trial = client.post("/host/units/try", {"units": csv(UNITS)})
    assert signed_in("second").get(trial.headers["Location"]).status_code == 404


# --- packs ---------------------------------------------------------------------------------------


def packed(folder: Path, top: str = "") -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in folder.rglob("*"):
            if file.is_file():
                archive.write(file, top + str(file.relative_to(folder)))
    return SimpleUploadedFile("pack.zip", out.getvalue())


@pytest.mark.parametrize("way", ["shipped", "zip", "zip of a folder"])
def test_a_pack_is_checked_tried_and_installed(way: str) -> None:
    client = signed_in("system")
    soup(client.get("/host/packs/"))
    folder = shipped_folder() / "common"
    asked = {
        "shipped": {"shipped": "common"},
        "zip": {"pack": packed(folder)},
        "zip of a folder": {"pack": packed(folder, "common/")},
    }[way]
    report = soup(follow(client, client.post("/host/packs/try", asked)))
    link = report.select_one("#job a.button.main")
    assert link is not None, words(report)
    soup(client.get(link["href"]))
    wrong = client.post(link["href"], {"from": "soon"})
    assert "HOST_008" in words(soup(wrong, 422))
    done = client.post(link["href"], {"from": "2026-01-01"})
    listed = soup(follow(client, done))
    row = listed.select_one("tbody tr")
    assert "common" in words(row)
    assert "2026-01-01" in words(row)
    page = soup(signed_in("recorder").get(row.select_one("a")["href"]))
    assert page.select("tbody tr")
    assert not soup(signed_in("recorder").get("/host/packs/")).select("form[action*=packs]")


def test_a_pack_before_what_it_uses_is_told_that_alone() -> None:
    client = signed_in("system")
    offered = [one["value"] for one in soup(client.get("/host/packs/")).select("#shipped option")]
    assert offered[0] == "common", "what all others use stands first"
    assert offered[-1] == "annual_assessment"
    answer = client.post("/host/packs/try", {"shipped": "health_education"})
    report = soup(follow(client, answer))
    (only,) = report.select(".issues li")  # and not the forty names that are not there with it
    assert "RULE_033" in words(only)
    assert "common" in words(only)
    assert report.select_one("#job a.button.main") is None


def test_a_broken_pack_is_reported_in_full_and_cannot_be_installed(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("key: Bad Key\nversion: x\nlabel: ''\n", encoding="utf-8")
    (tmp_path / "measures.yaml").write_text("measures: [1]\n", encoding="utf-8")
    client = signed_in("system")
    report = soup(follow(client, client.post("/host/packs/try", {"pack": packed(tmp_path)})))
    assert len(report.select(".issues li")) >= 2
    assert report.select_one("#job a.button.main") is None


@pytest.mark.parametrize(
    ("file", "body", "code"),
    [
        ("documents/h.md.j2", HEAD + "{{ 'a'|center(3000000000) }}", "DOCUMENT_001"),
        ("documents/h.md.j2", HEAD + "{% set x = 'a' %}" + DOUBLED * 33, "DOCUMENT_018"),
        ("forms/h.md", FORM.format("regex(., '^((a+))+$')"), "EXPRESSION_006"),
        ("tests/h.yaml", ENDLESS, "PACK_01"),
    ],
    ids=["filter", "doubled", "pattern", "test"],
)
def test_a_hostile_pack_is_answered_and_holds_nothing(
    packs_enclosed: None,
    file: str,
    body: str,
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from taizhang.core.base.enclosure import EnclosureLimits
    from taizhang.documents.pack_check import examination
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.administration.models import Staged
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.programmes.models import InstalledPack

    monkeypatch.setattr(examination, "LIMITS", EnclosureLimits(part=2, whole=20))
    folder = tmp_path / "trial"
    shutil.copytree(SKELETON, folder)
    for path in (one for one in folder.rglob("*") if one.is_file()):
        path.write_bytes(path.read_bytes().replace(b"key: KEY", b"key: trial"))
    (folder / file).write_text(body, encoding="utf-8")
    client = signed_in("system")
    pack_install(
        source=shipped_folder() / "common", acting_user=user_named(None), now=timezone.now()
    )
    report = soup(follow(client, client.post("/host/packs/try", {"pack": packed(folder)})))
    assert code in words(report)
    assert report.select_one("#job a.button.main") is None
    staged = Staged.objects.get()
    install = client.post(f"/host/packs/staged/{staged.pk}/", {"from": "2026-01-01"})
    assert install.status_code == (302 if file.startswith("tests/") else 422)
    assert InstalledPack.objects.filter(key="trial").exists() is file.startswith("tests/")


@pytest.mark.parametrize(
    "hostile", ["text", "outside", "bomb", "many", "nowhere", "not utf-8", "lzma"]
)
def test_a_hostile_archive_is_refused(hostile: str) -> None:
    out = io.BytesIO()
    if hostile == "text":
        out.write(b"no archive at all")
    elif hostile in ("nowhere", "not utf-8", "lzma"):
        whole = io.BytesIO()
        name = "." if hostile == "nowhere" else "表.md"
        packed_as = zipfile.ZIP_LZMA if hostile == "lzma" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(whole, "w", packed_as) as archive:
            archive.writestr(name, "key: a")
        data = whole.getvalue()
        if hostile == "not utf-8":
            data = data.replace("表".encode(), b"\xff\xfe\xfd")
        if hostile == "lzma":
            begin = 30 + len("表.md".encode()) + 4  # behind the head: properties of the stream
            data = data[:begin] + b"\xff" * 5 + data[begin + 5 :]
        out.write(data)
    else:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            if hostile == "outside":
                archive.writestr("../../etc/pack.yaml", "key: a")
            elif hostile == "bomb":
                archive.writestr("pack.yaml", b"\0" * 70_000_000)
            else:
                for number in range(1_001):
                    archive.writestr(f"forms/{number}.md", "")
    upload = SimpleUploadedFile("pack.zip", out.getvalue())
    answer = signed_in("system").post("/host/packs/try", {"pack": upload})
    assert "HOST_004" in words(soup(answer, 422))


# --- the log -------------------------------------------------------------------------------------


def test_the_log_is_found_by_person_action_day_and_object() -> None:
    signed_in("recorder").post("/complain", {"text": "排名"})
    signed_in("system").post("/host/settings/", {"name": "甲", "close_after": ""})
    client = signed_in("auditor")

    def found(query: str) -> list[str]:
        page = soup(client.get(f"/host/audit/?{query}"))
        return [one["title"] for one in page.select("tbody td:nth-of-type(3) span")]

    assert found("")[:2] == ["instance.settings", "complaint.file"]
    assert found("person=recorder") == ["complaint.file"]
    assert found("action=instance.settings") == ["instance.settings"]
    assert found("object=1&action=complaint.file") == ["complaint.file"]
    assert found("object=77") == []
    assert "units.import" in found("first=2026-01-01&last=2026-01-01")
    assert found("last=2024-12-31") == []
    assert "HOST_008" in words(soup(client.get("/host/audit/?first=soon"), 422))
    for query in ("first=0001-01-01", "last=9999-12-31"):
        assert "PERIOD_001" in words(soup(client.get(f"/host/audit/?{query}"), 422))


COUNTS = {"facts": 1, "open_high": 0, "about": 0, "missing": 0, "records": 1}


def test_the_log_is_verified_and_a_forged_row_is_found() -> None:
    from taizhang.web.accounts.models import Grant, User
    from taizhang.web.audit.models import Entry
    from taizhang.web.audit.verify import head
    from taizhang.web.ledger.models import Cube

    vouch(User, Grant)
    client = signed_in("auditor")
    kept = head()
    said = {"head": f"{kept.count}:{kept.digest}"}
    whole = soup(follow(client, client.post("/host/audit/verify", said)))
    assert not whole.select(".issues li")
    assert str(kept.count) in words(whole.select_one("dl.facts"))
    wrong = soup(follow(client, client.post("/host/audit/verify", {"head": "nonsense"})))
    assert "AUDIT_007" in words(wrong)
    assert "事实没有重新统计" in words(whole)
    deep = soup(follow(client, client.post("/host/audit/verify", {"deep": "yes"})))
    assert not deep.select(".issues li")
    assert "全部事实一致" in words(deep)
    Cube.objects.create(measure="x.y", unit="1", month=202601, low=1, high=1, **COUNTS)
    plain = soup(follow(client, client.post("/host/audit/verify")))
    assert "FACTS_004" not in words(plain)
    deep = soup(follow(client, client.post("/host/audit/verify", {"deep": "yes"})))
    assert "FACTS_004" in words(deep)
    Entry.objects.filter(sequence=1).update(action="nothing")
    forged = soup(follow(client, client.post("/host/audit/verify")))
    assert "AUDIT_001" in words(forged)


def test_a_job_is_shown_to_who_asked_alone() -> None:
    client = signed_in("auditor")
    asked = client.post("/host/audit/verify")
    assert client.get(asked.headers["Location"]).status_code == 200
    part = client.get(asked.headers["Location"], headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert signed_in("system").get(asked.headers["Location"]).status_code == 404
