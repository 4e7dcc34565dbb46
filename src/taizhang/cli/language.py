"""The language of the command line: TAIZHANG_LANGUAGE, Chinese by default; no Django needed."""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "locale"
DEFAULT = "zh-hans"
ENGLISH = "en"


def language() -> str:
    """Give the language asked for: ``zh-hans`` unless TAIZHANG_LANGUAGE begins with ``en``."""
    wanted = os.environ.get("TAIZHANG_LANGUAGE", DEFAULT).lower()
    return ENGLISH if wanted.startswith(ENGLISH) else DEFAULT


@lru_cache(maxsize=2)
def _catalogue(wanted: str) -> gettext.NullTranslations:
    if wanted == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation("django", LOCALES, languages=["zh_Hans"], fallback=True)


def translate(text: str) -> str:
    """Give ``text`` in the language asked for; English where the catalogue lacks it."""
    # gettext answers "" with the catalogue's head, which is no text for a reader.
    return _catalogue(language()).gettext(text) if text else text


_ = translate
