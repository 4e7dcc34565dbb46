"""Codes that a phone scans: settings of ODK Collect, or a plain address.

Collect's code is base64(zlib(JSON)) of its settings (docs.getodk.org/collect-import-export); what
the code leaves out takes Collect's own default.
"""

from __future__ import annotations

import base64
import json
import zlib

import segno


def collect_settings(server: str, name: str) -> str:
    """Give the text of a code that makes Collect a project of this server."""
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": server,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": name, "icon": "台", "color": "#14532d"},
    }
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def drawn(text: str) -> str:
    """Draw a code as a ``data:`` address of an SVG picture; the page's policy allows no other."""
    code = segno.make(text, error="l", micro=False)
    return code.svg_data_uri(scale=4, border=4, light="#fff", dark="#000")
