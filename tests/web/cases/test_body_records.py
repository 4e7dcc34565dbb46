"""What a body beside the tree records: counted at the unit beside it, the same after a rebuild."""

from datetime import timedelta
from typing import Any

import pytest

from tests.web.browsing import signed_in
from tests.web.cases.furnish import CLINIC, NOW, PACK_FILES, PEOPLE, cases_furnish, person, send
from tests.web.ledger.furnish import STREET

FORM = """
| survey | | | | | | |
| | type | name | label | required | about | hint |
| | date | held_on | 日期 | yes | activity | |
| | integer | people | 人次 | | activity | 估计即可 |
| settings | | | | | | |
| | form_title | form_id | version | about | | |
| | 义诊 | clinic_day | 1 | activity | | |
"""
MEASURES = """
measures:
  clinic_days: {label: 义诊场次, kind: event, about: activity, unit: 场}
counting:
  - form: clinic_day
    date: held_on
    facts: {clinic_days: 1}
"""


@pytest.fixture
def owner(any_instance: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    pack = PACK_FILES["pack.yaml"].replace("[街道]".encode(), "[街道, 卫生服务中心]".encode())
    monkeypatch.setitem(PACK_FILES, "pack.yaml", pack)
    monkeypatch.setitem(PACK_FILES, "forms/clinic_day.md", FORM.encode())
    monkeypatch.setitem(PACK_FILES, "measures.yaml", MEASURES.encode())
    assert PEOPLE["bai"][1] == CLINIC
    return cases_furnish()


def record(unit: str = CLINIC, **more: Any) -> dict[str, Any]:
    return {
        "id": f"day-{unit}",
        "form": "hc.clinic_day",
        "unit": unit,
        "date": "2026-07-01",
        "answers": {"held_on": "2026-07-01", "people": 40},
        **more,
    }


def test_it_counts_at_the_unit_beside_it_and_a_rebuild_agrees(owner: Any) -> None:
    from taizhang.web.ledger.facts.rebuild import facts_agree
    from taizhang.web.ledger.models import Fact, Record

    assert send(person("bai"), [record()]).records == 1
    assert Record.objects.get(uid=f"day-{CLINIC}").unit == CLINIC
    assert [*Fact.objects.values_list("unit", "measure")] == [(STREET, "hc.clinic_days")]
    assert facts_agree(NOW + timedelta(minutes=1)).issues == ()


def test_a_body_sends_only_what_the_pack_lets_it(owner: Any) -> None:
    from taizhang.core.base.issue import Refused
    from taizhang.web.ledger.models import Record
    from taizhang.web.programmes.actions import pack_install

    with pytest.raises(Refused) as refused:
        send(person("bai"), [record(STREET)])
    assert {issue.code.name for issue in refused.value.issues} == {"RECORD_019"}
    with pytest.raises(Refused) as refused:  # its own unit counts anyway
        send(owner, [record(**{"with": [STREET]})])
    assert {issue.code.name for issue in refused.value.issues} == {"RECORD_011"}
    text = PACK_FILES["pack.yaml"].replace(b'"1"', b'"2"')
    text = text.replace(", 卫生服务中心".encode(), b"")
    pack_install(source=PACK_FILES | {"pack.yaml": text}, acting_user=owner, now=NOW)
    with pytest.raises(Refused) as refused:
        send(person("bai"), [record(date="2026-07-10")])
    assert {issue.code.name for issue in refused.value.issues} == {"RECORD_010"}
    assert not Record.objects.exists()


def test_its_worker_is_offered_its_forms_and_the_street_sees_the_record(owner: Any) -> None:
    page = signed_in("bai").get("/record/")
    assert page.status_code == 200
    assert "义诊" in page.text
    send(person("bai"), [record()])
    assert f"day-{CLINIC}" in signed_in("sun").get(f"/records/?unit={STREET}").text
    assert f"day-{CLINIC}" in signed_in("bai").get("/records/").text
