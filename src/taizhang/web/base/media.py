"""The files of an instance's media folder: what an archive takes along and a verification walks."""

from __future__ import annotations

from pathlib import Path


def media_files(media: Path) -> tuple[Path, ...]:
    """Give every file in the media folder of an instance, in the order of their names."""
    return tuple(sorted(file for file in media.rglob("*") if not file.is_dir()))
