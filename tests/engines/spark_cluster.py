"""A standalone Spark cluster of two workers on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pyspark

HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"
DEPLOY = "org.apache.spark.deploy"


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The URL of a running master with workers of one core each, which keep files in a folder."""
    with ExitStack() as stack:
        address = ("--host", HOST, "--port", "0", "--webui-port", "0")
        url = stack.enter_context(_daemon(r"spark://\S+?:\d+", "master.Master", *address))
        for number in range(workers):
            own = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / str(number)))
            ready = "Successfully registered with master"
            stack.enter_context(_daemon(ready, "worker.Worker", *address, *own, url))
        yield url


@contextmanager
def _daemon(ready: str, name: str, *words: str) -> Iterator[str]:
    """A daemon of Spark that has logged a match of the pattern `ready`: the match."""
    command = [str(HOME / "bin" / "spark-class"), f"{DEPLOY}.{name}", *words]
    env = {**os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": HOST,
           "SPARK_DAEMON_MEMORY": "256m", "PYSPARK_PYTHON": sys.executable,
           "SPARK_WORKER_WEBUI_PORT": "0", "SPARK_MASTER_WEBUI_PORT": "0"}  # fmt: skip
    daemon = subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    matches: SimpleQueue[str] = SimpleQueue()
    reader = Thread(target=_read_log, args=(daemon, re.compile(ready), matches))
    reader.start()
    try:
        if not (found := matches.get()):
            raise AssertionError(f"{name} ended with {daemon.wait()} before it was ready")
        yield found
    finally:
        daemon.terminate()
        daemon.wait()
        reader.join()


def _read_log(daemon: subprocess.Popen[str], ready: re.Pattern[str], to: SimpleQueue[str]) -> None:
    """Put each match in a daemon's log into a queue until it ends, then an empty text."""
    assert daemon.stdout is not None
    with daemon.stdout:
        for line in daemon.stdout:
            if found := ready.search(line):
                to.put(found[0])
    to.put("")
