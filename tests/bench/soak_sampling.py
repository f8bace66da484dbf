"""What the processes of a centre hold at a moment: from Linux's proc(5), and from ``/metrics``."""

from __future__ import annotations

import contextlib
import re
import stat
from collections import Counter
from pathlib import Path

import aiohttp
import msgspec
import psutil

ROLES = {
    "orchestrator.media.relay.main": "relay",
    "orchestrator.media.slate.main": "slates",
    "orchestrator.media.recorder.main": "recorder",
    "orchestrator.media.sources.rtmp.door": "rtmp",
}
GAUGES = re.compile(
    r"^diemcau_(?:relay_)?(?P<name>tasks|threads|sessions|streams|pending|addresses|credentials|viewers)"
    r"(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)$",
    re.MULTILINE,
)
LIVELY = frozenset({"threads"})
"""A pool's threads are begun when there is work for them, up to its bound: told, not held against anybody."""


class Held(msgspec.Struct, frozen=True):
    """One process. Bytes; ``own``: what would be free if it ended (private pages); CPU in seconds since it began."""

    name: str
    pid: int
    resident: int
    own: int
    threads: int
    cpu_s: float
    descriptors: dict[str, int]


class Sample(msgspec.Struct, frozen=True):
    """All processes at one moment of the monotonic clock, and the counts that the centre tells."""

    at: float
    held: list[Held]
    counts: dict[str, float]

    def all_counts(self) -> dict[str, float]:
        """Everything that is counted, by process and kind."""
        found = dict(self.counts)
        for one in self.held:
            found.update({f"{one.name} {kind}": count for kind, count in one.descriptors.items()})
        found.update(Counter(f"{one.name} processes" for one in self.held))
        return found


def processes(pid: int, role: str) -> list[Held]:
    """A process and all that it has started, those of a kind numbered by age."""
    root = psutil.Process(pid)
    numbers: Counter[str] = Counter()
    found = []
    children = sorted(root.children(recursive=True), key=lambda one: one.create_time())
    for one in (root, *children):
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            name = role if one.pid == pid else _role(one.cmdline())
            numbers[name] += 1
            found.append(_held(f"{name}-{numbers[name]}" if numbers[name] > 1 else name, one.pid))
    return found


def _role(command: list[str]) -> str:
    return next((name for module, name in ROLES.items() if module in command), Path(command[0]).name if command else "")


def _held(name: str, pid: int) -> Held:
    folder = Path(f"/proc/{pid}")
    pages = dict(re.findall(r"^(\w+):\s+(\d+) kB$", (folder / "smaps_rollup").read_text("ascii"), re.MULTILINE))
    told = psutil.Process(pid)
    times = told.cpu_times()
    return Held(
        name=name,
        pid=pid,
        resident=int(pages["Rss"]) * 1024,
        own=(int(pages["Private_Clean"]) + int(pages["Private_Dirty"])) * 1024,
        threads=told.num_threads(),
        cpu_s=round(times.user + times.system, 2),
        descriptors=_descriptors(folder / "fd"),
    )


def _descriptors(folder: Path) -> dict[str, int]:
    """Open descriptors by kind: ``socket``, ``pipe``, ``eventpoll``, ``file``, ``device`` …"""
    kinds: Counter[str] = Counter()
    for each in folder.iterdir():
        with contextlib.suppress(OSError):
            kinds[_kind(each)] += 1
    return dict(kinds)


def _kind(each: Path) -> str:
    target = str(each.readlink())
    if not target.startswith("/"):
        return target.removeprefix("anon_inode:").strip("[]").split(":")[0]
    return "device" if stat.S_ISCHR(each.stat().st_mode) else "file"


async def told(http: aiohttp.ClientSession, url: str) -> dict[str, float]:
    """The counts of ``/metrics`` that must come and go with the people."""
    async with http.get(url) as reply:
        text = await reply.text()
    return {
        " ".join(filter(None, (match["name"], match["labels"]))): float(match["value"])
        for match in GAUGES.finditer(text)
        if match["name"] not in LIVELY
    }
