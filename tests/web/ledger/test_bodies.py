"""Records of bodies: who may send what, at which unit they count, that a body owes nothing."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.period import parse_period
from taizhang.core.indicator import figures
from taizhang.core.indicator.question import Question
from tests.web.assess.furnish import NOW, furnish, lecture
from tests.web.ledger import furnish as small
from tests.web.ledger.furnish import FIRST, SECOND, STREET

CENTRE, SCHOOL, SILENT, STATION = (
    f"{STREET}-B01",
    f"{STREET}-B02",
    f"{STREET}-B03",
    f"{FIRST}-B01",
)
BODIES = f"""code,name,kind,parent,may_record,may_own,valid_from,valid_to
{CENTRE},江边卫生服务中心,卫生服务中心,{STREET},yes,yes,,
{SCHOOL},江边小学,学校,{STREET},yes,no,,
{SILENT},江边卫生院,卫生院,{STREET},no,yes,,
{STATION},一社区卫生服务站,卫生服务站,{FIRST},yes,no,,2025-06-30
"""


def body_tree() -> Any:
    """Make the tree with its bodies, packs, and a person at the centre."""
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.units.actions import File, units_import

    owner = furnish()
    file = File(name="bodies.csv", data=BODIES.encode())
    units_import(bodies=file, acting_user=owner, now=NOW)
    user_add(username="bai", name="bai", role="recorder", unit=CENTRE, acting_user=owner, now=NOW)
    return owner


@pytest.fixture
def owner(instance: Any) -> Any:
    """This fixture will furnish an instance with bodies and give its owner."""
    return body_tree()


@pytest.fixture
def any_owner(any_instance: Any) -> Any:
    """This fixture will do the same on each database."""
    return body_tree()


def codes(call: Any) -> list[str]:
    return [code.name for code in small.codes(call)]


def centre() -> Any:
    from taizhang.web.accounts.models import User

    return User.objects.get(username="bai")


def send(user: Any, *lines: dict[str, object]) -> Any:
    from taizhang.web.ledger.accept.actions import records_import

    texts = [json.dumps(line, ensure_ascii=False) for line in lines]
    return records_import(lines=texts, file="r.jsonl", acting_user=user, now=NOW)


def held(uid: str, unit: str, day: int = 12, **more: object) -> dict[str, object]:
    return {**lecture(uid, day), "unit": unit, **more}


def figure(key: str, unit: str) -> Any:
    from taizhang.web.ledger.open_book import open_book

    question = Question(
        indicators=(f"health_education.{key}",), units=(unit,), period=parse_period("2025")
    )
    return figures(open_book(now=NOW, language="zh"), question)[0]


def ratio() -> dict[str, object]:
    """Give the share of lectures held of those owed, without the records behind it."""
    shown = figure("lecture_completion", STREET).as_json()
    return {name: shown[name] for name in ("value", "numerator", "denominator")}


def counted() -> set[tuple[str, str]]:
    from taizhang.web.ledger.models import Fact

    return set(Fact.objects.filter(retired_at=None).values_list("record__uid", "unit"))


def test_what_a_body_records_counts_at_the_unit_beside_it(any_owner: Any) -> None:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    send(centre(), held("a", CENTRE))
    send(any_owner, held("b", STATION), held("c", SECOND))
    assert counted() == {("a", STREET), ("b", FIRST), ("c", SECOND)}
    assert figure("lectures", STREET).low == 3
    assert figure("lectures", FIRST).low == 1
    before = counted()
    done = facts_rebuild(acting_user=any_owner, now=NOW)
    assert [issue for issue in done.issues if issue.code.name.startswith("RECORD")] == []
    assert counted() == before


def test_a_body_owes_no_month_and_stands_in_no_ratio(owner: Any) -> None:
    from taizhang.web.accounts.models import Instance
    from taizhang.web.ledger.facts.actions import closings_close

    Instance.objects.update(close_after=1)  # months close by themselves
    send(owner, held("b", FIRST))
    before = ratio()
    assert before["value"]
    send(centre(), *(held(f"a{day}", CENTRE, day) for day in range(10, 22)))
    assert ratio() == before
    assert figure("lectures", STREET).low == 13
    wanted = [(CENTRE, "health_education", parse_period("2025-05").first)]
    close = {"closings": wanted, "acting_user": owner, "now": NOW}
    assert codes(lambda: closings_close(**close)) == ["CLOSING_003"]


def test_who_sends_is_a_body_of_a_kind_that_the_pack_names(owner: Any) -> None:
    assert codes(lambda: send(owner, held("a", SCHOOL))) == ["RECORD_010"]
    assert codes(lambda: send(owner, held("a", SILENT))) == ["RECORD_009"]
    late = held("a", STATION)
    late["date"] = "2025-07-01"
    assert codes(lambda: send(owner, late)) == ["RECORD_009"]
    assert codes(lambda: send(centre(), held("a", STREET)))[0] == "RECORD_019"


def test_a_body_is_credited_with_nothing_and_credits_units_around_it(owner: Any) -> None:
    from taizhang.web.ledger.record.credit_actions import credit_confirm

    alone = held("a", FIRST, **{"with": [CENTRE]})
    assert codes(lambda: send(owner, alone)) == ["RECORD_009"]
    own = held("a", CENTRE, **{"with": [STREET]})
    assert codes(lambda: send(owner, own))[0] == "RECORD_011"
    send(centre(), held("a", CENTRE, **{"with": [FIRST]}))
    assert counted() == {("a", STREET)}
    credit_confirm(uid="a", unit=FIRST, acting_user=owner, now=NOW)
    assert counted() == {("a", STREET), ("a", FIRST)}
    assert figure("lectures", STREET).low == 1  # once in the sum of both
    assert figure("lectures", FIRST).low == 1


def test_the_phone_offers_a_body_what_its_pack_lets_it_send(owner: Any) -> None:
    from tests.web.browsing import signed_in

    page = signed_in("bai").get("/record/")
    assert page.status_code == 200
    assert "江边卫生服务中心" in page.text
    assert "health_education.lecture" in page.text
    assert "common." not in page.text.partition("json")[0].partition("data-group")[2]
    known = signed_in("bai").get(f"/record/known.json?unit={CENTRE}").json()
    assert known["unit"]["name"] == "江边卫生服务中心"
    assert FIRST in {near["code"] for near in known["nearby"]}


def test_shipped_packs_name_only_known_kinds() -> None:
    from taizhang.core.pack.load import load
    from taizhang.core.unit.body import BODY_KINDS

    named: set[str] = set()
    for folder in sorted(Path(str(files("taizhang") / "packs")).glob("*/")):
        pack, _ = load(folder, tests=False)
        named |= set(pack.records) if pack else set()
    assert "卫生服务中心" in named
    assert named - {"街道", "镇", "乡", "市辖区", "县"} <= BODY_KINDS


def test_a_person_of_a_body_has_a_desk_and_no_dead_end(owner: Any) -> None:
    from bs4 import BeautifulSoup

    from tests.web.browsing import signed_in

    browser = signed_in("bai")
    send(centre(), held("a", CENTRE))
    desk = browser.get("/")
    assert desk.status_code == 200
    page = BeautifulSoup(desk.text, "html.parser")
    assert "江边卫生服务中心" in page.h1.text
    assert "健康知识讲座" in page.select_one(".quick").text
    assert not page.select("#months, #behind, #close")
    links = {link["href"] for link in page.select("a[href^='/']")}
    assert "/cases/" in links
    assert "/record/" in links
    assert not {"/plan/", "/figures/", "/assess/"} & links
    for link in sorted(links):
        assert browser.get(link).status_code in (200, 302), link
    for address in ("/figures/", f"/due/?unit={CENTRE}", "/records/a/", f"/cases/?unit={CENTRE}"):
        assert browser.get(address).status_code == 200, address
    assert browser.get(f"/?unit={SCHOOL}").status_code == 404
    # The street above sees the record among its own.
    assert "/records/a/" in signed_in_at(STREET, owner).get(f"/records/?unit={STREET}").text


def signed_in_at(unit: str, owner: Any) -> Any:
    from taizhang.web.accounts.actions import user_add
    from tests.web.browsing import signed_in

    user_add(username="sun", name="sun", role="reviewer", unit=unit, acting_user=owner, now=NOW)
    return signed_in("sun")


def test_a_changed_number_of_a_body_is_asked_of_the_credited_unit_anew(owner: Any) -> None:
    from taizhang.web.ledger.models import Credit
    from taizhang.web.ledger.phone.receipt import counted as receipt
    from taizhang.web.ledger.record.credit_actions import credit_confirm

    first = held("a", CENTRE, **{"with": [FIRST]})
    send(centre(), first)
    credit_confirm(uid="a", unit=FIRST, acting_user=owner, now=NOW)
    assert any("健康知识讲座" in line for line in receipt(centre(), "a", NOW)["counted"])
    corrected = {**first, "id": "b", "replaces": "a", "reason": "更正"}
    corrected["answers"] = {**lecture("b", 12)["answers"], "people": 55}  # type: ignore[dict-item]
    send(centre(), corrected)
    assert Credit.objects.get(record__uid="b").state == "waiting"


def test_what_a_body_sent_counts_where_it_did_after_it_got_an_earlier_end(owner: Any) -> None:
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.units.actions import File, units_import

    send(centre(), held("a", CENTRE))
    rows = BODIES.replace(
        f"卫生服务中心,{STREET},yes,yes,,", f"卫生服务中心,{STREET},yes,yes,,2025-03-31"
    )
    file = File(name="bodies.csv", data=rows.encode())
    units_import(bodies=file, acting_user=owner, now=NOW)
    facts_rebuild(acting_user=owner, now=NOW)
    assert counted() == {("a", STREET)}
