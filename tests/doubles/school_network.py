"""A school's network of two computers, made of network namespaces: agent and candidate. Needs root (Linux)."""

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.doubles.namespaces import Host, cabled, inside, ip, mark

_CLONE_NEWNET = 0x40000000
"""linux/sched.h."""


class SchoolNetwork(msgspec.Struct, frozen=True):
    """Names of the two namespaces and their addresses; neither is loopback."""

    agent: str
    phone: str
    agent_ip: str = "10.77.13.1"
    phone_ip: str = "10.77.13.2"

    def inside(self, namespace: str, *command: str) -> list[str]:
        """`command` as run in a namespace."""
        return inside(namespace, *command)

    def route_out(self) -> None:
        """The agent's computer has a way to everywhere, as one in a school's network has."""
        ip("-n", self.agent, "route", "add", "default", "via", self.phone_ip)

    def keep_apart(self) -> None:
        """As a Wi-Fi that isolates its devices: what the phone asks of the agent finds nobody there."""
        ip("-n", self.phone, "rule", "add", "to", self.agent_ip, "unreachable")

    def let_meet(self) -> None:
        """The opposite."""
        ip("-n", self.phone, "rule", "del", "to", self.agent_ip, "unreachable")

    def program(self, folder: Path, namespace: str, program: str) -> Path:
        """A program file that starts `program` in a namespace, for those who can only name a file."""
        script = folder / "in-namespace"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {namespace} {program} "$@"\n')
        script.chmod(0o755)
        return script


@contextlib.contextmanager
def school_network() -> Iterator[SchoolNetwork]:
    """Two namespaces joined by a cable; gone afterwards."""
    number = mark()
    network = SchoolNetwork(f"dc-agent-{number}", f"dc-phone-{number}")
    agent, phone = Host(network.agent, network.agent_ip), Host(network.phone, network.phone_ip)
    with cabled(agent, phone, ends=(f"dca{number}", f"dcp{number}")):
        yield network


@contextlib.contextmanager
def standing_in(namespace: str) -> Iterator[None]:
    """Meanwhile what this thread opens, and every program it starts, is in the namespace: setns(2)."""
    with Path("/proc/thread-self/ns/net").open() as own, Path("/run/netns", namespace).open() as there:
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(own.fileno())


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
