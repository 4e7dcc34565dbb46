"""Writers of one SQLite file queue up: nobody sleeps while it is free, nobody dead holds it."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from taizhang.web.instance.paths import Home

HOLD = """
import sys, time
from pathlib import Path
from taizhang.web.instance.open import instance_open
instance_open(Path(sys.argv[1]))
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("UPDATE accounts_instance SET name = 'half'")
    print("inside", flush=True)
    time.sleep(600)
"""


def is_free(home: Home) -> bool:
    """Say whether nobody holds the queue."""
    queue = os.open(f"{home.database}-queue", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(queue)
    return True


def test_a_transaction_holds_the_queue_from_its_begin_to_its_end(instance: Home) -> None:
    from django.db import transaction

    assert is_free(instance)
    with transaction.atomic():
        assert not is_free(instance)
        with pytest.raises(ValueError, match="undone"), transaction.atomic():
            raise ValueError("undone")
        assert not is_free(instance)  # a savepoint ends, the transaction goes on
    assert is_free(instance)
    with pytest.raises(ValueError, match="undone"), transaction.atomic():
        raise ValueError("undone")
    assert is_free(instance)


def test_a_transaction_that_cannot_begin_leaves_the_queue(instance: Home) -> None:
    """A program that does not know of the queue holds SQLite's own lock."""
    import sqlite3

    from django.db import OperationalError, connection, transaction

    foreign = sqlite3.connect(instance.database, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert is_free(instance)
    foreign.close()
    with transaction.atomic():
        pass


def test_who_waits_goes_on_as_soon_as_the_other_ends(instance: Home) -> None:
    from django.db import connections, transaction

    inside, ended = threading.Event(), []

    def other() -> None:
        with transaction.atomic():
            inside.set()
            time.sleep(0.3)
            ended.append(time.monotonic())
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait()
    with transaction.atomic():
        begun = time.monotonic()
    thread.join()
    assert begun >= ended[0]


def test_the_dead_hold_nothing_and_leave_nothing_half(instance: Home) -> None:
    from django.db import connection, transaction

    command = [sys.executable, "-c", HOLD, str(instance.path)]
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)
    assert process.stdout is not None
    assert process.stdout.readline() == "inside\n"
    assert not is_free(instance)
    process.kill()
    process.wait()
    process.stdout.close()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_instance")
        assert cursor.fetchone()[0] == ""
