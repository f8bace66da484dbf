"""SIGKILL of one relay worker under 40 viewers: ``python -m tests.bench.worker_crash [RUNS]``.

The centre with two workers, real WHIP and WHEP, ICE, DTLS and SRTP; viewers and lecturer follow the rules of the
pages (two seconds without packets, then ask again; a lecturer who hears no report connects anew). Told: how long after
the kill each viewer's picture flows again.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from orchestrator.media.tokens import Right
from orchestrator.media.workers import EmbeddedRelay
from tests.bench.goals import judged
from tests.doubles.crowd import Crowd, crowd
from tests.doubles.small_centre import small_centre

VIEWERS = 40
STREAM = "crash-lecture"
FAR_FUTURE_NS = 1 << 62
LIMIT_S = 30.0
AGAIN_S = 5.0


async def all_playing(viewers: Crowd, after: float) -> list[float]:
    """When each began to play, once all do since ``after``; whoever does not within the limit is missing."""
    until = time.monotonic() + LIMIT_S
    while True:
        figures = await viewers.ask("figures")
        found = [one for one in figures.since if one > after]
        if len(found) == figures.count or time.monotonic() > until:
            return found
        await asyncio.sleep(0.1)


async def crash(relay: EmbeddedRelay, viewers: Crowd) -> list[float]:
    """Kill the worker; seconds until each viewer plays again."""
    killed = time.monotonic()
    relay.kill_worker_of(STREAM)
    return [one - killed for one in await all_playing(viewers, killed)]


async def main(runs: int) -> int:
    """Print one line a run; 1 when not all play again in time."""
    latest, missing = 0.0, 0
    async with small_centre() as (relay, centre):
        publish = relay.token("crash", STREAM, Right.PUBLISH, "lecturer", FAR_FUTURE_NS)
        view = relay.token("crash", STREAM, Right.VIEW, "site", FAR_FUTURE_NS)
        async with (
            crowd("speaker", f"{centre}/whip/{STREAM}", 1, publish),
            crowd("viewers", f"{centre}/whep/{STREAM}", VIEWERS, view) as viewers,
        ):
            print(f"{len(await all_playing(viewers, 0.0))} of {VIEWERS} viewers play before the first kill")
            for run in range(1, runs + 1):
                await asyncio.sleep(5.0)
                took = await crash(relay, viewers)
                times = f"{min(took):.2f} s earliest, {statistics.median(took):.2f} s median, {max(took):.2f} s latest"
                latest, missing = max(latest, *took), missing + VIEWERS - len(took)
                print(f"run {run}: {len(took)} of {VIEWERS} play again: {times}", flush=True)
    return judged({"all play again": not missing, f"within {AGAIN_S:.0f} s": latest <= AGAIN_S})


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)))
