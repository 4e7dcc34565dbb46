"""Archives of an instance, made while it serves; ``restore.py`` puts them back.

An archive is a tar.gz: ``manifest.json`` first, then the mark, the database and the media, each
with its SHA-256 in the manifest.  The keys stay out unless they are asked for: an archive that
holds the audit key proves nothing about the log inside it.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from taizhang import __version__
from taizhang.core.base.issue import Code, Issue, Level, Place, Refused, gettext_noop
from taizhang.web.base.media import media_files
from taizhang.web.instance.dump import database_copied, database_name
from taizhang.web.instance.paths import KEYS, MARK, MEDIA, Home, home_read

MANIFEST = "manifest.json"
#: Format 1 bore a head that could be newer than its database, and lacked the key of evidence.
FORMAT = 2
#: How an archive names a picture.
EVIDENCE = re.compile(rf"{MEDIA}/evidence/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}")


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
    BACKUP_009 = (
        gettext_noop(
            "The manifest says that the log ends with row %(wanted)s; that in the archive ends "
            "with row %(found)s, or with another one."
        ),
        gettext_noop("The archive was changed; take another copy of it."),
    )
    BACKUP_010 = (
        gettext_noop("The archive cannot be put back: %(why)s."),
        gettext_noop("See that DIR and the folder of keys can be written and have room."),
    )
    BACKUP_008 = (
        gettext_noop("The archive cannot be written: %(why)s."),
        gettext_noop("Name a file in a folder that exists and has room."),
    )


@dataclass(frozen=True, kw_only=True)
class Archived:
    """What went into an archive: files, their bytes, and the head of the log in it.

    ``issues`` are warnings: pictures and old texts that were missing or did not open already.
    """

    files: int
    size: int
    count: int
    digest: str
    issues: tuple[Issue, ...]


def backup_make(path: Path, file: Path, *, now: datetime, with_key: bool = False) -> Archived:
    """Write an archive of the instance in ``path`` to the new ``file``; it may go on serving.

    :raises Refused: INSTANCE_…, BACKUP_001 or 008, STORE_001 or 002
    """
    home = home_read(path)
    if with_key and (issues := home.key_issues()):
        raise Refused(issues)
    if file.exists():
        raise Refused([Issue(BackupCode.BACKUP_001, Place(str(file)))])
    part = file.with_name(f"{file.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".taizhang-", dir=file.parent) as folder:
            archived = _write(home, Path(folder).resolve(), part, now, with_key)
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
    with database_copied(home, copy) as ask:
        count, digest = ask("SELECT count, digest FROM audit_head WHERE id = 1") or (0, "")
    named = {MARK: home.path / MARK, copy.name: copy}
    media = home.path / MEDIA
    files = ((file.relative_to(home.path).as_posix(), file) for file in media_files(media))
    # What else lies there is no evidence: a draft of a write under way, a system's own file.
    named |= {name: file for name, file in files if EVIDENCE.fullmatch(name) and file.is_file()}
    if with_key:
        named |= {f"keys/{name}.key": home.key_file(name) for name in KEYS}
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": __version__,
        "made_at": now.isoformat(),
        "audit": {"count": count, "digest": digest},
        "files": {name: _digest(path) for name, path in named.items()},
    }
    listed = folder / MANIFEST
    listed.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600, exist_ok=False)  # it holds all, with --with-key the keys too
    with tarfile.open(part, "w:gz", compresslevel=6) as archive:
        for name, path in {MANIFEST: listed, **named}.items():
            archive.add(path, arcname=name, recursive=False)
    size = sum(path.stat().st_size for path in named.values())
    issues = _closed(home)
    return Archived(files=len(named), size=size, count=count, digest=digest, issues=issues)


def _closed(home: Home) -> tuple[Issue, ...]:
    """Tell, as warnings, of pictures and old texts that are missing or do not open.

    They are told when the archive is made: when it is needed it is too late to look for them.
    """
    from taizhang.web.instance.open import point_at, tables_differ

    point_at(home)
    if any(tables_differ()):
        return ()  # an older instance is archived before its tables can be read
    from taizhang.web.audit.sealed_files import sealed_files_issues, sealed_files_now
    from taizhang.web.base.moment import one_moment

    with one_moment():
        kept = sealed_files_now()
    issues = (*home.key_issues(), *sealed_files_issues(kept, lambda: None))
    return tuple(replace(issue, level=Level.WARNING) for issue in issues)


def _digest(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
