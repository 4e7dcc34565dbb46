"""What the recording pages are made of: built files with their digests, the worker's script."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from taizhang import __version__
from taizhang.web.ledger.phone.xform_html import BUILT, is_built

#: What the pages load besides the built files.
BASE = ("web/base.css", "web/parts.css", "web/app.js", "web/icon.svg", "django_htmx/htmx-2.min.js")
BUNDLES = ("form.css", "form.js", "record.js", "queue.js")


def built(name: str) -> str:
    """Give the address of a built file, one that changes with its content."""
    digest = _manifest(BUILT / "manifest.json", _age()).get(name, "0")
    return f"{static(f'built/{name}')}?v={digest}"


def shell() -> list[str]:
    """Give the addresses of everything that the recording pages need without a network."""
    return [*(static(name) for name in BASE), *(built(name) for name in BUNDLES)]


def shell_version() -> str:
    """Give a digest of the software's pages: a worker with another one takes over."""
    return _version(_age())


def worker() -> str:
    """Give the service worker's script.

    :raises FileNotFoundError: when the front end was not built
    """
    known = json.dumps({"version": shell_version(), "shell": shell()})
    return f"self.TAIZHANG={known};\n{(BUILT / 'sw.js').read_text(encoding='utf-8')}"


def _age() -> float:
    return (BUILT / "manifest.json").stat().st_mtime if is_built() else 0.0


@lru_cache(maxsize=4)
def _manifest(file: Path, age: float) -> Mapping[str, str]:
    digests: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8")) if age else {}
    return digests


@lru_cache(maxsize=4)
def _version(age: float) -> str:
    digest = hashlib.sha256(__version__.encode())
    digest.update(json.dumps(dict(_manifest(BUILT / "manifest.json", age))).encode())
    for name in BASE:
        if (file := finders.find(name)) is not None:
            digest.update(Path(str(file)).read_bytes())
    return digest.hexdigest()[:16]
