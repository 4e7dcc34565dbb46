"""Archives hold all that an instance needs, and one that is not whole leaves nothing behind."""

import gzip
import hashlib
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.web.instance.paths import KEYS, Home, home_read
from tests.cli.sealed import OLD_TEXT, drawn, picture, sealed_things
from tests.web.ledger.furnish import NOW

Held = dict[str, bytes]


@pytest.fixture(scope="module")
def kept(
    instance_template: Home, tmp_path_factory: pytest.TempPathFactory, copy_opened: Any
) -> Iterator[Path]:
    """This fixture will give an archive with the keys in it, of an instance with sealed things."""
    from taizhang.web.instance.backup import backup_make

    folder = tmp_path_factory.mktemp("archive")
    with copy_opened(instance_template, folder) as home:
        sealed_things()
        backup_make(home.path, folder / "a.tgz", now=NOW, with_key=True)
        yield folder / "a.tgz"


def held_of(archive: Path) -> Held:
    with tarfile.open(archive) as opened:
        return {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr]


def packed(held: Mapping[str, bytes], file: Path, *more: tarfile.TarInfo) -> Path:
    """Pack files as an archive, their digests in the manifest made anew."""
    manifest = json.loads(held["manifest.json"])
    names = [name for name in manifest["files"] if name in held]
    manifest["files"] = {name: hashlib.sha256(held[name]).hexdigest() for name in names}
    with tarfile.open(file, "w:gz") as opened:
        for name, data in (held | {"manifest.json": json.dumps(manifest).encode()}).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            opened.addfile(info, io.BytesIO(data))
        for info in more:
            opened.addfile(info)
    return file


def commanded(keys: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, on a machine with other keys."""
    environment = {**os.environ, "TAIZHANG_KEYS": str(keys), "TAIZHANG_LANGUAGE": "en"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", "taizhang.cli", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Give the codes that a command said; nothing else may stand there."""
    assert "Traceback" not in done.stderr, done.stderr
    return [line.partition(" ")[0] for line in done.stderr.splitlines()]


def test_every_key_of_an_instance_is_made_archived_and_put_back(
    kept: Path, instance_template: Home, tmp_path: Path
) -> None:
    made = {file.stem for file in instance_template.keys.iterdir()}
    assert made == set(KEYS)
    assert {f"keys/{name}.key" for name in KEYS} == {
        name for name in held_of(kept) if name.startswith("keys/")
    }
    done = commanded(tmp_path / "keys", "restore", kept, tmp_path / "back")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 pictures and old texts open" in done.stdout
    back = tmp_path / "keys" / instance_template.id
    for name in KEYS:
        assert (back / f"{name}.key").read_bytes() == instance_template.key_file(name).read_bytes()
        assert (back / f"{name}.key").stat().st_mode & 0o077 == 0
    assert commanded(tmp_path / "keys", "audit", "verify", "--home", tmp_path / "back").stderr == ""


def test_pictures_and_old_texts_open_on_another_machine(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: Home
) -> None:
    """Sealed under the keys of the archive alone; each key left out is missed by its name."""
    from taizhang.web.instance.restore import backup_restore

    for name in KEYS:
        monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / f"without-{name}"))
        held = {key: data for key, data in held_of(kept).items() if key != f"keys/{name}.key"}
        with pytest.raises(Refused) as caught:
            backup_restore(packed(held, tmp_path / "b.tgz"), tmp_path / "back", now=NOW)
        (issue,) = caught.value.issues
        assert (issue.code.name, Path(issue.place.file).name) == ("INSTANCE_005", f"{name}.key")
        assert not (tmp_path / "back").exists()
        assert not any((tmp_path / f"without-{name}").rglob("*.key"))
    monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / "other"))
    backup_restore(kept, tmp_path / "back", now=NOW)
    from taizhang.web.ledger.models import Evidence
    from taizhang.web.ledger.record.evidence import evidence_read
    from taizhang.web.office.models import Review
    from taizhang.web.office.old_text import content_of

    assert evidence_read(Evidence.objects.get().digest)[:4] == b"\x89PNG"
    assert content_of(Review.objects.get()).decode() == OLD_TEXT


def test_another_key_of_evidence_opens_nothing_and_says_so(kept: Path, tmp_path: Path) -> None:
    held = held_of(kept) | {"keys/evidence.key": b"00" * 32}
    other = packed(held, tmp_path / "b.tgz")
    done = commanded(tmp_path / "keys", "restore", other, tmp_path / "back")
    assert (done.returncode, codes(done)) == (1, ["EVIDENCE_006", "OFFICE_014"])
    assert not (tmp_path / "back").exists()
    assert not any((tmp_path / "keys").rglob("*.key"))


def test_a_damaged_archive_can_be_put_back_when_that_is_asked_for(
    kept: Path, tmp_path: Path
) -> None:
    held = held_of(kept)
    (name,) = (name for name in held if name.startswith("media/"))
    del held[name], held["keys/evidence.key"]
    other = packed(held, tmp_path / "b.tgz")
    asked = ("restore", other, tmp_path / "back", "--damaged")
    done = commanded(tmp_path / "keys", *asked)
    assert (done.returncode, sorted(codes(done))) == (0, ["EVIDENCE_005", "INSTANCE_005"])
    assert "old texts open" not in done.stdout.replace(str(tmp_path), "")
    done = commanded(tmp_path / "keys", "audit", "verify", "--home", tmp_path / "back")
    assert (done.returncode, sorted(codes(done))) == (1, ["EVIDENCE_005", "INSTANCE_005"])


def test_an_archive_of_the_first_format_is_put_back(kept: Path, tmp_path: Path) -> None:
    """It lacked a key, and the head that it bore could be newer than its database."""
    held = held_of(kept)
    key = held.pop("keys/evidence.key")
    manifest = json.loads(held["manifest.json"])
    manifest |= {"format": 1, "audit": {"count": 999, "digest": "0" * 64}}
    held["manifest.json"] = json.dumps(manifest).encode()
    other = packed(held, tmp_path / "b.tgz")
    done = commanded(tmp_path / "keys", "restore", other, tmp_path / "back")
    assert (done.returncode, codes(done)) == (1, ["INSTANCE_005"])
    assert "evidence.key" in done.stderr
    folder = tmp_path / "keys" / json.loads(held["taizhang.json"])["id"]
    folder.mkdir(parents=True)
    (folder / "evidence.key").write_bytes(key)
    done = commanded(tmp_path / "keys", "restore", other, tmp_path / "back")
    assert (done.returncode, codes(done)) == (0, [])


# --- refused, and nothing is left -----------------------------------------------------------------


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def database_of(held: Held, statement: str, tmp_path: Path) -> Held:
    """Give the files with a statement run on their database."""
    file = tmp_path / "changed.sqlite3"
    file.write_bytes(held["db.sqlite3"])
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(statement)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return held | {"db.sqlite3": file.read_bytes()}


def link(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def manifest_of(held: Held, change: Callable[[dict[str, Any]], None]) -> Held:
    manifest = json.loads(held["manifest.json"])
    change(manifest)
    return held | {"manifest.json": json.dumps(manifest).encode()}


Spoil = Callable[[Path, Path], Path | None]


def spoiled(change: Callable[[bytes], bytes]) -> Spoil:
    """Change the bytes of the whole archive."""

    def spoil(kept: Path, tmp_path: Path) -> Path:
        file = tmp_path / "b.tgz"
        file.write_bytes(change(kept.read_bytes()))
        return file

    return spoil


def changed(change: Callable[[Held], Held], *more: tarfile.TarInfo) -> Spoil:
    """Change the files in the archive, whose manifest then fits them."""
    return lambda kept, tmp_path: packed(change(held_of(kept)), tmp_path / "b.tgz", *more)


def stated(statement: str) -> Spoil:
    return lambda kept, tmp_path: packed(
        database_of(held_of(kept), statement, tmp_path), tmp_path / "b.tgz"
    )


def deep(data: bytes) -> bytes:
    """Give an archive whose manifest is a hundred thousand lists in each other."""
    out = io.BytesIO()
    text = b"[" * 100_000
    with tarfile.open(fileobj=out, mode="w:gz") as opened:
        info = tarfile.TarInfo("manifest.json")
        info.size = len(text)
        opened.addfile(info, io.BytesIO(text))
    return out.getvalue()


def inner(data: bytes) -> bytes:
    """Change one byte of the database inside, in an archive that is a whole gzip."""
    whole = gzip.decompress(data)
    return gzip.compress(flipped(whole, whole.index(b"SQLite format 3") + 5000))


SPOILT: dict[str, tuple[Spoil, set[str]]] = {
    "missing": (lambda kept, tmp_path: tmp_path / "nothere.tgz", {"BACKUP_002"}),
    "folder": (lambda kept, tmp_path: tmp_path, {"BACKUP_002"}),
    "letter": (spoiled(lambda data: b"hello\n"), {"BACKUP_002"}),
    "empty": (spoiled(lambda data: b""), {"BACKUP_002", "BACKUP_003"}),
    "no tar": (spoiled(lambda data: gzip.compress(b"hello" * 999)), {"BACKUP_002"}),
    "half": (spoiled(lambda data: data[: len(data) // 2]), {"BACKUP_002"}),
    "cut by one": (spoiled(lambda data: data[:-1]), {"BACKUP_002"}),
    "byte": (spoiled(lambda data: flipped(data, len(data) // 2)), {"BACKUP_002", "BACKUP_004"}),
    "check of the whole": (spoiled(lambda data: flipped(data, len(data) - 6)), {"BACKUP_002"}),
    "byte inside": (spoiled(inner), {"BACKUP_004"}),
    "one behind the other": (spoiled(lambda data: data + data), {"BACKUP_006"}),
    "lists": (spoiled(deep), {"BACKUP_003"}),
    "format": (
        changed(lambda held: manifest_of(held, lambda manifest: manifest.update(format=3))),
        {"BACKUP_003"},
    ),
    "head": (
        changed(
            lambda held: manifest_of(held, lambda manifest: manifest["audit"].update(count=99))
        ),
        {"BACKUP_009"},
    ),
    "link": (changed(dict, link("media/x", tarfile.SYMTYPE, "/etc/passwd")), {"BACKUP_006"}),
    "hard link": (changed(dict, link("db", tarfile.LNKTYPE, "db.sqlite3")), {"BACKUP_006"}),
    "device": (changed(dict, link("dev", tarfile.CHRTYPE)), {"BACKUP_006"}),
    "pipe": (changed(dict, link("media/pipe", tarfile.FIFOTYPE)), {"BACKUP_006"}),
    "twice": (changed(dict, link("taizhang.json", tarfile.REGTYPE)), {"BACKUP_006"}),
    "outside": (changed(lambda held: held | {"../out": b"x", "/out": b"x"}), {"BACKUP_006"}),
    "mark": (changed(lambda held: held | {"taizhang.json": b"{}"}), {"INSTANCE_002"}),
    "no database": (
        changed(lambda held: {**held, "db.sqlite3": b"hello"}),
        {"STORE_004"},
    ),
    "no key": (changed(lambda held: held | {"keys/audit.key": b"zz"}), {"INSTANCE_014"}),
    "other key": (changed(lambda held: held | {"keys/audit.key": b"00" * 32}), {"AUDIT_001"}),
    "row": (stated("UPDATE ledger_record SET reason = 'x'"), {"AUDIT_008"}),
    "date": (stated("UPDATE ledger_record SET accepted_at = 'soon'"), {"AUDIT_018"}),
    "table": (stated("DROP TABLE ledger_evidence"), {"AUDIT_017"}),
    "log": (stated("DELETE FROM audit_head"), {"BACKUP_009"}),
    "trigger": (
        stated("CREATE TRIGGER t AFTER INSERT ON ledger_fact BEGIN SELECT 1; END"),
        {"AUDIT_016"},
    ),
    "newer": (
        stated("INSERT INTO django_migrations (app, name, applied) VALUES ('units', '0999_x', 0)"),
        {"INSTANCE_011"},
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_refused_restore_says_why_and_leaves_nothing(
    kept: Path, tmp_path: Path, name: str
) -> None:
    """As a person runs it: a process of its own, in which nothing is set up before."""
    spoil, wanted = SPOILT[name]
    file = spoil(kept, tmp_path)
    (tmp_path / "there").mkdir()
    folder = ("there", "new/er")[list(SPOILT).index(name) % 2]
    done = commanded(tmp_path / "keys", "restore", file, tmp_path / folder)
    assert done.returncode == 1, done.stdout
    assert set(codes(done)) & wanted, done.stderr
    assert list((tmp_path / "there").iterdir()) == []
    assert not (tmp_path / "new").exists()
    assert not any((tmp_path / "keys").rglob("*.key"))
    assert not list(tmp_path.rglob("out"))


def test_a_folder_that_holds_anything_stays_as_it_was(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear", encoding="utf-8")
    done = commanded(tmp_path / "keys", "restore", kept, tmp_path / "full")
    assert (done.returncode, codes(done)) == (1, ["INSTANCE_007"])
    done = commanded(tmp_path / "keys", "restore", kept, tmp_path / "full" / "letter.txt" / "in")
    assert (done.returncode, codes(done)) == (1, ["INSTANCE_013"])
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_a_disk_without_room_is_told_and_nothing_is_left(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: Home
) -> None:
    from taizhang.web.instance import restore

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr(restore.shutil, "copyfile", full)
    with pytest.raises(Refused, match=r"BACKUP_010 .*No space left on device"):
        restore.backup_restore(kept, tmp_path / "back", now=NOW)
    assert not (tmp_path / "back").exists()
    assert not any((tmp_path / "keys").rglob("*.key"))


def test_no_spoilt_archive_breaks_anything(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: Home
) -> None:
    """Some hundred archives with bytes changed, lost, doubled: refused or whole, never half."""
    from taizhang.web.instance.restore import backup_restore

    monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / "keys"))
    chance = random.Random(20)  # noqa: S311 - the same archives each time
    whole = kept.read_bytes()
    inside = gzip.decompress(whole)
    backs = 0
    for number in range(400):
        data = bytearray(whole if number % 4 else inside)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            # Most of it is the database; what tells how to unpack it is spoilt as often.
            at = at if number % 3 else chance.randrange(min(len(data), 4096))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randint(1, 600)]
                case 2:
                    data[at:at] = data[at : at + chance.randint(1, 600)]
                case 3:
                    data[at : at + 8] = bytes(8)
        file = tmp_path / "b.tgz"
        file.write_bytes(data if number % 4 else gzip.compress(data, 1))
        try:
            backup_restore(file, tmp_path / "back", now=NOW)
        except Refused:
            assert not (tmp_path / "back").exists()
            assert not any((tmp_path / "keys").rglob("*.key"))
        else:
            backs += 1  # a byte that nothing depends on, such as the moment in gzip's head
            shutil.rmtree(tmp_path / "back")
            shutil.rmtree(tmp_path / "keys")
    assert backs < 40


# --- what is archived -----------------------------------------------------------------------------


def test_the_head_in_an_archive_is_that_of_its_own_log(
    any_instance: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that comes between the copy and all that follows is in neither."""
    from django.db import transaction

    from taizhang.web.audit.actions import audit_append
    from taizhang.web.audit.verify import head
    from taizhang.web.instance import backup
    from tools.machine import postgresql_find

    if binaries := postgresql_find():
        monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")
    before = head()
    digest_of = backup._digest

    def slow(file: Path) -> str:
        with transaction.atomic():
            audit_append(actor=None, action="x.y", objects=[], now=NOW)
        return digest_of(file)

    monkeypatch.setattr(backup, "_digest", slow)
    archived = backup.backup_make(any_instance.path, tmp_path / "a.tgz", now=NOW)
    assert head().count > before.count
    assert (archived.count, archived.digest) == (before.count, before.digest)
    audit = json.loads(held_of(tmp_path / "a.tgz")["manifest.json"])["audit"]
    assert audit == {"count": before.count, "digest": before.digest}


def test_a_backup_tells_of_pictures_that_are_lost_already(
    instance: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_things()
    (instance.path / picture(instance)).unlink()
    (instance.path / "media" / ".DS_Store").write_bytes(b"x")
    done = commanded(instance.keys.parent, "backup", instance.path, tmp_path / "a.tgz")
    assert (done.returncode, codes(done)) == (0, ["EVIDENCE_005", "EVIDENCE_007"])
    assert not [name for name in held_of(tmp_path / "a.tgz") if name.startswith("media/")]
    instance.key_file("evidence").rename(tmp_path / "evidence.key")
    try:
        asked = ("backup", instance.path, tmp_path / "b.tgz", "--with-key")
        done = commanded(instance.keys.parent, *asked)
    finally:
        (tmp_path / "evidence.key").rename(instance.key_file("evidence"))
    assert (done.returncode, codes(done)) == (1, ["INSTANCE_005"])
    assert not (tmp_path / "b.tgz").exists()


@pytest.mark.postgresql
def test_a_refused_restore_leaves_an_empty_postgresql(
    postgresql_instance: Home,
    postgresql_server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import psycopg
    from django.db import connections

    from taizhang.web.instance.backup import backup_make
    from taizhang.web.instance.restore import backup_restore
    from tests.conftest import database_made
    from tools.machine import postgresql_find

    monkeypatch.setenv("PATH", f"{postgresql_find()}{os.pathsep}{os.environ['PATH']}")
    sealed_things()
    backup_make(postgresql_instance.path, tmp_path / "a.tgz", now=NOW, with_key=True)
    held = held_of(tmp_path / "a.tgz")
    (name,) = (name for name in held if name.startswith("media/"))
    other = packed(held | {name: drawn()}, tmp_path / "b.tgz")
    with database_made(postgresql_server) as address:
        monkeypatch.setenv("DATABASE_URL", address)
        with pytest.raises(Refused, match="EVIDENCE_006"):
            backup_restore(other, tmp_path / "back", now=NOW)
        with psycopg.connect(address) as connection:
            left = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).fetchall()
        assert left == []
        assert not (tmp_path / "back").exists()
        assert backup_restore(tmp_path / "a.tgz", tmp_path / "back", now=NOW).opened == 2
        assert home_read(tmp_path / "back").id == postgresql_instance.id
        connections.close_all()
