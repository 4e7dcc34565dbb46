"""Ways on: each that a page offers leads somewhere, and none is registered for nobody."""

import re
from pathlib import Path

import taizhang.web
from taizhang.web.base import ways

WEB = Path(taizhang.web.__file__).parent
OFFERED = re.compile(r"(?:{% way |\bway\()['\"](\w+)['\"]")


def test_the_ways_of_pages_are_those_that_rooms_register() -> None:
    sources = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    offered = {
        name for source in sources for name in OFFERED.findall(source.read_text(encoding="utf-8"))
    }
    assert offered == set(ways._pages)


def test_a_way_that_no_room_offers_leads_nowhere() -> None:
    assert ways.way("nowhere") == ""
