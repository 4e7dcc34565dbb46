"""Whatever an address asks for, its answer comes soon or says why it does not come."""

import time
from urllib.parse import quote

import pytest
from django.test import Client

from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in
from tests.web.desk.conftest import district, district_template

__all__ = ["district", "district_template"]
UNIT = "360602000000"
KEY = "health_education.lectures"
BOMBS = ("0001-01..9999-12", "1900-01..2199-12", "2023-01..2026-01", "0001", "9999", "1899", "2200")
DAYS = ("0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01")
MANY = ",".join([UNIT] * 2_000)
FORMULAS = (
    " + ".join([KEY] * 500),
    " * ".join([f"{KEY} * {10**19}"] * 60),
    "(" * 3_000 + "1" + ")" * 3_000,
    "x " * 5_000,
)
PAGED = ("/records/", "/due/", "/host/audit/", "/people/")
PAGES = ("-1", "0", str(10**9), "9" * 5_000, "x", "1e9", "１")


def addresses() -> list[tuple[str, int | None]]:
    """Give addresses with the status they must have, ``None`` where any but a fault is right."""
    found: list[tuple[str, int | None]] = []
    for room in ("/figures/", "/figure/", "/plan/", "/burden/", "/records/", "/documents/", "/"):
        key = f"&key={KEY}" if room == "/figure/" else ""
        found += [(f"{room}?unit={UNIT}{key}&period={bomb}", 400) for bomb in BOMBS if room != "/"]
        found.append((f"{room}?unit={MANY}{key}", None))
        found.append((f"{room}?unit={UNIT}{key}&period={'2026' * 2_000}", None))
    for room in ("/figures/", "/plan/", "/burden/"):
        found += [
            (f"{room}?unit={UNIT}&{name}={day}", 400) for day in DAYS for name in ("as_of", "tree")
        ]
        found += [
            (f"{room}?unit={UNIT}&period=2024-01..2026-12&as={kind}", None)
            for kind in ("xlsx", "csv")
        ]
        found.append((f"{room}?unit={UNIT}&period=2199&as_of=2199-12-31&tree=2199-12-31", None))
    found += [(f"/calendar/?month={month}", 400) for month in ("0001-01", "9999-12", "1899-12")]
    found += [("/calendar/?month=1900-01", 200), ("/calendar/?month=2199-12", 200)]
    found += [(f"/figure/?unit={UNIT}&key={quote(formula)}", None) for formula in FORMULAS]
    found += [(f"/figures/?unit={UNIT}&by={'x' * 9_000}", 404)]
    found += [(f"/records/?q={quote('讲 ' * 50)}", 200), (f"/records/?q={'a' * 9_000}", 200)]
    found += [(f"{room}?page={page}", None) for room in PAGED for page in PAGES]
    found += [(f"/host/audit/?first={day}&last={day}", 422) for day in DAYS]
    found += [(f"/due/?day={day}", 400) for day in DAYS]
    return found


@pytest.fixture
def readers(district: Home) -> list[Client]:
    """This fixture will give browsers of people who may open these rooms."""
    person("auditor", "auditor")
    person("security", "security")
    return [signed_in(name) for name in ("zhou", "auditor", "security")]


@pytest.mark.slow
def test_no_parameter_makes_an_answer_long(readers: list[Client]) -> None:
    wrong = []
    officer, auditor, security = readers
    rooms = {"host": auditor, "people": security}
    for reader in readers:
        reader.get("/")  # what is read once is read
    for address, status in addresses():
        reader = rooms.get(address.split("/")[1], officer)
        began = time.process_time()
        answer = reader.get(address)
        taken = time.process_time() - began
        if answer.status_code >= 500 or taken > 2 or (status and answer.status_code != status):
            wrong.append((address[:90], status, answer.status_code, round(taken, 2)))
    assert wrong == []


def test_the_words_say_what_to_ask_instead(readers: list[Client]) -> None:
    page = readers[0].get(f"/figures/?unit={UNIT}&period=0001-01..9999-12").content.decode()
    assert "0001-01..9999-12 不在 1900 年至 2199 年之内。" in page
    page = readers[0].get(f"/figures/?unit={UNIT}&period=2020-01..2026-12").content.decode()
    assert "2020-01..2026-12 长达 84 个月。" in page
    assert "一次最多查 36 个月" in page
