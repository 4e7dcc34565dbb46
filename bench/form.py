"""A form made ready on a phone: real Chromium, slowed down 6 times, everything in its caches.

`taizhang serve` serves one community with three packs; a recorder opens the list of forms
once, so that the page's worker has everything at hand, then opens forms again and again.  A form is
ready when its questions can be answered (the page's own mark ``form-ready``, counted from the
start of the navigation).
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from bench.cannot import CannotRunError
from bench.facts import ROOT, cached
from tools.machine import chromium_find

SLOWER, OPENINGS, BAR = 6, 7, 2.5
#: An everyday form, and the longest of the shipped ones.
FORMS = ("health_education.lecture", "healthy_city.pest_round")
PASSWORD = "a-long-word-of-benches"  # noqa: S105 - of a made-up person
UNIT = "360602001001"


def run(openings: int = OPENINGS) -> dict[str, Any]:
    """Serve, open the forms, give the slowest form's median."""
    if chromium_find() is None:
        raise CannotRunError("no Chromium on this machine")
    home = _instance()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "taizhang.cli", "serve", "--home", str(home)]
    server = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(port)
        times = opened(f"http://127.0.0.1:{port}", openings)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=40)
    medians = {form: statistics.median(found) for form, found in times.items()}
    slowest = max(medians.values())
    told = ", ".join(
        f"{form} {medians[form]:.2f} s ({min(found):.2f} to {max(found):.2f})"
        for form, found in times.items()
    )
    return {
        "name": f"a form ready on a phone, {SLOWER} times slower, warm caches",
        "ours": round(slowest, 3),
        "baseline": None,
        "ratio": None,
        "bar": f"≤ {BAR:g} s",
        "met": slowest <= BAR,
        "note": f"median of {openings} openings: {told}",
    }


def opened(address: str, openings: int) -> dict[str, list[float]]:
    """Open each form several times in a slowed browser; give the seconds of each opening."""
    from playwright.sync_api import sync_playwright

    chromium = chromium_find()
    assert chromium is not None, "looked for before anything was made"
    times: dict[str, list[float]] = {form: [] for form in FORMS}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
        )
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}/login?next=/record/")
        page.fill("input[name=username]", "bench")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button.main")
        page.wait_for_selector("html[data-ready='kept']", state="attached")
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for number in range(openings + 1):
            for form in FORMS:
                page.goto(f"{address}/record/form/{form}/?unit={UNIT}")
                page.wait_for_selector("html[data-ready='form']", state="attached")
                ready = page.evaluate("performance.getEntriesByName('form-ready')[0].startTime")
                if number:  # the first opening still warms the caches of compiled code
                    times[form].append(ready / 1000)
        browser.close()
    return times


def _instance() -> Path:
    sources = sorted((ROOT / "src" / "taizhang").glob("web/*/migrations/0*.py"))
    sources += sorted((ROOT / "src" / "taizhang" / "packs").rglob("*.md"))
    folder = cached("form", len(FORMS), sources, _make)
    os.environ["TAIZHANG_KEYS"] = str(folder / "keys")
    os.environ.pop("DATABASE_URL", None)
    return folder / "home"


def _make(folder: Path) -> None:
    keys = {**os.environ, "TAIZHANG_KEYS": str(folder / "keys")}
    keys.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", _MAKE, str(folder / "home"), PASSWORD, UNIT]
    subprocess.run(command, check=True, env=keys)


#: In a process of its own: the bench's own never opens the instance that it serves.
_MAKE = """
import sys
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from taizhang.web.instance.open import instance_make

now = datetime(2026, 1, 5, tzinfo=UTC)
instance_make(Path(sys.argv[1]), name="", close_after=None, now=now)

from taizhang.web.accounts.models import Grant, User
from taizhang.web.accounts.queries import user_named
from taizhang.web.programmes.actions import pack_install
from taizhang.web.units.actions import File, units_import

owner = user_named(None)
units = '''code,name,level,kind,parent,valid_from,valid_to
360602000000,月湖区,district,市辖区,,,
360602001000,江边街道,street,街道,360602000000,,
360602001001,公园社区,community,社区,360602001000,,
'''
units_import(units=File(name="units.csv", data=units.encode()), acting_user=owner, now=now)
for key in ("common", "health_education", "healthy_city"):
    source = Path(str(files("taizhang") / "packs" / key))
    pack_install(source=source, acting_user=owner, now=now)
person = User(username="bench", name="bench")
person.set_password(sys.argv[2])
person.save()
Grant.objects.create(user=person, role="recorder", unit=sys.argv[3])
"""


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise RuntimeError("the server does not answer") from None
            time.sleep(0.1)
