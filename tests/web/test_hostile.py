"""Words from outside stay words: none becomes part of a page, of a sheet or of a statement."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in
from tests.web.ledger.furnish import CHANGES, DISTRICT, FIRST, STREET, UNITS, lecture, pack_files

EVIL = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
FORMULA = '=HYPERLINK("http://example.org","x")'
FORM = "/record/form/trial.lecture/"
PAGES = (
    "/",
    "/records/",
    "/records/hostile/",
    f"/figures/?unit={DISTRICT}&pack=trial&period=2026",
    f"/figures/?unit={STREET}&pack=trial&key=trial.lectures&period=2026",
    f"/figure/?unit={FIRST}&key=trial.lectures&period=2026",
    f"/plan/?unit={STREET}&period=2026",
    "/calendar/",
    "/burden/",
    "/assessment/",
    "/documents/",
    "/old-texts/",
    "/complain?about=<script>alert(2)</script>",
)


@pytest.fixture
def officer(instance: Home) -> Client:
    """This fixture will furnish an instance with hostile words; its officer signs in."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.record.review_actions import record_review
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    by: dict[str, Any] = {"acting_user": user_named(None), "now": timezone.now()}
    units = File(name="units.csv", data=UNITS.replace("一社区", EVIL).encode())
    units_import(units=units, changes=File(name="changes.csv", data=CHANGES.encode()), **by)
    files = {name: _hostile(name, data) for name, data in pack_files().items()}
    pack_install(source=files, **by)
    record_accept(record=lecture(id="hostile", answers={"topic": "tb"}), **by)
    record_review(uid="hostile", kind="questioned", note=EVIL, **by)
    person("officer", "officer", DISTRICT)
    return signed_in("officer")


def _hostile(name: str, data: bytes) -> bytes:
    """Put the words where a person would read them: the labels of a pack and of its form."""
    if name == "pack.yaml":
        return data.replace(b"label: ", f"label: {EVIL} ".encode(), 1)
    return (
        data.replace("讲座".encode(), f"讲座{EVIL}".encode()) if name.startswith("forms/") else data
    )


def clean(response: HttpResponse) -> BeautifulSoup:
    """See that no word became an element."""
    assert response.status_code == 200, response.content[:500]
    page = BeautifulSoup(response.content, "html.parser")
    assert "alert(2)</script>" not in response.content.decode()
    assert not page.select("img[onerror], [src=x]")
    for script in page.select("script:not([type='application/json'])"):
        assert script.get("src"), script
    return page


def test_no_page_takes_a_word_for_a_part_of_itself(officer: Client) -> None:
    seen = 0
    person("li", "recorder", FIRST)
    recorder = signed_in("li")
    pages = [officer.get(address) for address in PAGES]
    pages += [recorder.get(address) for address in ("/", "/record/", FORM)]
    for one in pages:
        seen += "alert(1)" in clean(one).get_text()
    assert seen >= 6  # the words are there, as words


def test_no_sheet_takes_a_word_for_a_formula(officer: Client) -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.units.actions import File, units_import

    head = UNITS.splitlines()[0]
    text = f"{head}\n360602001009,{FORMULA.replace(',', ';')},community,社区,{STREET},,\n"
    units_import(
        units=File(name="u.csv", data=text.encode()),
        acting_user=user_named(None),
        now=timezone.now(),
    )
    for address in (
        f"/figures/?unit={STREET}&pack=trial&period=2026",
        "/records/?",
    ):
        sheet = openpyxl.load_workbook(io.BytesIO(officer.get(f"{address}&as=xlsx").content))
        cells = [cell for row in sheet.active.iter_rows() for cell in row]
        assert cells
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        lines = officer.get(f"{address}&as=csv").content.decode("utf-8-sig")
        assert not [one for one in lines.replace("\n", ",").split(",") if one.startswith("=")]


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgresql_instance")
def test_a_sign_that_no_text_of_the_database_can_hold_is_no_server_error() -> None:
    from tests.web.ledger.furnish import furnish

    furnish()
    for name, role, unit in (
        ("officer", "officer", DISTRICT),
        ("li", "recorder", FIRST),
        ("security", "security", ""),
        ("auditor", "auditor", ""),
    ):
        person(name, role, unit)
    nothing = "\x00"
    asked = {
        "officer": {
            "/": ("unit",),
            "/records/": ("q", "unit", "form", "period", "state", "page", "as"),
            f"/records/{nothing}/": (),
            f"/archive/{nothing}/": (),
            "/figures/": ("unit", "pack", "key", "by", "period", "as_of"),
            "/figure/": ("unit", "key"),
            "/plan/": ("unit", "pack"),
            "/burden/": ("unit",),
            "/documents/": ("unit",),
        },
        "li": {f"/record/form/{nothing}/": (), "/record/queue/": ("unit",)},
        "security": {"/people/": ("q",)},
        "auditor": {"/host/audit/": ("person", "action", "object", "first")},
    }
    wrong = []
    for who, pages in asked.items():
        client = signed_in(who)
        for address, names in pages.items():
            for name in names or ("x",):
                response = client.get(address, {name: nothing})
                if response.status_code >= 500:
                    wrong.append((address, name, response.status_code))
    posted = signed_in("security").post(
        "/people/2/grant", f"role=viewer&unit=%00{DISTRICT}", "application/x-www-form-urlencoded"
    )
    assert posted.status_code == 400
    stranger = Client(headers={"host": "localhost"}, raise_request_exception=False)
    said = stranger.post("/login", {"username": f"li{nothing}", "password": nothing})
    assert said.status_code < 500
    assert wrong == []
