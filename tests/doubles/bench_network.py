"""Two hosts of a measurement, joined by a cable: network namespaces for the server and for everybody else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from tests.doubles.namespaces import Host, cabled, inside, mark


class BenchNetwork(msgspec.Struct, frozen=True):
    """Names of the namespaces and the addresses of their ends of the cable."""

    server: str
    viewers: str
    server_ip: str = "10.79.13.1"
    viewers_ip: str = "10.79.13.2"

    def inside(self, namespace: str, *command: str) -> list[str]:
        """``command`` as run in a namespace."""
        return inside(namespace, *command)


@contextlib.contextmanager
def bench_network() -> Iterator[BenchNetwork]:
    """The two and their cable; gone afterwards. Needs root (Linux)."""
    number = mark()
    network = BenchNetwork(f"dc-media-{number}", f"dc-crowd-{number}")
    server, viewers = Host(network.server, network.server_ip), Host(network.viewers, network.viewers_ip)
    with cabled(server, viewers, ends=(f"dcm{number}", f"dcv{number}")):
        yield network
