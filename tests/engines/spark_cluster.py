"""A standalone Spark cluster of two workers on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
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
        told = stack.enter_context(_started(r"(spark://\S+?:\d+)", "master.Master", *address))
        for number in range(workers):
            own = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / str(number)))
            done = "Successfully registered with master"
            stack.enter_context(_started(done, "worker.Worker", *address, *own, told))
        yield told


@contextmanager
def _started(awaited: str, name: str, *words: str) -> Iterator[str]:
    """A daemon of Spark, once it has logged what is awaited: that, as it was logged."""
    command = [str(HOME / "bin" / "spark-class"), f"{DEPLOY}.{name}", *words]
    env = {**os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": HOST,
           "SPARK_DAEMON_MEMORY": "256m", "PYSPARK_PYTHON": sys.executable,
           "SPARK_WORKER_WEBUI_PORT": "0", "SPARK_MASTER_WEBUI_PORT": "0"}  # fmt: skip
    with subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as daemon:
        try:
            yield _logged(daemon, awaited)
        finally:
            daemon.terminate()


def _logged(daemon: subprocess.Popen[str], awaited: str) -> str:
    assert daemon.stdout is not None
    seen = []
    for line in daemon.stdout:
        seen.append(line)
        if found := re.search(awaited, line):
            Thread(target=daemon.stdout.read, daemon=True).start()
            return found[0]
    raise AssertionError("".join(seen))
