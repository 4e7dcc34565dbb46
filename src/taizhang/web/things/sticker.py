"""Stickers: the code that a phone scans, with number, name, place and unit beside it."""

from __future__ import annotations

from dataclasses import dataclass

import segno

from taizhang.web.things.present import ThingLine


@dataclass(frozen=True, slots=True)
class Sticker:
    """One sticker; ``code`` is a ``data:`` address of an SVG picture."""

    line: ThingLine
    code: str


def sticker(line: ThingLine, address: str) -> Sticker:
    """Draw a sticker that leads to an address."""
    code = segno.make(address, error="m", micro=False)
    return Sticker(line, code.svg_data_uri(scale=4, border=2, light="#fff", dark="#000"))
