"""200 viewers who join within one second: ``python -m tests.bench.join_storm [JOINERS]``.

Twenty viewers are there already and watch a lecture of 720p at 2.6 Mbit/s; then all others come at once, through the
centre, with real WHEP, ICE, DTLS and SRTP. Told: when each newcomer's picture began, and the longest time that one of
the twenty went without a packet of the picture, before the storm and during it (a freeze would be half a second), and
whether one of them had to connect anew.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence

from orchestrator.media.tokens import Right
from tests.bench.goals import judged
from tests.bench.worker_crash import FAR_FUTURE_NS, all_playing
from tests.doubles.crowd import Figures, crowd
from tests.doubles.small_centre import small_centre

RESIDENTS = 20
CALM_S, STORM_S = 5.0, 10.0
PLAYS_S, FROZEN_S = 10.0, 0.5
STREAM = "storm-lecture"


async def main(joiners: int) -> int:
    """Print what was seen; 1 when it is not as it should be."""
    async with small_centre() as (relay, centre):
        publish = relay.token("storm", STREAM, Right.PUBLISH, "lecturer", FAR_FUTURE_NS)
        view = relay.token("storm", STREAM, Right.VIEW, "site", FAR_FUTURE_NS)
        whep = f"{centre}/whep/{STREAM}"
        async with (
            crowd("speaker", f"{centre}/whip/{STREAM}", 1, publish),
            crowd("viewers", whep, RESIDENTS, view) as residents,
            crowd("nobody", whep, joiners, view) as newcomers,
        ):
            print(f"{len(await all_playing(residents, 0.0))} viewers are there")
            await residents.ask("forget")
            await asyncio.sleep(CALM_S)
            calm = await residents.ask("forget")
            began = time.monotonic()
            await newcomers.ask("join")
            took = [one - began for one in await all_playing(newcomers, began)]
            await asyncio.sleep(max(0.0, began + STORM_S - time.monotonic()))
            storm = await residents.ask("figures")
            late = await newcomers.ask("figures")
        print(f"{len(took)} of {joiners} newcomers play: {min(took, default=0):.2f} s earliest, ", end="")
        print(f"{statistics.median(took or [0]):.2f} s median, {max(took, default=0):.2f} s latest; ", end="")
        print(f"{late.connections} connections")
        print(f"longest gap of the {RESIDENTS}: {calm.gap:.2f} s in calm, {storm.gap:.2f} s in the storm; ", end="")
        print(f"{storm.playing} play, {storm.connections} connections, {calm.connections} before the storm")
    return judged(goals(joiners, took, calm, storm))


def goals(joiners: int, took: Sequence[float], calm: Figures, storm: Figures) -> dict[str, bool]:
    """What must hold: of the newcomers' seconds until they played, and of those who were there."""
    return {
        f"every newcomer plays within {PLAYS_S:.0f} s": len(took) == joiners > 0 and max(took) <= PLAYS_S,
        f"all {RESIDENTS} who were there play, before the storm and after it": calm.playing
        == storm.playing
        == RESIDENTS,
        f"nobody who was there is without a packet for {FROZEN_S} s": storm.gap < FROZEN_S,
        "nobody who was there had to connect anew": storm.connections == calm.connections,
    }


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)))
