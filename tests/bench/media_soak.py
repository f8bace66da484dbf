"""Half an hour of coming and going: ``python -m tests.bench.media_soak [--minutes 30] [--viewers 40]``.

A real centre with two relay workers, its slates and its recorder; a lecture of 720p H.264 and Opus at 2.6 Mbit/s, whose
lecturer leaves, dies and comes back; viewers who leave by DELETE, by DTLS, without a word, by loading the page anew,
who ask and never come, who restart ICE, move, and complain (NACK, PLI, REMB); some of them hear the floor too. Every
ten seconds it is written down what each process of the centre holds.

Judged, and the exit code says it: memory by :mod:`tests.bench.soak_judging` after the first sixth of the time;
descriptors by kind, tasks, sessions, streams and table entries come back to what they were at the beginning with as
many viewers, and to what they were before anybody came when all have left. A dead viewer is held for 20 s before the
relay lets it go, so these four moments are taken when things stand still. A publisher has a socket for each address of
the computer: one that gets or loses addresses meanwhile changes the counts. The last line is all of it as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import msgspec

from tests.bench.soak_judging import Trend, left_over, met, mostly, stands, trend
from tests.bench.soak_sampling import Sample, processes, told
from tests.doubles.films import FFMPEG
from tests.doubles.lean import FULL
from tests.doubles.lecture_centre import lecture_centre
from tests.doubles.restless import ACTING, LEAVING, Restless, Seen, Task, restless

COME_S = 120.0
GOODBYE_S = 2.0
AWAY_S = 4.0
OF_ONE_CONNECTION = ("credentials", "addresses")
"""What a connection has more of the longer it lives, up to a bound: of no meaning while it lives."""


class Soak(msgspec.Struct, frozen=True):
    """How long and how often. Seconds; ``lecturer_s``: between two times that the lecturer goes."""

    minutes: float = 30.0
    every_s: float = 10.0
    look_s: float = 2.0
    lecturer_s: float = 75.0
    settle_s: float = 150.0
    """How long things may take to stand still, which they do when ``alike`` looks in a row see the same: for
    longer than an idle connection is kept, 15 s."""
    alike: int = 10
    each: int = 0
    """How often people must have left and acted in every way, and the lecturer come again, however long that takes."""


class Scene(msgspec.Struct, frozen=True):
    """Whose processes are looked at, and what people need to come in."""

    pid: int
    role: str
    metrics: str
    whip: str
    publish: str
    people: Task
    notes: Path | None = None
    """Where each sample is written down, a line of JSON each."""


class Found(msgspec.Struct, frozen=True):
    """All that was seen, and what is wrong with it."""

    minutes: float
    viewers: int
    samples: int
    trends: list[Trend]
    resident: dict[str, tuple[float, float]]
    """By process: MB resident in the first and the last sample."""
    cpu: dict[str, float]
    """By process: cores used on the average."""
    threads: dict[str, tuple[int, int]]
    held: dict[str, dict[str, float]]
    """Counts ``before`` anybody came, at the ``start`` and the ``end`` of the unrest, and ``after`` all left."""
    did: dict[str, int]
    lecturers: int
    faults: list[str]


class Lecturer:
    """The lecture in a process of its own: it begins, leaves, or dies."""

    def __init__(self, scene: Scene, film: Path) -> None:
        self._command = [sys.executable, "-m", "demo.publisher", "--url", scene.whip, "--file", str(film)]
        self._environment = {**os.environ, "DIEMCAU_PUBLISH_TOKEN": scene.publish}
        self._process: asyncio.subprocess.Process | None = None
        self.begun = 0

    async def begin(self) -> None:
        self.begun += 1
        self._process = await asyncio.create_subprocess_exec(
            *self._command, env=self._environment, stderr=subprocess.DEVNULL
        )

    async def go(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: with a goodbye; SIGKILL: without."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(how)
            try:
                async with asyncio.timeout(GOODBYE_S):
                    await self._process.wait()
            except TimeoutError:
                # Whoever is interrupted while it still starts may overhear it.
                self._process.kill()
                await self._process.wait()
            self._process = None

    async def come_and_go(self, every_s: float) -> None:
        """Until cancelled."""
        while True:
            for how in (signal.SIGINT, signal.SIGKILL):
                await asyncio.sleep(every_s)
                await self.go(how)
                await asyncio.sleep(min(AWAY_S, every_s))
                await self.begin()


class Watch:
    """Looks at the scene."""

    def __init__(self, scene: Scene, http: aiohttp.ClientSession, plan: Soak) -> None:
        self._scene = scene
        self._http = http
        self._plan = plan
        self.samples: list[Sample] = []

    async def look(self) -> Sample:
        held = await asyncio.to_thread(processes, self._scene.pid, self._scene.role)
        return Sample(time.monotonic(), held, await told(self._http, self._scene.metrics))

    async def still(self, wanted: Mapping[str, float] | None = None) -> dict[str, float]:
        """The counts once they stand still; on a machine too busy for that, what each of them mostly was.

        With ``wanted``: until each count has been seen as it should be. What leaked never is again, and has its last
        value here.
        """
        until, seen = time.monotonic() + self._plan.settle_s, [(await self.look()).all_counts()]
        while time.monotonic() < until:
            if not left_over(wanted, met(wanted, seen)) if wanted else stands(seen, self._plan.alike):
                break
            await asyncio.sleep(self._plan.look_s)
            seen.append((await self.look()).all_counts())
        return (
            met(wanted, seen)
            if wanted
            else mostly(seen[-self._plan.alike :] if stands(seen, self._plan.alike) else seen)
        )

    async def through(self, seconds: float) -> None:
        """Take samples for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.samples.append(await self.look())
            if self._scene.notes is not None:
                with self._scene.notes.open("ab") as notes:
                    notes.write(msgspec.json.encode(self.samples[-1]) + b"\n")
            await asyncio.sleep(self._plan.every_s)


async def all_play(people: Restless) -> Seen:
    """Until every place is taken by somebody who gets pictures."""
    async with asyncio.timeout(COME_S):
        while True:
            seen = await people.ask("figures")
            if seen.playing == seen.count:
                return seen
            await asyncio.sleep(0.25)


async def in_every_way(people: Restless, lecturer: Lecturer, each: int) -> None:
    """Until people have left and acted in every way so often, and the lecturer has gone in both."""
    async with asyncio.timeout(COME_S):
        while each:
            did = (await people.ask("figures")).did
            if lecturer.begun > 2 * each and all(did.get(way, 0) >= each for way in (*LEAVING, *ACTING)):
                return
            await asyncio.sleep(0.25)


async def soak(scene: Scene, film: Path, plan: Soak) -> Found:
    """The whole of it. Raises :class:`TimeoutError` when the viewers do not come to see anything."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http, restless(scene.people) as people:
        watch, lecturer, held = Watch(scene, http, plan), Lecturer(scene, film), {}
        try:
            held["before"] = await watch.still()
            say("the scene stands still; lecturer and viewers come")
            await lecturer.begin()
            await people.ask("come")
            await all_play(people)
            held["start"] = await watch.still()
            say(f"all see the lecture; {plan.minutes:g} minutes of unrest")
            async with asyncio.TaskGroup() as group:
                going = group.create_task(lecturer.come_and_go(plan.lecturer_s))
                await people.ask("restless")
                await watch.through(plan.minutes * 60)
                await in_every_way(people, lecturer, plan.each)
                going.cancel()
            await lecturer.go()
            await lecturer.begin()
            await people.ask("calm")
            say("calm again; as many viewers as before")
            await all_play(people)
            held["end"] = await watch.still(held["start"])
            seen = await people.ask("leave")
            await lecturer.go()
            say("all have left")
            held["after"] = await watch.still(held["before"])
        finally:
            await lecturer.go()
    return found(plan, watch.samples, held, seen, lecturer.begun)


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def found(plan: Soak, samples: list[Sample], held: dict[str, dict[str, float]], seen: Seen, lecturers: int) -> Found:
    """Judge it."""
    names = [one.name for one in samples[0].held]
    kept = {name: [(one.at, each) for one in samples for each in one.held if each.name == name] for name in names}
    warm = samples[0].at + (samples[-1].at - samples[0].at) / 6
    trends = []
    for name, series in kept.items():
        late = [(at, each.own) for at, each in series if at >= warm]
        trends.append(trend(name, [at for at, _ in late], [own for _, own in late]))
    faults = [
        f"{one.name}: grew by {one.grew / 1e6:.1f} MB, {one.allowed / 1e6:.1f} allowed"
        for one in trends
        if not one.flat
    ]
    pids = {
        one.name: {each.pid for sample in samples for each in sample.held if each.name == one.name} for one in trends
    }
    faults += [f"{name}: {len(each) - 1} deaths" for name, each in pids.items() if len(each) > 1]
    faults += [f"with as many viewers: {one}" for one in left_over(_standing(held["start"]), _standing(held["end"]))]
    faults += [f"when all had left: {one}" for one in left_over(held["before"], held["after"])]
    return Found(
        minutes=plan.minutes,
        viewers=seen.count,
        samples=len(samples),
        trends=trends,
        resident={name: (one[0][1].resident / 1e6, one[-1][1].resident / 1e6) for name, one in kept.items()},
        cpu={name: (one[-1][1].cpu_s - one[0][1].cpu_s) / (one[-1][0] - one[0][0]) for name, one in kept.items()},
        threads={name: (one[0][1].threads, one[-1][1].threads) for name, one in kept.items()},
        held=held,
        did=seen.did,
        lecturers=lecturers,
        faults=faults,
    )


def _standing(counts: Mapping[str, float]) -> dict[str, float]:
    return {name: count for name, count in counts.items() if not name.startswith(OF_ONE_CONNECTION)}


def table(told: Found) -> str:
    """For people."""
    rows = [("process", "own MB", "grew MB", "95 %", "allowed", "resident MB", "threads", "cores")]
    for one in told.trends:
        resident, threads = told.resident[one.name], told.threads[one.name]
        rows.append(
            (
                one.name,
                f"{one.middle / 1e6:.1f}",
                f"{one.grew / 1e6:+.2f}",
                f"{one.low / 1e6:+.2f} … {one.high / 1e6:+.2f}",
                f"{one.allowed / 1e6:.1f}",
                f"{resident[0]:.1f} → {resident[1]:.1f}",
                f"{threads[0]} → {threads[1]}",
                f"{told.cpu[one.name]:.3f}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for moment, counts in told.held.items():
        sums = {kind: sum(value for name, value in counts.items() if kind in name) for kind in KINDS}
        lines.append(f"{moment:<7} " + "  ".join(f"{kind} {value:g}" for kind, value in sums.items()))
    lines.append(f"{told.lecturers} lecturers; viewers: " + ", ".join(f"{k} {n}" for k, n in sorted(told.did.items())))
    return "\n".join([*lines, *(told.faults or ["held"])])


KINDS = ("sessions", "viewers", "streams", "pending", "tasks", "socket", "pipe", "file", "processes")


def film_of(file: Path, seconds: int = 6, size: str = "1280x720", kbps: int = 2500) -> Path:
    """A lecture as H.264 constrained baseline and Opus, busy enough to need its bit rate."""
    picture = f"testsrc2=s={size}:r=30:d={seconds},noise=alls=24:allf=t,format=yuv420p"
    rate = ["-b:v", f"{kbps}k", "-maxrate", f"{kbps}k", "-bufsize", f"{kbps}k"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-g", "60", "-sc_threshold", "0"]
    sound = ["-f", "lavfi", "-i", f"sine=330:r=48000:d={seconds}"]
    audio = ["-c:a", "libopus", "-b:a", "64k", "-frame_duration", "20"]
    command = [*FFMPEG, "-f", "lavfi", "-i", picture, *sound, *video, *rate, *audio, str(file)]
    subprocess.run(command, check=True, timeout=300)
    return file


async def in_a_centre(plan: Soak, viewers: int, folder: Path) -> Found:
    """With all that a centre has."""
    film = await asyncio.to_thread(film_of, folder / "lecture.mkv")
    async with AsyncExitStack() as stack:
        centre = await stack.enter_async_context(lecture_centre(folder, {**FULL, "DIEMCAU_MEDIA__WORKERS": "2"}))
        path = f"/api/v1/sessions/{centre.session}"
        await centre.admin.post(f"{path}/orders", {"order": "go_live"})
        publish, view = await centre.admin.get(f"{path}/publish"), await centre.admin.get(f"{path}/view")
        hear = await centre.admin.get(f"{path}/floor/hear")
        people = Task(view["whep_url"], view["token"], viewers, hear["whep_url"], hear["token"])
        scene = Scene(
            centre.process.pid,
            "centre",
            f"{centre.url}/metrics",
            publish["whip_url"],
            publish["token"],
            people,
            folder / "samples.jsonl",
        )
        return await soak(scene, film, plan)


def main(argv: list[str] | None = None) -> int:
    """Print the table and the line; 1 when something grew or was left over."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.media_soak")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--viewers", type=int, default=40)
    parser.add_argument("--keep", type=Path, help="a folder for logs, recordings and samples; a temporary one without")
    options = parser.parse_args(argv)
    plan = Soak(minutes=options.minutes, every_s=min(10.0, options.minutes * 2))
    with tempfile.TemporaryDirectory(prefix="diemcau-soak-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        told = asyncio.run(in_a_centre(plan, options.viewers, folder))
    print(table(told))
    print(msgspec.json.encode({"held": not told.faults, **msgspec.to_builtins(told)}).decode())
    return int(bool(told.faults))


if __name__ == "__main__":
    sys.exit(main())
