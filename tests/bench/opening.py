"""How well agents know the moment, and how late their pages get the paper: ``python -m tests.bench.opening``.

A real centre process, and real exam parts of agents in a few processes. Each is behind the tests' TCP proxy (20 to
300 ms there and back, the two ways up to 20 ms apart, for one in ten up to 100 ms; jitter, stalls), with a clock of its
own that is up to 10 minutes and 100 ppm wrong. All are on one machine, so the truth is its monotonic clock. First all
share one T0 and are asked what they believe; then few enough for the cores share one T0, again and again, and the
moment at which a seated page is handed the paper is compared with T0. Counts are judged: every error must lie inside
its stated bound, and every site must open. An agent that states no bound is as wrong as can be, a site that never
opens is as late as can be; both are named. With all agents it takes about five minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.quantiles import quantile
from tests.doubles.opening_centre import Herd, Province, herds, province, wild

SETTLE_S = 25.0
RELEASE_LEAD_S = 6.0
BETWEEN_S = 4.0
AHEAD_S = 15.0


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 1 if an error was outside its bound or a site never opened."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.opening")
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--few", type=int, default=12, help="agents that share one T0 when lateness is measured")
    parser.add_argument("--times", type=int, default=25)
    parser.add_argument("--seed", type=int, default=20251128)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="diemcau-opening-") as folder:
        return asyncio.run(measure(options, Path(folder)))


async def measure(options: argparse.Namespace, folder: Path) -> int:
    """Both measurements; the exit code."""
    truth_ns = time.time_ns() - time.monotonic_ns()
    chance = random.Random(options.seed)
    async with province(folder, options.agents) as centre:
        wishes = [wild(await centre.code(place), chance) for place in range(options.agents)]
        async with herds(centre, wishes, options.processes, truth_ns) as all_herds:
            print(f"{options.agents} agents linked; bursts for {SETTLE_S:.0f} s", file=sys.stderr, flush=True)
            readings = await _clocks(centre, all_herds, options.agents)
            outside = tell_clocks(readings, [site["code"] for site in centre.sites[: options.agents]])
        fresh = [
            msgspec.structs.replace(wish, code=await centre.code(place))
            for place, wish in enumerate(wishes[: options.few])
        ]
        few_centre = Province(centre.admin, centre.url, folder / "few", centre.sites)
        await asyncio.to_thread(few_centre.folder.mkdir)
        async with herds(few_centre, fresh, min(2, options.few), truth_ns) as few_herds:
            await asyncio.sleep(SETTLE_S)
            silent = await _openings(few_centre, few_herds, options)
    stepped = abs(time.time_ns() - time.monotonic_ns() - truth_ns)
    if stepped > 1_000_000:
        print(f"this computer's wall clock was stepped by {stepped / 1e6:.1f} ms meanwhile: measure again")
    return 1 if outside or silent or stepped > 1_000_000 else 0


async def _clocks(centre: Province, all_herds: list[Herd], agents: int) -> list[dict[str, Any]]:
    """What everybody believes at a T0 that they all share, a release lead after their clocks were frozen for it."""
    exam = await centre.exam(list(range(agents)), SETTLE_S + agents / 30, duration_s=5, release_lead_s=RELEASE_LEAD_S)
    await asyncio.sleep(exam["starts_ms"] / 1000 - time.time())
    return [reading for told in await asyncio.gather(*(herd.ask() for herd in all_herds)) for reading in told]


def tell_clocks(readings: Sequence[Mapping[str, Any]], sites: Sequence[str]) -> list[str]:
    """Print how wrong they are; returns the sites of those outside their bound, without any, or without a word."""
    known = {each["site"]: each for each in readings if each["bound_ms"] is not None}
    nothing = [site for site in sites if site not in known]
    outside = [site for site, each in known.items() if not each["inside"]]
    errors = [abs(each["error_ms"]) for each in known.values()] + [float("inf")] * len(nothing)
    bounds = [each["bound_ms"] for each in known.values()] + [float("inf")] * len(nothing)
    states = dict(Counter(each["state"] for each in readings))
    print(f"the agents' idea of T0, {len(sites)} agents: {states}")
    for name, values in (("error", errors), ("stated bound", bounds)):
        print(f"  {name:<14} ms  {_shares(values)}")
    print(f"  outside the stated bound: {len(outside)}{_named(outside)}, without one: {len(nothing)}{_named(nothing)}")
    print("  (goal: p99 ≤ 60, max ≤ 150, none outside, none without)")
    return outside + nothing


async def _openings(centre: Province, few: list[Herd], options: argparse.Namespace) -> list[str]:
    exams = [
        await centre.exam(
            list(range(options.few)), AHEAD_S + turn * BETWEEN_S, duration_s=5, release_lead_s=RELEASE_LEAD_S
        )
        for turn in range(options.times)
    ]
    await asyncio.sleep(exams[-1]["starts_ms"] / 1000 - time.time() + 3)
    openings = [each for herd in few for each in herd.openings]
    sites = [site["code"] for site in centre.sites[: options.few]]
    return tell_openings(openings, [exam["id"] for exam in exams], sites)


def tell_openings(openings: Sequence[Mapping[str, Any]], exams: Sequence[str], sites: Sequence[str]) -> list[str]:
    """Print how late each site's first page had its paper, of each exam; returns what never opened: site and turn."""
    late = dict[tuple[str, str], float]()
    for each in openings:
        key = each["site"], each["exam"]
        late[key] = min(each["late_ms"], late.get(key, float("inf")))
    expected = [(site, exam) for exam in exams for site in sites]
    silent = [f"{site} at T0 number {exams.index(exam) + 1}" for site, exam in expected if (site, exam) not in late]
    values = [late.get(key, float("inf")) for key in expected]
    print(f"lateness of the paper at the page, {len(sites)} agents share one T0, {len(exams)} times:")
    print(f"  ms  {_shares(values)}  first {min(values):7.2f}")
    print(f"  silent sites, counted as never opened: {len(silent)}{_named(silent)}")
    return silent


def _shares(values: Sequence[float]) -> str:
    shares = [("p50", quantile(values, 0.5)), ("p99", quantile(values, 0.99)), ("max", max(values))]
    return "  ".join(f"{word} {value:7.2f}" for word, value in shares)


def _named(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""


if __name__ == "__main__":
    sys.exit(main())
