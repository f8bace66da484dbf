"""Two hosts of a measurement, joined by a cable: network namespaces for the server and for everybody else."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator

import msgspec


class BenchNetwork(msgspec.Struct, frozen=True):
    """Names of the namespaces and the addresses of their ends of the cable."""

    server: str
    viewers: str
    server_ip: str = "10.79.13.1"
    viewers_ip: str = "10.79.13.2"

    def inside(self, namespace: str, *command: str) -> list[str]:
        """``command`` as run in a namespace."""
        return ["ip", "netns", "exec", namespace, *command]


@contextlib.contextmanager
def bench_network() -> Iterator[BenchNetwork]:
    """The two and their cable; gone afterwards. Needs root (Linux)."""
    mark = os.getpid() % 100_000
    network = BenchNetwork(f"dc-media-{mark}", f"dc-crowd-{mark}")
    with contextlib.ExitStack() as undo:
        for namespace in (network.server, network.viewers):
            _ip("netns", "add", namespace)
            undo.callback(_ip, "netns", "del", namespace)
        ends = (f"dcm{mark}", f"dcv{mark}")
        _ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1])
        for end, namespace, address in zip(
            ends, (network.server, network.viewers), (network.server_ip, network.viewers_ip), strict=True
        ):
            _ip("link", "set", end, "netns", namespace)
            _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", end)
            _ip("-n", namespace, "link", "set", end, "up")
            _ip("-n", namespace, "link", "set", "lo", "up")
        yield network


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
