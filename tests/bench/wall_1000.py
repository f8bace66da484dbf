"""The wall of a thousand sites: ``python -m tests.bench.wall_1000 [--minutes 3] [--pictures FOLDER]``.

A real centre process, sites that speak the real link (many per process, one heartbeat per 5 s each, 5 % of them
changing state each second), a lecture on air, and a real Chromium on the wall. Printed: the centre's processor and
memory, how long others wait for the centre's loop, the delay from a site's change (sent) to its tile in the page and to
the frame after it, the longest task in the page by the clock and by its own processor time, and the page's heap.
Everything shares this computer. Nothing is asserted about time.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from demo.drill import machine
from tests.bench.quantiles import quantile
from tests.doubles.task_times import TaskTime, task_times
from tests.doubles.wall_page import Watched, wall_page
from tests.doubles.wall_province import Province, province

BATCH_S = 5.0
TRACED_S = 30.0
LONG_MS = 50.0
WARM_S = 12.0
"""Until the page has drawn everything once and its code is warm."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a change never reached the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.wall_1000")
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--share", type=float, default=0.05, help="of all sites that change state each second")
    parser.add_argument("--readers", type=int, default=2, help="other readers of the feed besides the page")
    parser.add_argument("--pictures", type=Path, help="a folder for screenshots")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="diemcau-wall-") as folder:
        return asyncio.run(measure(options, Path(folder)))


async def measure(options: argparse.Namespace, folder: Path) -> int:
    """From the empty centre to the figures."""
    _say(f"a centre, {options.sites} sites in {options.processes} processes…")
    async with (
        province(
            folder,
            options.sites,
            processes=options.processes,
            changes_per_s=options.share * options.sites,
            readers=options.readers,
        ) as running,
        wall_page(running.url, running.username, running.password) as watched,
    ):
        await watched.until_tiles(options.sites)
        await asyncio.sleep(WARM_S)
        running.start_changing()
        await asyncio.sleep(WARM_S)
        await watched.start()
        heap_before = await watched.heap_mb()
        _say(f"measuring for {options.minutes:g} min…")
        cpu, began = machine.cpu_s(running.centre_pid), time.monotonic()
        waits: list[float] = []
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(running.ask_often(waits))
            while time.monotonic() - began < options.minutes * 60:
                await asyncio.sleep(BATCH_S)
                await watched.collect()
            asking.cancel()
        cpu, took = machine.cpu_s(running.centre_pid) - cpu, time.monotonic() - began
        await watched.collect()
        heap_after = await watched.heap_mb()
        traced = await task_times(watched.page, TRACED_S)
        if options.pictures:
            await watched.pictures(options.pictures)
        return _tell(options, running, watched, waits, cpu / took, (heap_before, heap_after), traced)


def _tell(
    options: argparse.Namespace,
    running: Province,
    watched: Watched,
    waits: Sequence[float],
    cpu: float,
    heap_mb: tuple[float, float],
    traced: Sequence[TaskTime],
) -> int:
    delays = watched.delays(running.changes)
    per_s = delays.sent / options.minutes / 60
    centre_mb = machine.most_mb(running.centre_pid)
    longest = max(watched.long_tasks, default=0)
    print(f"the wall of {options.sites} sites, {options.minutes:g} min, {options.readers + 1} readers, on one computer")
    print(f"  centre               {cpu * 100:6.1f} % of one core, {centre_mb:.0f} MB at most")
    print(f"  GET /healthz      ms {_row(waits)}   (others' wait for the centre, with its HTTP)")
    print(f"  changes sent         {delays.sent}, {per_s:.1f} a second; seen {len(delays.tile_ms)}")
    print(f"  sent → tile       ms {_row(delays.tile_ms)}")
    print(f"  sent → next frame ms {_row(delays.frame_ms)}   (goal: p99 ≤ 500)")
    print(f"  tasks over 50 ms     {len(watched.long_tasks)}, longest {longest:.0f} ms   (goal: none)")
    print(f"  {TRACED_S:g} s more, traced   {_own(traced)}")
    print(f"  page's heap       MB {heap_mb[0]:.1f} at the start, {heap_mb[1]:.1f} at the end, each after a collection")
    print(
        f"  overtaken            {delays.overtaken}   by a later change of the same site, before the page heard of it"
    )
    print(f"  never seen           {len(delays.missed)}   load averages {machine.load()}")
    for told in delays.missed[:20]:
        print(f"    {told}")
    return 1 if delays.missed else 0


def _own(tasks: Sequence[TaskTime]) -> str:
    """A task that waits for a processor is long by the clock; what it does itself is the page's own doing."""
    own, by_clock = ([getattr(task, name) for task in tasks] for name in ("own_ms", "clock_ms"))
    long = sum(ms > LONG_MS for ms in own)
    return (
        f"{len(tasks)} tasks: longest {max(own, default=0):.0f} ms of the processor, {long} over {LONG_MS:g} ms; "
        f"{max(by_clock, default=0):.0f} ms by the clock"
    )


def _row(values: Sequence[float]) -> str:
    shares = "  ".join(f"{word} {quantile(values, q):7.1f}" for word, q in (("p50", 0.5), ("p99", 0.99)))
    return f"{shares}  max {max(values, default=float('nan')):7.1f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
