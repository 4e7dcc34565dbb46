"""Archives of an instance: made while it serves, verified before anything is put back.

An archive is a tar.gz: ``manifest.json`` first, then the mark, the database and the media, each
with its SHA-256 in the manifest.  The keys stay out unless they are asked for: an archive that
holds the audit key proves nothing about the log inside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from taizhang import __version__
from taizhang.core.issue import Code, Issue, Place, Refused, gettext_noop
from taizhang.web.home import (
    KEYS,
    MARK,
    MEDIA,
    Home,
    HomeCode,
    folder_make,
    home_free,
    home_read,
    key_write,
    keys_outside,
    mark_read,
)
from taizhang.web.store import database_copy, database_name, database_restore

MANIFEST = "manifest.json"
FORMAT = 1
_BLOCK = 1 << 20


class BackupCode(Code):
    """What can be wrong with an archive."""

    BACKUP_001 = (
        gettext_noop("The archive exists already."),
        gettext_noop("Name a new file; an older archive is never written over."),
    )
    BACKUP_002 = (
        gettext_noop("The archive cannot be read: %(why)s."),
        gettext_noop("Take another copy of the archive."),
    )
    BACKUP_003 = (
        gettext_noop("The archive has no manifest that this version reads."),
        gettext_noop("Use an archive made by taizhang backup, with the version that made it."),
    )
    BACKUP_004 = (
        gettext_noop("The file '%(name)s' in the archive is not the one that was put in."),
        gettext_noop("The archive is damaged or was changed; take another copy of it."),
    )
    BACKUP_005 = (
        gettext_noop("The file '%(name)s' is missing in the archive."),
        gettext_noop("The archive is damaged or was changed; take another copy of it."),
    )
    BACKUP_006 = (
        gettext_noop("The archive holds '%(name)s', which its manifest does not name."),
        gettext_noop("The archive was changed; take another copy of it."),
    )
    BACKUP_007 = (
        gettext_noop("The key '%(name)s' in the archive differs from the one on this machine."),
        gettext_noop("Find out which one is right; keys are never replaced."),
    )
    BACKUP_008 = (
        gettext_noop("The archive cannot be written: %(why)s."),
        gettext_noop("Name a file in a folder that exists and has room."),
    )


@dataclass(frozen=True, kw_only=True)
class Archived:
    """What went into an archive: files, their bytes, and the head of the log."""

    files: int
    size: int
    count: int
    digest: str


def backup_make(path: Path, file: Path, *, now: datetime, with_key: bool = False) -> Archived:
    """Write an archive of the instance in ``path`` to the new ``file``; it may go on serving.

    :raises Refused: INSTANCE_…, BACKUP_001 or 008, STORE_001 or 002
    """
    home = home_read(path)
    if file.exists():
        raise Refused([Issue(BackupCode.BACKUP_001, Place(str(file)))])
    part = file.with_name(f"{file.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".taizhang-", dir=file.parent) as folder:
            archived = _write(home, Path(folder), part, now, with_key)
        part.rename(file)
    except OSError as error:
        facts = {"why": error.strerror or type(error).__name__}
        raise Refused([Issue(BackupCode.BACKUP_008, Place(str(file)), facts)]) from error
    finally:
        part.unlink(missing_ok=True)
    return archived


def _write(home: Home, folder: Path, part: Path, now: datetime, with_key: bool) -> Archived:
    copy = folder / database_name(home)
    # The database first: a file of evidence is written before the record that names it, so that
    # every file which this copy names is there when the media are read.
    database_copy(home, copy)
    named = {MARK: home.path / MARK, copy.name: copy}
    media = home.path / MEDIA
    named |= {
        f"{MEDIA}/{one.relative_to(media).as_posix()}": one
        for one in sorted(media.rglob("*"))
        if one.is_file()
    }
    if with_key:
        named |= {f"keys/{name}.key": home.keys / f"{name}.key" for name in KEYS}
    head = _head(home)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": __version__,
        "made_at": now.isoformat(),
        "audit": head,
        "files": {name: _digest(one) for name, one in named.items()},
    }
    listed = folder / MANIFEST
    listed.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600, exist_ok=False)  # it holds all, with --with-key the keys too
    with tarfile.open(part, "w:gz", compresslevel=6) as archive:
        for name, one in {MANIFEST: listed, **named}.items():
            archive.add(one, arcname=name, recursive=False)
    size = sum(one.stat().st_size for one in named.values())
    return Archived(files=len(named), size=size, **head)


def _head(home: Home) -> dict[str, Any]:
    """Give the log's head, for people to compare; the log in the archive proves itself."""
    from taizhang.web.instance import point_at

    point_at(home)
    from taizhang.web.audit.queries import head

    found = head()
    return {"count": found.count, "digest": found.digest}


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while block := source.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def backup_restore(file: Path, path: Path) -> Home:
    """Put an archive back as an instance in the empty or new folder ``path``, and open it.

    Everything is verified before and after: digests, keys, the chain of the log.  When anything is
    wrong, nothing is left behind.

    :raises Refused: BACKUP_…, INSTANCE_005 to 007 or 013, STORE_…, AUDIT_…
    """
    path = path.resolve()
    home_free(path)
    was_there = path.exists()
    folder_make(path)
    keys: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(prefix="restore-", dir=path) as folder:
            _unpack(file, Path(folder))
            home = replace(mark_read(Path(folder)), path=path)
            keys_outside(home)
            _keys_restore(home, Path(folder), keys)
            # The mark comes first: Django reads which database to use from it.
            shutil.copyfile(Path(folder) / MARK, path / MARK)
            media = Path(folder) / MEDIA
            media.mkdir(exist_ok=True)  # an archive without evidence has none
            media.rename(path / MEDIA)
            database_restore(home, Path(folder) / database_name(home))
        _prove(home_read(path))
    except BaseException:
        _undo(path, was_there, keys)
        raise
    return home


def _undo(path: Path, was_there: bool, keys: list[Path]) -> None:
    from django.db import connections

    connections.close_all()
    for one in keys:
        one.unlink()
    shutil.rmtree(path)
    if was_there:
        path.mkdir()


def _unpack(file: Path, folder: Path) -> None:
    """Unpack what the manifest names, and see that it is all of it and unchanged."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            # Plain files with safe names alone: no links, no devices, no way out of the folder.
            members = [one for one in archive if one.isfile() and _is_safe(one.name)]
            archive.extractall(folder, members=members, filter="data")
    except (OSError, EOFError, tarfile.TarError) as error:
        facts = {"why": str(error) or type(error).__name__}
        raise Refused([Issue(BackupCode.BACKUP_002, Place(str(file)), facts)]) from error
    issues = list(_compare(folder, _manifest(file, folder), file))
    if issues:
        raise Refused(issues)


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not name.startswith("/") and ".." not in parts


def _manifest(file: Path, folder: Path) -> dict[str, str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
        if manifest["format"] == FORMAT and MARK in files:
            return files
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass  # told below, as is a manifest of another format
    raise Refused([Issue(BackupCode.BACKUP_003, Place(str(file)))])


def _compare(folder: Path, wanted: dict[str, str], file: Path) -> Iterator[Issue]:
    found = {one.relative_to(folder).as_posix(): one for one in folder.rglob("*") if one.is_file()}
    place = Place(str(file))
    for name, digest in wanted.items():
        if name not in found:
            yield Issue(BackupCode.BACKUP_005, place, {"name": name})
        elif _digest(found[name]) != digest:
            yield Issue(BackupCode.BACKUP_004, place, {"name": name})
    for name in sorted(found.keys() - wanted.keys() - {MANIFEST}):
        yield Issue(BackupCode.BACKUP_006, place, {"name": name})


def _keys_restore(home: Home, folder: Path, written: list[Path]) -> None:
    """Write keys that the archive holds and this machine lacks; see that all are there."""
    issues: list[Issue] = []
    for name in KEYS:
        there, packed = home.keys / f"{name}.key", folder / "keys" / f"{name}.key"
        if not packed.is_file():
            if not there.is_file():
                issues.append(Issue(HomeCode.INSTANCE_005, Place(str(there)), {"key": str(there)}))
        elif not there.is_file():
            key_write(home, name, bytes.fromhex(packed.read_text(encoding="ascii").strip()))
            written.append(there)
        elif there.read_bytes() != packed.read_bytes():
            issues.append(Issue(BackupCode.BACKUP_007, Place(str(there)), {"name": name}))
    if issues:
        raise Refused(issues)


def _prove(home: Home) -> None:
    """Open the restored instance, bring its tables up to date and verify the chain of its log."""
    from taizhang.web.instance import point_at, tables_update

    point_at(home)
    from taizhang.web.audit.queries import verify

    tables_update()  # of an older version; what is verified is read as this one reads it
    if issues := verify().issues:
        raise Refused(issues)
