"""What waits in the store between two steps is used only as the software wrote it."""

from typing import Any

import pytest

from tests.web.browsing import signed_in
from tests.web.host.test_host import follow, soup, words


@pytest.mark.usefixtures("office")
def test_an_answer_forged_in_the_store_is_not_shown() -> None:
    from taizhang.web.accounts.models import Job

    client = signed_in("auditor")
    address = client.post("/host/audit/verify", {"head": "9999:" + "0" * 64}).headers["Location"]
    assert "AUDIT_005" in words(soup(client.get(address)))
    job = Job.objects.get()
    whole: dict[str, Any] = {"issues": [], "result": "The log is whole.", "facts": []}
    for answer in (whole, {**whole, "seal": job.answer["seal"]}):
        Job.objects.update(answer=answer)
        said = words(soup(client.get(address)))
        assert "JOB_001" in said
        assert "日志完整" not in said
    again = soup(follow(client, client.post("/host/audit/verify")))
    assert "JOB_001" not in words(again)
    Job.objects.update(arguments={"head": "", "deep": True})
    assert "JOB_001" in words(soup(client.get(f"/jobs/{Job.objects.first().pk}/")))


@pytest.mark.usefixtures("office")
def test_files_changed_between_trial_and_use_are_none() -> None:
    from datetime import UTC, datetime

    from taizhang.web.accounts.models import User
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.administration.models import Staged
    from taizhang.web.administration.upload import upload_files
    from taizhang.web.administration.upload_actions import upload_keep
    from taizhang.web.programmes.queries import source_pack

    now = datetime(2026, 1, 1, tzinfo=UTC)
    by = {"kind": "pack", "acting_user": user_named(None)}
    kept = upload_keep(files={"pack.yaml": b"a"}, action="pack.install", now=now, **by)
    assert upload_files(number=kept.pk, **by) == {"pack.yaml": b"a"}
    sealed = bytes(kept.files)
    forged = sealed[:32] + source_pack({"pack.yaml": b"b"})
    for files in (forged, sealed[32:], b"", sealed[:-1]):
        Staged.objects.update(files=files)
        assert upload_files(number=kept.pk, **by) is None
    Staged.objects.update(files=sealed, asked_by=User.objects.get(username="system"))
    mine = {"kind": "pack", "acting_user": User.objects.get(username="system")}
    assert upload_files(number=kept.pk, **mine) is None
