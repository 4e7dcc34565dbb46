"""A standalone Spark cluster on this machine: a master, two workers, and a session on them.

For tests and the benchmark; a province runs its own (docs/guide/province.md).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tools.machine import java_find

WORKERS = 2
#: Java starts slowly on a machine that does much else.
PATIENCE = 180
HERE = "127.0.0.1"
DEPLOY = "org.apache.spark.deploy"
SESSION = {
    "spark.driver.host": HERE,
    "spark.driver.bindAddress": HERE,
    "spark.driver.memory": "512m",
    "spark.executor.cores": "1",
    "spark.cores.max": str(WORKERS),
    # An answer must come from both workers, not from the first that is ready.
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{PATIENCE}s",
    "spark.sql.shuffle.partitions": str(WORKERS),
    "spark.sql.files.maxPartitionBytes": "64k",
    "spark.ui.enabled": "false",
}


@contextmanager
def cluster(
    folder: Path, settings: Mapping[str, str] | None = None, *, memory: str = "512m"
) -> Iterator[Any]:
    """This function will run master and workers and give a session; all end with the block.

    :param folder: takes the logs and the workers' files
    :param settings: of the session, on top of those here
    :param memory: of each worker's executor
    """
    import pyspark

    from taizhang.figures.spark import session_open

    java = java_find()
    if java is None:
        raise RuntimeError("Spark needs Java; a test with a cluster carries the mark `spark`")
    home = Path(pyspark.__file__).parent
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "JAVA_HOME": str(java.resolve().parent.parent),
        "SPARK_LOCAL_IP": HERE,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
        "PYSPARK_PYTHON": sys.executable,
    }
    ports = ("--host", HERE, "--port", "0", "--webui-port", "0")
    with ExitStack() as ended:
        log = folder / "master.log"
        ended.enter_context(_running(log, home, environment, f"{DEPLOY}.master.Master", *ports))
        address = _said(log, rf"Starting Spark master at (spark://{HERE}:\d+)", 1)[0]
        for number in range(WORKERS):
            work = folder / f"worker{number}"
            size = ("--cores", "1", "--memory", memory, "--work-dir", str(work))
            of_worker = (f"{DEPLOY}.worker.Worker", *ports, *size, address)
            ended.enter_context(
                _running(folder / f"worker{number}.log", home, environment, *of_worker)
            )
        _said(log, "Registering worker", WORKERS)
        os.environ.update({name: environment[name] for name in ("JAVA_HOME", "SPARK_LOCAL_IP")})
        chosen = {**SESSION, "spark.executor.memory": memory, **(settings or {})}
        session = session_open(address, chosen)
        session.sparkContext.setLogLevel("ERROR")
        ended.callback(session.stop)
        yield session


@contextmanager
def _running(log: Path, home: Path, environment: dict[str, str], *command: str) -> Iterator[None]:
    """This function will run one daemon as a child that is waited for."""
    with log.open("w", encoding="utf-8") as out:
        child = subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(timeout=30)


def _said(log: Path, pattern: str, times: int) -> list[str]:
    """This function will wait until a log holds a pattern so many times."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = re.findall(pattern, log.read_text(encoding="utf-8"))
        if len(found) >= times:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{pattern} is not in {log}:\n{log.read_text(encoding='utf-8')}")
