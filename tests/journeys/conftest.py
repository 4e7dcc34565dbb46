"""A small district served to a real browser, at the size of a telephone and of a desk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from taizhang.web.instance.paths import Home
from tests.conftest import CopyOpened
from tests.journeys.gate import Gate
from tests.served import served
from tests.web.browsing import PASSWORD, person

UNITS = Path(__file__).resolve().parents[1] / "errors" / "shared" / "units.csv"
NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
COMMUNITY = "360602001001"
RECORDER = "li"
OTHER_RECORDER = "wang"
SIZES = {"telephone": (390, 844), "desk": (1280, 800)}
#: Published constants of the effort of recording: seconds for a tap and for a keystroke.
TAP, KEYSTROKE = 1.2, 0.3


@pytest.fixture(scope="session")
def journey_template(
    instance_template: Home,
    tmp_path_factory: pytest.TempPathFactory,
    copy_opened: CopyOpened,
) -> Home:
    """This fixture will make the district: units, two packs, two recorders of one community."""
    with copy_opened(instance_template, tmp_path_factory.mktemp("journey")) as home:
        from taizhang.web.accounts.queries import user_named
        from taizhang.web.programmes.actions import pack_install
        from taizhang.web.units.actions import File, units_import

        owner = user_named(None)
        units = File(name="units.csv", data=UNITS.read_bytes())
        units_import(units=units, acting_user=owner, now=NOW)
        for key in ("common", "health_education"):
            source = Path(str(files("taizhang") / "packs" / key))
            pack_install(source=source, acting_user=owner, now=NOW)
        for name in (RECORDER, OTHER_RECORDER):
            person(name, "recorder", COMMUNITY, password=PASSWORD)
    return home


@pytest.fixture
def journey(
    journey_template: Home,
    tmp_path: Path,
    copy_opened: CopyOpened,
) -> Iterator[Home]:
    """This fixture will open a copy of the district for one test."""
    with copy_opened(journey_template, tmp_path) as home:
        yield home


@pytest.fixture
def gate(journey: Home) -> Iterator[Gate]:
    """This fixture will serve the district behind a line that a test can cut."""
    with served(journey.path, "--workers", "1") as (_, address):
        line = Gate(int(address.rpartition(":")[2]))
        yield line
        line.close()


@pytest.fixture(scope="module")
def driven(chromium: Path) -> Iterator[Browser]:
    """This fixture will start the browser once for a module."""
    # Playwright keeps a loop running in this thread; the tests ask the database beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """This fixture will run a journey at the size of a telephone and of a desk."""
    return str(request.param)


#: For what does not depend on how large the page is.
telephone_only = pytest.mark.parametrize("size", ["telephone"], indirect=True)


@dataclass(slots=True)
class Hand:
    """A person at the page: every tap and keystroke is counted, every wait measured."""

    page: Page
    taps: int = 0
    keystrokes: int = 0
    waited: float = 0.0
    faults: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def tap(self, target: str | Locator) -> None:
        """Tap once; what has to be waited for until it can be tapped is measured."""
        place = self.page.locator(target) if isinstance(target, str) else target
        begun = monotonic()
        place.wait_for(state="visible")
        place.click()
        self.waited += monotonic() - begun
        self.taps += 1

    def type(self, text: str) -> None:
        """Type where the cursor stands."""
        self.page.keyboard.type(text)
        self.keystrokes += len(text)

    def wait(self, target: str | Locator) -> None:
        """Wait until something is shown."""
        place = self.page.locator(target) if isinstance(target, str) else target
        begun = monotonic()
        place.wait_for(state="visible")
        self.waited += monotonic() - begun

    @property
    def seconds(self) -> float:
        """Give the effort by the published constants and the measured waits."""
        return self.taps * TAP + self.keystrokes * KEYSTROKE + self.waited


def watched(page: Page, address: str) -> Hand:
    """Give a hand at a page; what the page complains of and what it asks outside is kept."""
    hand = Hand(page)

    def heard(text: str) -> None:
        # A browser says itself that a request failed while the line is cut.
        if "Failed to load resource" not in text and "net::ERR" not in text:
            hand.faults.append(text)

    page.on("console", lambda said: heard(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: hand.faults.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((address, "data:", "blob:"))
            else hand.outside.append(asked.url)
        ),
    )
    return hand


@pytest.fixture
def opened(driven: Browser, gate: Gate, size: str) -> Iterator[Callable[[], BrowserContext]]:
    """This fixture will open browsers of the test's size, each with a storage of its own."""
    contexts: list[BrowserContext] = []

    def open_one() -> BrowserContext:
        width, height = SIZES[size]
        context = driven.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size == "telephone",
            is_mobile=size == "telephone",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


def records_stored() -> list[str]:
    """Give the uids of all records of the ledger."""
    from taizhang.web.ledger.models import Record

    return list(Record.objects.order_by("pk").values_list("uid", flat=True))
