"""Real servers from Debian's packages, started for a test on loopback and stopped after it."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORTS = range(12_000, 32_000)
"""Below those that connections of other tests are given (`ip_local_port_range`), which may take any at any moment."""


LANES = 8
"""As many processes of a test run have ports of their own."""
_given: set[int] = set()


def free_port() -> int:
    """A TCP port of loopback that was free a moment ago, given to nobody else in this run."""
    lane = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % LANES
    own = [port for port in PORTS[lane::LANES] if port not in _given]
    for port in random.SystemRandom().sample(own, 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given.add(port)
            return port
    raise OSError("no port is free")


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis without persistence; yields its URL."""
    program = shutil.which("redis-server")
    assert program, "redis-server is missing: run `make setup` as root"
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        log = Path(folder) / "log"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        with log.open("wb") as output:
            process = subprocess.Popen([program, *options], stdout=output, stderr=output)
        try:
            _until_listening(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def _until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(0.05)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the server did not start")
