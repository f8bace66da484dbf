"""The real relay as its own process on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class RunningRelay:
    """Its process and where it listens."""

    def __init__(self, process: subprocess.Popen[bytes], udp_port: int, http_port: int, host: str) -> None:
        self.process = process
        self.udp_port = udp_port
        self.url = f"http://{host}:{http_port}"

    def whip(self, stream: str = "s1-lecture") -> str:
        return f"{self.url}/whip/{stream}"

    def whep(self, stream: str = "s1-lecture") -> str:
        return f"{self.url}/whep/{stream}"


@contextmanager
def relay(
    *options: str, environment: Mapping[str, str] | None = None, host: str = "127.0.0.1"
) -> Iterator[RunningRelay]:
    """Start ``diemcau relay`` on free ports of ``host``; stop it by SIGTERM and expect exit code 0."""
    command = [sys.executable, "-m", "orchestrator.media.relay.main", "--bind", host]
    command += ["--udp-port", "0", "--http-port", "0", "--ready", "--log-level", "error", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **(environment or {})})
    assert process.stdout is not None
    with process, process.stdout:
        try:
            ready = json.loads(process.stdout.readline())
            yield RunningRelay(process, ready["udp_port"], ready["http_port"], host)
        finally:
            process.terminate()
            code = process.wait(10)
        assert code == 0, f"the relay ended with {code}"
