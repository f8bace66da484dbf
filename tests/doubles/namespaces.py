"""Two hosts of one computer joined by a cable: network namespaces, made for a test. Needs root (Linux)."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator

import msgspec


class Host(msgspec.Struct, frozen=True):
    """What a host is called, and the address of its end of the cable (a network of 256 addresses)."""

    name: str
    address: str


def mark() -> int:
    """Tells this process's hosts from another's."""
    return os.getpid() % 100_000


def inside(namespace: str, *command: str) -> list[str]:
    """``command`` as run in a namespace."""
    return ["ip", "netns", "exec", namespace, *command]


@contextlib.contextmanager
def cabled(one: Host, other: Host, *, ends: tuple[str, str]) -> Iterator[None]:
    """Both hosts and the cable between them, whose ``ends`` are named so (at most 15 letters each, IFNAMSIZ of
    linux/if.h); gone afterwards."""
    with contextlib.ExitStack() as undo:
        for host in (one, other):
            ip("netns", "add", host.name)
            undo.callback(ip, "netns", "del", host.name)
        ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1])
        for end, host in zip(ends, (one, other), strict=True):
            ip("link", "set", end, "netns", host.name)
            ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", end)
            ip("-n", host.name, "link", "set", end, "up")
            ip("-n", host.name, "link", "set", "lo", "up")
        yield


def ip(*words: str) -> None:
    """iproute2, which must not fail."""
    subprocess.run(["ip", *words], check=True, capture_output=True)
