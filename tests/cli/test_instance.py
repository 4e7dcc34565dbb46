"""init, backup, restore, serve: the life of an instance."""

import io
import json
import os
import re
import shutil
import signal
import sqlite3
import tarfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import MARK, Home, home_read
from tests.cli.sealed import picture, sealed_things
from tests.served import served

UNITS = Path(__file__).resolve().parents[1] / "errors" / "shared" / "units.csv"
Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """This fixture will run a command that must succeed and give what it printed."""

    def run(*arguments: object) -> str:
        assert main([str(argument) for argument in arguments]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """This fixture will run a command that must be refused and give the codes it said."""

    def refused(*arguments: object) -> list[str]:
        assert main([str(argument) for argument in arguments]) == 1
        return [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()]

    return refused


Refusal = Callable[..., list[str]]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.usefixtures("instance")
def test_init_makes_what_every_command_needs(run: Run, tmp_path: Path) -> None:
    made = json.loads(run("init", tmp_path / "a", "--name", "月湖区", "--format", "json"))
    home = home_read(tmp_path / "a")
    assert made == {"home": str(home.path), "id": home.id, "keys": str(home.keys)}
    assert not home.keys.is_relative_to(home.path)
    for key in home.keys.iterdir():
        assert key.stat().st_mode & 0o077 == 0
        text = key.read_text().strip()
        assert all(
            text.encode() not in file.read_bytes() for file in home.path.iterdir() if file.is_file()
        )
    run("units", "import", UNITS, "--home", home.path)
    head = run("audit", "head", "--home", home.path).strip()
    assert head.startswith("2:")
    run("audit", "verify", "--head", head, "--home", home.path)


@pytest.mark.usefixtures("instance")
def test_init_with_close_after_keeps_it(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "a", "--close-after", 10)
    from taizhang.web.accounts.queries import instance

    assert instance().close_after == 10
    assert main(["init", str(tmp_path / "b"), "--close-after", "1000"]) == 2
    assert not (tmp_path / "b").exists()


def test_two_instances_have_keys_of_their_own(run: Run, instance: Home, tmp_path: Path) -> None:
    run("init", tmp_path / "a")
    other = home_read(tmp_path / "a")
    assert other.id != instance.id
    assert other.key("audit") != instance.key("audit")
    assert other.key("audit") != other.key("session")


def test_init_leaves_a_folder_alone_that_holds_anything(
    refused: Refusal, instance: Home, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear", encoding="utf-8")
    assert refused("init", tmp_path / "full") == ["INSTANCE_007"]
    assert files(tmp_path / "full") == ["letter.txt"]
    assert refused("init", instance.path) == ["INSTANCE_007"]


@pytest.mark.usefixtures("instance")
def test_keys_never_lie_inside_the_instance(
    refused: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / "a" / "keys"))
    assert refused("init", tmp_path / "a") == ["INSTANCE_006"]
    assert not (tmp_path / "a").exists()


def test_each_way_an_instance_can_be_unreachable_has_its_code(
    refused: Refusal, instance: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ("audit", "head", "--home", instance.path)
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://nowhere/x")
        assert refused(*ask) == ["INSTANCE_004"]
    with monkeypatch.context() as patch:
        patch.setenv("TAIZHANG_KEYS", str(instance.path.parent / "no-keys"))
        shutil.copytree(instance.path, instance.path.parent / "second")
        second = ("audit", "head", "--home", instance.path.parent / "second")
        assert refused(*second) == ["INSTANCE_005"]
    mark = instance.path / MARK
    mark.write_text(mark.read_text().replace("sqlite", "postgresql"), encoding="utf-8")
    assert refused(*ask) == ["INSTANCE_003"]
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", "mysql://nowhere/x")
        assert refused(*ask) == ["INSTANCE_009"]
    for text in ("{}", "no json", '{"id": "../../etc", "database": "sqlite"}', '{"id": "00"}'):
        mark.write_text(text, encoding="utf-8")
        assert refused(*ask) == ["INSTANCE_002"]
    mark.write_text(json.dumps({"id": instance.id, "database": "sqlite"}), encoding="utf-8")
    instance.database.unlink()
    assert refused(*ask) == ["INSTANCE_008"]


def test_tables_of_another_version_are_told_from_each_other(
    run: Run, refused: Refusal, instance: Home
) -> None:
    from django.db import connection

    ask = ("audit", "head", "--home", instance.path)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES "
            "('units', '0999_later', '2030-01-01')"
        )
    assert refused(*ask) == ["INSTANCE_011"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
    run(*ask)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'units'")
    assert refused(*ask) == ["INSTANCE_010"]


@pytest.mark.postgresql
def test_a_postgresql_that_cannot_be_used_leaves_nothing_behind(
    run: Run,
    refused: Refusal,
    postgresql_instance: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / "keys"))
    assert refused("init", tmp_path / "second") == ["STORE_003"]
    gone = os.environ["DATABASE_URL"].replace("/test_", "/gone_")
    monkeypatch.setenv("DATABASE_URL", gone)
    assert refused("init", tmp_path / "third") == ["INSTANCE_012"]
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["keys"]
    assert list((tmp_path / "keys").iterdir()) == []


# --- backup and restore ---------------------------------------------------------------------------


@pytest.fixture
def archive(run: Run, instance: Home, tmp_path: Path) -> Path:
    """This fixture will archive an instance that has units and a file of evidence."""
    sealed_things()
    run("backup", instance.path, tmp_path / "a.tar.gz")
    return tmp_path / "a.tar.gz"


def test_what_was_archived_comes_back(
    run: Run, archive: Path, instance: Home, tmp_path: Path
) -> None:
    head = run("audit", "head", "--home", instance.path)
    run("restore", archive, tmp_path / "back")
    assert run("audit", "head", "--home", tmp_path / "back") == head
    assert run("units", "list", "--home", tmp_path / "back") == run(
        "units", "list", "--home", instance.path
    )
    photo = picture(instance)
    folders = [str(parent) for parent in photo.parents][:-1]
    assert (tmp_path / "back" / photo).read_bytes() == (instance.path / photo).read_bytes()
    kept = ["db.sqlite3", *folders, str(photo), MARK]
    # SQLite's own and ours, while it is open
    open_files = ("db.sqlite3-shm", "db.sqlite3-wal", "db.sqlite3-queue")
    assert [file for file in files(tmp_path / "back") if file not in open_files] == sorted(kept)


def test_keys_stay_out_unless_asked_for(
    run: Run,
    refused: Refusal,
    archive: Path,
    instance: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tarfile.open(archive) as opened:
        assert not [name for name in opened.getnames() if "key" in name]
    run("backup", instance.path, tmp_path / "keys.tar.gz", "--with-key")
    key = instance.key("audit")
    monkeypatch.setenv("TAIZHANG_KEYS", str(tmp_path / "new-machine"))
    assert refused("restore", archive, tmp_path / "back") == ["INSTANCE_005"] * 3
    assert not (tmp_path / "back").exists()
    run("restore", tmp_path / "keys.tar.gz", tmp_path / "back")
    assert home_read(tmp_path / "back").key("audit") == key
    file = home_read(tmp_path / "back").keys / "audit.key"
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("00" * 32)
    assert refused("restore", tmp_path / "keys.tar.gz", tmp_path / "third") == ["BACKUP_007"]
    assert file.read_text() == "00" * 32


def test_folder_and_archive_are_their_owner_s_alone(
    run: Run, archive: Path, instance: Home, tmp_path: Path
) -> None:
    before = os.umask(0o022)
    try:
        run("init", tmp_path / "fresh")
        run("restore", archive, tmp_path / "back")
        (tmp_path / "keys.tgz.part").write_text("left by a power cut")
        run("backup", instance.path, tmp_path / "keys.tgz", "--with-key")
    finally:
        os.umask(before)
    for made in ("fresh", "back", "keys.tgz"):
        assert (tmp_path / made).stat().st_mode & 0o077 == 0, made


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write the archive anew with its files changed."""
    with tarfile.open(archive) as opened:
        held = {
            member.name: opened.extractfile(member).read()  # type: ignore[union-attr]
            for member in opened
            if member.isfile()
        }
    change(held)
    other = archive.with_name("changed.tar.gz")
    with tarfile.open(other, "w:gz") as opened:
        for name, data in held.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            opened.addfile(info, io.BytesIO(data))
    return other


def photo_of(held: dict[str, bytes]) -> str:
    (name,) = (name for name in held if name.startswith("media/"))
    return name


def spoil(held: dict[str, bytes]) -> None:
    held[photo_of(held)] = b"b photo"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (spoil, "BACKUP_004"),
        (lambda held: held.pop(photo_of(held)), "BACKUP_005"),
        (lambda held: held.update({"media/more.jpg": b""}), "BACKUP_006"),
        (lambda held: held.pop("manifest.json"), "BACKUP_003"),
        (lambda held: held.update({"manifest.json": b"[]"}), "BACKUP_003"),
    ],
)
def test_a_changed_archive_is_refused_and_leaves_nothing(
    refused: Refusal,
    archive: Path,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    code: str,
) -> None:
    assert refused("restore", rewritten(archive, change), tmp_path / "back") == [code]
    assert not (tmp_path / "back").exists()


def test_an_archive_cannot_write_outside_its_folder(
    refused: Refusal, archive: Path, tmp_path: Path
) -> None:
    other = rewritten(archive, lambda held: held.update({"../out.txt": b"x", "/out.txt": b"x"}))
    assert refused("restore", other, tmp_path / "back") == ["BACKUP_006"] * 2
    assert not (tmp_path / "out.txt").exists()
    assert not list(tmp_path.rglob("out.txt"))
    assert not Path("/out.txt").exists()


def test_an_archive_with_a_forged_log_is_refused(
    refused: Refusal, archive: Path, tmp_path: Path
) -> None:
    """Digests alone can be made anew by who changes the archive; the keyed chain cannot."""

    def forge(held: dict[str, bytes]) -> None:
        import hashlib

        database = tmp_path / "forged.sqlite3"
        database.write_bytes(held["db.sqlite3"])
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE audit_entry SET action = 'nothing' WHERE sequence = 2")
        connection.close()
        held["db.sqlite3"] = database.read_bytes()
        manifest = json.loads(held["manifest.json"])
        manifest["files"]["db.sqlite3"] = hashlib.sha256(held["db.sqlite3"]).hexdigest()
        held["manifest.json"] = json.dumps(manifest).encode()

    (tmp_path / "back").mkdir()
    assert refused("restore", rewritten(archive, forge), tmp_path / "back") == ["AUDIT_001"]
    assert files(tmp_path / "back") == []


def test_what_is_no_archive_is_refused(refused: Refusal, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear")
    half = tmp_path / "half.tar.gz"
    half.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    for file in ("letter", "absent", "half.tar.gz"):
        assert refused("restore", tmp_path / file, tmp_path / "back") == ["BACKUP_002"]
        assert not (tmp_path / "back").exists()
    assert refused("restore", archive, tmp_path) == ["INSTANCE_007"]


def test_an_older_archive_is_never_written_over(
    refused: Refusal, archive: Path, instance: Home, tmp_path: Path
) -> None:
    before = archive.read_bytes()
    assert refused("backup", instance.path, archive) == ["BACKUP_001"]
    assert archive.read_bytes() == before
    assert refused("backup", instance.path, tmp_path / "no" / "a.tgz") == ["BACKUP_008"]
    assert refused("backup", tmp_path / "none", tmp_path / "b.tgz") == ["INSTANCE_001"]


def test_a_backup_while_others_write_is_consistent(
    run: Run, instance: Home, tmp_path: Path
) -> None:
    from django.db import connections, transaction

    from taizhang.cli.context import now
    from taizhang.web.audit.actions import audit_append

    stop, written = threading.Event(), []

    def write() -> None:
        try:
            while not stop.is_set():
                with transaction.atomic():
                    written.append(audit_append(actor=None, action="x.y", objects=[], now=now()))
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(written) < 50:
            time.sleep(0.01)
        for number in range(3):
            before = len(written)
            run("backup", instance.path, tmp_path / f"{number}.tgz")
            assert len(written) > before  # it went on writing meanwhile
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        run("restore", tmp_path / f"{number}.tgz", tmp_path / f"back{number}")


@pytest.mark.postgresql
def test_postgresql_is_archived_and_restored_with_its_own_tools(
    run: Run,
    refused: Refusal,
    postgresql_instance: Home,
    postgresql_server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tools.machine import postgresql_find

    binaries = postgresql_find()
    assert binaries is not None
    monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")
    run("units", "import", UNITS, "--home", postgresql_instance.path)
    head = run("audit", "head", "--home", postgresql_instance.path)
    run("backup", postgresql_instance.path, tmp_path / "a.tgz")
    assert refused("restore", tmp_path / "a.tgz", tmp_path / "full") == ["STORE_003"]

    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    address = os.environ["DATABASE_URL"].replace("/test_", "/restored?was=test_")
    empty = address.partition("?was=")[0] + "?" + os.environ["DATABASE_URL"].partition("?")[2]
    monkeypatch.setenv("DATABASE_URL", empty)
    run("restore", tmp_path / "a.tgz", tmp_path / "back")
    assert run("audit", "head", "--home", tmp_path / "back") == head
    gone = os.environ["DATABASE_URL"].replace("/restored", "/gone")
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", gone)
        assert refused("backup", tmp_path / "back", tmp_path / "b.tgz") == ["STORE_002"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused("backup", tmp_path / "back", tmp_path / "b.tgz") == ["STORE_001"]


# --- serve ----------------------------------------------------------------------------------------


def get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
        return answer.status, answer.read().decode()


def test_serve_answers_and_stops_with_its_whole_group(refused: Refusal, instance: Home) -> None:
    with served(instance.path, "--workers", "2") as (process, address):
        assert get(f"{address}/healthz") == (200, "ok\n")
        status, page = get(f"{address}/")
        assert status == 200
        style = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert [get(address + path)[0] for path in style] == [200, 200]
        port = address.rpartition(":")[2]
        assert refused("serve", "--home", instance.path, "--port", port) == ["SERVE_001"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
