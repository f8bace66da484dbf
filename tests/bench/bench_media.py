"""What one viewer of a lecture costs: our relay beside Janus, and our relay with more and more viewers.

``python -m tests.bench.bench_media [--quick]``. The lecture is 720p at 2.6 Mbit/s with Opus, about 332 packets a second
and viewer. Server and crowd stand in two network namespaces; the crowd speaks real ICE, DTLS and SRTP and decodes
nothing. CPU is user and system time of the server's process, divided by the packets that arrived. "Under way" is from
the lecturer's socket to the last of all viewers, read on one clock; the crowd's own slowness is in it.

Lost is what leaves a gap in a viewer's numbers, and what the lecturer sent and a viewer never had. The load is not the
limit while no socket of the crowd dropped a datagram, each process of crowd and lecturer used less than a core, and the
lecturer kept its pace: the last columns say so, and it is judged (``media_judging``). Needs root and Debian's janus.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.media.janus.room import Feed, Place, place_of
from tests.bench.goals import judged
from tests.bench.media_crowd import Task
from tests.bench.media_judging import (
    EDGE_S,
    FLAT,
    MOST_BUSY,
    Row,
    beside_goals,
    fitting,
    flatness,
    growing_goals,
    lost_share,
    ratio,
    table,
)
from tests.bench.quantiles import quantile
from tests.doubles.bench_network import BenchNetwork, bench_network
from tests.doubles.janus_server import janus_server

WARM_S, WINDOW_S = 3.0, 10.0
CROWD = 160
"""Viewers of one crowd process at most."""
PROFILE = "AEAD_AES_128_GCM"
JANUS_PROFILE = "AES128_CM_SHA1_80"
"""What a browser and Janus 1.1.2 agree on; the relay is measured with it as well."""
TICKS = os.sysconf("SC_CLK_TCK")


class Child:
    """A process of the crowd, spoken to by lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def told(self) -> dict[str, Any]:
        """Its next line. Raises :class:`AssertionError` when it died."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "a process of the crowd has died"
        found: dict[str, Any] = json.loads(line)
        return found

    async def ask(self, what: str = "now") -> None:
        """Say a line to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n".encode())
        await self._process.stdin.drain()

    async def end(self) -> None:
        """Let it finish."""
        await self.ask("end")
        await self._process.wait()


class Stage(msgspec.Struct, frozen=True):
    """A lecture that is on: the server's process, what viewers need, and the lecturer."""

    server: int
    task: Task
    speaker: Child


async def child(network: BenchNetwork, role: str, task: Task) -> Child:
    command = [sys.executable, "-m", "tests.bench.media_crowd", role, msgspec.json.encode(task).decode()]
    return Child(
        await asyncio.create_subprocess_exec(
            *network.inside(network.viewers, *command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 22,
        )
    )


def cpu_s(process: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine() -> tuple[float, float]:
    """Seconds that all cores together were busy, and all their seconds."""
    fields = [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS, sum(fields) / TICKS


@asynccontextmanager
async def crowd(network: BenchNetwork, task: Task, count: int) -> AsyncIterator[list[Child]]:
    """All viewers connected, in as many processes as they need."""
    shares = [count // -(-count // CROWD)] * -(-count // CROWD)
    shares[0] += count - sum(shares)
    children = [await child(network, "crowd", msgspec.structs.replace(task, viewers=share)) for share in shares]
    for one in children:
        await one.told()
    try:
        yield children
    finally:
        for one in children:
            await one.end()


async def measured(what: str, network: BenchNetwork, stage: Stage, count: int) -> Row:
    """One row: the server with so many viewers, the lecture going on already."""
    task = stage.task
    async with crowd(network, task, count) as children:
        await asyncio.sleep(WARM_S)
        spoken, before = await _ask([stage.speaker]), await _ask(children)
        cpu, (busy, whole), began = cpu_s(stage.server), machine(), time.monotonic()
        await asyncio.sleep(WINDOW_S)
        cpu, (busy_after, whole_after) = cpu_s(stage.server) - cpu, machine()
        took = time.monotonic() - began
        spoken_after, after = await _ask([stage.speaker]), await _ask(children)
    each = [(received, gaps) for one in after for received, gaps in one["each"]]
    received = sum(got for got, _ in each)
    sent = spoken_after[0]["sent"] - spoken[0]["sent"]
    slowest: dict[str, float] = {}
    for one in after:
        for number, late in one["slowest"].items():
            slowest[number] = max(late, slowest.get(number, 0.0))
    under_way = [1000 * late for late in slowest.values()]
    return Row(
        what,
        task.profile,
        count,
        received / took,
        cpu / took,
        cpu * 1e6 / received if received else math.inf,
        lost_share(each, sent, round(EDGE_S * sent / took)),
        quantile(under_way, 0.5),
        quantile(under_way, 0.99),
        (busy_after - busy) / (whole_after - whole),
        max((new["cpu_s"] - old["cpu_s"]) / took for new, old in zip(after, before, strict=True)),
        after[0]["drops"] - before[0]["drops"],
        sum(not got for got, _ in each),
        (spoken_after[0]["cpu_s"] - spoken[0]["cpu_s"]) / took,
        spoken_after[0]["late_s"],
        min(one["opened"] for one in after),
    )


async def _ask(children: list[Child]) -> list[dict[str, Any]]:
    for one in children:
        await one.ask()
    return [await one.told() for one in children]


@asynccontextmanager
async def relay_of(network: BenchNetwork, profile: str) -> AsyncIterator[Stage]:
    """Our relay in its namespace, with the lecture on."""
    command = [sys.executable, "-m", "orchestrator.media.relay.main", "--bind", network.server_ip]
    command += ["--http-bind", network.server_ip, "--udp-port", "0", "--http-port", "0", "--ready", "--open"]
    process = await asyncio.create_subprocess_exec(
        *network.inside(network.server, *command, "--log-level", "error"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        port = json.loads(await process.stdout.readline())["http_port"]
        base = f"http://{network.server_ip}:{port}"
        speaker = await child(network, "lecturer", Task("relay", f"{base}/whip/bench", network.viewers_ip, profile))
        await speaker.told()
        yield Stage(process.pid, Task("relay", f"{base}/whep/bench", network.viewers_ip, profile), speaker)
        await speaker.end()
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def janus_of(network: BenchNetwork, profile: str) -> AsyncIterator[Stage]:
    """Janus likewise."""
    async with AsyncExitStack() as stack:
        running = stack.enter_context(janus_server(network.server_ip, namespace=network.server))
        place: Place = place_of("bench", b"bench", 6_000_000)
        task = Task("janus", running.url, network.viewers_ip, profile, place=place)
        speaker = await child(network, "lecturer", task)
        feed = msgspec.convert((await speaker.told())["feed"], Feed)
        yield Stage(running.process.pid, msgspec.structs.replace(task, feed=feed), speaker)
        await speaker.end()


async def beside_janus(network: BenchNetwork, viewers: int) -> dict[str, bool]:
    """The first table: both servers in the same run, twice, in turn."""
    rows: list[Row] = []
    for _ in range(2):
        async with janus_of(network, JANUS_PROFILE) as stage:
            rows.append(await measured("janus", network, stage, viewers))
        for profile in (JANUS_PROFILE, PROFILE):
            async with relay_of(network, profile) as stage:
                rows.append(await measured("relay", network, stage, viewers))
    print(f"one lecture, {viewers} viewers, Janus {_version()} beside the relay\n{table(rows)}")
    for profile in (JANUS_PROFILE, PROFILE):
        print(f"CPU per packet, relay ({profile}) / janus = {ratio(rows, profile):.2f}   (goal: at most 0.33)")
    return beside_goals(rows, (JANUS_PROFILE, PROFILE))


async def growing(network: BenchNetwork, counts: tuple[int, ...], base: int) -> dict[str, bool]:
    """The second table: more and more viewers, until the machine is as busy as it may be."""
    rows: list[Row] = []
    for count in counts:
        async with relay_of(network, PROFILE) as stage:
            row = await measured("relay", network, stage, count)
        if row.busy > MOST_BUSY and count not in counts[:4]:
            break
        rows.append(row)
    print(
        f"\nthe relay with more and more viewers; judged is what keeps the whole machine at most "
        f"{100 * MOST_BUSY:.0f} % busy\n{table(rows)}"
    )
    flat = flatness(rows, base)
    if flat is not None:
        print(f"CPU per packet at {flat[0]} viewers / at {base} = {flat[1]:.2f}   (goal: at most {FLAT})")
    else:
        print(f"no count beyond {base} kept the machine at most {100 * MOST_BUSY:.0f} % busy, or {base} did not")
    largest = (fitting(rows) or rows[:1])[-1]
    each = largest.cores / largest.viewers
    print(
        f"extrapolated, not measured: 1,000 viewers would take {1000 * each:.2f} cores of the relay's processes "
        f"and {1000 * largest.packets_per_s / largest.viewers:,.0f} packets/s\n"
    )
    return growing_goals(rows, base)


def _version() -> str:
    told = subprocess.run(["janus", "--version"], capture_output=True, text=True, check=False)
    return next((word for word in (told.stdout + told.stderr).split() if word[:1].isdigit()), "?")


async def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 when one of the figures is not what it should be."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.bench_media")
    options.add_argument("--quick", action="store_true", help="20 viewers only")
    quick = options.parse_args(arguments).quick
    with bench_network() as network:
        goals = await beside_janus(network, 20 if quick else 80)
        counts = (20, 40) if quick else (40, 80, 164, 320, 360, 400, 440, 480, 520, 560, 600)
        return judged(goals | await growing(network, counts, 20 if quick else 80))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
