"""A school behind a cable of its own: a network namespace whose firewall may swallow UDP. Needs root (Linux)."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec


class CabledSchool(msgspec.Struct, frozen=True):
    """The namespace of the school's computer and both ends of its cable; the province's is on this computer."""

    namespace: str
    province_ip: str
    school_ip: str

    def block_udp(self) -> None:
        """Whatever the school sends over UDP is lost from now on; TCP goes on."""
        _ip("-n", self.namespace, "rule", "add", "ipproto", "udp", "blackhole")

    def open_udp(self, port: int) -> None:
        """That port of anybody may be reached over UDP although the rest is blocked."""
        _ip("-n", self.namespace, "rule", "add", *_to_udp(port))

    def close_udp(self, port: int) -> None:
        """The opposite."""
        _ip("-n", self.namespace, "rule", "del", *_to_udp(port))

    def block_tcp(self, port: int) -> None:
        """Nothing reaches that port of anybody over TCP from now on, connections that stand included."""
        _ip("-n", self.namespace, "rule", "add", "ipproto", "tcp", "dport", str(port), "blackhole")

    def route_out(self) -> None:
        """A way to everywhere: without one Chromium looks at no network of its own."""
        _ip("-n", self.namespace, "route", "add", "default", "via", self.province_ip)

    def let_udp_pass(self) -> None:
        """The opposite."""
        _ip("-n", self.namespace, "rule", "del", "ipproto", "udp", "blackhole")

    def program(self, folder: Path, program: str) -> Path:
        """A program file that starts `program` at the school, for those who can only name a file."""
        script = folder / "at-school"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.namespace} {program} "$@"\n')
        script.chmod(0o755)
        return script


@contextlib.contextmanager
def cabled_school() -> Iterator[CabledSchool]:
    """A namespace and its cable; gone afterwards."""
    mark = os.getpid() % 100_000
    # A network of its own: a run that was killed leaves its cable behind.
    network = f"10.78.{mark % 250 + 1}"
    school = CabledSchool(f"dc-school-{mark}", f"{network}.1", f"{network}.2")
    with contextlib.ExitStack() as undo:
        _ip("netns", "add", school.namespace)
        undo.callback(_ip, "netns", "del", school.namespace)
        here, there = f"dcr{mark}", f"dcs{mark}"
        _ip("link", "add", here, "type", "veth", "peer", "name", there)
        _ip("link", "set", there, "netns", school.namespace)
        _ip("addr", "add", f"{school.province_ip}/24", "dev", here)
        _ip("link", "set", here, "up")
        for words in (
            ("addr", "add", f"{school.school_ip}/24", "dev", there),
            ("link", "set", there, "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", school.namespace, *words)
        yield school


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size at the folder, in memory; :func:`resize_disk` fills and empties it. Gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def resize_disk(folder: Path, megabytes: int) -> None:
    """So much may stand on it altogether."""
    _mount("-o", f"remount,size={megabytes}m", str(folder))


def _to_udp(port: int) -> tuple[str, ...]:
    """A rule before the others."""
    return ("priority", "100", "ipproto", "udp", "dport", str(port), "lookup", "main")


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
